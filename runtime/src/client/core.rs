//! What the handles and the task of a connection share.

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
    outbox::{Item, Outbox, Pushed},
};
use crate::{
    contract::{Body, EncodeError, EventFault, FaultKind, Registry, fault::Faults},
    proto::{
        DisconnectReason,
        packet::{Encoded, Header, Kind},
    },
};

pub(super) struct Core {
    pub(super) path: Arc<str>,
    pub(super) outbox: Outbox,
    pub(super) calls: Calls,
    pub(super) registry: Registry,
    pub(super) faults: Faults,
    pub(super) state: watch::Sender<State>,
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
            ack_ids: AtomicU64::new(0),
        }
    }

    pub(super) fn state(&self) -> State {
        self.state.borrow().clone()
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

    pub(super) fn send_event(&self, event: &str, packet: Encoded, volatile: bool) {
        if volatile && !self.outbox.is_writable() {
            return;
        }
        match self.outbox.push(Item::Event(packet)) {
            Pushed::Dropped => self.fault(event, FaultKind::Overflow),
            Pushed::Queued | Pushed::Closed => {}
        }
    }

    pub(super) fn fault(&self, event: &str, kind: FaultKind) {
        self.faults.report(&EventFault { namespace: Arc::clone(&self.path), socket: None, event: event.to_owned(), kind });
    }

    /// The client is over. The first reason holds.
    pub(super) fn end(&self, state: State) {
        self.outbox.end();
        self.calls.close();
        self.registry.close();
        self.state.send_if_modified(|now| {
            let news = !now.is_over();
            if news {
                *now = state;
            }
            news
        });
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
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.outbox.close();
    }
}

/// How a client ends that is not told why.
pub(super) const LEFT: State = State::Disconnected { reason: DisconnectReason::IoClientDisconnect, will_reconnect: false };
