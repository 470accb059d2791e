//! A server with streams, some of which the test feeds.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
};

use ackord::{
    Namespace, Server, Socket, Stream, events, payload,
    server::{EventFault, FaultKind, ServerBuilder},
};
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc::{self, UnboundedReceiver as Receiver, UnboundedSender as Sender};

use crate::{client::soon, lab};

#[payload]
#[derive(PartialEq)]
pub(crate) struct Tick {
    pub(crate) price: u32,
}

#[payload]
#[derive(PartialEq)]
pub(crate) enum TickError {
    Halted,
}

#[events(rename_all = "camelCase")]
pub(crate) trait Feed {
    /// What the test sends to it.
    #[event(stream, alias = "prices")]
    fn ticks(&self, symbol: &str) -> impl Stream<Item = Result<Tick, TickError>>;
    #[event(stream, window = 4)]
    fn paced(&self, n: u32) -> impl Stream<Item = u32>;
    #[event(stream, window = 1, overflow = "latest")]
    fn latest_price(&self) -> impl Stream<Item = Result<Tick, TickError>>;
    /// Counts to `n`, each with this much padding.
    #[event(stream)]
    fn count(&self, n: u64, padding: usize) -> impl Stream<Item = (u64, String)>;
    #[event(stream)]
    fn panics(&self, at_once: bool) -> impl Stream<Item = u32>;
    #[event(stream)]
    fn unwritable(&self) -> impl Stream<Item = Unwritable>;
    async fn touch(&self);
}

/// What a client may yield.
#[events]
pub(crate) trait Camera {
    #[event(stream, window = 2)]
    fn frames(&self, n: u32) -> impl Stream<Item = Result<u32, String>>;
    /// Never ends.
    #[event(stream)]
    fn film(&self) -> impl Stream<Item = u32>;
}

/// Refuses to be written.
#[payload(skip(Serialize))]
pub(crate) struct Unwritable;

impl serde::Serialize for Unwritable {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no"))
    }
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Feed, client = dyn Camera)]
pub(crate) struct Root;

/// The other end of a stream that the test feeds.
pub(crate) struct Source {
    pub(crate) symbol: String,
    pub(crate) items: Sender<Result<Tick, TickError>>,
}

impl Source {
    pub(crate) fn send(&self, price: u32) {
        self.items.send(Ok(Tick { price })).unwrap();
    }
}

pub(crate) struct Session {
    pub(crate) name: String,
    pub(crate) opened: Sender<Source>,
    pub(crate) seen: Sender<String>,
    pub(crate) counted: Arc<AtomicU64>,
}

/// Says so when it is dropped.
pub(crate) struct Noisy(Sender<String>, String);

impl Drop for Noisy {
    fn drop(&mut self) {
        let _ = self.0.send(format!("{} dropped", self.1));
    }
}

impl Session {
    /// Borrows the session, as a stream may.
    fn fed(&self, symbol: &str) -> impl Stream<Item = Result<Tick, TickError>> {
        let (items, mut source) = mpsc::unbounded_channel();
        let symbol = format!("{} {symbol}", self.name);
        let noisy = Noisy(self.seen.clone(), symbol.clone());
        let _ = self.opened.send(Source { symbol, items });
        let next = stream::poll_fn(move |cx| {
            let _ = &noisy;
            source.poll_recv(cx)
        });
        next.inspect(|item| drop(self.seen.send(format!("{item:?}"))))
    }
}

impl Feed for Session {
    fn ticks(&self, symbol: &str) -> impl Stream<Item = Result<Tick, TickError>> {
        self.fed(symbol)
    }

    fn paced(&self, n: u32) -> impl Stream<Item = u32> {
        stream::iter(1..=n).inspect(|n| self.counted.store((*n).into(), SeqCst))
    }

    fn latest_price(&self) -> impl Stream<Item = Result<Tick, TickError>> {
        self.fed("latest")
    }

    fn count(&self, n: u64, padding: usize) -> impl Stream<Item = (u64, String)> {
        let padding = "x".repeat(padding);
        stream::iter(0..n).map(move |n| (n, padding.clone())).inspect(|(n, _)| self.counted.store(*n, SeqCst))
    }

    fn panics(&self, at_once: bool) -> impl Stream<Item = u32> {
        assert!(!at_once, "at once");
        stream::iter(1..3).inspect(|n| assert!(*n < 2, "later"))
    }

    fn unwritable(&self) -> impl Stream<Item = Unwritable> {
        stream::iter([Unwritable])
    }

    async fn touch(&self) {}
}

/// A server with streams.
pub(crate) struct Feeds {
    pub(crate) addr: SocketAddr,
    pub(crate) io: Server,
    pub(crate) opened: Receiver<Source>,
    pub(crate) seen: Receiver<String>,
    pub(crate) faults: Receiver<EventFault>,
    pub(crate) counted: Arc<AtomicU64>,
    sockets: Receiver<Socket<Root>>,
}

impl Feeds {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    pub(crate) async fn with(settings: impl FnOnce(ServerBuilder) -> ServerBuilder) -> Self {
        let (io, layer) = settings(Server::builder()).build();
        let (open, opened) = mpsc::unbounded_channel();
        let (see, seen) = mpsc::unbounded_channel();
        let (fault, faults) = mpsc::unbounded_channel();
        let (enter, sockets) = mpsc::unbounded_channel();
        let counted = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&counted);
        io.namespace::<Root>()
            .connect(async move |conn| {
                let _ = enter.send(conn.accept());
                Ok(Session { name: "our".into(), opened: open, seen: see, counted: count })
            })
            .on_fault(move |event| drop(fault.send(event.clone())));
        Self { addr: lab::serve(layer).await, io, opened, seen, faults, counted, sockets }
    }

    pub(crate) async fn socket(&mut self) -> Socket<Root> {
        soon("a socket", self.sockets.recv()).await.unwrap()
    }

    pub(crate) async fn source(&mut self) -> Source {
        soon("a subscription", self.opened.recv()).await.unwrap()
    }

    pub(crate) async fn expect_seen(&mut self, what: &str) {
        assert_eq!(soon("something to be seen", self.seen.recv()).await.unwrap(), what);
    }

    pub(crate) async fn expect_fault(&mut self, event: &str, kind: FaultKind) {
        let fault = soon("a fault", self.faults.recv()).await.unwrap();
        assert_eq!((&*fault.event, fault.kind), (event, kind));
    }

    pub(crate) fn expect_no_fault(&mut self) {
        assert_eq!(self.faults.try_recv().ok(), None);
    }
}
