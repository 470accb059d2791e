use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use futures_util::stream;

use super::{Socket, calls, core::NspCore, fault::FaultKind};
use crate::{
    adapter::{Filter, Rooms},
    contract::{
        AckData, Body, BoxStream, Decode, EncodeError, Events, Namespace, NoAck, RawArgs, Replies, SocketId, Target, decode_raw,
    },
    net::random,
    proto::packet::Encoded,
};

/// Many sockets of a namespace: the broadcast operator. Each method narrows or widens whom the next `emit` reaches.
///
/// A socket that is in several of the rooms gets one copy.
#[must_use = "an operator does nothing until something is emitted"]
pub struct Broadcast<N> {
    nsp: Arc<NspCore>,
    filter: Filter,
    volatile: bool,
    timeout: Duration,
    namespace: PhantomData<fn() -> N>,
}

impl<N> Clone for Broadcast<N> {
    fn clone(&self) -> Self {
        Self { nsp: Arc::clone(&self.nsp), filter: self.filter.clone(), ..*self }
    }
}

impl<N> fmt::Debug for Broadcast<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broadcast").field("namespace", &self.nsp.path).field("filter", &self.filter).finish_non_exhaustive()
    }
}

impl<N: Namespace> Broadcast<N> {
    pub(crate) fn new(nsp: Arc<NspCore>, filter: Filter) -> Self {
        let timeout = nsp.ack_timeout;
        Self { nsp, filter, volatile: false, timeout, namespace: PhantomData }
    }

    /// Also the sockets in this room, or in any of these.
    pub fn to(mut self, rooms: impl Rooms) -> Self {
        rooms.each(&mut |room| self.filter.rooms.push(room));
        self
    }

    /// The same as [`to`](Self::to); `in` is a keyword.
    pub fn in_(self, rooms: impl Rooms) -> Self {
        self.to(rooms)
    }

    /// Not the sockets in this room, or in any of these.
    pub fn except(mut self, rooms: impl Rooms) -> Self {
        rooms.each(&mut |room| self.filter.except.push(room));
        self
    }

    /// Only sockets of this node. Without an adapter that spans nodes these are all there are.
    pub fn local(self) -> Self {
        self
    }

    /// Events may get lost: a socket whose network would not take them now is left out.
    pub fn volatile(mut self) -> Self {
        self.volatile = true;
        self
    }

    /// How long an `async fn` event waits for answers; [`Replies::timeout`] overrides it. Default: the server's `ack_timeout`.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends to all of them. A `fn` event is encoded once and queued everywhere at once; an `async fn` event is a stream of
    /// [`Replies`], one for each socket.
    pub fn emit(&self) -> <N::Client as Events>::Emit<ToMany> {
        N::Client::emit(self.target())
    }

    fn target(&self) -> ToMany {
        ToMany { nsp: Arc::clone(&self.nsp), filter: self.filter.clone(), volatile: self.volatile, timeout: self.timeout }
    }

    /// Sends an event that is in no contract to all of them.
    pub fn emit_raw(&self, event: &str, args: &RawArgs) {
        match args.event(&self.nsp.path, event, None) {
            Ok(packet) => self.nsp.broadcast(event, &self.filter, &packet, self.volatile),
            Err(e) => self.nsp.fault(None, event, FaultKind::Encode(e)),
        }
    }

    /// Asks all of them with an event that is in no contract; the values of each ack are what it yields.
    pub fn call_raw(&self, event: &str, args: &RawArgs) -> Replies<RawArgs> {
        let id = self.nsp.next_ack();
        self.target().ask(id, args.event(&self.nsp.path, event, Some(id)), decode_raw)
    }

    /// The sockets themselves.
    pub fn sockets(&self) -> Vec<Socket<N>> {
        let mut all = Vec::new();
        self.each(|socket| all.push(socket));
        all
    }

    /// Makes all of them join a room, or several.
    pub fn join(&self, rooms: impl Rooms) {
        rooms.each(&mut |room| {
            self.each(|socket| {
                // A socket that has left meanwhile joins nothing.
                socket.join(&room);
            });
        });
    }

    /// Makes all of them leave a room, or several.
    pub fn leave(&self, rooms: impl Rooms) {
        rooms.each(&mut |room| self.each(|socket| socket.leave(&room)));
    }

    /// Takes all of them out of the namespace.
    pub fn disconnect(&self) {
        self.each(|socket| socket.disconnect());
    }

    fn each(&self, mut visit: impl FnMut(Socket<N>)) {
        self.nsp.sockets.each(&self.filter, |_, core| visit(Socket::new(Arc::clone(core))));
    }
}

/// The target of [`Broadcast::emit`].
#[derive(Debug)]
pub struct ToMany {
    nsp: Arc<NspCore>,
    filter: Filter,
    volatile: bool,
    timeout: Duration,
}

impl Target for ToMany {
    type Sent = ();
    type Call<A, E> = Replies<A, E>;

    fn send(self, body: Body) {
        let event = body.name();
        match self.nsp.encode(body, None) {
            Ok(packet) => self.nsp.broadcast(event, &self.filter, &packet, self.volatile),
            Err(e) => self.nsp.fault(None, event, FaultKind::Encode(e)),
        }
    }

    fn call<A, E>(self, body: Body, decode: Decode<A, E>) -> Replies<A, E> {
        let id = self.nsp.next_ack();
        let packet = self.nsp.encode(body, Some(id));
        self.ask(id, packet, decode)
    }
}

impl ToMany {
    fn ask<A, E>(self, id: u64, packet: Result<Encoded, EncodeError>, decode: Decode<A, E>) -> Replies<A, E> {
        let Self { nsp, filter, timeout, .. } = self;
        let ask = move |timeout| -> BoxStream<'static, _> {
            match (packet, &nsp.tap) {
                (Ok(packet), None) => Box::pin(calls::ask_all(&nsp, &filter, id, &packet, timeout)),
                (Ok(packet), Some(tap)) => {
                    let answers = tap.questions(&filter, &packet);
                    Box::pin(stream::iter(answers.into_iter().map(|answer| (random::socket_id(), answer))))
                }
                (Err(e), _) => Box::pin(stream::iter(unwritable(&nsp, &filter, &e))),
            }
        };
        Replies::new(decode, timeout, Box::new(ask))
    }
}

/// Everyone who would have been asked, each with the reason why nobody was.
fn unwritable(nsp: &NspCore, filter: &Filter, e: &EncodeError) -> Vec<(SocketId, Result<AckData, NoAck>)> {
    let mut all = Vec::new();
    nsp.sockets.each(filter, |id, _| all.push((id, Err(NoAck::Encode(e.clone())))));
    all
}
