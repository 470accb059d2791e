//! The server that is measured: a typed contract on `/`.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use ackord::{Namespace, NamespaceHandle, Server, Socket, events, server::ServerBuilder};
use tokio::runtime::Runtime;

use crate::{Result, counted};

/// What the client sends.
#[events]
pub(crate) trait Up {
    async fn echo(&self, text: String) -> String;
    fn shout(&self, text: String);
    fn count(&self, to: u32);
    // One handler each, so that nothing but the order of the frames holds them in order.
    fn first(&self, n: u32);
    fn second(&self, n: u32);
    fn third(&self, n: u32);
}

/// What the server sends.
#[events]
pub(crate) trait Down {
    fn shout(&self, text: &str);
    fn number(&self, n: u32);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Up, client = dyn Down)]
pub(crate) struct Root;

/// The order in which numbered events were handled.
#[derive(Debug, Default)]
pub(crate) struct Order {
    next: AtomicU32,
    inversions: AtomicU32,
}

impl Order {
    /// How many events were handled, and how many of them not after the one before.
    pub(crate) fn seen(&self) -> (u32, u32) {
        (self.next.load(Relaxed), self.inversions.load(Relaxed))
    }

    fn handled(&self, n: u32) {
        if self.next.fetch_add(1, Relaxed) != n {
            self.inversions.fetch_add(1, Relaxed);
        }
    }
}

struct Session {
    socket: Socket<Root>,
    all: NamespaceHandle<Root>,
    order: Arc<Order>,
}

impl Up for Session {
    async fn echo(&self, text: String) -> String {
        text
    }

    async fn shout(&self, text: String) {
        self.all.emit().shout(&text);
    }

    async fn count(&self, to: u32) {
        for n in 0..to {
            self.socket.emit().number(n);
        }
    }

    async fn first(&self, n: u32) {
        self.order.handled(3 * n);
    }

    async fn second(&self, n: u32) {
        self.order.handled(3 * n + 1);
    }

    async fn third(&self, n: u32) {
        self.order.handled(3 * n + 2);
    }
}

/// The server, running.
pub(crate) struct Running {
    pub(crate) io: Server,
    pub(crate) addr: SocketAddr,
    pub(crate) all: NamespaceHandle<Root>,
    pub(crate) order: Arc<Order>,
    _runtime: Runtime,
}

impl Running {
    pub(crate) fn new() -> Result<Self> {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(settings: impl FnOnce(ServerBuilder) -> ServerBuilder) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let (io, _layer) = settings(Server::builder()).build();
        let (all, order) = (io.of(&Root), Arc::<Order>::default());
        let shared = (all.clone(), Arc::clone(&order));
        io.namespace::<Root>()
            .connect(async move |conn| {
                let (all, order) = shared.clone();
                Ok(Session { socket: conn.accept(), all, order })
            })
            .on_raw("raw", async |_, args| args);
        // A port that is free; `serve` binds it again.
        let addr = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let served = io.clone();
        runtime.spawn(async move {
            if let Err(error) = ackord::serve(addr, &served).await {
                eprintln!("{addr}: {error}");
            }
        });
        counted::until("the server listens", || TcpStream::connect(addr).is_ok())?;
        Ok(Self { io, addr, all, order, _runtime: runtime })
    }

    /// Waits until so many clients are connected.
    pub(crate) fn connections(&self, count: usize) -> Result<()> {
        counted::until("connections", || self.io.connections() == count).map(drop)
    }
}
