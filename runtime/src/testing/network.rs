//! A network in memory: the whole stack, HTTP and WebSocket included, without a port and under a clock that a test can stop.

use std::{
    fmt,
    future::Future,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{io::DuplexStream, task::AbortHandle};

use crate::{
    client::{Client, Connect, Manager, ManagerBuilder},
    contract::Namespace,
    server::{Connecting, IntoSession, Refuse, Server, serve_stream},
};

/// What a connection in memory holds in each direction before its writer has to wait.
const BUFFER: usize = 64 * 1024;

/// A client of a server that lets it in with `factory`, connected in memory: for tests of sessions and handlers through the whole stack.
///
/// It is prepared as any other client, with [`auth`](Connect::auth), a [`handler`](Connect::handler) and so on, and connects when it is
/// awaited. Under `#[tokio::test(start_paused = true)]` timeouts take no time. [`Network`] does the same for a server that is set up
/// elsewhere, with several namespaces or clients, and lets connections break.
///
/// ```
/// # use ackord::{Namespace, Socket, events, server::Connecting, testing};
/// #[events] trait Up { async fn greet(&self, name: String) -> String; }
/// #[derive(Namespace, Clone)] #[namespace(path = "/", server = dyn Up)] struct Root;
///
/// struct Session { _socket: Socket<Root> }
/// impl Up for Session {
///     async fn greet(&self, name: String) -> String {
///         format!("hello {name}")
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(async {
/// let client = testing::pair(async |conn: Connecting<Root>| Ok(Session { _socket: conn.accept() })).await.unwrap();
/// assert_eq!(client.emit().greet("ann".into()).await, Ok("hello ann".into()));
/// # });
/// ```
pub fn pair<N, F, R, H, M>(factory: F) -> Connect<N>
where
    N: Namespace,
    F: FnOnce(Connecting<N>) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<H, Refuse<N::Denied>>> + Send + 'static,
    H: IntoSession<N, M>,
    M: 'static,
{
    let (io, _layer) = Server::builder().build();
    io.namespace::<N>().connect(factory);
    Client::connect(Network::to(&io).manager())
}

/// The way to a server, in memory, that can be taken away. Cheap to clone.
///
/// ```
/// # use ackord::{Client, Namespace, Server, client::State, testing::Network};
/// # #[derive(Namespace, Clone)] #[namespace(path = "/")] struct Root;
/// # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(async {
/// let (io, _layer) = Server::builder().build();
/// let network = Network::to(&io);
/// let client = Client::<Root>::connect(network.manager()).await.unwrap();
/// let first = client.id();
///
/// network.cut();
/// let back = |state: &State| matches!(state, State::Connected { id, .. } if Some(id) != first.as_ref());
/// client.watch().wait_for(back).await.unwrap();
/// # });
/// ```
#[derive(Clone)]
pub struct Network {
    io: Server,
    links: Arc<Mutex<Links>>,
}

#[derive(Default)]
struct Links {
    down: bool,
    open: Vec<AbortHandle>,
}

impl Network {
    /// A network whose only server is `io`.
    pub fn to(io: &Server) -> Self {
        Self { io: io.clone(), links: Arc::default() }
    }

    /// Settings for connections over this network; `build` it for several clients that share one.
    pub fn manager(&self) -> ManagerBuilder {
        let network = self.clone();
        Manager::builder("http://memory").connector(move || std::future::ready(network.link()))
    }

    /// Breaks every connection. New ones can be made at once.
    pub fn cut(&self) {
        self.lock().open.drain(..).for_each(|link| link.abort());
    }

    /// Breaks every connection, and lets none be made until [`up`](Self::up).
    pub fn down(&self) {
        self.lock().down = true;
        self.cut();
    }

    /// Lets connections be made again.
    pub fn up(&self) {
        self.lock().down = false;
    }

    fn lock(&self) -> MutexGuard<'_, Links> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn link(&self) -> io::Result<DuplexStream> {
        let mut links = self.lock();
        if links.down {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let (client, mut near) = tokio::io::duplex(BUFFER);
        let (mut far, server) = tokio::io::duplex(BUFFER);
        let io = self.io.clone();
        tokio::spawn(async move { serve_stream(server, None, &io).await });
        // What is in between, so that both sides lose the connection when it goes.
        let link = tokio::spawn(async move { drop(tokio::io::copy_bidirectional(&mut near, &mut far).await) });
        links.open.retain(|link| !link.is_finished());
        links.open.push(link.abort_handle());
        Ok(client)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("down", &self.lock().down).finish_non_exhaustive()
    }
}
