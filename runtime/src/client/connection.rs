//! One connection, one task, one owner: the attempts to connect, the connection, its namespaces, the handlers in flight.
//!
//! The order of a turn is fixed: timers, inbound packets (a bounded batch), handlers, the outboxes, one coalesced write. Nothing in it
//! waits.

mod handlers;
mod link;
mod live;
mod member;
mod turn;

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

pub(super) use self::member::{Member, Role};
use self::{handlers::Handlers, live::Live};
use super::{backoff::Backoff, core::LEFT, error::Failure, hub::Hub, outbox::Item};
use crate::{
    contract::BoxFuture,
    net::{
        clock::{self, Alarm},
        dial::Dialer,
        random,
    },
    proto::{DisconnectReason, engine::Transport},
};

/// Turns before the task lets others run.
const TURNS: usize = 32;
/// How long a server that does not read may delay the end of a connection, or of a namespace.
const LINGER: Duration = Duration::from_secs(2);

/// The state of a connection's task.
pub(super) struct Connection {
    hub: Arc<Hub>,
    dialer: Dialer,
    members: Vec<Member>,
    phase: Phase,
    backoff: Backoff,
    /// Counts joins.
    epoch: u64,
    handlers: Handlers,
    outgoing: VecDeque<Item>,
    alarm: Alarm,
    over: bool,
}

enum Phase {
    /// For members.
    Idle,
    /// For the next attempt.
    Waiting(Instant),
    Live(Box<Live>),
    /// The connection is closed, and the server is being told.
    Goodbye(BoxFuture<'static, ()>),
}

impl Connection {
    pub(super) fn new(hub: Arc<Hub>, dialer: Dialer) -> Self {
        Self {
            dialer,
            members: Vec::new(),
            phase: Phase::Idle,
            backoff: Backoff::new(hub.options.reconnection.clone()),
            epoch: 0,
            handlers: Handlers::new(hub.options.max_in_flight),
            outgoing: VecDeque::new(),
            alarm: Alarm::default(),
            over: false,
            hub,
        }
    }

    /// Everything there is to do now, once. True if there may be more that nothing will wake the task for.
    fn turn(&mut self, cx: &mut Context<'_>) -> bool {
        let now = clock::now();
        while let Some(member) = self.hub.newcomer() {
            self.members.push(member);
        }
        self.members.iter().for_each(|member| member.expire(now));
        let more = match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Live(mut live) => {
                let more = self.live(&mut live, now, cx);
                if live.is_over() {
                    self.lost(now, *live);
                    true
                } else {
                    self.phase = Phase::Live(live);
                    more
                }
            }
            Phase::Goodbye(mut goodbye) => {
                let done = goodbye.as_mut().poll(cx).is_ready();
                if done {
                    self.members.iter_mut().filter(|member| member.has_left()).for_each(|member| member.end(LEFT));
                } else {
                    self.phase = Phase::Goodbye(goodbye);
                }
                self.handle(None, cx);
                done
            }
            phase => {
                self.phase = phase;
                self.members.iter_mut().filter(|member| member.wants_out()).for_each(|member| member.end(LEFT));
                self.sweep();
                self.handle(None, cx);
                self.begin(now)
            }
        };
        self.sweep();
        self.cancel(cx);
        more
    }

    /// Starts an attempt if there is somebody to make it for, and the time has come.
    fn begin(&mut self, now: Instant) -> bool {
        match self.phase {
            _ if self.members.is_empty() => {
                self.phase = Phase::Idle;
                self.backoff.reset();
                false
            }
            Phase::Waiting(until) if until > now => false,
            _ => {
                self.members.iter().for_each(|member| member.core().connecting());
                self.phase = Phase::Live(Box::new(Live::new(now, &self.hub.options, self.transports())));
                true
            }
        }
    }

    fn transports(&self) -> VecDeque<Transport> {
        let options = &self.hub.options;
        let mut transports: VecDeque<_> = options.transports.iter().copied().collect();
        if options.remember_upgrade && self.hub.has_upgraded() {
            transports.retain(|transport| *transport != Transport::WebSocket);
            transports.push_front(Transport::WebSocket);
        }
        if !options.try_all {
            transports.truncate(1);
        }
        transports
    }

    /// A connection, or an attempt to make one, is over: what now?
    fn lost(&mut self, now: Instant, live: Live) {
        let end = live.into_end();
        crate::trace::debug(format_args!("client connection over: {}", end.reason));
        self.hub.report(None);
        let passing = end.failure.as_ref().is_none_or(Failure::is_passing);
        let stays = self.members.iter().any(|member| !member.has_left() && !member.core().outbox.is_closed());
        // Who came while the connection was being closed has lost nothing, and does not have to wait.
        let delay = if passing && stays && !end.by_us { self.backoff.next(random::unit()) } else { None };
        let goodbye = end.goodbye.filter(|_| self.members.iter().any(Member::has_left));
        for member in &mut self.members {
            // Who has left waits for the goodbye. Who came while the connection was being closed has nothing to do with it, and who waits
            // for an attempt of its own was told why before.
            let waits = if member.has_left() {
                goodbye.is_some()
            } else {
                member.is_waiting() && (end.by_us || delay.is_some() && member.deadline.is_some())
            };
            if !waits {
                member.disconnected(end.reason, end.failure.as_ref(), delay.is_some());
            }
        }
        self.phase = match (goodbye, delay) {
            (Some(goodbye), _) => Phase::Goodbye(goodbye),
            (None, Some(delay)) => Phase::Waiting(now + delay),
            (None, None) => Phase::Idle,
        };
    }

    /// Forgets the members that are over.
    fn sweep(&mut self) {
        self.members.retain(|member| {
            let stays = !member.is_over();
            if !stays {
                self.hub.left(&member.role.core);
            }
            stays
        });
    }

    fn deadline(&self) -> Option<Instant> {
        let patience = self.members.iter().filter_map(Member::patience);
        match &self.phase {
            Phase::Idle | Phase::Goodbye(_) => patience.min(),
            Phase::Waiting(until) => patience.chain([*until]).min(),
            Phase::Live(live) => {
                // Nobody joins before it is open.
                let members = self.members.iter().filter(|member| live.is_open() || !member.is_waiting());
                patience.chain(members.filter_map(|member| member.deadline)).chain(live.deadline()).min()
            }
        }
    }

    /// Whether there is nothing to do any more. From then on the hub starts another task when there is.
    fn is_over(&self) -> bool {
        let idle = matches!(self.phase, Phase::Idle) && self.members.is_empty() && self.handlers.is_empty();
        idle && self.hub.rest()
    }
}

/// How a connection ended.
struct End {
    reason: DisconnectReason,
    failure: Option<Failure>,
    /// This side has closed it.
    by_us: bool,
    /// The server's being told.
    goodbye: Option<BoxFuture<'static, ()>>,
}

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        // Before anything is looked at: what comes later wakes the task.
        this.hub.waker.register(cx.waker());
        for _ in 0..TURNS {
            if this.turn(cx) {
                continue;
            }
            if this.is_over() {
                this.over = true;
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
    /// The runtime is being shut down, or a bug has panicked through the task. Members that are dropped are over.
    fn drop(&mut self) {
        if !self.over {
            drop(self.hub.stopped());
        }
    }
}
