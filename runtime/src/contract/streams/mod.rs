//! Streams (R9): a subscription is an acknowledged event, its items and its end are events of the other direction.
//!
//! | who | event | arguments |
//! |---|---|---|
//! | subscriber | `ticks` | the contract's; acked with `{ok: true, value: sub}` or `{ok: false, fault}` |
//! | producer | `ticks:next` | `sub, item`; under `window = n` every n-th with an ack request |
//! | producer | `ticks:end` | `sub, result`: `{ok: true}`, `{ok: false, error}` or `{ok: false, fault}` |
//! | subscriber | `ticks:stop` | `sub`: nothing comes any more, no end either |
//!
//! Both sides of a connection may be either, so all of it lives here; a server's socket and a client are a [`Peer`] each. The streams
//! themselves run in the connection's task, as handlers do, and end with the connection.

mod feed;
mod inbox;
mod source;
mod subscription;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use bytes::Bytes;

pub(crate) use self::feed::Driver;
pub(in crate::contract) use self::source::yields_one_of;
use self::{
    feed::Running,
    inbox::{Inbox, Received},
};
pub use self::{
    feed::{Ended, Feed},
    source::{Source, StreamNames},
    subscription::{Subscription, ToOne},
};
use super::{AckData, ArgError, Args, BoxFuture, NoAck, fault::FaultKind};
use crate::proto::packet::{DecodeError, Encoded, Header, Kind};

/// How many streams a peer may have at a time, unless a setting says otherwise.
pub(crate) const MAX_SUBSCRIPTIONS: usize = 100;

/// Called with the answer to a question, in the connection's task: nothing of the user's runs in it.
pub(crate) type Answered = Box<dyn FnOnce(Result<AckData, NoAck>) + Send>;

/// The other side of one namespace of a connection, as far as streams need it.
pub(crate) trait Peer: Send + Sync {
    /// The namespace's path.
    fn path(&self) -> &str;
    fn streams(&self) -> &Streams;
    /// Counts the connections: what belongs to one must not go over the next.
    fn epoch(&self) -> u64;
    fn is_connected(&self) -> bool;
    fn next_ack(&self) -> u64;
    /// Sends over the connection of this epoch or not at all, behind what was emitted. No policy drops it.
    fn send(&self, epoch: u64, packet: Encoded);
    /// Asks. `answered` is called once, unless this fails or the question is taken back.
    fn ask(&self, id: u64, packet: Encoded, answered: Answered) -> Result<(), NoAck>;
    /// Takes a question back if it was not sent: false if it was, or was answered.
    fn recall(&self, id: u64) -> bool;
    /// Nobody is interested in the answer any more.
    fn forget(&self, id: u64);
    /// `None` if a packet of this size may be sent now; otherwise what to wait for before asking again.
    fn room(&self, size: usize) -> Option<BoxFuture<'static, ()>>;
    fn fault(&self, event: &str, kind: FaultKind);
}

/// The streams of one socket: those that its peer has subscribed to, and those that it has subscribed to itself.
pub(crate) struct Streams {
    /// Most sockets have none.
    tables: Mutex<Option<Box<Tables>>>,
    limit: usize,
    /// There are drivers to be fetched.
    news: AtomicBool,
    /// Something was subscribed to at least once: events may be items.
    subscribed: AtomicBool,
    /// Written under the lock of the tables.
    closed: AtomicBool,
}

#[derive(Default)]
struct Tables {
    last: u64,
    running: HashMap<u64, Arc<Running>>,
    started: Vec<Driver>,
    inboxes: HashMap<u64, Arc<Inbox>>,
    /// The streams that were ever subscribed to: what still comes of them after a stop is not unknown.
    known: Vec<&'static StreamNames>,
}

impl Streams {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            tables: Mutex::default(),
            limit,
            news: AtomicBool::new(false),
            subscribed: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Box<Tables>>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // For the connection's task.

    /// Streams that were subscribed to and have to be polled from now on.
    pub(crate) fn take_started(&self) -> Vec<Driver> {
        // The task itself has set it, in the handler that it just polled.
        if !self.news.swap(false, Relaxed) {
            return Vec::new();
        }
        self.lock().as_mut().map_or_else(Vec::new, |tables| std::mem::take(&mut tables.started))
    }

    /// Takes an event if it is an item or an end; false if it is something else.
    ///
    /// # Errors
    /// It is one, and its JSON is broken.
    pub(crate) fn deliver(
        &self,
        peer: &dyn Peer,
        ack: Option<u64>,
        data: &Bytes,
        attachments: &[Bytes],
    ) -> Result<bool, DecodeError> {
        if !self.subscribed.load(Relaxed) {
            return Ok(false);
        }
        let malformed = |_| DecodeError::InvalidPayload;
        let (name, mut args) = Args::event(data, attachments).map_err(malformed)?;
        let Some(is_end) = self.known(&name) else { return Ok(false) };
        match args.next::<u64>("sub").and_then(|sub| args.finish().map(|()| sub)) {
            Ok(sub) => {
                let data = AckData { data: data.clone(), attachments: attachments.to_vec() };
                self.received(peer, sub, is_end, Received { ack, data });
            }
            Err(ArgError::Bad(bad)) => peer.fault(&name, FaultKind::BadArgs(bad)),
            Err(ArgError::Malformed) => return Err(DecodeError::InvalidPayload),
        }
        Ok(true)
    }

    /// Whether an event of this name is an end, or an item, of something that was subscribed to.
    fn known(&self, name: &str) -> Option<bool> {
        self.lock().as_ref()?.known.iter().find_map(|names| match name {
            name if name == names.next => Some(false),
            name if name == names.end => Some(true),
            _ => None,
        })
    }

    fn received(&self, peer: &dyn Peer, sub: u64, is_end: bool, received: Received) {
        let find = |tables: &mut Box<Tables>| {
            if is_end { tables.inboxes.remove(&sub) } else { tables.inboxes.get(&sub).cloned() }
        };
        let inbox = self.lock().as_mut().and_then(find);
        match inbox {
            // What comes behind a stop is nobody's.
            None => {}
            Some(inbox) if is_end => inbox.ended(received),
            Some(inbox) => inbox.push(peer, received),
        }
    }

    /// The connection is gone: what the peer had subscribed to ends, what was subscribed to at the peer is again, or ends.
    #[cfg(feature = "client")]
    pub(crate) fn disconnected(&self) {
        self.end(false);
    }

    /// There is a new connection: what was still opened over the last one after its end is not for it.
    #[cfg(feature = "client")]
    pub(crate) fn joined(&self) {
        let running = self.lock().as_mut().map(|tables| std::mem::take(&mut tables.running));
        for (_, running) in running.into_iter().flatten() {
            running.stop();
        }
    }

    /// There will be no connection any more.
    pub(crate) fn close(&self) {
        self.end(true);
    }

    fn end(&self, closed: bool) {
        let mut guard = self.lock();
        self.closed.fetch_or(closed, Relaxed);
        let Some(tables) = guard.as_mut() else { return };
        let (running, inboxes) = (std::mem::take(&mut tables.running), std::mem::take(&mut tables.inboxes));
        // A driver that was never fetched holds the user's values: not dropped under the lock.
        let started = if closed { std::mem::take(&mut tables.started) } else { Vec::new() };
        drop(guard);
        for running in running.into_values() {
            running.stop();
        }
        for inbox in inboxes.into_values() {
            inbox.disconnected();
        }
        drop(started);
    }

    // For producers.

    /// Opens a subscription of the peer's; `None` if it has as many as it may.
    fn open(&self, driver: impl FnOnce(u64, &Arc<Running>) -> Driver) -> Opened {
        let mut guard = self.lock();
        if self.closed.load(Relaxed) {
            return Opened::Closed;
        }
        let tables = guard.get_or_insert_default();
        if tables.running.len() >= self.limit {
            return Opened::Full;
        }
        tables.last += 1;
        let (sub, running) = (tables.last, Arc::new(Running::default()));
        tables.started.push(driver(sub, &running));
        tables.running.insert(sub, running);
        self.news.store(true, Relaxed);
        Opened::As(sub)
    }

    /// Ends a subscription of the peer's. Unknown ones have ended already.
    fn stop(&self, sub: u64) {
        let running = self.lock().as_mut().and_then(|tables| tables.running.remove(&sub));
        if let Some(running) = running {
            running.stop();
        }
    }

    /// The stream has come to its end: false if it was stopped before.
    fn finished(&self, sub: u64) -> bool {
        self.lock().as_mut().is_some_and(|tables| tables.running.remove(&sub).is_some())
    }

    // For subscribers.

    /// Items of this stream may come from now on.
    fn expect(&self, names: &'static StreamNames) {
        let mut guard = self.lock();
        let known = &mut guard.get_or_insert_default().known;
        if !known.contains(&names) {
            known.push(names);
        }
        self.subscribed.store(true, Relaxed);
    }

    /// Items of this subscription go to `inbox` from now on; false if the peer has given the id away already.
    fn register(&self, sub: u64, inbox: &Arc<Inbox>) -> bool {
        match self.lock().get_or_insert_default().inboxes.entry(sub) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(Arc::clone(inbox));
                true
            }
        }
    }

    /// Whether somebody reads the items of this subscription.
    #[cfg(feature = "testing")]
    pub(crate) fn is_subscribed(&self, sub: u64) -> bool {
        self.lock().as_ref().is_some_and(|tables| tables.inboxes.contains_key(&sub))
    }

    fn unregister(&self, sub: u64) {
        let inbox = self.lock().as_mut().and_then(|tables| tables.inboxes.remove(&sub));
        drop(inbox);
    }
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables = self.lock();
        let (running, inboxes) = tables.as_ref().map_or((0, 0), |tables| (tables.running.len(), tables.inboxes.len()));
        f.debug_struct("Streams").field("running", &running).field("subscribed", &inboxes).finish_non_exhaustive()
    }
}

/// What became of a subscription of the peer's.
enum Opened {
    As(u64),
    Full,
    Closed,
}

/// The connection that a stream belongs to.
#[derive(Clone)]
pub(crate) struct Line {
    peer: Arc<dyn Peer>,
    epoch: u64,
}

impl Line {
    #[cfg_attr(not(any(feature = "server", feature = "client")), expect(dead_code, reason = "only a runtime has connections"))]
    pub(crate) fn new(peer: Arc<dyn Peer>, epoch: u64) -> Self {
        Self { peer, epoch }
    }

    /// Whether the connection is not the one that is in use now.
    fn is_stale(&self) -> bool {
        self.epoch != self.peer.epoch()
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

/// An event with the header that belongs before its JSON.
fn event(nsp: &str, id: Option<u64>, attachments: usize, out: &mut Vec<u8>) {
    let kind = if attachments == 0 { Kind::Event } else { Kind::BinaryEvent };
    Header { kind, attachments, nsp, id }.write(out);
}

/// `[]`, to a packet with this ack id.
fn acked(nsp: &str, id: u64) -> Encoded {
    Header { id: Some(id), ..Header::new(Kind::Ack, nsp) }.with_json(b"[]")
}
