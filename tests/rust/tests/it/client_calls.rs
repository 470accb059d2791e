//! The Rust client and this crate's server: events and acks both ways.

use std::{future::IntoFuture, time::Duration};

use ackord::{CallError, Fault, FaultCode, RawArgs, client::FaultKind};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::{
    client::soon,
    client_lab::{Page, bytes, connect, manager},
    lab::{Lab, Message, Name, Picture, Wrong},
};

fn message(id: u32) -> Message {
    Message { id, tags: vec!["é".into()], reply_to: None }
}

over_all_transports!(every_kind_of_event_is_answered_in_its_way, async |via| {
    let mut lab = Lab::new().await;
    let page = Page::open(via, lab.addr).await;
    let server = || page.client.emit();
    assert_eq!(soon("echo", server().echo(json!({"a": [1, "\n"]})).into_future()).await, Ok(json!({"a": [1, "\n"]})));
    assert_eq!(soon("touch", server().touch().into_future()).await, Ok(()));
    assert_eq!(soon("check", server().check(message(1), 3, Some(4)).into_future()).await, Ok(5));
    assert_eq!(soon("check", server().check(message(1), 0, None).into_future()).await, Err(CallError::App(Wrong::Empty)));
    let fault = Fault { code: FaultCode::Internal, message: "the handler failed".into() };
    assert_eq!(soon("boom", server().boom().into_future()).await, Err(CallError::Fault(fault)));
    let name = |text: &str| Name(text.into());
    let renamed = server().rename(name("a"), (1, name("b")), vec![name("c")]);
    assert_eq!(soon("rename", renamed.into_future()).await, Ok(name("a 1 b 1")));
    server().note(7);
    server().maybe(8, None);
    lab.expect_seen("note 7").await;
    lab.expect_seen("maybe 8 None").await;
});

over_all_transports!(binary_goes_both_ways, async |via| {
    let mut lab = Lab::new().await;
    let mut page = Page::open(via, lab.addr).await;
    let socket = lab.socket().await;
    let picture = Picture { name: "p".into(), data: bytes(b"\0data"), layers: vec![bytes(b"1"), bytes(b"")] };
    let flipped = Picture { name: "p".into(), data: bytes(b""), layers: vec![bytes(b"\0data"), bytes(b""), bytes(b"1")] };
    assert_eq!(soon("flip", page.client.emit().flip(picture.clone()).into_future()).await, Ok(flipped));
    assert_eq!(soon("put", page.client.emit().put("n", bytes(b"12345")).into_future()).await, Ok(5));
    socket.emit().picture(&picture);
    page.expect_seen(&format!("picture p {:?} 2", bytes(b"\0data"))).await;
});

over_all_transports!(the_server_asks_and_an_ack_is_awaited_inside_the_handler, async |via| {
    // rust_socketio waits for the timeout here.
    let mut lab = Lab::new().await;
    let page = Page::open(via, lab.addr).await;
    let socket = lab.socket().await;
    assert_eq!(soon("yes", socket.emit().confirm("yes").into_future()).await, Ok(true));
    assert_eq!(soon("no", socket.emit().confirm("no").into_future()).await, Ok(false));
    assert_eq!(soon("relay", page.client.emit().relay("yes".into()).into_future()).await, Ok(true));
    assert_eq!(soon("judge", socket.emit().judge().into_future()).await, Err(CallError::App(Wrong::TooLong { max: 3 })));
    socket.emit().who_are_you();
    lab.expect_seen("note 1").await;
});

over_all_transports!(two_hundred_questions_each_get_their_own_answer, async |via| {
    // rust_socketio gives 19 of 200 another call's answer.
    let lab = Lab::new().await;
    let page = Page::open(via, lab.addr).await;
    let calls = (0..200).map(|n| page.client.emit().echo(json!(n)).into_future());
    let answers = soon("all answers", join_all(calls)).await;
    let expected: Vec<Result<Value, _>> = (0..200).map(|n| Ok(json!(n))).collect();
    assert_eq!(answers, expected);
});

over_all_transports!(events_that_wait_for_a_handler_do_not_stall_acks, async |via| {
    // sioc resolves no ack while 200 events are unread.
    let mut lab = Lab::new().await;
    let mut page = Page::over(manager(via, lab.addr).max_in_flight(3)).await;
    let socket = lab.socket().await;
    for n in 0..200 {
        socket.emit().bulk(n, "padding");
    }
    assert_eq!(soon("echo", page.client.emit().echo(json!(1)).into_future()).await, Ok(json!(1)));
    page.gate.add_permits(200);
    // Three of them run at a time.
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        seen.insert(page.seen().await);
    }
    assert_eq!(seen, (0..200).map(|n| format!("bulk {n} 7")).collect());
});

over_all_transports!(a_handler_that_waits_for_an_ack_behind_many_events_gets_it, async |via| {
    let mut lab = Lab::new().await;
    let page = Page::over(manager(via, lab.addr).max_in_flight(1)).await;
    let socket = lab.socket().await;
    let asked = (0..50).map(|_| socket.emit().confirm("yes").into_future());
    assert_eq!(soon("all", join_all(asked)).await, vec![Ok(true); 50]);
    drop(page);
});

over_all_transports!(events_keep_their_order, async |via| {
    let mut lab = Lab::new().await;
    let mut page = Page::open(via, lab.addr).await;
    let socket = lab.socket().await;
    for n in 0..3000 {
        page.client.emit().note(n);
        socket.emit().news(n);
    }
    for n in 0..3000 {
        lab.expect_seen(&format!("note {n}")).await;
        page.expect_seen(&format!("news {n}")).await;
    }
});

over_all_transports!(a_late_ack_is_harmless, async |via| {
    // sioc ends its whole client.
    let mut lab = Lab::new().await;
    let page = Page::open(via, lab.addr).await;
    let late = page.client.emit().wait("late".into()).timeout(Duration::from_millis(1)).into_future();
    assert_eq!(soon("the timeout", late).await, Err(CallError::Timeout));
    lab.expect_seen("late waits").await;
    lab.gate.add_permits(1);
    lab.expect_seen("late passes").await;
    // Behind the late answer.
    assert_eq!(soon("echo", page.client.emit().echo(json!(1)).into_future()).await, Ok(json!(1)));
});

over_all_transports!(closures_and_raw_events_work_without_a_handler, async |via| {
    let mut lab = Lab::new().await;
    let (see, mut seen) = mpsc::unbounded_channel();
    let connecting = connect(via, lab.addr).setup(move |client| {
        client.on().confirm(async |prompt: String| prompt == "yes");
        client.on_raw("any \"thing\"", async move |args: RawArgs| {
            let _ = see.send(args.get::<u8>(0));
            args
        });
        client.emit().note(1);
    });
    let client = soon("the client", connecting.into_future()).await.unwrap();
    lab.expect_seen("note 1").await;
    let socket = lab.socket().await;
    assert_eq!(soon("confirm", socket.emit().confirm("yes").into_future()).await, Ok(true));
    socket.emit_raw("any \"thing\"", &RawArgs::new().arg(&5).unwrap());
    assert_eq!(soon("raw", seen.recv()).await.unwrap(), Ok(5));
    client.emit_raw("note", &RawArgs::new().arg(&2).unwrap());
    lab.expect_seen("note 2").await;
});

over_all_transports!(faults_are_told_and_the_connection_stays, async |via| {
    let mut lab = Lab::new().await;
    let (fault, mut faults) = mpsc::unbounded_channel();
    let page = Page::with(via, lab.addr, |connect| {
        connect.on_fault(move |event| drop(fault.send((event.event.clone(), event.kind.clone()))))
    })
    .await;
    let socket = lab.socket().await;
    socket.emit_raw("news", &RawArgs::new().arg("x").unwrap());
    let (event, kind) = soon("a fault", faults.recv()).await.unwrap();
    assert!(event == "news" && matches!(&kind, FaultKind::BadArgs(bad) if bad.name == "n"), "{event} {kind:?}");
    socket.emit_raw("unknown é", &RawArgs::new());
    assert_eq!(soon("a fault", faults.recv()).await.unwrap(), ("unknown é".into(), FaultKind::UnknownEvent));
    let nudge = socket.emit().nudge().timeout(Duration::from_millis(50)).into_future();
    assert_eq!(soon("nudge", nudge).await, Err(CallError::Timeout));
    assert_eq!(soon("a fault", faults.recv()).await.unwrap(), ("nudge".into(), FaultKind::Panic("nudged".into())));
    assert_eq!(soon("echo", page.client.emit().echo(json!(1)).into_future()).await, Ok(json!(1)));
});
