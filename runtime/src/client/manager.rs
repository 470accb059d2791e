//! One connection and its settings, shared by the namespaces that are joined over it.

use std::{fmt, io, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
};

use super::{
    Reconnection,
    hub::{Hub, Options},
};
use crate::{
    net::{
        clock::LONGEST,
        dial::{Carrier, DialOptions, Dialer, Proxy, Tls, check_header},
        endpoint::Endpoint,
        io::Io,
    },
    proto::{
        engine::{self, Transport},
        packet::MAX_ATTACHMENTS,
        session,
    },
};

/// A connection that several namespaces share, as the `Manager` of `socket.io-client`. Cheap to clone.
///
/// It opens when the first client joins and closes when the last one leaves. [`Client::connect`](super::Client::connect) takes one, or a
/// URL for a connection of its own.
///
/// ```no_run
/// # use ackord::{Client, Namespace, client::{Manager, Reconnection}};
/// # #[derive(Namespace, Clone)] #[namespace(path = "/chat")] struct Chat;
/// # #[derive(Namespace, Clone)] #[namespace(path = "/admin")] struct Admin;
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let manager = Manager::builder("https://example.org").header("x-api-key", "secret").build();
/// let chat = Client::<Chat>::connect(&manager).await?;
/// let admin = Client::<Admin>::connect(&manager).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Manager {
    hub: Arc<Hub>,
}

impl Manager {
    /// Settings for a connection to the server at `url`: `http://`, `https://`, `ws://` or `wss://` with a host and perhaps a port.
    ///
    /// A query in the URL is sent along with every request. Its path must be empty: the namespace is the contract's, and the endpoint's
    /// path is [`path`](ManagerBuilder::path).
    pub fn builder(url: impl Into<String>) -> ManagerBuilder {
        ManagerBuilder::new(url.into())
    }

    /// The transport in use, `polling` or `websocket`; none without a connection.
    pub fn transport(&self) -> Option<&'static str> {
        self.hub.transport.borrow().map(Transport::as_str)
    }

    /// The transport in use, none without a connection, with a notice of every change: of an upgrade, for instance. A slow watcher misses
    /// what was in between, never the last one.
    pub fn watch_transport(&self) -> watch::Receiver<Option<Transport>> {
        self.hub.transport.subscribe()
    }

    pub(super) fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manager").field("namespaces", &self.hub.paths()).finish_non_exhaustive()
    }
}

impl From<&Manager> for Manager {
    fn from(manager: &Manager) -> Self {
        manager.clone()
    }
}

impl From<ManagerBuilder> for Manager {
    fn from(builder: ManagerBuilder) -> Self {
        builder.build()
    }
}

impl From<&str> for Manager {
    fn from(url: &str) -> Self {
        Self::builder(url).build()
    }
}

impl From<String> for Manager {
    fn from(url: String) -> Self {
        Self::builder(url).build()
    }
}

impl From<&String> for Manager {
    fn from(url: &String) -> Self {
        Self::builder(url).build()
    }
}

/// The settings of a [`Manager`].
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "settings, each of which is a matter of its own")]
#[must_use = "settings do nothing until they are built or given to `Client::connect`"]
pub struct ManagerBuilder {
    url: String,
    path: String,
    headers: Result<HeaderMap, String>,
    cookies: bool,
    tls: Tls,
    proxy: Option<Proxy>,
    carrier: Carrier,
    max_payload: usize,
    transports: Vec<Transport>,
    try_all: bool,
    upgrade: bool,
    remember_upgrade: bool,
    reconnection: Reconnection,
    timeout: Duration,
    max_in_flight: usize,
}

impl ManagerBuilder {
    fn new(url: String) -> Self {
        Self {
            url,
            path: "/socket.io".into(),
            headers: Ok(HeaderMap::new()),
            cookies: false,
            tls: Tls::default(),
            proxy: None,
            carrier: Carrier::default(),
            max_payload: 16 * 1024 * 1024,
            transports: vec![Transport::WebSocket, Transport::Polling],
            try_all: true,
            upgrade: true,
            remember_upgrade: false,
            reconnection: Reconnection::default(),
            timeout: Duration::from_secs(20),
            max_in_flight: 1000,
        }
    }

    /// The path of the server's endpoint. Default: `/socket.io`.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// A header of every request, the WebSocket's too. A later one of the same name is added, not replaced.
    ///
    /// What cannot be a header is an error of [`Client::connect`](super::Client::connect), as are those that the handshake needs for itself
    /// (`Host`, `Connection`, `Upgrade`, `Sec-WebSocket-…`).
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        if let Ok(headers) = &mut self.headers {
            // The value may be a secret: only the name is told.
            match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                (Ok(name), Ok(value)) => match check_header(&name) {
                    Ok(()) => drop(headers.append(name, value)),
                    Err(why) => self.headers = Err(why),
                },
                _ => self.headers = Err(format!("the header `{name}` cannot be sent: its name or its value is malformed")),
            }
        }
        self
    }

    /// Whether cookies that the server sets go with later requests and the WebSocket, as browsers do it and `withCredentials` in Node. Kept
    /// in memory, as long as the manager lives. Default: no. With polling, some load balancers need it to find the server of a session.
    pub fn cookies(mut self, cookies: bool) -> Self {
        self.cookies = cookies;
        self
    }

    /// Whom to trust with `https://` and `wss://`, and which certificate to show. Default: whom the system trusts, and none.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// The proxy on the way to the server. Default: none, whatever the environment says; [`Proxy::from_env`] asks it.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Makes the connections below HTTP and, with `https://`, TLS: to a Unix socket, through a tunnel, in memory. Neither the URL's host is
    /// looked up nor a proxy used. Default: TCP.
    ///
    /// ```
    /// # use ackord::client::Manager;
    /// # #[cfg(unix)]
    /// let manager = Manager::builder("http://app").connector(|| tokio::net::UnixStream::connect("/run/app.sock")).build();
    /// ```
    pub fn connector<C, F, S>(mut self, connect: C) -> Self
    where
        C: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = io::Result<S>> + Send + 'static,
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.carrier = Carrier::Own(Arc::new(move || {
            let connecting = connect();
            Box::pin(async move { connecting.await.map(Io::other) })
        }));
        self
    }

    /// The transports to use, in the order of trying. Default: WebSocket, then polling.
    ///
    /// The reference starts with polling and upgrades, which costs two round trips more and works where WebSocket is blocked; here
    /// [`try_all_transports`](Self::try_all_transports) does that.
    ///
    /// # Panics
    /// Without any.
    pub fn transports(mut self, transports: impl IntoIterator<Item = Transport>) -> Self {
        self.transports = transports.into_iter().collect();
        assert!(!self.transports.is_empty(), "a connection needs a transport");
        self
    }

    /// Whether the next transport is tried when one cannot be opened; otherwise only the first is. Default: yes (the reference: no).
    pub fn try_all_transports(mut self, all: bool) -> Self {
        self.try_all = all;
        self
    }

    /// Whether a connection that begins with polling moves to WebSocket when the server offers it. Default: yes.
    pub fn upgrade(mut self, upgrade: bool) -> Self {
        self.upgrade = upgrade;
        self
    }

    /// Whether, after an upgrade has worked, further connections of this manager begin with WebSocket. Default: no. The reference
    /// remembers it for the whole process, also for other servers.
    pub fn remember_upgrade(mut self, remember: bool) -> Self {
        self.remember_upgrade = remember;
        self
    }

    /// Whether and when to come back. Default: always, after one to five seconds.
    pub fn reconnection(mut self, reconnection: Reconnection) -> Self {
        self.reconnection = reconnection;
        self
    }

    /// How long an attempt may take to open the connection, and then how long the server may take to let a client into its
    /// namespace. Default: 20 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.min(LONGEST);
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

    /// The manager. Nothing is connected yet.
    pub fn build(self) -> Manager {
        let max_payload = self.max_payload;
        let dialer = self.headers.and_then(|headers| {
            let base = Endpoint::parse(&self.url, &self.path)?;
            Ok(Dialer::new(DialOptions {
                base,
                headers,
                cookies: self.cookies,
                tls: self.tls,
                proxy: self.proxy,
                max_payload,
                carrier: self.carrier,
            }))
        });
        let options = Options {
            machine: session::client::Config {
                engine: engine::client::Config {
                    upgrade: self.upgrade,
                    open_timeout: self.timeout,
                    max_message: max_payload,
                    ..Default::default()
                },
                max_attachments: MAX_ATTACHMENTS,
                max_attachment_bytes: max_payload.saturating_mul(MAX_ATTACHMENTS),
                max_early_bytes: max_payload,
            },
            transports: self.transports,
            try_all: self.try_all,
            remember_upgrade: self.remember_upgrade,
            reconnection: self.reconnection,
            timeout: self.timeout,
            max_in_flight: self.max_in_flight,
        };
        Manager { hub: Arc::new(Hub::new(dialer, options)) }
    }
}

impl fmt::Debug for ManagerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagerBuilder").field("url", &self.url).field("path", &self.path).finish_non_exhaustive()
    }
}
