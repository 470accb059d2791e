use std::{
    fmt,
    future::{Future, IntoFuture},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Weak},
};

use bytes::Bytes;
use tokio::sync::oneshot;

use super::{
    Client, ConnectError, Manager, Overflow,
    connection::{Member, Role},
    core::{Alive, Core},
    error::Failure,
    outbox::Outbox,
    retries::Retries,
};
use crate::{
    contract::{
        ArgError, Args, BoxFuture, Dispatch, EncodeError, EventEnum, EventFault, EventStream, Events, Handling, Namespace,
        Payload, Reply, event_stream, fault::Faults, streams,
    },
    proto::DisconnectReason,
};

/// A handler without its type.
pub(super) type Handle = Box<dyn Fn(&str, &mut Args<'_>, Reply) -> Result<Option<Handling>, ArgError> + Send + Sync>;
/// Makes the auth payload of one `CONNECT`, encoded.
pub(super) type Authenticate = Box<dyn Fn() -> BoxFuture<'static, Auth> + Send + Sync>;
/// A JSON object, or none.
pub(super) type Auth = Result<Option<Bytes>, EncodeError>;

type MakeHandle<N> = Box<dyn FnOnce(&Client<N>) -> Handle + Send>;
type Greet<N> = Box<dyn Fn(&Client<N>) + Send>;
type Setup<N> = Box<dyn FnOnce(&Client<N>) + Send>;

type OnConnect<C> = Box<dyn Fn(C) + Send>;
type OnDisconnect = Box<dyn Fn(DisconnectReason, bool) + Send>;
type OnConnectError = Box<dyn Fn(&Failure, bool) + Send>;

/// What the user is told of connections. Hooks are called in the task of the connection and must not block; one that panics does no
/// harm.
#[derive(Default)]
pub(super) struct Hooks {
    connect: Option<OnConnect<()>>,
    disconnect: Option<OnDisconnect>,
    connect_error: Option<OnConnectError>,
}

impl Hooks {
    pub(super) fn connect(&self) {
        caught(self.connect.as_ref(), |hook| hook(()));
    }

    pub(super) fn disconnect(&self, reason: DisconnectReason, will_reconnect: bool) {
        caught(self.disconnect.as_ref(), |hook| hook(reason, will_reconnect));
    }

    pub(super) fn connect_error(&self, failure: &Failure, will_retry: bool) {
        caught(self.connect_error.as_ref(), |hook| hook(failure, will_retry));
    }
}

fn caught<F>(hook: Option<F>, call: impl FnOnce(F)) {
    if let Some(hook) = hook
        && catch_unwind(AssertUnwindSafe(|| call(hook))).is_err()
    {
        crate::trace::warn(format_args!("a hook of a client has panicked"));
    }
}

/// A client that is about to connect, with its settings: [`Client::connect`]. It connects when it is awaited, in a task on the current
/// tokio runtime.
///
/// It resolves when the server has let the client into the namespace, and fails if the first attempt does. From then on the client
/// [reconnects](super::ManagerBuilder::reconnection) by itself. [`start`](Self::start) does not wait, and goes on trying from the first
/// attempt.
///
/// # Cancel safety
/// Dropping the future takes the connection back.
#[must_use = "a client connects when it is awaited"]
pub struct Connect<N: Namespace> {
    manager: Manager,
    namespace: Option<N>,
    authenticate: Authenticate,
    handle: Option<MakeHandle<N>>,
    setups: Vec<Setup<N>>,
    faults: Faults,
    hooks: Hooks,
    /// Becomes one of the hooks when there is a client.
    greet: Option<Greet<N>>,
    outbox: usize,
    overflow: Overflow,
    retries: Option<Retries>,
    max_subscriptions: usize,
}

impl<N: Namespace> fmt::Debug for Connect<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect").field("manager", &self.manager).field("namespace", &N::PATTERN).finish_non_exhaustive()
    }
}

impl<N: Namespace> Connect<N> {
    pub(super) fn new(manager: Manager) -> Self {
        Self {
            manager,
            namespace: None,
            authenticate: Box::new(|| Box::pin(async { Ok(None) })),
            handle: None,
            setups: Vec::new(),
            faults: Faults::default(),
            hooks: Hooks::default(),
            greet: None,
            outbox: 16 * 1024 * 1024,
            overflow: Overflow::default(),
            retries: None,
            max_subscriptions: streams::MAX_SUBSCRIPTIONS,
        }
    }

    /// What the client shows when it connects, and whenever it connects again. Default: nothing.
    #[expect(clippy::needless_pass_by_value, reason = "the caller has no other use for it")]
    pub fn auth(mut self, auth: N::Auth) -> Self {
        let encoded = encode_auth(&auth);
        self.authenticate = Box::new(move || Box::pin(std::future::ready(encoded.clone())));
        self
    }

    /// As [`auth`](Self::auth), asked anew for every connection: for tokens that run out. The time that it takes counts as part of the
    /// server's [`timeout`](super::ManagerBuilder::timeout).
    pub fn auth_with<F, R>(mut self, auth: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = N::Auth> + Send + 'static,
    {
        self.authenticate = Box::new(move || {
            let auth = auth();
            Box::pin(async move { encode_auth(&auth.await) })
        });
        self
    }

    /// Who handles what the server sends. Default: [closures](Client::on), if there are any.
    ///
    /// Handlers start in the order of arrival and then run concurrently, in the task of the connection.
    pub fn handler<H>(self, handler: H) -> Self
    where
        N::Client: Dispatch<H>,
        H: Send + Sync + 'static,
    {
        self.handler_with(|_| handler)
    }

    /// As [`handler`](Self::handler), for a handler that itself talks to the server: `make` gets the client, not connected yet.
    ///
    /// A client that is kept in the handler keeps the connection open until [`Client::disconnect`].
    pub fn handler_with<H>(mut self, make: impl FnOnce(&Client<N>) -> H + Send + 'static) -> Self
    where
        N::Client: Dispatch<H>,
        H: Send + Sync + 'static,
    {
        self.handle = Some(Box::new(move |client| {
            let handler = Arc::new(make(client));
            Box::new(move |event, args, reply| <N::Client as Dispatch<H>>::dispatch(&handler, event, args, reply))
        }));
        self
    }

    /// Something to do with the client before it connects: register [closures](Client::on), [watch](Client::watch) its state, emit what is
    /// to be sent first.
    pub fn setup(mut self, setup: impl FnOnce(&Client<N>) + Send + 'static) -> Self {
        self.setups.push(Box::new(setup));
        self
    }

    /// Everything that the server sends as values of the enum of [`#[events(enum)]`](crate::events), from the first event on: a stream
    /// that is made with [`Client::on`] later may have missed some. It holds up to `capacity` events; see [`EventStream`].
    ///
    /// Events that a [`handler`](Self::handler) knows go to it, and not to the stream.
    ///
    /// ```no_run
    /// # use ackord::{Client, Namespace, events};
    /// #[events(enum)]
    /// pub trait ChatClient {
    ///     fn message(&self, room: &str, text: &str);
    ///     async fn confirm(&self, prompt: &str) -> bool;
    /// }
    ///
    /// # #[derive(Namespace, Clone)] #[namespace(path = "/chat", client = dyn ChatClient)] struct Chat;
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let (connect, mut events) = Client::<Chat>::connect("http://localhost:3000").events(64);
    /// let chat = connect.await?;
    /// while let Some(event) = events.next().await {
    ///     match event {
    ///         ChatClientEvent::Message { room, text } => println!("{room}: {text}"),
    ///         ChatClientEvent::Confirm { prompt, reply } => reply.send(prompt.ends_with('?')),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(self, capacity: usize) -> (Self, EventStream<<N::Client as EventEnum>::Event>)
    where
        N::Client: EventEnum,
    {
        let (sink, stream) = event_stream(capacity);
        (self.setup(move |client| N::Client::forward(client.registry(), &sink)), stream)
    }

    /// The namespace, if its path has parameters.
    pub fn namespace(mut self, namespace: N) -> Self {
        self.namespace = Some(namespace);
        self
    }

    /// Is told of every connection, the first and those after it. What was emitted meanwhile is ahead of what the hook emits.
    ///
    /// Called in the task of the connection: it must not block. A later hook replaces an earlier one; so for the other hooks.
    pub fn on_connect(mut self, hook: impl Fn(&Client<N>) + Send + 'static) -> Self {
        self.greet = Some(Box::new(hook));
        self
    }

    /// Is told when the client is no longer in the namespace: why, and whether it will come back by itself.
    pub fn on_disconnect(mut self, hook: impl Fn(DisconnectReason, bool) + Send + 'static) -> Self {
        self.hooks.disconnect = Some(Box::new(hook));
        self
    }

    /// Is told of every attempt that failed: why, and whether there will be another one.
    pub fn on_connect_error(mut self, hook: impl Fn(&ConnectError<N::Denied>, bool) + Send + 'static) -> Self {
        self.hooks.connect_error = Some(Box::new(move |failure, will_retry| hook(&failure.clone().into(), will_retry)));
        self
    }

    /// Is told of events with bad arguments, unknown events, handlers that panic, and events that were not sent: because they cannot be
    /// encoded, the outbox is full, the server would not take them, or there is no connection. All of them are also logged.
    pub fn on_fault(self, hook: impl Fn(&EventFault) + Send + Sync + 'static) -> Self {
        self.faults.set(Box::new(hook));
        self
    }

    /// How many bytes may wait to be sent, and what happens to more. Default: 16 MiB, the newest event is dropped.
    pub fn outbox(mut self, bytes: usize, overflow: Overflow) -> Self {
        (self.outbox, self.overflow) = (bytes, overflow);
        self
    }

    /// Sends again what is not acknowledged in time, or before its connection ends; see [`Retries`]. Default: nothing is, what a connection
    /// takes with it when it breaks is lost, and calls settle with [`CallError::Disconnected`](crate::CallError::Disconnected).
    ///
    /// The client's name for itself is in the `CONNECT` packet's auth object, as `ackord:session`.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = Some(retries);
        self
    }

    /// The most streams of this client's that the server may be subscribed to at a time. It is told of more with the fault `overloaded`.
    /// Default: 100.
    pub fn max_subscriptions(mut self, streams: usize) -> Self {
        self.max_subscriptions = streams;
        self
    }

    /// Connects without waiting for it: what is emitted waits for the connection, and a first attempt that fails is
    /// [repeated](super::ManagerBuilder::reconnection) as any other. As `io()` of `socket.io-client`.
    ///
    /// # Errors
    /// What no attempt could change: [`ConnectError::InvalidUrl`], [`ConnectError::NoNamespace`],
    /// [`ConnectError::InvalidNamespace`], [`ConnectError::NamespaceTaken`]. All else is told by [`Client::watch`] and the hooks.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn start(self) -> Result<Client<N>, ConnectError<N::Denied>> {
        self.join(None)
    }

    fn nsp(&self) -> Result<Arc<str>, ConnectError<N::Denied>> {
        let Some(namespace) = &self.namespace else {
            return if N::PATTERN.contains('{') { Err(ConnectError::NoNamespace) } else { Ok(N::PATTERN.into()) };
        };
        let path = namespace.path();
        // A comma ends the namespace in a packet: the server would see another one, and its answer would be nobody's.
        let arrives = !path.contains(',') && N::parse(&path).is_some_and(|read| read.path() == path);
        if arrives { Ok(path.into()) } else { Err(ConnectError::InvalidNamespace(path.into_owned())) }
    }

    fn join(mut self, first: Option<oneshot::Sender<Result<(), Failure>>>) -> Result<Client<N>, ConnectError<N::Denied>> {
        let nsp = self.nsp()?;
        let hub = self.manager.hub();
        let outbox = Outbox::new(self.outbox, self.overflow, Arc::clone(&hub.waker));
        let core = Arc::new(Core::new(nsp, outbox, self.faults, self.retries, self.max_subscriptions));
        let client = Client::new(Arc::clone(&core), self.manager.clone());
        let handle = self.handle.map(|make| make(&client));
        for setup in self.setups {
            setup(&client);
        }
        if let Some(hook) = self.greet {
            let (weak, manager) = (client.downgrade(), self.manager.clone());
            self.hooks.connect = Some(Box::new(move |()| {
                if let Some(client) = Client::upgrade(&weak, &manager) {
                    hook(&client);
                }
            }));
        }
        let role = Role { core, handle, events: <N::Client as Events>::EVENTS };
        let reconnection = hub.options.reconnection.clone();
        hub.join(Member::new(role, self.authenticate, self.hooks, reconnection, first))?;
        Ok(client)
    }

    async fn connect(self) -> Result<Client<N>, ConnectError<N::Denied>> {
        let (connected, outcome) = oneshot::channel();
        let client = self.join(Some(connected))?;
        let taken_back = TakenBack(Some(&client.core));
        let outcome = outcome.await;
        taken_back.keep();
        match outcome {
            Ok(Ok(())) => Ok(client),
            Ok(Err(failure)) => Err(failure.into()),
            // The task was ended by its runtime, or by `disconnect` in a setup or a handler.
            Err(_) => Err(ConnectError::Transport("the client was disconnected before it was connected".into())),
        }
    }
}

/// Disconnects a client that nobody has got: a handler may have another one of it, so that dropping this one is not enough.
struct TakenBack<'a>(Option<&'a Core>);

impl TakenBack<'_> {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for TakenBack<'_> {
    fn drop(&mut self) {
        if let Some(core) = self.0 {
            core.outbox.close();
        }
    }
}

/// What a hook holds of its client: it must not keep it connected.
pub(super) type WeakClient = Weak<Alive>;

impl<N: Namespace> IntoFuture for Connect<N> {
    type Output = Result<Client<N>, ConnectError<N::Denied>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.connect())
    }
}

fn encode_auth<A: Payload>(auth: &A) -> Auth {
    let json = serde_json::to_vec(auth).map_err(EncodeError::new)?;
    match json.first() {
        Some(b'{') => Ok(Some(json.into())),
        // `()`: a namespace without auth.
        Some(b'n') => Ok(None),
        _ => Err(EncodeError::new("an auth payload must be an object")),
    }
}

#[cfg(test)]
mod tests {
    use super::encode_auth;

    #[test]
    fn auth_is_an_object_or_nothing() {
        assert_eq!(encode_auth(&serde_json::json!({"a": 1})).unwrap().unwrap(), r#"{"a":1}"#);
        assert_eq!(encode_auth(&()), Ok(None));
        assert!(encode_auth(&1).is_err() && encode_auth(&vec![1]).is_err());
    }
}
