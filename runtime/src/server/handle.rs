//! A namespace to emit from.

use std::{fmt, marker::PhantomData, sync::Arc};

use super::{Socket, broadcast::Broadcast, core::NspCore};
use crate::{
    adapter::{Filter, Room, Rooms},
    contract::{Events, Namespace, RawArgs, Replies, SocketId},
};

/// A namespace of a server, to emit from anywhere: `chat.to("lobby").emit().message(…)`. Cheap to clone.
pub struct NamespaceHandle<N> {
    core: Arc<NspCore>,
    namespace: PhantomData<fn() -> N>,
}

impl<N> Clone for NamespaceHandle<N> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core), namespace: PhantomData }
    }
}

impl<N> fmt::Debug for NamespaceHandle<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.fmt(f)
    }
}

impl<N: Namespace> NamespaceHandle<N> {
    pub(super) fn new(core: Arc<NspCore>) -> Self {
        Self { core, namespace: PhantomData }
    }

    /// Its concrete path.
    pub fn path(&self) -> &str {
        &self.core.path
    }

    /// Sends to everyone.
    pub fn emit(&self) -> <N::Client as Events>::Emit<super::ToMany> {
        self.everyone().emit()
    }

    /// Sends an event that is in no contract to everyone.
    pub fn emit_raw(&self, event: &str, args: &RawArgs) {
        self.everyone().emit_raw(event, args);
    }

    /// Asks everyone with an event that is in no contract; the values of each ack are what it yields.
    pub fn call_raw(&self, event: &str, args: &RawArgs) -> Replies<RawArgs> {
        self.everyone().call_raw(event, args)
    }

    /// The sockets in this room, or in any of these.
    pub fn to(&self, rooms: impl Rooms) -> Broadcast<N> {
        self.everyone().to(rooms)
    }

    /// The same as [`to`](Self::to); `in` is a keyword.
    pub fn in_(&self, rooms: impl Rooms) -> Broadcast<N> {
        self.to(rooms)
    }

    /// Everyone but the sockets in these rooms.
    pub fn except(&self, rooms: impl Rooms) -> Broadcast<N> {
        self.everyone().except(rooms)
    }

    /// Everyone, as an operator.
    pub fn everyone(&self) -> Broadcast<N> {
        Broadcast::new(Arc::clone(&self.core), Filter::default())
    }

    /// The socket of this id, if it is connected.
    pub fn socket(&self, id: SocketId) -> Option<Socket<N>> {
        self.core.sockets.get(id).map(Socket::new)
    }

    /// All sockets.
    pub fn sockets(&self) -> Vec<Socket<N>> {
        self.everyone().sockets()
    }

    /// How many sockets are connected.
    pub fn len(&self) -> usize {
        self.core.sockets.len()
    }

    /// Whether nobody is connected.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rooms that have a member. The rooms of single sockets are not among them.
    pub fn rooms(&self) -> Vec<Room> {
        self.core.sockets.rooms()
    }

    /// Acks that came too late, twice, or for nothing; they are ignored.
    pub fn stray_acks(&self) -> u64 {
        self.core.stray_acks.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// How many events of clients that retry have been ignored, because their senders had done with them when they arrived.
    pub fn stale_events(&self) -> u64 {
        self.core.stale_events.load(std::sync::atomic::Ordering::Relaxed)
    }
}
