//! The end of the server.

use std::time::Duration;

use ackord::{Namespace, Server};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Runtime,
    sync::mpsc,
};

use crate::{
    client::{ENDPOINT, Peer, Via, Ws, get, soon},
    lab::Lab,
};

async fn expect_refused(lab: &Lab) {
    let forbidden = (403, r#"{"code":4,"message":"Forbidden"}"#);
    let response = get(lab.addr, &format!("{ENDPOINT}polling")).await;
    assert_eq!(response.parts(), forbidden);
    assert_eq!(response.header("content-type"), "application/json");
    let response = Ws::try_open(lab.addr, &format!("{ENDPOINT}websocket")).await.err().unwrap();
    assert_eq!(response.parts(), forbidden);
}

async fn everyone_is_told(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let socket = lab.socket().await;
    socket.join("r");
    socket.emit().news(1);
    tokio::join!(soon("the shutdown", lab.io.close()), async {
        peer.expect("2[\"news\",1]").await;
        peer.expect_closed().await;
    });
    let left = lab.left().await;
    assert_eq!((&*left.reason, left.rooms), ("server shutting down", vec!["r".into()]));
    assert_eq!((lab.io.connections(), lab.root.len()), (0, 0));
    lab.expect_quiet();
    expect_refused(&lab).await;
    // Once more does no harm.
    soon("the second shutdown", lab.io.close()).await;
}
over_all_transports!(told, everyone_is_told);

async fn running_handlers_are_waited_for(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    peer.send("2[\"linger\",\"l\"]").await;
    lab.expect_seen("l waits").await;
    let io = lab.io.clone();
    let mut closing = tokio::spawn(async move { io.close().await });
    peer.expect_closed().await;
    lab.expect_left("server shutting down").await;
    assert!(futures_util::poll!(&mut closing).is_pending());
    expect_refused(&lab).await;
    lab.gate.add_permits(1);
    lab.expect_seen("l passes").await;
    soon("the shutdown", closing).await.unwrap();
    lab.expect_quiet();
}
over_all_transports!(handlers, running_handlers_are_waited_for);

/// A polling client that never comes back, and a WebSocket that is not read.
#[tokio::test]
async fn a_client_that_takes_nothing_is_waited_for_as_long_as_the_server_says() {
    for via in [Via::Polling, Via::WebSocket] {
        let mut lab = Lab::with(|builder| builder.shutdown_timeout(Duration::from_secs(3))).await;
        let _peer = if via.is_polling() {
            Peer::join(lab.addr, via).await
        } else {
            let mut peer = Peer::over(lab.addr, Ws::open_small(lab.addr, &format!("{ENDPOINT}websocket")).await).await;
            peer.connect("/", "").await;
            peer
        };
        let socket = lab.socket().await;
        for n in 0..10 {
            socket.emit().bulk(n, &"x".repeat(LARGE));
        }
        tokio::time::pause();
        let began = tokio::time::Instant::now();
        let io = lab.io.clone();
        let mut closing = std::pin::pin!(io.close());
        assert!(futures_util::poll!(&mut closing).is_pending());
        lab.expect_left("server shutting down").await;
        assert_eq!(began.elapsed(), Duration::ZERO);
        closing.await;
        // And what a WebSocket needs for its goodbye.
        let took = began.elapsed();
        assert!((3..=6).contains(&took.as_secs()), "{took:?}");
        tokio::time::resume();
        assert_eq!(lab.io.connections(), 0);
    }
}

#[derive(Namespace, Clone)]
#[namespace(path = "/")]
struct Root;

/// `ackord::serve`, which brings its own HTTP.
#[tokio::test]
async fn serve_returns_after_the_shutdown() {
    let (io, _layer) = Server::builder().build();
    let (see, mut seen) = mpsc::unbounded_channel();
    io.namespace::<Root>().connect(async move |conn| {
        let _ = see.send(conn.peer());
        Ok(conn.accept())
    });
    let addr = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = io.clone();
    let serving = tokio::spawn(async move { ackord::serve(addr, &server).await });
    soon("the listener", async {
        while TcpStream::connect(addr).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(get(addr, "/elsewhere").await.parts(), (404, ""));
    let mut peers = Vec::new();
    for via in [Via::Polling, Via::WebSocket, Via::Upgraded] {
        peers.push(Peer::join(addr, via).await);
        assert_eq!(soon("a peer", seen.recv()).await.unwrap().unwrap().ip(), addr.ip());
    }
    // The address is taken.
    assert_eq!(ackord::serve(addr, &io).await.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    assert!(!serving.is_finished());
    tokio::join!(io.close(), async {
        for peer in &mut peers {
            peer.expect_closed().await;
        }
    });
    soon("serve", serving).await.unwrap().unwrap();
    assert!(TcpStream::connect(addr).await.is_err());
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// More than the buffers on the way hold.
const LARGE: usize = 1_000_000;

/// A program usually ends right after it, and with it what the network has not taken.
#[test]
fn the_goodbye_is_out_when_close_returns() {
    let server = runtime();
    let mut lab = server.block_on(Lab::new());
    let addr = lab.addr;
    let client = std::thread::spawn(move || {
        runtime().block_on(async {
            let ws = Ws::open_small(addr, &format!("{ENDPOINT}websocket")).await;
            let mut peer = Peer::over(addr, ws).await;
            peer.connect("/", "").await;
            peer.expect(&format!("2[\"bulk\",1,\"{}\"]", "x".repeat(LARGE))).await;
            peer.ws().expect_close(None).await;
        });
    });
    server.block_on(async {
        lab.socket().await.emit().bulk(1, &"x".repeat(LARGE));
        lab.io.close().await;
    });
    drop(server);
    client.join().unwrap();
}

/// A program that ends without `close`.
#[test]
fn sessions_are_told_when_their_runtime_is_dropped() {
    let server = runtime();
    let mut lab = server.block_on(Lab::new());
    let peers = server.block_on(async { [Peer::join(lab.addr, Via::Polling).await, Peer::join(lab.addr, Via::WebSocket).await] });
    drop(server);
    runtime().block_on(async {
        for _ in &peers {
            lab.expect_left("server shutting down").await;
        }
        lab.expect_quiet();
    });
    assert_eq!((lab.io.connections(), lab.root.len()), (0, 0));
}

#[tokio::test]
async fn a_connection_of_ones_own_ends_with_the_server() {
    let (io, _layer) = Server::builder().build();
    let (mut client, end) = tokio::io::duplex(1000);
    let serving = tokio::spawn({
        let io = io.clone();
        async move { ackord::serve_stream(end, None, &io).await }
    });
    client.write_all(b"GET /elsewhere HTTP/1.1\r\nHost: memory\r\n\r\n").await.unwrap();
    let mut answer = [0; 12];
    soon("an answer", client.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 404");
    // It could be used again, and is not waited for.
    assert!(!serving.is_finished());
    soon("the shutdown", io.close()).await;
    soon("the end", serving).await.unwrap();
}
