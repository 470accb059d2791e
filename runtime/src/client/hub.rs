//! Where those who want to join a connection meet the task that owns it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use futures_util::task::AtomicWaker;
use tokio::{runtime::Handle, sync::watch};

use super::{
    Reconnection,
    connection::{Connection, Member},
    core::Core,
};
use crate::{
    net::dial::Dialer,
    proto::{engine::Transport, session},
};

/// What a connection's task has to know.
pub(super) struct Options {
    pub(super) machine: session::client::Config,
    pub(super) transports: Vec<Transport>,
    pub(super) try_all: bool,
    pub(super) remember_upgrade: bool,
    pub(super) reconnection: Reconnection,
    pub(super) timeout: Duration,
    pub(super) max_in_flight: usize,
}

/// What a manager is, with a task or without.
pub(super) struct Hub {
    /// Or why there is no way to the server.
    dialer: Result<Dialer, String>,
    pub(super) options: Options,
    /// Of the task. Every outbox has it too.
    pub(super) waker: Arc<AtomicWaker>,
    /// In use.
    pub(super) transport: watch::Sender<Option<Transport>>,
    state: Mutex<HubState>,
}

#[derive(Default)]
struct HubState {
    /// There is a task.
    running: bool,
    newcomers: VecDeque<Member>,
    /// Of every member, so that none is joined twice.
    members: HashMap<Arc<str>, Weak<Core>>,
    /// For [`ManagerBuilder::remember_upgrade`](super::ManagerBuilder::remember_upgrade).
    upgraded: bool,
}

/// Why a namespace cannot be joined over a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum JoinError {
    InvalidUrl(String),
    /// Another client of the same manager is in this namespace.
    Taken,
}

impl Hub {
    pub(super) fn new(dialer: Result<Dialer, String>, options: Options) -> Self {
        Self { dialer, options, waker: Arc::default(), transport: watch::Sender::default(), state: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HubState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a new member to the task, and starts one if there is none.
    pub(super) fn join(self: &Arc<Self>, member: Member) -> Result<(), JoinError> {
        let dialer = self.dialer.as_ref().map_err(|why| JoinError::InvalidUrl(why.clone()))?;
        // Panics without a runtime: before anything says that there is a task.
        let runtime = Handle::current();
        let mut state = self.lock();
        // Who leaves does not stand in the way.
        let taken = state.members.get(member.path()).and_then(Weak::upgrade).is_some_and(|core| !core.outbox.is_closed());
        if taken {
            return Err(JoinError::Taken);
        }
        state.members.insert(Arc::clone(member.path()), Arc::downgrade(&member.role.core));
        state.newcomers.push_back(member);
        let start = !std::mem::replace(&mut state.running, true);
        drop(state);
        if start {
            runtime.spawn(Connection::new(Arc::clone(self), dialer.clone()));
        } else {
            self.waker.wake();
        }
        Ok(())
    }

    /// The paths of the members.
    pub(super) fn paths(&self) -> Vec<Arc<str>> {
        self.lock().members.keys().cloned().collect()
    }

    // For the task.

    pub(super) fn newcomer(&self) -> Option<Member> {
        self.lock().newcomers.pop_front()
    }

    pub(super) fn left(&self, core: &Arc<Core>) {
        let mut state = self.lock();
        if state.members.get(&core.path).is_some_and(|member| std::ptr::eq(member.as_ptr(), Arc::as_ptr(core))) {
            state.members.remove(&core.path);
        }
    }

    pub(super) fn report(&self, transport: Option<Transport>) {
        self.transport.send_replace(transport);
    }

    pub(super) fn upgraded(&self) {
        self.lock().upgraded = true;
        self.report(Some(Transport::WebSocket));
    }

    pub(super) fn has_upgraded(&self) -> bool {
        self.lock().upgraded
    }

    /// The task has nothing to do any more; false if it has after all.
    pub(super) fn rest(&self) -> bool {
        let mut state = self.lock();
        state.running = !state.newcomers.is_empty();
        !state.running
    }

    /// The task is no more: those whom it has not seen are handed back.
    pub(super) fn stopped(&self) -> VecDeque<Member> {
        let mut state = self.lock();
        state.running = false;
        state.members.clear();
        let unseen = std::mem::take(&mut state.newcomers);
        drop(state);
        self.report(None);
        unseen
    }
}
