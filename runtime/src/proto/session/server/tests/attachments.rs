use super::*;

#[test]
fn follow_their_packet() {
    let mut rig = Rig::joined();
    assert_eq!(rig.text("452-/n,4[\"a\",0,1]"), "");
    assert_eq!(rig.binary(b"x"), "");
    assert_eq!(rig.binary(b"y"), "event#1(4) [\"a\",0,1] b\"x\" b\"y\"");
    assert_eq!(rig.text("461-9[0]"), "");
    assert_eq!(rig.text("bAQ=="), "ack#0(9) [0] b\"\\x01\"", "base64 in a text frame is binary");
}

#[test]
fn text_between_them_is_an_error() {
    // socketioxide 0.18.9 fixed the same (#811).
    let mut rig = Rig::joined();
    rig.text("451-[\"a\"]");
    assert_eq!(rig.text("42[\"b\"]"), gone_with("got plaintext data when reconstructing a packet"));
    let mut rig = Rig::joined();
    rig.text("451-[\"a\"]");
    assert_eq!(rig.text("41"), gone_with("got plaintext data when reconstructing a packet"));
}

#[test]
fn a_heartbeat_between_them_is_not() {
    let mut rig = Rig::joined();
    rig.text("451-[\"a\"]");
    assert_eq!(rig.text("3"), "");
    assert_eq!(rig.binary(b"x"), "event#0 [\"a\"] b\"x\"");
}

#[test]
fn unannounced_ones_are_an_error() {
    let error = gone_with("got binary data when not reconstructing a packet");
    assert_eq!(Rig::joined().binary(b"x"), error);
    let mut rig = Rig::joined();
    rig.text("451-[\"a\"]");
    rig.binary(b"x");
    assert_eq!(rig.binary(b"y"), error);
}

#[test]
fn are_limited_in_number_and_size() {
    let cfg = Config { max_attachments: 2, max_attachment_bytes: 5, ..Config::default() };
    let rig = || {
        let mut rig = Rig::with(cfg.clone());
        rig.text("40");
        rig.accept(0, "id");
        rig
    };
    let closed = "left#0 forced close, > close, closed: forced close";
    assert_eq!(rig().text("453-[\"a\"]"), format!("{closed} (too many attachments)"));
    let mut full = rig();
    full.text("452-[\"a\"]");
    full.binary(b"123");
    assert_eq!(full.binary(b"45"), "event#0 [\"a\"] b\"123\" b\"45\"");
    let mut over = rig();
    over.text("452-[\"a\"]");
    over.binary(b"123");
    assert_eq!(over.binary(b"456"), format!("{closed} (attachments too large)"));
    let mut half = rig();
    half.text("452-[\"a\"]");
    half.binary(b"123");
    half.connection.close(half.now, DisconnectReason::ServerShuttingDown, false);
    assert!(half.connection.partial.is_none(), "freed at once");
}

#[test]
fn have_their_time() {
    let mut rig = Rig::with(Config { attachment_timeout: Duration::from_secs(10), ..Config::default() });
    rig.text("40");
    rig.accept(0, "id");
    // Each of them.
    rig.text("452-[\"a\"]");
    assert_eq!(rig.wait(Duration::from_millis(9_999)), "");
    rig.binary(b"x");
    assert_eq!(rig.wait(Duration::from_millis(9_999)), "");
    assert_eq!(rig.binary(b"y"), "event#0 [\"a\"] b\"x\" b\"y\"");
    assert_eq!(rig.wait_alive(Duration::from_mins(1)), "");
    // But for what is not looked at.
    rig.text("452-[\"a\"]");
    rig.connection.pause(true);
    assert_eq!(rig.wait_alive(Duration::from_mins(1)), "");
    rig.connection.pause(false);
    rig.binary(b"x");
    let closed = "left#0 forced close, > close, closed: forced close (attachments are missing)";
    assert_eq!(rig.wait(Duration::from_secs(10)), closed);
    assert!(rig.connection.partial.is_none());
}

#[test]
fn go_out_behind_their_packet() {
    let mut rig = Rig::joined();
    let packet = Encoded {
        text: Bytes::from_static(b"452-[\"a\"]"),
        attachments: vec![Bytes::from_static(b"x"), Bytes::from_static(b"y")],
    };
    assert!(rig.connection.send(rig.joins[0], packet));
    rig.send(1, "42/n,[\"b\"]");
    assert_eq!(rig.connection.queued(), Backlog { frames: 4, bytes: 9 + 2 + 10 });
    assert_eq!(rig.drain(), "> 452-[\"a\"], > b\"x\", > b\"y\", > 42/n,[\"b\"]");
    assert_eq!(rig.connection.queued(), Backlog::default());
}

#[test]
fn no_room_is_made_for_what_is_only_announced() {
    let mut rig = Rig::with(Config { max_attachments: usize::MAX, ..Config::default() });
    rig.text("40");
    rig.accept(0, "id");
    assert_eq!(rig.text("4518446744073709551615-[\"a\"]"), "");
}
