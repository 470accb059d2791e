//! The server and clients that send again what is not acknowledged: byte by byte, without a client of ours in between.

use std::time::Duration;

use ackord::server::FaultKind;

use crate::{
    client::{Peer, Via},
    lab::Lab,
};

const KEY: &str = r#"{"ackord:session":"abcdefghijklmnopqrst"}"#;

async fn join(lab: &Lab, via: Via) -> Peer {
    let mut peer = Peer::open(lab.addr, via).await;
    peer.connect("/", KEY).await;
    peer
}

async fn what_was_answered_is_answered_again(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = join(&lab, via).await;
    assert_eq!(peer.ask(r#"21["maybe",1]"#).await, "31[]");
    assert_eq!(peer.ask(r#"22["echo",["x"]]"#).await, r#"32[["x"]]"#);
    assert_eq!(peer.ask(r#"21["maybe",1]"#).await, "31[]");
    // An event without an id has nothing to do with all this.
    peer.send(r#"2["note",1]"#).await;
    peer.send(r#"2["note",1]"#).await;
    for what in ["maybe 1 None", "note 1", "note 1"] {
        lab.expect_seen(what).await;
    }
    peer.leave().await;
    lab.left().await;
    let mut peer = join(&lab, via).await;
    // It is the id that counts.
    assert_eq!(peer.ask(r#"22["other"]"#).await, r#"32[["x"]]"#);
    assert_eq!(peer.ask(r#"21["maybe",1]"#).await, "31[]");
    // The next turn of the slot makes the one before stale.
    assert_eq!(peer.ask(r#"2257["maybe",2]"#).await, "3257[]");
    peer.send(r#"21["maybe",1]"#).await;
    peer.expect_nothing().await;
    lab.expect_seen("maybe 2 None").await;
    assert_eq!(lab.root.stale_events(), 1);
    lab.expect_quiet();
}
over_all_transports!(answered, what_was_answered_is_answered_again);

async fn what_is_being_handled_is_answered_over_the_latest_connection(via: Via) {
    let mut lab = Lab::new().await;
    let mut first = join(&lab, via).await;
    first.send(r#"20["wait","a"]"#).await;
    lab.expect_seen("a waits").await;
    first.send(r#"20["wait","a"]"#).await;
    let mut second = join(&lab, via).await;
    second.send(r#"20["wait","a"]"#).await;
    second.expect_nothing().await;
    // The newer one has taken over.
    first.send(r#"21["maybe",7]"#).await;
    first.send(r#"2["note",1]"#).await;
    lab.expect_seen("note 1").await;
    assert_eq!(lab.root.stale_events(), 1);
    lab.gate.add_permits(1);
    second.expect(r#"30["a"]"#).await;
    lab.expect_seen("a passes").await;
    assert_eq!(second.ask(r#"20["wait","a"]"#).await, r#"30["a"]"#);
    // The end of the older one changes nothing.
    first.leave().await;
    lab.left().await;
    assert_eq!(second.ask(r#"20["wait","a"]"#).await, r#"30["a"]"#);
    lab.expect_quiet();
}
over_all_transports!(running, what_is_being_handled_is_answered_over_the_latest_connection);

#[tokio::test]
async fn an_answer_waits_for_its_client_to_come_back() {
    let mut lab = Lab::new().await;
    let mut peer = join(&lab, Via::WebSocket).await;
    peer.send(r#"20["wait","a"]"#).await;
    lab.expect_seen("a waits").await;
    peer.leave().await;
    lab.left().await;
    lab.gate.add_permits(1);
    lab.expect_seen("a passes").await;
    let mut peer = join(&lab, Via::WebSocket).await;
    assert_eq!(peer.ask(r#"20["wait","a"]"#).await, r#"30["a"]"#);
    lab.expect_quiet();
}

#[tokio::test]
async fn failures_are_final_too() {
    let mut lab = Lab::new().await;
    let mut peer = join(&lab, Via::WebSocket).await;
    let bad = peer.ask(r#"20["check",{"id":1,"tags":[]},"x"]"#).await;
    assert!(bad.starts_with(r#"30[{"ok":false,"fault":{"code":"bad_args""#), "{bad}");
    let boom = peer.ask(r#"21["boom"]"#).await;
    assert!(boom.starts_with(r#"31[{"ok":false,"fault":{"code":"internal""#), "{boom}");
    peer.send(r#"22["plainBoom"]"#).await;
    peer.send(r#"23["nobody"]"#).await;
    let kinds: Vec<_> = [lab.fault().await, lab.fault().await, lab.fault().await, lab.fault().await].map(|f| f.kind).into();
    assert!(matches!(&kinds[0], FaultKind::BadArgs(_)), "{kinds:?}");
    assert!(matches!(&kinds[1], FaultKind::Panic(_)), "{kinds:?}");
    assert!(kinds.contains(&FaultKind::Panic("plain".into())) && kinds.contains(&FaultKind::UnknownEvent), "{kinds:?}");
    assert_eq!(peer.ask(r#"20["check",{"id":1,"tags":[]},"x"]"#).await, bad);
    assert_eq!(peer.ask(r#"21["boom"]"#).await, boom);
    peer.send(r#"22["plainBoom"]"#).await;
    peer.send(r#"23["nobody"]"#).await;
    peer.expect_nothing().await;
    lab.expect_quiet();
}

#[tokio::test]
async fn forgotten_answers_are_faults_and_their_events_are_not_handled_again() {
    let mut lab = Lab::with(|builder| builder.retry_answers(0)).await;
    let mut peer = join(&lab, Via::WebSocket).await;
    assert_eq!(peer.ask(r#"20["check",{"id":1,"tags":[]},1]"#).await, r#"30[{"ok":true,"value":101}]"#);
    assert_eq!(peer.ask(r#"21["echo",1]"#).await, "31[1]");
    assert_eq!(peer.ask(r#"22["maybe",1]"#).await, "32[]");
    assert_eq!(peer.ask(r#"23["touch"]"#).await, "33[]");
    let forgotten = peer.ask(r#"20["check",{"id":1,"tags":[]},1]"#).await;
    assert!(forgotten.starts_with(r#"30[{"ok":false,"fault":{"code":"internal""#), "{forgotten}");
    peer.send(r#"21["echo",1]"#).await;
    assert_eq!(peer.ask(r#"22["maybe",1]"#).await, "32[]");
    assert_eq!(peer.ask(r#"23["touch"]"#).await, "33[]");
    lab.expect_seen("maybe 1 None").await;
    lab.expect_quiet();
}

#[tokio::test]
async fn clients_are_forgotten() {
    // After a while; when there are many; when they take much.
    let minutes = Duration::from_mins(1);
    for (duration, clients, bytes) in [(Duration::ZERO, 10, 1 << 20), (minutes, 0, 1 << 20), (minutes, 10, 0)] {
        let mut lab = Lab::with(|builder| builder.retry_memory(duration, clients, bytes)).await;
        for _ in 0..2 {
            let mut peer = join(&lab, Via::WebSocket).await;
            assert_eq!(peer.ask(r#"20["maybe",1]"#).await, "30[]");
            peer.leave().await;
            lab.left().await;
            lab.expect_seen("maybe 1 None").await;
        }
    }
}

#[tokio::test]
async fn what_is_being_handled_is_not_forgotten_in_time() {
    let mut lab = Lab::with(|builder| builder.retry_memory(Duration::ZERO, 10, 1 << 20)).await;
    let mut peer = join(&lab, Via::WebSocket).await;
    peer.send(r#"20["wait","a"]"#).await;
    lab.expect_seen("a waits").await;
    peer.leave().await;
    lab.left().await;
    let mut peer = join(&lab, Via::WebSocket).await;
    peer.send(r#"20["wait","a"]"#).await;
    peer.expect_nothing().await;
    lab.gate.add_permits(1);
    peer.expect(r#"30["a"]"#).await;
}

#[tokio::test]
async fn another_key_is_another_client_and_without_one_nothing_is_known() {
    let mut lab = Lab::new().await;
    let other = r#"{"ackord:session":"ABCDEFGHIJKLMNOPQRST"}"#;
    for auth in [KEY, other, "", r#"{"ackord:session":"short"}"#] {
        let mut peer = Peer::open(lab.addr, Via::WebSocket).await;
        peer.connect("/", auth).await;
        let times = if auth.len() == KEY.len() { 1 } else { 2 };
        assert_eq!(peer.ask(r#"20["maybe",1]"#).await, "30[]");
        assert_eq!(peer.ask(r#"20["maybe",1]"#).await, "30[]");
        for _ in 0..times {
            lab.expect_seen("maybe 1 None").await;
        }
        peer.leave().await;
        lab.left().await;
        lab.expect_quiet();
    }
}
