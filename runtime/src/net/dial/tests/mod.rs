//! The dialer against small servers of real TCP.

mod requests;

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

use super::*;
use crate::net::io::Duplex;

/// Waits for something that is about to happen, for a machine under load too.
async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future).await.unwrap_or_else(|_| panic!("no {what} in time"))
}

/// A request as the server sees it: of which connection, and what.
#[derive(Debug)]
struct Seen {
    connection: usize,
    head: http::request::Parts,
    body: Bytes,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

type Answering = Arc<dyn Fn(&Seen) -> Response<Full<Bytes>> + Send + Sync>;

/// Answers the requests of one connection.
async fn answer(io: impl Duplex + 'static, connection: usize, answer: Answering, seen: tokio::sync::mpsc::UnboundedSender<Seen>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let (answer, sender) = (Arc::clone(&answer), seen.clone());
        async move {
            let (head, body) = request.into_parts();
            let seen = Seen { connection, head, body: body.collect().await?.to_bytes() };
            let answer = answer(&seen);
            let _ = sender.send(seen);
            Ok::<_, hyper::Error>(answer)
        }
    });
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(io), service).await;
}

/// A server that answers as it is told.
async fn server(with: impl Fn(&Seen) -> Response<Full<Bytes>> + Send + Sync + 'static) -> (SocketAddr, UnboundedReceiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (sender, seen) = unbounded_channel();
    let with: Answering = Arc::new(with);
    tokio::spawn(async move {
        for connection in 0.. {
            let (io, _) = listener.accept().await.unwrap();
            tokio::spawn(answer(io, connection, Arc::clone(&with), sender.clone()));
        }
    });
    (addr, seen)
}

fn ok(body: &'static str) -> Response<Full<Bytes>> {
    Response::new(Full::new(Bytes::from_static(body.as_bytes())))
}

fn status(status: u16, body: &'static str) -> Response<Full<Bytes>> {
    Response::builder().status(status).body(Full::new(Bytes::from_static(body.as_bytes()))).unwrap()
}

fn options(url: impl fmt::Display) -> DialOptions {
    DialOptions {
        base: Endpoint::parse(&url.to_string(), "/socket.io").unwrap(),
        headers: HeaderMap::new(),
        max_payload: 1000,
        carrier: Carrier::Tcp,
    }
}

fn plain(addr: SocketAddr) -> Dialer {
    Dialer::new(options(format_args!("http://{addr}")))
}
