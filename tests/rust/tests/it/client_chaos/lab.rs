//! A conversation whose every message has its place, so that one too many, too few or too early is noticed.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use ackord::{
    Binary, Client, Namespace, Server, Socket,
    client::{Manager, ManagerBuilder, Reconnection, Transport},
    events, payload,
    server::ServerBuilder,
};

use crate::{client::Via, lab::serve};

#[payload]
pub(super) struct Who {
    pub(super) run: u32,
}

#[events]
pub(super) trait Up {
    /// Noted.
    fn mark(&self, n: u32);
    /// Noted.
    fn blob(&self, n: u32, data: Binary);
    async fn double(&self, n: u32) -> u32;
    /// Asks the client, ticks, and answers with what it said.
    async fn quiz(&self) -> Option<u32>;
}

/// What the server sends on one connection is numbered from 1.
#[events]
pub(super) trait Down {
    async fn ask(&self, n: u32) -> u32;
    fn tick(&self, n: u32);
    fn chunk(&self, n: u32, data: &Binary);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/run", server = dyn Up, client = dyn Down, auth = Who)]
pub(super) struct Talk;

/// What was noted, by run: the socket's number and the mark.
type Notes = Arc<Mutex<HashMap<u32, Vec<(u32, u32)>>>>;

pub(super) struct Seat {
    socket: Socket<Talk>,
    run: u32,
    number: u32,
    count: AtomicU32,
    notes: Notes,
}

impl Seat {
    fn note(&self, n: u32) {
        self.notes.lock().unwrap().entry(self.run).or_default().push((self.number, n));
    }

    fn next(&self) -> u32 {
        self.count.fetch_add(1, SeqCst) + 1
    }
}

impl Up for Seat {
    async fn mark(&self, n: u32) {
        self.note(n);
    }

    async fn blob(&self, n: u32, data: Binary) {
        assert!(data.iter().all(|byte| *byte == 7));
        self.note(n);
    }

    async fn double(&self, n: u32) -> u32 {
        2 * n
    }

    async fn quiz(&self) -> Option<u32> {
        let answer = self.socket.emit().ask(self.next()).await.ok()?;
        self.socket.emit().tick(self.next());
        self.socket.emit().chunk(self.next(), &Binary::from(vec![7; 100]));
        self.socket.emit().tick(self.next());
        Some(answer)
    }
}

pub(super) struct Lab {
    pub(super) addr: SocketAddr,
    notes: Notes,
}

impl Lab {
    pub(super) async fn with(settings: impl FnOnce(ServerBuilder) -> ServerBuilder) -> Self {
        let (io, layer) = settings(Server::builder()).build();
        let (notes, sockets) = (Notes::default(), Arc::new(AtomicU32::new(0)));
        let shared = Arc::clone(&notes);
        io.namespace::<Talk>().connect(async move |conn| {
            let (run, number) = (conn.auth().run, sockets.fetch_add(1, SeqCst));
            Ok(Seat { socket: conn.accept(), run, number, count: AtomicU32::new(0), notes: shared })
        });
        Self { addr: serve(layer).await, notes }
    }

    /// Marks of a run as (socket, mark), in the order of arrival.
    pub(super) fn notes(&self, run: u32) -> Vec<(u32, u32)> {
        self.notes.lock().unwrap().get(&run).cloned().unwrap_or_default()
    }
}

/// What a client has got: over which connection, and the number.
pub(super) type Seen = Arc<Mutex<Vec<(String, u32)>>>;

pub(super) struct Ear {
    pub(super) client: Client<Talk>,
    pub(super) seen: Seen,
}

impl Ear {
    fn see(&self, n: u32) {
        let id = self.client.id().map_or_else(|| "nowhere".into(), |id| id.to_string());
        self.seen.lock().unwrap().push((id, n));
    }
}

impl Down for Ear {
    async fn ask(&self, n: u32) -> u32 {
        self.see(n);
        n + 100
    }

    async fn tick(&self, n: u32) {
        self.see(n);
    }

    async fn chunk(&self, n: u32, data: &Binary) {
        assert_eq!(data.len(), 100);
        self.see(n);
    }
}

/// A connection that comes back at once.
pub(super) fn manager(via: Via, addr: SocketAddr) -> ManagerBuilder {
    let transport = if via == Via::WebSocket { Transport::WebSocket } else { Transport::Polling };
    let ms = Duration::from_millis;
    Manager::builder(format!("http://{addr}"))
        .transports([transport])
        .upgrade(via == Via::Upgraded)
        .reconnection(Reconnection::default().delay(ms(1), ms(10)))
}
