//! The dialer against small servers of real TCP.

mod cookies;
mod memory;
mod proxy;
mod requests;
#[cfg(all(feature = "server", any(feature = "rustls", feature = "native-tls")))]
mod tls;

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
        cookies: false,
        tls: Tls::default(),
        proxy: None,
        max_payload: 1000,
        carrier: Carrier::Tcp,
    }
}

fn plain(addr: SocketAddr) -> Dialer {
    Dialer::new(options(format_args!("http://{addr}")))
}

/// The session id of an open packet.
#[cfg(feature = "server")]
fn sid(open: &[u8]) -> String {
    let open: serde_json::Value = serde_json::from_slice(open.strip_prefix(b"0").unwrap()).unwrap();
    open["sid"].as_str().unwrap().to_owned()
}

/// Opens a session of each transport at a server of ours, and moves one from polling to WebSocket.
#[cfg(feature = "server")]
async fn opens(dialer: &Dialer) {
    use crate::proto::engine::Frame;
    async fn next(ws: &mut Ws) -> Bytes {
        let frame = soon("frame", std::future::poll_fn(|cx| ws.poll_frame(cx))).await;
        let Ok(Frame::Text(text)) = frame else { panic!("{frame:?}") };
        text
    }
    sid(&next(&mut soon("WebSocket", dialer.websocket(None)).await.unwrap()).await);
    let sid = sid(&soon("answer", dialer.get(None)).await.unwrap());
    soon("answer", dialer.post(&sid, Bytes::from_static(b"40"))).await.unwrap();
    let mut ws = soon("WebSocket", dialer.websocket(Some(&sid))).await.unwrap();
    ws.send(Frame::Text(Bytes::from_static(b"2probe"))).unwrap();
    soon("flush", std::future::poll_fn(|cx| ws.poll_flush(cx))).await.unwrap();
    assert_eq!(next(&mut ws).await, "3probe");
}
