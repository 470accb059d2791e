use std::{borrow::Cow, fmt, future::Future, marker::PhantomData, sync::Arc};

use super::{Disconnected, Handshake, broadcast::Broadcast, calls, core::SocketCore, fault::FaultKind};
use crate::{
    adapter::{Filter, Room, Rooms},
    contract::{Body, Call, Decode, EncodeError, Events, Namespace, NoAck, RawArgs, RawEvent, SocketId, Target, decode_raw},
    proto::packet::Encoded,
};

/// One client in one namespace. Cheap to clone, free to move between threads, safe to keep: after the client has left, everything on it
/// is without effect.
pub struct Socket<N> {
    pub(crate) core: Arc<SocketCore>,
    namespace: PhantomData<fn() -> N>,
}

impl<N> Clone for Socket<N> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core), namespace: PhantomData }
    }
}

impl<N> fmt::Debug for Socket<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.fmt(f)
    }
}

impl<N: Namespace> Socket<N> {
    pub(crate) fn new(core: Arc<SocketCore>) -> Self {
        Self { core, namespace: PhantomData }
    }

    /// The socket's public id, also the name of the room that it alone is in.
    pub fn id(&self) -> SocketId {
        self.core.id
    }

    /// The path of its namespace.
    pub fn namespace(&self) -> &str {
        &self.core.nsp.path
    }

    /// Whether the client is still there.
    pub fn is_connected(&self) -> bool {
        !self.core.is_closed()
    }

    /// The HTTP request that opened the connection.
    pub fn handshake(&self) -> &Handshake {
        &self.core.handshake
    }

    /// Sends to this client: `socket.emit().message(…)`.
    ///
    /// A `fn` event is queued at once and never blocks; an `async fn` event is a [`Call`], sent when it is awaited. What is queued
    /// arrives in order.
    pub fn emit(&self) -> <N::Client as Events>::Emit<ToSocket> {
        self.emitter(false)
    }

    /// As [`emit`](Self::emit) for events that may get lost: dropped if the network would not take them now. `async fn` events are
    /// not affected.
    pub fn volatile(&self) -> Volatile<'_, N> {
        Volatile(self)
    }

    fn emitter(&self, volatile: bool) -> <N::Client as Events>::Emit<ToSocket> {
        N::Client::emit(ToSocket { core: Arc::clone(&self.core), volatile })
    }

    /// Closures as handlers, for a socket that is itself the session (`Ok(socket)` from the session factory).
    ///
    /// A later closure for an event replaces an earlier one. With [`#[events(enum)]`](crate::events) `socket.on().events(64)` takes all
    /// events as values: an [`EventStream`](crate::EventStream).
    pub fn on(&self) -> <N::Server as Events>::On<'_> {
        N::Server::on(&self.core.registry)
    }

    /// A handler for an event that is in no contract; what it returns is the ack, if one is asked for.
    ///
    /// Works beside a session of any type, so that an application can move to a contract event by event. The contract's own events
    /// never get here.
    pub fn on_raw<F, R>(&self, event: impl Into<Cow<'static, str>>, handler: F)
    where
        F: FnOnce(RawArgs) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = RawArgs> + Send + 'static,
    {
        self.core.registry.insert_raw(event.into(), handler);
    }

    /// A handler for every event that has no other one: neither in the contract, nor of [`on_raw`](Self::on_raw), nor of the namespace's
    /// [`on_raw`](super::NamespaceSetup::on_raw). What it returns is the ack, and there is none if it is nothing. A later one replaces an
    /// earlier one. Those events are then no faults.
    pub fn on_fallback<F, R>(&self, handler: F)
    where
        F: FnOnce(RawEvent) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Option<RawArgs>> + Send + 'static,
    {
        self.core.registry.set_fallback(handler);
    }

    /// Sends an event that is in no contract.
    pub fn emit_raw(&self, event: &str, args: &RawArgs) {
        match args.event(&self.core.nsp.path, event, None) {
            Ok(packet) => self.core.send_event(event, packet, false),
            Err(e) => self.core.nsp.fault(Some(self.id()), event, FaultKind::Encode(e)),
        }
    }

    /// Asks with an event that is in no contract; the values of the ack are what it settles with.
    pub fn call_raw(&self, event: &str, args: &RawArgs) -> Call<RawArgs> {
        let id = self.core.nsp.next_ack();
        ask(Arc::clone(&self.core), id, args.event(&self.core.nsp.path, event, Some(id)), decode_raw)
    }

    /// Calls `listener` for every event from this client, with its name and arguments, before its handler and whether it has one or not.
    /// There may be several; they are called in the order in which they were registered, on the connection's task, and must not block.
    ///
    /// A listener that panics is reported to `on_fault`, and called again for the next event.
    pub fn on_any(&self, listener: impl Fn(&str, &RawArgs) + Send + Sync + 'static) {
        self.core.registry.any.add(Arc::new(listener));
    }

    /// Calls `listener` for every event that is emitted to this client, also by a broadcast, with its name and arguments; also for one
    /// that is volatile and gets lost. Called by whoever emits: a listener that emits to the same client calls itself.
    pub fn on_any_outgoing(&self, listener: impl Fn(&str, &RawArgs) + Send + Sync + 'static) {
        self.core.registry.any_outgoing.add(Arc::new(listener));
    }

    /// Everyone in a room, or in any of several, but this socket.
    pub fn to(&self, rooms: impl Rooms) -> Broadcast<N> {
        self.broadcast().to(rooms)
    }

    /// Everyone in the namespace but this socket.
    pub fn broadcast(&self) -> Broadcast<N> {
        Broadcast::new(Arc::clone(&self.core.nsp), Filter { sender: Some(self.id()), ..Filter::default() })
    }

    /// Everyone in the namespace but this socket and those in these rooms.
    pub fn except(&self, rooms: impl Rooms) -> Broadcast<N> {
        self.broadcast().except(rooms)
    }

    /// Joins a room, or several. False, and nothing joined, if the client has left.
    pub fn join(&self, rooms: impl Rooms) -> bool {
        let mut joined = true;
        rooms.each(&mut |room| joined &= self.core.join(room));
        joined
    }

    /// Leaves a room, or several. The room of its own id it cannot leave.
    pub fn leave(&self, rooms: impl Rooms) {
        rooms.each(&mut |room| self.core.nsp.sockets.leave(self.id(), &room));
    }

    /// Whether the socket is in this room.
    pub fn in_room(&self, room: impl AsRef<str>) -> bool {
        self.core.nsp.sockets.is_in(self.id(), room.as_ref())
    }

    /// The rooms that the socket has joined. The one of its own id is not among them.
    pub fn rooms(&self) -> Vec<Room> {
        self.core.nsp.sockets.rooms_of(self.id())
    }

    /// Takes the client out of this namespace, behind everything emitted so far. It sees `io server disconnect`, the server
    /// `server namespace disconnect`.
    pub fn disconnect(&self) {
        self.core.disconnect();
    }

    /// Takes the client out of all its namespaces and closes the connection.
    pub fn disconnect_transport(&self) {
        self.core.disconnect_transport();
    }

    /// Waits until everything emitted to this client is with the network: paces a producer that is faster than the client reads. What its
    /// session factory has emitted, and is held back until the client is connected, is not waited for.
    ///
    /// # Errors
    /// [`Disconnected`] if the client left first.
    ///
    /// # Cancel safety
    /// Nothing is lost by dropping the future.
    pub async fn flushed(&self) -> Result<(), Disconnected> {
        if self.core.flushed().await { Ok(()) } else { Err(Disconnected) }
    }

    /// The transport in use now: `polling` or `websocket`.
    pub fn transport(&self) -> &'static str {
        self.core.transport().as_str()
    }
}

/// A socket whose events may get lost: see [`Socket::volatile`].
#[derive(Debug)]
#[must_use = "nothing is sent until something is emitted"]
pub struct Volatile<'a, N>(&'a Socket<N>);

impl<N: Namespace> Volatile<'_, N> {
    /// Sends to this client, or to nobody.
    pub fn emit(&self) -> <N::Client as Events>::Emit<ToSocket> {
        self.0.emitter(true)
    }
}

/// The target of [`Socket::emit`].
#[derive(Debug)]
pub struct ToSocket {
    pub(super) core: Arc<SocketCore>,
    volatile: bool,
}

impl Target for ToSocket {
    type Sent = ();
    type Call<A, E> = Call<A, E>;

    fn send(self, body: Body) {
        let event = body.name();
        match self.core.nsp.encode(body, None) {
            Ok(packet) => self.core.send_event(event, packet, self.volatile),
            Err(e) => self.core.nsp.fault(Some(self.core.id), event, FaultKind::Encode(e)),
        }
    }

    fn call<A, E>(self, body: Body, decode: Decode<A, E>) -> Call<A, E> {
        let id = self.core.nsp.next_ack();
        let packet = self.core.nsp.encode(body, Some(id));
        ask(self.core, id, packet, decode)
    }
}

fn ask<A, E>(core: Arc<SocketCore>, id: u64, packet: Result<Encoded, EncodeError>, decode: Decode<A, E>) -> Call<A, E> {
    Call::new(decode, None, move |timeout| async move { calls::ask(core, id, packet.map_err(NoAck::Encode)?, timeout).await })
}
