//! Every row of the wire reference about sessions, in virtual time.
//!
//! A test feeds inputs and compares everything that comes out, as text: `get 1: …` a poll response (`|` for the
//! separator), `post 2: ok`, `400 3`, `drop 2`, `ws 9: …` a frame, `ws 9 closes`, and the events.

mod closing;
mod heartbeat;
mod upgrade;

use bytes::Bytes;

use super::*;

struct Rig {
    session: Session,
    now: Instant,
}

/// No request has the id of a WebSocket, so a transcript needs no types.
const WS: u64 = 9;

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\x1e', "|")
}

impl Rig {
    fn polling() -> Self {
        let mut rig = Self::polling_raw(Config::default());
        assert!(rig.drain().starts_with("get 1: 0{"));
        rig
    }

    fn polling_raw(cfg: Config) -> Self {
        let now = Instant::now();
        Self { session: Session::open_polling(now, "SID", ExchangeId(1), Arc::new(cfg)), now }
    }

    fn websocket() -> Self {
        let now = Instant::now();
        let cfg = Arc::new(Config::default());
        let mut rig = Self { session: Session::open_websocket(now, "SID", WsId(WS), cfg), now };
        assert!(rig.drain().starts_with("ws 9: 0{"));
        rig
    }

    /// A polling session whose WebSocket has probed; nothing is pending.
    fn probed() -> Self {
        let mut rig = Self::polling();
        assert_eq!(rig.ws_open(WS), "");
        assert_eq!(rig.frame(WS, "2probe"), "ws 9: 3probe");
        rig
    }

    fn upgraded() -> Self {
        let mut rig = Self::probed();
        assert_eq!(rig.frame(WS, "5"), "upgraded");
        rig
    }

    fn outputs(&mut self, out: &mut Vec<String>) {
        loop {
            out.push(match self.session.poll_output() {
                Output::Transmit(Transmit::PollResponse(id, body)) => {
                    format!("get {}: {}", id.0, show(&body))
                }
                Output::Transmit(Transmit::PostOk(id)) => format!("post {}: ok", id.0),
                Output::Transmit(Transmit::Reject(id, status)) => format!("{status} {}", id.0),
                Output::Transmit(Transmit::DropExchange(id)) => format!("drop {}", id.0),
                Output::Transmit(Transmit::WsClose(ws)) => format!("ws {} closes", ws.0),
                Output::Event(Event::Message(Message::Text(text))) => {
                    format!("message {}", show(&text))
                }
                Output::Event(Event::Message(Message::Binary(data))) => format!("binary {data:?}"),
                Output::Event(Event::Upgraded) => "upgraded".to_owned(),
                Output::Event(Event::Closed { reason }) => format!("closed: {reason}"),
                Output::Timeout(_) => break,
            });
        }
    }

    fn drain(&mut self) -> String {
        let mut out = Vec::new();
        self.outputs(&mut out);
        for ws in [WS, WS + 1] {
            while let Some(frame) = self.session.poll_ws_frame(WsId(ws)) {
                out.push(format!("ws {ws}: {}", show(frame.bytes())));
            }
        }
        self.outputs(&mut out);
        out.join(", ")
    }

    fn get(&mut self, id: u64) -> String {
        self.session.handle_poll(self.now, ExchangeId(id));
        self.drain()
    }

    fn post_head(&mut self, id: u64) -> String {
        self.session.handle_post_started(self.now, ExchangeId(id));
        self.drain()
    }

    fn post_body(&mut self, id: u64, body: Result<&'static [u8], PostError>) -> String {
        self.session.handle_post_body(self.now, ExchangeId(id), body.map(Bytes::from_static));
        self.drain()
    }

    fn post(&mut self, id: u64, body: &'static str) -> String {
        assert_eq!(self.post_head(id), "");
        self.post_body(id, Ok(body.as_bytes()))
    }

    fn abort(&mut self, id: u64) -> String {
        self.session.handle_exchange_aborted(self.now, ExchangeId(id));
        self.drain()
    }

    fn ws_open(&mut self, ws: u64) -> String {
        self.session.handle_ws_open(self.now, WsId(ws));
        self.drain()
    }

    fn frame(&mut self, ws: u64, text: &'static str) -> String {
        self.session.handle_ws_frame(self.now, WsId(ws), Frame::Text(Bytes::from_static(text.as_bytes())));
        self.drain()
    }

    fn ws_closed(&mut self, ws: u64, how: WsClosed) -> String {
        self.session.handle_ws_closed(self.now, WsId(ws), how);
        self.drain()
    }

    fn send(&mut self, text: &str) -> String {
        self.session.send(Frame::message(text));
        self.drain()
    }

    fn close(&mut self, discard: bool) -> String {
        self.session.close(self.now, DisconnectReason::ForcedClose, discard);
        self.drain()
    }

    /// The machine's own idea of when to be woken.
    fn timeout(&mut self) -> Option<Duration> {
        match self.session.poll_output() {
            Output::Timeout(at) => at.map(|at| at - self.now),
            other => panic!("not drained: {other:?}"),
        }
    }

    /// Waits, and wakes the machine whenever it asks for it.
    fn wait(&mut self, millis: u64) -> String {
        let end = self.now + Duration::from_millis(millis);
        let mut out = Vec::new();
        while let Some(step) = self.timeout().filter(|step| self.now + *step <= end) {
            self.now += step;
            self.session.handle_timeout(self.now);
            out.push(self.drain());
        }
        self.now = end;
        out.retain(|line| !line.is_empty());
        out.join(", ")
    }
}

#[test]
fn handshakes_on_both_transports() {
    let text = |upgrades: &str| {
        format!(r#"0{{"sid":"SID","upgrades":[{upgrades}],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}}"#)
    };
    let polling = |cfg| Rig::polling_raw(cfg).drain();
    assert_eq!(polling(Config::default()), format!("get 1: {}", text(r#""websocket""#)));
    let fixed = Config { allow_upgrades: false, ..Config::default() };
    assert_eq!(polling(fixed), format!("get 1: {}", text("")));
    let without = Config { websocket_offered: false, ..Config::default() };
    assert_eq!(polling(without), format!("get 1: {}", text("")));
    let cfg = Arc::new(Config::default());
    let now = Instant::now();
    let mut rig = Rig { session: Session::open_websocket(now, "SID", WsId(WS), cfg), now };
    assert_eq!(rig.drain(), format!("ws 9: {}", text("")));
}

#[test]
fn polling_carries_messages_both_ways() {
    let mut rig = Rig::polling();
    assert_eq!(rig.send("a"), "");
    assert_eq!(rig.send("b"), "");
    assert!(!rig.session.writable());
    assert_eq!(rig.session.queued(), Backlog { frames: 2, bytes: 4 });
    assert_eq!(rig.get(2), "get 2: 4a|4b");
    assert_eq!(rig.session.queued(), Backlog::default());
    assert_eq!(rig.get(3), "");
    assert!(rig.session.writable());
    assert_eq!(rig.send("c"), "get 3: 4c");
    assert!(!rig.session.writable());
    assert_eq!(rig.post(4, "4x\x1ebAQI=\x1e4€"), "message x, binary b\"\\x01\\x02\", message €, post 4: ok");
    assert!(rig.session.send(Frame::Binary(Bytes::from_static(&[1, 2]))));
    assert_eq!(rig.get(5), "get 5: bAQI=");
}

#[test]
fn a_payload_has_at_most_sixteen_packets() {
    // python-engineio drops a connection that gets more.
    let mut rig = Rig::polling();
    for n in 0..40 {
        rig.send(&n.to_string());
    }
    let count = |text: String| text.matches('|').count() + 1;
    assert_eq!(count(rig.get(2)), 16);
    assert_eq!(rig.close(false), "");
    assert_eq!(count(rig.get(3)), 16);
    assert_eq!(rig.get(4), "get 4: 432|433|434|435|436|437|438|439");
    assert_eq!(rig.get(5), "get 5: 1, closed: forced close");

    let mut rig = Rig::polling();
    for n in 0..16 {
        rig.send(&n.to_string());
    }
    rig.close(false);
    assert_eq!(count(rig.get(2)), 16, "no room for the close packet");
    assert_eq!(rig.get(3), "get 3: 1, closed: forced close");
}

#[test]
fn overlapping_requests_close_the_session() {
    let mut rig = Rig::polling();
    assert_eq!(rig.get(2), "");
    assert_eq!(rig.get(3), "400 3, get 2: 1, closed: transport error");

    let mut rig = Rig::polling();
    assert_eq!(rig.get(2), "");
    assert_eq!(rig.post_head(3), "");
    assert_eq!(rig.post_head(4), "400 4, get 2: 1, drop 3, closed: transport error");
    assert_eq!(rig.post_body(3, Ok(b"4late")), "");
}

#[test]
fn bodies_that_are_not_packets() {
    // (what the body is, everything that comes of it with GET 2 pending)
    let table: [(Result<&'static [u8], PostError>, &str); 12] = [
        (Err(PostError::TooLarge), "413 3"),
        (Err(PostError::InvalidContent), "400 3, get 2: 1, closed: transport error"),
        (Err(PostError::Aborted), "get 2: 1, closed: transport error"),
        (Ok(b""), "get 2: 1, post 3: ok, closed: parse error"),
        (Ok(b"9"), "get 2: 1, post 3: ok, closed: parse error"),
        (Ok("€2345".as_bytes()), "get 2: 1, post 3: ok, closed: parse error"),
        (Ok(b"4a\xff"), "get 2: 1, post 3: ok, closed: parse error"),
        (Ok(b"4a\x1eb!\x1e4b"), "message a, get 2: 1, post 3: ok, closed: parse error"),
        (Ok(b"1"), "get 2: 6, post 3: ok, closed: transport close"),
        (Ok(b"4a\x1e1\x1e4b"), "message a, get 2: 6, post 3: ok, closed: transport close"),
        (Ok(b"2"), "get 2: 1, post 3: ok, closed: transport error"),
        (Ok(b"3\x1e0{}\x1e5\x1e6\x1e4x"), "message x, post 3: ok"),
    ];
    for (body, want) in table {
        let mut rig = Rig::polling();
        rig.get(2);
        assert_eq!(rig.post_head(3), "");
        assert_eq!(rig.post_body(3, body), want, "{body:?}");
    }
}

#[test]
fn a_body_that_is_too_large_leaves_the_session_usable() {
    let mut rig = Rig::polling();
    rig.post_head(2);
    assert_eq!(rig.post_body(2, Err(PostError::TooLarge)), "413 2");
    assert_eq!(rig.post(3, "4a"), "message a, post 3: ok");
    assert_eq!(rig.get(4), "");
    assert_eq!(rig.send("b"), "get 4: 4b");
}

#[test]
fn a_client_that_goes_away_closes_the_session() {
    let mut rig = Rig::polling();
    rig.get(2);
    assert_eq!(rig.abort(7), "", "not a request of this session");
    assert_eq!(rig.abort(2), "closed: transport error");

    let mut rig = Rig::polling();
    rig.get(2);
    rig.post_head(3);
    assert_eq!(rig.abort(3), "get 2: 1, closed: transport error");
}

#[test]
fn closed_is_terminal() {
    let mut rig = Rig::polling();
    rig.get(2);
    assert_eq!(rig.close(true), "get 2: 1, closed: forced close");
    assert!(rig.session.is_closed());
    assert_eq!(rig.timeout(), None);
    assert!(!rig.session.send(Frame::message("x")));
    assert_eq!(rig.get(3), "400 3");
    assert_eq!(rig.post_head(4), "400 4");
    assert_eq!(rig.post_body(4, Ok(b"4x")), "");
    assert_eq!(rig.ws_open(WS), "ws 9 closes");
    assert_eq!(rig.frame(WS, "2probe"), "");
    assert_eq!(rig.ws_closed(WS, WsClosed::Error), "");
    assert_eq!(rig.close(true), "");
    assert_eq!(rig.wait(100_000), "");
    assert_eq!(rig.session.queued(), Backlog::default());
}

#[test]
fn websocket_packets_on_an_open_session() {
    let table = [
        ("4hi", "message hi"),
        ("bAQ==", "binary b\"\\x01\""),
        ("3", ""),
        ("3probe", ""),
        ("0{}", ""),
        ("5", ""),
        ("6", ""),
        // The reference ignores it.
        ("1", "ws 9 closes, closed: transport close"),
        ("2", "ws 9 closes, closed: transport error"),
        ("2probe", "ws 9 closes, closed: transport error"),
        ("", "ws 9 closes, closed: parse error"),
        ("x", "ws 9 closes, closed: parse error"),
        ("é", "ws 9 closes, closed: parse error"),
    ];
    for (frame, want) in table {
        assert_eq!(Rig::websocket().frame(WS, frame), want, "{frame:?}");
    }
    assert_eq!(Rig::websocket().ws_closed(WS, WsClosed::Clean), "ws 9 closes, closed: transport close");
    assert_eq!(Rig::websocket().ws_closed(WS, WsClosed::Error), "ws 9 closes, closed: transport error");
    assert_eq!(Rig::websocket().get(2), "400 2");
    assert_eq!(Rig::websocket().post_head(2), "400 2");
    assert_eq!(Rig::websocket().ws_open(10), "ws 10 closes");
}

#[test]
fn what_a_websocket_does_not_take_stays_queued() {
    let mut rig = Rig::websocket();
    assert!(rig.session.writable());
    rig.session.send(Frame::message("a"));
    rig.session.send(Frame::Binary(Bytes::from_static(&[1, 2, 3])));
    assert!(!rig.session.writable());
    assert!(matches!(rig.session.poll_output(), Output::Timeout(_)), "frames are not outputs");
    assert_eq!(rig.session.queued(), Backlog { frames: 2, bytes: 5 });
    assert_eq!(rig.session.poll_ws_frame(WsId(10)), None);
    assert_eq!(rig.session.poll_ws_frame(WsId(WS)), Some(Frame::message("a")));
    assert_eq!(rig.session.queued(), Backlog { frames: 1, bytes: 3 });
    rig.drain();
    assert!(rig.session.writable());
}

#[test]
fn an_idle_session_is_small() {
    let rig = Rig::websocket();
    assert!(size_of_val(&rig.session) <= 512, "{}", size_of_val(&rig.session));
    assert_eq!(format!("{:?}", rig.session.queue), "Queue { head: None, tail: [] }");
}
