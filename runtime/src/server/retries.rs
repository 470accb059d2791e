//! What clients that send again what is not acknowledged have sent: nothing of it is handled twice.
//!
//! The bookkeeping of one client is [`Answers`]; here are the clients, by the key that each shows when it connects, and the way of an
//! answer to the socket that its client has by then. Sockets without a key pay nothing but a look.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use serde::Deserialize;

use super::core::SocketCore;
use crate::{
    net::clock,
    proto::{
        packet::Encoded,
        retries::{Answers, Arrival, UNTRACKED},
    },
};

/// What a client costs beside its answers.
const ENTRY: usize = 256;

#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Bytes of answers of one client.
    pub(crate) answers: usize,
    /// Clients that have left.
    pub(crate) clients: usize,
    /// Bytes of all clients that have left.
    pub(crate) bytes: usize,
    /// How long a client that has left is remembered.
    pub(crate) duration: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answers: 1024 * 1024, clients: 10_000, bytes: 64 * 1024 * 1024, duration: Duration::from_mins(2) }
    }
}

/// What a client calls itself. A secret, as whoever shows it gets the client's answers: it has no `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 20]);

impl Key {
    /// The key in an auth payload, if there is one.
    pub(crate) fn of(auth: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Auth {
            // `retries::AUTH_KEY`
            #[serde(rename = "ackord:session")]
            session: String,
        }
        let Auth { session } = serde_json::from_slice(auth).ok()?;
        session.as_bytes().try_into().ok().map(Self)
    }
}

/// A client in one namespace.
type Name = (Arc<str>, Key);

/// The clients of a server that retry: those that are here, and for some time those that were.
pub(crate) struct Retries {
    limits: Limits,
    clients: Mutex<Clients>,
}

#[derive(Default)]
struct Clients {
    by_name: HashMap<Name, Arc<Client>>,
    /// Those that have left, in that order.
    left: BTreeMap<u64, Left>,
    left_bytes: usize,
    departures: u64,
}

struct Left {
    name: Name,
    at: Instant,
    bytes: usize,
}

/// What one client has sent, across its connections.
struct Client {
    name: Name,
    state: Mutex<State>,
}

struct State {
    answers: Answers,
    /// The latest; earlier ones of the same client have no say any more.
    socket: Weak<SocketCore>,
    /// The number of its departure, if it has left.
    left: Option<u64>,
}

impl State {
    fn is_of(&self, socket: &SocketCore) -> bool {
        std::ptr::eq(self.socket.as_ptr(), socket)
    }
}

impl Client {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Retries {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, clients: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Clients> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The socket is a client's that shows this key. From now on the client's answers go to it.
    pub(crate) fn attach(self: &Arc<Self>, key: Key, socket: &Arc<SocketCore>) {
        let name = (Arc::clone(&socket.nsp.path), key);
        let client = {
            let mut clients = self.lock();
            clients.sweep(clock::now(), &self.limits);
            let client = clients.by_name.entry(name).or_insert_with_key(|name| {
                let state = State { answers: Answers::new(self.limits.answers), socket: Weak::new(), left: None };
                Arc::new(Client { name: name.clone(), state: Mutex::new(state) })
            });
            let client = Arc::clone(client);
            let mut state = client.lock();
            state.socket = Arc::downgrade(socket);
            if let Some(left) = state.left.take().and_then(|number| clients.left.remove(&number)) {
                clients.left_bytes -= left.bytes;
            }
            drop(state);
            client
        };
        let _ = socket.retries.set(Attached { retries: Arc::clone(self), client });
    }

    /// Its last socket is gone.
    fn leave(&self, client: &Arc<Client>, socket: &SocketCore) {
        let mut clients = self.lock();
        let mut state = client.lock();
        if !state.is_of(socket) || state.left.is_some() {
            return;
        }
        let (now, bytes) = (clock::now(), ENTRY + state.answers.cost());
        state.left = Some(clients.leaves(client.name.clone(), now, bytes));
        drop(state);
        clients.sweep(now, &self.limits);
    }

    /// A client that has left takes more memory than it did.
    fn recount(&self, client: &Client) {
        let mut clients = self.lock();
        let state = client.lock();
        let Some(number) = state.left else { return };
        let bytes = ENTRY + state.answers.cost();
        drop(state);
        let Clients { left, left_bytes, .. } = &mut *clients;
        if let Some(left) = left.get_mut(&number) {
            *left_bytes = *left_bytes - left.bytes + bytes;
            left.bytes = bytes;
        }
        clients.sweep(clock::now(), &self.limits);
    }
}

impl Clients {
    fn leaves(&mut self, name: Name, at: Instant, bytes: usize) -> u64 {
        self.departures += 1;
        self.left_bytes += bytes;
        self.left.insert(self.departures, Left { name, at, bytes });
        self.departures
    }

    /// Forgets whom there is no room or no time for any more, the earliest first.
    fn sweep(&mut self, now: Instant, limits: &Limits) {
        for _ in 0..self.left.len() {
            let crowded = self.left.len() > limits.clients || self.left_bytes > limits.bytes;
            let Some(first) = self.left.first_entry() else { return };
            if !crowded && now < first.get().at + limits.duration {
                return;
            }
            let left = first.remove();
            self.left_bytes -= left.bytes;
            if crowded || !self.put_off(&left, now) {
                self.by_name.remove(&left.name);
            }
        }
    }

    /// What is being handled now would be handled again: that client is remembered a while longer.
    fn put_off(&mut self, left: &Left, now: Instant) -> bool {
        let Some(client) = self.by_name.get(&left.name).cloned() else { return false };
        let mut state = client.lock();
        let busy = state.answers.is_running();
        if busy {
            state.left = Some(self.leaves(left.name.clone(), now, left.bytes));
        }
        busy
    }
}

/// A socket's share in its client.
#[derive(Clone)]
pub(crate) struct Attached {
    retries: Arc<Retries>,
    client: Arc<Client>,
}

/// Of a socket: empty for one whose client does not retry.
pub(crate) type Attachment = OnceLock<Attached>;

impl Attached {
    /// The socket is gone. Idempotent.
    pub(crate) fn leave(&self, socket: &SocketCore) {
        self.retries.leave(&self.client, socket);
    }
}

/// What to do with an event that has arrived.
pub(crate) enum Arrived {
    /// Handle it; of a client that retries, answer it through this.
    New(Option<Running>),
    /// Nothing: it was handled or is being handled, and is answered if it can be.
    Known,
    /// It was handled, but its answer was forgotten.
    Forgotten,
}

/// An event has arrived over this socket.
pub(crate) fn arrive(socket: &SocketCore, ack: Option<u64>) -> Arrived {
    let (Some(attached), Some(id)) = (socket.retries.get(), ack.filter(|id| *id < UNTRACKED)) else {
        return Arrived::New(None);
    };
    let mut state = attached.client.lock();
    // What an earlier socket still brings is on its way over the latest as well, or its sender has done with it.
    let arrival = if state.is_of(socket) { state.answers.arrive(id) } else { Arrival::Stale };
    drop(state);
    match arrival {
        Arrival::New => return Arrived::New(Some(Running { attached: attached.clone(), id })),
        Arrival::Forgotten => return Arrived::Forgotten,
        Arrival::Answered(answer) => socket.send_kept(answer),
        Arrival::Stale => drop(socket.nsp.stale_events.fetch_add(1, Relaxed)),
        Arrival::Known => {}
    }
    Arrived::Known
}

/// An event that is being handled. Dropped without an answer, it was not handled to its end, and is new should it come again.
pub(crate) struct Running {
    attached: Attached,
    id: u64,
}

impl Running {
    /// Keeps the answer, and sends it over the latest socket of the client.
    pub(crate) fn answer(self, answer: Encoded) {
        let mut state = self.attached.client.lock();
        let socket = if state.answers.answer(self.id, &answer) { state.socket.upgrade() } else { None };
        let has_left = state.left.is_some();
        drop(state);
        if let Some(socket) = socket {
            socket.send_kept(answer);
        }
        if has_left {
            self.attached.retries.recount(&self.attached.client);
        }
    }

    /// It was handled, and there is no answer.
    pub(crate) fn finish(self) {
        self.attached.client.lock().answers.finish(self.id);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.attached.client.lock().answers.release(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::retries::AUTH_KEY;

    #[test]
    fn the_key_is_in_the_auth_payload() {
        let of = |auth: String| Key::of(auth.as_bytes()).map(|key| key.0);
        let name = "abcdefghijklmnopqrst";
        assert_eq!(of(format!(r#"{{"{AUTH_KEY}":"{name}","token":[1]}}"#)).as_ref().map(|key| &key[..]), Some(name.as_bytes()));
        for other in ["{}", "null", "[]", r#"{"ackord:session":"short"}"#, r#"{"ackord:session":7}"#] {
            assert!(of(other.to_owned()).is_none(), "{other}");
        }
    }
}
