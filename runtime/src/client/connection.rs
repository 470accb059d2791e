//! One client, one task, one owner: the attempts to connect, the connection, the handlers in flight.
//!
//! The order of a turn is fixed: timers, inbound frames (a bounded batch), handlers, the outbox, one coalesced write. Nothing in it waits.

mod handlers;
mod live;

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use self::{handlers::Handlers, live::Live};
use super::{
    Reconnection, State,
    backoff::Backoff,
    connect::{Authenticate, Handle},
    core::{Core, LEFT},
    error::Failure,
    outbox::Item,
};
use crate::{
    contract::{BoxFuture, EventMeta, FaultKind},
    net::{
        clock::{self, Alarm},
        dial::Dialer,
        random,
    },
    proto::{DisconnectReason, session::client as machine},
};

/// Turns before the task lets others run.
const TURNS: usize = 32;

pub(super) struct Options {
    pub(super) dialer: Dialer,
    pub(super) machine: machine::Config,
    pub(super) timeout: Duration,
    pub(super) max_in_flight: usize,
}

/// What a task is made of.
pub(super) struct Parts {
    pub(super) core: Arc<Core>,
    pub(super) options: Options,
    pub(super) handle: Option<Handle>,
    pub(super) events: &'static [EventMeta],
    pub(super) authenticate: Authenticate,
    pub(super) reconnection: Reconnection,
    pub(super) connected: oneshot::Sender<Result<(), Failure>>,
}

/// The state of a client's task.
pub(super) struct Connection {
    core: Arc<Core>,
    options: Options,
    handle: Option<Handle>,
    events: &'static [EventMeta],
    authenticate: Authenticate,
    backoff: Backoff,
    /// Whoever waits for the first connection.
    connected: Option<oneshot::Sender<Result<(), Failure>>>,
    phase: Phase,
    /// Counts connections, so that no ack goes over another one than its question.
    epoch: u64,
    handlers: Handlers,
    outgoing: VecDeque<Item>,
    alarm: Alarm,
}

enum Phase {
    /// For the next attempt.
    Waiting(Instant),
    Live(Box<Live>),
    /// Left, in this state; the server is being told.
    Goodbye(BoxFuture<'static, ()>, State),
    /// Only handlers may still run.
    Over,
}

impl Connection {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts { core, options, handle, events, authenticate, reconnection, connected } = parts;
        Self {
            core,
            handlers: Handlers::new(options.max_in_flight),
            options,
            handle,
            events,
            authenticate,
            backoff: Backoff::new(reconnection),
            connected: Some(connected),
            phase: Phase::Waiting(clock::now()),
            epoch: 0,
            outgoing: VecDeque::new(),
            alarm: Alarm::default(),
        }
    }

    /// Everything there is to do now, once. True if there may be more that nothing will wake the task for.
    fn turn(&mut self, cx: &mut Context<'_>) -> bool {
        let now = clock::now();
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Waiting(_) if self.core.outbox.is_closed() => {
                self.end(LEFT);
                true
            }
            Phase::Waiting(until) if until <= now => {
                self.core.state.send_replace(State::Connecting);
                self.phase = Phase::Live(Box::new(Live::new(now, &self.options)));
                true
            }
            Phase::Live(mut live) => {
                let more = self.live(&mut live, now, cx);
                if live.is_over() {
                    self.lost(now, *live);
                    return true;
                }
                self.phase = Phase::Live(live);
                more
            }
            Phase::Goodbye(mut goodbye, state) => {
                if goodbye.as_mut().poll(cx).is_ready() {
                    self.end(state);
                    return true;
                }
                self.phase = Phase::Goodbye(goodbye, state);
                self.handle(None, cx);
                false
            }
            phase @ (Phase::Waiting(_) | Phase::Over) => {
                self.phase = phase;
                self.handle(None, cx);
                false
            }
        }
    }

    /// A connection, or an attempt to make one, is over: what now?
    fn lost(&mut self, now: Instant, live: Live) {
        let (reason, failure, goodbye) = live.into_end();
        crate::trace::debug(format_args!("client of {}: {reason}", self.core.path));
        self.epoch += 1;
        self.core.outbox.report(false);
        self.core.calls.disconnected();
        match self.next(now, reason, failure) {
            Ok(until) => {
                self.core.state.send_replace(State::Disconnected { reason, will_reconnect: true });
                self.phase = Phase::Waiting(until);
            }
            Err(state) => match goodbye {
                Some(goodbye) if state == LEFT => self.phase = Phase::Goodbye(goodbye, state),
                _ => self.end(state),
            },
        }
    }

    /// When the next attempt is to be made, or how it all ends.
    fn next(&mut self, now: Instant, reason: DisconnectReason, failure: Option<Failure>) -> Result<Instant, State> {
        let over = State::Disconnected { reason, will_reconnect: false };
        if self.core.outbox.is_closed() {
            return Err(LEFT);
        }
        if let Some(connected) = self.connected.take() {
            // Nobody there any more: the handle is gone as well.
            let _ = connected.send(Err(failure.unwrap_or_else(|| Failure::Transport(reason.to_string()))));
            return Err(over);
        }
        match failure {
            Some(Failure::Refused(refusal)) => return Err(State::Refused(refusal)),
            Some(Failure::Auth(e)) => {
                self.core.fault("connect", FaultKind::Encode(e));
                return Err(over);
            }
            Some(Failure::OldServer) => return Err(over),
            Some(Failure::Transport(_) | Failure::Timeout) | None => {}
        }
        if reason == DisconnectReason::IoServerDisconnect {
            return Err(over);
        }
        let delay = self.backoff.next(random::unit()).ok_or(over)?;
        Ok(now + delay)
    }

    fn end(&mut self, state: State) {
        self.phase = Phase::Over;
        self.connected = None;
        self.core.end(state);
    }

    fn deadline(&self) -> Option<Instant> {
        match &self.phase {
            Phase::Waiting(until) => Some(*until),
            Phase::Live(live) => live.deadline(),
            Phase::Goodbye(..) | Phase::Over => None,
        }
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        // Before anything is looked at: what comes later wakes the task.
        this.core.outbox.register(cx.waker());
        for _ in 0..TURNS {
            if this.turn(cx) {
                continue;
            }
            if matches!(this.phase, Phase::Over) && this.handlers.is_empty() {
                return Poll::Ready(());
            }
            this.alarm.set(this.deadline());
            if this.alarm.poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Connection {
    /// The runtime is being shut down, or a bug has panicked through the task: nobody must wait for this connection.
    fn drop(&mut self) {
        self.core.end(LEFT);
    }
}
