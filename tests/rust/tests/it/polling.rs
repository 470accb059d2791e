//! GETs and POSTs of a session: what overlaps, what is aborted, and what is no payload (engine.io 6.6.12, `transports/polling.js`).

use tokio::io::AsyncWriteExt;

use crate::{
    client::{
        Http, Packet, Peer, Via, get,
        http::{open, post},
    },
    lab::Lab,
};

/// A polling session in `/` with a GET that is pending at the server.
async fn pending() -> (Lab, String, Http) {
    let mut lab = Lab::new().await;
    let target = open(lab.addr).await;
    assert_eq!(post(lab.addr, &target, "40").await.parts(), (200, "ok"));
    assert!(get(lab.addr, &target).await.body.starts_with("40{"));
    let mut waiting = Http::connect(lab.addr).await;
    waiting.send("GET", &target, "").await;
    // It is pending as soon as something can be said to it that would otherwise be dropped.
    let socket = lab.socket().await;
    let answered = async {
        let response = waiting.response().await;
        assert_eq!(response.body, r#"42["news",0]"#);
    };
    let volatile = async {
        loop {
            socket.volatile().emit().news(0);
            tokio::task::yield_now().await;
        }
    };
    tokio::select! { () = answered => {}, () = volatile => {} }
    waiting.send("GET", &target, "").await;
    // Its bytes are there before those of a request that follows it on the loopback.
    assert_eq!(post(lab.addr, &target, "3").await.parts(), (200, "ok"));
    (lab, target, waiting)
}

async fn expect_gone(lab: &Lab, target: &str) {
    let expected = (400, r#"{"code":1,"message":"Session ID unknown"}"#);
    assert_eq!(get(lab.addr, target).await.parts(), expected);
    assert_eq!(post(lab.addr, target, "2").await.parts(), expected);
    assert_eq!(lab.io.connections(), 0);
}

#[tokio::test]
async fn a_second_get_ends_the_session() {
    let (mut lab, target, mut first) = pending().await;
    assert_eq!(get(lab.addr, &target).await.parts(), (400, ""));
    assert_eq!(first.response().await.parts(), (200, "1"));
    lab.expect_left("transport error").await;
    expect_gone(&lab, &target).await;
    lab.expect_quiet();
}

/// Peer B12. The first POST is not left waiting for a body that nobody wants any more.
#[tokio::test]
async fn a_second_post_ends_the_session_and_the_first() {
    let (mut lab, target, mut waiting) = pending().await;
    let mut first = Http::connect(lab.addr).await;
    first.start_post(&target, 10).await;
    first.write("42[").await;
    // Only once the server has seen the first is the second one the second.
    let second = loop {
        let second = post(lab.addr, &target, "3").await;
        if second.parts() != (200, "ok") {
            break second;
        }
    };
    assert_eq!(second.parts(), (400, ""));
    assert_eq!(waiting.response().await.parts(), (200, "1"));
    lab.expect_left("transport error").await;
    expect_gone(&lab, &target).await;
    let dropped = first.response().await;
    assert_eq!((dropped.parts(), dropped.header("connection")), ((400, ""), "close"));
    assert!(first.is_ended().await);
}

#[tokio::test]
async fn a_binary_body_ends_the_session() {
    let (mut lab, target, mut waiting) = pending().await;
    let mut http = Http::connect(lab.addr).await;
    http.send("POST", &target, "Content-Type: application/octet-stream\r\nContent-Length: 2\r\n").await;
    http.write("40").await;
    assert_eq!(http.response().await.parts(), (400, ""));
    assert_eq!(waiting.response().await.parts(), (200, "1"));
    lab.expect_left("transport error").await;
    expect_gone(&lab, &target).await;
}

#[tokio::test]
async fn a_body_that_is_too_big_is_refused_and_the_session_goes_on() {
    let mut lab = Lab::with(|builder| builder.max_payload(100)).await;
    let target = open(lab.addr).await;
    assert_eq!(post(lab.addr, &target, "40").await.parts(), (200, "ok"));

    let mut announced = Http::connect(lab.addr).await;
    announced.start_post(&target, 101).await;
    assert_eq!(announced.response().await.parts(), (413, ""));

    let mut chunked = Http::connect(lab.addr).await;
    chunked.send("POST", &target, "Transfer-Encoding: chunked\r\n").await;
    chunked.write(format!("32\r\n{0}\r\n33\r\n{0}x\r\n0\r\n\r\n", "x".repeat(50))).await;
    assert_eq!(chunked.response().await.parts(), (413, ""));

    let exact = format!(r#"421["echo","{}"]"#, "x".repeat(100 - 14));
    assert_eq!(exact.len(), 100);
    assert_eq!(post(lab.addr, &target, exact).await.parts(), (200, "ok"));
    let answers = get(lab.addr, &target).await.body;
    assert!(answers.starts_with("40{") && answers.contains("\x1e431[\"xxx"), "{answers}");
    lab.expect_quiet();
}

/// Engine.IO packets that are none, or that a client does not send.
#[tokio::test]
async fn malformed_bodies_end_the_session_after_their_answer() {
    for (body, farewell, reason) in [
        ("", "1", "parse error"),
        ("7", "1", "parse error"),
        ("x", "1", "parse error"),
        ("b!", "1", "parse error"),
        ("3\x1e", "1", "parse error"),
        ("1", "6", "transport close"),
        ("2", "1", "transport error"),
        ("47", "1", "forced close"),
        ("42[", "1", "forced close"),
        ("42{}\x1e42[\"note\",1]", "1", "forced close"),
        ("bAAAA", "1", "forced close"),
        ("40", "1", "forced close"),
        ("41/other", "1", "forced close"),
    ] {
        let (mut lab, target, mut waiting) = pending().await;
        assert_eq!(post(lab.addr, &target, body).await.parts(), (200, "ok"), "{body:?}");
        assert_eq!(waiting.response().await.parts(), (200, farewell), "{body:?}");
        assert_eq!(lab.left().await.reason, reason, "{body:?}");
        expect_gone(&lab, &target).await;
        lab.expect_quiet();
    }
}

#[tokio::test]
async fn a_body_that_is_not_utf8_ends_the_session() {
    let (mut lab, target, mut waiting) = pending().await;
    assert_eq!(post(lab.addr, &target, b"42[\"note\",\"\xff\"]").await.parts(), (200, "ok"));
    assert_eq!(waiting.response().await.parts(), (200, "1"));
    lab.expect_left("parse error").await;
}

#[tokio::test]
async fn an_aborted_get_ends_the_session() {
    let (mut lab, target, waiting) = pending().await;
    drop(waiting);
    lab.expect_left("transport error").await;
    expect_gone(&lab, &target).await;
}

#[tokio::test]
async fn who_hangs_up_right_behind_a_get_ends_the_session() {
    let mut lab = Lab::new().await;
    let peer = Peer::join(lab.addr, Via::Polling).await;
    // The end of the stream is there when the request is read.
    let (mut client, server) = tokio::io::duplex(1024);
    let request = format!("GET {} HTTP/1.1\r\nHost: test\r\n\r\n", peer.target());
    client.write_all(request.as_bytes()).await.unwrap();
    drop(client);
    ackord::serve_stream(server, None, &lab.io).await;
    lab.expect_left("transport error").await;
    expect_gone(&lab, &peer.target()).await;
}

#[tokio::test]
async fn an_aborted_post_ends_the_session() {
    let (mut lab, target, mut waiting) = pending().await;
    let mut http = Http::connect(lab.addr).await;
    http.start_post(&target, 10).await;
    http.write("42[").await;
    drop(http);
    assert_eq!(waiting.response().await.parts(), (200, "1"));
    lab.expect_left("transport error").await;
    expect_gone(&lab, &target).await;
}

#[tokio::test]
async fn what_precedes_a_malformed_packet_counts_and_what_follows_does_not() {
    let (mut lab, target, mut waiting) = pending().await;
    let body = "42[\"note\",1]\x1e42[\"note\",2]\x1e9\x1e42[\"note\",3]";
    assert_eq!(post(lab.addr, &target, body).await.parts(), (200, "ok"));
    assert_eq!(waiting.response().await.parts(), (200, "1"));
    lab.expect_seen("note 1").await;
    lab.expect_seen("note 2").await;
    lab.expect_left("parse error").await;
    lab.expect_quiet();
}

#[tokio::test]
async fn without_a_pending_get_the_next_ones_bring_what_is_left_and_the_close_packet() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    let socket = lab.socket().await;
    socket.emit().news(1);
    socket.emit().news(2);
    peer.send("9").await;
    lab.expect_left("forced close").await;
    assert_eq!(get(lab.addr, &peer.target()).await.body, "42[\"news\",1]\x1e42[\"news\",2]");
    assert_eq!(get(lab.addr, &peer.target()).await.body, "1");
    expect_gone(&lab, &peer.target()).await;
}

#[tokio::test]
async fn what_was_emitted_without_a_get_arrives_in_one() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    let socket = lab.socket().await;
    socket.emit().news(1);
    socket.emit_raw("bytes", &ackord::RawArgs::new().arg(&ackord::Binary::from(vec![1, 2])).unwrap());
    socket.emit().news(3);
    let body = get(lab.addr, &peer.target()).await.body;
    let placeholder = r#"{"_placeholder":true,"num":0}"#;
    assert_eq!(body, format!("42[\"news\",1]\x1e451-[\"bytes\",{placeholder}]\x1ebAQI=\x1e42[\"news\",3]"));
    assert_eq!(peer.ask("21[\"touch\"]").await, "31[]");
}

/// Sixteen packets to a payload: more is too many for python-engineio.
#[tokio::test]
async fn a_long_queue_takes_several_polls() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    let socket = lab.socket().await;
    for n in 0..40 {
        socket.emit().news(n);
    }
    let mut lengths = Vec::new();
    let mut n = 0;
    while n < 40 {
        let body = get(lab.addr, &peer.target()).await.body;
        lengths.push(body.split('\x1e').count());
        for packet in body.split('\x1e') {
            assert_eq!(packet, format!("42[\"news\",{n}]"));
            n += 1;
        }
    }
    assert_eq!(lengths, [16, 16, 8]);
    peer.expect_nothing().await;
}

#[tokio::test]
async fn packets_that_say_nothing_are_tolerated() {
    let lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::Polling).await;
    for packet in ["0", "0{}", "3", "3probe", "5", "6"] {
        peer.transmit(&[Packet::from(packet)]).await;
    }
    peer.expect_nothing().await;
}

/// Peer B5: the public id of a socket opens nothing.
#[tokio::test]
async fn a_socket_id_is_no_session_id() {
    let mut lab = Lab::new().await;
    let mut victims = Vec::new();
    for via in [Via::Polling, Via::WebSocket, Via::Upgraded] {
        let mut victim = Peer::open(lab.addr, via).await;
        let id = victim.connect("/", "").await;
        assert_eq!(id, lab.socket().await.id().as_str());
        assert_ne!(id, victim.sid);
        let target = format!("{}polling&sid={id}", crate::client::ENDPOINT);
        let expected = (400, r#"{"code":1,"message":"Session ID unknown"}"#);
        assert_eq!(post(lab.addr, &target, "42[\"note\",1]").await.parts(), expected);
        assert_eq!(get(lab.addr, &target).await.parts(), expected);
        victim.expect_nothing().await;
        victims.push(victim);
    }
    lab.expect_quiet();
}
