use std::{io, net::SocketAddr};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tower_layer::Layer;
use tower_service::Service;

use super::{Server, ServerLayer, service::NotFound};

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
    loop {
        let closed = io.core.closed.notified();
        if io.core.is_closing() {
            break;
        }
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => accept(io, stream, peer),
                // Out of file descriptors, or a client that went away while it was queued: neither ends a server.
                Err(e) => {
                    crate::trace::warn(format_args!("accept: {e}"));
                    tokio::task::yield_now().await;
                }
            },
            () = closed => {}
        }
    }
    io.close().await;
    Ok(())
}

fn accept(io: &Server, stream: TcpStream, peer: SocketAddr) {
    // Small packets, each of which somebody waits for.
    let _ = stream.set_nodelay(true);
    let service = ServerLayer::new(std::sync::Arc::clone(&io.core)).layer(NotFound);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        service.clone().call(request)
    });
    let connection =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).with_upgrades();
    tokio::spawn(async move {
        if let Err(e) = connection.await {
            crate::trace::debug(format_args!("http connection: {e}"));
        }
    });
}
