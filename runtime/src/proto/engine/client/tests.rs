//! One client session, as transcripts: `get 1`, `post 2: …` (`|` for the separator), `connect 3`, `ws 3: …`.

use super::*;

struct Rig {
    session: Session,
    now: Instant,
}

const OPEN: &str = r#"0{"sid":"S","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":20}"#;
const OPEN_ONLY: &str = r#"0{"sid":"S","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":20}"#;

impl Rig {
    fn new(transport: Transport) -> Self {
        let now = Instant::now();
        let cfg = Config { transport, ..Config::default() };
        Self { session: Session::open(now, &cfg), now }
    }

    /// Open on polling, GET 2 pending, nothing to upgrade to.
    fn polling() -> Self {
        let mut rig = Self::new(Transport::Polling);
        assert_eq!(rig.drain(), "get 1");
        assert_eq!(rig.got(1, OPEN_ONLY), "opened S, get 2");
        rig
    }

    /// Open on polling, GET 3 pending, WebSocket 2 being connected.
    fn upgrading() -> Self {
        let mut rig = Self::new(Transport::Polling);
        rig.drain();
        assert_eq!(rig.got(1, OPEN), "opened S, connect 2, get 3");
        rig
    }

    fn outputs(&mut self, out: &mut Vec<String>) {
        let show = |bytes: &Bytes| String::from_utf8_lossy(bytes).replace('\x1e', "|");
        loop {
            out.push(match self.session.poll_output() {
                Output::Transmit(Transmit::Get(id)) => format!("get {}", id.0),
                Output::Transmit(Transmit::Post(id, body)) => {
                    format!("post {}: {}", id.0, show(&body))
                }
                Output::Transmit(Transmit::WsConnect(ws)) => format!("connect {}", ws.0),
                Output::Transmit(Transmit::WsClose(ws)) => format!("ws {} closes", ws.0),
                Output::Event(Event::Opened(handshake)) => format!("opened {}", handshake.sid),
                Output::Event(Event::Message(Message::Text(text))) => {
                    format!("message {}", show(&text))
                }
                Output::Event(Event::Message(Message::Binary(data))) => format!("binary {data:?}"),
                Output::Event(Event::Upgraded) => "upgraded".to_owned(),
                Output::Event(Event::Closed { reason }) => format!("closed: {reason}"),
                Output::Timeout(_) => return,
            });
        }
    }

    fn drain(&mut self) -> String {
        let mut out = Vec::new();
        self.outputs(&mut out);
        for ws in 1..4 {
            while let Some(frame) = self.session.poll_ws_frame(WsId(ws)) {
                out.push(format!("ws {ws}: {}", String::from_utf8_lossy(frame.bytes())));
            }
        }
        self.outputs(&mut out);
        out.join(", ")
    }

    fn got(&mut self, id: u64, body: &str) -> String {
        let body = Bytes::copy_from_slice(body.as_bytes());
        self.session.handle_get_response(self.now, ExchangeId(id), Some(body));
        self.drain()
    }

    fn posted(&mut self, id: u64, ok: bool) -> String {
        self.session.handle_post_response(ExchangeId(id), ok);
        self.drain()
    }

    fn frame(&mut self, ws: u64, text: &'static str) -> String {
        self.session.handle_ws_frame(self.now, WsId(ws), Frame::Text(Bytes::from_static(text.as_bytes())));
        self.drain()
    }

    fn ws_open(&mut self, ws: u64) -> String {
        self.session.handle_ws_open(WsId(ws));
        self.drain()
    }

    fn ws_closed(&mut self, ws: u64, how: WsClosed) -> String {
        self.session.handle_ws_closed(WsId(ws), how);
        self.drain()
    }

    fn send(&mut self, text: &str) -> String {
        self.session.send(Frame::message(text));
        self.drain()
    }

    fn close(&mut self) -> String {
        self.session.close();
        self.drain()
    }

    fn wait(&mut self, millis: u64) -> String {
        self.now += Duration::from_millis(millis);
        self.session.handle_timeout(self.now);
        self.drain()
    }
}

#[test]
fn polls_and_posts_one_at_a_time() {
    let mut rig = Rig::polling();
    assert_eq!(rig.session.sid(), Some("S"));
    assert_eq!(rig.send("a"), "post 3: 4a");
    assert_eq!(rig.send("b"), "");
    assert_eq!(rig.send("c"), "");
    assert_eq!(rig.session.queued(), Backlog { frames: 2, bytes: 4 });
    assert_eq!(rig.posted(3, true), "post 4: 4b|4c");
    assert_eq!(rig.got(2, "4x\x1ebAQ==\x1e6"), "message x, binary b\"\\x01\", get 5");
    assert_eq!(rig.got(2, "4late"), "", "an answer counts once");
    assert_eq!(rig.posted(3, false), "");
}

#[test]
fn what_is_sent_before_the_open_waits_for_it() {
    let mut rig = Rig::new(Transport::Polling);
    assert_eq!(rig.drain(), "get 1");
    assert_eq!(rig.send("a"), "");
    assert_eq!(rig.got(1, OPEN_ONLY), "opened S, get 2, post 3: 4a");
}

#[test]
fn a_post_is_no_larger_than_the_server_takes() {
    let mut rig = Rig::polling();
    // 20 bytes: 4 + 1 + 10, but not the third
    for text in ["123", "123456789", "1234", "0123456789012345678901234567890", "z"] {
        rig.session.send(Frame::message(text));
    }
    assert_eq!(rig.drain(), "post 3: 4123|4123456789");
    assert_eq!(rig.posted(3, true), "post 4: 41234");
    assert_eq!(rig.posted(4, true), "post 5: 40123456789012345678901234567890", "alone, but it is sent");
    assert_eq!(rig.posted(5, true), "post 6: 4z");
    rig.posted(6, true);
    // Binary counts as base64.
    rig.session.send(Frame::Binary(Bytes::from_static(&[0; 12])));
    rig.session.send(Frame::message("1"));
    rig.session.send(Frame::message("2"));
    assert_eq!(rig.drain(), "post 7: bAAAAAAAAAAAAAAAA|41");
}

#[test]
fn requests_that_fail_end_the_session() {
    let mut rig = Rig::polling();
    rig.session.handle_get_response(rig.now, ExchangeId(2), None);
    assert_eq!(rig.drain(), "closed: transport error");
    let mut rig = Rig::polling();
    rig.send("a");
    assert_eq!(rig.posted(3, false), "closed: transport error");
    assert!(!rig.session.send(Frame::message("x")));
    assert_eq!(rig.wait(100_000), "");
}

#[test]
fn packets_of_the_server() {
    let table = [
        ("4a\x1e1\x1e4b", "message a, closed: transport close"),
        ("9", "closed: transport error"),
        ("", "closed: transport error"),
        ("2", "get 3, post 4: 3"),
        ("6", "get 3"),
        ("3\x1e5\x1e0{}", "get 3"),
    ];
    for (body, want) in table {
        assert_eq!(Rig::polling().got(2, body), want, "{body:?}");
    }
    let table = [
        ("0{}", "closed: parse error"),
        ("4early", "closed: transport error"),
        ("1", "closed: transport close"),
        ("", "closed: transport error"),
    ];
    for (body, want) in table {
        let mut rig = Rig::new(Transport::Polling);
        rig.drain();
        assert_eq!(rig.got(1, body), want, "{body:?}");
    }
}

#[test]
fn only_a_ping_moves_the_deadline() {
    let mut rig = Rig::polling();
    assert_eq!(rig.wait(44_999), "");
    assert_eq!(rig.got(2, "2"), "get 3, post 4: 3");
    assert_eq!(rig.wait(44_999), "");
    assert_eq!(rig.got(3, "4a"), "message a, get 5");
    assert_eq!(rig.wait(1), "closed: ping timeout");

    let mut rig = Rig::new(Transport::Polling);
    rig.drain();
    assert_eq!(rig.wait(19_999), "");
    assert_eq!(rig.wait(1), "closed: transport error", "not opened in time");
}

#[test]
fn websocket_only() {
    let mut rig = Rig::new(Transport::WebSocket);
    assert_eq!(rig.drain(), "connect 1");
    assert_eq!(rig.send("a"), "", "nothing is written before the server has opened the session");
    assert_eq!(rig.ws_open(1), "");
    assert_eq!(rig.frame(1, OPEN), "opened S, ws 1: 4a");
    assert_eq!(rig.frame(1, "2"), "ws 1: 3");
    assert_eq!(rig.frame(1, "4x"), "message x");
    rig.session.send(Frame::message("bye"));
    assert_eq!(rig.close(), "ws 1: 4bye, closed: forced close, ws 1 closes");
    for (how, reason) in [(WsClosed::Clean, "transport close"), (WsClosed::Error, "transport error")] {
        let mut rig = Rig::new(Transport::WebSocket);
        rig.drain();
        assert_eq!(rig.ws_closed(1, how), format!("closed: {reason}, ws 1 closes"));
    }
}

#[test]
fn upgrades_when_nothing_is_in_flight() {
    let mut rig = Rig::upgrading();
    assert_eq!(rig.send("a"), "post 4: 4a");
    assert_eq!(rig.ws_open(2), "ws 2: 2probe");
    assert_eq!(rig.frame(2, "3probe"), "", "pausing");
    assert_eq!(rig.send("b"), "", "no new request");
    assert_eq!(rig.got(3, "4x"), "message x", "and no new poll");
    assert_eq!(rig.posted(4, true), "upgraded, ws 2: 5, ws 2: 4b");
    assert_eq!(rig.session.transport(), Transport::WebSocket);
    assert_eq!(rig.send("c"), "ws 2: 4c");
}

#[test]
fn a_failed_probe_leaves_polling_intact() {
    let mut rig = Rig::upgrading();
    assert_eq!(rig.ws_closed(2, WsClosed::Error), "");
    assert_eq!(rig.send("a"), "post 4: 4a");

    for answer in ["3", "4a", "6", "é"] {
        let mut rig = Rig::upgrading();
        rig.ws_open(2);
        assert_eq!(rig.frame(2, answer), "ws 2 closes", "{answer:?}");
        assert_eq!(rig.got(3, "6"), "get 4");
    }

    // While it pauses: what was held back goes out.
    let mut rig = Rig::upgrading();
    rig.ws_open(2);
    rig.frame(2, "3probe");
    assert_eq!(rig.send("a"), "");
    assert_eq!(rig.ws_closed(2, WsClosed::Clean), "post 4: 4a");
    assert_eq!(rig.got(3, "6"), "get 5");
}

#[test]
fn does_not_upgrade_unasked() {
    let now = Instant::now();
    let cfg = Config { upgrade: false, ..Config::default() };
    let mut rig = Rig { session: Session::open(now, &cfg), now };
    rig.drain();
    assert_eq!(rig.got(1, OPEN), "opened S, get 2");
}

#[test]
fn closing_on_polling_says_so() {
    let mut rig = Rig::polling();
    rig.session.send(Frame::message("bye"));
    // It has a POST of its own: Node's server drops what it has not looked at when it reads the close.
    assert_eq!(rig.close(), "post 3: 4bye");
    assert_eq!(rig.got(2, "6"), "", "no more polls");
    assert_eq!(rig.posted(3, true), "post 4: 1");
    assert_eq!(rig.posted(4, true), "closed: forced close");
    assert_eq!(rig.close(), "");

    let mut rig = Rig::upgrading();
    assert_eq!(rig.close(), "ws 2 closes, post 4: 1", "the upgrade is given up");

    let mut rig = Rig::new(Transport::Polling);
    rig.drain();
    assert_eq!(rig.close(), "closed: forced close", "there is no session to close");
}

#[test]
fn a_flood_of_pings_makes_one_pong() {
    let mut rig = Rig::polling();
    rig.send("a");
    assert_eq!(rig.got(2, "2\x1e2\x1e2\x1e2"), "get 4");
    assert_eq!(rig.posted(3, true), "post 5: 3");
}

#[test]
fn a_poll_of_many_packets_is_never_held_unpacked() {
    let mut rig = Rig::polling();
    let body = Bytes::from("4x\x1e".repeat(10_000) + "1\x1e4late");
    rig.session.handle_get_response(rig.now, ExchangeId(2), Some(body));
    for n in 0..10_000 {
        assert!(rig.session.events.len() <= 1);
        let output = rig.session.poll_output();
        assert_eq!(output, Output::Event(Event::Message(Message::Text(Bytes::from_static(b"x")))), "{n}");
    }
    // Neither a new poll nor anything else before the last of them.
    assert_eq!(rig.drain(), "closed: transport close");
}

#[test]
fn a_poll_is_unpacked_no_further_than_wanted() {
    let mut rig = Rig::polling();
    rig.session.pause(true);
    // The first one is looked at in any case, for it may open a session.
    assert_eq!(rig.got(2, "4a\x1e4b\x1e4c"), "message a");
    assert!(rig.session.has_unread());
    // What is to be sent goes out, and there is no new poll.
    assert_eq!(rig.send("x"), "post 3: 4x");
    assert_eq!(rig.posted(3, true), "");
    rig.session.pause(false);
    assert_eq!(rig.drain(), "message b, message c, get 4");
    assert!(!rig.session.has_unread());

    rig.session.pause(true);
    assert_eq!(rig.got(4, "4a\x1e4b"), "message a");
    assert_eq!(rig.close(), "post 5: 1");
    assert_eq!(rig.posted(5, true), "closed: forced close");
}

#[test]
fn a_message_beyond_the_limit_breaks_the_session() {
    let now = Instant::now();
    let cfg = Config { upgrade: false, max_message: 4, ..Config::default() };
    let mut rig = Rig { session: Session::open(now, &cfg), now };
    rig.drain();
    rig.got(1, OPEN);
    assert_eq!(rig.got(2, "41234\x1eb"), "message 1234, binary b\"\", get 3");
    assert_eq!(rig.got(3, "41\x1e412345\x1e42"), "message 1, closed: transport error");
}
