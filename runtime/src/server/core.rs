//! A namespace and a socket without their types: what connections, operators and handles share.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed, Ordering::SeqCst},
    },
    time::Duration,
};

use super::{
    Handshake,
    calls::Calls,
    fault::{EventFault, FaultKind, Faults},
    mailbox::{Mailbox, Outgoing, Pushed},
    retries::Attachment,
    tap::Tap,
};
use crate::{
    adapter::{Filter, Memory, Room},
    contract::{Body, BoxFuture, EncodeError, Registry, SocketId, streams::Streams},
    proto::{
        packet::{Encoded, Header, Kind},
        session::server::NspId,
    },
};

/// One concrete namespace: its sockets and rooms.
pub(crate) struct NspCore {
    pub(crate) path: Arc<str>,
    pub(crate) sockets: Memory<Arc<SocketCore>>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) ack_timeout: Duration,
    /// One counter for all sockets, as in the reference: a broadcast has one id for everybody and is encoded once.
    ack_ids: AtomicU64,
    /// Acks that nobody waited for (R6).
    pub(crate) stray_acks: AtomicU64,
    /// Events that their senders had done with when they arrived.
    pub(crate) stale_events: AtomicU64,
    /// In a test without a network: who records what is sent.
    pub(crate) tap: Option<Arc<Tap>>,
}

impl NspCore {
    pub(crate) fn new(path: Arc<str>, ack_timeout: Duration, faults: Arc<Faults>, tap: Option<Arc<Tap>>) -> Self {
        Self {
            path,
            sockets: Memory::default(),
            faults,
            ack_timeout,
            ack_ids: AtomicU64::new(0),
            stray_acks: AtomicU64::new(0),
            stale_events: AtomicU64::new(0),
            tap,
        }
    }

    pub(crate) fn next_ack(&self) -> u64 {
        self.ack_ids.fetch_add(1, Relaxed)
    }

    /// The event as it goes out, with an ack id if an answer is wanted.
    pub(crate) fn encode(&self, body: Body, id: Option<u64>) -> Result<Encoded, EncodeError> {
        body.finish(|attachments, out| {
            let kind = if attachments == 0 { Kind::Event } else { Kind::BinaryEvent };
            Header { kind, attachments, nsp: &self.path, id }.write(out);
        })
    }

    /// Sends one packet to everyone that `filter` selects; it is shared, not copied (R8).
    pub(crate) fn broadcast(&self, event: &str, filter: &Filter, packet: &Encoded, volatile: bool) {
        if let Some(tap) = &self.tap {
            tap.broadcast(filter, packet, volatile);
        }
        self.sockets.each(filter, |_, socket| socket.send_event(event, packet.clone(), volatile));
    }

    pub(crate) fn fault(&self, socket: Option<SocketId>, event: &str, kind: FaultKind) {
        self.faults.report(&EventFault { namespace: Arc::clone(&self.path), socket, event: event.to_owned(), kind });
    }
}

impl fmt::Debug for NspCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Namespace").field("path", &self.path).field("sockets", &self.sockets.len()).finish_non_exhaustive()
    }
}

/// One connection's place in one namespace.
pub(crate) struct SocketCore {
    pub(crate) id: SocketId,
    pub(crate) nsp: Arc<NspCore>,
    pub(crate) handshake: Arc<Handshake>,
    pub(crate) calls: Calls,
    pub(crate) registry: Registry,
    /// What a client that retries has sent.
    pub(crate) retries: Attachment,
    pub(crate) streams: Streams,
    mailbox: Arc<Mailbox>,
    key: NspId,
    closed: AtomicBool,
}

impl SocketCore {
    pub(crate) fn new(
        id: SocketId,
        nsp: Arc<NspCore>,
        key: NspId,
        mailbox: Arc<Mailbox>,
        handshake: Arc<Handshake>,
        max_subscriptions: usize,
    ) -> Self {
        Self {
            id,
            nsp,
            handshake,
            calls: Calls::default(),
            registry: Registry::default(),
            retries: Attachment::default(),
            streams: Streams::new(max_subscriptions),
            mailbox,
            key,
            closed: AtomicBool::new(false),
        }
    }

    /// Makes the socket known to its namespace. Without effect when it is closed.
    pub(crate) fn enter(self: &Arc<Self>) {
        if self.nsp.sockets.get(self.id).is_some() {
            return;
        }
        self.nsp.sockets.insert(self.id, Arc::clone(self));
        // Closed meanwhile? Whichever of the two comes last takes it out.
        if self.is_closed() {
            self.nsp.sockets.remove(self.id);
        }
    }

    /// Takes the socket out of its namespace and rooms, settles what waits for it, and lets go of its closures. Idempotent.
    pub(crate) fn close(&self) {
        self.closed.store(true, SeqCst);
        self.nsp.sockets.remove(self.id);
        self.calls.close(self.id);
        self.streams.close();
        self.registry.close();
        if let Some(attached) = self.retries.get() {
            attached.leave(self);
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(SeqCst)
    }

    pub(crate) fn send_event(&self, event: &str, packet: Encoded, volatile: bool) {
        self.hear_outgoing(&packet);
        if let Some(tap) = &self.nsp.tap {
            return tap.event(self.id, &packet, volatile);
        }
        if volatile {
            return self.mailbox.offer(self.key, packet);
        }
        if self.mailbox.push(self.key, packet, true) == Pushed::Dropped {
            self.nsp.fault(Some(self.id), event, FaultKind::Overflow);
        }
    }

    /// Sends an event that wants an answer. False if it cannot be sent any more.
    pub(crate) fn send_question(&self, packet: Encoded) -> bool {
        self.hear_outgoing(&packet);
        if let Some(tap) = &self.nsp.tap {
            tap.question(self, &packet);
            return true;
        }
        self.mailbox.push(self.key, packet, false) != Pushed::Closed
    }

    pub(super) fn hear_outgoing(&self, packet: &Encoded) {
        self.registry.hear_outgoing(packet, |event, kind| self.nsp.fault(Some(self.id), event, kind));
    }

    /// Sends an ack, behind everything that its handler has emitted; or anything else that must not be dropped.
    pub(crate) fn send_kept(&self, packet: Encoded) {
        self.mailbox.push(self.key, packet, false);
    }

    /// `None` if the outbox takes a packet of this size without growing beyond what is good for a stream.
    pub(crate) fn wait_for_room(&self, size: usize) -> Option<BoxFuture<'static, ()>> {
        if self.mailbox.has_room(size) {
            return None;
        }
        let mailbox = Arc::clone(&self.mailbox);
        Some(Box::pin(async move { mailbox.room(size).await }))
    }

    pub(crate) fn disconnect(&self) {
        self.mailbox.command(Outgoing::Leave(self.key));
    }

    pub(crate) fn disconnect_transport(&self) {
        self.mailbox.command(Outgoing::Close(crate::proto::DisconnectReason::ServerNamespaceDisconnect));
    }

    pub(crate) fn join(&self, room: Room) -> bool {
        self.nsp.sockets.join(self.id, room)
    }

    pub(crate) async fn flushed(&self) -> bool {
        self.nsp.tap.is_some() || self.mailbox.flushed().await
    }

    pub(crate) fn transport(&self) -> crate::proto::engine::Transport {
        self.mailbox.transport()
    }
}

impl fmt::Debug for SocketCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("id", &self.id).field("namespace", &self.nsp.path).finish_non_exhaustive()
    }
}
