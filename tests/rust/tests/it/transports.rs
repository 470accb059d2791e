//! `WebSocket`s: the upgrade of a polling session (engine.io 6.6.12, `socket.js` `_maybeUpgrade`), frames that are none, and pings.

use std::time::Duration;

use ackord::Binary;

use crate::{
    client::{
        ENDPOINT, Frame, Http, Packet, Peer, Via, Ws, get,
        http::{open, post},
        ws::{self, masked},
    },
    lab::{Lab, Picture},
};

/// A candidate for this session that has not said anything.
async fn candidate(lab: &Lab, peer: &Peer) -> Ws {
    Ws::open(lab.addr, &format!("{ENDPOINT}websocket&sid={}", peer.sid)).await
}

async fn probe(lab: &Lab, peer: &Peer) -> Ws {
    let mut ws = candidate(lab, peer).await;
    ws.text("2probe").await;
    ws.expect_text("3probe").await;
    ws
}

#[tokio::test]
async fn a_probe_releases_polls_at_once_and_again() {
    let lab = Lab::new().await;
    let mut fastest = Duration::MAX;
    for _ in 0..5 {
        let peer = Peer::join(lab.addr, Via::Polling).await;
        let mut waiting = Http::connect(lab.addr).await;
        waiting.send("GET", &peer.target(), "").await;
        let began = std::time::Instant::now();
        let mut ws = probe(&lab, &peer).await;
        assert_eq!(waiting.response().await.body, "6");
        fastest = fastest.min(began.elapsed());
        // A client that polls on during the round trip must not wait for the next ping either (socketioxide's upgrade stall).
        for _ in 0..2 {
            assert_eq!(get(lab.addr, &peer.target()).await.body, "6");
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
        ws.text("5").await;
        ws.text("421[\"touch\"]").await;
        ws.expect_text("431[]").await;
    }
    // The reference takes 100 ms for the first one.
    assert!(fastest < Duration::from_millis(90), "{fastest:?}");
}

#[tokio::test]
async fn a_poll_that_is_pending_at_the_upgrade_is_closed() {
    let lab = Lab::new().await;
    let peer = Peer::join(lab.addr, Via::Polling).await;
    // Without a probe: nothing else answers the GET.
    let mut ws = candidate(&lab, &peer).await;
    let mut waiting = Http::connect(lab.addr).await;
    waiting.send("GET", &peer.target(), "").await;
    // Its bytes are there before those of a request that follows it on the loopback.
    assert_eq!(post(lab.addr, &peer.target(), "3").await.parts(), (200, "ok"));
    ws.text("5").await;
    assert_eq!(waiting.response().await.parts(), (200, "1"));
    ws.text("421[\"touch\"]").await;
    ws.expect_text("431[]").await;
}

#[tokio::test]
async fn after_the_upgrade_polling_and_other_candidates_are_refused() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::Upgraded).await;
    let bad = (400, r#"{"code":3,"message":"Bad request"}"#);
    assert_eq!(get(lab.addr, &peer.target()).await.parts(), bad);
    assert_eq!(post(lab.addr, &peer.target(), "42[\"note\",1]").await.parts(), bad);
    candidate(&lab, &peer).await.expect_close(None).await;
    peer.expect_nothing().await;
    lab.expect_quiet();
}

/// Peer B7.
#[tokio::test]
async fn a_failed_upgrade_leaves_polling_alone() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    for wrong in ["40", "2wrong", "2", "3probe", "42[\"note\",1]", "6", "", "x"] {
        let mut ws = candidate(&lab, &peer).await;
        ws.text(wrong).await;
        ws.expect_close(None).await;
        peer.expect_nothing().await;
    }
    // Gone after the probe; gone without a goodbye; broken.
    let mut ws = probe(&lab, &peer).await;
    ws.write(&masked(8, b"")).await;
    ws.expect_close(None).await;
    drop(probe(&lab, &peer).await);
    peer.expect_nothing().await;
    let mut ws = loop {
        // The lost candidate is noticed a moment later; until then another one is too many.
        let mut ws = candidate(&lab, &peer).await;
        ws.text("2probe").await;
        if ws.next().await == Frame::Text("3probe".into()) {
            break ws;
        }
    };
    ws.write(&[0x81, 1, b'5']).await;
    ws.expect_close(Some(1002)).await;
    peer.expect_nothing().await;
    lab.expect_quiet();
    // And the next attempt succeeds.
    peer.upgrade().await;
    peer.expect_nothing().await;
}

#[tokio::test]
async fn a_second_candidate_is_turned_away() {
    let lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    let mut first = probe(&lab, &peer).await;
    candidate(&lab, &peer).await.expect_close(None).await;
    peer.expect_nothing().await;
    first.text("5").await;
    first.text("421[\"touch\"]").await;
    first.expect_text("431[]").await;
}

#[tokio::test]
async fn an_upgrade_needs_no_probe() {
    let lab = Lab::new().await;
    let peer = Peer::join(lab.addr, Via::Polling).await;
    let mut ws = candidate(&lab, &peer).await;
    ws.text("5").await;
    ws.text("421[\"touch\"]").await;
    ws.expect_text("431[]").await;
}

#[tokio::test]
async fn an_upgrade_that_takes_too_long_is_given_up() {
    let lab = Lab::with(|builder| builder.upgrade_timeout(Duration::from_millis(50))).await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    candidate(&lab, &peer).await.expect_close(None).await;
    probe(&lab, &peer).await.expect_close(None).await;
    peer.expect_nothing().await;
}

#[tokio::test]
async fn upgrades_can_be_switched_off() {
    let lab = Lab::with(|builder| builder.allow_upgrades(false)).await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    candidate(&lab, &peer).await.expect_close(None).await;
    peer.expect_nothing().await;
}

#[tokio::test]
async fn a_session_that_ends_takes_its_candidate_along() {
    let lab = Lab::new().await;
    let peer = Peer::join(lab.addr, Via::Polling).await;
    let mut ws = probe(&lab, &peer).await;
    peer.leave().await;
    ws.expect_close(None).await;
}

/// In every phase something is emitted, and asked.
#[tokio::test]
async fn nothing_is_lost_reordered_or_doubled_in_an_upgrade() {
    let mut lab = Lab::new().await;
    let peer = Peer::join(lab.addr, Via::Polling).await;
    let socket = lab.socket().await;
    socket.emit().news(0);
    let mut ws = candidate(&lab, &peer).await;
    assert_eq!(get(lab.addr, &peer.target()).await.body, "42[\"news\",0]");
    let mut waiting = Http::connect(lab.addr).await;
    waiting.send("GET", &peer.target(), "").await;
    socket.emit().news(1);
    assert_eq!(waiting.response().await.body, "42[\"news\",1]");
    ws.text("2probe").await;
    ws.expect_text("3probe").await;
    // Queued between the probe and the upgrade.
    let picture = Picture { name: "p".into(), data: Binary::from(vec![7]), layers: Vec::new() };
    socket.emit().news(2);
    socket.emit().picture(&picture);
    assert_eq!(socket.transport(), "polling");
    assert_eq!(post(lab.addr, &peer.target(), "421[\"echo\",1]\x1e422[\"echo\",2]").await.body, "ok");
    ws.text("5").await;
    ws.text("423[\"echo\",3]").await;
    ws.expect_text("42[\"news\",2]").await;
    ws.expect_text(r#"451-["picture",{"name":"p","data":{"_placeholder":true,"num":0},"layers":[]}]"#).await;
    assert_eq!(ws.next().await, Frame::Binary(vec![7]));
    ws.expect_text("431[1]").await;
    ws.expect_text("432[2]").await;
    ws.expect_text("433[3]").await;
    assert_eq!(socket.transport(), "websocket");
    socket.emit().news(4);
    ws.expect_text("42[\"news\",4]").await;
}

/// The same without steps: a stream of events while the client does what official clients do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_events_crosses_an_upgrade_whole() {
    const COUNT: u64 = 3000;
    let mut lab = Lab::new().await;
    for _ in 0..5 {
        let mut peer = Peer::join(lab.addr, Via::Polling).await;
        let socket = lab.socket().await;
        let emitting = tokio::spawn(async move {
            for n in 0..COUNT {
                socket.emit().news(n);
                if n % 8 == 0 {
                    tokio::task::yield_now().await;
                }
            }
        });
        for n in 0..100 {
            peer.expect(&format!("2[\"news\",{n}]")).await;
        }
        peer.upgrade().await;
        for n in 100..COUNT {
            peer.expect(&format!("2[\"news\",{n}]")).await;
        }
        emitting.await.unwrap();
        peer.expect_nothing().await;
    }
}

/// A WebSocket in `/`, and frames that no client sends.
#[tokio::test]
async fn broken_frames_are_answered_with_their_code() {
    let too_big = masked(ws::TEXT, &[b'x'; 102]);
    let mut fragments = ws::head(0x01, 0x80, 90);
    fragments.extend([0; 94]);
    fragments.extend(ws::head(0x80, 0x80, 90));
    fragments.extend([0; 94]);
    for (what, bytes, code) in [
        ("an unmasked frame", vec![0x81, 2, b'4', b'2'], 1002),
        (
            "a reserved bit",
            {
                let mut f = masked(ws::TEXT, b"3");
                f[0] |= 0x40;
                f
            },
            1002,
        ),
        ("a reserved opcode", masked(3, b"3"), 1002),
        ("a continuation of nothing", masked(0, b"3"), 1002),
        ("text that is not UTF-8", masked(ws::TEXT, b"42[\"note\",\"\xff\xfe\"]"), 1007),
        ("too big a frame", too_big, 1009),
        // Its length alone is enough.
        ("too big a frame to come", [ws::head(0x81, 0x80, 1 << 30), vec![0; 4]].concat(), 1009),
        ("too big a message", fragments, 1009),
    ] {
        let mut lab = Lab::with(|builder| builder.max_payload(100)).await;
        let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
        peer.ws().write(&bytes).await;
        assert_eq!(peer.ws().next().await, Frame::Close(Some(code)), "{what}");
        assert_eq!(lab.left().await.reason, "transport error", "{what}");
        assert_eq!(lab.io.connections(), 0);
        lab.expect_quiet();
    }
}

/// Peer B8: one limit for both transports.
#[tokio::test]
async fn a_message_of_exactly_the_limit_passes() {
    let lab = Lab::with(|builder| builder.max_payload(100)).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    // Without Engine.IO's type digit, which comes on top.
    let payload = format!(r#"20["echo","{}"]"#, "x".repeat(87));
    assert_eq!(payload.len(), 100);
    assert_eq!(peer.ask(&payload).await, format!("30[\"{}\"]", "x".repeat(87)));
}

#[tokio::test]
async fn control_frames_and_fragments_are_understood() {
    let lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    let ws = peer.ws();
    ws.write(&masked(9, b"are you there")).await;
    assert_eq!(ws.next().await, Frame::Pong(b"are you there".to_vec()));
    let mut first = masked(ws::TEXT, b"421[\"ec");
    first[0] &= 0x7f;
    ws.write(&first).await;
    ws.write(&masked(9, b"")).await;
    ws.write(&masked(0, b"ho\",1]")).await;
    assert_eq!(ws.next().await, Frame::Pong(Vec::new()));
    ws.expect_text("431[1]").await;
    // The goodbye is answered with the client's own code.
    ws.write(&masked(8, &1001_u16.to_be_bytes())).await;
    ws.expect_close(Some(1001)).await;
    assert_eq!(ws.next().await, Frame::End);
}

const INTERVAL: Duration = Duration::from_millis(80);
const TIMEOUT: Duration = Duration::from_millis(120);

async fn pinging() -> Lab {
    Lab::with(|builder| builder.ping_interval(INTERVAL).ping_timeout(TIMEOUT)).await
}

async fn pings_are_sent_and_answered(via: Via) {
    let mut lab = pinging().await;
    let mut peer = Peer::join(lab.addr, via).await;
    for _ in 0..3 {
        let began = std::time::Instant::now();
        assert_eq!(peer.packet().await, Some("2".into()));
        assert!(began.elapsed() > INTERVAL / 2, "{:?}", began.elapsed());
        peer.transmit(&["3".into()]).await;
    }
    peer.expect_nothing().await;
    lab.expect_quiet();
}
over_all_transports!(pings, pings_are_sent_and_answered);

async fn a_client_without_pongs_is_gone(via: Via) {
    let mut lab = pinging().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let began = std::time::Instant::now();
    assert_eq!(peer.packet().await, Some("2".into()));
    peer.expect_closed().await;
    lab.expect_left("ping timeout").await;
    let after = began.elapsed();
    assert!(after > (INTERVAL + TIMEOUT) / 2 && after < Duration::from_secs(10), "{after:?}");
    lab.expect_quiet();
    assert_eq!(lab.io.connections(), 0);
}
over_all_transports!(ping_timeout, a_client_without_pongs_is_gone);

#[tokio::test]
async fn a_client_that_does_not_even_poll_is_gone() {
    let mut lab = pinging().await;
    let peer = Peer::join(lab.addr, Via::Polling).await;
    lab.expect_left("ping timeout").await;
    let response = get(lab.addr, &peer.target()).await;
    assert_eq!(response.parts(), (400, r#"{"code":1,"message":"Session ID unknown"}"#));
}

#[tokio::test]
async fn packets_out_of_place_are_ignored_and_a_close_packet_is_obeyed() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    for packet in ["3", "0{}", "5", "6"] {
        peer.transmit(&[Packet::from(packet)]).await;
        peer.expect_nothing().await;
    }
    peer.transmit(&["1".into()]).await;
    peer.ws().expect_close(None).await;
    lab.expect_left("transport close").await;

    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    peer.transmit(&["2".into()]).await;
    peer.ws().expect_close(None).await;
    lab.expect_left("transport error").await;

    for broken in ["", "7", "x", "b!"] {
        let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
        peer.transmit(&[Packet::from(broken)]).await;
        peer.ws().expect_close(None).await;
        lab.expect_left("parse error").await;
    }
    lab.expect_quiet();
}

/// Node decodes it although no client sends it.
#[tokio::test]
async fn binary_may_come_as_base64_text_over_websocket() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    peer.send(r#"51-7["file:put","f",{"_placeholder":true,"num":0}]"#).await;
    peer.transmit(&["bAQID".into()]).await;
    peer.expect("37[3]").await;
    lab.expect_seen("put f").await;
}

#[tokio::test]
async fn a_connection_without_a_namespace_is_closed_in_time() {
    let lab = Lab::with(|builder| builder.connect_timeout(Duration::from_millis(60))).await;
    for via in [Via::WebSocket, Via::Upgraded] {
        let mut peer = Peer::open(lab.addr, via).await;
        peer.expect_closed().await;
    }
    let target = open(lab.addr).await;
    assert_eq!(get(lab.addr, &target).await.body, "1");
    // One that has joined stays, also when it leaves again.
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    peer.send("1").await;
    let mut other = Peer::open(lab.addr, Via::WebSocket).await;
    other.expect_closed().await;
    peer.connect("/", "").await;
    peer.expect_nothing().await;
    assert_eq!(lab.io.connections(), 1);

    let lab = Lab::with(|builder| builder.idle_timeout(Some(Duration::from_millis(60)))).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    peer.send("1").await;
    peer.expect_closed().await;
}
