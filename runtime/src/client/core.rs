//! What the handles of a client and the task of its connection share.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use bytes::Bytes;
use tokio::sync::watch;

use super::{
    State,
    calls::{Calls, Ticket},
    offline::Offline,
    outbox::{Item, Outbox, Pushed},
    recovery::{Recovery, with_fields},
    retries::{Retries, Sent, Unacked},
};
use crate::{
    contract::{AckData, Args, Body, EncodeError, EventFault, FaultKind, NoAck, Registry, fault::Faults, streams::Streams},
    net::clock,
    proto::{
        DisconnectReason,
        packet::{Encoded, Header, Kind},
        retries::UNTRACKED,
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
    /// Of a client that retries.
    pub(super) unacked: Option<Unacked>,
    ack_ids: AtomicU64,
    /// The last join's.
    epoch: AtomicU64,
    pub(super) streams: Streams,
}

impl Core {
    pub(super) fn new(
        path: Arc<str>,
        outbox: Outbox,
        faults: Faults,
        retries: Option<Retries>,
        max_subscriptions: usize,
    ) -> Self {
        Self {
            path,
            outbox,
            calls: Calls::default(),
            registry: Registry::default(),
            faults,
            state: watch::Sender::new(State::Connecting),
            recovery: Recovery::default(),
            unacked: retries.map(Unacked::new),
            ack_ids: AtomicU64::new(0),
            epoch: AtomicU64::new(0),
            streams: Streams::new(max_subscriptions),
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

    /// The server has let the client in.
    pub(super) fn joined(&self, epoch: u64) {
        self.epoch.store(epoch, Relaxed);
        if let Some(unacked) = &self.unacked {
            unacked.connected();
        }
        self.streams.joined();
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Relaxed)
    }

    /// The client is no longer in the namespace, and comes back.
    pub(super) fn disconnected(&self) {
        match &self.unacked {
            Some(unacked) => {
                unacked.disconnected();
                self.calls.disconnected(|id| id >= UNTRACKED);
            }
            None => self.calls.disconnected(|_| true),
        }
        self.streams.disconnected();
    }

    /// The client has left the namespace.
    pub(super) fn left(&self) {
        self.calls.disconnected(|_| true);
        self.streams.disconnected();
    }

    /// In order, and not used again: an answer never finds another question (`rust_socketio` draws ids at random from a thousand).
    pub(super) fn next_ack(&self) -> u64 {
        self.ack_ids.fetch_add(1, Relaxed)
    }

    /// The ack id of a question that is of this connection alone, whether the client retries or not.
    pub(super) fn next_untracked(&self) -> u64 {
        let id = self.next_ack();
        if self.unacked.is_some() { UNTRACKED + id } else { id }
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
        let tracked = self.unacked.is_some() && offline != Offline::Drop;
        let item = if tracked { Item::Tracked { packet, ticket: None, expires } } else { Item::Event { packet, expires } };
        match self.outbox.push(item) {
            Pushed::Dropped => self.fault(event, FaultKind::Overflow),
            Pushed::Closed if offline != Offline::Drop => self.fault(event, FaultKind::Offline),
            Pushed::Queued | Pushed::Closed => {}
        }
    }

    /// Sends an event that wants an answer; it was encoded with [`ack_id`](Self::ack_id).
    pub(super) fn ask(&self, ticket: Ticket, packet: Encoded) -> Pushed {
        self.outbox.push(match self.unacked {
            Some(_) => Item::Tracked { packet, ticket: Some(ticket), expires: None },
            None => Item::Question { id: ticket, packet },
        })
    }

    /// The ack id of a call, if it has one already.
    pub(super) fn ack_id(&self, ticket: Ticket) -> Option<u64> {
        self.unacked.is_none().then_some(ticket)
    }

    /// Nobody waits for this answer any more.
    pub(super) fn given_up(&self, ticket: Ticket) {
        if let Some(unacked) = &self.unacked {
            unacked.forget(ticket);
            // There is room for another one.
            self.outbox.wake();
        }
    }

    /// The server has acknowledged an event.
    pub(super) fn acked(&self, id: u64, ack: AckData) {
        match &self.unacked {
            Some(unacked) if id < UNTRACKED => {
                if let Some(ticket) = unacked.remove(id).and_then(|sent| sent.ticket) {
                    self.calls.settle(ticket, ack);
                }
            }
            Some(_) | None => self.calls.settle(id, ack),
        }
    }

    /// What was sent will not be acknowledged: whoever cares is told.
    pub(super) fn unacknowledged(&self, sent: &Sent) {
        match sent.ticket {
            Some(ticket) => self.calls.refuse(ticket, NoAck::Timeout),
            None => self.fault(&event_name(sent.packet()), FaultKind::Unacknowledged),
        }
    }

    /// What the client shows, with what the server needs to know it again.
    pub(super) fn with_names(&self, auth: Option<Bytes>) -> Option<Bytes> {
        let auth = self.recovery.with_auth(auth);
        match self.unacked.as_ref().and_then(Unacked::auth_field) {
            Some(field) => Some(with_fields(&field, auth.as_deref())),
            None => auth,
        }
    }

    /// How many tracked items may be sent now.
    pub(super) fn free(&self) -> usize {
        self.unacked.as_ref().map_or(0, |unacked| unacked.free(self.outbox.budget()))
    }

    /// Whether there is something to send now.
    pub(super) fn is_ready(&self) -> bool {
        self.outbox.is_ready(self.free()) || self.unacked.as_ref().is_some_and(Unacked::is_behind)
    }

    /// Whether everything was sent, and of a client that retries acknowledged.
    pub(super) fn is_done(&self) -> bool {
        self.outbox.is_empty() && self.unacked.as_ref().is_none_or(Unacked::is_empty)
    }

    /// Tells those who want to hear of everything that is sent.
    pub(super) fn hear_outgoing(&self, packet: &Encoded) {
        self.registry.hear_outgoing(packet, |event, kind| self.fault(event, kind));
    }

    pub(super) fn fault(&self, event: &str, kind: FaultKind) {
        self.faults.report(&EventFault { namespace: Arc::clone(&self.path), socket: None, event: event.to_owned(), kind });
    }

    /// The client is over. The first reason holds. Whoever leaves without a connection means to drop what waits for one; otherwise it is
    /// reported.
    pub(super) fn end(&self, state: State) {
        let (unsent, has_left) = (self.outbox.end(), state == LEFT);
        let unacked = self.unacked.as_ref().map(Unacked::drain).unwrap_or_default();
        self.state.send_if_modified(|now| {
            let news = !now.is_over();
            if news {
                *now = state;
            }
            news
        });
        self.calls.close();
        self.streams.close();
        self.registry.close();
        for sent in &unacked {
            self.unacknowledged(sent);
        }
        for item in unsent {
            match item {
                Item::Tracked { packet, ticket: None, .. } => self.fault(&event_name(&packet), FaultKind::Unacknowledged),
                Item::Event { packet, .. } if !has_left => self.fault(&event_name(&packet), FaultKind::Offline),
                Item::Event { .. } | Item::Question { .. } | Item::Tracked { .. } | Item::Ack { .. } => {}
            }
        }
    }
}

/// The event's name, for whoever has to be told that it was not sent; an ack has none.
pub(super) fn event_name(packet: &Encoded) -> String {
    let text = packet.text.slice(1..);
    let data = Header::decode(&text, usize::MAX).ok().map(|(_, data)| text.slice_ref(data)).unwrap_or_default();
    Args::event(&data, &[]).map_or_else(|_| "ack".into(), |(name, _)| name.into_owned())
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
