//! What the handles of a client and the task of its connection share.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use tokio::sync::watch;

use super::{
    State,
    calls::Calls,
    offline::Offline,
    outbox::{Item, Outbox, Pushed},
    recovery::Recovery,
};
use crate::{
    contract::{Body, EncodeError, EventFault, FaultKind, Registry, fault::Faults},
    net::clock,
    proto::{
        DisconnectReason,
        packet::{Encoded, Header, Kind},
    },
};

/// One namespace, as its user has it: across connections.
pub(super) struct Core {
    pub(super) path: Arc<str>,
    pub(super) outbox: Outbox,
    pub(super) calls: Calls,
    pub(super) registry: Registry,
    pub(super) faults: Faults,
    pub(super) state: watch::Sender<State>,
    pub(super) recovery: Recovery,
    ack_ids: AtomicU64,
}

impl Core {
    pub(super) fn new(path: Arc<str>, outbox: Outbox, faults: Faults) -> Self {
        Self {
            path,
            outbox,
            calls: Calls::default(),
            registry: Registry::default(),
            faults,
            state: watch::Sender::new(State::Connecting),
            recovery: Recovery::default(),
            ack_ids: AtomicU64::new(0),
        }
    }

    pub(super) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    pub(super) fn is_connected(&self) -> bool {
        matches!(*self.state.borrow(), State::Connected { .. })
    }

    /// An attempt begins.
    pub(super) fn connecting(&self) {
        self.state.send_if_modified(|state| std::mem::replace(state, State::Connecting) != State::Connecting);
    }

    /// In order, and not used again: an answer never finds another question (`rust_socketio` draws ids at random from a thousand).
    pub(super) fn next_ack(&self) -> u64 {
        self.ack_ids.fetch_add(1, Relaxed)
    }

    /// The event as it goes out, with an ack id if an answer is wanted.
    pub(super) fn encode(&self, body: Body, id: Option<u64>) -> Result<Encoded, EncodeError> {
        body.finish(|attachments, out| {
            let kind = if attachments == 0 { Kind::Event } else { Kind::BinaryEvent };
            Header { kind, attachments, nsp: &self.path, id }.write(out);
        })
    }

    /// Sends an event that nobody answers. What cannot be sent is reported, unless it may get lost.
    pub(super) fn send_event(&self, event: &str, packet: Encoded, offline: Offline) {
        let expires = match offline {
            Offline::Drop if !self.outbox.is_writable() => return,
            Offline::Fail if !self.is_connected() => return self.fault(event, FaultKind::Offline),
            Offline::Expire(after) => clock::now().checked_add(after),
            Offline::Queue | Offline::Drop | Offline::Fail => None,
        };
        self.hear_outgoing(&packet);
        match self.outbox.push(Item::Event { packet, expires }) {
            Pushed::Dropped => self.fault(event, FaultKind::Overflow),
            Pushed::Queued | Pushed::Closed => {}
        }
    }

    /// Tells those who want to hear of everything that is sent.
    pub(super) fn hear_outgoing(&self, packet: &Encoded) {
        self.registry.hear_outgoing(packet, |event, kind| self.fault(event, kind));
    }

    pub(super) fn fault(&self, event: &str, kind: FaultKind) {
        self.faults.report(&EventFault { namespace: Arc::clone(&self.path), socket: None, event: event.to_owned(), kind });
    }

    /// The client is over. The first reason holds.
    pub(super) fn end(&self, state: State) {
        self.outbox.end();
        self.state.send_if_modified(|now| {
            let news = !now.is_over();
            if news {
                *now = state;
            }
            news
        });
        self.calls.close();
        self.registry.close();
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("namespace", &self.path).finish_non_exhaustive()
    }
}

/// Held by every handle: nobody is left to talk to the server when it is dropped.
pub(super) struct Alive(Arc<Core>);

impl Alive {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self(core)
    }

    pub(super) fn core(&self) -> &Arc<Core> {
        &self.0
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.outbox.close();
    }
}

/// How a client ends that is not told why.
pub(super) const LEFT: State = State::Disconnected { reason: DisconnectReason::IoClientDisconnect, will_reconnect: false };
