//! A network that breaks where it is told to, to the byte.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::watch,
    task::{AbortHandle, JoinSet},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Reset,
    Fin,
    /// Nothing arrives any more, and nobody is told.
    Freeze,
    /// The same in this direction of this connection alone.
    Stall,
}

/// All connections are cut once so many bytes have passed this way, over all connections together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) way: Way,
    pub(super) at: usize,
    pub(super) how: Cut,
}

pub(super) struct Proxy {
    pub(super) addr: SocketAddr,
    shared: Arc<Shared>,
    listener: AbortHandle,
}

struct Shared {
    state: Mutex<State>,
    cut: watch::Sender<Option<Cut>>,
}

struct State {
    server: Option<SocketAddr>,
    plan: Option<Plan>,
    /// Up and down.
    bytes: [usize; 2],
    /// Where something that was read in one piece begins.
    pieces: [Vec<usize>; 2],
}

impl Proxy {
    pub(super) async fn to(server: SocketAddr, plan: Option<Plan>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let state = State { server: Some(server), plan, bytes: [0; 2], pieces: Default::default() };
        let shared = Arc::new(Shared { state: Mutex::new(state), cut: watch::Sender::new(None) });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { addr, shared, listener: task.abort_handle() }
    }

    /// Breaks every connection. New ones go to `server`, or nowhere.
    pub(super) fn cut(&self, how: Cut, server: Option<SocketAddr>) {
        self.shared.state.lock().unwrap().server = server;
        self.shared.cut.send_replace(Some(how));
    }

    /// Bytes that have passed, and where the pieces of them began.
    pub(super) fn passed(&self, way: Way) -> (usize, Vec<usize>) {
        let state = self.shared.state.lock().unwrap();
        (state.bytes[way as usize], state.pieces[way as usize].clone())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let server = shared.state.lock().unwrap().server;
        if let Some(server) = server {
            connections.spawn(pass(client, server, Arc::clone(&shared)));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn pass(mut client: TcpStream, server: SocketAddr, shared: Arc<Shared>) {
    let mut cut = shared.cut.subscribe();
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let ((from_client, to_client), (from_server, to_server)) = (client.split(), server.split());
    let both =
        async { tokio::join!(pump(from_client, to_server, Way::Up, &shared), pump(from_server, to_client, Way::Down, &shared)) };
    let how = tokio::select! {
        biased;
        how = cut.changed() => how.ok().and_then(|()| *cut.borrow()),
        _ = both => None,
    };
    match how {
        Some(Cut::Freeze) => std::future::pending().await,
        Some(Cut::Reset) => {
            let _ = client.set_zero_linger();
            let _ = server.set_zero_linger();
        }
        Some(Cut::Fin | Cut::Stall) | None => {}
    }
}

/// Passes on what comes till the end of it, or till the plan says otherwise.
async fn pump(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, way: Way, shared: &Shared) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let len = from.read(&mut buffer).await.unwrap_or(0);
        if len == 0 {
            let _ = to.shutdown().await;
            return;
        }
        let (pass, how) = shared.state.lock().unwrap().count(way, len);
        if to.write_all(&buffer[..pass]).await.is_err() {
            return;
        }
        if how == Some(Cut::Stall) {
            return std::future::pending().await;
        }
        if how.is_some() {
            shared.cut.send_replace(how);
        }
    }
}

impl State {
    /// How much of a piece may pass, and whether that was it.
    fn count(&mut self, way: Way, len: usize) -> (usize, Option<Cut>) {
        let before = self.bytes[way as usize];
        self.pieces[way as usize].push(before);
        if let Some(plan) = self.plan.take_if(|plan| plan.way == way && before + len > plan.at) {
            self.bytes[way as usize] = plan.at;
            return (plan.at - before, Some(plan.how));
        }
        self.bytes[way as usize] += len;
        (len, None)
    }
}
