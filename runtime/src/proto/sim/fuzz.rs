//! Hostile input: whatever a peer sends, nothing panics and nothing grows.
//!
//! Half of the inputs are noise, half are valid packets with a few bytes changed, dropped or doubled; both with
//! characters of several bytes, which is what a fuzzer of ASCII never tries.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::Rng;
use crate::proto::engine::packet::{Frame, Packet};
use crate::proto::engine::payload::Payload;
use crate::proto::engine::request::{Request, SessionInfo};
use crate::proto::engine::server::{PostError, Transmit};
use crate::proto::engine::{ExchangeId, Handshake, Transport, WsClosed, WsId, client};
use crate::proto::packet::{Header, MAX_ATTACHMENTS};
use crate::proto::session::server::{Config, Connection, Event, NspId, Output};

const VALID: [&str; 22] = [
    "40",
    "40/admin,{\"token\":\"é\"}",
    "40/a?b=c",
    "41",
    "41/admin,",
    "42[\"a\",1]",
    "42/admin,12[\"€\"]",
    "421844674407370955161[\"x\"]",
    "430[null]",
    "43/admin,1[]",
    "44{\"message\":\"m\"}",
    "451-[\"a\",{\"_placeholder\":true,\"num\":0}]",
    "4510-/admin,3[\"𝄞\"]",
    "462-789[]",
    "0{\"sid\":\"x\",\"pingInterval\":25000,\"pingTimeout\":20000,\"upgrades\":[\"websocket\"]}",
    "1",
    "2probe",
    "3",
    "3probe",
    "5",
    "6",
    "bAQIDBA==",
];

/// Packets that a client of `/` and `/admin` may send at any time.
const POLITE: [&str; 7] = ["42[\"a\",1]", "42/admin,12[\"€\"]", "430[null]", "43/admin,1[]", "3", "6", "42[\"𝄞\",{}]"];

const PIECES: [&str; 24] = [
    "é",
    "€",
    "𝄞",
    "\u{1e}",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "-",
    "/",
    ",",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "b",
    " ",
    "\\",
    "99999999999999999999",
];

impl Rng {
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    /// Mostly polite, or no connection would live long enough to be attacked.
    fn packet(&mut self) -> String {
        if self.below(8) > 0 { self.pick(&POLITE).to_owned() } else { self.text() }
    }

    /// Valid UTF-8: noise, or a damaged packet.
    fn text(&mut self) -> String {
        if self.below(2) == 0 {
            return (0..self.below(12)).map(|_| self.pick(&PIECES)).collect();
        }
        let mut text: Vec<char> = self.pick(&VALID).chars().collect();
        for _ in 0..self.below(3) {
            let at = self.below(text.len() as u64 + 1) as usize;
            match self.below(3) {
                0 => text.truncate(at),
                1 => drop(text.splice(at..at, self.pick(&PIECES).chars())),
                _ => {
                    let doubled = text[..at].to_vec();
                    text.splice(at..at, doubled);
                }
            }
        }
        text.into_iter().collect()
    }

    fn noise(&mut self) -> Bytes {
        (0..self.below(20)).map(|_| self.next() as u8).collect()
    }

    fn frame(&mut self) -> Frame {
        if self.below(16) == 0 { Frame::Binary(self.noise()) } else { Frame::Text(self.packet().into()) }
    }

    /// Several packets, or bytes that are not even text.
    fn body(&mut self) -> Bytes {
        if self.below(32) == 0 {
            return self.noise();
        }
        let packets: Vec<String> = (0..=self.below(4)).map(|_| self.packet()).collect();
        packets.join("\x1e").into()
    }
}

#[test]
fn codecs() {
    for seed in 0..100_000 {
        let mut rng = Rng(seed);
        let text = rng.text();
        drop(Packet::decode(Frame::Text(text.clone().into())));
        if let Ok((header, payload)) = Header::decode(text.as_bytes(), MAX_ATTACHMENTS) {
            assert!(header.attachments <= MAX_ATTACHMENTS, "seed {seed}");
            assert!(header.nsp.starts_with('/'), "seed {seed}");
            // What was understood means the same when it is written again.
            let encoded = header.with_json(payload).text;
            assert_eq!(Header::decode(&encoded[1..], MAX_ATTACHMENTS), Ok((header, payload)), "seed {seed}");
        }
        let noise = rng.noise();
        let _ = Header::decode(&noise, MAX_ATTACHMENTS);
        drop(Handshake::decode(&noise));
        drop(Handshake::decode(text.as_bytes()));
        if let Ok(packets) = Payload::new(rng.body()) {
            assert!(packets.count() <= 100, "seed {seed}");
        }
        let query = format!("EIO=4&transport=polling&sid={text}&%{text}");
        let found = Some(SessionInfo { transport: Transport::Polling });
        drop(Request::parse("GET", &query, false, |_| found));
    }
}

/// A server that a peer throws things at, over any number of requests and sockets.
struct Target {
    seed: u64,
    connection: Connection,
    now: Instant,
    connecting: Vec<NspId>,
    live: Vec<NspId>,
    next_id: u64,
    over: bool,
    events: usize,
}

impl Target {
    fn new(seed: u64, polling: bool) -> Self {
        let now = Instant::now();
        let cfg = Arc::new(Config { max_namespaces: 3, max_attachment_bytes: 64, ..Config::default() });
        let connection = if polling {
            Connection::open_polling(now, "S", ExchangeId(0), cfg)
        } else {
            Connection::open_websocket(now, "S", WsId(1), cfg)
        };
        let (connecting, live) = (Vec::new(), Vec::new());
        Self { seed, connection, now, connecting, live, next_id: 1, over: false, events: 0 }
    }

    /// Most clients begin as they should.
    fn join(&mut self, rng: &mut Rng) {
        if rng.below(8) > 0 {
            let (now, post) = (self.now, ExchangeId(1));
            self.connection.handle_ws_frame(now, WsId(1), Frame::message("0"));
            self.connection.handle_ws_frame(now, WsId(1), Frame::message("0/admin,"));
            self.connection.handle_post_started(now, post);
            self.connection.handle_post_body(now, post, Ok(Bytes::from_static(b"40\x1e40/admin,")));
            self.drain(rng);
            self.next_id = 2;
        }
    }

    fn attack(&mut self, rng: &mut Rng) {
        let now = self.now;
        let ws = WsId(1 + rng.below(2));
        let old = ExchangeId(rng.below(self.next_id));
        let new = ExchangeId(self.next_id);
        match rng.below(20) {
            0 => self.connection.handle_poll(now, new),
            1 => self.connection.handle_ws_open(now, ws),
            2 if rng.below(8) == 0 => self.connection.handle_ws_closed(now, ws, WsClosed::Error),
            3 if rng.below(8) == 0 => self.connection.handle_exchange_aborted(now, old),
            4 => self.connection.handle_post_body(now, old, Ok(rng.body())),
            5 => self.connection.handle_post_body(now, old, Err(PostError::TooLarge)),
            6..=9 => {
                self.connection.handle_post_started(now, new);
                self.connection.handle_post_body(now, new, Ok(rng.body()));
            }
            10 => self.now += Duration::from_millis(rng.below(10_000)),
            11 => self.connection.handle_timeout(now),
            12 => drop(self.connecting.pop().map(|id| self.connection.accept(id, "id"))),
            13 => drop(self.connecting.pop().map(|id| self.connection.reject(id, b"{}"))),
            14 => drop(self.live.pop().map(|id| self.connection.disconnect(now, id))),
            _ => self.connection.handle_ws_frame(now, ws, rng.frame()),
        }
        self.next_id += 1;
    }

    fn drain(&mut self, rng: &mut Rng) {
        for _ in 0..1_000 {
            match self.connection.poll_output() {
                Output::Event(event) => self.event(event, rng),
                Output::Transmit(Transmit::PollResponse(_, body)) => assert!(!body.is_empty()),
                Output::Transmit(_) => {}
                Output::Timeout(_) => {
                    // Nobody reads the frames of a peer that does not want them, most of the time.
                    while rng.below(4) == 0 && self.connection.poll_ws_frame(WsId(1)).is_some() {}
                    return;
                }
            }
        }
        panic!("seed {}: the outputs never end", self.seed);
    }

    fn event(&mut self, event: Event, rng: &mut Rng) {
        let seed = self.seed;
        assert!(!self.over, "seed {seed}: {event:?} after the last");
        self.events += 1;
        match event {
            Event::ConnectRequested { id, .. } if rng.below(4) > 0 => {
                self.live.push(id);
                assert!(self.connection.accept(id, "id") || self.connection.is_closed(), "seed {seed}");
            }
            Event::ConnectRequested { id, .. } => {
                self.live.push(id);
                self.connecting.push(id);
            }
            Event::Event { id, attachments, .. } | Event::Ack { id, attachments, .. } => {
                assert!(self.live.contains(&id), "seed {seed}: {id:?} has left");
                assert!(attachments.iter().map(Bytes::len).sum::<usize>() <= 64, "seed {seed}");
            }
            Event::Disconnected { id, .. } => self.live.retain(|live| *live != id),
            Event::Upgraded => {}
            Event::Closed { .. } => self.over = true,
        }
    }
}

#[test]
fn connections() {
    let mut events = 0;
    for seed in 0..20_000 {
        let mut rng = Rng(seed);
        let polling = rng.below(2) == 0;
        let mut target = Target::new(seed, polling);
        target.drain(&mut rng);
        target.join(&mut rng);
        for _ in 0..60 {
            target.attack(&mut rng);
            target.drain(&mut rng);
            // One reply for each thing sent, none of them longer than a CONNECT or its refusal.
            assert!(target.connection.queued().frames <= 70, "seed {seed}");
        }
        events += target.events;
        target.connection.close(target.now, crate::proto::DisconnectReason::ServerShuttingDown, true);
        target.drain(&mut rng);
        assert!(target.over, "seed {seed}: not closed");
        assert_eq!(target.connection.queued(), crate::proto::Backlog::default(), "seed {seed}");
    }
    assert!(events > 100_000, "the inputs hardly ever mean anything: {events}");
}

#[test]
fn a_client_survives_any_server() {
    for seed in 0..20_000 {
        let mut rng = Rng(seed);
        let mut now = Instant::now();
        let mut session = client::Session::open(now, &client::Config::default());
        let (mut get, mut post, mut ws) = (None, None, WsId(0));
        for _ in 0..40 {
            loop {
                match session.poll_output() {
                    client::Output::Transmit(client::Transmit::Get(id)) => get = Some(id),
                    client::Output::Transmit(client::Transmit::Post(id, _)) => post = Some(id),
                    client::Output::Transmit(client::Transmit::WsConnect(id)) => ws = id,
                    client::Output::Transmit(client::Transmit::WsClose(_)) | client::Output::Event(_) => {}
                    client::Output::Timeout(_) => break,
                }
            }
            while session.poll_ws_frame(ws).is_some() {}
            match (rng.below(8), get, post) {
                (0, _, _) => now += Duration::from_millis(rng.below(10_000)),
                (1, _, _) => session.handle_timeout(now),
                (2, _, _) => session.handle_ws_open(ws),
                (3, _, Some(id)) => session.handle_post_response(id, rng.below(8) > 0),
                (4, _, _) => drop(session.send(Frame::message("x"))),
                (5, Some(id), _) => session.handle_get_response(now, id, Some(rng.body())),
                (6, Some(id), _) => {
                    let valid = Bytes::from_static(VALID[14].as_bytes());
                    session.handle_get_response(now, id, Some(valid));
                }
                _ => session.handle_ws_frame(now, ws, rng.frame()),
            }
            assert!(session.queued().frames <= 40, "seed {seed}");
        }
        session.close();
    }
}
