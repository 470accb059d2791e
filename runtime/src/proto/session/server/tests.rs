//! What the server does with every kind of packet, as transcripts.

use super::*;

const WS: WsId = WsId(1);

struct Rig {
    connection: Connection,
    now: Instant,
    /// Ids of the joins in the order in which they were requested.
    joins: Vec<NspId>,
}

impl Rig {
    fn new() -> Self {
        Self::with(Config::default())
    }

    fn with(cfg: Config) -> Self {
        let now = Instant::now();
        let connection = Connection::open_websocket(now, "SECRET", WS, Arc::new(cfg));
        let mut rig = Self { connection, now, joins: Vec::new() };
        assert!(rig.drain().starts_with("> 0{\"sid\":\"SECRET\""));
        rig
    }

    /// Joined to `/` (join 0) and `/n` (join 1).
    fn joined() -> Self {
        let mut rig = Self::new();
        assert_eq!(rig.text("40"), "connect#0 / -");
        assert_eq!(rig.accept(0, "id"), r#"> 40{"sid":"id"}"#);
        assert_eq!(rig.text("40/n,{\"t\":1}"), r#"connect#1 /n {"t":1}"#);
        assert_eq!(rig.accept(1, "idn"), r#"> 40/n,{"sid":"idn"}"#);
        rig
    }

    fn join(&self, id: NspId) -> usize {
        self.joins.iter().position(|known| *known == id).expect("a join that was requested")
    }

    fn event(&mut self, event: Event) -> String {
        let show = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
        let parts = |parts: Vec<Bytes>| parts.iter().fold(String::new(), |all, part| format!("{all} {part:?}"));
        match event {
            Event::ConnectRequested { id, nsp, auth } => {
                assert!(!self.joins.contains(&id), "ids are not used again");
                self.joins.push(id);
                let auth = auth.as_ref().map_or("-".to_owned(), show);
                format!("connect#{} {} {auth}", self.join(id), show(&nsp))
            }
            Event::Event { id, ack, data, attachments } => {
                let ack = ack.map_or(String::new(), |ack| format!("({ack})"));
                format!("event#{}{ack} {}{}", self.join(id), show(&data), parts(attachments))
            }
            Event::Ack { id, ack, data, attachments } => {
                format!("ack#{}({ack}) {}{}", self.join(id), show(&data), parts(attachments))
            }
            Event::Disconnected { id, reason } => format!("left#{} {reason}", self.join(id)),
            Event::Upgraded => "upgraded".to_owned(),
            Event::Closed { reason, error: None } => format!("closed: {reason}"),
            Event::Closed { reason, error: Some(error) } => format!("closed: {reason} ({error})"),
        }
    }

    fn outputs(&mut self, out: &mut Vec<String>) {
        loop {
            match self.connection.poll_output() {
                Output::Transmit(Transmit::WsClose(_)) => out.push("> close".to_owned()),
                Output::Transmit(Transmit::PollResponse(id, body)) => {
                    out.push(format!("> {}: {}", id.0, String::from_utf8_lossy(&body).replace('\x1e', "|")));
                }
                Output::Transmit(other) => out.push(format!("{other:?}")),
                Output::Event(event) => {
                    let line = self.event(event);
                    out.push(line);
                }
                Output::Timeout(_) => break,
            }
        }
    }

    fn drain(&mut self) -> String {
        let mut out = Vec::new();
        self.outputs(&mut out);
        while let Some(frame) = self.connection.poll_ws_frame(WS) {
            out.push(match frame {
                Frame::Text(text) => format!("> {}", String::from_utf8_lossy(&text)),
                Frame::Binary(data) => format!("> {data:?}"),
            });
        }
        self.outputs(&mut out);
        out.join(", ")
    }

    fn frame(&mut self, frame: Frame) -> String {
        self.connection.handle_ws_frame(self.now, WS, frame);
        self.drain()
    }

    fn text(&mut self, text: &str) -> String {
        self.frame(Frame::Text(Bytes::copy_from_slice(text.as_bytes())))
    }

    fn binary(&mut self, data: &'static [u8]) -> String {
        self.frame(Frame::Binary(Bytes::from_static(data)))
    }

    fn accept(&mut self, join: usize, sid: &str) -> String {
        assert!(self.connection.accept(self.joins[join], sid));
        self.drain()
    }

    fn send(&mut self, join: usize, text: &'static str) -> bool {
        self.connection.send(self.joins[join], Bytes::from_static(text.as_bytes()).into())
    }

    fn disconnect(&mut self, join: usize) -> String {
        assert!(self.connection.disconnect(self.now, self.joins[join]));
        self.drain()
    }

    fn wait(&mut self, time: Duration) -> String {
        let end = self.now + time;
        let mut out = Vec::new();
        loop {
            match self.connection.poll_output() {
                Output::Timeout(Some(at)) if at <= end => {
                    self.connection.handle_timeout(at);
                    out.push(self.drain());
                }
                Output::Timeout(_) => break,
                other => panic!("not drained: {other:?}"),
            }
        }
        self.now = end;
        out.retain(|line| line != "> 2" && !line.is_empty());
        out.join(", ")
    }

    /// Longer than a heartbeat takes, answering it.
    fn wait_alive(&mut self, time: Duration) -> String {
        let mut out = String::new();
        for _ in 0..time.as_secs() / 5 {
            out += &self.wait(Duration::from_secs(5));
            out += &self.text("3");
        }
        out
    }
}

/// What a packet out of place leads to, with two namespaces joined.
const GONE: &str = "left#0 forced close, left#1 forced close, > close, closed: forced close";

/// What a malformed packet leads to.
fn gone_with(error: &str) -> String {
    format!("{GONE} ({error})")
}

#[test]
fn malformed_packets_close_the_connection() {
    #[rustfmt::skip]
    let table = [
        ("4", "unknown packet type NaN"),
        ("4x", "unknown packet type NaN"),
        ("4é", "unknown packet type NaN"),
        ("47", "unknown packet type 7"),
        ("42", "invalid payload"),
        ("42[]", "invalid payload"),
        ("42{}", "invalid payload"),
        ("42[true]", "invalid payload"),
        ("42[\"connect\"]", "invalid payload"),
        ("42[\"disconnecting\"]", "invalid payload"),
        ("42-1[\"a\"]", "invalid payload"),
        ("42[\"a\"]x", "invalid payload"),
        ("41{\"a\":1}", "invalid payload"),
        ("40[1]", "invalid payload"),
        ("40null", "invalid payload"),
        ("45[\"a\"]", "Illegal attachments"),
        ("450-[\"a\"]", "Illegal attachments"),
        ("4511-[\"a\"]", "too many attachments"),
        ("4299999999999999999999[\"a\"]", "ack id out of range"),
    ];
    for (text, error) in table {
        let mut rig = Rig::joined();
        assert_eq!(rig.text(text), gone_with(error), "{text:?}");
        assert_eq!(rig.text("42[\"a\"]"), "", "nothing is received any more");
        assert!(!rig.send(0, "42[\"a\"]"));
        assert!(rig.connection.is_closed());
    }
}

#[test]
fn packets_out_of_place_close_it_silently() {
    let table = [
        "42/other,[\"a\"]",
        "43/other,1[]",
        "41/other,",
        "451-/other,[\"a\"]",
        // A second CONNECT; socketioxide 0.18.9 fixed that it replaced the socket (#801).
        "40",
        "40/n,{}",
        "44{\"message\":\"x\"}",
        "44/n,\"x\"",
    ];
    for text in table {
        assert_eq!(Rig::joined().text(text), GONE, "{text:?}");
    }
}

#[test]
fn a_namespace_that_is_connecting_takes_no_packets() {
    for text in ["42[\"a\"]", "430[]", "41", "40"] {
        let mut rig = Rig::new();
        rig.text("40");
        assert_eq!(rig.text(text), "left#0 forced close, > close, closed: forced close", "{text:?}");
        assert!(!rig.connection.accept(rig.joins[0], "late"));
        assert!(!rig.connection.reject(rig.joins[0], b"{}"));
    }
}

#[test]
fn engine_reasons_reach_the_namespaces() {
    let gone = |reason: &str| format!("> close, left#0 {reason}, left#1 {reason}, closed: {reason}");
    assert_eq!(Rig::joined().text("1"), gone("transport close"));
    assert_eq!(Rig::joined().text("2"), gone("transport error"));
    assert_eq!(Rig::joined().text("é"), gone("parse error"));
    assert_eq!(Rig::joined().wait(Duration::from_secs(45)), gone("ping timeout"));
    for (how, reason) in [(WsClosed::Clean, "transport close"), (WsClosed::Error, "transport error")] {
        let mut rig = Rig::joined();
        rig.connection.handle_ws_closed(rig.now, WS, how);
        assert_eq!(rig.drain(), gone(reason));
    }
    // One that is connecting learns it too.
    let mut rig = Rig::new();
    rig.text("40");
    assert_eq!(rig.text("1"), "> close, left#0 transport close, closed: transport close");
}

#[test]
fn events_and_acks_are_told_apart_and_not_parsed() {
    let mut rig = Rig::joined();
    #[rustfmt::skip]
    let table = [
        ("42[\"a\",{\"b\":[]}]", "event#0 [\"a\",{\"b\":[]}]"),
        ("42/n,7[\"a\"]", "event#1(7) [\"a\"]"),
        ("42007[\"a\"]", "event#0(7) [\"a\"]"),
        ("42[5]", "event#0 [5]"),
        ("43/n,0[1]", "ack#1(0) [1]"),
        // Tolerated: it acknowledges nothing.
        ("43[1]", ""),
        ("42/,[\"a\"]", "event#0 [\"a\"]"),
    ];
    for (text, want) in table {
        assert_eq!(rig.text(text), want, "{text:?}");
    }
}

#[test]
fn an_event_is_a_slice_of_the_frame() {
    let mut rig = Rig::joined();
    let frame = Bytes::from(b"42[\"a\"]".to_vec());
    rig.connection.handle_ws_frame(rig.now, WS, Frame::Text(frame.clone()));
    let Output::Event(Event::Event { data, .. }) = rig.connection.poll_output() else { panic!("an event") };
    assert_eq!(data.as_ptr(), frame[2..].as_ptr());
}

mod attachments {
    use super::*;

    #[test]
    fn follow_their_packet() {
        let mut rig = Rig::joined();
        assert_eq!(rig.text("452-/n,4[\"a\",0,1]"), "");
        assert_eq!(rig.binary(b"x"), "");
        assert_eq!(rig.binary(b"y"), "event#1(4) [\"a\",0,1] b\"x\" b\"y\"");
        assert_eq!(rig.text("461-9[0]"), "");
        assert_eq!(rig.text("bAQ=="), "ack#0(9) [0] b\"\\x01\"", "base64 in a text frame is binary");
    }

    #[test]
    fn text_between_them_is_an_error() {
        // socketioxide 0.18.9 fixed the same (#811).
        let mut rig = Rig::joined();
        rig.text("451-[\"a\"]");
        assert_eq!(rig.text("42[\"b\"]"), gone_with("got plaintext data when reconstructing a packet"));
        let mut rig = Rig::joined();
        rig.text("451-[\"a\"]");
        assert_eq!(rig.text("41"), gone_with("got plaintext data when reconstructing a packet"));
    }

    #[test]
    fn a_heartbeat_between_them_is_not() {
        let mut rig = Rig::joined();
        rig.text("451-[\"a\"]");
        assert_eq!(rig.text("3"), "");
        assert_eq!(rig.binary(b"x"), "event#0 [\"a\"] b\"x\"");
    }

    #[test]
    fn unannounced_ones_are_an_error() {
        let error = gone_with("got binary data when not reconstructing a packet");
        assert_eq!(Rig::joined().binary(b"x"), error);
        let mut rig = Rig::joined();
        rig.text("451-[\"a\"]");
        rig.binary(b"x");
        assert_eq!(rig.binary(b"y"), error);
    }

    #[test]
    fn are_limited_in_number_and_size() {
        let cfg = Config { max_attachments: 2, max_attachment_bytes: 5, ..Config::default() };
        let rig = || {
            let mut rig = Rig::with(cfg.clone());
            rig.text("40");
            rig.accept(0, "id");
            rig
        };
        let closed = "left#0 forced close, > close, closed: forced close";
        assert_eq!(rig().text("453-[\"a\"]"), format!("{closed} (too many attachments)"));
        let mut full = rig();
        full.text("452-[\"a\"]");
        full.binary(b"123");
        assert_eq!(full.binary(b"45"), "event#0 [\"a\"] b\"123\" b\"45\"");
        let mut over = rig();
        over.text("452-[\"a\"]");
        over.binary(b"123");
        assert_eq!(over.binary(b"456"), format!("{closed} (attachments too large)"));
        assert!(over.connection.partial.is_none(), "freed on close");
    }

    #[test]
    fn go_out_behind_their_packet() {
        let mut rig = Rig::joined();
        let packet = Encoded {
            text: Bytes::from_static(b"452-[\"a\"]"),
            attachments: vec![Bytes::from_static(b"x"), Bytes::from_static(b"y")],
        };
        assert!(rig.connection.send(rig.joins[0], packet));
        rig.send(1, "42/n,[\"b\"]");
        assert_eq!(rig.connection.queued(), Backlog { frames: 4, bytes: 9 + 2 + 10 });
        assert_eq!(rig.drain(), "> 452-[\"a\"], > b\"x\", > b\"y\", > 42/n,[\"b\"]");
        assert_eq!(rig.connection.queued(), Backlog::default());
    }
}

mod joining {
    use super::*;

    #[test]
    fn a_refusal_keeps_the_connection() {
        let mut rig = Rig::joined();
        rig.text("40/random");
        assert!(rig.connection.reject(rig.joins[2], br#"{"message":"Invalid namespace"}"#));
        assert_eq!(rig.drain(), r#"> 44/random,{"message":"Invalid namespace"}"#);
        assert!(!rig.connection.reject(rig.joins[2], b"{}"));
        assert!(!rig.connection.accept(rig.joins[2], "x"));
        assert_eq!(rig.text("42[\"a\"]"), "event#0 [\"a\"]");
        assert_eq!(rig.text("40/random"), "connect#3 /random -", "it may try again");
        assert!(!rig.connection.reject(rig.joins[0], b"{}"), "too late for one that has joined");
    }

    #[test]
    fn the_query_stays_in_the_name() {
        let mut rig = Rig::new();
        assert_eq!(rig.text("40/custom?x=1,{}"), "connect#0 /custom?x=1 {}");
        rig.connection.reject(rig.joins[0], br#"{"message":"plain"}"#);
        assert_eq!(rig.drain(), r#"> 44/custom?x=1,{"message":"plain"}"#);
    }

    #[test]
    fn what_is_sent_before_the_answer_follows_it() {
        let mut rig = Rig::new();
        rig.text("40");
        assert!(rig.send(0, "42[\"early\",1]"));
        assert!(rig.send(0, "42[\"early\",2]"));
        assert_eq!(rig.connection.queued(), Backlog { frames: 2, bytes: 26 });
        assert_eq!(rig.drain(), "");
        assert_eq!(rig.accept(0, "id"), r#"> 40{"sid":"id"}, > 42["early",1], > 42["early",2]"#);
        assert!(!rig.connection.accept(rig.joins[0], "id"), "once");
        // What was held for a refused one is dropped.
        rig.text("40/n");
        rig.send(1, "42/n,[\"early\"]");
        rig.connection.reject(rig.joins[1], b"{}");
        assert_eq!(rig.drain(), "> 44/n,{}");
        assert_eq!(rig.connection.queued(), Backlog::default());
    }

    #[test]
    fn the_socket_id_is_written_as_json() {
        let mut rig = Rig::new();
        rig.text("40");
        assert_eq!(rig.accept(0, "a\"b"), r#"> 40{"sid":"a\"b"}"#);
    }

    #[test]
    fn a_connection_has_a_limit_of_namespaces() {
        let mut rig = Rig::with(Config { max_namespaces: 2, ..Config::default() });
        rig.text("40/a");
        rig.text("40/b");
        assert_eq!(rig.text("40/c"), GONE);
    }

    #[test]
    fn without_one_the_connection_closes_in_time() {
        let mut rig = Rig::new();
        rig.text("40");
        assert_eq!(rig.wait(Duration::from_millis(24_999)), "");
        rig.text("3");
        assert_eq!(rig.wait(Duration::from_secs(20)), "");
        // A pending join does not count.
        assert_eq!(rig.wait(Duration::from_millis(1)), "left#0 forced close, > close, closed: forced close");
        let mut rig = Rig::joined();
        assert_eq!(rig.wait_alive(Duration::from_mins(10)), "");
    }

    #[test]
    fn without_a_pending_get_the_reason_is_the_other_one() {
        let cfg = Config { connect_timeout: Duration::from_secs(5), ..Config::default() };
        for (get, want) in [(true, "left#0 forced close, > 9: 1, closed: forced close"), (false, "left#0 forced server close")] {
            let now = Instant::now();
            let connection = Connection::open_polling(now, "S", ExchangeId(1), Arc::new(cfg.clone()));
            let mut rig = Rig { connection, now, joins: Vec::new() };
            rig.drain();
            rig.connection.handle_post_started(now, ExchangeId(2));
            rig.connection.handle_post_body(now, ExchangeId(2), Ok(Bytes::from_static(b"40")));
            rig.drain();
            if get {
                rig.connection.handle_poll(now, ExchangeId(9));
                rig.drain();
            }
            assert_eq!(rig.wait(Duration::from_secs(5)), want);
            if !get {
                rig.connection.handle_poll(rig.now, ExchangeId(9));
                assert_eq!(rig.drain(), "> 9: 1, closed: forced server close");
            }
        }
    }
}

mod leaving {
    use super::*;

    #[test]
    fn by_the_client() {
        let mut rig = Rig::joined();
        assert_eq!(rig.text("41"), "left#0 client namespace disconnect");
        assert!(!rig.send(0, "42[\"a\"]"));
        assert_eq!(rig.text("42/n,[\"a\"]"), "event#1 [\"a\"]");
        assert_eq!(rig.text("40"), "connect#2 / -");
        rig.accept(2, "new");
        assert!(!rig.connection.disconnect(rig.now, rig.joins[0]), "the old join is not the new one");
        assert_eq!(rig.text("41/n"), "left#1 client namespace disconnect");
        // Its own packets after that are out of place.
        assert_eq!(rig.text("42/n,[\"a\"]"), "left#2 forced close, > close, closed: forced close");
    }

    #[test]
    fn by_the_server() {
        let mut rig = Rig::joined();
        assert_eq!(rig.disconnect(1), "left#1 server namespace disconnect, > 41/n,");
        assert!(!rig.connection.disconnect(rig.now, rig.joins[1]));
        assert!(!rig.send(1, "42/n,[\"a\"]"));
        // What the client had sent before it knew is dropped; the reference closes the connection.
        for text in ["42/n,[\"a\"]", "43/n,1[]", "451-/n,[\"a\"]"] {
            assert_eq!(rig.text(text), "", "{text:?}");
        }
        assert_eq!(rig.binary(b"x"), "");
        assert_eq!(rig.text("42[\"a\"]"), "event#0 [\"a\"]");
        assert_eq!(rig.text("40/n"), "connect#2 /n -");
        // Both sides at the same time.
        assert_eq!(rig.disconnect(0), "left#0 server namespace disconnect, > 41");
        assert_eq!(rig.text("41"), "");
        assert_eq!(rig.text("41"), "left#2 forced close, > close, closed: forced close");
    }

    #[test]
    fn in_the_middle_of_a_packet_with_attachments() {
        let mut rig = Rig::joined();
        rig.text("451-/n,[\"a\"]");
        rig.disconnect(1);
        assert_eq!(rig.binary(b"x"), "");
        assert_eq!(rig.text("42[\"a\"]"), "event#0 [\"a\"]");
    }

    #[test]
    fn before_the_answer() {
        let mut rig = Rig::new();
        rig.text("40");
        rig.send(0, "42[\"early\"]");
        assert_eq!(rig.disconnect(0), "left#0 server namespace disconnect, > 41");
        assert!(!rig.connection.accept(rig.joins[0], "x"));
        assert_eq!(rig.connection.queued(), Backlog::default());
    }

    #[test]
    fn is_remembered_for_a_limited_number() {
        let mut rig = Rig::with(Config { max_namespaces: 2, ..Config::default() });
        for n in 0..100 {
            rig.text(&format!("40/{n}"));
            rig.accept(n, "id");
            rig.disconnect(n);
        }
        assert_eq!(rig.text("42/99,[\"a\"]"), "");
        assert_eq!(rig.text("42/97,[\"a\"]"), "> close, closed: forced close");
    }

    #[test]
    fn the_last_one_may_close_the_connection_later() {
        let mut forever = Rig::joined();
        forever.text("41");
        forever.text("41/n");
        assert_eq!(forever.wait_alive(Duration::from_mins(10)), "");

        let cfg = Config { idle_timeout: Some(Duration::from_secs(10)), ..Config::default() };
        let mut rig = Rig::with(cfg);
        rig.text("40");
        rig.accept(0, "id");
        rig.disconnect(0);
        assert_eq!(rig.wait(Duration::from_millis(9_999)), "");
        rig.text("40");
        rig.accept(1, "id");
        assert_eq!(rig.wait(Duration::from_secs(10)), "", "it has joined again");
        rig.text("41");
        assert_eq!(rig.wait(Duration::from_secs(10)), "> close, closed: forced close");
    }
}

#[test]
fn inputs_need_not_be_drained_one_by_one() {
    let mut rig = Rig::joined();
    for text in ["42[\"a\"]", "42/n,[\"b\"]", "1"] {
        let frame = Frame::Text(Bytes::copy_from_slice(text.as_bytes()));
        rig.connection.handle_ws_frame(rig.now, WS, frame);
    }
    assert_eq!(
        rig.drain(),
        "> close, event#0 [\"a\"], event#1 [\"b\"], left#0 transport close, left#1 transport close, \
         closed: transport close"
    );
}

#[test]
fn closing_tells_every_namespace_once() {
    let mut rig = Rig::joined();
    rig.send(0, "42[\"last\"]");
    rig.connection.close(rig.now, DisconnectReason::ServerShuttingDown, false);
    assert_eq!(
        rig.drain(),
        "left#0 server shutting down, left#1 server shutting down, > 42[\"last\"], > close, \
         closed: server shutting down"
    );
    rig.connection.close(rig.now, DisconnectReason::SlowConsumer, true);
    assert_eq!(rig.drain(), "");

    let mut rig = Rig::joined();
    rig.send(0, "42[\"last\"]");
    rig.connection.close(rig.now, DisconnectReason::SlowConsumer, true);
    assert_eq!(rig.drain(), "left#0 slow consumer, left#1 slow consumer, > close, closed: slow consumer");
}

#[test]
fn what_the_layer_above_finds_malformed_closes_too() {
    let mut rig = Rig::joined();
    rig.connection.handle_malformed(rig.now, DecodeError::IllegalPlaceholder);
    assert_eq!(rig.drain(), gone_with("illegal attachments"));
    rig.connection.handle_malformed(rig.now, DecodeError::InvalidPayload);
    assert_eq!(rig.drain(), "");
}

#[test]
fn an_orderly_close_keeps_its_reason() {
    let mut rig = Rig::joined();
    rig.send(0, "42[\"a\"]");
    rig.connection.close(rig.now, DisconnectReason::ServerShuttingDown, false);
    rig.connection.handle_ws_closed(rig.now, WS, WsClosed::Error);
    assert!(rig.drain().ends_with("closed: server shutting down"));
}

#[test]
fn an_idle_connection_is_small() {
    let rig = Rig::joined();
    assert!(size_of_val(&rig.connection) <= 768, "{}", size_of_val(&rig.connection));
}
