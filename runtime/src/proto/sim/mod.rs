//! A client and a server over a network made of a seed, in virtual time.
//!
//! Client and server are whole connections of theirs; the network has latency, a WebSocket that
//! is not always writable, and faults. Whatever the seed, the world checks as it goes that every request is answered
//! once, that nothing is sent on a WebSocket that was let go, and that messages arrive in order, once, with their
//! attachments. The seed is in every message of a failed assertion: it is the bug report.

mod drain;
mod fuzz;
mod network;
mod scenarios;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use self::network::{Network, Wire};
use super::engine::{ExchangeId, Frame, Message, Transport, WsClosed, WsId};
use super::packet::Encoded;
use super::session::client;
use super::session::server::{self, Connection, NspId};
use super::{Backlog, DisconnectReason, Output, engine};

/// `SplitMix64`: enough randomness for a network, and the same everywhere.
pub(super) struct Rng(pub(super) u64);

impl Rng {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// What can go wrong, and when it does.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Every connection breaks, and both sides are told.
    Cut,
    /// From now on nothing arrives any more, and nobody is told.
    Silence,
    /// A proxy sends the pending GET once more.
    DuplicateGet,
    /// The WebSocket breaks, if the client still polls.
    BreakCandidate,
}

struct World {
    seed: u64,
    now: Instant,
    epoch: Instant,
    network: Network,
    client: client::Connection,
    client_wakes: Option<Instant>,
    server: Option<Connection>,
    server_wakes: Option<Instant>,
    server_cfg: Arc<server::Config>,
    nsp: Option<NspId>,
    client_nsp: Option<client::NspId>,
    /// Messages that either was told to send before the client had joined.
    client_backlog: Vec<u32>,
    server_backlog: Vec<u32>,
    /// Requests that the server has not answered.
    unanswered: BTreeSet<ExchangeId>,
    last_get: Option<ExchangeId>,
    /// Those that the server still has.
    server_ws: BTreeSet<WsId>,
    /// When each of them takes the next frame.
    ws_writable: bool,
    /// How many messages either has been able to send.
    client_said: usize,
    server_said: usize,
    at_client: Received,
    at_server: Received,
    client_closed: Option<(Duration, DisconnectReason)>,
    server_closed: Option<(Duration, DisconnectReason)>,
    steps: u64,
}

/// The messages that have arrived on one side.
#[derive(Default)]
struct Received {
    numbers: Vec<u32>,
    attachment: Option<u32>,
}

impl Received {
    fn take_event(&mut self, seed: u64, data: &Bytes, attachments: Vec<Bytes>) {
        let kind = if attachments.is_empty() { "2" } else { "5" };
        self.take(seed, &Message::Text([kind.as_bytes(), data].concat().into()));
        for data in attachments {
            self.take(seed, &Message::Binary(data));
        }
    }

    /// Every third message has an attachment with its number, which must come next.
    fn take(&mut self, seed: u64, message: &Message) {
        let number = match message {
            Message::Binary(data) => {
                let number = self.attachment.take();
                assert_eq!(number.map(u32::to_be_bytes).as_ref().map(|n| &n[..]), Some(&data[..]), "seed {seed}");
                number
            }
            Message::Text(text) => {
                assert_eq!(self.attachment, None, "seed {seed}: interleaved");
                let text = std::str::from_utf8(text).unwrap();
                let number = text.split(['[', ',', ']']).nth(2).and_then(|n| n.parse().ok());
                if text.starts_with('5') {
                    self.attachment = number;
                    None
                } else {
                    number
                }
            }
        };
        self.numbers.extend(number);
    }
}

fn message(number: u32) -> Encoded {
    if number.is_multiple_of(3) {
        let text = format!(r#"451-["n",{number},{{"_placeholder":true,"num":0}}]"#).into();
        Encoded { text, attachments: vec![Bytes::copy_from_slice(&number.to_be_bytes())] }
    } else {
        Bytes::from(format!(r#"42["n",{number}]"#)).into()
    }
}

impl World {
    fn new(seed: u64, max_latency: Duration, transport: Transport) -> Self {
        let epoch = Instant::now();
        let engine = engine::client::Config { transport, ..engine::client::Config::default() };
        let cfg = client::Config { engine, ..client::Config::default() };
        let mut world = Self {
            seed,
            now: epoch,
            epoch,
            network: Network::new(seed, max_latency),
            client: client::Connection::open(epoch, cfg),
            client_wakes: None,
            server: None,
            server_wakes: None,
            server_cfg: Arc::default(),
            nsp: None,
            client_nsp: None,
            client_backlog: Vec::new(),
            server_backlog: Vec::new(),
            unanswered: BTreeSet::new(),
            last_get: None,
            server_ws: BTreeSet::new(),
            ws_writable: true,
            client_said: 0,
            server_said: 0,
            at_client: Received::default(),
            at_server: Received::default(),
            client_closed: None,
            server_closed: None,
            steps: 0,
        };
        world.drain();
        world
    }

    fn at(&mut self, after: Duration, wire: Wire) {
        self.network.schedule(self.epoch + after, wire);
    }

    fn elapsed(&self) -> Duration {
        self.now - self.epoch
    }

    fn run(&mut self, duration: Duration) {
        let until = self.epoch + duration;
        while self.step(until) {}
        self.now = until;
    }

    /// One input to one machine, then everything that comes of it.
    fn step(&mut self, until: Instant) -> bool {
        let arrival = self.network.next_arrival();
        let next = [arrival, self.client_wakes, self.server_wakes].into_iter().flatten().min();
        let Some(next) = next.filter(|next| *next <= until) else {
            return false;
        };
        assert!(next >= self.now, "seed {}: time runs backwards", self.seed);
        self.now = next;
        self.steps += 1;
        if arrival == Some(next) {
            let wire = self.network.pop();
            self.deliver(wire);
            self.drain();
        } else if self.client_wakes == Some(next) {
            self.client.handle_timeout(next);
            self.drain();
            assert!(self.client_wakes.is_none_or(|at| at > next), "seed {}: wakes for ever", self.seed);
        } else if let Some(server) = &mut self.server {
            server.handle_timeout(next);
            self.drain();
            assert!(self.server_wakes.is_none_or(|at| at > next), "seed {}: wakes for ever", self.seed);
        }
        true
    }

    fn deliver(&mut self, wire: Wire) {
        let now = self.now;
        match wire {
            Wire::Get(id) => self.get(id),
            Wire::PostHead(id) => {
                self.unanswered.insert(id);
                self.server().handle_post_started(now, id);
            }
            Wire::PostBody(id, body) => self.server().handle_post_body(now, id, Ok(body)),
            Wire::WsConnect(ws) => self.ws_connect(ws),
            Wire::ToServer(ws, frame) => self.server().handle_ws_frame(now, ws, frame),
            Wire::ServerWsClosed(ws, how) => {
                if self.server_ws.remove(&ws) {
                    self.server().handle_ws_closed(now, ws, how);
                }
            }
            Wire::GetResponse(id, body) => self.client.handle_get_response(now, id, body),
            Wire::PostResponse(id, ok) => self.client.handle_post_response(id, ok),
            Wire::WsAccepted(ws) => self.client.handle_ws_open(ws),
            Wire::ToClient(ws, frame) => self.client.handle_ws_frame(now, ws, frame),
            Wire::ClientWsClosed(ws, how) => self.client.handle_ws_closed(ws, how),
            Wire::Writable => self.ws_writable = true,
            Wire::ClientSays(number) => match self.client_nsp {
                Some(id) => self.client_says(id, number),
                None => self.client_backlog.push(number),
            },
            Wire::ServerSays(number) => match self.nsp {
                Some(id) => self.server_says(id, number),
                None => self.server_backlog.push(number),
            },
            Wire::Join(id) => {
                if self.server().accept(id, "id") {
                    self.nsp = Some(id);
                    for number in std::mem::take(&mut self.server_backlog) {
                        self.server_says(id, number);
                    }
                }
            }
            Wire::ClientCloses => self.client.close(),
            Wire::ServerCloses => self.server().close(now, DisconnectReason::ServerShuttingDown, false),
            Wire::Happens(fault) => self.fault(fault),
        }
    }

    fn server_says(&mut self, id: NspId, number: u32) {
        self.server_said += usize::from(self.server().send(id, message(number)));
    }

    fn client_says(&mut self, id: client::NspId, number: u32) {
        self.client_said += usize::from(self.client.send(id, message(number)));
    }

    fn server(&mut self) -> &mut Connection {
        self.server.as_mut().expect("the client knows the session only after the server opened it")
    }

    fn get(&mut self, id: ExchangeId) {
        assert!(self.unanswered.insert(id), "seed {}", self.seed);
        self.last_get = Some(id);
        let now = self.now;
        match &mut self.server {
            Some(server) => server.handle_poll(now, id),
            None => {
                self.server = Some(Connection::open_polling(now, "S", id, self.server_cfg.clone()));
            }
        }
    }

    fn ws_connect(&mut self, ws: WsId) {
        let now = self.now;
        self.server_ws.insert(ws);
        match &mut self.server {
            Some(server) => server.handle_ws_open(now, ws),
            None => {
                self.server = Some(Connection::open_websocket(now, "S", ws, self.server_cfg.clone()));
            }
        }
        self.network.in_order(now, Wire::WsAccepted(ws));
    }

    fn fault(&mut self, fault: Fault) {
        match fault {
            Fault::Silence => self.network.silence(),
            Fault::BreakCandidate => {
                let now = self.now;
                if self.client.transport() == Transport::Polling {
                    for ws in self.network.break_sockets() {
                        self.network.schedule(now, Wire::ServerWsClosed(ws, WsClosed::Error));
                        self.network.schedule(now, Wire::ClientWsClosed(ws, WsClosed::Error));
                    }
                }
            }
            Fault::DuplicateGet => {
                // Ids of the client are small; the answer to a copy goes nowhere.
                if self.last_get.is_some_and(|id| self.unanswered.contains(&id)) {
                    self.get(ExchangeId(1_000_000));
                }
            }
            Fault::Cut => {
                let now = self.now;
                let (gets, posts, sockets) = self.network.cut();
                for id in gets {
                    self.network.schedule(now, Wire::GetResponse(id, None));
                }
                for id in posts {
                    self.network.schedule(now, Wire::PostResponse(id, false));
                }
                for ws in sockets {
                    self.network.schedule(now, Wire::ServerWsClosed(ws, WsClosed::Error));
                    self.network.schedule(now, Wire::ClientWsClosed(ws, WsClosed::Error));
                }
                // The first may be the end of the others.
                while let Some(id) = self.unanswered.pop_first() {
                    self.server().handle_exchange_aborted(now, id);
                    self.drain_server();
                }
            }
        }
    }

    /// Nothing is left behind once both sides have closed.
    fn assert_over(&self) {
        let seed = self.seed;
        assert!(self.client_closed.is_some() && self.server_closed.is_some(), "seed {seed}: not closed");
        let server = self.server.as_ref().expect("it was opened");
        assert_eq!(server.queued() + self.client.queued(), Backlog::default(), "seed {seed}");
        assert_eq!(self.unanswered, BTreeSet::new(), "seed {seed}");
        assert_eq!((self.client_wakes, self.server_wakes), (None, None), "seed {seed}");
    }
}
