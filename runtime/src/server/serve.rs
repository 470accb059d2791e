use std::{future::Future, io, net::SocketAddr, pin::pin, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, ToSocketAddrs},
    sync::watch,
    task::JoinSet,
};
use tower_layer::Layer;
use tower_service::Service;

use super::{Server, ServerLayer, service::NotFound};

/// Between an `accept` that failed and the next one, which would most likely fail as well.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long HTTP connections may take to write their last answers when the server has closed.
const GOODBYE: Duration = Duration::from_secs(2);

/// Serves `io` at `addr`, for those who bring no framework. Other paths than the endpoint's are 404.
///
/// Returns after [`Server::close`] was called and all connections are closed.
///
/// ```no_run
/// # async fn run() -> std::io::Result<()> {
/// let (io, _layer) = ackord::Server::builder().build();
/// // io.namespace::<Chat>().connect(…);
/// ackord::serve("127.0.0.1:3000", &io).await
/// # }
/// ```
///
/// # Errors
/// The address cannot be bound: in use, not allowed, not there.
pub async fn serve(addr: impl ToSocketAddrs, io: &Server) -> io::Result<()> {
    serve_on(TcpListener::bind(addr).await?, io).await
}

/// As [`serve`], on a listener of the caller's: one of a port that the system chose, or handed over by a service manager.
///
/// # Errors
/// Never today.
pub async fn serve_on(listener: TcpListener, io: &Server) -> io::Result<()> {
    let (goodbye, _) = watch::channel(());
    let mut connections = JoinSet::new();
    loop {
        let closed = io.core.closed.notified();
        if io.core.is_closing() {
            break;
        }
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // Small packets, each of which somebody waits for.
                    let _ = stream.set_nodelay(true);
                    let mut goodbye = goodbye.subscribe();
                    connections.spawn(connection(io, stream, Some(peer), async move { drop(goodbye.changed().await) }));
                }
                // Out of file descriptors, or a client that went away while it was queued: neither ends a server. The former lasts.
                Err(e) => {
                    crate::trace::warn(format_args!("accept: {e}"));
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
            () = closed => {}
        }
    }
    // Until its session is closed a polling client may need one more request; then the last answers only have to be written.
    io.close().await;
    let _ = goodbye.send(());
    while connections.join_next().await.is_some() {}
    Ok(())
}

/// Serves one connection that the caller has accepted: with TLS, over a Unix socket, in memory. Other paths than the endpoint's are 404.
///
/// `peer` is what [`Handshake::peer`](super::Handshake::peer) says. Returns when the client or [`Server::close`] has ended the connection,
/// and as soon as it is a WebSocket: that lives on by itself.
///
/// ```
/// # async fn run(io: ackord::Server) {
/// let (client, server) = tokio::io::duplex(64 * 1024);
/// tokio::spawn(async move { ackord::serve_stream(server, None, &io).await });
/// // `client` is a connection to the server.
/// # }
/// ```
///
/// # Cancel safety
/// The connection breaks when the future is dropped.
pub async fn serve_stream<S>(stream: S, peer: Option<SocketAddr>, io: &Server)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let goodbye = async {
        let closed = io.core.closed.notified();
        if !io.core.is_closing() {
            closed.await;
        }
        io.close().await;
    };
    connection(io, stream, peer, goodbye).await;
}

/// Serves one HTTP connection until its client, an upgrade or `goodbye` ends it.
fn connection<S, G>(io: &Server, stream: S, peer: Option<SocketAddr>, goodbye: G) -> impl Future<Output = ()> + Send + use<S, G>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    G: Future<Output = ()> + Send,
{
    let service = ServerLayer::new(std::sync::Arc::clone(&io.core)).layer(NotFound);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        if let Some(peer) = peer {
            request.extensions_mut().insert(peer);
        }
        service.clone().call(request)
    });
    let http = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).with_upgrades();
    async move {
        let mut http = pin!(http);
        let ended = tokio::select! {
            ended = http.as_mut() => ended,
            () = goodbye => {
                http.as_mut().graceful_shutdown();
                tokio::time::timeout(GOODBYE, http).await.unwrap_or(Ok(()))
            }
        };
        if let Err(e) = ended {
            crate::trace::debug(format_args!("http connection: {e}"));
        }
    }
}
