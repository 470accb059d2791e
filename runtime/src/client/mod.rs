#![doc = include_str!("../../docs/client.md")]

mod backoff;
mod calls;
mod connect;
mod connection;
mod core;
mod error;
mod hub;
mod manager;
mod offline;
mod outbox;
mod recovery;
mod retries;
mod state;
mod streams;
mod untyped;

use std::{borrow::Cow, fmt, future::Future, marker::PhantomData, sync::Arc};

use tokio::sync::watch;

use self::core::{Alive, Core};
pub use self::{
    backoff::Reconnection,
    connect::Connect,
    error::{ConnectError, Refusal},
    manager::{Manager, ManagerBuilder},
    offline::Offline,
    outbox::Overflow,
    retries::Retries,
    state::State,
    untyped::Untyped,
};
use crate::contract::{
    Body, Call, Decode, Disconnected, EncodeError, Events, Namespace, NoAck, RawArgs, Registry, Target, decode_raw,
};
use crate::proto::packet::Encoded;
pub use crate::{
    contract::{EventFault, FaultKind, RawEvent, TooLarge},
    net::dial::{Proxy, ProxyError, Tls, TlsError},
    proto::engine::Transport,
};

/// A client in a namespace of a server, for as long as it takes: it comes back by itself when the network or the server fails.
///
/// Cheap to clone, free to move between threads. It is over with [`disconnect`](Self::disconnect), when the server disconnects this client or
/// refuses it, when the attempts to [reconnect](Reconnection) are used up, and when the last clone is dropped (a clone that a handler
/// keeps counts). Then it stays over: whoever wants to come back makes a new one.
///
/// ```no_run
/// use ackord::{CallError, Client, Namespace, events, payload};
/// use std::time::Duration;
///
/// #[payload]
/// pub struct Login { pub token: String }
/// #[payload]
/// pub enum Denied { BadToken }
///
/// #[events]
/// pub trait ChatServer {
///     async fn send(&self, room: &str, text: String) -> u32;
/// }
/// #[events]
/// pub trait ChatClient {
///     fn message(&self, room: &str, text: &str);
/// }
///
/// #[derive(Namespace, Clone)]
/// #[namespace(path = "/chat", server = dyn ChatServer, client = dyn ChatClient, auth = Login, denied = Denied)]
/// pub struct Chat;
///
/// struct Ui;
/// impl ChatClient for Ui {
///     async fn message(&self, room: &str, text: &str) {
///         println!("{room}: {text}");
///     }
/// }
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let chat = Client::<Chat>::connect("http://localhost:3000").auth(Login { token: "t".into() }).handler(Ui).await?;
/// match chat.emit().send("lobby", "hi".into()).timeout(Duration::from_secs(3)).await {
///     Ok(id) => println!("message {id}"),
///     Err(CallError::Timeout | CallError::Disconnected) => println!("perhaps it was sent"),
///     Err(e) => return Err(e.into()),
/// }
/// chat.disconnect().await;
/// # Ok(())
/// # }
/// ```
pub struct Client<N> {
    core: Arc<Core>,
    manager: Manager,
    alive: Arc<Alive>,
    namespace: PhantomData<fn() -> N>,
}

impl<N> Clone for Client<N> {
    fn clone(&self) -> Self {
        let (core, manager) = (Arc::clone(&self.core), self.manager.clone());
        Self { core, manager, alive: Arc::clone(&self.alive), namespace: PhantomData }
    }
}

impl<N> fmt::Debug for Client<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Client");
        debug.field("namespace", &self.core.path).field("state", &self.core.state()).field("open_calls", &self.core.calls.len());
        debug.finish_non_exhaustive()
    }
}

impl<N: Namespace> Client<N> {
    /// Prepares to connect; done when it is awaited.
    ///
    /// `to` is a URL, `http://host:port` or `ws://host:port`, for a connection of its own with the default settings; the settings of one, a
    /// [`ManagerBuilder`]; or a [`Manager`] whose connection is shared.
    pub fn connect(to: impl Into<Manager>) -> Connect<N> {
        const { N::APART };
        Connect::new(to.into())
    }

    fn new(core: Arc<Core>, manager: Manager) -> Self {
        let alive = Arc::new(Alive::new(Arc::clone(&core)));
        Self { core, manager, alive, namespace: PhantomData }
    }

    fn downgrade(&self) -> connect::WeakClient {
        Arc::downgrade(&self.alive)
    }

    fn upgrade(weak: &connect::WeakClient, manager: &Manager) -> Option<Self> {
        let alive = weak.upgrade()?;
        Some(Self { core: Arc::clone(alive.core()), manager: manager.clone(), alive, namespace: PhantomData })
    }

    /// Sends to the server: `client.emit().send(…)`.
    ///
    /// A `fn` event is queued at once and never blocks; an `async fn` event is a [`Call`], sent when it is awaited. Without a connection
    /// both wait in the [outbox](Connect::outbox) for the next one. What is queued arrives in order.
    ///
    /// An event that was given to the network when a connection broke may be lost; a call that was settles with
    /// [`CallError::Disconnected`](crate::CallError::Disconnected). With [`retries`](Connect::retries) both are sent again.
    pub fn emit(&self) -> <N::Server as Events>::Emit<ToServer> {
        self.emitter(Offline::Queue)
    }

    /// As [`emit`](Self::emit) for events that may get lost: dropped without a connection, or if the network would not take them now. An
    /// `async fn` event settles at once without a connection. The same as [`offline`](Self::offline) with [`Offline::Drop`].
    pub fn volatile(&self) -> Emitter<'_, N> {
        self.offline(Offline::Drop)
    }

    /// As [`emit`](Self::emit), but without a connection as `offline` says: `client.offline(Offline::Fail).emit().send(…)`.
    pub fn offline(&self, offline: Offline) -> Emitter<'_, N> {
        Emitter { client: self, offline }
    }

    fn emitter(&self, offline: Offline) -> <N::Server as Events>::Emit<ToServer> {
        N::Server::emit(ToServer { core: Arc::clone(&self.core), offline })
    }

    /// Sends an event that is in no contract.
    pub fn emit_raw(&self, event: &str, args: &RawArgs) {
        self.offline(Offline::Queue).emit_raw(event, args);
    }

    /// Asks with an event that is in no contract; the values of the ack are what it settles with.
    pub fn call_raw(&self, event: &str, args: &RawArgs) -> Call<RawArgs> {
        self.offline(Offline::Queue).call_raw(event, args)
    }

    /// Closures as handlers, for a client without a [`handler`](Connect::handler) and for events that it does not know.
    ///
    /// What arrives before a closure is there goes to nobody: [`setup`](Connect::setup) is the place for those that must not miss
    /// anything. A later closure for an event replaces an earlier one. With [`#[events(enum)]`](crate::events) `client.on().events(64)` takes
    /// all events as values; [`Connect::events`] misses none.
    pub fn on(&self) -> <N::Client as Events>::On<'_> {
        N::Client::on(&self.core.registry)
    }

    fn registry(&self) -> &Registry {
        &self.core.registry
    }

    /// A handler for an event that is in no contract; what it returns is the ack, if one is asked for.
    ///
    /// Works beside a [`handler`](Connect::handler), so that an application can move to a contract event by event. Events of a handler
    /// never get here.
    pub fn on_raw<F, R>(&self, event: impl Into<Cow<'static, str>>, handler: F)
    where
        F: FnOnce(RawArgs) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = RawArgs> + Send + 'static,
    {
        self.core.registry.insert_raw(event.into(), handler);
    }

    /// A handler for every event that has no other one, neither in the contract nor of [`on_raw`](Self::on_raw): what it returns is the ack,
    /// and there is none if it is nothing. A later one replaces an earlier one.
    ///
    /// Those events are then no faults. As all handlers it starts in the order of arrival, and a server that sends more than
    /// [may run at a time](ManagerBuilder::max_in_flight) waits: a handler that awaits a bounded channel makes the server as slow as whoever
    /// reads that.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use ackord::{Client, RawArgs, client::Untyped};
    /// let setup = |client: &Client<Untyped>| {
    ///     client.on_fallback(async |event| {
    ///         println!("{} {:?}", event.name, event.args);
    ///         event.wants_ack.then(RawArgs::new)
    ///     });
    /// };
    /// let client = Client::<Untyped>::connect("http://localhost:3000").setup(setup).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_fallback<F, R>(&self, handler: F)
    where
        F: FnOnce(RawEvent) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Option<RawArgs>> + Send + 'static,
    {
        self.core.registry.set_fallback(handler);
    }

    /// Calls `listener` for every event from the server, with its name and arguments, before its handler and whether it has one or not.
    /// There may be several; they are called in the order in which they were registered, in the task of the connection, and must not
    /// block.
    ///
    /// [`setup`](Connect::setup) is the place for those that must not miss anything. A listener that panics is reported to
    /// [`on_fault`](Connect::on_fault), and called again for the next event.
    pub fn on_any(&self, listener: impl Fn(&str, &RawArgs) + Send + Sync + 'static) {
        self.core.registry.any.add(Arc::new(listener));
    }

    /// Calls `listener` for every event that is emitted, with its name and arguments, when it is queued. Called by whoever emits: a
    /// listener that emits calls itself.
    pub fn on_any_outgoing(&self, listener: impl Fn(&str, &RawArgs) + Send + Sync + 'static) {
        self.core.registry.any_outgoing.add(Arc::new(listener));
    }

    /// What the connection is doing now.
    pub fn state(&self) -> State {
        self.core.state()
    }

    /// What the connection is doing, with a notice of every change. A slow watcher misses states in between, never the last one.
    pub fn watch(&self) -> watch::Receiver<State> {
        self.core.state.subscribe()
    }

    /// Whether the client is in the namespace now.
    pub fn is_connected(&self) -> bool {
        self.core.is_connected()
    }

    /// This client's socket id at the server, while it is connected. Every connection has another one.
    pub fn id(&self) -> Option<Arc<str>> {
        self.core.state.borrow().id().cloned()
    }

    /// The transport in use, `polling` or `websocket`; none without a connection.
    pub fn transport(&self) -> Option<&'static str> {
        self.manager.transport()
    }

    /// The connection that this client is in the namespace over.
    pub fn manager(&self) -> &Manager {
        &self.manager
    }

    /// Waits until everything emitted so far is with the network: paces a producer that is faster than the server reads.
    ///
    /// That is no acknowledgement: what the network has may still be lost with the connection. Without a connection it waits for the next.
    ///
    /// # Errors
    /// [`Disconnected`] if the client is over first.
    ///
    /// # Cancel safety
    /// Nothing is lost by dropping the future.
    pub async fn flushed(&self) -> Result<(), Disconnected> {
        if self.core.outbox.flushed().await { Ok(()) } else { Err(Disconnected) }
    }

    /// Leaves, behind everything emitted so far, and waits until the server knows it: for a few seconds at most, if it does not
    /// read. Without a connection, what waits for one is dropped. A connection that it shares stays for the others.
    ///
    /// The server sees `client namespace disconnect`; this side's state is
    /// [`io client disconnect`](crate::DisconnectReason::IoClientDisconnect).
    ///
    /// # Cancel safety
    /// The leaving goes on when the future is dropped.
    pub async fn disconnect(&self) {
        self.core.outbox.close();
        // An error is a task that has gone, which is the same.
        let _ = self.watch().wait_for(State::is_over).await;
    }
}

/// A client that emits in another way: [`Client::offline`], [`Client::volatile`].
#[derive(Debug)]
#[must_use = "nothing is sent until something is emitted"]
pub struct Emitter<'a, N> {
    client: &'a Client<N>,
    offline: Offline,
}

impl<N: Namespace> Emitter<'_, N> {
    /// Sends to the server.
    pub fn emit(&self) -> <N::Server as Events>::Emit<ToServer> {
        self.client.emitter(self.offline)
    }

    /// Sends an event that is in no contract.
    pub fn emit_raw(&self, event: &str, args: &RawArgs) {
        let core = &self.client.core;
        match args.event(&core.path, event, None) {
            Ok(packet) => core.send_event(event, packet, self.offline),
            Err(e) => core.fault(event, FaultKind::Encode(e)),
        }
    }

    /// Asks with an event that is in no contract; the values of the ack are what it settles with.
    pub fn call_raw(&self, event: &str, args: &RawArgs) -> Call<RawArgs> {
        let core = Arc::clone(&self.client.core);
        let id = core.next_ack();
        let packet = args.event(&core.path, event, core.ack_id(id));
        ask(ToServer { core, offline: self.offline }, id, packet, decode_raw)
    }
}

/// The target of [`Client::emit`].
#[derive(Debug)]
pub struct ToServer {
    core: Arc<Core>,
    offline: Offline,
}

impl Target for ToServer {
    type Sent = ();
    type Call<A, E> = Call<A, E>;

    fn send(self, body: Body) {
        let event = body.name();
        match self.core.encode(body, None) {
            Ok(packet) => self.core.send_event(event, packet, self.offline),
            Err(e) => self.core.fault(event, FaultKind::Encode(e)),
        }
    }

    fn call<A, E>(self, body: Body, decode: Decode<A, E>) -> Call<A, E> {
        let id = self.core.next_ack();
        let packet = self.core.encode(body, self.core.ack_id(id));
        ask(self, id, packet, decode)
    }
}

fn ask<A, E>(to: ToServer, id: u64, packet: Result<Encoded, EncodeError>, decode: Decode<A, E>) -> Call<A, E> {
    let ToServer { core, offline } = to;
    Call::new(
        decode,
        None,
        move |timeout| async move { calls::ask(core, id, packet.map_err(NoAck::Encode)?, offline, timeout).await },
    )
}
