//! Handlers in flight: started in the order of arrival, then concurrent (R2), and run to their end whatever becomes of the connection (R3).

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::stream::{FuturesUnordered, StreamExt};

use super::call::{Call, Incoming};
use crate::{
    contract::{Answer, BoxFuture, Handling, SocketId, Turns, streams::Driver},
    proto::session::server::NspId,
    server::{calls, connect::Outcome, core::SocketCore, fault::poll_caught, retries},
};

/// So many bytes of events may wait for handlers in flight to end. Answers of the client, pongs and goodbyes still get through, which
/// is what those handlers may be waiting for.
const WAITING: usize = 256 * 1024;
/// The handlers in flight, and the events that wait for one of them to end. Those that finish at their first poll never get here.
pub(super) struct Handlers {
    pending: Option<Box<FuturesUnordered<Job>>>,
    /// Serial handlers that wait for another one of their socket to end. They count as in flight.
    turns: Turns<SocketId, Job>,
    limit: usize,
    waiting: VecDeque<Incoming>,
    waiting_bytes: usize,
    /// Streams that run. They count for nothing here: their number has a limit of its own.
    streams: Option<Box<FuturesUnordered<Driver>>>,
}

impl Handlers {
    pub(super) fn new(limit: usize) -> Self {
        Self { pending: None, turns: Turns::new(), limit, waiting: VecDeque::new(), waiting_bytes: 0, streams: None }
    }

    /// Whether no more events should be taken from the client.
    pub(super) fn is_full(&self) -> bool {
        self.waiting_bytes >= WAITING
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0 && self.waiting.is_empty()
    }

    /// Whether an event must wait: for a handler to end, or for those that came before it.
    pub(super) fn must_wait(&self) -> bool {
        self.len() >= self.limit || !self.waiting.is_empty()
    }

    pub(super) fn wait(&mut self, event: Incoming) {
        self.waiting_bytes += event.cost();
        self.waiting.push_back(event);
    }

    /// The next event that has waited, if there is room for its handler now.
    pub(super) fn next_waiting(&mut self) -> Option<Incoming> {
        if self.len() >= self.limit {
            return None;
        }
        let event = self.waiting.pop_front()?;
        self.waiting_bytes -= event.cost();
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        Some(event)
    }

    fn len(&self) -> usize {
        self.pending.as_ref().map_or(0, |pending| pending.len()) + self.turns.waiting()
    }

    /// Gives the job back unless it has to wait for its turn.
    pub(super) fn admit(&mut self, job: Job) -> Option<Job> {
        match &job {
            Job::Event { call, work } if work.how().serial => {
                let socket = call.session.core().id;
                self.turns.enter(socket, job)
            }
            Job::Event { .. } | Job::Connect { .. } => Some(job),
        }
    }

    /// A serial handler of this socket has ended: the one whose turn it is now.
    pub(super) fn next_turn(&mut self, socket: SocketId) -> Option<Job> {
        self.turns.next(&socket)
    }

    /// The socket has left: takes out the handlers that want to be cancelled then. Also the one that others may be waiting for; true if
    /// it is another one's turn.
    pub(super) fn cancel(&mut self, socket: SocketId) -> (Vec<Job>, bool) {
        let unwanted = |job: &Job| matches!(job, Job::Event { call, work } if work.how().cancel_on_disconnect && call.session.core().id == socket);
        let mut out = self.turns.take_if(unwanted);
        let mut turn = false;
        if let Some(pending) = &mut self.pending
            && pending.iter().any(unwanted)
        {
            // There is no way to take single ones out. Those that stay must be polled again, as whoever would wake them has lost them.
            for job in std::mem::take(&mut **pending) {
                if unwanted(&job) {
                    turn |= matches!(&job, Job::Event { work, .. } if work.how().serial);
                    out.push(job);
                } else {
                    pending.push(job);
                }
            }
        }
        (out, turn)
    }

    pub(super) fn push(&mut self, job: Job) {
        self.pending.get_or_insert_default().push(job);
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Option<Done> {
        let pending = self.pending.as_mut()?;
        match pending.poll_next_unpin(cx) {
            Poll::Ready(Some(done)) => Some(done),
            Poll::Ready(None) | Poll::Pending => None,
        }
    }

    /// Polls a stream for the first time, and keeps it if it goes on.
    pub(super) fn stream(&mut self, mut driver: Driver, cx: &mut Context<'_>) {
        if Pin::new(&mut driver).poll(cx).is_pending() {
            self.streams.get_or_insert_default().push(driver);
        }
    }

    /// Streams that have an item, room for it, or an end.
    pub(super) fn poll_streams(&mut self, cx: &mut Context<'_>) {
        if let Some(streams) = &mut self.streams {
            while let Poll::Ready(Some(())) = streams.poll_next_unpin(cx) {}
            if streams.is_empty() {
                self.streams = None;
            }
        }
    }

    /// The namespace was left before its session was there: the socket must not stay behind.
    pub(super) fn abandon(&self, id: NspId) {
        self.connecting().filter(|(connecting, _)| *connecting == id).for_each(|(_, socket)| socket.close());
    }

    /// The same for every namespace.
    pub(super) fn abandon_all(&self) {
        self.connecting().for_each(|(_, socket)| socket.close());
    }

    fn connecting(&self) -> impl Iterator<Item = (NspId, &Arc<SocketCore>)> {
        self.pending.iter().flat_map(|pending| pending.iter()).filter_map(|job| match job {
            Job::Connect { id, socket, .. } => Some((*id, socket)),
            Job::Event { .. } => None,
        })
    }
}

/// User code that runs for this connection.
pub(super) enum Job {
    Connect { id: NspId, socket: Arc<SocketCore>, key: Option<retries::Key>, work: BoxFuture<'static, Outcome> },
    Event { call: Call, work: Handling },
}

pub(super) enum Done {
    Connected(NspId, Arc<SocketCore>, Option<retries::Key>, std::thread::Result<Outcome>),
    Handled { call: Call, was_serial: bool, result: std::thread::Result<Answer> },
}

impl Future for Job {
    type Output = Done;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Done> {
        match &mut *self {
            Self::Connect { id, socket, key, work } => {
                let polled = calls::entering(socket.id, || poll_caught(work, cx));
                polled.map(|result| Done::Connected(*id, Arc::clone(socket), *key, result))
            }
            Self::Event { call, work } => poll_caught(work, cx).map(|result| {
                let Call { session, data, reply, running } = call;
                let (session, data) = (Arc::clone(session), std::mem::take(data));
                let call = Call { session, data, reply: reply.clone(), running: running.take() };
                Done::Handled { call, was_serial: work.how().serial, result }
            }),
        }
    }
}
