//! One namespace of a connection: how far it has come, and what it does with what it is told.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use tokio::sync::oneshot;

use crate::{
    client::{
        Reconnection, State,
        backoff::Backoff,
        calls::Ticket,
        connect::{Auth, Authenticate, Handle, Hooks},
        core::{Core, LEFT, event_name},
        error::Failure,
        outbox::Item,
        retries::Again,
    },
    contract::{BoxFuture, EncodeError, EventMeta, FaultKind, NoAck, TooLarge, fault},
    net::random,
    proto::{DisconnectReason, packet::Encoded, session::client::NspId},
};

/// Who handles the events of a namespace: shared with the handlers in flight, which outlive connections.
pub(in crate::client) struct Role {
    pub(in crate::client) core: Arc<Core>,
    pub(in crate::client) handle: Option<Handle>,
    pub(in crate::client) events: &'static [EventMeta],
}

/// A namespace that somebody wants to be in.
pub(in crate::client) struct Member {
    pub(in crate::client) role: Arc<Role>,
    authenticate: Authenticate,
    hooks: Hooks,
    /// Whoever waits for the first connection; the member is over if that fails.
    first: Option<oneshot::Sender<Result<(), Failure>>>,
    backoff: Backoff,
    pub(super) stage: Stage,
    /// Of the stage: for the server to answer, for the next attempt, for the last packets.
    pub(super) deadline: Option<Instant>,
    /// Changes with every join, so that no ack goes over another one than its question.
    pub(super) epoch: u64,
}

/// How far a namespace has come.
pub(super) enum Stage {
    /// For a connection, or for the deadline.
    Waiting,
    Authenticating(BoxFuture<'static, Auth>),
    Joining(NspId),
    Joined(NspId),
    /// The server is being told.
    Left,
    Over,
}

impl Member {
    pub(in crate::client) fn new(
        role: Role,
        authenticate: Authenticate,
        hooks: Hooks,
        reconnection: Reconnection,
        first: Option<oneshot::Sender<Result<(), Failure>>>,
    ) -> Self {
        Self {
            role: Arc::new(role),
            authenticate,
            hooks,
            first,
            backoff: Backoff::new(reconnection),
            stage: Stage::Waiting,
            deadline: None,
            epoch: 0,
        }
    }

    pub(in crate::client) fn path(&self) -> &Arc<str> {
        &self.role.core.path
    }

    pub(super) fn core(&self) -> &Core {
        &self.role.core
    }

    pub(super) fn nsp(&self) -> Option<NspId> {
        match self.stage {
            Stage::Joining(id) | Stage::Joined(id) => Some(id),
            Stage::Waiting | Stage::Authenticating(_) | Stage::Left | Stage::Over => None,
        }
    }

    pub(super) fn joined(&self) -> Option<NspId> {
        match self.stage {
            Stage::Joined(id) => Some(id),
            _ => None,
        }
    }

    pub(super) fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Waiting)
    }

    pub(super) fn is_in_or_on_its_way(&self) -> bool {
        matches!(self.stage, Stage::Authenticating(_) | Stage::Joining(_) | Stage::Joined(_))
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    pub(super) fn has_left(&self) -> bool {
        matches!(self.stage, Stage::Left)
    }

    /// The packet of an item, unless it must not go out (any more): then whoever cares is told.
    pub(super) fn admit(&self, item: Item, now: Instant, limit: Limit) -> Option<Encoded> {
        if let Some(too_large) = limit.exceeded_by(item.packet()) {
            let ticket = match item {
                Item::Question { id, .. } => Some(id),
                Item::Tracked { ticket, .. } => ticket,
                Item::Event { .. } | Item::Ack { .. } => None,
            };
            self.too_large(item.packet(), ticket, too_large);
            return None;
        }
        let core = self.core();
        match item {
            Item::Event { packet, expires } | Item::Tracked { packet, expires, .. } if expires.is_some_and(|at| at <= now) => {
                core.fault(&event_name(&packet), FaultKind::Expired);
                None
            }
            Item::Event { packet, .. } => Some(packet),
            Item::Tracked { packet, ticket, .. } => self.track(now, &packet, ticket, limit),
            Item::Question { id, packet } => core.calls.sent(id).then_some(packet),
            Item::Ack { epoch, packet } => (epoch == self.epoch).then_some(packet),
        }
    }

    /// Gives a packet its ack id, and keeps it until that is acknowledged.
    fn track(&self, now: Instant, packet: &Encoded, ticket: Option<Ticket>, limit: Limit) -> Option<Encoded> {
        let core = self.core();
        let unacked = core.unacked.as_ref()?;
        let (id, packet) = unacked.push(now, &core.path, packet, ticket)?;
        // A caller that goes from now on finds it in the window.
        if ticket.is_some_and(|ticket| !core.calls.sent(ticket)) {
            unacked.remove(id);
            return None;
        }
        self.within(id, packet, limit)
    }

    /// The next packet that is to be sent again. Whoever is to be told of those that are not, is.
    pub(super) fn again(&self, now: Instant, limit: Limit, takes: bool) -> Option<Encoded> {
        loop {
            match self.core().unacked.as_ref()?.poll(now, takes)? {
                Again::Send(id, packet) => {
                    if let Some(packet) = self.within(id, packet, limit) {
                        return Some(packet);
                    }
                }
                Again::Exhausted(sent) => self.core().unacknowledged(&sent),
            }
        }
    }

    /// A tracked packet, if the server takes it over this connection.
    fn within(&self, id: u64, packet: Encoded, limit: Limit) -> Option<Encoded> {
        let Some(too_large) = limit.exceeded_by(&packet) else { return Some(packet) };
        let sent = self.core().unacked.as_ref()?.remove(id)?;
        self.too_large(sent.packet(), sent.ticket, too_large);
        None
    }

    fn too_large(&self, packet: &Encoded, ticket: Option<Ticket>, why: TooLarge) {
        match ticket {
            Some(ticket) => self.core().calls.refuse(ticket, NoAck::TooLarge(why)),
            None => self.core().fault(&event_name(packet), FaultKind::TooLarge(why)),
        }
    }

    /// While there is no connection, patience may end.
    pub(super) fn expire(&self, now: Instant) {
        if self.joined().is_none() {
            self.again(now, Limit { max: usize::MAX, base64: false }, false);
        }
    }

    /// When something is to be sent again, or given up.
    pub(super) fn patience(&self) -> Option<Instant> {
        self.core().unacked.as_ref()?.deadline()
    }

    /// Nobody is left to talk to the server, or it was told to leave.
    pub(super) fn wants_out(&self) -> bool {
        self.core().outbox.is_closed() && !self.has_left() && !self.is_over()
    }

    /// The connection is open, or the time to try again has come: what does the client show now?
    pub(super) fn authenticate(&mut self, now: Instant, deadline: Instant) {
        if !matches!(self.stage, Stage::Waiting) || self.deadline.is_some_and(|at| at > now) {
            return;
        }
        self.core().connecting();
        self.deadline = Some(deadline);
        let auth = catch_unwind(AssertUnwindSafe(|| (self.authenticate)()));
        self.stage = Stage::Authenticating(auth.unwrap_or_else(|panic| {
            let why = fault::panic_message(&*panic);
            Box::pin(async move { Err(EncodeError::new(why)) })
        }));
    }

    /// The auth payload, once it is there.
    pub(super) fn poll_auth(&mut self, cx: &mut Context<'_>) -> Poll<Auth> {
        let Stage::Authenticating(auth) = &mut self.stage else { return Poll::Pending };
        fault::poll_caught(auth, cx).map(|auth| auth.unwrap_or_else(|panic| Err(EncodeError::new(fault::panic_message(&*panic)))))
    }

    /// The server has let the client in.
    pub(super) fn enter(&mut self, id: NspId, epoch: u64, sid: &str, pid: Option<String>) {
        self.stage = Stage::Joined(id);
        self.deadline = None;
        self.epoch = epoch;
        self.core().joined(epoch);
        self.backoff.reset();
        let recovered = self.core().recovery.joined(pid);
        self.core().state.send_replace(State::Connected { id: Arc::from(sid), recovered });
        if let Some(first) = self.first.take() {
            // Nobody there any more: the handle is gone as well, and the outbox is closed.
            let _ = first.send(Ok(()));
        }
        self.hooks.connect();
    }

    /// The server did not let the client in, or not in time; there is a connection. True if there will be another attempt.
    pub(super) fn fail(&mut self, now: Instant, failure: Failure) -> bool {
        let again = failure.is_passing() && self.first.is_none();
        let delay = if again { self.backoff.next(random::unit()) } else { None };
        self.hooks.connect_error(&failure, delay.is_some());
        let Some(delay) = delay else {
            self.end_with(failure, DisconnectReason::TransportError);
            return false;
        };
        self.stage = Stage::Waiting;
        self.deadline = Some(now + delay);
        let reason = DisconnectReason::TransportError;
        self.core().state.send_replace(State::Disconnected { reason, will_reconnect: true });
        true
    }

    /// The connection, or an attempt to make one, is over. `again` if there will be another one.
    pub(super) fn disconnected(&mut self, reason: DisconnectReason, failure: Option<&Failure>, again: bool) {
        let was_joined = self.joined().is_some();
        self.core().outbox.report(false, false);
        if self.core().outbox.is_closed() || self.has_left() {
            self.over(was_joined, DisconnectReason::IoClientDisconnect);
            return;
        }
        let again = again && self.first.is_none();
        if !was_joined {
            let failure = failure.cloned().unwrap_or_else(|| Failure::Transport(reason.to_string()));
            self.hooks.connect_error(&failure, again);
            if !again {
                return self.end_with(failure, reason);
            }
        } else if !again {
            return self.over(was_joined, reason);
        }
        self.stage = Stage::Waiting;
        self.deadline = None;
        self.core().state.send_replace(State::Disconnected { reason, will_reconnect: true });
        self.note_disconnect(was_joined, reason, true);
        self.core().disconnected();
    }

    /// The server has taken the client out: there is no way back.
    pub(super) fn kicked(&mut self, reason: DisconnectReason) {
        self.over(self.joined().is_some(), reason);
    }

    /// The server was told that this client leaves.
    pub(super) fn leave(&mut self, deadline: Instant) {
        let was_joined = self.joined().is_some();
        self.stage = Stage::Left;
        self.deadline = Some(deadline);
        self.note_disconnect(was_joined, DisconnectReason::IoClientDisconnect, false);
        self.core().left();
    }

    fn over(&mut self, was_joined: bool, reason: DisconnectReason) {
        self.note_disconnect(was_joined, reason, false);
        self.end(State::Disconnected { reason, will_reconnect: false });
    }

    fn note_disconnect(&self, was_joined: bool, reason: DisconnectReason, will_reconnect: bool) {
        if was_joined {
            self.hooks.disconnect(reason, will_reconnect);
        }
    }

    fn end_with(&mut self, failure: Failure, reason: DisconnectReason) {
        let state = match &failure {
            Failure::Refused(refusal) => State::Refused(refusal.clone()),
            _ => State::Disconnected { reason, will_reconnect: false },
        };
        if let Failure::Auth(e) = &failure
            && self.first.is_none()
        {
            self.core().fault("connect", FaultKind::Encode(e.clone()));
        }
        let first = self.first.take();
        self.end(state);
        if let Some(first) = first {
            // Nobody there any more: the handle is gone as well.
            let _ = first.send(Err(failure));
        }
    }

    pub(super) fn end(&mut self, state: State) {
        self.stage = Stage::Over;
        self.deadline = None;
        self.first = None;
        self.core().end(state);
    }
}

/// What the server takes in one message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) max: usize,
    /// Attachments travel as text.
    pub(super) base64: bool,
}

impl Limit {
    fn exceeded_by(self, packet: &Encoded) -> Option<TooLarge> {
        let attachment = |len: usize| if self.base64 { 1 + len.div_ceil(3) * 4 } else { len };
        let size = packet.attachments.iter().map(|data| attachment(data.len())).fold(packet.text.len(), usize::max);
        (size > self.max).then_some(TooLarge { size, max: self.max })
    }
}

impl Drop for Member {
    /// The runtime is being shut down, or a bug has panicked through the task: nobody must wait for this connection.
    fn drop(&mut self) {
        self.core().end(LEFT);
    }
}
