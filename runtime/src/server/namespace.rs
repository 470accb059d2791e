//! A namespace that is set up: who is let in, with which session, and what is told of it.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    future::Future,
    marker::PhantomData,
    ops::Deref,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use super::{
    Handshake, NamespaceHandle, ServerCore, Socket,
    broadcast::Broadcast,
    connect::{Admission, Attempt, Connecting, Outcome, Refuse, Session},
    core::SocketCore,
    fault::{EventFault, FaultKind, Faults, panic_message},
    registered::is_fixed,
};
use crate::{
    adapter::Rooms,
    contract::{
        ArgError, Args, BoxFuture, Dispatch, EventMeta, Events, FixedPath, Handling, Listeners, Namespace, RawArgs, RawEvent,
        Reply, SomeEvents,
    },
    proto::{DisconnectReason, packet::RESERVED_EVENTS},
};

type Guard<N> = Arc<dyn Fn(Arc<Handshake>) -> BoxFuture<'static, Result<(), Refuse<<N as Namespace>::Denied>>> + Send + Sync>;

/// A namespace that is being set up: guards first, then [`connect`](Self::connect), which makes it live.
#[must_use = "a namespace is live once `connect` was called"]
pub struct NamespaceBuilder<N: Namespace> {
    server: Arc<ServerCore>,
    guards: Vec<Guard<N>>,
}

impl<N: Namespace> NamespaceBuilder<N> {
    pub(super) fn new(server: Arc<ServerCore>) -> Self {
        Self { server, guards: Vec::new() }
    }

    /// Runs before the session factory; an error refuses the client. Guards run in the order in which they were added.
    ///
    /// ```
    /// # use ackord::{Server, server::Refuse};
    /// # #[derive(ackord::Namespace, Clone)] #[namespace(path = "/")] struct Root;
    /// # let (io, _layer) = Server::builder().build();
    /// io.namespace::<Root>()
    ///     .guard(async |handshake| match handshake.headers().get("x-api-key") {
    ///         Some(_) => Ok(()),
    ///         None => Err(Refuse::message("no key")),
    ///     })
    ///     .connect(async |conn| Ok(conn.accept()));
    /// ```
    pub fn guard<F, R>(mut self, guard: F) -> Self
    where
        F: FnOnce(Arc<Handshake>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output: Admission<(), N::Denied>> + Send + 'static,
    {
        self.guards.push(Arc::new(move |handshake| {
            let admission = guard.clone()(handshake);
            Box::pin(async move { admission.await.into_result() })
        }));
        self
    }

    /// Makes the namespace live. `factory` decides who gets in and makes the session: one value for each socket, the `self` of its
    /// handlers. Its error refuses the client with a `connect_error`.
    ///
    /// `?` takes errors of the namespace's `denied` type; others are turned into it, or into a text with [`Refuse::message`]. A factory
    /// that panics refuses the client.
    ///
    /// Nothing that the client sends is lost: it may send only once it was told that it is connected, and by then the session exists.
    ///
    /// # Panics
    /// If a namespace with this path is already set up.
    #[track_caller]
    pub fn connect<F, R, H, M>(self, factory: F) -> NamespaceSetup<N, H>
    where
        F: FnOnce(Connecting<N>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output: Admission<H, N::Denied>> + Send + 'static,
        H: IntoSession<N, M>,
        M: 'static,
    {
        let hooks = Arc::<Hooks<H>>::default();
        let faults = self.server.namespaces.faults::<N>();
        let definition = Definition::<N, H, M> {
            factory: Box::new(move |connecting| {
                let admission = factory.clone()(connecting);
                Box::pin(async move { admission.await.into_result() })
            }),
            guards: self.guards,
            hooks: Arc::clone(&hooks),
            faults: Arc::clone(&faults),
            marker: PhantomData,
        };
        let handle = self.server.namespaces.register::<N>(Arc::new(definition)).map(NamespaceHandle::new);
        NamespaceSetup { handle, hooks, faults }
    }
}

impl<N: Namespace> fmt::Debug for NamespaceBuilder<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamespaceBuilder").field("path", &N::PATTERN).field("guards", &self.guards.len()).finish_non_exhaustive()
    }
}

/// A live namespace with sessions of type `H`: takes hooks. If its path has no parameters it is also a [`NamespaceHandle`], to emit to;
/// with parameters it is many, and [`Server::of`](super::Server::of) names one of them.
///
/// ```
/// # use ackord::{Namespace, Server, RawArgs};
/// #[derive(Namespace, Clone)]
/// #[namespace(path = "/chat")]
/// struct Chat;
///
/// #[derive(Namespace, Clone)]
/// #[namespace(path = "/org-{id}")]
/// struct Org { id: u64 }
///
/// let (io, _layer) = Server::builder().build();
/// let chat = io.namespace::<Chat>().connect(async |conn| Ok(conn.accept()));
/// chat.emit_raw("hello", &RawArgs::new());
/// io.namespace::<Org>().connect(async |conn| Ok(conn.accept())).on_fault(|fault| eprintln!("{fault}"));
/// io.of(&Org { id: 7 }).emit_raw("hello", &RawArgs::new());
/// ```
pub struct NamespaceSetup<N, H> {
    handle: Option<NamespaceHandle<N>>,
    hooks: Arc<Hooks<H>>,
    faults: Arc<Faults>,
}

impl<N, H> Clone for NamespaceSetup<N, H> {
    fn clone(&self) -> Self {
        Self { handle: self.handle.clone(), hooks: Arc::clone(&self.hooks), faults: Arc::clone(&self.faults) }
    }
}

impl<N: Namespace, H> NamespaceSetup<N, H> {
    // These two would be found by `Deref`. Here their bound is told to those who emit to a namespace that is many.

    /// Sends to everyone.
    pub fn emit(&self) -> <N::Client as Events>::Emit<super::ToMany>
    where
        N: FixedPath,
    {
        NamespaceHandle::emit(self)
    }

    /// The sockets in this room, or in any of these.
    pub fn to(&self, rooms: impl Rooms) -> Broadcast<N>
    where
        N: FixedPath,
    {
        NamespaceHandle::to(self, rooms)
    }

    /// Called once for each session when its client has left, or the server is [closed](super::Server::close) or dropped with its runtime, with
    /// Node's reason. The socket is still in its rooms; it can tell those in them. The hook is no `async fn`: emitting needs no `await`, and
    /// for what does there is `tokio::spawn`. A second hook is ignored.
    pub fn on_disconnect(self, hook: impl Fn(&H, DisconnectReason) + Send + Sync + 'static) -> Self {
        let _ = self.hooks.on_disconnect.set(Box::new(hook));
        self
    }

    /// A handler for an event that is in no contract, for every socket of the namespace; what it returns is the ack, if one is asked
    /// for. An application can so move to a contract event by event. A later handler for an event replaces an earlier one.
    pub fn on_raw<F, R>(self, event: impl Into<Cow<'static, str>>, handler: F) -> Self
    where
        F: FnOnce(Arc<H>, RawArgs) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = RawArgs> + Send + 'static,
        H: Send + Sync + 'static,
    {
        let handler: RawHandler<H> = Arc::new(move |session, args, reply| {
            let (session, args, handler) = (Arc::clone(session), args.raw()?, handler.clone());
            Ok(Handling::new(async move { reply.raw(&handler(session, args).await) }))
        });
        self.hooks.raw.write().unwrap_or_else(PoisonError::into_inner).insert(event.into(), handler);
        self
    }

    /// A handler for every event that has no other one, for every socket of the namespace: neither in the contract, nor of
    /// [`on_raw`](Self::on_raw), nor of the socket itself. What it returns is the ack, and there is none if it is nothing. A later one
    /// replaces an earlier one. Those events are then no faults.
    ///
    /// ```
    /// # use ackord::{Namespace, RawArgs, Server};
    /// # #[derive(Namespace, Clone)] #[namespace(path = "/")] struct Root;
    /// # let (io, _layer) = Server::builder().build();
    /// io.namespace::<Root>().connect(async |conn| Ok(conn.accept())).on_fallback(async |socket, event| {
    ///     println!("{}: {} {:?}", socket.id(), event.name, event.args);
    ///     event.wants_ack.then(RawArgs::new)
    /// });
    /// ```
    pub fn on_fallback<F, R>(self, handler: F) -> Self
    where
        F: FnOnce(Arc<H>, RawEvent) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Option<RawArgs>> + Send + 'static,
        H: Send + Sync + 'static,
    {
        let handler: Fallback<H> = Arc::new(move |session, name, args, reply| {
            let (session, event, handler) = (Arc::clone(session), RawEvent::new(name, args, &reply)?, handler.clone());
            Ok(Handling::new(async move { handler(session, event).await.map_or(Ok(None), |values| reply.raw(&values)) }))
        });
        *self.hooks.fallback.write().unwrap_or_else(PoisonError::into_inner) = Some(handler);
        self
    }

    /// Calls `listener` for every event of every client, with its session, name and arguments, before its handler and whether it has
    /// one or not. There may be several; they are called in the order in which they were registered, before those of single
    /// [sockets](Socket::on_any), on the connection's task, and must not block.
    ///
    /// A listener that panics is reported to `on_fault`, and called again for the next event.
    pub fn on_any(self, listener: impl Fn(&H, &str, &RawArgs) + Send + Sync + 'static) -> Self {
        self.hooks.any.add(Arc::new(listener));
        self
    }

    /// Called for what goes wrong with single events: bad arguments, unknown events, panics. They are logged as well. A second hook
    /// is ignored.
    pub fn on_fault(self, hook: impl Fn(&EventFault) + Send + Sync + 'static) -> Self {
        self.faults.set(Box::new(hook));
        self
    }
}

/// The namespace itself, to emit to.
impl<N: Namespace + FixedPath, H> Deref for NamespaceSetup<N, H> {
    type Target = NamespaceHandle<N>;

    fn deref(&self) -> &NamespaceHandle<N> {
        const { assert!(is_fixed(N::PATTERN), "`FixedPath` is for paths without parameters") };
        self.handle.as_ref().expect("registering a namespace without parameters gives its handle")
    }
}

impl<N, H> fmt::Debug for NamespaceSetup<N, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamespaceSetup").field("handle", &self.handle).finish_non_exhaustive()
    }
}

type RawHandler<H> = Arc<dyn Fn(&Arc<H>, &mut Args<'_>, Reply) -> Result<Handling, ArgError> + Send + Sync>;

type Fallback<H> = Arc<dyn Fn(&Arc<H>, &str, &mut Args<'_>, Reply) -> Result<Handling, ArgError> + Send + Sync>;

type OnAny<H> = dyn Fn(&H, &str, &RawArgs) + Send + Sync;

type OnDisconnect<H> = Box<dyn Fn(&H, DisconnectReason) + Send + Sync>;

struct Hooks<H> {
    on_disconnect: OnceLock<OnDisconnect<H>>,
    raw: RwLock<HashMap<Cow<'static, str>, RawHandler<H>>>,
    fallback: RwLock<Option<Fallback<H>>>,
    any: Listeners<OnAny<H>>,
}

impl<H> Default for Hooks<H> {
    fn default() -> Self {
        Self { on_disconnect: OnceLock::new(), raw: RwLock::default(), fallback: RwLock::default(), any: Listeners::default() }
    }
}

/// What a session factory may return: a type that implements the namespace's server trait, or the socket itself, whose
/// handlers are the closures registered on it. `M` tells the two apart and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the session of this namespace",
    label = "this session does not implement the namespace's server trait",
    note = "implement the trait named as `server = dyn …` for `{Self}`, or return the socket itself and register closures with `socket.on()`",
    note = "a session is shared between tasks: it has to be `Send + Sync + 'static`"
)]
pub trait IntoSession<N: Namespace, M>: Send + Sync + Sized + 'static {
    #[doc(hidden)]
    fn dispatch(session: &Arc<Self>, event: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError>;
}

/// Sessions that implement the server trait.
#[derive(Debug)]
pub enum ByTrait {}
/// Sockets with closures.
#[derive(Debug)]
pub enum ByClosures {}

#[diagnostic::do_not_recommend]
impl<N: Namespace, H: Send + Sync + 'static> IntoSession<N, ByTrait> for H
where
    N::Server: Dispatch<H>,
{
    fn dispatch(session: &Arc<H>, event: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError> {
        N::Server::dispatch(session, event, args, reply)
    }
}

impl<N: Namespace> IntoSession<N, ByClosures> for Socket<N>
where
    N::Server: SomeEvents,
{
    fn dispatch(session: &Arc<Self>, event: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError> {
        session.core.registry.dispatch(event, args, reply)
    }
}

type Factory<N, H> = Box<dyn Fn(Connecting<N>) -> BoxFuture<'static, Result<H, Refuse<<N as Namespace>::Denied>>> + Send + Sync>;

/// A registered namespace.
struct Definition<N: Namespace, H, M> {
    factory: Factory<N, H>,
    guards: Vec<Guard<N>>,
    hooks: Arc<Hooks<H>>,
    faults: Arc<Faults>,
    marker: PhantomData<fn() -> M>,
}

/// A namespace that is set up by the server itself.
pub(super) fn root<N, F, R>(factory: F) -> Arc<dyn AnyNamespace>
where
    N: Namespace,
    F: Fn(Connecting<N>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Socket<N>, Refuse<N::Denied>>> + Send + 'static,
    Socket<N>: IntoSession<N, ByTrait>,
{
    Arc::new(Definition::<N, Socket<N>, ByTrait> {
        factory: Box::new(move |connecting| Box::pin(factory(connecting))),
        guards: Vec::new(),
        hooks: Arc::default(),
        faults: Arc::default(),
        marker: PhantomData,
    })
}

/// A registered namespace without its types.
pub(super) trait AnyNamespace: Send + Sync {
    /// Its path as in the contract.
    fn pattern(&self) -> &'static str;
    /// Whether this path is one of its.
    fn matches(&self, path: &str) -> bool;
    fn faults(&self) -> &Arc<Faults>;
    /// Starts the way in.
    fn connect(self: Arc<Self>, attempt: Attempt) -> BoxFuture<'static, Outcome>;
}

impl<N: Namespace, H: IntoSession<N, M>, M: 'static> AnyNamespace for Definition<N, H, M> {
    fn pattern(&self) -> &'static str {
        N::PATTERN
    }

    fn matches(&self, path: &str) -> bool {
        // Another spelling of the same parameters, `/org-007`, is not the same namespace: nobody who emits to `/org-7` would reach it.
        N::parse(path).is_some_and(|namespace| namespace.path() == path)
    }

    fn faults(&self) -> &Arc<Faults> {
        &self.faults
    }

    fn connect(self: Arc<Self>, attempt: Attempt) -> BoxFuture<'static, Outcome> {
        Box::pin(async move {
            let core = Arc::clone(&attempt.socket);
            match self.session(attempt).await {
                Ok(handler) => {
                    core.enter();
                    let hooks = Arc::clone(&self.hooks);
                    Outcome::Accepted(Arc::new(Typed::<N, H, M> { core, handler: Arc::new(handler), hooks, marker: PhantomData }))
                }
                Err(refuse) => {
                    core.close();
                    Outcome::Refused(refuse.to_json())
                }
            }
        })
    }
}

impl<N: Namespace, H: IntoSession<N, M>, M: 'static> Definition<N, H, M> {
    async fn session(&self, attempt: Attempt) -> Result<H, Refuse<N::Denied>> {
        let handshake = Arc::clone(&attempt.socket.handshake);
        for guard in &self.guards {
            guard(Arc::clone(&handshake)).await?;
        }
        (self.factory)(Connecting::new(attempt)?).await
    }
}

/// The session of one socket.
struct Typed<N, H, M> {
    core: Arc<SocketCore>,
    handler: Arc<H>,
    hooks: Arc<Hooks<H>>,
    marker: PhantomData<fn() -> (N, M)>,
}

impl<N: Namespace, H: IntoSession<N, M>, M: 'static> Session for Typed<N, H, M> {
    fn core(&self) -> &Arc<SocketCore> {
        &self.core
    }

    fn events(&self) -> &'static [EventMeta] {
        N::Server::EVENTS
    }

    fn hear(&self, event: &str, args: &Args<'_>) {
        let panicked = |kind| self.core.nsp.fault(Some(self.core.id), event, kind);
        if !self.hooks.any.is_empty()
            && let Ok(args) = args.clone().raw()
        {
            self.hooks.any.each(|listener| listener(&self.handler, event, &args), panicked);
        }
        self.core.registry.hear(event, args, panicked);
    }

    fn dispatch(&self, event: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError> {
        H::dispatch(&self.handler, event, args, reply)
    }

    fn dispatch_raw(&self, event: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError> {
        let handler = self.hooks.raw.read().unwrap_or_else(PoisonError::into_inner).get(event).cloned();
        if let Some(handle) = handler {
            return handle(&self.handler, args, reply).map(Some);
        }
        if let Some(work) = self.core.registry.dispatch_or_fall_back(event, args, reply.clone())? {
            return Ok(Some(work));
        }
        let fallback = self.hooks.fallback.read().unwrap_or_else(PoisonError::into_inner).clone();
        match fallback.filter(|_| !RESERVED_EVENTS.contains(&event)) {
            Some(handle) => handle(&self.handler, event, args, reply).map(Some),
            None => Ok(None),
        }
    }

    fn disconnected(&self, reason: DisconnectReason) {
        if let Some(hook) = self.hooks.on_disconnect.get() {
            let call = || hook(&self.handler, reason);
            if let Err(panic) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)) {
                self.core.nsp.fault(Some(self.core.id), "disconnect", FaultKind::Panic(panic_message(&*panic)));
            }
        }
    }
}
