//! One attempt to connect and the connection that comes of it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use super::{Connection, Options};
use crate::{
    client::{State, connect::Auth, error::Failure, outbox::Item},
    contract::{AckData, BoxFuture, EncodeError, fault, is_well_formed},
    net::{
        dial::DialError,
        ws::{Ws, WsEnd},
    },
    proto::{
        DisconnectReason, Output,
        engine::{WsClosed, WsId, client::Transmit},
        packet::DecodeError,
        session::client::{self as machine, Event, NspId},
    },
};

/// So much is taken from the outbox at a time; the rest stays where the overflow policy can reach it.
const ROOM: usize = 64 * 1024;
/// Frames that are read before handlers and writes get their turn.
const BATCH: usize = 64;
/// How long a server that does not read may delay the end of a connection.
const LINGER: Duration = Duration::from_secs(2);

pub(super) struct Live {
    machine: machine::Connection,
    machine_deadline: Option<Instant>,
    /// For the attempt to join; later, for a close.
    deadline: Option<Instant>,
    /// For everything that is left to send, once there is nobody to talk to the server any more.
    leaving: Option<Instant>,
    link: Link,
    auth: Option<BoxFuture<'static, Auth>>,
    nsp: Option<NspId>,
    stage: Stage,
    /// The first that was heard of.
    reason: Option<DisconnectReason>,
    failure: Option<Failure>,
    goodbye: Option<BoxFuture<'static, ()>>,
}

/// How far a connection has come; it never goes back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Joining,
    Joined,
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

enum Link {
    None,
    Dialing(WsId, BoxFuture<'static, Result<Ws, DialError>>),
    Open(WsId, Box<Ws>),
}

impl Live {
    pub(super) fn new(now: Instant, options: &Options) -> Self {
        Self {
            machine: machine::Connection::open(now, options.machine.clone()),
            machine_deadline: Some(now),
            deadline: Some(now + options.timeout),
            leaving: None,
            link: Link::None,
            auth: None,
            nsp: None,
            stage: Stage::Joining,
            reason: None,
            failure: None,
            goodbye: None,
        }
    }

    fn is_joined(&self) -> bool {
        self.stage == Stage::Joined
    }

    pub(super) fn is_over(&self) -> bool {
        self.stage == Stage::Closed
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline.into_iter().chain(self.machine_deadline).chain(self.leaving).min()
    }

    /// Why it ended, what is known beyond that, and the server's being told.
    pub(super) fn into_end(self) -> (DisconnectReason, Option<Failure>, Option<BoxFuture<'static, ()>>) {
        (self.reason.unwrap_or(DisconnectReason::TransportError), self.failure, self.goodbye)
    }

    /// Closes behind what the machine has been given.
    fn close(&mut self, now: Instant) {
        if self.stage < Stage::Closing {
            self.stage = Stage::Closing;
            self.auth = None;
            self.deadline = Some(now + LINGER);
            self.machine.close();
        }
    }

    fn end(&mut self, reason: DisconnectReason) {
        self.reason.get_or_insert(reason);
        self.stage = Stage::Closed;
    }

    pub(super) fn malformed(&mut self, error: DecodeError) {
        self.machine.handle_malformed(error);
    }

    fn lost(&mut self, id: WsId, end: WsEnd) {
        if let Link::Open(_, ws) = std::mem::replace(&mut self.link, Link::None) {
            match end {
                WsEnd::Violation(code) => ws.close(Some(code), ()),
                WsEnd::Closed => ws.end(),
                WsEnd::Broken => drop(ws),
            }
        }
        let how = if end == WsEnd::Closed { WsClosed::Clean } else { WsClosed::Error };
        self.machine.handle_ws_closed(id, how);
    }

    /// Gives the WebSocket what it takes, and flushes once.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WsEnd>> {
        let Link::Open(id, ws) = &mut self.link else { return Poll::Pending };
        loop {
            ready!(ws.poll_ready(cx))?;
            match self.machine.poll_ws_frame(*id) {
                Some(frame) => ws.send(frame)?,
                None => return ws.poll_flush(cx),
            }
        }
    }
}

impl Connection {
    /// One turn; see the module above.
    pub(super) fn live(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) -> bool {
        self.timers(live, now);
        if live.is_over() {
            return true;
        }
        self.drain(live, now, cx);
        self.dial(live, now, cx);
        let read = self.read(live, now, cx);
        self.authenticate(live, now, cx);
        self.handle(Some(live), cx);
        self.drain(live, now, cx);
        self.outbox(live, now);
        self.write(live, now, cx);
        match read {
            Read::Batch => true,
            // Nothing was read, so nothing wakes the task when a frame comes.
            Read::Paused => !self.is_congested() || self.may_go_on(live),
            Read::All => self.may_go_on(live),
        }
    }

    /// Whether there is something in the outbox, and room for it.
    fn may_go_on(&self, live: &Live) -> bool {
        live.is_joined() && live.machine.queued().bytes < ROOM && !self.core.outbox.is_empty()
    }

    fn timers(&mut self, live: &mut Live, now: Instant) {
        // A server that does not read must not keep a client that wants to leave.
        if live.leaving.is_none() && self.core.outbox.is_closed() {
            live.leaving = Some(now + LINGER);
        }
        if live.leaving.is_some_and(|at| at <= now) {
            live.end(DisconnectReason::IoClientDisconnect);
        } else if live.deadline.is_some_and(|at| at <= now) {
            if live.stage == Stage::Joining {
                live.failure = Some(Failure::Timeout);
            }
            live.end(DisconnectReason::TransportError);
        } else if live.machine_deadline.is_some_and(|at| at <= now) {
            live.machine.handle_timeout(now);
        }
    }

    fn dial(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) {
        let Link::Dialing(id, dial) = &mut live.link else { return };
        let Poll::Ready(dialed) = dial.as_mut().poll(cx) else { return };
        let id = *id;
        match dialed {
            Ok(ws) => {
                live.link = Link::Open(id, Box::new(ws));
                live.machine.handle_ws_open(id);
            }
            Err(why) => {
                live.failure = Some(Failure::Transport(why.to_string()));
                live.lost(id, WsEnd::Broken);
            }
        }
        self.drain(live, now, cx);
    }

    fn is_congested(&self) -> bool {
        self.handlers.is_congested() || self.core.outbox.is_congested()
    }

    /// Inbound frames, a bounded batch. With too much to do nothing is read: the server feels it.
    fn read(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) -> Read {
        for _ in 0..BATCH {
            if self.is_congested() {
                return Read::Paused;
            }
            let Link::Open(id, ws) = &mut live.link else { return Read::All };
            let id = *id;
            match ws.poll_frame(cx) {
                Poll::Ready(Ok(frame)) => live.machine.handle_ws_frame(now, id, frame),
                Poll::Ready(Err(end)) => live.lost(id, end),
                Poll::Pending => return Read::All,
            }
            self.drain(live, now, cx);
        }
        Read::Batch
    }

    fn authenticate(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) {
        let Some(auth) = &mut live.auth else { return };
        let Poll::Ready(auth) = fault::poll_caught(auth, cx) else { return };
        live.auth = None;
        let auth = auth.unwrap_or_else(|panic| Err(EncodeError::new(fault::panic_message(&*panic))));
        match auth {
            Ok(auth) => live.nsp = live.machine.connect(&self.core.path, auth.as_deref()),
            Err(e) => {
                live.failure = Some(Failure::Auth(e));
                live.close(now);
            }
        }
    }

    /// What others, and the handlers, want sent.
    fn outbox(&mut self, live: &mut Live, now: Instant) {
        if let (true, Some(nsp)) = (live.is_joined(), live.nsp) {
            self.core.outbox.take(&mut self.outgoing, ROOM.saturating_sub(live.machine.queued().bytes));
            for item in self.outgoing.drain(..) {
                let packet = match item {
                    Item::Event(packet) => packet,
                    Item::Question(id, packet) if self.core.calls.sent(id) => packet,
                    Item::Ack(epoch, packet) if epoch == self.epoch => packet,
                    Item::Question(..) | Item::Ack(..) => continue,
                };
                live.machine.send(nsp, packet);
            }
        }
        if self.core.outbox.is_closed() && (self.core.outbox.is_empty() || !live.is_joined()) && live.stage < Stage::Closing {
            if let Some(nsp) = live.nsp {
                live.machine.disconnect(nsp);
            }
            live.close(now);
        }
    }

    fn write(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) {
        let flushed = match live.poll_write(cx) {
            Poll::Pending => false,
            Poll::Ready(Ok(())) => true,
            Poll::Ready(Err(end)) => {
                if let Link::Open(id, _) = live.link {
                    live.lost(id, end);
                }
                false
            }
        };
        // The last frame may have completed a close.
        self.drain(live, now, cx);
        self.core.outbox.report(live.is_joined() && flushed && live.machine.queued().frames == 0);
    }

    /// Carries out what the machine wants, until it wants nothing more.
    fn drain(&mut self, live: &mut Live, now: Instant, cx: &mut Context<'_>) {
        loop {
            match live.machine.poll_output() {
                Output::Transmit(transmit) => self.transmit(live, &transmit),
                Output::Event(event) => self.event(live, now, event, cx),
                Output::Timeout(at) => {
                    live.machine_deadline = at;
                    return;
                }
            }
        }
    }

    fn transmit(&mut self, live: &mut Live, transmit: &Transmit) {
        match transmit {
            Transmit::WsConnect(id) => {
                let dial = self.options.dialer.websocket(None);
                live.link = Link::Dialing(*id, dial);
            }
            Transmit::WsClose(_) => match std::mem::replace(&mut live.link, Link::None) {
                Link::Open(_, ws) if self.core.outbox.is_closed() => live.goodbye = Some(Box::pin(ws.goodbye(None, ()))),
                Link::Open(_, ws) => ws.close(None, ()),
                Link::Dialing(..) | Link::None => {}
            },
            // Only sessions that begin with polling make requests.
            Transmit::Get(_) | Transmit::Post(..) => {}
        }
    }

    fn event(&mut self, live: &mut Live, now: Instant, event: Event, cx: &mut Context<'_>) {
        match event {
            Event::Opened => {
                // Only now, so that what it says is as fresh as can be.
                let auth = catch_unwind(AssertUnwindSafe(|| (self.authenticate)()));
                live.auth = Some(auth.unwrap_or_else(|panic| {
                    let why = fault::panic_message(&*panic);
                    Box::pin(async move { Err(EncodeError::new(why)) })
                }));
                self.authenticate(live, now, cx);
            }
            Event::Connected { sid, .. } => self.joined(live, sid),
            Event::Refused { why, .. } => match Failure::refused(&why) {
                Some(failure) => {
                    live.failure = Some(failure);
                    live.close(now);
                }
                None => live.malformed(DecodeError::InvalidPayload),
            },
            Event::Event { ack, data, attachments, .. } => self.receive(live, ack, data, attachments, cx),
            Event::Ack { ack, data, attachments, .. } => {
                if is_well_formed(&data) {
                    self.core.calls.settle(ack, AckData::new(data, attachments));
                } else {
                    live.malformed(DecodeError::InvalidPayload);
                }
            }
            Event::Disconnected { reason, .. } => {
                live.reason.get_or_insert(reason);
                // There is no other namespace to keep the connection for.
                live.close(now);
            }
            Event::Upgraded => {}
            Event::Closed { reason, .. } => live.end(reason),
        }
    }

    fn joined(&mut self, live: &mut Live, sid: String) {
        live.stage = live.stage.max(Stage::Joined);
        live.deadline = None;
        self.backoff.reset();
        self.core.state.send_replace(State::Connected { id: Arc::from(sid) });
        if let Some(connected) = self.connected.take() {
            // Nobody there any more: the handle is gone as well, and the outbox is closed.
            let _ = connected.send(Ok(()));
        }
    }
}
