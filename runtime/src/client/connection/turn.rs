//! The turn of a connection that is there, or being made.

use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use super::{
    Connection, LINGER, Member, Role,
    link::Socket,
    live::{Live, Progress},
    member::Stage,
};
use crate::{
    client::{core::LEFT, error::Failure},
    contract::{AckData, is_well_formed},
    proto::{
        DisconnectReason, Output,
        engine::client::Transmit,
        packet::DecodeError,
        session::client::{Event, NspId},
    },
};

/// Packets that are read before handlers and writes get their turn.
const BATCH: usize = 64;

/// How far reading got.
enum Read {
    /// There is nothing more for now.
    All,
    /// There may be more.
    Batch,
    /// There may be more, but there is too much to do already.
    Paused,
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
        live.is_open() && live.room() > 0 && self.members.iter().any(|m| m.joined().is_some() && m.core().is_ready())
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
        let mut unanswered = false;
        for member in self.members.iter_mut().filter(|member| member.deadline.is_some_and(|at| at <= now)) {
            match member.stage {
                // The server may let it in any time now, and is told then.
                Stage::Authenticating(_) | Stage::Joining(_) => {
                    if let Some(nsp) = member.nsp() {
                        live.machine.disconnect(nsp);
                        unanswered = true;
                    }
                    member.fail(now, Failure::Timeout);
                }
                Stage::Left => member.end(LEFT),
                Stage::Waiting | Stage::Joined(_) | Stage::Over => {}
            }
        }
        // The server still owes the answer, so that nobody can ask again over a connection that is good for nobody else either.
        if unanswered && !self.members.iter().any(Member::is_in_or_on_its_way) {
            live.give_up(now);
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
                    let auth = member.core().with_names(auth);
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
        // A connection that has just been lost takes nothing: it waits for the next one.
        let takes = live.is_open();
        live.first = live.first.wrapping_add(1);
        for n in 0..self.members.len() {
            let member = &self.members[live.first.wrapping_add(n) % self.members.len()];
            let Some(nsp) = member.joined() else { continue };
            let limit = live.limit();
            // What was sent before goes first.
            while let Some(packet) = member.again(now, limit, takes && live.room() > 0) {
                live.machine.send(nsp, packet);
            }
            if !takes {
                continue;
            }
            member.core().outbox.take(&mut self.outgoing, live.room(), member.core().free());
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
            if joined && deadline > now && !member.core().is_done() {
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
            if live.machine.has_unread() {
                live.machine.pause(self.is_congested());
            }
            match live.machine.poll_output() {
                Output::Transmit(transmit) => self.transmit(live, transmit),
                Output::Event(event) => self.event(live, now, event, cx),
                Output::Timeout(at) => {
                    live.machine_deadline = at;
                    return live.note_closing(now);
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
                Socket::Open(_, ws) if live.by_us && self.members.iter().any(Member::has_left) => {
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
                self.hub.report(Some(live.machine.transport()));
            }
            Event::Connected { id, sid, pid } => {
                self.epoch += 1;
                let epoch = self.epoch;
                if let Some(member) = self.member(id) {
                    member.enter(id, epoch, &sid, pid);
                    // Only now (the reference: when the session is open): behind a server that crashes, or a load balancer that sends every
                    // request elsewhere, sessions open and that is all.
                    self.backoff.reset();
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
                    member.core().acked(ack, AckData::new(data, attachments));
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
