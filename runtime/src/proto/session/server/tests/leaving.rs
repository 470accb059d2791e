use super::*;

#[test]
fn by_the_client() {
    let mut rig = Rig::joined();
    assert_eq!(rig.text("41"), "left#0 client namespace disconnect");
    assert!(!rig.send(0, "42[\"a\"]"));
    assert_eq!(rig.text("42/n,[\"a\"]"), "event#1 [\"a\"]");
    assert_eq!(rig.text("40"), "connect#2 / -");
    rig.accept(2, "new");
    assert!(!rig.connection.disconnect(rig.now, rig.joins[0]), "the old join is not the new one");
    assert_eq!(rig.text("41/n"), "left#1 client namespace disconnect");
    // Its own packets after that are out of place.
    assert_eq!(rig.text("42/n,[\"a\"]"), "left#2 forced close, > close, closed: forced close");
}

#[test]
fn by_the_server() {
    let mut rig = Rig::joined();
    assert_eq!(rig.disconnect(1), "left#1 server namespace disconnect, > 41/n,");
    assert!(!rig.connection.disconnect(rig.now, rig.joins[1]));
    assert!(!rig.send(1, "42/n,[\"a\"]"));
    // What the client had sent before it knew is dropped; the reference closes the connection.
    for text in ["42/n,[\"a\"]", "43/n,1[]", "451-/n,[\"a\"]"] {
        assert_eq!(rig.text(text), "", "{text:?}");
    }
    assert_eq!(rig.binary(b"x"), "");
    assert_eq!(rig.text("42[\"a\"]"), "event#0 [\"a\"]");
    assert_eq!(rig.text("40/n"), "connect#2 /n -");
    // Both sides at the same time.
    assert_eq!(rig.disconnect(0), "left#0 server namespace disconnect, > 41");
    assert_eq!(rig.text("41"), "");
    assert_eq!(rig.text("41"), "left#2 forced close, > close, closed: forced close");
}

#[test]
fn in_the_middle_of_a_packet_with_attachments() {
    let mut rig = Rig::joined();
    rig.text("451-/n,[\"a\"]");
    rig.disconnect(1);
    assert_eq!(rig.binary(b"x"), "");
    assert_eq!(rig.text("42[\"a\"]"), "event#0 [\"a\"]");
}

#[test]
fn is_remembered_for_a_limited_number() {
    let mut rig = Rig::with(Config { max_namespaces: 2, ..Config::default() });
    for n in 0..100 {
        rig.text(&format!("40/{n}"));
        rig.accept(n, "id");
        rig.disconnect(n);
    }
    assert_eq!(rig.text("42/99,[\"a\"]"), "");
    assert_eq!(rig.text("42/97,[\"a\"]"), "> close, closed: forced close");
}

#[test]
fn the_last_one_may_close_the_connection_later() {
    let mut forever = Rig::joined();
    forever.text("41");
    forever.text("41/n");
    assert_eq!(forever.wait_alive(Duration::from_mins(10)), "");

    let cfg = Config { idle_timeout: Some(Duration::from_secs(10)), ..Config::default() };
    let mut rig = Rig::with(cfg);
    rig.text("40");
    rig.accept(0, "id");
    rig.disconnect(0);
    assert_eq!(rig.wait(Duration::from_millis(9_999)), "");
    rig.text("40");
    rig.accept(1, "id");
    assert_eq!(rig.wait(Duration::from_secs(10)), "", "it has joined again");
    rig.text("41");
    assert_eq!(rig.wait(Duration::from_secs(10)), "> close, closed: forced close");
}

/// However long the answer takes.
#[test]
fn a_connection_on_its_way_into_a_namespace_is_not_idle() {
    let mut rig = Rig::with(Config { idle_timeout: Some(Duration::from_secs(10)), ..Config::default() });
    rig.text("40");
    rig.accept(0, "id");
    rig.text("41");
    assert_eq!(rig.wait(Duration::from_secs(9)), "");
    rig.text("40/n");
    assert_eq!(rig.wait_alive(Duration::from_mins(1)), "");
    rig.accept(1, "id");
    assert_eq!(rig.wait_alive(Duration::from_mins(1)), "");
    // It leaves while it waits for another one, which refuses it: idle from then on.
    rig.text("40/o");
    rig.text("41/n");
    assert_eq!(rig.wait_alive(Duration::from_mins(1)), "");
    rig.connection.reject(rig.joins[2], b"{}");
    assert_eq!(rig.drain(), "> 44/o,{}");
    assert_eq!(rig.wait(Duration::from_millis(9_999)), "");
    assert_eq!(rig.wait(Duration::from_millis(1)), "> close, closed: forced close");
}

#[test]
fn by_the_server_before_the_client_is_in() {
    let mut rig = Rig::new();
    rig.text("40/n");
    assert_eq!(rig.disconnect(0), "");
    assert!(rig.send(0, "42/n,[\"bye\"]"));
    let expected = r#"left#0 server namespace disconnect, > 40/n,{"sid":"x"}, > 42/n,["bye"], > 41/n,"#;
    assert_eq!(rig.accept(0, "x"), expected);

    let mut rig = Rig::new();
    rig.text("40");
    rig.disconnect(0);
    assert!(rig.connection.reject(rig.joins[0], b"{}"));
    assert_eq!(rig.drain(), "> 44{}");
}
