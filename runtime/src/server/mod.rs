//! The server: namespaces, sockets, rooms, and the tower layer that carries them.
//!
//! A [`Server`] is a handle. Its builder also gives a tower [`Layer`](ServerLayer) for axum and everything else that speaks tower; without a
//! framework there is [`serve`].

mod broadcast;
mod builder;
mod calls;
mod config;
mod connect;
mod connection;
mod core;
mod gate;
mod handle;
mod handshake;
mod mailbox;
mod namespace;
mod registered;
mod retries;
mod serve;
mod service;
mod socket;
mod streams;
pub(crate) mod tap;

use std::{
    collections::HashMap,
    fmt,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::AcqRel, Ordering::Acquire, Ordering::Relaxed},
    },
};

use http::request::Parts;
use tokio::sync::Notify;

pub use self::{
    broadcast::{Broadcast, ToMany},
    builder::ServerBuilder,
    config::Overflow,
    connect::{Admission, Connecting, Refuse},
    fault::{EventFault, FaultKind},
    gate::Rejection,
    handle::NamespaceHandle,
    handshake::Handshake,
    namespace::{ByClosures, ByTrait, IntoSession, NamespaceBuilder, NamespaceSetup},
    serve::{serve, serve_on, serve_stream},
    service::{ResponseBody, ResponseFuture, ServerLayer, ServerService},
    socket::{Socket, ToSocket, Volatile},
};
pub use crate::{
    adapter::{Room, Rooms},
    contract::{Disconnected, RawEvent},
};

#[cfg(feature = "testing")]
pub(crate) use self::core::SocketCore;
use self::{
    config::Config,
    core::NspCore,
    gate::Gate,
    mailbox::{Mailbox, Outgoing},
    registered::Registered,
    retries::Retries,
};
use crate::{
    contract::{Namespace, fault},
    net::random::SessionId,
    proto::{DisconnectReason, engine::ExchangeId},
};

/// A Socket.IO server. Cheap to clone.
#[derive(Clone)]
pub struct Server {
    core: Arc<ServerCore>,
}

impl Server {
    /// Settings, and then the server and its layer.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    /// Sets up a namespace: `io.namespace::<Chat>().connect(…)`.
    pub fn namespace<N: Namespace>(&self) -> NamespaceBuilder<N> {
        const { N::APART };
        NamespaceBuilder::new(Arc::clone(&self.core))
    }

    /// A namespace to emit to, one of many if its path has parameters: `io.of(&Org { id: 7 }).emit()`.
    pub fn of<N: Namespace>(&self, namespace: &N) -> NamespaceHandle<N> {
        NamespaceHandle::new(self.core.namespaces.core(&namespace.path()))
    }

    /// How many connections are open, whatever they have joined.
    pub fn connections(&self) -> usize {
        self.core.lock().len()
    }

    /// Closes every connection and waits until the last handler has ended. What was emitted before goes out first, to clients that take it
    /// within the [`shutdown_timeout`](ServerBuilder::shutdown_timeout). New clients are refused from the first moment.
    ///
    /// `on_disconnect` is called for every session, at once, with the reason `server shutting down`. Clients see `transport close`: they
    /// will try to come back.
    ///
    /// # Cancel safety
    /// The closing goes on when the future is dropped.
    pub async fn close(&self) {
        self.core.closing.store(true, std::sync::atomic::Ordering::SeqCst);
        self.core.closed.notify_waiters();
        let open: Vec<_> = self.core.lock().values().cloned().collect();
        for mailbox in open {
            mailbox.command(Outgoing::Close(DisconnectReason::ServerShuttingDown));
        }
        loop {
            let ended = self.core.ended.notified();
            if self.core.tasks.load(Acquire) == 0 {
                return;
            }
            ended.await;
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("connections", &self.connections()).finish_non_exhaustive()
    }
}

type PeerFn = Box<dyn Fn(&Parts) -> Option<SocketAddr> + Send + Sync>;

/// What all connections share.
pub(crate) struct ServerCore {
    config: Config,
    peer: PeerFn,
    gate: Gate,
    namespaces: Registered,
    retries: Arc<Retries>,
    sessions: Mutex<HashMap<SessionId, Arc<Mailbox>>>,
    exchanges: AtomicU64,
    closing: AtomicBool,
    closed: Notify,
    tasks: AtomicUsize,
    ended: Notify,
}

impl ServerCore {
    fn new(config: Config, peer: PeerFn, gate: Gate) -> Self {
        Self {
            namespaces: Registered::new(&config),
            retries: Arc::new(Retries::new(config.retries.clone())),
            config,
            peer,
            gate,
            sessions: Mutex::default(),
            exchanges: AtomicU64::new(0),
            closing: AtomicBool::new(false),
            closed: Notify::new(),
            tasks: AtomicUsize::new(0),
            ended: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SessionId, Arc<Mailbox>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_closing(&self) -> bool {
        self.closing.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// A name for a request, on any connection.
    fn next_exchange(&self) -> ExchangeId {
        ExchangeId(self.exchanges.fetch_add(1, Relaxed))
    }

    fn session(&self, sid: &str) -> Option<Arc<Mailbox>> {
        self.lock().get(&SessionId::parse(sid)?).cloned()
    }

    fn opened(self: &Arc<Self>, sid: SessionId, mailbox: &Arc<Mailbox>) -> Alive {
        let alive = self.busy();
        self.lock().insert(sid, Arc::clone(mailbox));
        // `close` may have listed the connections a moment ago.
        if self.is_closing() {
            mailbox.command(Outgoing::Close(DisconnectReason::ServerShuttingDown));
        }
        alive
    }

    /// Something that [`Server::close`] waits for.
    fn busy(self: &Arc<Self>) -> Alive {
        self.tasks.fetch_add(1, AcqRel);
        Alive(Arc::clone(self))
    }

    fn closed(&self, sid: SessionId) {
        self.lock().remove(&sid);
    }
}

/// The mailbox of a socket that no connection is behind.
#[cfg(feature = "testing")]
pub(crate) fn unconnected(transport: crate::proto::engine::Transport) -> Arc<Mailbox> {
    Arc::new(Mailbox::new(&Config::default(), transport))
}

/// A namespace whose network is a recorder.
#[cfg(feature = "testing")]
pub(crate) fn recorded(path: &str, tap: &Arc<tap::Tap>) -> Arc<NspCore> {
    Arc::new(NspCore::new(path.into(), Config::default().ack_timeout, Arc::default(), Some(Arc::clone(tap))))
}

/// Counts a connection's task while it lives, and a WebSocket that is not yet told of its end.
struct Alive(Arc<ServerCore>);

impl Drop for Alive {
    fn drop(&mut self) {
        if self.0.tasks.fetch_sub(1, AcqRel) == 1 {
            self.0.ended.notify_waiters();
        }
    }
}
