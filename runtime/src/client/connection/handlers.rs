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
        Answer, ArgError, Args, FaultCode, FaultKind, Handling, Reply,
        fault::{panic_message, poll_caught},
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
    limit: usize,
    waiting: VecDeque<Arrived>,
    waiting_bytes: usize,
    /// Streams that run. They count for nothing here: their number has a limit of its own.
    streams: FuturesUnordered<Driver>,
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
            limit,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            streams: FuturesUnordered::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.pending.len() >= self.limit
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
}

/// A handler that runs, and what it is for.
struct Job {
    call: Option<Call>,
    work: Handling,
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
    type Output = (Option<Call>, std::thread::Result<Answer>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        poll_caught(&mut self.work, cx).map(|result| (self.call.take(), result))
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
            Ok(true) => return,
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
            while let Poll::Ready(Some((call, result))) = self.handlers.pending.poll_next_unpin(cx) {
                if let Some(call) = call {
                    call.finish(result);
                    self.handlers.start_streams(&call.role.core, cx);
                }
            }
            let Some(event) = self.handlers.next_waiting() else { break };
            let is_current = self.members.iter().any(|member| member.joined().is_some() && member.epoch == event.epoch);
            if let (Err(error), Some(live), true) = (self.dispatch(&event, cx), &mut live, is_current) {
                live.malformed(error);
            }
        }
        while let Poll::Ready(Some(())) = self.handlers.streams.poll_next_unpin(cx) {}
    }

    fn dispatch(&mut self, event: &Arrived, cx: &mut Context<'_>) -> Result<(), DecodeError> {
        let Arrived { role, epoch, ack, data, attachments } = event;
        let (name, mut args) = Args::event(data, attachments).map_err(|_| DecodeError::InvalidPayload)?;
        let line = Line::new(Arc::<Core>::clone(&role.core), *epoch);
        let reply = Reply::new(Arc::clone(&role.core.path), *ack).over(line);
        let call = Call { role: Arc::clone(role), epoch: *epoch, data: data.clone(), reply: reply.clone() };
        match catch_unwind(AssertUnwindSafe(|| role.route(&name, &mut args, reply))) {
            Ok(Ok(Some(work))) => self.start(call, work, cx),
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

    /// Polls user code for the first time, in the order of arrival, and keeps it if it has to wait.
    fn start(&mut self, call: Call, work: Handling, cx: &mut Context<'_>) {
        let mut job = Job { call: Some(call), work };
        match Pin::new(&mut job).poll(cx) {
            Poll::Ready((Some(call), result)) => {
                call.finish(result);
                self.handlers.start_streams(&call.role.core, cx);
            }
            Poll::Ready((None, _)) => {}
            Poll::Pending => self.handlers.pending.push(job),
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
        self.core.registry.dispatch(name, args, reply)
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
            Ok(Err(e)) => {
                core.fault(&self.name(), FaultKind::Encode(e));
                self.fail(FaultCode::Internal, "the answer cannot be encoded");
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
