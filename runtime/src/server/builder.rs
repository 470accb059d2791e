use std::{fmt, future::Future, net::SocketAddr, sync::Arc, time::Duration};

use http::request::Parts;

use super::{
    Handshake, PeerFn, Rejection, Server, ServerCore,
    config::{Config, Overflow},
    gate::Gate,
    service::ServerLayer,
};
use crate::proto::{engine, session};

/// A longer time is as good as this one. A JavaScript client's timer takes less than 25 days, for ping interval and timeout together, and
/// fires at once for more; an `Instant` overflows some time later.
const LONGEST: Duration = Duration::from_hours(10 * 24);

/// Settings of a [`Server`]. All have Node's names and defaults where Node has them.
#[must_use = "call `build`"]
pub struct ServerBuilder {
    config: Config,
    session: session::server::Config,
    engine: engine::server::Config,
    peer: PeerFn,
    gate: Gate,
}

impl Default for ServerBuilder {
    fn default() -> Self {
        Self {
            config: Config::default(),
            session: session::server::Config::default(),
            engine: engine::server::Config::default(),
            peer: Box::new(|request| request.extensions.get().copied()),
            gate: Gate::default(),
        }
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder").field("config", &self.config).finish_non_exhaustive()
    }
}

impl ServerBuilder {
    /// The path of the endpoint, with or without a slash at its end. It is matched exactly. Default: `/socket.io`.
    pub fn path(mut self, path: impl AsRef<str>) -> Self {
        self.config.path = format!("/{}", path.as_ref().trim_matches('/'));
        self
    }

    /// How often a client is pinged. Default: 25 s.
    pub fn ping_interval(mut self, interval: Duration) -> Self {
        self.engine.ping_interval = interval;
        self
    }

    /// How long a client may take to answer a ping; then it is disconnected with `ping timeout`. Default: 20 s.
    pub fn ping_timeout(mut self, timeout: Duration) -> Self {
        self.engine.ping_timeout = timeout;
        self
    }

    /// How long an upgrade from polling to WebSocket may take; polling goes on if it fails. Default: 10 s.
    pub fn upgrade_timeout(mut self, timeout: Duration) -> Self {
        self.engine.upgrade_timeout = timeout;
        self
    }

    /// How long [`Server::close`] waits for a client to take what was emitted to it: one that reads slowly, or does not poll. Default: 5 s.
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.engine.shutdown_timeout = timeout;
        self
    }

    /// How long a connection may stay without a namespace from its beginning. Default: 45 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.session.connect_timeout = timeout;
        self
    }

    /// How long a connection may stay that has left its last namespace, and is not on its way into one. Default: for ever, as in Node.
    pub fn idle_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.session.idle_timeout = timeout;
        self
    }

    /// The most bytes of one POST body or one WebSocket message; Node's `maxHttpBufferSize`. Default: 1 000 000.
    pub fn max_payload(mut self, bytes: usize) -> Self {
        self.engine.max_payload = bytes;
        self
    }

    /// The most attachments of one packet, and the most bytes in all of them. Default: 10, and ten times `max_payload`.
    pub fn max_attachments(mut self, count: usize, bytes: usize) -> Self {
        self.session.max_attachments = count;
        self.session.max_attachment_bytes = bytes;
        self
    }

    /// How long the next attachment of a packet may take; a client that takes longer is disconnected. Default: 1 minute.
    pub fn attachment_timeout(mut self, timeout: Duration) -> Self {
        self.session.attachment_timeout = timeout;
        self
    }

    /// The most namespaces that one connection may join. Default: 100.
    pub fn max_namespaces(mut self, count: usize) -> Self {
        self.session.max_namespaces = count;
        self
    }

    /// The transports on offer. Default: both.
    pub fn transports(mut self, polling: bool, websocket: bool) -> Self {
        self.config.polling = polling;
        self.config.websocket = websocket;
        self.engine.websocket_offered = websocket;
        self
    }

    /// Whether polling connections may upgrade to WebSocket. Default: yes.
    pub fn allow_upgrades(mut self, allow: bool) -> Self {
        self.engine.allow_upgrades = allow;
        self
    }

    /// The budget of a connection's outbox in bytes, and what happens to what does not fit. Default: 16 MiB,
    /// [`Overflow::Disconnect`].
    pub fn outbox(mut self, bytes: usize, overflow: Overflow) -> Self {
        self.config.outbox = bytes;
        self.config.overflow = overflow;
        self
    }

    /// How long a broadcast waits for answers unless it says otherwise. Default: 10 s.
    pub fn ack_timeout(mut self, timeout: Duration) -> Self {
        self.config.ack_timeout = timeout;
        self
    }

    /// The most handlers that may be waiting for something on one connection. At the limit its events wait for one to end, and with
    /// 256 KiB of events nothing more is read from it. Default: 1000.
    pub fn max_in_flight(mut self, handlers: usize) -> Self {
        self.config.max_in_flight = handlers.max(1);
        self
    }

    /// How many bytes of answers are kept of one client that sends again what is not acknowledged (`Connect::retries` of a Rust client),
    /// in case it did not get them. What is sent again is not handled again; its answer, if it was forgotten in favour of newer ones,
    /// is [`FaultCode::Internal`](crate::FaultCode::Internal), or nothing for an event without an error type. Default: 1 MiB.
    pub fn retry_answers(mut self, bytes: usize) -> Self {
        self.config.retries.answers = bytes;
        self
    }

    /// How long such a client is remembered after it has left, how many there may be of them, and how many bytes they may take in all;
    /// the earliest are forgotten first. What comes from a client that was forgotten, or that another process knew, is handled as new.
    /// Default: 2 minutes, 10 000, and 64 MiB.
    pub fn retry_memory(mut self, duration: Duration, clients: usize, bytes: usize) -> Self {
        let limits = &mut self.config.retries;
        (limits.duration, limits.clients, limits.bytes) = (LONGEST.min(duration), clients, bytes);
        self
    }

    /// The most streams (`#[event(stream)]`) that one socket may be subscribed to at a time. Those of a client that wants more are refused
    /// with the fault `overloaded`. Default: 100.
    pub fn max_subscriptions(mut self, streams: usize) -> Self {
        self.config.max_subscriptions = streams;
        self
    }

    /// Where a client's address is: in axum's `ConnectInfo`, in a header that a trusted proxy sets. Default: a [`SocketAddr`] among
    /// the request's extensions, which [`serve`](super::serve()) puts there.
    ///
    /// ```
    /// # use std::net::SocketAddr;
    /// use axum::extract::ConnectInfo;
    ///
    /// let (io, layer) = ackord::Server::builder()
    ///     .peer(|request| request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0))
    ///     .build();
    /// let app = axum::Router::<()>::new().layer(layer).into_make_service_with_connect_info::<SocketAddr>();
    /// # let _ = (io, app);
    /// ```
    pub fn peer(mut self, peer: impl Fn(&Parts) -> Option<SocketAddr> + Send + Sync + 'static) -> Self {
        self.peer = Box::new(peer);
        self
    }

    /// Decides which requests may open a connection, before anything of it exists: Node's `allowRequest`. An error is the answer to the
    /// request; with a WebSocket it comes before the protocol is switched.
    ///
    /// It sees headers, URI and [peer](Self::peer) of the handshake, which always is a GET: not the auth payload, which belongs to a
    /// namespace and its [`connect`](super::NamespaceBuilder::connect) or [`guard`](super::NamespaceBuilder::guard). Further requests of the
    /// same connection are not asked about: they have its secret id. A second hook replaces the first; one that panics refuses with status
    /// 500. Default: everybody may.
    ///
    /// ```
    /// use ackord::server::Rejection;
    /// use http::StatusCode;
    ///
    /// # async fn is_banned(_: Option<std::net::SocketAddr>) -> bool { false }
    /// let (io, layer) = ackord::Server::builder()
    ///     .allow_request(async |handshake| {
    ///         if is_banned(handshake.peer()).await {
    ///             return Err(Rejection::new("come back tomorrow").status(StatusCode::TOO_MANY_REQUESTS));
    ///         }
    ///         Ok(())
    ///     })
    ///     .build();
    /// # let _ = (io, layer);
    /// ```
    pub fn allow_request<F, R>(mut self, hook: F) -> Self
    where
        F: FnOnce(Arc<Handshake>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Result<(), Rejection>> + Send + 'static,
    {
        self.gate.allow_request(hook);
        self
    }

    /// The origins of pages that may connect; a page of another one is refused with 403. Who sends no `Origin` is not concerned: it is no
    /// browser. Default: all, as in Node.
    ///
    /// A browser sends its cookies along with a WebSocket, whichever page opens it, and asks nobody before: CORS does not cover it.
    /// **If cookies tell who a user is, list the origins of your own pages**, or any other page acts in your users' names. A token in the
    /// auth payload needs no such care.
    ///
    /// This replaces no CORS headers: with long-polling a page of another origin needs those as well, for instance from tower-http's
    /// `CorsLayer` around the layer of this server.
    ///
    /// ```
    /// let (io, layer) = ackord::Server::builder().allow_origins(["https://chat.example", "http://localhost:5173"]).build();
    /// # let _ = (io, layer);
    /// ```
    ///
    /// # Panics
    /// If one of them is not written as browsers do: scheme, host and a port that is not the scheme's own, in lower case, without a slash at
    /// the end. `null` stands for pages without an origin.
    #[track_caller]
    pub fn allow_origins<O: Into<String>>(mut self, origins: impl IntoIterator<Item = O>) -> Self {
        self.gate.allow_origins(origins);
        self
    }

    /// The server, and the tower layer that carries it.
    pub fn build(self) -> (Server, ServerLayer) {
        let Self { mut config, mut session, mut engine, peer, gate } = self;
        let engine::server::Config { ping_interval, ping_timeout, upgrade_timeout, shutdown_timeout, .. } = &mut engine;
        let session::server::Config { connect_timeout, attachment_timeout, .. } = &mut session;
        for time in [ping_interval, ping_timeout, upgrade_timeout, shutdown_timeout, connect_timeout, attachment_timeout] {
            *time = LONGEST.min(*time);
        }
        session.idle_timeout = session.idle_timeout.map(|time| LONGEST.min(time));
        session.engine = Arc::new(engine);
        config.session = Arc::new(session);
        let core = Arc::new(ServerCore::new(config, peer, gate));
        (Server { core: Arc::clone(&core) }, ServerLayer::new(core))
    }
}
