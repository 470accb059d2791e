use super::*;

#[test]
fn the_first_ping_comes_after_the_interval() {
    let mut rig = Rig::websocket();
    assert_eq!(rig.wait(24_999), "");
    assert_eq!(rig.wait(1), "ws 9: 2");
    assert_eq!(rig.frame(WS, "3"), "");
    assert_eq!(rig.wait(24_999), "");
    assert_eq!(rig.wait(1), "ws 9: 2");
}

#[test]
fn no_pong_in_time_closes_exactly_then() {
    let mut rig = Rig::websocket();
    assert_eq!(rig.wait(44_999), "ws 9: 2");
    assert_eq!(rig.wait(1), "ws 9 closes, closed: ping timeout");
}

#[test]
fn without_a_get_the_ping_waits_but_the_deadline_does_not() {
    let mut rig = Rig::polling();
    assert_eq!(rig.wait(30_000), "");
    assert_eq!(rig.get(2), "get 2: 2");
    assert_eq!(rig.post(3, "3"), "post 3: ok");
    assert_eq!(rig.wait(40_000), "");
    assert_eq!(rig.wait(5_000), "closed: ping timeout");

    let mut rig = Rig::polling();
    rig.get(2);
    assert_eq!(rig.wait(25_000), "get 2: 2");
    rig.get(3);
    assert_eq!(rig.wait(20_000), "get 3: 1, closed: ping timeout");
}

#[test]
fn other_traffic_moves_the_deadline_once_per_ping() {
    // engine.io 6.6.12
    let mut rig = Rig::websocket();
    assert_eq!(rig.wait(35_000), "ws 9: 2");
    rig.frame(WS, "4a");
    assert_eq!(rig.timeout(), Some(Duration::from_secs(20)));
    rig.wait(10_000);
    rig.frame(WS, "4b");
    assert_eq!(rig.wait(9_999), "");
    assert_eq!(rig.wait(1), "ws 9 closes, closed: ping timeout");

    // A new cycle, a new chance.
    let mut rig = Rig::websocket();
    rig.wait(30_000);
    rig.frame(WS, "4a");
    rig.frame(WS, "3");
    assert_eq!(rig.wait(25_000), "ws 9: 2");
    rig.wait(10_000);
    rig.frame(WS, "4b");
    assert_eq!(rig.timeout(), Some(Duration::from_secs(20)));
}

#[test]
fn traffic_before_the_ping_changes_nothing() {
    let mut rig = Rig::websocket();
    rig.wait(10_000);
    rig.frame(WS, "4a");
    assert_eq!(rig.timeout(), Some(Duration::from_secs(15)));
}

#[test]
fn an_unsolicited_pong_restarts_the_interval() {
    // engineioxide 0.17.9: one extra pong was a heartbeat timeout (#817).
    let mut rig = Rig::websocket();
    rig.wait(10_000);
    assert_eq!(rig.frame(WS, "3"), "");
    assert_eq!(rig.wait(24_999), "");
    assert_eq!(rig.wait(1), "ws 9: 2");
}

#[test]
fn a_ping_overtakes_messages_but_not_the_handshake() {
    let mut rig = Rig::websocket();
    for text in ["a", "b"] {
        rig.session.send(Frame::message(text));
    }
    rig.now += Duration::from_secs(25);
    rig.session.handle_timeout(rig.now);
    assert_eq!(rig.drain(), "ws 9: 2, ws 9: 4a, ws 9: 4b");

    let now = Instant::now();
    let session = Session::open_websocket(now, "S", WsId(WS), Arc::new(Config::default()));
    let mut rig = Rig { session, now: now + Duration::from_secs(25) };
    rig.session.handle_timeout(rig.now);
    assert!(rig.session.poll_ws_frame(WsId(WS)).is_some_and(|open| open.bytes().starts_with(b"0{")));
    assert_eq!(rig.drain(), "ws 9: 2");
}
