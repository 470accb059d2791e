use super::*;

#[test]
fn a_refusal_keeps_the_connection() {
    let mut rig = Rig::joined();
    rig.text("40/random");
    assert!(rig.connection.reject(rig.joins[2], br#"{"message":"Invalid namespace"}"#));
    assert_eq!(rig.drain(), r#"> 44/random,{"message":"Invalid namespace"}"#);
    assert!(!rig.connection.reject(rig.joins[2], b"{}"));
    assert!(!rig.connection.accept(rig.joins[2], "x"));
    assert_eq!(rig.text("42[\"a\"]"), "event#0 [\"a\"]");
    assert_eq!(rig.text("40/random"), "connect#3 /random -", "it may try again");
    assert!(!rig.connection.reject(rig.joins[0], b"{}"), "too late for one that has joined");
}

#[test]
fn the_query_stays_in_the_name() {
    let mut rig = Rig::new();
    assert_eq!(rig.text("40/custom?x=1,{}"), "connect#0 /custom?x=1 {}");
    rig.connection.reject(rig.joins[0], br#"{"message":"plain"}"#);
    assert_eq!(rig.drain(), r#"> 44/custom?x=1,{"message":"plain"}"#);
}

#[test]
fn what_is_sent_before_the_answer_follows_it() {
    let mut rig = Rig::new();
    rig.text("40");
    assert!(rig.send(0, "42[\"early\",1]"));
    assert!(rig.send(0, "42[\"early\",2]"));
    assert_eq!(rig.connection.held(), Backlog { frames: 2, bytes: 26 });
    assert_eq!(rig.connection.queued(), Backlog::default(), "the network is not to blame");
    assert_eq!(rig.drain(), "");
    assert_eq!(rig.accept(0, "id"), r#"> 40{"sid":"id"}, > 42["early",1], > 42["early",2]"#);
    assert!(!rig.connection.accept(rig.joins[0], "id"), "once");
    // What was held for a refused one is dropped.
    rig.text("40/n");
    rig.send(1, "42/n,[\"early\"]");
    rig.connection.reject(rig.joins[1], b"{}");
    assert_eq!(rig.drain(), "> 44/n,{}");
    assert_eq!(rig.connection.held(), Backlog::default());
}

#[test]
fn the_socket_id_is_written_as_json() {
    let mut rig = Rig::new();
    rig.text("40");
    assert_eq!(rig.accept(0, "a\"b"), r#"> 40{"sid":"a\"b"}"#);
}

#[test]
fn a_connection_has_a_limit_of_namespaces() {
    let mut rig = Rig::with(Config { max_namespaces: 2, ..Config::default() });
    rig.text("40/a");
    rig.text("40/b");
    assert_eq!(rig.text("40/c"), GONE);
}

#[test]
fn without_one_the_connection_closes_in_time() {
    let mut rig = Rig::new();
    rig.text("40");
    assert_eq!(rig.wait(Duration::from_millis(24_999)), "");
    rig.text("3");
    assert_eq!(rig.wait(Duration::from_secs(20)), "");
    // A pending join does not count.
    assert_eq!(rig.wait(Duration::from_millis(1)), "left#0 forced close, > close, closed: forced close");
    let mut rig = Rig::joined();
    assert_eq!(rig.wait_alive(Duration::from_mins(10)), "");
}

#[test]
fn without_a_pending_get_the_reason_is_the_other_one() {
    let cfg = Config { connect_timeout: Duration::from_secs(5), ..Config::default() };
    for (get, want) in [(true, "left#0 forced close, > 9: 1, closed: forced close"), (false, "left#0 forced server close")] {
        let now = Instant::now();
        let connection = Connection::open_polling(now, "S", ExchangeId(1), Arc::new(cfg.clone()));
        let mut rig = Rig { connection, now, joins: Vec::new() };
        rig.drain();
        rig.connection.handle_post_started(now, ExchangeId(2));
        rig.connection.handle_post_body(now, ExchangeId(2), Ok(Bytes::from_static(b"40")));
        rig.drain();
        if get {
            rig.connection.handle_poll(now, ExchangeId(9));
            rig.drain();
        }
        assert_eq!(rig.wait(Duration::from_secs(5)), want);
        if !get {
            rig.connection.handle_poll(rig.now, ExchangeId(9));
            assert_eq!(rig.drain(), "> 9: 1, closed: forced server close");
        }
    }
}

#[test]
fn a_name_has_at_most_a_thousand_and_twenty_four_bytes() {
    let mut rig = Rig::new();
    assert!(rig.text(&format!("40/{}", "x".repeat(1023))).starts_with("connect#0 /xxx"));
    assert_eq!(rig.text(&format!("40/{}", "y".repeat(1024))), "left#0 forced close, > close, closed: forced close");
}
