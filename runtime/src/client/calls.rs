//! Questions to the server that wait for their answers.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasherDefault, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

use super::{core::Core, offline::Offline, outbox::Pushed};
use crate::{
    contract::{AckData, NoAck},
    proto::packet::Encoded,
};

type Answer = Result<AckData, NoAck>;
/// The name of a call. Also its ack id, unless the client retries: then it gets that when it is sent.
pub(super) type Ticket = u64;

/// The open questions, by ack id. An id leaves with its answer, its timeout, its caller, or the connection that it went over.
#[derive(Default)]
pub(super) struct Calls {
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    closed: bool,
    waiting: HashMap<u64, Waiter, BuildHasherDefault<IdHasher>>,
}

/// Ids are this side's own count: nobody can choose them so that they collide, and a keyed hash would protect from nothing.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, id: u64) {
        // 2⁶⁴ divided by the golden ratio (Knuth): spreads what is counted over all bits.
        self.0 = id.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write(&mut self, bytes: &[u8]) {
        // Not with ids.
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }
}

struct Waiter {
    caller: oneshot::Sender<Answer>,
    /// It was given to a connection. If not, it waits for the next one (as in the reference: what is in the `sendBuffer` is not
    /// rejected on disconnect).
    sent: bool,
}

impl Calls {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, id: u64) -> Option<oneshot::Receiver<Answer>> {
        let (caller, answer) = oneshot::channel();
        let mut open = self.lock();
        if open.closed {
            return None;
        }
        open.waiting.insert(id, Waiter { caller, sent: false });
        Some(answer)
    }

    /// A question is about to be sent; false if nobody waits for the answer any more.
    pub(super) fn sent(&self, id: u64) -> bool {
        self.lock().waiting.get_mut(&id).map(|waiter| waiter.sent = true).is_some()
    }

    /// Gives an answer to whoever waits for it. Late, doubled and made-up ones are for nobody, and harmless.
    pub(super) fn settle(&self, id: u64, ack: AckData) {
        let waiter = match self.lock().waiting.entry(id) {
            Entry::Occupied(waiter) if waiter.get().sent => waiter.remove(),
            _ => return,
        };
        // An answer wakes its caller: not under the lock. It may just have gone.
        let _ = waiter.caller.send(Ok(ack));
    }

    /// A question that cannot be sent, or was sent in vain.
    pub(super) fn refuse(&self, id: u64, why: NoAck) {
        if let Some(waiter) = self.lock().waiting.remove(&id) {
            // The caller may just have gone.
            let _ = waiter.caller.send(Err(why));
        }
    }

    /// Whether a question still waits to be sent.
    fn is_unsent(&self, id: u64) -> bool {
        self.lock().waiting.get(&id).is_some_and(|waiter| !waiter.sent)
    }

    /// The connection is gone, and every answer with it. A caller learns it from its channel.
    pub(super) fn disconnected(&self) {
        self.lock().waiting.retain(|_, waiter| !waiter.sent);
    }

    /// There will be no connection any more.
    pub(super) fn close(&self) {
        let mut open = self.lock();
        open.closed = true;
        open.waiting = HashMap::default();
    }
}

/// Asks the server.
pub(super) async fn ask(core: Arc<Core>, id: u64, packet: Encoded, offline: Offline, timeout: Option<Duration>) -> Answer {
    let fails = matches!(offline, Offline::Fail | Offline::Drop);
    if fails && !core.is_connected() {
        return Err(NoAck::Disconnected);
    }
    let answer = core.calls.add(id).ok_or(NoAck::Disconnected)?;
    core.hear_outgoing(&packet);
    let forget = Forget { core, id };
    match forget.core.ask(id, packet) {
        Pushed::Queued => {}
        Pushed::Dropped => return Err(NoAck::Overflow),
        Pushed::Closed => return Err(NoAck::Disconnected),
    }
    let answered = async {
        let mut answer = answer;
        if let Offline::Expire(after) = offline {
            match tokio::time::timeout(after, &mut answer).await {
                Ok(answer) => return answer.unwrap_or(Err(NoAck::Disconnected)),
                Err(_) if forget.core.calls.is_unsent(id) => return Err(NoAck::Timeout),
                Err(_) => {}
            }
        }
        answer.await.unwrap_or(Err(NoAck::Disconnected))
    };
    match timeout {
        Some(timeout) => tokio::time::timeout(timeout, answered).await.unwrap_or(Err(NoAck::Timeout)),
        None => answered.await,
    }
}

/// Takes a question back when nobody waits for its answer any more: also out of the outbox, as in the reference.
struct Forget {
    core: Arc<Core>,
    id: u64,
}

impl Drop for Forget {
    fn drop(&mut self) {
        let waiter = self.core.calls.lock().waiting.remove(&self.id);
        if waiter.is_some_and(|waiter| !waiter.sent) {
            self.core.outbox.forget(self.id);
        }
        self.core.given_up(self.id);
    }
}
