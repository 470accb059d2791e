//! The Rust client under test, and a network that can be taken away from it.

use std::{
    future::IntoFuture,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use ackord::{
    Binary, Client,
    client::{Connect, Manager, ManagerBuilder, Reconnection, State, Transport},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc, watch},
    task::AbortHandle,
};

use crate::{
    client::{Via, soon},
    lab::{Counted, Down, Name, Picture, Root, Wrong},
};

/// The handler of a client: notes what it gets and answers.
pub(crate) struct Ui {
    client: Client<Root>,
    seen: mpsc::UnboundedSender<String>,
    gate: Arc<Semaphore>,
}

impl Ui {
    fn see(&self, what: String) {
        // The test may have ended.
        let _ = self.seen.send(what);
    }
}

impl Down for Ui {
    async fn news(&self, n: u64) {
        self.see(format!("news {n}"));
    }

    /// Takes as long as the test likes.
    async fn bulk(&self, n: u64, padding: &str) {
        self.gate.acquire().await.unwrap().forget();
        self.see(format!("bulk {n} {}", padding.len()));
    }

    async fn picture(&self, picture: &Picture) {
        self.see(format!("picture {} {:?} {}", picture.name, picture.data, picture.layers.len()));
    }

    async fn counted(&self, _: &Counted) {}

    /// Asks back before it answers: an ack is awaited inside a handler.
    async fn confirm(&self, prompt: &str) -> bool {
        self.client.emit().echo(json!(prompt)).await == Ok(json!("yes"))
    }

    async fn judge(&self) -> Result<u32, Wrong> {
        Err(Wrong::TooLong { max: 3 })
    }

    async fn nudge(&self) {
        panic!("nudged");
    }

    async fn who_are_you(&self) {
        self.client.emit().note(1);
    }

    async fn renamed(&self, name: &Name, pair: (u8, Name), list: &[Name]) {
        self.see(format!("renamed {} {} {}", name.0, pair.1.0, list.len()));
    }
}

/// A client with its handler's notes.
pub(crate) struct Page {
    pub(crate) client: Client<Root>,
    pub(crate) gate: Arc<Semaphore>,
    seen: mpsc::UnboundedReceiver<String>,
    states: watch::Receiver<State>,
}

impl Page {
    pub(crate) async fn open(via: Via, addr: SocketAddr) -> Self {
        Self::with(via, addr, |connect| connect).await
    }

    pub(crate) async fn with(via: Via, addr: SocketAddr, settings: impl FnOnce(Connect<Root>) -> Connect<Root>) -> Self {
        Self::join(settings(connect(via, addr))).await
    }

    /// Over a connection with settings.
    pub(crate) async fn over(manager: impl Into<Manager>) -> Self {
        Self::join(Client::connect(manager)).await
    }

    async fn join(connect: Connect<Root>) -> Self {
        let (see, seen) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let pass = Arc::clone(&gate);
        let ui = move |client: &Client<Root>| Ui { client: client.clone(), seen: see, gate: pass };
        let connect = connect.handler_with(ui);
        let client = soon("the client", connect.into_future()).await.unwrap();
        Self { states: client.watch(), client, gate, seen }
    }

    pub(crate) async fn seen(&mut self) -> String {
        soon("a handler", self.seen.recv()).await.unwrap()
    }

    pub(crate) async fn expect_seen(&mut self, what: &str) {
        assert_eq!(self.seen().await, what);
    }

    /// Waits for a state.
    pub(crate) async fn state(&mut self, what: &str, wanted: impl FnMut(&State) -> bool) -> State {
        soon(what, self.states.wait_for(wanted)).await.unwrap().clone()
    }

    /// Waits for the end, and tells why.
    pub(crate) async fn end(&mut self) -> String {
        match self.state("the end", State::is_over).await {
            State::Disconnected { reason, .. } => reason.to_string(),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn offline(&mut self) -> String {
        match self.state("a disconnect", |state| matches!(state, State::Disconnected { .. })).await {
            State::Disconnected { reason, .. } => reason.to_string(),
            other => panic!("{other:?}"),
        }
    }
}

/// A connection that comes back soon.
pub(crate) fn connect(via: Via, addr: SocketAddr) -> Connect<Root> {
    Client::connect(manager(via, addr))
}

pub(crate) fn manager(via: Via, addr: SocketAddr) -> ManagerBuilder {
    let transport = if via == Via::WebSocket { Transport::WebSocket } else { Transport::Polling };
    let manager = Manager::builder(format!("http://{addr}")).reconnection(soon_again());
    // An upgrade happens while the test goes on.
    manager.transports([transport]).upgrade(via == Via::Upgraded)
}

pub(crate) fn soon_again() -> Reconnection {
    let ms = std::time::Duration::from_millis;
    Reconnection::default().delay(ms(1), ms(20))
}

/// Passes connections on to a server that can be taken away and replaced.
pub(crate) struct Network {
    pub(crate) addr: SocketAddr,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    server: Option<SocketAddr>,
    refused: usize,
    frozen: bool,
    /// So many bytes may still come from servers before every connection breaks.
    left: Option<usize>,
    /// Where `left` comes from after that.
    seed: Option<u64>,
    cuts: usize,
    open: Vec<AbortHandle>,
}

impl Network {
    pub(crate) async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let inner = Arc::new(Mutex::new(Inner {
            server: Some(server),
            refused: 0,
            frozen: false,
            left: None,
            seed: None,
            cuts: 0,
            open: Vec::new(),
        }));
        let shared = Arc::clone(&inner);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let mut inner = shared.lock().unwrap();
                match inner.server {
                    Some(server) => inner.open.push(tokio::spawn(pass(client, server, Arc::clone(&shared))).abort_handle()),
                    None => inner.refused += 1,
                }
            }
        });
        Self { addr, inner }
    }

    /// From now on what servers send is lost, and nobody is told.
    pub(crate) fn freeze(&self) {
        self.inner.lock().unwrap().frozen = true;
    }

    /// How many connections went nowhere.
    pub(crate) fn refused(&self) -> usize {
        self.inner.lock().unwrap().refused
    }

    /// Breaks every connection. New ones go to `server`, or nowhere.
    pub(crate) fn cut(&self, server: Option<SocketAddr>) {
        let mut inner = self.inner.lock().unwrap();
        inner.server = server;
        inner.cut();
    }

    /// Breaks every connection once servers have sent so many more bytes.
    pub(crate) fn cut_after(&self, bytes: usize) {
        self.inner.lock().unwrap().left = Some(bytes);
    }

    /// Breaks every connection again and again, as the seed has it. None ends that.
    pub(crate) fn flap(&self, seed: Option<u64>) {
        let mut inner = self.inner.lock().unwrap();
        inner.seed = seed;
        inner.wear();
    }

    /// How often connections were broken by their bytes.
    pub(crate) fn cuts(&self) -> usize {
        self.inner.lock().unwrap().cuts
    }
}

impl Inner {
    fn cut(&mut self) {
        self.open.drain(..).for_each(|connection| connection.abort());
    }

    /// Enough bytes to connect, usually.
    fn wear(&mut self) {
        self.left = self.seed.as_mut().map(|seed| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            300 + (*seed >> 33) as usize % 1500
        });
    }

    /// Bytes have come from a server: how many of them get through, and whether that is the end.
    fn pass(&mut self, len: usize) -> (usize, bool) {
        match &mut self.left {
            Some(left) if *left <= len => {
                let through = *left;
                self.wear();
                self.cuts += 1;
                (through, true)
            }
            Some(left) => {
                *left -= len;
                (len, false)
            }
            None => (len, false),
        }
    }
}

async fn pass(client: TcpStream, server: SocketAddr, network: Arc<Mutex<Inner>>) {
    let server = TcpStream::connect(server).await.unwrap();
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) = (client.into_split(), server.into_split());
    let up = tokio::io::copy(&mut from_client, &mut to_server);
    let down = async {
        let mut buffer = vec![0; 4096];
        loop {
            let len = from_server.read(&mut buffer).await.unwrap_or(0);
            if len == 0 {
                return;
            }
            let (frozen, (through, end)) = {
                let mut network = network.lock().unwrap();
                (network.frozen, network.pass(len))
            };
            if !frozen && to_client.write_all(&buffer[..through]).await.is_err() {
                return;
            }
            if end {
                return network.lock().unwrap().cut();
            }
        }
    };
    tokio::select! {
        _ = up => {}
        () = down => {}
    }
}

pub(crate) fn bytes(data: &'static [u8]) -> Binary {
    Binary::from(data.to_vec())
}
