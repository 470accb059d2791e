//! One attempt to connect and the connection that comes of it.

use std::{
    collections::VecDeque,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use super::{
    Connection, End, LINGER, Member, Role,
    link::{Done, Links, Socket},
    member::{Limit, Stage},
};
use crate::{
    client::{core::LEFT, error::Failure, manager::Options},
    contract::{AckData, BoxFuture, is_well_formed},
    net::{dial::DialError, ws::WsEnd},
    proto::{
        DisconnectReason, Output,
        engine::{Transport, WsClosed, WsId, client::Transmit, payload},
        packet::DecodeError,
        session::client::{self as machine, Event, NspId},
    },
};

/// So much is taken from the outboxes at a time; the rest stays where the overflow policy can reach it.
const ROOM: usize = 64 * 1024;
/// Packets that are read before handlers and writes get their turn.
const BATCH: usize = 64;

pub(super) struct Live {
    machine: machine::Connection,
    machine_deadline: Option<Instant>,
    /// For the attempt to open; later, for a close.
    deadline: Option<Instant>,
    config: machine::Config,
    /// Those that were not tried yet.
    transports: VecDeque<Transport>,
    links: Links,
    stage: Progress,
    /// The first that was heard of.
    reason: Option<DisconnectReason>,
    failure: Option<Failure>,
    /// The failure is only that a connection broke.
    vague: bool,
    by_us: bool,
    goodbye: Option<BoxFuture<'static, ()>>,
    /// Who writes first; it changes with every turn.
    first: usize,
}

/// How far a connection has come; it never goes back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    Opening,
    Open,
    Closing,
    Closed,
}

/// How far reading got.
enum Read {
    /// There is nothing more for now.
    All,
    /// There may be more.
    Batch,
    /// There may be more, but there is too much to do already.
    Paused,
}

impl Live {
    /// Begins with the first of `transports`.
    pub(super) fn new(now: Instant, options: &Options, mut transports: VecDeque<Transport>) -> Self {
        let mut config = options.machine.clone();
        config.engine.open_timeout = share(options.timeout, &transports);
        if let Some(transport) = transports.pop_front() {
            config.engine.transport = transport;
        }
        Self {
            machine: machine::Connection::open(now, config.clone()),
            machine_deadline: None,
            deadline: Some(now + options.timeout),
            config,
            transports,
            links: Links::default(),
            stage: Progress::Opening,
            reason: None,
            failure: None,
            vague: false,
            by_us: false,
            goodbye: None,
            first: 0,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.stage == Progress::Open
    }

    pub(super) fn is_over(&self) -> bool {
        self.stage == Progress::Closed
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline.into_iter().chain(self.machine_deadline).min()
    }

    pub(super) fn into_end(self) -> End {
        End {
            by_us: self.by_us,
            reason: self.reason.unwrap_or(DisconnectReason::TransportError),
            failure: self.failure,
            goodbye: self.goodbye,
        }
    }

    /// Closes behind what the machine has been given.
    fn close(&mut self, now: Instant) {
        if self.stage < Progress::Closing {
            self.stage = Progress::Closing;
            self.by_us = true;
            self.deadline = Some(now + LINGER);
            self.machine.close();
        }
    }

    fn end(&mut self, reason: DisconnectReason) {
        self.reason.get_or_insert(reason);
        self.stage = Progress::Closed;
    }

    pub(super) fn malformed(&mut self, error: DecodeError) {
        self.machine.handle_malformed(error);
    }

    /// Tries the next transport; false if there is none, or if it would not help.
    fn shift(&mut self, now: Instant) -> bool {
        let passing = self.failure.as_ref().is_none_or(Failure::is_passing);
        if self.stage != Progress::Opening || !passing {
            return false;
        }
        let left = self.deadline.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        self.config.engine.open_timeout = share(left, &self.transports);
        let Some(transport) = self.transports.pop_front() else { return false };
        self.config.engine.transport = transport;
        self.machine = machine::Connection::open(now, self.config.clone());
        self.links = Links::default();
        true
    }

    fn failed(&mut self, error: &DialError) {
        // Once the session is open, a failure is told by the reason, and a failed upgrade is none.
        if self.stage == Progress::Opening {
            // The first transport's tells the most; but at a wrong path Node breaks a WebSocket off and answers a poll.
            if self.failure.is_none() || self.vague && matches!(error, DialError::Status(_)) {
                self.failure = Some(Failure::Transport(error.to_string()));
                self.vague = matches!(error, DialError::Broken(_));
            }
            if !error.is_of_transport() {
                // A server that is not there is not there for any.
                self.transports.clear();
            }
        }
    }

    fn done(&mut self, now: Instant, done: Done) {
        match done {
            Done::Dialed(id, Ok(ws)) => {
                self.links.ws = Socket::Open(id, ws);
                self.machine.handle_ws_open(id);
            }
            Done::Dialed(id, Err(error)) => {
                self.failed(&error);
                self.machine.handle_ws_closed(id, WsClosed::Error);
            }
            Done::Got(id, Ok(body)) => {
                let opening = self.stage == Progress::Opening;
                self.machine.handle_get_response(now, id, Some(body.clone()));
                if opening && self.machine.sid().is_none() {
                    self.failure = Some(no_session(&body));
                }
            }
            Done::Got(id, Err(error)) => {
                self.failed(&error);
                self.machine.handle_get_response(now, id, None);
            }
            Done::Posted(id, result) => self.machine.handle_post_response(id, result.is_ok()),
        }
    }

    fn ws_lost(&mut self, id: WsId, end: WsEnd) {
        if let Socket::Open(_, ws) = std::mem::take(&mut self.links.ws) {
            match end {
                WsEnd::Violation(code) => ws.close(Some(code), ()),
                WsEnd::Closed => ws.end(),
                WsEnd::Broken => drop(ws),
            }
        }
        let how = if end == WsEnd::Closed { WsClosed::Clean } else { WsClosed::Error };
        self.machine.handle_ws_closed(id, how);
    }

    /// Gives the WebSocket what it takes, and flushes once. Without one: ready when every POST is answered.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WsEnd>> {
        let Socket::Open(id, ws) = &mut self.links.ws else {
            let polling = self.machine.transport() == Transport::Polling && !self.links.is_posting();
            return if polling { Poll::Ready(Ok(())) } else { Poll::Pending };
        };
        loop {
            ready!(ws.poll_ready(cx))?;
            if let Some(frame) = self.machine.poll_ws_frame(*id) {
                ws.send(frame)?;
                continue;
            }
            ready!(ws.poll_flush(cx))?;
            // A candidate carries nothing yet.
            let posting = self.machine.transport() == Transport::Polling && self.links.is_posting();
            return if posting { Poll::Pending } else { Poll::Ready(Ok(())) };
        }
    }

    /// What the server would not take: it would break the connection instead.
    fn limit(&self) -> Limit {
        let max = usize::try_from(self.machine.max_payload()).ok().filter(|max| *max > 0);
        Limit { max: max.unwrap_or(usize::MAX), base64: self.machine.transport() == Transport::Polling }
    }
}

/// What the answer to the first request is, if it opens no session.
fn no_session(body: &[u8]) -> Failure {
    if payload::is_of_protocol_3(body) {
        return Failure::OldServer;
    }
    let told: String = String::from_utf8_lossy(body).chars().take(100).collect();
    Failure::Transport(format!("there is no Engine.IO server at this path: it answers {told:?}"))
}

/// So long may one transport take, so that the time is enough for all: one that is blocked often just hangs.
fn share(time: Duration, transports: &VecDeque<Transport>) -> Duration {
    time / u32::try_from(transports.len()).unwrap_or(u32::MAX).max(1)
}

impl Connection {
    /// One turn; see the module above.
    pub(super) fn live(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) -> bool {
        self.timers(live, now);
        if live.is_over() {
            return true;
        }
        self.drain(live, now, cx);
        let read = self.read(live, now, cx);
        self.join(live, now, cx);
        self.handle(Some(live), cx);
        self.drain(live, now, cx);
        self.outboxes(live, now);
        let left = self.leave(live, now);
        self.write(live, now, cx);
        match read {
            // A successor may enter now; a request wants to be polled.
            _ if left || live.links.has_begun() => true,
            Read::Batch => true,
            // Nothing was read, so nothing wakes the task when a frame comes.
            Read::Paused => !self.is_congested() || self.may_go_on(live),
            Read::All => self.may_go_on(live),
        }
    }

    /// Whether there is something in an outbox, and room for it.
    fn may_go_on(&self, live: &Live) -> bool {
        live.machine.queued().bytes < ROOM && self.members.iter().any(|m| m.joined().is_some() && !m.core().outbox.is_empty())
    }

    fn timers(&mut self, live: &mut Live, now: Instant) {
        if live.deadline.is_some_and(|at| at <= now) {
            if live.stage == Progress::Opening {
                live.failure = Some(Failure::Timeout);
            }
            return live.end(DisconnectReason::TransportError);
        }
        if live.machine_deadline.is_some_and(|at| at <= now) {
            if live.stage == Progress::Opening {
                live.failure.get_or_insert(Failure::Timeout);
            }
            live.machine.handle_timeout(now);
        }
        for member in self.members.iter_mut().filter(|member| member.deadline.is_some_and(|at| at <= now)) {
            match member.stage {
                // The server may let it in any time now: it is told not to.
                Stage::Authenticating(_) | Stage::Joining(_) => {
                    if let Some(nsp) = member.nsp() {
                        live.machine.disconnect(nsp);
                    }
                    member.fail(now, Failure::Timeout);
                }
                Stage::Left => member.end(LEFT),
                Stage::Waiting | Stage::Joined(_) | Stage::Over => {}
            }
        }
    }

    fn is_congested(&self) -> bool {
        self.handlers.is_congested() || self.members.iter().any(|member| member.core().outbox.is_congested())
    }

    /// Inbound frames and answers, a bounded batch. With too much to do nothing is read: the server feels it.
    fn read(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) -> Read {
        for _ in 0..BATCH {
            let congested = self.is_congested();
            let done = live.links.poll(!congested, cx);
            let any = done.is_some();
            if let Some(done) = done {
                live.done(now, done);
                self.drain(live, now, cx);
            }
            if congested {
                return Read::Paused;
            }
            if let Socket::Open(id, ws) = &mut live.links.ws {
                let id = *id;
                match ws.poll_frame(cx) {
                    Poll::Ready(Ok(frame)) => live.machine.handle_ws_frame(now, id, frame),
                    Poll::Ready(Err(end)) => live.ws_lost(id, end),
                    Poll::Pending if any => continue,
                    Poll::Pending => return Read::All,
                }
                self.drain(live, now, cx);
            } else if !any {
                return Read::All;
            }
        }
        Read::Batch
    }

    /// Brings those into their namespaces who wait for it.
    fn join(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) {
        if !live.is_open() {
            return;
        }
        let deadline = now + self.hub.options.timeout;
        for at in 0..self.members.len() {
            let path = self.members[at].path();
            // Its predecessor in the namespace may not have left yet.
            let waits =
                self.members[at].is_waiting() && self.members.iter().any(|other| other.nsp().is_some() && other.path() == path);
            let member = &mut self.members[at];
            if waits || member.core().outbox.is_closed() {
                continue;
            }
            // Only now, so that what it says is as fresh as can be.
            member.authenticate(now, deadline);
            let Poll::Ready(auth) = member.poll_auth(cx) else { continue };
            match auth {
                Ok(auth) => {
                    let auth = member.core().recovery.with_auth(auth);
                    let joining = live.machine.connect(member.path(), auth.as_deref());
                    // It is open, and nobody else is in this namespace: the hub sees to it.
                    member.stage = joining.map_or(Stage::Waiting, Stage::Joining);
                }
                Err(e) => drop(member.fail(now, Failure::Auth(e))),
            }
        }
    }

    /// What others, and the handlers, want sent.
    fn outboxes(&mut self, live: &mut Live, now: Instant) {
        live.first = live.first.wrapping_add(1);
        for n in 0..self.members.len() {
            let member = &self.members[live.first.wrapping_add(n) % self.members.len()];
            let Some(nsp) = member.joined() else { continue };
            member.core().outbox.take(&mut self.outgoing, ROOM.saturating_sub(live.machine.queued().bytes));
            let limit = live.limit();
            for item in self.outgoing.drain(..) {
                if let Some(packet) = member.admit(item, now, limit) {
                    live.machine.send(nsp, packet);
                }
            }
        }
    }

    /// Takes those out who want out and have nothing more to say, if there are any; the connection ends with the last one.
    fn leave(&mut self, live: &mut Live, now: Instant) -> bool {
        let mut any = false;
        for member in self.members.iter_mut().filter(|member| member.wants_out()) {
            // A server that does not read must not keep a client that wants to leave.
            let joined = member.joined().is_some();
            let deadline = member.deadline.filter(|_| joined).unwrap_or(now + LINGER);
            if joined && deadline > now && !member.core().outbox.is_empty() {
                member.deadline = Some(deadline);
                continue;
            }
            if let Some(nsp) = member.nsp() {
                live.machine.disconnect(nsp);
            }
            member.leave(deadline);
            any = true;
        }
        if self.members.iter().all(|member| member.has_left() || member.is_over()) {
            live.close(now);
        }
        any
    }

    fn write(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) {
        let flushed = match live.poll_write(cx) {
            Poll::Pending => false,
            Poll::Ready(Ok(())) => true,
            Poll::Ready(Err(end)) => {
                if let Socket::Open(id, _) = live.links.ws {
                    live.ws_lost(id, end);
                }
                false
            }
        };
        // The last frame may have completed a close.
        self.drain(live, now, cx);
        let flushed = flushed && live.machine.queued().frames == 0 && !live.links.is_posting();
        for member in &mut self.members {
            member.core().outbox.report(flushed && member.joined().is_some(), flushed);
            // Of a connection that stays.
            if flushed && member.has_left() && live.is_open() {
                member.end(LEFT);
            }
        }
    }

    /// Carries out what the machine wants, until it wants nothing more.
    fn drain(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) {
        loop {
            match live.machine.poll_output() {
                Output::Transmit(transmit) => self.transmit(live, transmit),
                Output::Event(event) => self.event(live, now, event, cx),
                Output::Timeout(at) => {
                    live.machine_deadline = at;
                    return;
                }
            }
        }
    }

    fn transmit(&mut self, live: &mut Live, transmit: Transmit) {
        let sid = live.machine.sid();
        match transmit {
            Transmit::WsConnect(id) => live.links.dial(id, &self.dialer, sid),
            Transmit::Get(id) => live.links.get(id, &self.dialer, sid),
            // There is a session id: nothing is sent before the session is open.
            Transmit::Post(id, body) => live.links.post(id, &self.dialer, sid.unwrap_or_default(), body),
            Transmit::WsClose(_) => match std::mem::take(&mut live.links.ws) {
                Socket::Open(_, ws) if self.members.iter().any(Member::has_left) => {
                    live.goodbye = Some(Box::pin(ws.goodbye(None, ())));
                }
                Socket::Open(_, ws) => ws.close(None, ()),
                Socket::Dialing(..) | Socket::None => {}
            },
        }
    }

    fn event(&mut self, live: &mut Live, now: Instant, event: Event, cx: &mut Context<'_>) {
        match event {
            Event::Opened => {
                live.stage = live.stage.max(Progress::Open);
                (live.deadline, live.failure) = (None, None);
                self.backoff.reset();
                self.hub.report(Some(live.machine.transport()));
            }
            Event::Connected { id, sid, pid } => {
                self.epoch += 1;
                let epoch = self.epoch;
                if let Some(member) = self.member(id) {
                    member.enter(id, epoch, &sid, pid);
                }
            }
            Event::Refused { id, why } => match Failure::refused(&why) {
                Some(failure) => {
                    if let Some(member) = self.member(id) {
                        member.fail(now, failure);
                    }
                }
                None => live.malformed(DecodeError::InvalidPayload),
            },
            Event::Event { id, ack, data, attachments } => self.receive(live, id, ack, data, attachments, cx),
            Event::Ack { id, ack, data, attachments } => {
                if !is_well_formed(&data) {
                    live.malformed(DecodeError::InvalidPayload);
                } else if let Some(member) = self.member(id) {
                    member.core().calls.settle(ack, AckData::new(data, attachments));
                }
            }
            Event::Disconnected { id, reason: reason @ DisconnectReason::IoServerDisconnect } => {
                if let Some(member) = self.member(id) {
                    member.kicked(reason);
                }
            }
            // The end of the whole connection is told once; who has left knows it.
            Event::Disconnected { .. } => {}
            Event::Upgraded => self.hub.upgraded(),
            Event::Closed { reason, .. } => {
                if !live.shift(now) {
                    live.end(reason);
                }
            }
        }
    }

    pub(super) fn member(&mut self, id: NspId) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.nsp() == Some(id))
    }

    pub(super) fn role(&self, id: NspId) -> Option<(Arc<Role>, u64)> {
        let member = self.members.iter().find(|member| member.nsp() == Some(id))?;
        Some((Arc::clone(&member.role), member.epoch))
    }
}
