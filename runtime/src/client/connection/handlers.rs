//! Handlers: started in the order of arrival, then concurrent (R2), and run to their end whatever becomes of the connection (R3).

use std::{
    borrow::Cow,
    collections::VecDeque,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::{Connection, Live, Role};
use crate::{
    client::{core::Core, outbox::Item},
    contract::{
        Answer, ArgError, Args, FaultCode, FaultKind, Handling, Reply, Turns,
        fault::{drop_caught, panic_message, poll_caught},
        streams::{Driver, Line},
    },
    proto::{
        packet::{DecodeError, RESERVED_EVENTS},
        session::client::NspId,
    },
};

/// So many bytes of events may wait for handlers to end before nothing is read any more. Acks are read till then: what the handlers wait
/// for may be one of them.
const WAITING: usize = 1024 * 1024;
/// What an event that waits costs beside its bytes.
const ENTRY: usize = 128;

/// The handlers in flight, and the events that wait for one to end.
pub(super) struct Handlers {
    pending: FuturesUnordered<Job>,
    /// Serial handlers that wait for another one of their namespace to end. They count as in flight.
    turns: Turns<Socket, Job>,
    /// The joins with handlers that want to be cancelled when they are over.
    cancellable: Vec<u64>,
    limit: usize,
    waiting: VecDeque<Arrived>,
    waiting_bytes: usize,
    /// Streams that run. They count for nothing here: their number has a limit of its own.
    streams: FuturesUnordered<Driver>,
}

/// Whose serial handlers wait for one another: a namespace, across connections.
struct Socket(Arc<Role>);

impl PartialEq for Socket {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// An event as it came.
struct Arrived {
    role: Arc<Role>,
    /// The join that it came to.
    epoch: u64,
    ack: Option<u64>,
    data: Bytes,
    attachments: Vec<Bytes>,
}

impl Arrived {
    fn cost(&self) -> usize {
        ENTRY + self.data.len() + self.attachments.iter().map(|data| ENTRY + data.len()).sum::<usize>()
    }
}

impl Handlers {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            pending: FuturesUnordered::new(),
            turns: Turns::new(),
            cancellable: Vec::new(),
            limit,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            streams: FuturesUnordered::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.pending.len() + self.turns.waiting() >= self.limit
    }

    pub(super) fn is_congested(&self) -> bool {
        self.waiting_bytes > WAITING
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pending.is_empty() && self.waiting.is_empty()
    }

    fn wait(&mut self, event: Arrived) {
        self.waiting_bytes += event.cost();
        self.waiting.push_back(event);
    }

    /// Polls the streams that were just subscribed to for the first time, and keeps those that go on.
    fn start_streams(&mut self, core: &Core, cx: &mut Context<'_>) {
        for mut driver in core.streams.take_started() {
            if Pin::new(&mut driver).poll(cx).is_pending() {
                self.streams.push(driver);
            }
        }
    }

    fn next_waiting(&mut self) -> Option<Arrived> {
        let event = if self.is_full() { None } else { self.waiting.pop_front() }?;
        self.waiting_bytes -= event.cost();
        Some(event)
    }

    /// Gives the job back unless it has to wait for its turn.
    fn admit(&mut self, job: Job) -> Option<Job> {
        let how = job.work.how();
        if how.cancel_on_disconnect && !self.cancellable.contains(&job.call.epoch) {
            self.cancellable.push(job.call.epoch);
        }
        if !how.serial {
            return Some(job);
        }
        self.turns.enter(Socket(Arc::clone(&job.call.role)), job)
    }

    /// A serial handler has ended: the one whose turn it is now.
    fn next_turn(&mut self, of: &Arc<Role>) -> Option<Job> {
        self.turns.next(&Socket(Arc::clone(of)))
    }

    /// A join is over: takes out the handlers that want to be cancelled then, those that run and those that wait for their turn.
    fn cancel(&mut self, epoch: u64) -> (Vec<Job>, Vec<Job>) {
        let unwanted = |job: &Job| job.work.how().cancel_on_disconnect && job.call.epoch == epoch;
        // There is no way to take single ones out. Those that stay must be polled again, as whoever would wake them has lost them.
        let all = std::mem::take(&mut self.pending).into_iter();
        let (running, kept) = all.partition::<Vec<_>, _>(unwanted);
        self.pending.extend(kept);
        (running, self.turns.take_if(unwanted))
    }
}

/// A handler that runs, and what it is for.
struct Job {
    call: Call,
    work: Handling,
}

/// A handler that has ended.
struct Done {
    call: Call,
    was_serial: bool,
    result: std::thread::Result<Answer>,
}

/// An event that is being handled.
struct Call {
    role: Arc<Role>,
    /// The join that it came to.
    epoch: u64,
    /// The packet's JSON: only a failure needs the event's name.
    data: Bytes,
    reply: Reply,
}

impl Future for Job {
    type Output = Done;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Done> {
        let Self { call, work } = &mut *self;
        poll_caught(work, cx).map(|result| {
            let Call { role, epoch, data, reply } = call;
            let call = Call { role: Arc::clone(role), epoch: *epoch, data: std::mem::take(data), reply: reply.clone() };
            Done { call, was_serial: work.how().serial, result }
        })
    }
}

impl Connection {
    /// An event of the server.
    pub(super) fn receive(
        &mut self,
        live: &mut Live,
        id: NspId,
        ack: Option<u64>,
        data: Bytes,
        attachments: Vec<Bytes>,
        cx: &mut Context<'_>,
    ) {
        let Some((role, epoch)) = self.role(id) else { return };
        role.core.recovery.received(&data);
        // An item of a stream is for whoever reads it, and passes events that wait, as answers do.
        match role.core.streams.deliver(&*role.core, ack, &data, &attachments) {
            Ok(false) => {}
            Ok(true) => {
                if let Ok((name, args)) = Args::event(&data, &attachments) {
                    role.core.registry.hear(&name, &args, |kind| role.core.fault(&name, kind));
                }
                return;
            }
            Err(malformed) => return live.malformed(malformed),
        }
        let event = Arrived { role, epoch, ack, data, attachments };
        if self.handlers.is_full() || !self.handlers.waiting.is_empty() {
            return self.handlers.wait(event);
        }
        if let Err(error) = self.dispatch(&event, cx) {
            live.malformed(error);
        }
    }

    /// Handlers that have something to do, and events that have waited for them.
    pub(super) fn handle(&mut self, mut live: Option<&mut Live>, cx: &mut Context<'_>) {
        loop {
            while let Poll::Ready(Some(done)) = self.handlers.pending.poll_next_unpin(cx) {
                let next = self.finished(done, cx);
                self.begin_job(next, cx);
            }
            let Some(event) = self.handlers.next_waiting() else { break };
            let is_current = self.is_current(event.epoch);
            if let (Err(error), Some(live), true) = (self.dispatch(&event, cx), &mut live, is_current) {
                live.malformed(error);
            }
        }
        while let Poll::Ready(Some(())) = self.handlers.streams.poll_next_unpin(cx) {}
    }

    fn dispatch(&mut self, event: &Arrived, cx: &mut Context<'_>) -> Result<(), DecodeError> {
        let Arrived { role, epoch, ack, data, attachments } = event;
        let (name, mut args) = Args::event(data, attachments).map_err(|_| DecodeError::InvalidPayload)?;
        if !RESERVED_EVENTS.contains(&&*name) {
            role.core.registry.hear(&name, &args, |kind| role.core.fault(&name, kind));
        }
        let line = Line::new(Arc::<Core>::clone(&role.core), *epoch);
        let reply = Reply::new(Arc::clone(&role.core.path), *ack).over(line);
        let call = Call { role: Arc::clone(role), epoch: *epoch, data: data.clone(), reply: reply.clone() };
        match catch_unwind(AssertUnwindSafe(|| role.route(&name, &mut args, reply))) {
            // It has waited so long that its connection is gone.
            Ok(Ok(Some(work))) if work.how().cancel_on_disconnect && !self.is_current(*epoch) => {}
            Ok(Ok(Some(work))) => self.start(Job { call, work }, cx),
            Ok(Ok(None)) if RESERVED_EVENTS.contains(&&*name) || args.finish().is_err() => {
                return Err(DecodeError::InvalidPayload);
            }
            Ok(Ok(None)) => role.core.fault(&name, FaultKind::UnknownEvent),
            Ok(Err(ArgError::Malformed)) => return Err(DecodeError::InvalidPayload),
            Ok(Err(ArgError::Bad(bad))) => {
                let message = bad.to_string();
                role.core.fault(&name, FaultKind::BadArgs(bad));
                call.fail(FaultCode::BadArgs, &message);
            }
            // A payload's own `Deserialize`, or the part of a closure before its first await.
            Err(panic) => call.finish(Err(panic)),
        }
        Ok(())
    }

    /// Whether the client is still in the namespace as it was when this join was made.
    fn is_current(&self, epoch: u64) -> bool {
        self.members.iter().any(|member| member.joined().is_some() && member.epoch == epoch)
    }

    /// Runs user code, in the order of arrival; a serial handler when it is its turn.
    fn start(&mut self, job: Job, cx: &mut Context<'_>) {
        let job = self.handlers.admit(job);
        self.begin_job(job, cx);
    }

    /// Polls user code for the first time, and keeps it if it has to wait. Then whatever may begin because it has ended.
    fn begin_job(&mut self, mut job: Option<Job>, cx: &mut Context<'_>) {
        while let Some(mut next) = job {
            job = match Pin::new(&mut next).poll(cx) {
                Poll::Ready(done) => self.finished(done, cx),
                Poll::Pending => {
                    self.handlers.pending.push(next);
                    None
                }
            }
        }
    }

    /// Gives back the serial handler whose turn it is now.
    fn finished(&mut self, done: Done, cx: &mut Context<'_>) -> Option<Job> {
        let Done { call, was_serial, result } = done;
        let next = if was_serial { self.handlers.next_turn(&call.role) } else { None };
        call.finish(result);
        // Their items are behind the ack.
        self.handlers.start_streams(&call.role.core, cx);
        next
    }

    /// Drops the handlers that want to be cancelled with their connection, if it is gone (R3).
    pub(super) fn cancel(&mut self, cx: &mut Context<'_>) {
        while let Some(at) = self.handlers.cancellable.iter().position(|epoch| !self.is_current(*epoch)) {
            let epoch = self.handlers.cancellable.swap_remove(at);
            cx.waker().wake_by_ref();
            let (running, waiting) = self.handlers.cancel(epoch);
            let ended =
                running.iter().filter(|job| job.work.how().serial).map(|job| Arc::clone(&job.call.role)).collect::<Vec<_>>();
            drop_caught(running);
            drop_caught(waiting);
            for role in ended {
                let next = self.handlers.next_turn(&role);
                self.begin_job(next, cx);
            }
        }
    }
}

impl Role {
    /// The handler's event, or a closure's.
    fn route(&self, name: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError> {
        if let Some(handle) = &self.handle
            && let Some(work) = handle(name, args, reply.clone())?
        {
            return Ok(Some(work));
        }
        self.core.registry.dispatch_or_fall_back(name, args, reply)
    }
}

impl Call {
    fn name(&self) -> Cow<'_, str> {
        Args::event(&self.data, &[]).map_or_else(|_| "?".into(), |(name, _)| name)
    }

    fn finish(&self, result: std::thread::Result<Answer>) {
        let core = &self.role.core;
        match result {
            // Behind what the handler has emitted.
            Ok(Ok(Some(packet))) => drop(core.outbox.push(Item::Ack { epoch: self.epoch, packet })),
            Ok(Ok(None)) => {}
            Ok(Err(why)) => {
                let (kind, answer, message) = why.into_fault();
                // An event stream ends with its client: who has not answered by then is not to blame.
                if kind != FaultKind::Dropped || !core.state.borrow().is_over() {
                    core.fault(&self.name(), kind);
                }
                self.fail(answer, message);
            }
            Err(panic) => {
                core.fault(&self.name(), FaultKind::Panic(panic_message(&*panic)));
                // What it says may be nobody else's business.
                self.fail(FaultCode::Internal, "the handler failed");
            }
        }
    }

    /// Answers with the fault arm, if the event has one and somebody waits.
    fn fail(&self, code: FaultCode, message: &str) {
        let name = self.name();
        let meta = self.role.events.iter().find(|meta| meta.name == name || meta.aliases.contains(&&*name));
        if meta.is_some_and(|meta| meta.ack.is_envelope())
            && let Ok(Some(packet)) = self.reply.clone().fault(code, message)
        {
            self.role.core.outbox.push(Item::Ack { epoch: self.epoch, packet });
        }
    }
}
