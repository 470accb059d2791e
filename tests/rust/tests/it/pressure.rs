//! More than a client reads, and clients that do not read.

use std::time::{Duration, Instant};

use ackord::{
    Socket,
    server::{Disconnected, FaultKind, Overflow, ServerBuilder},
};

use crate::{
    client::{ENDPOINT, Frame, Http, Packet, Peer, Via, Ws},
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
    assert!(after > ms(150) && after < ms(10_000), "{after:?}");
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

/// Fills all buffers on the way to a client that does not read.
fn fill(socket: &Socket<Root>) {
    let padding = "x".repeat(PADDING);
    for n in 0..500 {
        socket.emit().bulk(n, &padding);
    }
}

/// A command does not wait for a client to read: it would wait for ever for one that only answers pings.
#[tokio::test]
async fn a_stalled_client_can_be_thrown_out() {
    let (mut lab, _peer, socket) = stalled(|builder| builder).await;
    fill(&socket);
    socket.disconnect();
    lab.expect_left("server namespace disconnect").await;
    lab.expect_quiet();
}

#[tokio::test]
async fn a_stalled_client_does_not_hold_up_the_shutdown() {
    let (mut lab, _peer, socket) = stalled(|builder| builder).await;
    fill(&socket);
    let io = lab.io.clone();
    let closing = tokio::spawn(async move { io.close().await });
    lab.expect_left("server shutting down").await;
    closing.abort();
    lab.expect_quiet();
}

/// A budget below what the task would take out of the outbox at once.
#[tokio::test]
async fn the_oldest_may_be_dropped_under_a_small_budget() {
    let mut lab = Lab::with(|builder| builder.outbox(8 * 1024, Overflow::DropOldest)).await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    let socket = lab.socket().await;
    let padding = "x".repeat(1000);
    for n in 0..100 {
        socket.emit().bulk(n, &padding);
        tokio::task::yield_now().await;
    }
    assert!(socket.is_connected());
    let mut received = vec![number(&peer.recv().await)];
    while received.last() != Some(&99) {
        received.push(number(&peer.recv().await));
    }
    assert!((4..9).contains(&received.len()), "{received:?}");
    assert!(lab.pending_faults().iter().all(|fault| fault.kind == FaultKind::Overflow));
    lab.expect_quiet();
}

/// A POST with many events is as good as many frames: with too many of them waiting the rest is not looked at.
#[tokio::test]
async fn a_post_waits_while_too_many_handlers_are_in_flight() {
    let mut lab = Lab::with(|builder| builder.max_in_flight(2)).await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    let socket = lab.socket().await;
    // Two run, two wait, and the last one comes after that.
    let padding = "x".repeat(150 * 1024);
    let body = ["a", "b", "c", "d", "e"].map(|key| format!("42[\"linger\",\"{key}\",\"{padding}\"]")).join("\x1e");
    let mut post = Http::connect(lab.addr).await;
    post.start_post(&peer.target(), body.len()).await;
    post.write(body).await;
    lab.expect_seen("a waits").await;
    lab.expect_seen("b waits").await;
    // The connection lives, and sends.
    socket.emit().news(1);
    peer.expect("2[\"news\",1]").await;
    lab.expect_quiet();
    let mut answer = std::pin::pin!(post.response());
    assert!(futures_util::poll!(&mut answer).is_pending());
    lab.gate.add_permits(5);
    let mut seen = Vec::new();
    for _ in 0..8 {
        seen.push(lab.seen().await);
    }
    seen.sort();
    assert_eq!(seen, ["a passes", "b passes", "c passes", "c waits", "d passes", "d waits", "e passes", "e waits"]);
    assert_eq!(answer.await.parts(), (200, "ok"));
    lab.expect_quiet();
}

/// What the protocol itself answers is in no outbox, and must not grow without limit either.
#[tokio::test]
async fn answers_to_connects_wait_for_a_client_that_does_not_read() {
    let lab = Lab::with(|builder| builder.outbox(BUDGET, Overflow::Disconnect)).await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    let name = "x".repeat(1000);
    let body = (0..600).map(|n| format!("40/{n}{name},")).collect::<Vec<_>>().join("\x1e");
    let mut post = Http::connect(lab.addr).await;
    post.start_post(&peer.target(), body.len()).await;
    post.write(body).await;
    let mut answer = std::pin::pin!(post.response());
    for n in 0..600 {
        if n == 128 {
            assert!(futures_util::poll!(&mut answer).is_pending());
        }
        peer.expect(&format!("4/{n}{name},{{\"message\":\"Invalid namespace\"}}")).await;
    }
    assert_eq!(answer.await.parts(), (200, "ok"));
    assert_eq!(lab.io.connections(), 1);
}

/// What may get lost does not make a client a slow one, however much of it comes at once.
#[tokio::test]
async fn volatile_events_disconnect_nobody() {
    let mut lab = Lab::with(|builder| builder.outbox(BUDGET, Overflow::Disconnect)).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    let socket = lab.socket().await;
    socket.emit().news(1);
    peer.expect("2[\"news\",1]").await;
    assert_eq!(socket.flushed().await, Ok(()));
    let padding = "x".repeat(PADDING);
    for n in 0..100 {
        socket.volatile().emit().bulk(n, &padding);
    }
    assert_eq!(number(&peer.recv().await), 0);
    assert_eq!(socket.flushed().await, Ok(()));
    socket.emit().news(2);
    while peer.recv().await != "2[\"news\",2]" {}
    lab.expect_quiet();
}
