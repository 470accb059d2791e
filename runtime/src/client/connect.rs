use std::{
    fmt,
    future::{Future, IntoFuture},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::HeaderMap;
use tokio::sync::oneshot;

use super::{
    Client, ConnectError, Overflow, Reconnection,
    connection::{Connection, Options, Parts},
    core::Core,
    outbox::Outbox,
};
use crate::{
    contract::{
        ArgError, Args, BoxFuture, Dispatch, EncodeError, EventFault, Events, Handling, Namespace, Payload, Reply, fault::Faults,
    },
    net::{
        dial::{Carrier, DialOptions, Dialer, Tls},
        endpoint::Endpoint,
    },
    proto::{
        engine::{self, Transport},
        packet::MAX_ATTACHMENTS,
        session,
    },
};

/// A handler without its type.
pub(super) type Handle = Box<dyn Fn(&str, &mut Args<'_>, Reply) -> Result<Option<Handling>, ArgError> + Send + Sync>;
/// Makes the auth payload of one `CONNECT`, encoded.
pub(super) type Authenticate = Box<dyn Fn() -> BoxFuture<'static, Auth> + Send + Sync>;
/// A JSON object, or none.
pub(super) type Auth = Result<Option<Bytes>, EncodeError>;

type MakeHandle<N> = Box<dyn FnOnce(&Client<N>) -> Handle + Send>;
type Setup<N> = Box<dyn FnOnce(&Client<N>) + Send>;

/// A connection that is about to be made, with its settings: [`Client::connect`]. Made when it is awaited, in a task on the current tokio
/// runtime.
///
/// It resolves when the server has let the client into the namespace, and fails if the first attempt does. From then on the client
/// [reconnects](Self::reconnection) by itself.
///
/// # Cancel safety
/// Dropping the future takes the connection back.
#[must_use = "a connection is made when it is awaited"]
pub struct Connect<N: Namespace> {
    url: String,
    path: String,
    namespace: Option<N>,
    authenticate: Authenticate,
    handle: Option<MakeHandle<N>>,
    setups: Vec<Setup<N>>,
    faults: Faults,
    reconnection: Reconnection,
    timeout: Duration,
    outbox: usize,
    overflow: Overflow,
    max_payload: usize,
    max_in_flight: usize,
}

impl<N: Namespace> fmt::Debug for Connect<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect").field("url", &self.url).field("namespace", &N::PATTERN).finish_non_exhaustive()
    }
}

impl<N: Namespace> Connect<N> {
    pub(super) fn new(url: String) -> Self {
        Self {
            url,
            path: "/socket.io".into(),
            namespace: None,
            authenticate: Box::new(|| Box::pin(async { Ok(None) })),
            handle: None,
            setups: Vec::new(),
            faults: Faults::default(),
            reconnection: Reconnection::default(),
            timeout: Duration::from_secs(20),
            outbox: 16 * 1024 * 1024,
            overflow: Overflow::default(),
            max_payload: 16 * 1024 * 1024,
            max_in_flight: 1000,
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
    /// attempt's [`timeout`](Self::timeout).
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

    /// The namespace, if its path has parameters.
    pub fn namespace(mut self, namespace: N) -> Self {
        self.namespace = Some(namespace);
        self
    }

    /// The path of the server's endpoint. Default: `/socket.io`.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Is told of events with bad arguments, unknown events, handlers that panic, arguments that cannot be encoded, and events dropped by a
    /// full outbox. All of them are also logged.
    pub fn on_fault(self, hook: impl Fn(&EventFault) + Send + Sync + 'static) -> Self {
        self.faults.set(Box::new(hook));
        self
    }

    /// Whether and when to come back. Default: always, after one to five seconds.
    pub fn reconnection(mut self, reconnection: Reconnection) -> Self {
        self.reconnection = reconnection;
        self
    }

    /// How long one attempt may take, until the client is in the namespace. Default: 20 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many bytes may wait to be sent, and what happens to more. Default: 16 MiB, the newest event is dropped.
    pub fn outbox(mut self, bytes: usize, overflow: Overflow) -> Self {
        (self.outbox, self.overflow) = (bytes, overflow);
        self
    }

    /// The largest message, and the largest attachment, that the server may send, in bytes; a larger one breaks the connection.
    /// Default: 16 MiB.
    pub fn max_payload(mut self, bytes: usize) -> Self {
        self.max_payload = bytes;
        self
    }

    /// How many handlers may run at a time; further events wait, and then the server does. Default: 1000.
    pub fn max_in_flight(mut self, handlers: usize) -> Self {
        self.max_in_flight = handlers.max(1);
        self
    }

    fn options(&self, base: Endpoint) -> Options {
        let engine = engine::client::Config { transport: Transport::WebSocket, upgrade: false, open_timeout: self.timeout };
        let machine = session::client::Config {
            engine,
            max_attachments: MAX_ATTACHMENTS,
            max_attachment_bytes: self.max_payload.saturating_mul(MAX_ATTACHMENTS),
            max_early_bytes: self.max_payload,
        };
        let dialer = Dialer::new(DialOptions {
            base,
            headers: HeaderMap::new(),
            cookies: false,
            tls: Tls::default(),
            proxy: None,
            max_payload: self.max_payload,
            carrier: Carrier::Tcp,
        });
        Options { dialer, machine, timeout: self.timeout, max_in_flight: self.max_in_flight }
    }

    fn nsp(&self) -> Option<Arc<str>> {
        match &self.namespace {
            Some(namespace) => Some(namespace.path().into()),
            None => (!N::PATTERN.contains('{')).then(|| N::PATTERN.into()),
        }
    }

    async fn connect(self) -> Result<Client<N>, ConnectError<N::Denied>> {
        let base = Endpoint::parse(&self.url, &self.path).map_err(ConnectError::InvalidUrl)?;
        let nsp = self.nsp().ok_or(ConnectError::NoNamespace)?;
        let options = self.options(base);
        let core = Arc::new(Core::new(nsp, Outbox::new(self.outbox, self.overflow), self.faults));
        let client = Client::new(Arc::clone(&core));
        let handle = self.handle.map(|make| make(&client));
        for setup in self.setups {
            setup(&client);
        }
        let (connected, outcome) = oneshot::channel();
        let parts = Parts {
            core,
            options,
            handle,
            events: <N::Client as Events>::EVENTS,
            authenticate: self.authenticate,
            reconnection: self.reconnection,
            connected,
        };
        tokio::spawn(Connection::new(parts));
        match outcome.await {
            Ok(Ok(())) => Ok(client),
            Ok(Err(failure)) => Err(failure.into()),
            // The task was ended by its runtime, or by `disconnect` in a setup or a handler.
            Err(_) => Err(ConnectError::Transport("the client was disconnected before it was connected".into())),
        }
    }
}

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
