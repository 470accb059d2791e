//! The server under test, its contract, and what a test sees of it from the inside.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
};

use ackord::{
    Binary, Namespace, NamespaceHandle, Server, Socket, SocketId, events, payload,
    server::{EventFault, FaultKind, Room, ServerBuilder, ServerLayer},
};
use axum::serve::ListenerExt;
use serde_json::Value;
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::{Semaphore, mpsc},
};

use crate::client::soon;

#[payload]
#[derive(PartialEq)]
pub(crate) struct Message {
    pub(crate) id: u32,
    pub(crate) tags: Vec<String>,
    pub(crate) reply_to: Option<u32>,
}

#[payload]
#[derive(PartialEq)]
pub(crate) struct Picture {
    pub(crate) name: String,
    pub(crate) data: Binary,
    pub(crate) layers: Vec<Binary>,
}

#[payload]
#[derive(PartialEq, Eq)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum Wrong {
    Empty,
    TooLong { max: u32 },
}

/// One field without a name: its value alone is on the wire.
#[payload]
#[derive(PartialEq, Eq)]
pub(crate) struct Name(pub(crate) String);

/// Counts how often it is written.
#[payload]
pub(crate) struct Counted(
    #[serde(serialize_with = "count_write")]
    #[ts(as = "u32")]
    u32,
);

static WRITES: Mutex<BTreeMap<u32, usize>> = Mutex::new(BTreeMap::new());

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls it with")]
fn count_write<S: serde::Serializer>(id: &u32, s: S) -> Result<S::Ok, S::Error> {
    *WRITES.lock().unwrap().entry(*id).or_default() += 1;
    s.serialize_u32(7)
}

impl Default for Counted {
    fn default() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Self(NEXT.fetch_add(1, SeqCst))
    }
}

impl Counted {
    pub(crate) fn writes(&self) -> usize {
        WRITES.lock().unwrap().get(&self.0).copied().unwrap_or_default()
    }
}

/// What clients may send.
#[events(rename_all = "camelCase")]
pub(crate) trait Up {
    /// Noted as `note n`.
    fn note(&self, n: u64);
    fn first(&self, n: u64);
    fn second(&self, n: u64);
    fn third(&self, n: u64);
    async fn echo(&self, value: Value) -> Value;
    async fn touch(&self);
    async fn rename(&self, name: Name, pair: (u8, Name), list: Vec<Name>) -> Name;
    /// Noted as `key waits`, and as `key passes` once the test has opened the gate.
    async fn wait(&self, key: String) -> String;
    /// The same without an answer.
    fn linger(&self, key: String);
    async fn check(&self, message: Message, level: u8, extra: Option<u32>) -> Result<u32, Wrong>;
    /// Notes its argument; `extra` may be missing.
    fn maybe(&self, n: u64, extra: Option<String>);
    async fn boom(&self) -> Result<u32, Wrong>;
    async fn plain_boom(&self) -> u32;
    fn crash(&self);
    async fn flip(&self, picture: Picture) -> Picture;
    /// Asks the client and answers with what it says.
    async fn relay(&self, prompt: String) -> bool;
    #[event(rename = "file:put", alias = "filePut", alias = "put \"é\"")]
    async fn put(&self, name: &str, data: Binary) -> usize;
}

/// What the server may send.
#[events(rename_all = "camelCase")]
pub(crate) trait Down {
    fn news(&self, n: u64);
    fn bulk(&self, n: u64, padding: &str);
    fn picture(&self, picture: &Picture);
    fn counted(&self, value: &Counted);
    async fn confirm(&self, prompt: &str) -> bool;
    async fn judge(&self) -> Result<u32, Wrong>;
    async fn nudge(&self);
    #[event(rename = "who:are-you")]
    fn who_are_you(&self);
    fn renamed(&self, name: &Name, pair: (u8, Name), list: &[Name]);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Up, client = dyn Down)]
pub(crate) struct Root;

/// The session of one client.
pub(crate) struct Session {
    socket: Socket<Root>,
    gate: Arc<Semaphore>,
    seen: mpsc::UnboundedSender<String>,
}

impl Session {
    fn see(&self, what: String) {
        // The test may have ended.
        let _ = self.seen.send(what);
    }

    async fn pass(&self, key: &str) {
        self.see(format!("{key} waits"));
        self.gate.acquire().await.unwrap().forget();
        self.see(format!("{key} passes"));
    }
}

impl Up for Session {
    async fn note(&self, n: u64) {
        self.see(format!("note {n}"));
    }

    async fn first(&self, n: u64) {
        self.see(format!("1 {n}"));
        tokio::task::yield_now().await;
    }

    async fn second(&self, n: u64) {
        self.see(format!("2 {n}"));
    }

    async fn third(&self, n: u64) {
        self.see(format!("3 {n}"));
        tokio::task::yield_now().await;
    }

    async fn echo(&self, value: Value) -> Value {
        value
    }

    async fn touch(&self) {}

    async fn rename(&self, name: Name, pair: (u8, Name), list: Vec<Name>) -> Name {
        Name(format!("{} {} {} {}", name.0, pair.0, pair.1.0, list.len()))
    }

    async fn wait(&self, key: String) -> String {
        self.pass(&key).await;
        key
    }

    async fn linger(&self, key: String) {
        self.pass(&key).await;
    }

    async fn check(&self, message: Message, level: u8, extra: Option<u32>) -> Result<u32, Wrong> {
        match level {
            0 => Err(Wrong::Empty),
            1..=9 => Ok(message.id + extra.unwrap_or(100)),
            _ => Err(Wrong::TooLong { max: 9 }),
        }
    }

    async fn maybe(&self, n: u64, extra: Option<String>) {
        self.see(format!("maybe {n} {extra:?}"));
    }

    async fn boom(&self) -> Result<u32, Wrong> {
        panic!("boom goes {}", self.socket.id().as_str().len());
    }

    async fn plain_boom(&self) -> u32 {
        tokio::task::yield_now().await;
        panic!("plain");
    }

    async fn crash(&self) {
        panic!("crash");
    }

    async fn flip(&self, mut picture: Picture) -> Picture {
        picture.layers.push(std::mem::take(&mut picture.data));
        picture.layers.reverse();
        picture
    }

    async fn relay(&self, prompt: String) -> bool {
        self.socket.emit().confirm(&prompt).await.unwrap_or(false)
    }

    async fn put(&self, name: &str, data: Binary) -> usize {
        self.see(format!("put {name}"));
        data.len()
    }
}

/// A client has left.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) id: SocketId,
    pub(crate) reason: String,
    /// The rooms that it was still in.
    pub(crate) rooms: Vec<Room>,
}

pub(crate) struct Lab {
    pub(crate) addr: SocketAddr,
    pub(crate) io: Server,
    pub(crate) root: NamespaceHandle<Root>,
    /// Opens for one waiting handler a permit.
    pub(crate) gate: Arc<Semaphore>,
    sockets: mpsc::UnboundedReceiver<Socket<Root>>,
    seen: mpsc::UnboundedReceiver<String>,
    left: mpsc::UnboundedReceiver<Left>,
    faults: mpsc::UnboundedReceiver<EventFault>,
}

impl Lab {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    /// A server with other settings.
    pub(crate) async fn with(settings: impl FnOnce(ServerBuilder) -> ServerBuilder) -> Self {
        let (io, layer) = settings(Server::builder()).build();
        let gate = Arc::new(Semaphore::new(0));
        let (socket, sockets) = mpsc::unbounded_channel();
        let (see, seen) = mpsc::unbounded_channel();
        let (leave, left) = mpsc::unbounded_channel();
        let (fault, faults) = mpsc::unbounded_channel();
        let sessions = Arc::clone(&gate);
        let root = io
            .namespace::<Root>()
            .connect(async move |conn| {
                let session = Session { socket: conn.accept(), gate: sessions, seen: see };
                let _ = socket.send(session.socket.clone());
                Ok(session)
            })
            .on_disconnect(move |session, reason| {
                let socket = &session.socket;
                let _ = leave.send(Left { id: socket.id(), reason: reason.to_string(), rooms: socket.rooms() });
            })
            .on_fault(move |event| drop(fault.send(event.clone())))
            .clone();
        let root = NamespaceHandle::clone(&root);
        let addr = serve(layer).await;
        Self { addr, io, root, gate, sockets, seen, left, faults }
    }

    /// The next socket that was accepted.
    pub(crate) async fn socket(&mut self) -> Socket<Root> {
        soon("a socket", self.sockets.recv()).await.unwrap()
    }

    pub(crate) async fn seen(&mut self) -> String {
        soon("a handler", self.seen.recv()).await.unwrap()
    }

    pub(crate) async fn expect_seen(&mut self, what: &str) {
        assert_eq!(self.seen().await, what);
    }

    /// What was handled and not looked at.
    pub(crate) fn unseen(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.seen.try_recv().ok()).collect()
    }

    pub(crate) async fn left(&mut self) -> Left {
        soon("a client to leave", self.left.recv()).await.unwrap()
    }

    pub(crate) async fn expect_left(&mut self, reason: &str) {
        assert_eq!(self.left().await.reason, reason);
    }

    pub(crate) async fn fault(&mut self) -> EventFault {
        soon("a fault", self.faults.recv()).await.unwrap()
    }

    /// The next fault's event and kind.
    pub(crate) async fn expect_fault(&mut self, event: &str, kind: FaultKind) {
        let fault = self.fault().await;
        assert_eq!((&*fault.event, fault.kind), (event, kind));
    }

    /// Faults that were not looked at.
    pub(crate) fn pending_faults(&mut self) -> Vec<EventFault> {
        std::iter::from_fn(|| self.faults.try_recv().ok()).collect()
    }

    /// Nothing else was called.
    pub(crate) fn expect_nothing_seen(&mut self) {
        assert_eq!(self.seen.try_recv().ok(), None);
    }

    /// Nobody else has left, nothing else was called, and nothing else went wrong.
    pub(crate) fn expect_quiet(&mut self) {
        assert_eq!(self.left.try_recv().ok(), None);
        assert_eq!(self.seen.try_recv().ok(), None);
        assert_eq!(self.faults.try_recv().ok(), None);
    }
}

/// Serves under axum, with an inner service that answers for every other path; what it listens on.
pub(crate) async fn serve(layer: ServerLayer) -> SocketAddr {
    // A small send buffer, which accepted sockets inherit: the server soon feels a client that does not read.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(16 * 1024).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener: TcpListener = socket.listen(1024).unwrap();
    let addr = listener.local_addr().unwrap();
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
    let app = axum::Router::<()>::new().fallback(async |uri: http::Uri| format!("inner {}", uri.path())).layer(layer);
    tokio::spawn(async move { axum::serve(listener, app).await });
    addr
}
