//! The way into a connection's task: what others want sent, and what HTTP brings. The only thing of a connection that is shared.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{
            AtomicBool, AtomicUsize, Ordering::AcqRel, Ordering::Acquire, Ordering::Relaxed, Ordering::Release, Ordering::SeqCst,
        },
    },
    task::Waker,
};

use bytes::Bytes;
use futures_util::task::AtomicWaker;
use tokio::sync::{Notify, oneshot};

use super::config::{Config, Overflow};
use crate::{
    net::ws::Ws,
    proto::{
        DisconnectReason,
        engine::{ExchangeId, Transport, server::PostError},
        packet::Encoded,
        session::server::NspId,
    },
};

/// What an entry costs beside its bytes.
const ENTRY: usize = 32;
/// What a stream may have in the outbox: as much as the task takes out of it at a time.
const STREAM: usize = 64 * 1024;
/// An emptied queue that once held more than this gives its memory back.
const KEEP: usize = 256;

pub(crate) struct Mailbox {
    queue: Mutex<Queue>,
    waker: AtomicWaker,
    /// The task has been woken and has not looked yet: who comes next need not wake it again.
    awake: AtomicBool,
    /// There is something in the queue: saves the task the lock when there is not.
    news: AtomicBool,
    /// Whether the network would take a packet at once.
    writable: AtomicBool,
    /// Bytes that the task has taken and the network has not.
    backlog: AtomicUsize,
    /// Bytes that the task has taken and holds back, for namespaces that are connecting.
    held: AtomicUsize,
    websocket: AtomicBool,
    flushed: Notify,
    /// The network has taken something.
    taken: Notify,
    budget: usize,
    overflow: Overflow,
}

#[derive(Default)]
struct Queue {
    outgoing: VecDeque<Outgoing>,
    bytes: usize,
    inputs: VecDeque<Input>,
    closed: bool,
    slow: bool,
    /// There is a command: it must not wait for a client that does not read.
    urgent: bool,
}

/// What others want of a connection, in order.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Packet { nsp: NspId, packet: Encoded, droppable: bool },
    Leave(NspId),
    Close(DisconnectReason),
}

impl Outgoing {
    fn cost(&self) -> usize {
        match self {
            Self::Packet { packet, .. } => ENTRY + packet.size(),
            Self::Leave(_) | Self::Close(_) => ENTRY,
        }
    }

    fn is_droppable(&self) -> bool {
        matches!(self, Self::Packet { droppable: true, .. })
    }
}

/// How a GET or POST is answered; dropped unanswered if the connection is to be destroyed.
pub(crate) enum Answer {
    Payload(Bytes),
    Ok,
    Status(u16),
}

/// What HTTP brings to a connection.
pub(crate) enum Input {
    Poll(ExchangeId, oneshot::Sender<Answer>),
    PostStarted(ExchangeId, oneshot::Sender<Answer>),
    PostBody(ExchangeId, Result<Bytes, PostError>),
    Aborted(ExchangeId),
    WebSocket(Box<Ws>),
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    Queued,
    /// The outbox was full and this or an older event was dropped.
    Dropped,
    /// The connection is gone.
    Closed,
}

impl Mailbox {
    pub(crate) fn new(config: &Config, transport: Transport) -> Self {
        Self {
            queue: Mutex::default(),
            waker: AtomicWaker::new(),
            awake: AtomicBool::new(false),
            news: AtomicBool::new(false),
            writable: AtomicBool::new(false),
            backlog: AtomicUsize::new(0),
            held: AtomicUsize::new(0),
            websocket: AtomicBool::new(transport == Transport::WebSocket),
            flushed: Notify::new(),
            taken: Notify::new(),
            budget: config.outbox,
            overflow: config.overflow,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        // Before `awake`, and the task looks at them in the other order: one of the two sees the other.
        self.news.store(true, SeqCst);
        if !self.awake.swap(true, SeqCst) {
            self.waker.wake();
        }
    }

    // For everyone.

    /// Queues a packet. Never blocks; what does not fit is handled by the overflow policy.
    pub(crate) fn push(&self, nsp: NspId, packet: Encoded, droppable: bool) -> Pushed {
        let mut queue = self.lock();
        if queue.closed {
            return Pushed::Closed;
        }
        let item = Outgoing::Packet { nsp, packet, droppable };
        let taken = self.backlog.load(Relaxed) + self.held.load(Relaxed);
        let pushed = queue.push(item, taken, self.budget, self.overflow);
        drop(queue);
        self.wake();
        pushed
    }

    /// Queues a packet if the network would take it now. It never is what makes a client too slow.
    pub(crate) fn offer(&self, nsp: NspId, packet: Encoded) {
        if !self.is_writable() {
            return;
        }
        let item = Outgoing::Packet { nsp, packet, droppable: true };
        let mut queue = self.lock();
        let used = queue.bytes + self.backlog.load(Relaxed);
        if !queue.closed && (used == 0 || used + item.cost() <= self.budget) {
            queue.bytes += item.cost();
            queue.outgoing.push_back(item);
            drop(queue);
            self.wake();
        }
    }

    /// Queues what must not get lost, nor wait for a client that does not read: it counts nothing and is never dropped.
    pub(crate) fn command(&self, command: Outgoing) {
        let mut queue = self.lock();
        if !queue.closed {
            queue.bytes += command.cost();
            queue.outgoing.push_back(command);
            queue.urgent = true;
            drop(queue);
            self.wake();
        }
    }

    /// Hands over what HTTP brought; gives it back if the connection is gone.
    pub(crate) fn submit(&self, input: Input) -> Result<(), Input> {
        let mut queue = self.lock();
        if queue.closed {
            return Err(input);
        }
        queue.inputs.push_back(input);
        drop(queue);
        self.wake();
        Ok(())
    }

    fn is_writable(&self) -> bool {
        self.writable.load(Acquire)
    }

    pub(crate) fn transport(&self) -> Transport {
        if self.websocket.load(Acquire) { Transport::WebSocket } else { Transport::Polling }
    }

    /// Waits until everything queued so far, and since, is with the network. False if the connection ended first.
    pub(crate) async fn flushed(&self) -> bool {
        loop {
            let notified = self.flushed.notified();
            {
                let queue = self.lock();
                if queue.closed {
                    return false;
                }
                if queue.outgoing.is_empty() && self.backlog.load(Acquire) == 0 {
                    return true;
                }
            }
            notified.await;
        }
    }

    /// Whether a stream may send a packet of this size now: it keeps only so much in the outbox that the network never waits for it.
    pub(crate) fn has_room(&self, size: usize) -> bool {
        let queue = self.lock();
        let used = queue.bytes + self.backlog.load(Relaxed);
        queue.closed || used == 0 || (used < STREAM.min(self.budget / 4).max(1) && used + ENTRY + size <= self.budget)
    }

    /// Waits until there may be room, or the connection is over.
    pub(crate) async fn room(&self, size: usize) {
        loop {
            let taken = self.taken.notified();
            if self.has_room(size) {
                return;
            }
            taken.await;
        }
    }

    // For the task.

    /// The task runs: nobody needs to wake it.
    pub(crate) fn awake(&self) {
        self.awake.store(true, Release);
    }

    /// The task is about to sleep: whoever writes from now on wakes it. False if there is something to do already. A task without room
    /// waits for the network and leaves the outbox alone.
    pub(crate) fn sleep(&self, waker: &Waker, has_room: bool) -> bool {
        self.waker.register(waker);
        self.awake.store(false, SeqCst);
        if !self.news.load(SeqCst) {
            return true;
        }
        let queue = self.lock();
        let busy = !queue.inputs.is_empty() || queue.slow || queue.urgent || (has_room && !queue.outgoing.is_empty());
        if busy {
            self.awake.store(true, Release);
        }
        !busy
    }

    pub(crate) fn take_inputs(&self, into: &mut VecDeque<Input>) {
        if self.news.load(Acquire) {
            into.append(&mut self.lock().inputs);
        }
    }

    /// Moves packets worth about `room` bytes to the task, and up to the last command in any case; true if the consumer was too slow.
    pub(crate) fn take_outgoing(&self, into: &mut VecDeque<Outgoing>, room: usize) -> bool {
        if !self.news.load(Acquire) {
            return false;
        }
        let mut queue = self.lock();
        let mut taken = 0;
        while taken < room || queue.urgent {
            let Some(item) = queue.outgoing.pop_front() else { break };
            taken += item.cost();
            into.push_back(item);
        }
        queue.bytes -= taken;
        if taken > 0 {
            // Within the lock, so that no byte is uncounted between queue and backlog.
            self.backlog.fetch_add(taken, Relaxed);
        }
        if queue.outgoing.is_empty() {
            queue.urgent = false;
            self.news.store(!queue.inputs.is_empty(), Release);
            if queue.outgoing.capacity() > KEEP {
                queue.outgoing = VecDeque::new();
            }
        }
        std::mem::take(&mut queue.slow)
    }

    /// Tells what the network has not taken yet, what it is not given yet, and whether it would take more.
    pub(crate) fn report(&self, backlog: usize, held: usize, writable: bool) {
        self.writable.store(writable, Release);
        self.held.store(held, Relaxed);
        let before = self.backlog.swap(backlog, AcqRel);
        if before > backlog {
            self.taken.notify_waiters();
        }
        if before > 0 && backlog == 0 {
            self.flushed.notify_waiters();
        }
    }

    pub(crate) fn upgraded(&self) {
        self.websocket.store(true, Release);
    }

    /// The connection is over: nothing gets in any more.
    pub(crate) fn close(&self) -> VecDeque<Input> {
        let mut queue = self.lock();
        queue.closed = true;
        queue.outgoing = VecDeque::new();
        queue.bytes = 0;
        let inputs = std::mem::take(&mut queue.inputs);
        drop(queue);
        self.writable.store(false, Release);
        self.flushed.notify_waiters();
        self.taken.notify_waiters();
        // Whoever keeps the socket must not keep the task as well.
        drop(self.waker.take());
        inputs
    }
}

impl Queue {
    fn push(&mut self, item: Outgoing, taken: usize, budget: usize, overflow: Overflow) -> Pushed {
        let cost = item.cost();
        let mut pushed = Pushed::Queued;
        let used = |queue: &Self| queue.bytes + taken + cost;
        // An empty outbox takes anything: a single message larger than the budget must not be undeliverable.
        if used(self) > budget && (self.bytes + taken > 0) {
            match overflow {
                Overflow::DropNewest if item.is_droppable() => return Pushed::Dropped,
                Overflow::DropOldest => {
                    let before = self.bytes;
                    self.drop_oldest((used(self)).saturating_sub(budget));
                    if self.bytes < before {
                        pushed = Pushed::Dropped;
                    }
                }
                Overflow::Disconnect | Overflow::DropNewest => {}
            }
            let limit = if overflow == Overflow::Disconnect { budget } else { budget.saturating_mul(2) };
            if used(self) > limit {
                if overflow == Overflow::DropOldest && item.is_droppable() {
                    return Pushed::Dropped;
                }
                self.slow = true;
                self.closed = true;
                self.outgoing = VecDeque::new();
                self.bytes = 0;
                return Pushed::Closed;
            }
        }
        self.bytes += cost;
        self.outgoing.push_back(item);
        pushed
    }

    fn drop_oldest(&mut self, excess: usize) {
        let target = self.bytes.saturating_sub(excess);
        // What may be dropped is nearly always at the very front.
        let mut at = 0;
        while self.bytes > target && at < self.outgoing.len() {
            if self.outgoing[at].is_droppable() {
                self.bytes -= self.outgoing.remove(at).map_or(0, |item| item.cost());
            } else {
                at += 1;
            }
        }
    }
}
