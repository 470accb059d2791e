//! Handlers: started in the order of arrival, then concurrent (R2), and run to their end whatever becomes of the connection (R3).

use std::{
    borrow::Cow,
    collections::VecDeque,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::{Connection, Live};
use crate::{
    client::outbox::Item,
    contract::{
        AckKind, Answer, ArgError, Args, FaultCode, FaultKind, Handling, Reply,
        fault::{panic_message, poll_caught},
    },
    proto::packet::{DecodeError, RESERVED_EVENTS},
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
}

/// An event as it came.
struct Arrived {
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
        Self { pending: FuturesUnordered::new(), limit, waiting: VecDeque::new(), waiting_bytes: 0 }
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
    /// The connection that it came over.
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
        ack: Option<u64>,
        data: Bytes,
        attachments: Vec<Bytes>,
        cx: &mut Context<'_>,
    ) {
        let event = Arrived { epoch: self.epoch, ack, data, attachments };
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
                    self.finish(&call, result);
                }
            }
            let Some(event) = self.handlers.next_waiting() else { return };
            if let (Err(error), Some(live), true) = (self.dispatch(&event, cx), &mut live, event.epoch == self.epoch) {
                live.malformed(error);
            }
        }
    }

    fn dispatch(&mut self, event: &Arrived, cx: &mut Context<'_>) -> Result<(), DecodeError> {
        let Arrived { epoch, ack, data, attachments } = event;
        let (name, mut args) = Args::event(data, attachments).map_err(|_| DecodeError::InvalidPayload)?;
        let reply = Reply::new(self.core.path.clone(), *ack);
        let call = Call { epoch: *epoch, data: data.clone(), reply: reply.clone() };
        match catch_unwind(AssertUnwindSafe(|| self.route(&name, &mut args, reply))) {
            Ok(Ok(Some(work))) => self.start(call, work, cx),
            Ok(Ok(None)) if RESERVED_EVENTS.contains(&&*name) || args.finish().is_err() => {
                return Err(DecodeError::InvalidPayload);
            }
            Ok(Ok(None)) => self.core.fault(&name, FaultKind::UnknownEvent),
            Ok(Err(ArgError::Malformed)) => return Err(DecodeError::InvalidPayload),
            Ok(Err(ArgError::Bad(bad))) => {
                let message = bad.to_string();
                self.core.fault(&name, FaultKind::BadArgs(bad));
                self.fail(&call, FaultCode::BadArgs, &message);
            }
            // A payload's own `Deserialize`, or the part of a closure before its first await.
            Err(panic) => self.finish(&call, Err(panic)),
        }
        Ok(())
    }

    /// The handler's event, or a closure's.
    fn route(&self, name: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError> {
        if let Some(handle) = &self.handle
            && let Some(work) = handle(name, args, reply.clone())?
        {
            return Ok(Some(work));
        }
        self.core.registry.dispatch(name, args, reply)
    }

    /// Polls user code for the first time, in the order of arrival, and keeps it if it has to wait.
    fn start(&mut self, call: Call, work: Handling, cx: &mut Context<'_>) {
        let mut job = Job { call: Some(call), work };
        match Pin::new(&mut job).poll(cx) {
            Poll::Ready((Some(call), result)) => self.finish(&call, result),
            Poll::Ready((None, _)) => {}
            Poll::Pending => self.handlers.pending.push(job),
        }
    }

    fn finish(&self, call: &Call, result: std::thread::Result<Answer>) {
        match result {
            // Behind what the handler has emitted.
            Ok(Ok(Some(ack))) => drop(self.core.outbox.push(Item::Ack(call.epoch, ack))),
            Ok(Ok(None)) => {}
            Ok(Err(why)) => {
                let (kind, code, message) = why.into_fault();
                self.core.fault(&call.name(), kind);
                self.fail(call, code, message);
            }
            Err(panic) => {
                self.core.fault(&call.name(), FaultKind::Panic(panic_message(&*panic)));
                // What it says may be nobody else's business.
                self.fail(call, FaultCode::Internal, "the handler failed");
            }
        }
    }

    /// Answers with the fault arm, if the event has one and somebody waits.
    fn fail(&self, call: &Call, code: FaultCode, message: &str) {
        let name = call.name();
        let meta = self.events.iter().find(|meta| meta.name == name || meta.aliases.contains(&&*name));
        if meta.is_some_and(|meta| meta.ack == AckKind::Envelope)
            && let Ok(Some(ack)) = call.reply.clone().fault(code, message)
        {
            self.core.outbox.push(Item::Ack(call.epoch, ack));
        }
    }
}

impl Call {
    fn name(&self) -> Cow<'_, str> {
        Args::event(&self.data, &[]).map_or_else(|_| "?".into(), |(name, _)| name)
    }
}
