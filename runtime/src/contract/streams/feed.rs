//! The producing side: a session's stream, polled as the network and the subscriber take its items.

use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker, ready},
};

use futures_core::Stream;

use super::{Line, Opened, Peer, Source, StreamNames, event, source::End};
use crate::{
    contract::{
        AckData, Answer, ArgError, Args, BadArg, Body, BoxFuture, EncodeError, Fault, FaultCode, Handling, Never, NoAck, Reply,
        fault::{FaultKind, drop_caught, panic_message, poll_caught},
    },
    proto::packet::Encoded,
};

/// So many items of a source that is always ready are looked at before others get their turn.
const BUDGET: usize = 64;
/// After so many bytes the other streams of the connection get their turn, lest one that is always ready takes all the room.
const SLICE: usize = 16 * 1024;

impl Reply {
    /// Subscribes the peer to the stream that `run` makes and drives.
    pub fn stream<I, A, E, F>(
        self,
        name: &str,
        source: Source<I, A, E>,
        run: impl FnOnce(Feed<I>) -> F + Send + 'static,
    ) -> Handling
    where
        I: 'static,
        A: 'static,
        E: 'static,
        F: Future<Output = Ended> + Send + 'static,
    {
        let names = source.named(name);
        let Source { window, latest, is_error, write, .. } = source;
        Handling::new(async move {
            self.subscribe(names, move |line, sub, running| {
                let feed = Feed { line, sub, names, running, window, latest, is_error, write };
                Box::pin(async move { run(feed).await })
            })
        })
    }

    fn subscribe(
        self,
        names: &'static StreamNames,
        run: impl FnOnce(Line, u64, Arc<Running>) -> BoxFuture<'static, Ended>,
    ) -> Answer {
        let Some(line) = self.line.clone() else { return self.fault(FaultCode::Internal, "there is no connection") };
        if line.is_stale() {
            return Ok(None);
        }
        if !self.is_wanted() {
            // Nobody would ever know which stream its items are of.
            let bad = BadArg { name: "ack", path: String::new(), message: "missing: it tells the subscription's id".into() };
            line.peer.fault(names.event, FaultKind::BadArgs(bad));
            return Ok(None);
        }
        let opened = line.peer.streams().open(|sub, running| Driver {
            work: Some(run(line.clone(), sub, Arc::clone(running))),
            line: line.clone(),
            sub,
            names,
            running: Arc::clone(running),
        });
        match opened {
            Opened::As(sub) => self.result::<_, Never>(&Ok(sub)),
            Opened::Full => self.fault(FaultCode::Overloaded, "too many subscriptions"),
            Opened::Closed => Ok(None),
        }
    }

    /// Ends the subscription that the peer names; one that has ended by itself is no mistake.
    ///
    /// # Errors
    /// As [`Args::next`].
    pub fn stop(self, args: &mut Args<'_>) -> Result<Handling, ArgError> {
        let sub = args.next("sub")?;
        args.finish()?;
        Ok(Handling::new(async move {
            if let Some(line) = &self.line {
                line.peer.streams().stop(sub);
            }
            self.unit()
        }))
    }
}

/// What the rest of a connection knows of a running stream.
#[derive(Default)]
pub(super) struct Running(Mutex<Progress>);

#[derive(Default)]
struct Progress {
    stopped: bool,
    /// An item did not get through.
    broken: bool,
    waker: Option<Waker>,
    /// Under a window: the items since the last ack request.
    since: u32,
    /// Ack requests without an answer, by their ids.
    open: VecDeque<u64>,
}

impl Running {
    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(mut progress: MutexGuard<'_, Progress>) {
        let waker = progress.waker.take();
        drop(progress);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The stream is dropped as soon as its connection's task polls it: in the same turn, if the task stops it.
    pub(super) fn stop(&self) {
        let mut progress = self.lock();
        progress.stopped = true;
        Self::wake(progress);
    }

    /// The subscriber has to be told that something is missing.
    fn break_off(&self) {
        let mut progress = self.lock();
        progress.broken = true;
        Self::wake(progress);
    }

    fn is_broken(&self) -> bool {
        self.lock().broken
    }

    /// Whether it was stopped; wakes the task when it is, and when an ack arrives.
    fn is_stopped(&self, cx: &Context<'_>) -> bool {
        let mut progress = self.lock();
        if !progress.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            progress.waker = Some(cx.waker().clone());
        }
        progress.stopped
    }

    /// At most two windows are without an ack: one is on its way while the other is being acked.
    fn has_window(&self) -> bool {
        self.lock().open.len() < 2
    }

    /// Whether the next item is to be acked; counts it.
    fn must_ask(&self, window: Option<u32>) -> bool {
        let Some(window) = window else { return false };
        let mut progress = self.lock();
        progress.since += 1;
        let ask = progress.since >= window;
        if ask {
            progress.since = 0;
        }
        ask
    }

    fn asked(&self, id: u64) {
        self.lock().open.push_back(id);
    }

    fn answered(&self, id: u64, answer: &Result<AckData, NoAck>) {
        match answer {
            Ok(_) => self.acked(id),
            Err(NoAck::Disconnected) => self.stop(),
            Err(_) => self.break_off(),
        }
    }

    fn acked(&self, id: u64) {
        let mut progress = self.lock();
        // An ack of a later item is one of the earlier ones as well.
        if let Some(at) = progress.open.iter().position(|open| *open == id) {
            progress.open.drain(..=at);
        }
        Self::wake(progress);
    }
}

/// How a stream came to its end, and what is told the subscriber of it.
#[derive(Debug)]
pub struct Ended(How);

#[derive(Debug)]
enum How {
    Done,
    Error(Body),
    Unwritable(EncodeError),
    Broken,
}

/// The way of a stream's items to their subscriber.
pub struct Feed<I> {
    line: Line,
    sub: u64,
    names: &'static StreamNames,
    running: Arc<Running>,
    window: Option<u32>,
    latest: bool,
    is_error: fn(&I) -> bool,
    write: fn(Body, &I) -> Body,
}

impl<I> Feed<I> {
    /// Sends the items of `stream` until it ends or yields an error.
    pub async fn run<S: Stream<Item = I>>(self, mut stream: Pin<&mut S>) -> Ended {
        let mut gate = Gate::default();
        // The newest item that could not be sent yet, and what came behind it.
        let (mut kept, mut end) = (None, None);
        let mut sent = 0;
        loop {
            let step = poll_fn(|cx| self.poll_step(&mut gate, &mut kept, &mut end, stream.as_mut(), cx)).await;
            let packet = match step {
                Step::End(how) => return Ended(how),
                Step::Send(item) => self.encode(&item),
            };
            match packet {
                Ok((packet, id)) => {
                    let size = packet.size();
                    poll_fn(|cx| gate.poll(&*self.line.peer, size, cx)).await;
                    self.send(packet, id);
                    sent += size;
                }
                Err(e) => return Ended(How::Unwritable(e)),
            }
            if sent >= SLICE {
                sent = 0;
                yield_now().await;
            }
        }
    }

    fn poll_step<S: Stream<Item = I>>(
        &self,
        gate: &mut Gate,
        kept: &mut Option<I>,
        end: &mut Option<How>,
        mut stream: Pin<&mut S>,
        cx: &mut Context<'_>,
    ) -> Poll<Step<I>> {
        if self.running.is_broken() {
            return Poll::Ready(Step::End(How::Broken));
        }
        for _ in 0..BUDGET {
            let open = self.running.has_window() && gate.poll(&*self.line.peer, 0, cx).is_ready();
            if open && let Some(item) = kept.take() {
                return Poll::Ready(Step::Send(item));
            }
            if kept.is_none()
                && let Some(how) = end.take()
            {
                return Poll::Ready(Step::End(how));
            }
            // A source whose items must not get lost is not polled; nor is one that has ended.
            if end.is_some() || (!open && !self.latest) {
                return Poll::Pending;
            }
            match ready!(stream.as_mut().poll_next(cx)) {
                None => *end = Some(How::Done),
                Some(item) if (self.is_error)(&item) => {
                    let body = Body::event(self.names.end).arg(&self.sub);
                    *end = Some(How::Error((self.write)(body, &item)));
                }
                Some(item) => *kept = Some(item),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn encode(&self, item: &I) -> Result<(Encoded, Option<u64>), EncodeError> {
        let peer = &self.line.peer;
        let id = self.running.must_ask(self.window).then(|| peer.next_ack());
        let body = (self.write)(Body::event(self.names.next).arg(&self.sub), item);
        let packet = body.finish(|attachments, out| event(peer.path(), id, attachments, out))?;
        Ok((packet, id))
    }

    fn send(&self, packet: Encoded, id: Option<u64>) {
        let Some(id) = id else { return self.line.peer.send(self.line.epoch, packet) };
        let running = Arc::clone(&self.running);
        self.running.asked(id);
        let answered = Box::new(move |answer| running.answered(id, &answer));
        if let Err(why) = self.line.peer.ask(id, packet, answered) {
            self.running.answered(id, &Err(why));
        }
    }
}

impl<I> fmt::Debug for Feed<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").field("stream", &self.names.event).field("sub", &self.sub).finish_non_exhaustive()
    }
}

async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

enum Step<I> {
    Send(I),
    End(How),
}

/// Room in the outbox, waited for.
#[derive(Default)]
struct Gate(Option<BoxFuture<'static, ()>>);

impl Gate {
    fn poll(&mut self, peer: &dyn Peer, size: usize, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if let Some(room) = &mut self.0 {
                ready!(room.as_mut().poll(cx));
            }
            self.0 = peer.room(size);
            if self.0.is_none() {
                return Poll::Ready(());
            }
        }
    }
}

/// A stream that is being driven: polled by the connection's task until it is ready.
pub(crate) struct Driver {
    work: Option<BoxFuture<'static, Ended>>,
    line: Line,
    sub: u64,
    names: &'static StreamNames,
    running: Arc<Running>,
}

impl Future for Driver {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let result = match &mut this.work {
            Some(work) if !this.running.is_stopped(cx) => Some(ready!(poll_caught(work, cx))),
            _ => None,
        };
        // Whoever has stopped it is told nothing.
        if let (true, Some(result)) = (this.line.peer.streams().finished(this.sub), result) {
            this.tell(result);
        }
        this.end();
        Poll::Ready(())
    }
}

impl Driver {
    fn tell(&self, result: std::thread::Result<Ended>) {
        let done = || Body::event(self.names.end).arg(&self.sub).arg(&End::<Never>::DONE);
        let body = match result {
            Ok(Ended(How::Done)) => done(),
            Ok(Ended(How::Error(body))) => body,
            Ok(Ended(How::Unwritable(e))) => self.unwritable(e),
            Ok(Ended(How::Broken)) => self.failed(FaultKind::Overflow, "an item could not be sent"),
            Err(panic) => {
                // What it says may be nobody else's business.
                self.failed(FaultKind::Panic(panic_message(&*panic)), "the stream failed")
            }
        };
        let packet = self.packet(body).or_else(|e| self.packet(self.unwritable(e)));
        if let Ok(packet) = packet {
            self.line.peer.send(self.line.epoch, packet);
        }
    }

    fn unwritable(&self, e: EncodeError) -> Body {
        self.failed(FaultKind::Encode(e), "an item cannot be encoded")
    }

    fn failed(&self, kind: FaultKind, message: &str) -> Body {
        self.line.peer.fault(self.names.event, kind);
        let fault = Fault { code: FaultCode::Internal, message: message.into() };
        Body::event(self.names.end).arg(&self.sub).arg(&End::<Never>::fault(&fault))
    }

    fn packet(&self, body: Body) -> Result<Encoded, EncodeError> {
        body.finish(|attachments, out| event(self.line.peer.path(), None, attachments, out))
    }

    /// Lets go of the stream, and of what was asked for it.
    fn end(&mut self) {
        // What a stream holds is the user's.
        drop_caught(self.work.take().into_iter().collect());
        let open = std::mem::take(&mut self.running.lock().open);
        for id in open {
            self.line.peer.forget(id);
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.end();
    }
}
