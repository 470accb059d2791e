//! Handlers: started in the order of arrival, then concurrent (R2), and run to their end whatever becomes of the connection (R3).

use std::{
    borrow::Cow,
    collections::VecDeque,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use bytes::Bytes;
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::{Connection, Joined};
use crate::{
    contract::{
        AckData, AckKind, Answer, ArgError, Args, BoxFuture, EventMeta, FaultCode, Handling, Reply, SocketId, Turns,
        is_well_formed,
        streams::{Driver, Line},
    },
    net::random,
    proto::{
        packet::{DecodeError, Encoded, RESERVED_EVENTS},
        session::server::NspId,
    },
    server::{
        connect::{Attempt, Outcome, Session, invalid_namespace},
        core::SocketCore,
        fault::{FaultKind, drop_caught, panic_message, poll_caught},
        retries::{self, Arrived, Running},
    },
};

/// So many bytes of events may wait for handlers in flight to end. Answers of the client, pongs and goodbyes still get through, which
/// is what those handlers may be waiting for.
const WAITING: usize = 256 * 1024;
/// What an event that waits costs beside its bytes.
const ENTRY: usize = 256;

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

/// An event that has arrived.
struct Incoming {
    session: Arc<dyn Session>,
    ack: Option<u64>,
    data: Bytes,
    attachments: Vec<Bytes>,
    running: Option<Running>,
}

impl Incoming {
    fn cost(&self) -> usize {
        ENTRY + self.data.len() + self.attachments.iter().map(Bytes::len).sum::<usize>()
    }
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
    fn must_wait(&self) -> bool {
        self.len() >= self.limit || !self.waiting.is_empty()
    }

    fn wait(&mut self, event: Incoming) {
        self.waiting_bytes += event.cost();
        self.waiting.push_back(event);
    }

    /// The next event that has waited, if there is room for its handler now.
    fn next_waiting(&mut self) -> Option<Incoming> {
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
    fn admit(&mut self, job: Job) -> Option<Job> {
        match &job {
            Job::Event { call, work } if work.how().serial => {
                let socket = call.session.core().id;
                self.turns.enter(socket, job)
            }
            Job::Event { .. } | Job::Connect { .. } => Some(job),
        }
    }

    /// The socket has left: takes out the handlers that want to be cancelled then. Also the one that others may be waiting for; true if
    /// it is another one's turn.
    fn cancel(&mut self, socket: SocketId) -> (Vec<Job>, bool) {
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

    fn push(&mut self, job: Job) {
        self.pending.get_or_insert_default().push(job);
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Option<Done> {
        let pending = self.pending.as_mut()?;
        match pending.poll_next_unpin(cx) {
            Poll::Ready(Some(done)) => Some(done),
            Poll::Ready(None) | Poll::Pending => None,
        }
    }

    /// Polls a stream for the first time, and keeps it if it goes on.
    fn stream(&mut self, mut driver: Driver, cx: &mut Context<'_>) {
        if Pin::new(&mut driver).poll(cx).is_pending() {
            self.streams.get_or_insert_default().push(driver);
        }
    }

    /// Streams that have an item, room for it, or an end.
    fn poll_streams(&mut self, cx: &mut Context<'_>) {
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
enum Job {
    Connect { id: NspId, socket: Arc<SocketCore>, key: Option<retries::Key>, work: BoxFuture<'static, Outcome> },
    Event { call: Call, work: Handling },
}

/// An event that is being handled.
struct Call {
    session: Arc<dyn Session>,
    /// The packet's JSON: only a failure needs the event's name.
    data: Bytes,
    reply: Reply,
    /// Of a client that retries: the way of the answer.
    running: Option<Running>,
}

enum Done {
    Connected(NspId, Arc<SocketCore>, Option<retries::Key>, std::thread::Result<Outcome>),
    Handled { call: Call, was_serial: bool, result: std::thread::Result<Answer> },
}

impl Future for Job {
    type Output = Done;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Done> {
        match &mut *self {
            Self::Connect { id, socket, key, work } => {
                poll_caught(work, cx).map(|result| Done::Connected(*id, Arc::clone(socket), *key, result))
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

impl Connection {
    /// Handlers that have something to do.
    pub(super) fn handle(&mut self, now: Instant, cx: &mut Context<'_>) {
        let mut any = false;
        while let Some(done) = self.handlers.poll(cx) {
            any = true;
            let next = self.finished(done, cx);
            self.begin_job(next, cx);
        }
        while let Some(event) = self.handlers.next_waiting() {
            any = true;
            self.run(now, event, cx);
        }
        self.handlers.poll_streams(cx);
        if any {
            self.drain(now, cx);
        }
    }

    pub(super) fn connect(&mut self, now: Instant, id: NspId, nsp: &Bytes, auth: Option<Bytes>, cx: &mut Context<'_>) {
        if auth.as_ref().is_some_and(|auth| !is_well_formed(auth)) {
            return self.machine.handle_malformed(now, DecodeError::InvalidPayload);
        }
        // The parameters of a path are read by their types' own `FromStr`.
        let find = |path: &str| catch_unwind(AssertUnwindSafe(|| self.server.namespaces.find(path))).ok().flatten();
        let Some((namespace, core)) = std::str::from_utf8(nsp).ok().and_then(find) else {
            self.machine.reject(id, &invalid_namespace());
            return;
        };
        let socket = SocketCore::new(
            random::socket_id(),
            core,
            id,
            Arc::clone(&self.mailbox),
            Arc::clone(&self.handshake),
            self.server.config.max_subscriptions,
        );
        let socket = Arc::new(socket);
        let key = auth.as_deref().and_then(retries::Key::of);
        let work = namespace.connect(Attempt { socket: Arc::clone(&socket), auth });
        self.start(Job::Connect { id, socket, key, work }, cx);
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
                    self.handlers.push(next);
                    None
                }
            }
        }
    }

    /// Gives back the serial handler whose turn it is now.
    fn finished(&mut self, done: Done, cx: &mut Context<'_>) -> Option<Job> {
        match done {
            Done::Connected(id, socket, key, result) => {
                self.connected(id, &socket, key, result);
                None
            }
            Done::Handled { call, was_serial, result } => {
                let next = if was_serial { self.handlers.turns.next(&call.session.core().id) } else { None };
                let core = Arc::clone(call.session.core());
                // The ack goes to the outbox, behind what its handler has emitted, and ahead of the items of a stream.
                call.finish(result);
                core.streams.take_started().into_iter().for_each(|driver| self.handlers.stream(driver, cx));
                next
            }
        }
    }

    /// The socket has left: drops the handlers that want to be cancelled then (R3).
    pub(super) fn cancel(&mut self, socket: SocketId, cx: &mut Context<'_>) {
        let (cancelled, is_turn) = self.handlers.cancel(socket);
        if cancelled.is_empty() {
            return;
        }
        cx.waker().wake_by_ref();
        drop_caught(cancelled);
        let next = if is_turn { self.handlers.turns.next(&socket) } else { None };
        self.begin_job(next, cx);
    }

    fn connected(
        &mut self,
        id: NspId,
        socket: &Arc<SocketCore>,
        key: Option<retries::Key>,
        result: std::thread::Result<Outcome>,
    ) {
        match result {
            Ok(Outcome::Accepted(session)) if !socket.is_closed() && self.machine.accept(id, socket.id.as_str()) => {
                if let Some(key) = key {
                    self.server.retries.attach(key, socket);
                }
                self.sockets.push(Joined { id, session });
            }
            // The client has left meanwhile. It was never told that it is in, so `on_disconnect` is not either.
            Ok(Outcome::Accepted(_)) => socket.close(),
            Ok(Outcome::Refused(why)) => drop(self.machine.reject(id, &why)),
            Err(panic) => {
                socket.close();
                socket.nsp.fault(Some(socket.id), "connect", FaultKind::Panic(panic_message(&*panic)));
                self.machine.reject(id, br#"{"message":"internal error"}"#);
            }
        }
    }

    pub(super) fn dispatch(
        &mut self,
        now: Instant,
        id: NspId,
        ack: Option<u64>,
        data: Bytes,
        attachments: Vec<Bytes>,
        cx: &mut Context<'_>,
    ) {
        let Some(session) = self.session(id) else { return };
        let core = session.core();
        // An item of a stream is for whoever reads it, and passes events that wait, as answers do.
        match core.streams.deliver(&**core, ack, &data, &attachments) {
            Ok(false) => {}
            Ok(true) => {
                if let Ok((name, args)) = Args::event(&data, &attachments) {
                    session.hear(&name, &args);
                }
                return;
            }
            Err(malformed) => return self.machine.handle_malformed(now, malformed),
        }
        let running = match retries::arrive(core, ack) {
            Arrived::New(running) => running,
            Arrived::Known => return,
            Arrived::Forgotten => return Call::new(session, data, ack, None).forgotten(),
        };
        let event = Incoming { session, ack, data, attachments, running };
        if self.handlers.must_wait() {
            self.handlers.wait(event);
        } else {
            self.run(now, event, cx);
        }
    }

    fn run(&mut self, now: Instant, event: Incoming, cx: &mut Context<'_>) {
        let Incoming { session, ack, data, attachments, running } = event;
        let Ok((name, mut args)) = Args::event(&data, &attachments) else {
            return self.machine.handle_malformed(now, DecodeError::InvalidPayload);
        };
        if !RESERVED_EVENTS.contains(&&*name) {
            session.hear(&name, &args);
        }
        let call = Call::new(session, data.clone(), ack, running);
        match catch_unwind(AssertUnwindSafe(|| call.session.dispatch(&name, &mut args, call.reply.clone()))) {
            // It has waited so long that the socket has left.
            Ok(Ok(Some(work))) if work.how().cancel_on_disconnect && call.session.core().is_closed() => {}
            Ok(Ok(Some(work))) => self.start(Job::Event { call, work }, cx),
            // In no contract: perhaps a raw handler knows it.
            Ok(Ok(None)) => self.dispatch_raw(now, call, &name, &mut args, cx),
            Ok(Err(ArgError::Malformed)) => self.machine.handle_malformed(now, DecodeError::InvalidPayload),
            Ok(Err(ArgError::Bad(bad))) => {
                let message = bad.to_string();
                call.fault(FaultKind::BadArgs(bad));
                call.fail(FaultCode::BadArgs, &message);
            }
            // A payload's own `Deserialize`, or the part of a closure before its first await.
            Err(panic) => call.finish(Err(panic)),
        }
    }

    fn dispatch_raw(&mut self, now: Instant, call: Call, name: &str, args: &mut Args<'_>, cx: &mut Context<'_>) {
        match catch_unwind(AssertUnwindSafe(|| call.session.dispatch_raw(name, args, call.reply.clone()))) {
            Ok(Ok(Some(work))) => self.start(Job::Event { call, work }, cx),
            Ok(Ok(None)) if RESERVED_EVENTS.contains(&name) || args.finish().is_err() => {
                self.machine.handle_malformed(now, DecodeError::InvalidPayload);
            }
            Ok(Ok(None)) => {
                call.fault(FaultKind::UnknownEvent);
                call.end();
            }
            Ok(Err(_)) => self.machine.handle_malformed(now, DecodeError::InvalidPayload),
            Err(panic) => call.finish(Err(panic)),
        }
    }

    pub(super) fn settle(&mut self, now: Instant, id: NspId, ack: u64, data: Bytes, attachments: Vec<Bytes>) {
        if !is_well_formed(&data) {
            return self.machine.handle_malformed(now, DecodeError::InvalidPayload);
        }
        if let Some(session) = self.session(id) {
            let core = session.core();
            if !core.calls.settle(core.id, ack, Ok(AckData::new(data, attachments))) {
                core.nsp.stray_acks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    fn session(&self, id: NspId) -> Option<Arc<dyn Session>> {
        self.sockets.iter().find(|joined| joined.id == id).map(|joined| Arc::clone(&joined.session))
    }
}

impl Call {
    fn new(session: Arc<dyn Session>, data: Bytes, ack: Option<u64>, running: Option<Running>) -> Self {
        let core = session.core();
        let line = Line::new(Arc::<SocketCore>::clone(core), 0);
        let reply = Reply::new(Arc::clone(&core.nsp.path), ack).over(line);
        Self { session, data, reply, running }
    }

    fn name(&self) -> Cow<'_, str> {
        Args::event(&self.data, &[]).map_or_else(|_| "?".into(), |(name, _)| name)
    }

    fn fault(&self, kind: FaultKind) {
        let core = self.session.core();
        core.nsp.fault(Some(core.id), &self.name(), kind);
    }

    fn finish(self, result: std::thread::Result<Answer>) {
        match result {
            Ok(Ok(Some(ack))) => self.answer(ack),
            Ok(Ok(None)) => self.end(),
            Ok(Err(why)) => {
                let (kind, code, message) = why.into_fault();
                // An event stream ends with its socket: who has not answered by then is not to blame.
                if kind == FaultKind::Dropped && self.session.core().is_closed() {
                    return;
                }
                self.fault(kind);
                self.fail(code, message);
            }
            Err(panic) => {
                self.fault(FaultKind::Panic(panic_message(&*panic)));
                // What it says may be nobody else's business.
                self.fail(FaultCode::Internal, "the handler failed");
            }
        }
    }

    fn answer(self, ack: Encoded) {
        match self.running {
            Some(running) => running.answer(ack),
            None => self.session.core().send_kept(ack),
        }
    }

    /// It is not answered, and should it come again, it is not handled again.
    fn end(self) {
        if let Some(running) = self.running {
            running.finish();
        }
    }

    fn ack_kind(&self) -> Option<AckKind> {
        let name = self.name();
        let known = |meta: &&EventMeta| meta.name == name || meta.aliases.contains(&&*name);
        self.session.events().iter().find(known).map(|meta| meta.ack)
    }

    /// Answers with the fault arm, if the event has one and somebody waits.
    fn fail(self, code: FaultCode, message: &str) {
        match self.ack_kind() {
            Some(kind)
                if kind.is_envelope()
                    && let Ok(Some(ack)) = self.reply.clone().fault(code, message) =>
            {
                self.answer(ack);
            }
            _ => self.end(),
        }
    }

    /// It was handled before, and its answer is gone, unless that says nothing.
    fn forgotten(self) {
        match self.ack_kind() {
            Some(AckKind::None | AckKind::Unit) => {
                let ack = self.reply.clone().unit();
                self.finish(Ok(ack));
            }
            _ => self.fail(FaultCode::Internal, "it was handled, but the answer is not known any more"),
        }
    }
}
