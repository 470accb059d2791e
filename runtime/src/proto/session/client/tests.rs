//! What the client does with every kind of packet, as transcripts.

use std::time::{Duration, Instant};

use super::*;
use crate::proto::engine::Transport;

const WS: WsId = WsId(1);

struct Rig {
    connection: Connection,
    now: Instant,
    /// Ids of the joins in the order in which they were made.
    joins: Vec<NspId>,
}

impl Rig {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(settings: impl FnOnce(&mut Config)) -> Self {
        let engine = engine::Config { transport: Transport::WebSocket, ..engine::Config::default() };
        let mut cfg = Config { engine, ..Config::default() };
        settings(&mut cfg);
        let now = Instant::now();
        let mut rig = Self { connection: Connection::open(now, cfg), now, joins: Vec::new() };
        assert_eq!(rig.drain(), "WsConnect(WsId(1))");
        assert_eq!(rig.text(r#"0{"sid":"SECRET","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#), "opened");
        rig
    }

    /// Joined to `/` (join 0) and `/n` (join 1).
    fn joined() -> Self {
        let mut rig = Self::new();
        assert_eq!(rig.connect("/", None), "> 40");
        assert_eq!(rig.connect("/n", Some(r#"{"t":1}"#)), r#"> 40/n,{"t":1}"#);
        assert_eq!(rig.text(r#"40{"sid":"id","pid":"p"}"#), "connected#0 id p");
        assert_eq!(rig.text(r#"40/n,{"sid":"idn"}"#), "connected#1 idn");
        rig
    }

    fn connect(&mut self, nsp: &str, auth: Option<&str>) -> String {
        self.joins.push(self.connection.connect(nsp, auth.map(str::as_bytes)).expect("a new namespace"));
        self.drain()
    }

    fn event(&self, event: Event) -> String {
        let join = |id: NspId| self.joins.iter().position(|known| *known == id).expect("a join that was made");
        let show = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
        let parts = |parts: Vec<Bytes>| parts.iter().fold(String::new(), |all, part| format!("{all} {part:?}"));
        match event {
            Event::Opened => "opened".to_owned(),
            Event::Connected { id, sid, pid } => {
                let pid = pid.map_or(String::new(), |pid| format!(" {pid}"));
                format!("connected#{} {sid}{pid}", join(id))
            }
            Event::Refused { id, why: Refusal::ByServer(json) } => format!("refused#{} {}", join(id), show(&json)),
            Event::Refused { id, why: Refusal::OldServer } => format!("refused#{} old", join(id)),
            Event::Event { id, ack, data, attachments } => {
                let ack = ack.map_or(String::new(), |ack| format!("({ack})"));
                format!("event#{}{ack} {}{}", join(id), show(&data), parts(attachments))
            }
            Event::Ack { id, ack, data, attachments } => {
                format!("ack#{}({ack}) {}{}", join(id), show(&data), parts(attachments))
            }
            Event::Disconnected { id, reason } => format!("left#{} {reason}", join(id)),
            Event::Upgraded => "upgraded".to_owned(),
            Event::Closed { reason, error: None } => format!("closed: {reason}"),
            Event::Closed { reason, error: Some(error) } => format!("closed: {reason} ({error})"),
        }
    }

    fn outputs(&mut self, out: &mut Vec<String>) {
        loop {
            match self.connection.poll_output() {
                Output::Transmit(Transmit::WsClose(_)) => out.push("> close".to_owned()),
                Output::Transmit(other) => out.push(format!("{other:?}")),
                Output::Event(event) => out.push(self.event(event)),
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

    fn text(&mut self, text: &str) -> String {
        self.connection.handle_ws_frame(self.now, WS, Frame::Text(Bytes::copy_from_slice(text.as_bytes())));
        self.drain()
    }

    fn binary(&mut self, data: &'static [u8]) -> String {
        self.connection.handle_ws_frame(self.now, WS, Frame::Binary(Bytes::from_static(data)));
        self.drain()
    }

    fn send(&mut self, join: usize, text: &'static str) -> bool {
        self.connection.send(self.joins[join], Bytes::from_static(text.as_bytes()).into())
    }
}

/// How a connection with two namespaces ends.
fn gone(reason: &str) -> String {
    format!("left#0 {reason}, left#1 {reason}, closed: {reason}, > close")
}

#[test]
fn an_old_server_lets_in_unasked_and_answers_nobody() {
    let mut rig = Rig::new();
    assert_eq!(rig.text("40"), "");
    assert_eq!(rig.connect("/", None), "refused#0 old");
    assert_eq!(rig.connect("/n", None), "refused#1 old");
}

#[test]
fn events_and_acks_go_both_ways() {
    let mut rig = Rig::joined();
    #[rustfmt::skip]
    let table = [
        ("42[\"a\",{\"b\":[]}]", "event#0 [\"a\",{\"b\":[]}]"),
        ("42/n,7[\"a\"]", "event#1(7) [\"a\"]"),
        ("43/n,0[1]", "ack#1(0) [1]"),
        // Tolerated: it acknowledges nothing.
        ("43[1]", ""),
        // Nobody here looks at these.
        ("42/other,[\"a\"]", ""),
        ("41/other,", ""),
        ("44/other,{\"message\":\"x\"}", ""),
        ("40{\"sid\":\"again\"}", ""),
        ("44{\"message\":\"late\"}", ""),
    ];
    for (text, want) in table {
        assert_eq!(rig.text(text), want, "{text:?}");
    }
    assert!(rig.send(1, "42/n,0[\"b\"]") && rig.send(0, "43[]"));
    assert_eq!(rig.drain(), "> 42/n,0[\"b\"], > 43[]");
}

#[test]
fn attachments_are_collected() {
    let mut rig = Rig::joined();
    assert_eq!(rig.text("452-/n,3[\"a\",{\"_placeholder\":true,\"num\":0}]"), "");
    assert_eq!(rig.binary(b"x"), "");
    assert_eq!(rig.binary(b"y"), "event#1(3) [\"a\",{\"_placeholder\":true,\"num\":0}] b\"x\" b\"y\"");
    // Those of a packet for nobody are read and dropped.
    assert_eq!(rig.text("461-/other,3[]") + &rig.binary(b"z"), "");
    assert_eq!(rig.text("42[\"next\"]"), "event#0 [\"next\"]");
    // What was left meanwhile gets nothing.
    rig.text("451-/n,[\"a\"]");
    assert!(rig.connection.disconnect(rig.joins[1]));
    assert_eq!(rig.drain(), "left#1 io client disconnect, > 41/n,");
    assert_eq!(rig.binary(b"x"), "");
}

#[test]
fn early_events_wait_for_the_connect() {
    let mut rig = Rig::new();
    rig.connect("/", None);
    assert_eq!(rig.text("42[\"a\"]"), "");
    assert_eq!(rig.text("451-1[\"b\"]") + &rig.binary(b"x"), "");
    // Nothing was asked yet, so there is nothing to acknowledge.
    assert_eq!(rig.text("430[]"), "");
    assert!(!rig.send(0, "42[\"too early\"]"));
    assert_eq!(rig.text("40{\"sid\":\"id\"}"), "connected#0 id, event#0 [\"a\"], event#0(1) [\"b\"] b\"x\"");
    assert_eq!(rig.connection.early_bytes, 0);
}

#[test]
fn early_events_have_a_limit() {
    let mut rig = Rig::with(|cfg| cfg.max_early_bytes = 1000);
    rig.connect("/", None);
    let mut held = 0;
    while rig.text("42[\"0123456789\"]").is_empty() {
        held += 1;
        assert!(held < 1000);
    }
    assert!(held > 5);
    assert_eq!(rig.drain(), "");
    assert!(rig.connection.is_closed());
    // Leaving gives the room back.
    let mut rig = Rig::with(|cfg| cfg.max_early_bytes = 1000);
    rig.connect("/", None);
    rig.text("42[\"0123456789\"]");
    rig.connection.disconnect(rig.joins[0]);
    assert_eq!(rig.connection.early_bytes, 0);
}

#[test]
fn a_namespace_is_refused_by_itself() {
    let mut rig = Rig::new();
    rig.connect("/", None);
    rig.connect("/n", None);
    rig.connect("/old", None);
    assert_eq!(rig.text("44/n,{\"message\":\"no\",\"data\":1}"), "refused#1 {\"message\":\"no\",\"data\":1}");
    assert_eq!(rig.text("40/old"), "refused#2 old");
    assert_eq!(rig.text("40{\"sid\":\"id\"}"), "connected#0 id");
    assert!(!rig.send(1, "42[\"a\"]"));
    // It can be tried again.
    assert_eq!(rig.connect("/n", None), "> 40/n,");
    assert_eq!(rig.text("40/old,{}"), "");
    assert_eq!(rig.text("40/n,{}"), "refused#3 old");
}

#[test]
fn malformed_packets_close_the_connection() {
    #[rustfmt::skip]
    let table = [
        ("4", "unknown packet type NaN"),
        ("47", "unknown packet type 7"),
        ("42[]", "invalid payload"),
        ("42[\"connect\"]", "invalid payload"),
        ("45[\"a\"]", "Illegal attachments"),
        ("4511-[\"a\"]", "too many attachments"),
    ];
    for (text, error) in table {
        let mut rig = Rig::joined();
        assert_eq!(rig.text(text), gone("parse error").replace(", > close", &format!(" ({error}), > close")), "{text:?}");
        assert_eq!(rig.text("42[\"a\"]"), "", "nothing is received any more");
        assert!(!rig.send(0, "42[\"a\"]"));
    }
    let mut rig = Rig::joined();
    rig.text("451-[\"a\"]");
    assert!(rig.text("42[\"b\"]").contains("(got plaintext data when reconstructing a packet)"));
    assert!(Rig::joined().binary(b"x").contains("(got binary data when not reconstructing a packet)"));
    let mut rig = Rig::new();
    rig.connect("/", None);
    assert!(rig.text("40{\"sid\":}").contains("closed: parse error (invalid payload)"));
    let mut rig = Rig::with(|cfg| cfg.max_attachment_bytes = 3);
    rig.connect("/", None);
    rig.text("40{\"sid\":\"id\"}");
    rig.text("452-[\"a\"]");
    assert_eq!(rig.binary(b"abc"), "");
    assert!(rig.binary(b"d").contains("closed: parse error (attachments too large)"));
}

#[test]
fn what_the_layer_above_finds_malformed_closes_too() {
    let mut rig = Rig::joined();
    rig.connection.handle_malformed(DecodeError::IllegalPlaceholder);
    assert!(rig.drain().contains("closed: parse error (illegal attachments)"));
    rig.connection.handle_malformed(DecodeError::InvalidPayload);
    assert_eq!(rig.drain(), "");
}

#[test]
fn the_server_disconnects_a_namespace() {
    let mut rig = Rig::joined();
    assert_eq!(rig.text("41/n,"), "left#1 io server disconnect");
    assert!(!rig.send(1, "42/n,[\"a\"]") && rig.send(0, "42[\"a\"]"));
    assert_eq!(rig.text("42/n,[\"late\"]"), "> 42[\"a\"]");
    // Also one that is still connecting.
    let mut rig = Rig::new();
    rig.connect("/", None);
    assert_eq!(rig.text("41"), "left#0 io server disconnect");
}

#[test]
fn the_client_leaves_and_closes_behind_what_it_sent() {
    let mut rig = Rig::joined();
    rig.send(0, "42[\"last\"]");
    assert!(rig.connection.disconnect(rig.joins[0]));
    assert!(!rig.connection.disconnect(rig.joins[0]));
    rig.connection.close();
    assert_eq!(
        rig.drain(),
        "left#0 io client disconnect, left#1 io client disconnect, > 42[\"last\"], > 41, closed: io client disconnect, > close"
    );
    rig.connection.close();
    assert_eq!(rig.drain(), "");
    assert_eq!(rig.connection.connect("/", None), None);
}

#[test]
fn engine_reasons_reach_the_namespaces() {
    assert_eq!(Rig::joined().text("1"), gone("transport close"));
    assert_eq!(Rig::joined().text("é"), gone("transport error"));
    for (how, reason) in [(WsClosed::Clean, "transport close"), (WsClosed::Error, "transport error")] {
        let mut rig = Rig::joined();
        rig.connection.handle_ws_closed(WS, how);
        assert_eq!(rig.drain(), gone(reason));
    }
    let mut rig = Rig::joined();
    rig.connection.handle_timeout(rig.now + Duration::from_secs(45));
    assert_eq!(rig.drain(), gone("ping timeout"));
}

#[test]
fn one_namespace_is_joined_once() {
    let mut rig = Rig::joined();
    assert_eq!(rig.connection.connect("/n", None), None);
    assert_eq!(rig.drain(), "");
}

#[test]
fn who_leaves_before_the_answer_says_so_after_it() {
    let mut rig = Rig::new();
    rig.connect("/", None);
    rig.connect("/n", None);
    assert!(rig.connection.disconnect(rig.joins[1]));
    assert!(!rig.connection.disconnect(rig.joins[1]));
    assert_eq!(rig.drain(), "left#1 io client disconnect");
    // Neither a `41` nor another `CONNECT` is allowed before the answer.
    assert_eq!(rig.connect("/n", Some("{\"t\":1}")), "");
    assert_eq!(rig.connection.connect("/n", None), None);
    assert!(!rig.send(2, "42/n,[\"a\"]"));
    assert_eq!(rig.text("42/n,[\"early\"]") + &rig.text("451-/n,[\"early\"]") + &rig.binary(b"x"), "");
    assert_eq!(rig.connection.early_bytes, 0);
    assert_eq!(rig.text("40/n,{\"sid\":\"first\"}"), "> 41/n,, > 40/n,{\"t\":1}");
    assert_eq!(rig.text("40/n,{\"sid\":\"second\"}"), "connected#2 second");
    assert_eq!(rig.text("40{\"sid\":\"id\"}"), "connected#0 id");
    // A refusal is an answer, and so is a disconnect; who waits may leave as well.
    for answer in ["44/m,{}", "41/m"] {
        let mut rig = Rig::new();
        rig.connect("/m", None);
        rig.connection.disconnect(rig.joins[0]);
        assert_eq!(rig.connect("/m", None), "left#0 io client disconnect");
        assert!(rig.connection.disconnect(rig.joins[1]));
        assert_eq!(rig.drain(), "left#1 io client disconnect");
        rig.connect("/m", None);
        assert_eq!(rig.text(answer), "> 40/m,");
        assert_eq!(rig.text("40/m,{\"sid\":\"id\"}"), "connected#2 id");
    }
    let mut rig = Rig::new();
    rig.connect("/m", None);
    rig.connection.disconnect(rig.joins[0]);
    assert_eq!(rig.connect("/m", None), "left#0 io client disconnect");
    assert_eq!(rig.text("1"), "left#1 transport close, closed: transport close, > close");
    let mut rig = Rig::new();
    rig.connect("/m", None);
    rig.connection.disconnect(rig.joins[0]);
    assert_eq!(rig.drain() + &rig.text("40/m,{\"sid\":\"id\"}"), "left#0 io client disconnect> 41/m,");
    assert!(rig.connection.entries.is_empty());
}
