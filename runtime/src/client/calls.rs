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
    contract::{AckData, NoAck, streams::Answered},
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
    caller: Caller,
    /// It was given to a connection. If not, it waits for the next one (as in the reference: what is in the `sendBuffer` is not
    /// rejected on disconnect).
    sent: bool,
}

enum Caller {
    Task(oneshot::Sender<Answer>),
    /// Is called where the answer arrives.
    Call(Answered),
}

impl Caller {
    fn settle(self, answer: Answer) {
        match self {
            // The caller may just have gone.
            Self::Task(caller) => drop(caller.send(answer)),
            Self::Call(answered) => answered(answer),
        }
    }

    /// A task learns it from its channel.
    fn disconnected(self) {
        if let Self::Call(answered) = self {
            answered(Err(NoAck::Disconnected));
        }
    }
}

impl Calls {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, id: u64) -> Option<oneshot::Receiver<Answer>> {
        let (caller, answer) = oneshot::channel();
        self.insert(id, Caller::Task(caller)).then_some(answer)
    }

    /// Has `answered` called with the answer; false if there will be no connection any more.
    pub(super) fn add_call(&self, id: u64, answered: Answered) -> bool {
        self.insert(id, Caller::Call(answered))
    }

    fn insert(&self, id: u64, caller: Caller) -> bool {
        let mut open = self.lock();
        if !open.closed {
            open.waiting.insert(id, Waiter { caller, sent: false });
        }
        !open.closed
    }

    /// Forgets a question: whether it was sent, if it was still open.
    pub(super) fn remove(&self, id: u64) -> Option<bool> {
        let waiter = self.lock().waiting.remove(&id);
        waiter.map(|waiter| waiter.sent)
    }

    /// Forgets a question that was not sent; false for every other.
    pub(super) fn remove_unsent(&self, id: u64) -> bool {
        let waiter = {
            let mut open = self.lock();
            if open.waiting.get(&id).is_some_and(|waiter| !waiter.sent) { open.waiting.remove(&id) } else { None }
        };
        waiter.is_some()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.lock().waiting.len()
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
        // An answer wakes its caller: not under the lock.
        waiter.caller.settle(Ok(ack));
    }

    /// A question that cannot be sent, or was sent in vain.
    pub(super) fn refuse(&self, id: u64, why: NoAck) {
        let waiter = self.lock().waiting.remove(&id);
        if let Some(waiter) = waiter {
            waiter.caller.settle(Err(why));
        }
    }

    /// Whether a question still waits to be sent.
    fn is_unsent(&self, id: u64) -> bool {
        self.lock().waiting.get(&id).is_some_and(|waiter| !waiter.sent)
    }

    /// The connection is gone, and every answer to a question of these with it. A caller learns it from its channel.
    pub(super) fn disconnected(&self, of: impl Fn(u64) -> bool) {
        let gone: Vec<_> = self.lock().waiting.extract_if(|id, waiter| waiter.sent && of(*id)).collect();
        for (_, waiter) in gone {
            waiter.caller.disconnected();
        }
    }

    /// There will be no connection any more.
    pub(super) fn close(&self) {
        let mut open = self.lock();
        open.closed = true;
        let waiting = std::mem::take(&mut open.waiting);
        drop(open);
        for waiter in waiting.into_values() {
            waiter.caller.disconnected();
        }
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
        if self.core.calls.remove(self.id) == Some(false) {
            self.core.outbox.forget(self.id);
        }
        self.core.given_up(self.id);
    }
}
