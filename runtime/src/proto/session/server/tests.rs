//! What the server does with every kind of packet, as transcripts.

mod attachments;
mod joining;
mod leaving;

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
