//! What clients send, on its way to the handlers.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use bytes::Bytes;

use super::{
    Connection, Joined,
    call::{Call, Incoming},
    handlers::{Done, Job},
};
use crate::{
    contract::{AckData, ArgError, Args, FaultCode, SocketId, is_well_formed},
    net::random,
    proto::{
        packet::{DecodeError, RESERVED_EVENTS},
        session::server::NspId,
    },
    server::{
        connect::{Attempt, Outcome, Session, invalid_namespace},
        core::SocketCore,
        fault::{FaultKind, drop_caught, panic_message},
        retries::{self, Arrived},
    },
};

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
                let next = if was_serial { self.handlers.next_turn(call.session.core().id) } else { None };
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
        let next = if is_turn { self.handlers.next_turn(socket) } else { None };
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
