//! Latency, order and faults.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::{ExchangeId, Fault, Frame, NspId, Rng, WsClosed, WsId};

/// Something that arrives somewhere.
pub(super) enum Wire {
    Get(ExchangeId),
    PostHead(ExchangeId),
    PostBody(ExchangeId, Bytes),
    WsConnect(WsId),
    ToServer(WsId, Frame),
    ServerWsClosed(WsId, WsClosed),
    GetResponse(ExchangeId, Option<Bytes>),
    PostResponse(ExchangeId, bool),
    WsAccepted(WsId),
    ToClient(WsId, Frame),
    ClientWsClosed(WsId, WsClosed),
    /// The server's WebSocket takes frames again.
    Writable,
    /// Orders from the test.
    ClientSays(u32),
    ServerSays(u32),
    Join(NspId),
    ClientCloses,
    ServerCloses,
    Happens(Fault),
}

impl Wire {
    /// Whether it travels, and can be lost.
    fn travels(&self) -> bool {
        !matches!(
            self,
            Self::Writable
                | Self::ClientSays(_)
                | Self::ServerSays(_)
                | Self::Join(_)
                | Self::ClientCloses
                | Self::ServerCloses
                | Self::Happens(_)
        )
    }

    /// The WebSocket it travels on, and whether towards the server.
    fn path(&self) -> Option<(WsId, bool)> {
        match self {
            Self::WsConnect(ws) | Self::ToServer(ws, _) | Self::ServerWsClosed(ws, _) => Some((*ws, true)),
            Self::WsAccepted(ws) | Self::ToClient(ws, _) | Self::ClientWsClosed(ws, _) => Some((*ws, false)),
            _ => None,
        }
    }
}

/// Ordered by time, then by order of sending.
struct Item(Instant, u64, Wire);

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.1 == other.1
    }
}

impl Eq for Item {}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Item {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0, self.1).cmp(&(other.0, other.1))
    }
}

pub(super) struct Network {
    rng: Rng,
    max_latency: Duration,
    queue: BinaryHeap<Reverse<Item>>,
    sequence: u64,
    /// When the last thing arrives on each path: nothing overtakes it.
    last: BTreeMap<(WsId, bool), Instant>,
    sockets: BTreeSet<WsId>,
    /// Requests whose answers the client awaits.
    gets: BTreeSet<ExchangeId>,
    posts: BTreeSet<ExchangeId>,
    silent: bool,
}

impl Network {
    pub(super) fn new(seed: u64, max_latency: Duration) -> Self {
        Self {
            rng: Rng(seed),
            max_latency,
            queue: BinaryHeap::new(),
            sequence: 0,
            last: BTreeMap::new(),
            sockets: BTreeSet::new(),
            gets: BTreeSet::new(),
            posts: BTreeSet::new(),
            silent: false,
        }
    }

    pub(super) fn next_arrival(&self) -> Option<Instant> {
        self.queue.peek().map(|item| item.0.0)
    }

    pub(super) fn pop(&mut self) -> Wire {
        let wire = self.queue.pop().expect("next_arrival was asked").0.2;
        match &wire {
            Wire::GetResponse(id, _) => drop(self.gets.remove(id)),
            Wire::PostResponse(id, _) => drop(self.posts.remove(id)),
            _ => {}
        }
        wire
    }

    pub(super) fn schedule(&mut self, at: Instant, wire: Wire) {
        if !(self.silent && wire.travels()) {
            self.sequence += 1;
            self.queue.push(Reverse(Item(at, self.sequence, wire)));
        }
    }

    /// Some time later, at most the latency.
    pub(super) fn later(&mut self, now: Instant) -> Instant {
        let micros = self.max_latency.as_micros() as u64;
        now + Duration::from_micros(self.rng.below(micros + 1))
    }

    pub(super) fn get(&mut self, now: Instant, id: ExchangeId) {
        self.gets.insert(id);
        let at = self.later(now);
        self.schedule(at, Wire::Get(id));
    }

    pub(super) fn post(&mut self, now: Instant, id: ExchangeId, body: Bytes) {
        self.posts.insert(id);
        let head = self.later(now);
        self.schedule(head, Wire::PostHead(id));
        let end = self.later(head);
        self.schedule(end, Wire::PostBody(id, body));
    }

    pub(super) fn get_response(&mut self, now: Instant, id: ExchangeId, body: Option<Bytes>) {
        if self.gets.contains(&id) {
            let at = self.later(now);
            self.schedule(at, Wire::GetResponse(id, body));
        }
    }

    pub(super) fn post_response(&mut self, now: Instant, id: ExchangeId, ok: bool) {
        if self.posts.contains(&id) {
            let at = self.later(now);
            self.schedule(at, Wire::PostResponse(id, ok));
        }
    }

    pub(super) fn connect(&mut self, now: Instant, ws: WsId) {
        self.sockets.insert(ws);
        self.in_order(now, Wire::WsConnect(ws));
    }

    /// Sends on a WebSocket.
    pub(super) fn in_order(&mut self, now: Instant, wire: Wire) {
        let at = self.later(now);
        let path = wire.path().expect("only what a WebSocket carries");
        let last = self.last.entry(path).or_insert(at);
        *last = at.max(*last);
        let at = *last;
        self.schedule(at, wire);
    }

    pub(super) fn sockets(&self) -> Vec<WsId> {
        self.sockets.iter().copied().collect()
    }

    /// Until when the server's WebSocket takes nothing more, if it is full now.
    pub(super) fn stall(&mut self, now: Instant) -> Option<Instant> {
        (self.rng.below(4) == 0).then(|| self.later(now))
    }

    /// Everything that travels is lost; returns what breaks: GETs, POSTs, sockets.
    pub(super) fn cut(&mut self) -> (BTreeSet<ExchangeId>, BTreeSet<ExchangeId>, BTreeSet<WsId>) {
        self.queue.retain(|item| !item.0.2.travels());
        let take = std::mem::take::<BTreeSet<ExchangeId>>;
        (take(&mut self.gets), take(&mut self.posts), std::mem::take(&mut self.sockets))
    }

    /// What travels on sockets is lost; returns which.
    pub(super) fn break_sockets(&mut self) -> BTreeSet<WsId> {
        self.queue.retain(|item| item.0.2.path().is_none());
        std::mem::take(&mut self.sockets)
    }

    /// Everything that travels is lost, now and for ever.
    pub(super) fn silence(&mut self) {
        self.queue.retain(|item| !item.0.2.travels());
        self.silent = true;
    }
}
