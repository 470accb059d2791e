//! The subscribing side: what has arrived and was not read yet. Filled in the connection's task, emptied in the user's.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use super::{Answered, Peer, StreamNames, acked, event};
use crate::{
    contract::{AckData, Body, CallError, Never, NoAck, ack},
    proto::packet::Encoded,
};

/// The bytes of items that may wait to be read, beside the limit of their number.
const BYTES: usize = 16 * 1024 * 1024;

/// An item or an end as it came: decoded by whoever reads it.
#[derive(Debug)]
pub(super) struct Received {
    /// The id of the ack that the producer waits for.
    pub(super) ack: Option<u64>,
    pub(super) data: AckData,
}

impl Received {
    fn size(&self) -> usize {
        self.data.data.len() + self.data.attachments.iter().map(bytes::Bytes::len).sum::<usize>()
    }
}

/// One subscription.
pub(super) struct Inbox {
    peer: Arc<dyn Peer>,
    names: &'static StreamNames,
    /// The event that subscribes, without a header.
    question: Encoded,
    once: bool,
    capacity: usize,
    state: Mutex<State>,
}

struct State {
    place: Place,
    items: VecDeque<(u64, Received)>,
    bytes: usize,
    missed: u64,
    over: Option<Over>,
    waker: Option<Waker>,
}

/// How far the subscription has come.
enum Place {
    Asking(u64),
    Subscribed {
        epoch: u64,
        sub: u64,
    },
    /// It is over, or nobody reads it any more.
    Left,
}

/// Why nothing more comes.
#[derive(Debug)]
pub(super) enum Over {
    /// The producer says how it ended.
    Told(Received),
    Failed(CallError<Never>),
}

/// What a reader gets.
pub(super) enum Next {
    Item(Received),
    Missed(u64),
    Over(Over),
}

impl Inbox {
    /// Subscribes.
    pub(super) fn open(
        peer: Arc<dyn Peer>,
        names: &'static StreamNames,
        question: Encoded,
        once: bool,
        capacity: usize,
    ) -> Arc<Self> {
        let state = State { place: Place::Left, items: VecDeque::new(), bytes: 0, missed: 0, over: None, waker: None };
        peer.streams().expect(names);
        let inbox = Arc::new(Self { peer, names, question, once, capacity, state: Mutex::new(state) });
        inbox.ask();
        inbox
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(self: &Arc<Self>) {
        let id = self.peer.next_ack();
        // Before it is asked: the answer may be faster than this thread.
        self.lock().place = Place::Asking(id);
        let inbox = Arc::clone(self);
        let answered: Answered = Box::new(move |answer| inbox.answered(answer));
        if let Err(why) = self.peer.ask(id, self.question(id), answered) {
            self.fail(why.into());
        }
    }

    fn question(&self, id: u64) -> Encoded {
        let Encoded { text, attachments } = &self.question;
        let mut packet = Vec::with_capacity(64 + text.len());
        event(self.peer.path(), Some(id), attachments.len(), &mut packet);
        packet.extend_from_slice(text);
        Encoded { text: packet.into(), attachments: attachments.clone() }
    }

    /// In the connection's task, before anything that comes behind the answer: no item is ahead of its subscription.
    fn answered(self: &Arc<Self>, answer: Result<AckData, NoAck>) {
        match answer.map(|ack| ack::decode_result::<u64, Never>(&ack)) {
            Ok(Ok(sub)) => self.subscribed(sub),
            Ok(Err(e)) => self.fail(e),
            Err(NoAck::Disconnected) => self.disconnected(),
            Err(why) => self.fail(why.into()),
        }
    }

    fn subscribed(self: &Arc<Self>, sub: u64) {
        let epoch = self.peer.epoch();
        let mut state = self.lock();
        if matches!(state.place, Place::Left) {
            // Nobody reads it any more.
            drop(state);
            self.stop(epoch, sub);
        } else if self.peer.streams().register(sub, self) {
            state.place = Place::Subscribed { epoch, sub };
        } else {
            drop(state);
            self.fail(CallError::Decode(format!("the peer gives the id {sub} to two subscriptions")));
        }
    }

    /// The connection is gone: subscribes over the next one, if there is to be one.
    pub(super) fn disconnected(self: &Arc<Self>) {
        if matches!(self.lock().place, Place::Left) {
            return;
        }
        if self.once { self.fail(CallError::Disconnected) } else { self.ask() }
    }

    fn fail(&self, why: CallError<Never>) {
        self.over(Over::Failed(why));
    }

    /// The producer has come to an end.
    pub(super) fn ended(&self, end: Received) {
        self.over(Over::Told(end));
    }

    fn over(&self, over: Over) {
        let mut state = self.lock();
        if !matches!(state.place, Place::Left) {
            state.place = Place::Left;
            state.over = Some(over);
        }
        Self::wake(state);
    }

    fn wake(mut state: MutexGuard<'_, State>) {
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// An item. Without room for it the oldest ones go: a reader that is too slow must not hold up its connection.
    pub(super) fn push(&self, peer: &dyn Peer, item: Received) {
        let epoch = peer.epoch();
        let mut state = self.lock();
        state.bytes += item.size();
        state.items.push_back((epoch, item));
        let mut dropped = Vec::new();
        while state.items.len() > self.capacity || (state.bytes > BYTES && state.items.len() > 1) {
            let Some((epoch, item)) = state.pop() else { break };
            state.missed += 1;
            // Whoever asked would wait for ever.
            dropped.extend(item.ack.map(|id| (epoch, id)));
        }
        Self::wake(state);
        for (epoch, id) in dropped {
            peer.send(epoch, acked(peer.path(), id));
        }
    }

    pub(super) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Next> {
        let mut state = self.lock();
        if state.missed > 0 {
            return Poll::Ready(Next::Missed(std::mem::take(&mut state.missed)));
        }
        if let Some((epoch, item)) = state.pop() {
            drop(state);
            if let Some(id) = item.ack {
                self.peer.send(epoch, acked(self.peer.path(), id));
            }
            return Poll::Ready(Next::Item(item));
        }
        if let Some(over) = state.over.take() {
            return Poll::Ready(Next::Over(over));
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Nobody reads any more.
    pub(super) fn leave(&self) {
        let place = std::mem::replace(&mut self.lock().place, Place::Left);
        match place {
            Place::Subscribed { epoch, sub } => {
                self.peer.streams().unregister(sub);
                self.stop(epoch, sub);
            }
            // If it was sent already, the answer finds that nobody reads it.
            Place::Asking(id) => drop(self.peer.recall(id)),
            Place::Left => {}
        }
    }

    fn stop(&self, epoch: u64, sub: u64) {
        let body = Body::event(self.names.stop).arg(&sub);
        if let Ok(packet) = body.finish(|attachments, out| event(self.peer.path(), None, attachments, out)) {
            self.peer.send(epoch, packet);
        }
    }
}

impl State {
    fn pop(&mut self) -> Option<(u64, Received)> {
        let (epoch, item) = self.items.pop_front()?;
        self.bytes -= item.size();
        Some((epoch, item))
    }
}
