//! What waits to be sent: filled by everybody, emptied by the task while there is a connection.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Acquire, Ordering::Release},
    },
    time::Instant,
};

use futures_util::task::AtomicWaker;
use tokio::sync::Notify;

use super::calls::Ticket;
use crate::{contract::BoxFuture, proto::packet::Encoded};

/// What an entry costs beside its bytes.
const ENTRY: usize = 64;
/// What a stream may have in the outbox: as much as the task takes out of it at a time.
const STREAM: usize = 64 * 1024;

/// What happens to an event that does not fit into the outbox any more.
///
/// The outbox is what was emitted and not yet taken by the network: without a connection everything, with one what the server is too
/// slow to read. Calls are never dropped for an event: one that does not fit settles at once, with
/// [`FaultCode::Overloaded`](crate::FaultCode::Overloaded).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overflow {
    /// Drop the new event, and report it to [`on_fault`](super::Connect::on_fault).
    #[default]
    DropNewest,
    /// Drop the events that have waited longest, and report it to [`on_fault`](super::Connect::on_fault).
    DropOldest,
}

pub(super) enum Item {
    Event {
        packet: Encoded,
        /// It is not worth sending after this.
        expires: Option<Instant>,
    },
    /// An event, or a question if there is somebody who waits for the answer, of a client that retries. It gets its ack id when it is sent.
    Tracked { packet: Encoded, ticket: Option<Ticket>, expires: Option<Instant> },
    /// An event that wants an answer.
    Question {
        /// Its ack id.
        id: u64,
        packet: Encoded,
    },
    /// The answer to a question that came over this join, and means nothing on any other.
    Ack { epoch: u64, packet: Encoded },
}

impl Item {
    pub(super) fn packet(&self) -> &Encoded {
        let (Self::Event { packet, .. }
        | Self::Tracked { packet, .. }
        | Self::Question { packet, .. }
        | Self::Ack { packet, .. }) = self;
        packet
    }

    fn is_ack(&self) -> bool {
        matches!(self, Self::Ack { .. })
    }

    fn is_tracked(&self) -> bool {
        matches!(self, Self::Tracked { .. })
    }

    /// Whether nobody waits for an answer to it.
    fn is_event(&self) -> bool {
        matches!(self, Self::Event { .. } | Self::Tracked { ticket: None, .. })
    }

    fn is_question(&self, which: Ticket) -> bool {
        match self {
            Self::Question { id, .. } => *id == which,
            Self::Tracked { ticket, .. } => *ticket == Some(which),
            Self::Event { .. } | Self::Ack { .. } => false,
        }
    }

    fn cost(&self) -> usize {
        let packet = self.packet();
        ENTRY + packet.size() + ENTRY * packet.attachments.len()
    }
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pushed {
    Queued,
    /// There was no room: this item was dropped, or an older event for it.
    Dropped,
    /// The client is over.
    Closed,
}

pub(super) struct Outbox {
    queue: Mutex<Queue>,
    /// Of the task.
    waker: Arc<AtomicWaker>,
    /// Whether the network would take an event at once.
    writable: AtomicBool,
    flushed: Notify,
    /// Something was taken out.
    drained: Arc<Notify>,
    budget: usize,
    overflow: Overflow,
}

type Lane = VecDeque<(u64, Item)>;

#[derive(Default)]
struct Queue {
    items: Lane,
    /// Those that are tracked: they may have to wait until others are acknowledged, and what the others wait for may be an ack behind
    /// them.
    tracked: Lane,
    /// How many there have been: what goes first.
    count: u64,
    /// Of events and questions.
    bytes: usize,
    /// Of acks, which have no limit here: the task stops reading instead, so that no more are caused.
    ack_bytes: usize,
    /// The task has taken something that is not yet with the network.
    taken: bool,
    closed: bool,
}

impl Outbox {
    pub(super) fn new(budget: usize, overflow: Overflow, waker: Arc<AtomicWaker>) -> Self {
        let (writable, flushed) = (AtomicBool::new(false), Notify::new());
        Self { queue: Mutex::default(), waker, writable, flushed, drained: Arc::default(), budget, overflow }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues an item. Never blocks.
    pub(super) fn push(&self, item: Item) -> Pushed {
        let pushed = self.lock().push(item, self.budget, self.overflow);
        self.waker.wake();
        pushed
    }

    /// `None` if a stream may send a packet of this size now: it keeps only so much in here that the network never waits for it.
    pub(super) fn wait_for_room(&self, size: usize) -> Option<BoxFuture<'static, ()>> {
        // Asked for before looking: what is taken from now on is noticed.
        let taken = Arc::clone(&self.drained).notified_owned();
        let queue = self.lock();
        let used = queue.bytes + queue.ack_bytes;
        let has_room = queue.closed || used == 0 || (used < STREAM.min(self.budget / 4).max(1) && used + size <= self.budget);
        if has_room { None } else { Some(Box::pin(taken)) }
    }

    /// Takes a question back that was not sent yet.
    pub(super) fn forget(&self, id: u64) {
        let mut queue = self.lock();
        for tracked in [false, true] {
            if let Some(at) = queue.lane(tracked).iter().position(|(_, item)| item.is_question(id)) {
                queue.remove(tracked, at);
            }
        }
    }

    /// The task has something to do.
    pub(super) fn wake(&self) {
        self.waker.wake();
    }

    /// The most bytes that wait.
    pub(super) fn budget(&self) -> usize {
        self.budget
    }

    /// Nothing gets in any more; what is in still goes out.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.waker.wake();
    }

    pub(super) fn is_writable(&self) -> bool {
        self.writable.load(Acquire)
    }

    /// Waits until everything queued so far, and since, is with the network. False if the client was over first.
    pub(super) async fn flushed(&self) -> bool {
        loop {
            let notified = self.flushed.notified();
            {
                let queue = self.lock();
                if queue.is_empty() && !queue.taken {
                    return !queue.closed;
                }
            }
            notified.await;
        }
    }

    // For the task.

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Whether there is something to [`take`](Self::take).
    pub(super) fn is_ready(&self, free: usize) -> bool {
        self.lock().next(free).is_some()
    }

    /// Whether so many acks wait that no more should be caused.
    pub(super) fn is_congested(&self) -> bool {
        self.lock().ack_bytes > self.budget
    }

    /// Moves items worth about `room` bytes to the task, at most `free` of them tracked.
    pub(super) fn take(&self, into: &mut VecDeque<Item>, room: usize, mut free: usize) {
        let mut queue = self.lock();
        let mut taken = 0;
        while taken < room {
            let Some(tracked) = queue.next(free) else { break };
            let Some(item) = queue.remove(tracked, 0) else { break };
            free -= usize::from(tracked);
            taken += item.cost();
            into.push_back(item);
        }
        queue.taken |= taken > 0;
        drop(queue);
        if taken > 0 {
            self.drained.notify_waiters();
        }
    }

    /// Tells whether the network would take more, and whether it has all that was taken.
    pub(super) fn report(&self, writable: bool, flushed: bool) {
        self.writable.store(writable, Release);
        if flushed && std::mem::take(&mut self.lock().taken) {
            self.flushed.notify_waiters();
        }
    }

    /// The client is over: nothing gets in or out any more. Returns what was not sent.
    pub(super) fn end(&self) -> impl Iterator<Item = Item> {
        let Queue { items, tracked, .. } = std::mem::replace(&mut *self.lock(), Queue { closed: true, ..Queue::default() });
        self.writable.store(false, Release);
        self.flushed.notify_waiters();
        self.drained.notify_waiters();
        items.into_iter().chain(tracked).map(|(_, item)| item)
    }
}

impl Queue {
    fn is_empty(&self) -> bool {
        self.items.is_empty() && self.tracked.is_empty()
    }

    fn lane(&mut self, tracked: bool) -> &mut Lane {
        if tracked { &mut self.tracked } else { &mut self.items }
    }

    /// The lane whose first item goes next: the older one, unless that has to wait.
    fn next(&self, free: usize) -> Option<bool> {
        match (self.items.front(), self.tracked.front().filter(|_| free > 0)) {
            (Some((item, _)), Some((tracked, _))) => Some(tracked < item),
            (None, Some(_)) => Some(true),
            (Some(_), None) => Some(false),
            (None, None) => None,
        }
    }

    fn push(&mut self, item: Item, budget: usize, overflow: Overflow) -> Pushed {
        let (cost, is_ack) = (item.cost(), item.is_ack());
        if self.closed {
            return Pushed::Closed;
        }
        let mut pushed = Pushed::Queued;
        // An empty outbox takes anything: a single event larger than the budget must not be undeliverable.
        if !is_ack && self.bytes > 0 && self.bytes + cost > budget {
            if overflow == Overflow::DropNewest {
                return Pushed::Dropped;
            }
            self.drop_oldest((self.bytes + cost).saturating_sub(budget));
            if self.bytes > 0 && self.bytes + cost > budget {
                return Pushed::Dropped;
            }
            if item.is_event() {
                pushed = Pushed::Dropped;
            }
        }
        *if is_ack { &mut self.ack_bytes } else { &mut self.bytes } += cost;
        let number = self.count;
        self.count += 1;
        self.lane(item.is_tracked()).push_back((number, item));
        pushed
    }

    fn remove(&mut self, tracked: bool, at: usize) -> Option<Item> {
        let (_, item) = self.lane(tracked).remove(at)?;
        *if item.is_ack() { &mut self.ack_bytes } else { &mut self.bytes } -= item.cost();
        Some(item)
    }

    fn drop_oldest(&mut self, excess: usize) {
        let target = self.bytes.saturating_sub(excess);
        for tracked in [false, true] {
            // What may be dropped is nearly always at the very front.
            let mut at = 0;
            while self.bytes > target && at < self.lane(tracked).len() {
                if self.lane(tracked)[at].1.is_event() {
                    self.remove(tracked, at);
                } else {
                    at += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn packet(n: u8) -> Encoded {
        Bytes::from(vec![n; 36]).into()
    }

    /// Of 100 bytes each.
    fn event(n: u8) -> Item {
        Item::Event { packet: packet(n), expires: None }
    }

    fn question(n: u8) -> Item {
        Item::Question { id: n.into(), packet: packet(n) }
    }

    fn with(budget: usize, overflow: Overflow) -> Outbox {
        Outbox::new(budget, overflow, Arc::default())
    }

    fn contents(outbox: &Outbox) -> Vec<u8> {
        let mut items = VecDeque::new();
        outbox.take(&mut items, usize::MAX, usize::MAX);
        let queue = outbox.lock();
        assert_eq!((queue.bytes, queue.ack_bytes), (0, 0));
        items.iter().map(|item| item.packet().text[0]).collect()
    }

    #[test]
    fn the_newest_or_the_oldest_events_are_dropped_within_the_budget() {
        let outbox = with(300, Overflow::DropNewest);
        let pushed: Vec<_> = (0..5).map(|n| outbox.push(event(n)) == Pushed::Dropped).collect();
        assert_eq!(pushed, [false, false, false, true, true]);
        assert_eq!(contents(&outbox), [0, 1, 2]);

        let outbox = with(300, Overflow::DropOldest);
        let pushed: Vec<_> = (0..5).map(|n| outbox.push(event(n)) == Pushed::Dropped).collect();
        assert_eq!(pushed, [false, false, false, true, true]);
        assert_eq!(contents(&outbox), [2, 3, 4]);
    }

    #[test]
    fn questions_push_events_out_but_never_one_another() {
        let outbox = with(300, Overflow::DropOldest);
        outbox.push(event(0));
        for n in 1..4 {
            assert_eq!(outbox.push(question(n)), Pushed::Queued);
        }
        assert_eq!(outbox.push(question(4)), Pushed::Dropped);
        assert_eq!(outbox.push(event(5)), Pushed::Dropped);
        outbox.forget(2);
        assert_eq!(outbox.push(event(6)), Pushed::Queued);
        assert_eq!(contents(&outbox), [1, 3, 6]);
    }

    #[test]
    fn acks_are_never_dropped_and_count_by_themselves() {
        let outbox = with(200, Overflow::DropNewest);
        for n in 0..3 {
            assert!(!outbox.is_congested());
            assert_eq!(outbox.push(Item::Ack { epoch: 0, packet: packet(n) }), Pushed::Queued);
        }
        assert!(outbox.is_congested());
        assert_eq!(outbox.push(event(3)), Pushed::Queued);
        assert_eq!(contents(&outbox), [0, 1, 2, 3]);
    }

    #[test]
    fn an_empty_outbox_takes_one_event_of_any_size() {
        let outbox = with(10, Overflow::DropNewest);
        assert_eq!(outbox.push(event(0)), Pushed::Queued);
        assert_eq!(outbox.push(event(1)), Pushed::Dropped);
    }

    #[test]
    fn a_closed_outbox_takes_nothing_and_keeps_what_it_has() {
        let outbox = with(1000, Overflow::DropNewest);
        outbox.push(event(0));
        outbox.close();
        assert_eq!(outbox.push(event(1)), Pushed::Closed);
        assert_eq!(contents(&outbox), [0]);
        assert_eq!(outbox.end().count(), 0);
        assert!(outbox.is_closed() && outbox.is_empty());
    }

    #[test]
    fn what_is_tracked_may_have_to_wait_and_lets_the_others_pass() {
        let tracked = |n: u8| Item::Tracked { packet: packet(n), ticket: n.is_multiple_of(2).then_some(n.into()), expires: None };
        let outbox = with(1000, Overflow::DropNewest);
        outbox.push(tracked(0));
        outbox.push(event(1));
        outbox.push(tracked(2));
        outbox.push(tracked(3));
        outbox.push(tracked(4));
        outbox.push(Item::Ack { epoch: 0, packet: packet(5) });
        outbox.push(tracked(6));
        outbox.forget(4);
        let take = |free| {
            let mut items = VecDeque::new();
            outbox.take(&mut items, usize::MAX, free);
            items.iter().map(|item| item.packet().text[0]).collect::<Vec<_>>()
        };
        assert_eq!(take(2), [0, 1, 2, 5]);
        assert!(outbox.is_ready(1) && !outbox.is_ready(0) && !outbox.is_empty());
        assert_eq!(take(1), [3]);
        assert_eq!(contents(&outbox), [6]);
    }
}
