use super::*;

#[test]
fn at_once_when_the_transport_takes_it() {
    assert_eq!(Rig::websocket().close(false), "ws 9 closes, closed: forced close");
    let mut rig = Rig::polling();
    rig.get(2);
    rig.session.send(Frame::message("bye"));
    // The close packet alone: a stock client acts on it before it has looked at the others of its payload.
    assert_eq!(rig.close(false), "get 2: 4bye");
    assert_eq!(rig.get(3), "get 3: 1, closed: forced close");
}

#[test]
fn waits_for_the_next_get_at_most_thirty_seconds() {
    let mut rig = Rig::polling();
    assert_eq!(rig.close(false), "");
    assert!(!rig.session.is_open() && !rig.session.is_closed());
    assert!(!rig.session.send(Frame::message("late")));
    assert_eq!(rig.post(3, "4ignored"), "post 3: ok");
    assert_eq!(rig.wait(29_999), "");
    assert_eq!(rig.get(4), "get 4: 1, closed: forced close");

    let mut rig = Rig::polling();
    rig.close(false);
    assert_eq!(rig.timeout(), Some(CLOSE_TIMEOUT));
    assert_eq!(rig.wait(30_000), "closed: forced close");
}

#[test]
fn a_websocket_closes_after_the_last_frame() {
    let mut rig = Rig::websocket();
    rig.session.send(Frame::message("a"));
    rig.session.send(Frame::message("b"));
    assert_eq!(rig.close(false), "ws 9: 4a, ws 9: 4b, ws 9 closes, closed: forced close");

    // One that does not read is not waited for longer than that.
    let mut rig = Rig::websocket();
    rig.session.send(Frame::message("a"));
    rig.session.close(rig.now, DisconnectReason::ForcedClose, false);
    assert_eq!(rig.timeout(), Some(CLOSE_TIMEOUT));
    rig.session.handle_timeout(rig.now + CLOSE_TIMEOUT);
    assert_eq!(rig.drain(), "ws 9 closes, closed: forced close");
}

/// A program that ends has not half a minute.
#[test]
fn a_shutdown_waits_less() {
    let shut_down = |rig: &mut Rig| {
        rig.session.close(rig.now, DisconnectReason::ServerShuttingDown, false);
        rig.drain()
    };
    let mut rig = Rig::polling();
    assert_eq!(shut_down(&mut rig), "");
    assert_eq!(rig.wait(4_999), "");
    assert_eq!(rig.wait(1), "closed: server shutting down");

    // Also for who is on the way out already.
    let mut rig = Rig::polling();
    assert_eq!(rig.close(false), "");
    assert_eq!(rig.wait(1_000), "");
    assert_eq!(shut_down(&mut rig), "");
    assert_eq!(rig.wait(5_000), "closed: forced close");
    let mut rig = Rig::polling();
    assert_eq!(rig.close(false), "");
    assert_eq!(rig.wait(29_000), "");
    assert_eq!(shut_down(&mut rig), "");
    assert_eq!(rig.wait(1_000), "closed: forced close");
}

#[test]
fn discarding_drops_the_queue() {
    let mut rig = Rig::websocket();
    rig.session.send(Frame::message("a"));
    assert_eq!(rig.close(true), "ws 9 closes, closed: forced close");
    let mut rig = Rig::polling();
    rig.session.send(Frame::message("a"));
    assert_eq!(rig.close(true), "closed: forced close");
    let mut rig = Rig::polling();
    rig.close(false);
    assert_eq!(rig.close(true), "closed: forced close", "an orderly close can be cut short");
}

#[test]
fn a_post_in_flight_is_dropped() {
    let mut rig = Rig::polling();
    rig.post_head(2);
    assert_eq!(rig.close(true), "drop 2, closed: forced close");

    // Not by an orderly close: the client would see the error before the last payload.
    let mut rig = Rig::polling();
    rig.post_head(2);
    rig.session.send(Frame::message("bye"));
    assert_eq!(rig.close(false), "");
    assert_eq!(rig.get(3), "get 3: 4bye");
    assert_eq!(rig.get(4), "get 4: 1, post 2: ok, closed: forced close");
}

#[test]
fn a_client_may_close_as_well() {
    let mut rig = Rig::polling();
    rig.close(false);
    assert_eq!(rig.post(2, "4ignored\x1e1\x1e4more"), "post 2: ok, closed: forced close");
}

#[test]
fn an_upgrade_may_still_deliver_what_is_queued() {
    let mut rig = Rig::probed();
    rig.session.send(Frame::message("a"));
    assert_eq!(rig.close(false), "");
    assert_eq!(rig.frame(WS, "5"), "upgraded, ws 9: 4a, ws 9 closes, closed: forced close");
}
