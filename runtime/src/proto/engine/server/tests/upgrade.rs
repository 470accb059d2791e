use super::*;

#[test]
fn probe_upgrade_and_flush() {
    let mut rig = Rig::probed();
    assert_eq!(rig.send("during"), "", "no GET is pending");
    assert_eq!(rig.frame(WS, "5"), "upgraded, ws 9: 4during");
    assert_eq!(rig.session.transport(), Transport::WebSocket);
    assert_eq!(rig.send("after"), "ws 9: 4after");
    assert_eq!(rig.frame(WS, "4up"), "message up");
    assert_eq!(rig.get(5), "400 5");
    assert_eq!(rig.post_head(6), "400 6");
    assert_eq!(rig.ws_open(10), "ws 10 closes");
    assert_eq!(rig.abort(5), "");
}

#[test]
fn a_pending_get_is_released_at_once() {
    // The reference waits for 100 ms, bun-engine does not.
    let mut rig = Rig::polling();
    rig.get(2);
    rig.ws_open(WS);
    assert_eq!(rig.frame(WS, "2probe"), "get 2: 6, ws 9: 3probe");
}

#[test]
fn a_client_that_polls_on_does_not_do_so_as_fast_as_it_can() {
    let mut rig = Rig::polling();
    rig.get(2);
    rig.ws_open(WS);
    rig.frame(WS, "2probe");
    assert_eq!(rig.get(3), "get 3: 6", "it may have been sent before the answer to the probe was seen");
    assert_eq!(rig.get(4), "");
    assert_eq!(rig.wait(99), "");
    assert_eq!(rig.wait(1), "get 4: 6");
    assert_eq!(rig.get(5), "");
    assert_eq!(rig.wait(100), "get 5: 6");
    // Messages are delivered meanwhile.
    assert_eq!(rig.get(6), "");
    assert_eq!(rig.send("x"), "get 6: 4x");
    // A repeated probe is answered, but opens no loop.
    assert_eq!(rig.get(7), "");
    assert_eq!(rig.frame(WS, "2probe"), "ws 9: 3probe");
    assert_eq!(rig.frame(WS, "5"), "get 7: 1, upgraded");
}

#[test]
fn repeated_probes_make_one_answer_while_the_websocket_is_not_writable() {
    let mut rig = Rig::polling();
    rig.ws_open(WS);
    for _ in 0..1000 {
        rig.session.handle_ws_frame(rig.now, WsId(WS), Frame::PING_PROBE);
    }
    assert_eq!(rig.drain(), "ws 9: 3probe");
}

#[test]
fn a_failed_probe_leaves_polling_intact() {
    // socketioxide 0.18.9 closes the session.
    for frame in ["40", "2wrong", "3probe", "1", "6", "", "é"] {
        let mut rig = Rig::polling();
        rig.ws_open(WS);
        assert_eq!(rig.frame(WS, frame), "ws 9 closes", "{frame:?}");
        assert_eq!(rig.frame(WS, "5"), "", "it is not listened to any more");
        assert_eq!(rig.post(2, "4a"), "message a, post 2: ok");
        assert_eq!(rig.ws_open(10), "", "another may try");
    }
    for how in [WsClosed::Clean, WsClosed::Error] {
        let mut rig = Rig::probed();
        assert_eq!(rig.ws_closed(WS, how), "");
        rig.get(2);
        assert_eq!(rig.wait(5_000), "");
        assert_eq!(rig.send("a"), "get 2: 4a");
    }
}

#[test]
fn a_binary_frame_is_no_probe() {
    let mut rig = Rig::polling();
    rig.ws_open(WS);
    rig.session.handle_ws_frame(rig.now, WsId(WS), Frame::Binary(Bytes::from_static(b"2probe")));
    assert_eq!(rig.drain(), "ws 9 closes");
}

#[test]
fn an_upgrade_that_takes_too_long_is_given_up() {
    for probe in [false, true] {
        let mut rig = Rig::polling();
        rig.ws_open(WS);
        if probe {
            rig.frame(WS, "2probe");
        }
        assert_eq!(rig.wait(9_999), "");
        assert_eq!(rig.wait(1), "ws 9 closes");
        assert_eq!(rig.get(2), "");
        assert_eq!(rig.timeout(), Some(Duration::from_secs(15)), "only the ping is left");
    }
}

#[test]
fn a_second_candidate_is_closed() {
    let mut rig = Rig::probed();
    assert_eq!(rig.ws_open(10), "ws 10 closes");
    assert_eq!(rig.frame(10, "5"), "");
    assert_eq!(rig.frame(WS, "5"), "upgraded");
    let mut fixed = Rig::polling_raw(Config { allow_upgrades: false, ..Config::default() });
    fixed.drain();
    assert_eq!(fixed.ws_open(WS), "ws 9 closes");
}

#[test]
fn completes_without_a_probe() {
    let mut rig = Rig::polling();
    rig.get(2);
    rig.ws_open(WS);
    assert_eq!(rig.frame(WS, "5"), "get 2: 1, upgraded");
}

#[test]
fn the_session_s_end_closes_the_candidate() {
    let mut rig = Rig::probed();
    assert_eq!(rig.post(2, "1"), "ws 9 closes, post 2: ok, closed: transport close");
    let mut rig = Rig::polling();
    rig.get(2);
    rig.wait(20_000);
    rig.ws_open(WS);
    assert_eq!(rig.wait(5_000), "get 2: 2");
    assert_eq!(rig.wait(20_000), "ws 9 closes, closed: ping timeout");
}

#[test]
fn a_post_in_flight_is_dropped_by_the_upgrade() {
    let mut rig = Rig::probed();
    rig.post_head(2);
    assert_eq!(rig.frame(WS, "5"), "drop 2, upgraded");
    assert_eq!(rig.post_body(2, Ok(b"4late")), "");
    // One whose body is here comes first.
    let mut rig = Rig::probed();
    rig.post_head(2);
    rig.session.handle_post_body(rig.now, ExchangeId(2), Ok(Bytes::from_static(b"4a\x1e4b")));
    assert_eq!(rig.frame(WS, "5"), "post 2: ok, message a, message b, upgraded");
    let mut rig = Rig::probed();
    rig.post_head(2);
    rig.session.handle_post_body(rig.now, ExchangeId(2), Ok(Bytes::from_static(b"1")));
    assert_eq!(rig.frame(WS, "5"), "ws 9 closes, post 2: ok, closed: transport close");
}

#[test]
fn an_outstanding_ping_survives_it() {
    let mut rig = Rig::polling();
    rig.get(2);
    assert_eq!(rig.wait(25_000), "get 2: 2");
    rig.ws_open(WS);
    rig.frame(WS, "2probe");
    assert_eq!(rig.frame(WS, "5"), "upgraded");
    assert_eq!(rig.frame(WS, "3"), "");
    assert_eq!(rig.wait(25_000), "ws 9: 2");
}

#[test]
fn frames_of_strangers_are_ignored() {
    let mut rig = Rig::upgraded();
    assert_eq!(rig.frame(10, "1"), "");
    assert_eq!(rig.ws_closed(10, WsClosed::Clean), "");
}
