//! Servers that break the rules, or keep them too literally.

use std::{
    future::IntoFuture,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use ackord::{
    CallError, Client,
    client::{ConnectError, Manager, ManagerBuilder, Overflow, Reconnection, State, Transport},
};
use serde_json::json;
use tokio::{net::TcpListener, sync::Semaphore};

use super::fake::{Answer, OPEN, Polls, Socket};
use crate::{client::soon, client_lab::soon_again, lab::Root};

fn over(transport: Transport, addr: std::net::SocketAddr) -> ManagerBuilder {
    Manager::builder(format!("http://{addr}")).transports([transport]).upgrade(false).reconnection(soon_again())
}

async fn listen() -> (TcpListener, std::net::SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}

async fn connected(client: &Client<Root>, sid: &str) {
    let there = |state: &State| matches!(state, State::Connected { id, .. } if **id == *sid);
    soon("the connection", client.watch().wait_for(there)).await.unwrap();
}

/// What a handler emits at the very moment when the connection is lost waits for the next one.
#[tokio::test]
async fn what_is_emitted_while_the_connection_ends_is_not_lost() {
    // A malformed packet, the engine's goodbye, and one too large.
    for end in ["42[\"news\",{]", "1", &format!("4{}", "x".repeat(2000))] {
        let (listener, addr) = listen().await;
        let client = Client::<Root>::connect(over(Transport::WebSocket, addr).max_payload(1000))
            .setup(|client| {
                let answering = client.clone();
                client.on().news(async move |n| answering.emit().note(n));
            })
            .start()
            .unwrap();
        let mut fake = Socket::welcome(&listener, "1").await;
        connected(&client, "1").await;
        fake.send(&[r#"42["news",7]"#, end]).await;
        let mut fake = Socket::welcome(&listener, "2").await;
        fake.expect(r#"42["note",7]"#).await;
        client.disconnect().await;
    }
}

#[tokio::test]
async fn a_server_that_breaks_the_rules_and_does_not_read_is_left_all_the_same() {
    let (listener, addr) = listen().await;
    let client = Client::<Root>::connect(over(Transport::WebSocket, addr)).start().unwrap();
    let mut fake = Socket::welcome(&listener, "1").await;
    connected(&client, "1").await;
    for n in 0..200 {
        client.emit().maybe(n, Some("x".repeat(90_000)));
    }
    // More than the network holds.
    let call = tokio::spawn(client.emit().echo(json!(1)).into_future());
    fake.send(&["42[\"news\",{]"]).await;
    let mut states = client.watch();
    let lost = |state: &State| matches!(state, State::Disconnected { reason, .. } if reason.as_str() == "parse error");
    soon("the end", states.wait_for(|state| lost(state) || *state == State::Connecting)).await.unwrap();
    let _fake = Socket::welcome(&listener, "2").await;
    connected(&client, "2").await;
    call.abort();
    soon("leaving", client.disconnect()).await;
}

/// As a waiting event takes much more memory than a tiny one has bytes.
#[tokio::test]
async fn an_answer_of_many_events_is_not_taken_apart_while_handlers_are_busy() {
    const EVENTS: usize = 20_000;
    let polls = Polls::new().await;
    let (gate, handled) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (pass, done) = (Arc::clone(&gate), Arc::clone(&handled));
    let client = Client::<Root>::connect(over(Transport::Polling, polls.addr).max_in_flight(1))
        .setup(move |client| {
            client.on().news(async move |_| {
                pass.acquire().await.unwrap().forget();
                done.add_permits(1);
            });
        })
        .start()
        .unwrap();
    let poll = polls.open(OPEN, "1").await;
    connected(&client, "1").await;
    // The goodbye at its end is not seen: the connection lives, and sends.
    poll.ok(r#"42["news",1]"#.to_owned() + &"\u{1e}42[\"news\",1]".repeat(EVENTS - 1) + "\u{1e}1");
    for n in 0..3 {
        client.emit().note(n);
        let post = polls.post().await;
        assert_eq!(post.body, format!(r#"42["note",{n}]"#));
        post.ok("ok");
    }
    assert!(client.is_connected());
    gate.add_permits(EVENTS);
    soon("all events", handled.acquire_many(u32::try_from(EVENTS).unwrap())).await.unwrap().forget();
    // It comes back.
    polls.open(OPEN, "2").await;
    connected(&client, "2").await;
}

#[tokio::test]
async fn a_client_that_nobody_waits_for_any_more_leaves() {
    let (listener, addr) = listen().await;
    let (keep, kept) = std::sync::mpsc::channel();
    let connecting = Client::<Root>::connect(over(Transport::WebSocket, addr)).setup(move |client| {
        // As a handler would.
        keep.send(client.clone()).unwrap();
    });
    let connecting = tokio::spawn(connecting.into_future());
    let mut fake = Socket::accept(&listener).await;
    fake.expect("40").await;
    connecting.abort();
    assert!(connecting.await.unwrap_err().is_cancelled());
    // Not a `41`: the server has not let it in yet.
    assert!(fake.next().await.contains("Close"));
    let client = kept.recv().unwrap();
    drop(fake);
    soon("the end", client.watch().wait_for(State::is_over)).await.unwrap();
}

#[tokio::test]
async fn a_newcomer_does_not_wait_for_a_delay_when_the_last_one_closes_the_connection() {
    let server = Polls::new().await;
    let hour = Duration::from_hours(1);
    let never = Reconnection::default().delay(hour, hour).randomization(0.0);
    let manager = over(Transport::Polling, server.addr).reconnection(never).build();
    let first = Client::<Root>::connect(&manager).start().unwrap();
    let pending = server.open(OPEN, "1").await;
    connected(&first, "1").await;
    let leaving = tokio::spawn(async move { first.disconnect().await });
    let goodbye = server.post().await;
    assert_eq!(goodbye.body, "41");
    goodbye.ok("ok");
    let close = server.post().await;
    assert_eq!(close.body, "1");
    let second = Client::<Root>::connect(&manager).start().unwrap();
    close.ok("ok");
    pending.ok("6");
    soon("leaving", leaving).await.unwrap();
    let pending = server.open(OPEN, "2").await;
    connected(&second, "2").await;
    drop(pending);
}

#[tokio::test]
async fn a_session_that_the_server_does_not_know_any_more_is_replaced() {
    let unknown = || Answer::Says("400 Bad Request", r#"{"code":1,"message":"Session ID unknown"}"#.into());
    // The poll meets it, or the POST does.
    for by_poll in [true, false] {
        let server = Polls::new().await;
        let client = Client::<Root>::connect(over(Transport::Polling, server.addr)).start().unwrap();
        let poll = server.open(OPEN, "1").await;
        connected(&client, "1").await;
        let call = tokio::spawn(client.emit().echo(json!(1)).into_future());
        let post = server.post().await;
        assert_eq!(post.body, r#"420["echo",1]"#);
        if by_poll {
            poll.answer(unknown());
        } else {
            post.answer(unknown());
        }
        assert_eq!(soon("the call", call).await.unwrap(), Err(CallError::Disconnected));
        client.emit().note(1);
        let _poll = server.open(OPEN, "2").await;
        assert_eq!(server.post().await.body, r#"42["note",1]"#);
    }
}

#[tokio::test]
async fn a_server_that_closes_http_connections_gets_every_post_once() {
    let server = Polls::new().await;
    let client = Client::<Root>::connect(over(Transport::Polling, server.addr)).start().unwrap();
    let mut poll = server.open(OPEN, "1").await;
    connected(&client, "1").await;
    // Closed behind the answer, while the client may just be about to use it again.
    for n in 0..50 {
        client.emit().note(n);
        let post = server.post().await;
        assert_eq!(post.body, format!(r#"42["note",{n}]"#));
        post.answer(Answer::SaysAndCloses("ok".into()));
        poll.answer(Answer::SaysAndCloses("6".into()));
        poll = server.get().await;
        assert!(poll.target.contains("sid=s"), "{}", poll.target);
    }
    // Closed instead of answered: nobody knows whether the server has it, so it is not sent again.
    let call = tokio::spawn(client.emit().echo(json!(1)).into_future());
    let post = server.post().await;
    assert_eq!(post.body, r#"420["echo",1]"#);
    post.answer(Answer::Closes);
    assert_eq!(soon("the call", call).await.unwrap(), Err(CallError::Disconnected));
    client.emit().note(99);
    let _poll = server.open(OPEN, "2").await;
    assert_eq!(server.post().await.body, r#"42["note",99]"#);
}

type Nonsense = Box<dyn Fn() -> Answer>;

#[tokio::test]
async fn answers_that_are_none_are_errors_and_not_the_end() {
    let says = |status, body: &str| Answer::Says(status, body.to_owned());
    let answers: Vec<(&str, Nonsense)> = vec![
        ("an HTML page", Box::new(move || says("200 OK", "<!DOCTYPE html><html></html>"))),
        ("nothing", Box::new(move || says("200 OK", ""))),
        ("no handshake", Box::new(move || says("200 OK", "0{}"))),
        ("no JSON", Box::new(move || says("200 OK", "0{\"sid\":"))),
        ("wrong types", Box::new(move || says("200 OK", r#"0{"sid":7,"pingInterval":"x","pingTimeout":null}"#))),
        ("negative times", Box::new(move || says("200 OK", r#"0{"sid":"s","pingInterval":-1,"pingTimeout":1}"#))),
        ("a message first", Box::new(move || says("200 OK", "42[\"news\",1]"))),
        ("404", Box::new(move || says("404 Not Found", "nobody"))),
        ("500", Box::new(move || says("500 Internal Server Error", ""))),
        (
            "a redirect",
            Box::new(move || Answer::Bytes(b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n".to_vec())),
        ),
        ("no HTTP", Box::new(|| Answer::Bytes(b"\x00\xff\x00\xff SSH-2.0 \r\n\r\n".to_vec()))),
        ("a promise", Box::new(|| Answer::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n0".to_vec()))),
        (
            "endless headers",
            Box::new(|| {
                Answer::Bytes([&b"HTTP/1.1 200 OK\r\n"[..], &b"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(9000)].concat())
            }),
        ),
        ("too much", Box::new(move || says("200 OK", &"6\x1e".repeat(200_000)))),
        ("the end", Box::new(|| Answer::Closes)),
    ];
    for (what, answer) in answers {
        let server = Polls::new().await;
        let manager = over(Transport::Polling, server.addr).max_payload(10_000).timeout(Duration::from_secs(2));
        let failing = tokio::spawn(Client::<Root>::connect(manager.clone()).into_future());
        server.get().await.answer(answer());
        let error = soon(what, failing).await.unwrap().unwrap_err();
        assert!(matches!(error, ConnectError::Transport(_) | ConnectError::Timeout), "{what}: {error:?}");
        // The same to one who does not give up.
        let client = Client::<Root>::connect(manager).start().unwrap();
        server.get().await.answer(answer());
        let _poll = server.open(OPEN, "1").await;
        connected(&client, "1").await;
    }
}

#[tokio::test]
async fn odd_handshakes_are_taken_as_they_are() {
    for handshake in [
        r#"0{"sid":"s","pingInterval":25000,"pingTimeout":20000}"#,
        r#"0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":0}"#,
        r#"0{"sid":"s","upgrades":["webtransport","carrier pigeon",""],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100}"#,
        r#"0{"sid":"s","upgrades":[],"pingInterval":0,"pingTimeout":20000,"maxPayload":100}"#,
        r#"0{"sid":"s","upgrades":[],"pingInterval":18446744073709551615,"pingTimeout":18446744073709551615,"maxPayload":18446744073709551615}"#,
    ] {
        let server = Polls::new().await;
        let client = Client::<Root>::connect(over(Transport::Polling, server.addr).upgrade(true)).start().unwrap();
        let _poll = server.open(handshake, "1").await;
        client.emit().note(1);
        assert_eq!(server.post().await.body, r#"42["note",1]"#, "{handshake}");
    }
}

#[tokio::test]
async fn a_server_that_wants_pings_at_once_gets_no_storm() {
    let server = Polls::new().await;
    let delay = Duration::from_millis(50);
    let slowly = Reconnection::default().delay(delay, delay).randomization(0.0);
    let lost = Arc::new(AtomicUsize::new(0));
    let losing = Arc::clone(&lost);
    let client = Client::<Root>::connect(over(Transport::Polling, server.addr).reconnection(slowly))
        .on_connect_error(move |_, _| {
            losing.fetch_add(1, SeqCst);
        })
        .start()
        .unwrap();
    let begin = std::time::Instant::now();
    for _ in 0..10 {
        let mut request = server.get().await;
        while request.target.contains("sid=") {
            request = server.get().await;
        }
        request.ok(r#"0{"sid":"s","upgrades":[],"pingInterval":0,"pingTimeout":0}"#);
    }
    assert!(begin.elapsed() >= 9 * delay, "{:?}", begin.elapsed());
    assert!(lost.load(SeqCst) >= 9);
    soon("the end", client.disconnect()).await;
}

/// An answer that never ends is a ping timeout, whatever comes of it meanwhile.
#[tokio::test]
async fn slow_answers_do_not_hold_a_client_up() {
    let handshake = r#"0{"sid":"s","upgrades":[],"pingInterval":50,"pingTimeout":50,"maxPayload":100}"#;
    for bytes in
        ["H", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n42[\"", "HTTP/1.1 400 Bad Request\r\nContent-Length: 10\r\n\r\n{"]
    {
        let server = Polls::new().await;
        let client = Client::<Root>::connect(over(Transport::Polling, server.addr)).start().unwrap();
        let poll = server.open(handshake, "1").await;
        poll.answer(Answer::Bytes(bytes.into()));
        let _poll = server.open(OPEN, "2").await;
        connected(&client, "2").await;
    }
}

#[tokio::test]
async fn a_server_that_answers_no_post_does_not_stop_a_disconnect() {
    let server = Polls::new().await;
    let client =
        Client::<Root>::connect(over(Transport::Polling, server.addr)).outbox(100_000, Overflow::default()).start().unwrap();
    let _poll = server.open(OPEN, "1").await;
    connected(&client, "1").await;
    for n in 0..1000 {
        client.emit().maybe(n, Some("x".repeat(1000)));
    }
    let _post = server.post().await;
    let begin = std::time::Instant::now();
    soon("the end", client.disconnect()).await;
    assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn packets_out_of_place_end_the_connection_and_not_the_client() {
    for bad in [
        // A binary packet without its header, or with too little behind it.
        "bAAAA",
        "451-[\"picture\",{\"_placeholder\":true,\"num\":0}]\x1e42[\"news\",1]",
        "4599999999999-[\"picture\"]",
        "45-[\"picture\"]",
        "42[\"news\",1]\x1e\x1e",
        "40{\"sid\":}",
        "42",
        "423",
        "42{}",
        "4",
        "7",
        "b!",
        "\u{7f}",
    ] {
        let server = Polls::new().await;
        let client = Client::<Root>::connect(over(Transport::Polling, server.addr)).start().unwrap();
        let poll = server.open(OPEN, "1").await;
        connected(&client, "1").await;
        poll.ok(bad);
        // "40{" is the answer to what was answered already.
        if bad == "40{\"sid\":}" {
            client.emit().note(1);
            assert_eq!(server.post().await.body, r#"42["note",1]"#);
            continue;
        }
        loop {
            let request = server.get().await;
            if !request.target.contains("sid=") {
                request.ok(OPEN);
                break;
            }
        }
    }
}

#[tokio::test]
async fn times_beyond_the_clock_are_no_panic() {
    let (listener, addr) = listen().await;
    let forever = Reconnection::default().delay(Duration::MAX, Duration::MAX).randomization(1.0);
    let manager = over(Transport::WebSocket, addr).timeout(Duration::MAX).reconnection(forever);
    let client = tokio::spawn(Client::<Root>::connect(manager).into_future());
    let fake = Socket::welcome(&listener, "1").await;
    let client = soon("the client", client).await.unwrap().unwrap();
    drop(fake);
    let waits = |state: &State| matches!(state, State::Disconnected { will_reconnect: true, .. });
    soon("the end", client.watch().wait_for(waits)).await.unwrap();
    soon("leaving", client.disconnect()).await;
}
