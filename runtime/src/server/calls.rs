//! Questions to clients that wait for their answers.

use std::{
    cell::Cell,
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_core::Stream;
use tokio::{
    sync::{mpsc, oneshot},
    time::Sleep,
};

use super::core::{NspCore, SocketCore};
use crate::{
    adapter::Filter,
    contract::{AckData, NoAck, SocketId, streams},
    proto::packet::Encoded,
};

type Answered = (SocketId, Result<AckData, NoAck>);

/// The open questions to one socket, by ack id. An id leaves with its answer, its timeout, its caller or its socket.
#[derive(Default)]
pub(crate) struct Calls {
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    closed: bool,
    waiting: HashMap<u64, Waiter>,
}

pub(super) enum Waiter {
    One(oneshot::Sender<Result<AckData, NoAck>>),
    Many(mpsc::UnboundedSender<Answered>),
    /// Is called where the answer arrives.
    Call(streams::Answered),
}

impl Calls {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, id: u64, waiter: Waiter) -> bool {
        let mut open = self.lock();
        if !open.closed {
            open.waiting.insert(id, waiter);
        }
        !open.closed
    }

    /// False if it was not open any more.
    pub(super) fn remove(&self, id: u64) -> bool {
        let waiter = self.lock().waiting.remove(&id);
        waiter.is_some()
    }

    /// Gives an answer, or the reason why there is none, to whoever waits for it; false if nobody does.
    pub(crate) fn settle(&self, from: SocketId, id: u64, ack: Result<AckData, NoAck>) -> bool {
        // An answer wakes its caller: not under the lock.
        let waiter = self.lock().waiting.remove(&id);
        match waiter {
            Some(Waiter::One(caller)) => caller.send(ack).is_ok(),
            Some(Waiter::Many(caller)) => caller.send((from, ack)).is_ok(),
            Some(Waiter::Call(answered)) => {
                answered(ack);
                true
            }
            None => false,
        }
    }

    /// Settles everything: the socket is gone.
    pub(crate) fn close(&self, socket: SocketId) {
        let mut open = self.lock();
        open.closed = true;
        let waiting = std::mem::take(&mut open.waiting);
        drop(open);
        for (_, waiter) in waiting {
            match waiter {
                // A caller that has gone does not care.
                Waiter::Many(caller) => drop(caller.send((socket, Err(NoAck::Disconnected)))),
                Waiter::Call(answered) => answered(Err(NoAck::Disconnected)),
                // Learns it from its closed channel.
                Waiter::One(_) => {}
            }
        }
    }
}

thread_local! {
    /// The socket whose session factory is being polled.
    static ENTERING: Cell<Option<SocketId>> = const { Cell::new(None) };
}

/// Polls the session factory of a socket: what it asks that socket itself, and waits for, would never be answered.
pub(super) fn entering<T>(socket: SocketId, poll: impl FnOnce() -> T) -> T {
    ENTERING.set(Some(socket));
    let polled = poll();
    ENTERING.set(None);
    polled
}

/// Asks one socket.
pub(crate) async fn ask(socket: Arc<SocketCore>, id: u64, packet: Encoded, timeout: Option<Duration>) -> Result<AckData, NoAck> {
    if ENTERING.get() == Some(socket.id) {
        return Err(NoAck::TooEarly);
    }
    let (answer, answered) = oneshot::channel();
    if !socket.calls.add(id, Waiter::One(answer)) {
        return Err(NoAck::Disconnected);
    }
    let forget = Forget { sockets: vec![socket], id };
    if !forget.sockets[0].send_question(packet) {
        return Err(NoAck::Disconnected);
    }
    let answered = async { answered.await.unwrap_or(Err(NoAck::Disconnected)) };
    match timeout {
        Some(timeout) => tokio::time::timeout(timeout, answered).await.unwrap_or(Err(NoAck::Timeout)),
        None => answered.await,
    }
}

/// Takes a question back when nobody waits for its answer any more.
struct Forget {
    sockets: Vec<Arc<SocketCore>>,
    id: u64,
}

impl Drop for Forget {
    fn drop(&mut self) {
        for socket in &self.sockets {
            socket.calls.remove(self.id);
        }
    }
}

/// Asks many sockets: one packet, one id, a stream of answers.
pub(crate) fn ask_all(nsp: &NspCore, filter: &Filter, id: u64, packet: &Encoded, timeout: Duration) -> AnswersFromMany {
    let (caller, answers) = mpsc::unbounded_channel();
    let mut asked = Vec::new();
    nsp.sockets.each(filter, |_, socket| {
        if socket.calls.add(id, Waiter::Many(caller.clone())) {
            asked.push(Arc::clone(socket));
            if !socket.send_question(packet.clone()) {
                socket.calls.remove(id);
                let _ = caller.send((socket.id, Err(NoAck::Disconnected)));
            }
        }
    });
    AnswersFromMany {
        waiting: asked.iter().map(|socket| socket.id).collect(),
        deadline: Box::pin(tokio::time::sleep(timeout)),
        answers,
        _forget: Forget { sockets: asked, id },
    }
}

/// The answers to a broadcast: one for each socket that was asked.
pub(crate) struct AnswersFromMany {
    waiting: std::collections::HashSet<SocketId>,
    deadline: Pin<Box<Sleep>>,
    answers: mpsc::UnboundedReceiver<Answered>,
    _forget: Forget,
}

impl Stream for AnswersFromMany {
    type Item = Answered;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Answered>> {
        let this = &mut *self;
        while !this.waiting.is_empty() {
            match this.answers.poll_recv(cx) {
                Poll::Ready(Some((from, answer))) if this.waiting.remove(&from) => return Poll::Ready(Some((from, answer))),
                Poll::Ready(Some(_)) => {}
                Poll::Ready(None) | Poll::Pending => {
                    ready!(this.deadline.as_mut().poll(cx));
                    let late = this.waiting.iter().next().copied();
                    return Poll::Ready(late.map(|id| {
                        this.waiting.remove(&id);
                        (id, Err(NoAck::Timeout))
                    }));
                }
            }
        }
        Poll::Ready(None)
    }
}
