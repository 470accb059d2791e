//! More than a client reads, and clients that do not read.

use std::time::{Duration, Instant};

use ackord::{
    Socket,
    server::{Disconnected, FaultKind, Overflow, ServerBuilder},
};

use crate::{
    client::{ENDPOINT, Frame, Packet, Peer, Via, Ws},
    lab::{Lab, Root},
};

const BUDGET: usize = 64 * 1024;
/// A message that a few dozen of fill all buffers.
const PADDING: usize = 4096;

/// A client in `/` that reads nothing from now on, over a connection with small buffers.
async fn stalled(settings: impl FnOnce(ServerBuilder) -> ServerBuilder) -> (Lab, Peer, Socket<Root>) {
    let mut lab = Lab::with(settings).await;
    let ws = Ws::open_small(lab.addr, &format!("{ENDPOINT}websocket")).await;
    let mut peer = Peer::over(lab.addr, ws).await;
    peer.connect("/", "").await;
    let socket = lab.socket().await;
    (lab, peer, socket)
}

/// The number of a `bulk` event.
fn number(event: &str) -> u64 {
    let rest = event.strip_prefix("2[\"bulk\",").unwrap();
    rest.split_once(',').unwrap().0.parse().unwrap()
}

/// Peer B3: a loop of emits without a pause.
#[tokio::test]
async fn a_hundred_thousand_emits_arrive_in_order() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    let socket = lab.socket().await;
    for n in 0..100_000 {
        socket.emit().news(n);
    }
    for n in 0..100_000 {
        assert_eq!(peer.packet().await, Some(Packet::Text(format!("42[\"news\",{n}]"))));
    }
    peer.expect_nothing().await;
    lab.expect_quiet();
}

#[tokio::test]
async fn thousands_of_emits_arrive_in_order_over_polling() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    let socket = lab.socket().await;
    for n in 0..3000 {
        socket.emit().news(n);
    }
    for n in 0..3000 {
        peer.expect(&format!("2[\"news\",{n}]")).await;
    }
    peer.expect_nothing().await;
}

#[tokio::test]
async fn a_slow_consumer_is_disconnected() {
    let (mut lab, mut peer, socket) = stalled(|builder| builder.outbox(BUDGET, Overflow::Disconnect)).await;
    let padding = "x".repeat(PADDING);
    let mut emitted = 0;
    while socket.is_connected() {
        assert!(emitted < 10_000, "nothing happens");
        socket.emit().bulk(emitted, &padding);
        emitted += 1;
        tokio::task::yield_now().await;
    }
    assert!(emitted > (BUDGET / PADDING) as u64 - 2, "{emitted}");
    lab.expect_left("slow consumer").await;
    assert_eq!((lab.io.connections(), lab.root.len()), (0, 0));
    lab.expect_quiet();
    // What had already gone out is whole and in order, then comes the end.
    let mut next = 0;
    loop {
        match peer.ws().next().await {
            Frame::Text(text) => assert_eq!(number(&text[1..]), next),
            Frame::Close(None) | Frame::End => break,
            other => panic!("{other:?}"),
        }
        next += 1;
    }
    assert!(next < emitted);
}

/// Emits until ten events were dropped; how many it were, and those that `on_fault` was told of.
async fn overflow(lab: &mut Lab, socket: &Socket<Root>) -> (u64, Vec<u64>) {
    let padding = "x".repeat(PADDING);
    let (mut emitted, mut faults) = (0, Vec::new());
    while faults.len() < 10 {
        assert!(emitted < 10_000 && socket.is_connected());
        socket.emit().bulk(emitted, &padding);
        for fault in lab.pending_faults() {
            assert_eq!((&*fault.event, fault.kind, fault.socket), ("bulk", FaultKind::Overflow, Some(socket.id())));
            faults.push(emitted);
        }
        emitted += 1;
        tokio::task::yield_now().await;
    }
    (emitted, faults)
}

#[tokio::test]
async fn the_newest_may_be_dropped() {
    let (mut lab, mut peer, socket) = stalled(|builder| builder.outbox(BUDGET, Overflow::DropNewest)).await;
    let (emitted, dropped) = overflow(&mut lab, &socket).await;
    for n in (0..emitted).filter(|n| !dropped.contains(n)) {
        assert_eq!(number(&peer.recv().await), n);
    }
    // There is room again.
    socket.emit().news(7);
    peer.expect("2[\"news\",7]").await;
    peer.expect_nothing().await;
    lab.expect_quiet();
}

#[tokio::test]
async fn the_oldest_may_be_dropped() {
    let (mut lab, mut peer, socket) = stalled(|builder| builder.outbox(BUDGET, Overflow::DropOldest)).await;
    let (emitted, faults) = overflow(&mut lab, &socket).await;
    let mut received = vec![number(&peer.recv().await)];
    while received.last() != Some(&(emitted - 1)) {
        received.push(number(&peer.recv().await));
    }
    assert!(received[0] == 0 && received.is_sorted_by(|a, b| a < b));
    // All have one size: each that came too much pushed one out.
    assert_eq!(received.len() + faults.len(), emitted as usize);
    // One gap: the front had gone out already, the tail is what came last.
    assert_eq!(received.windows(2).filter(|pair| pair[1] != pair[0] + 1).count(), 1);
    peer.expect_nothing().await;
    lab.expect_quiet();
}

/// Answers are never dropped; who asks on and on without reading is disconnected under every policy.
#[tokio::test]
async fn answers_are_never_dropped_but_have_a_limit() {
    let (mut lab, mut peer, socket) = stalled(|builder| builder.outbox(BUDGET, Overflow::DropNewest)).await;
    let question = format!("21[\"echo\",\"{}\"]", "x".repeat(PADDING));
    for _ in 0..2000 {
        peer.send(&question).await;
        if !socket.is_connected() {
            break;
        }
    }
    lab.expect_left("slow consumer").await;
    lab.expect_quiet();
}

/// Peer B4: the heartbeat does not wait behind what the client does not read.
#[tokio::test]
async fn a_stalled_client_is_gone_after_the_ping_timeout() {
    let ms = Duration::from_millis;
    let (mut lab, peer, socket) = stalled(|builder| builder.ping_interval(ms(100)).ping_timeout(ms(150))).await;
    let began = Instant::now();
    let padding = "x".repeat(PADDING);
    for n in 0..500 {
        socket.emit().bulk(n, &padding);
    }
    assert!(futures_util::poll!(std::pin::pin!(socket.flushed())).is_pending());
    lab.expect_left("ping timeout").await;
    let after = began.elapsed();
    assert!(after > ms(150) && after < ms(1500), "{after:?}");
    assert_eq!((lab.io.connections(), lab.root.len()), (0, 0));
    assert_eq!(socket.flushed().await, Err(Disconnected));
    lab.expect_quiet();
    drop(peer);
}

#[tokio::test]
async fn flushed_paces_a_producer() {
    let (mut lab, mut peer, socket) = stalled(|builder| builder.outbox(BUDGET, Overflow::Disconnect)).await;
    let padding = "x".repeat(PADDING);
    let produce = async {
        for n in 0..1000 {
            socket.emit().bulk(n, &padding);
            assert_eq!(socket.flushed().await, Ok(()));
        }
    };
    let consume = async {
        for n in 0..1000 {
            assert_eq!(number(&peer.recv().await), n);
        }
    };
    tokio::join!(produce, consume);
    lab.expect_quiet();
    peer.expect_nothing().await;

    // It waits while nobody reads, and ends with the client.
    for n in 0..12 {
        socket.emit().bulk(n, &padding);
    }
    let mut flushed = std::pin::pin!(socket.flushed());
    for _ in 0..100 {
        assert!(futures_util::poll!(&mut flushed).is_pending());
        tokio::task::yield_now().await;
    }
    peer.abandon();
    assert_eq!(flushed.await, Err(Disconnected));
}

#[tokio::test]
async fn flushed_waits_for_the_get_of_a_polling_client() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    let socket = lab.socket().await;
    socket.emit().news(1);
    let mut flushed = std::pin::pin!(socket.flushed());
    for _ in 0..100 {
        assert!(futures_util::poll!(&mut flushed).is_pending());
        tokio::task::yield_now().await;
    }
    peer.expect("2[\"news\",1]").await;
    assert_eq!(flushed.await, Ok(()));
}

/// Fills everything between the server and a client that does not read.
async fn fill(socket: &Socket<Root>) {
    let padding = "x".repeat(PADDING);
    for n in 0..200 {
        socket.emit().bulk(n, &padding);
        tokio::task::yield_now().await;
    }
}

/// socketioxide cannot throw out the client that it most wants to.
#[tokio::test]
async fn a_stalled_client_can_be_thrown_out() {
    let (mut lab, peer, socket) = stalled(|builder| builder).await;
    fill(&socket).await;
    socket.disconnect();
    lab.expect_left("server namespace disconnect").await;
    assert_eq!(lab.root.len(), 0);
    drop(peer);

    let (mut lab, peer, socket) = stalled(|builder| builder).await;
    fill(&socket).await;
    socket.disconnect_transport();
    lab.expect_left("server namespace disconnect").await;
    assert_eq!(lab.root.len(), 0);
    drop(peer);
}

#[tokio::test]
async fn a_stalled_client_does_not_hold_up_the_shutdown() {
    let (mut lab, peer, socket) = stalled(|builder| builder).await;
    fill(&socket).await;
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    lab.io.close().await;
    assert!(began.elapsed() <= Duration::from_secs(31), "{:?}", began.elapsed());
    tokio::time::resume();
    lab.expect_left("server shutting down").await;
    assert_eq!(lab.io.connections(), 0);
    drop(peer);
}
