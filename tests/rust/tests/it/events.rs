//! Events from a client: order, concurrency, arguments, answers, and what becomes of handlers that fail or outlive their client.

use ackord::{
    FaultCode, Namespace, RawArgs, Server, Socket, events,
    server::{FaultKind, NamespaceHandle},
};
use tokio::sync::mpsc;

use crate::{
    client::{Packet, Peer, Via, soon},
    lab::{Lab, Name, serve},
};

/// R1: a `fn` event is acknowledged once its handler has finished; an `async fn` without an id runs.
async fn acks_come_when_they_are_asked_for(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    assert_eq!(peer.ask(r#"20["note",1]"#).await, "30[]");
    lab.expect_seen("note 1").await;

    peer.send(r#"27["linger","k"]"#).await;
    lab.expect_seen("k waits").await;
    // Its ack is not among what has been sent so far.
    peer.expect_nothing().await;
    lab.gate.add_permits(1);
    lab.expect_seen("k passes").await;
    peer.expect("37[]").await;

    peer.send(r#"2["wait","quiet"]"#).await;
    lab.expect_seen("quiet waits").await;
    lab.gate.add_permits(1);
    lab.expect_seen("quiet passes").await;
    peer.expect_nothing().await;

    assert_eq!(peer.ask(r#"21["echo",{"a":[1,null,"é"]}]"#).await, r#"31[{"a":[1,null,"é"]}]"#);
    assert_eq!(peer.ask(r#"22["touch"]"#).await, "32[]");
}
over_all_transports!(acks, acks_come_when_they_are_asked_for);

fn note(name: &str, n: u64) -> Packet {
    format!("42[\"{name}\",{n}]").into()
}

/// R2, peer B1.
async fn triples_keep_their_order(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let triples: Vec<_> = (0..2000).flat_map(|n| [note("first", n), note("second", n), note("third", n)]).collect();
    peer.transmit(&triples).await;
    for n in 0..2000 {
        for name in 1..=3 {
            lab.expect_seen(&format!("{name} {n}")).await;
        }
    }
    lab.expect_quiet();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn triples_over_websocket_keep_their_order() {
    triples_keep_their_order(Via::WebSocket).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn triples_over_polling_keep_their_order() {
    triples_keep_their_order(Via::Polling).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_events_keep_their_order() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    let all: Vec<_> = (0..20_000).map(|n| note("note", n)).collect();
    for some in all.chunks(1000) {
        peer.transmit(some).await;
    }
    for n in 0..20_000 {
        assert_eq!(lab.seen().await, format!("note {n}"));
    }
    peer.expect_nothing().await;
}

async fn a_slow_handler_holds_nobody_up(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    peer.transmit(&["421[\"wait\",\"a\"]".into(), "422[\"wait\",\"b\"]".into(), "423[\"echo\",3]".into()]).await;
    lab.expect_seen("a waits").await;
    lab.expect_seen("b waits").await;
    peer.expect("33[3]").await;
    lab.gate.add_permits(2);
    let mut answers = [peer.recv().await, peer.recv().await];
    answers.sort();
    assert_eq!(answers, ["31[\"a\"]", "32[\"b\"]"]);
}
over_all_transports!(concurrency, a_slow_handler_holds_nobody_up);

/// With too many handlers in flight events wait, and nothing is lost.
#[tokio::test]
async fn events_wait_while_too_many_handlers_are_in_flight() {
    let mut lab = Lab::with(|builder| builder.max_in_flight(3)).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    for n in 0..8 {
        peer.send(&format!("2{n}[\"wait\",\"{n}\"]")).await;
    }
    for n in 0..3 {
        lab.expect_seen(&format!("{n} waits")).await;
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    lab.expect_quiet();
    lab.gate.add_permits(8);
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(peer.recv().await);
    }
    answers.sort();
    assert_eq!(answers, (0..8).map(|n| format!("3{n}[\"{n}\"]")).collect::<Vec<_>>());
}

/// What a handler in flight waits for gets through: the client's answer, here.
async fn answers_pass_events_that_wait(via: Via) {
    let mut lab = Lab::with(|builder| builder.max_in_flight(1)).await;
    let mut peer = Peer::join(lab.addr, via).await;
    peer.transmit(&["421[\"relay\",\"a\"]".into(), "422[\"relay\",\"b\"]".into()]).await;
    assert_eq!(peer.recv().await, "20[\"confirm\",\"a\"]");
    peer.send("30[true]").await;
    assert_eq!([peer.recv().await, peer.recv().await], ["31[true]", "21[\"confirm\",\"b\"]"]);
    peer.send("31[false]").await;
    assert_eq!(peer.recv().await, "32[false]");
    lab.expect_quiet();
}
over_all_transports!(saturation, answers_pass_events_that_wait);

/// Peer B2: what a client sends the moment it is told that it is connected, while another one floods the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_event_is_never_lost() {
    let mut lab = Lab::new().await;
    let mut flooding = Peer::join(lab.addr, Via::WebSocket).await;
    let flood = tokio::spawn(async move {
        let touches = vec![Packet::from("42[\"touch\"]"); 500];
        loop {
            flooding.transmit(&touches).await;
        }
    });
    for n in 0..300 {
        let via = if n % 10 == 0 { Via::Polling } else { Via::WebSocket };
        let mut peer = Peer::join(lab.addr, via).await;
        peer.send(&format!("2[\"note\",{n}]")).await;
        lab.expect_seen(&format!("note {n}")).await;
    }
    flood.abort();
}

/// R3.
async fn handlers_outlive_their_client(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    peer.transmit(&["421[\"wait\",\"w\"]".into(), "42[\"linger\",\"l\"]".into()]).await;
    lab.expect_seen("w waits").await;
    lab.expect_seen("l waits").await;
    peer.leave().await;
    lab.expect_left("transport close").await;
    assert_eq!((lab.io.connections(), lab.root.len()), (0, 0));
    lab.gate.add_permits(2);
    let mut ends = [lab.seen().await, lab.seen().await];
    ends.sort();
    assert_eq!(ends, ["l passes", "w passes"]);
    lab.expect_quiet();
}
over_all_transports!(completion, handlers_outlive_their_client);

/// R3, peer B14: a panic is caught, reported, answered if that is possible, and the socket stays.
async fn panics_are_faults(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    peer.send("21[\"boom\"]").await;
    peer.expect(r#"31[{"ok":false,"fault":{"code":"internal","message":"the handler failed"}}]"#).await;
    lab.expect_fault("boom", FaultKind::Panic("boom goes 20".into())).await;
    // A bare value has no room for a fault.
    peer.send("22[\"plainBoom\"]").await;
    lab.expect_fault("plainBoom", FaultKind::Panic("plain".into())).await;
    peer.send("23[\"crash\"]").await;
    lab.expect_fault("crash", FaultKind::Panic("crash".into())).await;
    peer.send("2[\"boom\"]").await;
    lab.expect_fault("boom", FaultKind::Panic("boom goes 20".into())).await;
    peer.expect_nothing().await;
    lab.expect_quiet();
}
over_all_transports!(panics, panics_are_faults);

/// R4.
async fn arguments_are_checked_and_named(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let message = r#"{"id":7,"tags":["a"],"reply_to":null}"#;
    // A missing `Option`, a null, one too many; a missing `Option` within a payload.
    assert_eq!(peer.ask(&format!("20[\"check\",{message},1]")).await, r#"30[{"ok":true,"value":107}]"#);
    assert_eq!(peer.ask(&format!("20[\"check\",{message},1,null]")).await, r#"30[{"ok":true,"value":107}]"#);
    assert_eq!(peer.ask(&format!("20[\"check\",{message},1,5,\"offset\"]")).await, r#"30[{"ok":true,"value":12}]"#);
    assert_eq!(peer.ask(r#"20["check",{"id":1,"tags":[],"more":2},1]"#).await, r#"30[{"ok":true,"value":101}]"#);
    // The errors of the contract.
    assert_eq!(peer.ask(&format!("20[\"check\",{message},0]")).await, r#"30[{"ok":false,"error":{"code":"empty"}}]"#);
    let too_long = r#"30[{"ok":false,"error":{"code":"too_long","max":9}}]"#;
    assert_eq!(peer.ask(&format!("20[\"check\",{message},10]")).await, too_long);
    lab.expect_quiet();

    for (args, name, path, message) in [
        (format!("{message},null"), "level", "", "invalid type: null, expected u8"),
        (format!("{message},256"), "level", "", "invalid value: integer `256`, expected u8"),
        (message.to_owned(), "level", "", "missing"),
        ("null,1".to_owned(), "message", "", "invalid type: null, expected struct Message"),
        (r#"{"id":1,"tags":["a",5]},1"#.to_owned(), "message", ".tags[1]", "invalid type: integer `5`, expected a string"),
        (r#"{"id":"x","tags":[]},1"#.to_owned(), "message", ".id", "invalid type: string \"x\", expected u32"),
        (r#"{"id":1},1"#.to_owned(), "message", "", "missing field `tags`"),
        (format!("{message},1,\"five\""), "extra", "", "invalid type: string \"five\", expected u32"),
    ] {
        let answer = peer.ask(&format!("20[\"check\",{args}]")).await;
        let fault = lab.fault().await;
        assert_eq!(fault.event, "check");
        let FaultKind::BadArgs(bad) = fault.kind else { panic!("{fault:?}") };
        assert_eq!((bad.name, &*bad.path, &*bad.message), (name, path, message));
        let message = serde_json::to_string(&bad.to_string()).unwrap();
        assert_eq!(answer, format!(r#"30[{{"ok":false,"fault":{{"code":"bad_args","message":{message}}}}}]"#));
    }

    peer.send("29[\"note\",\"one\"]").await;
    assert!(
        matches!(lab.fault().await.kind, FaultKind::BadArgs(bad) if bad.to_string() == "n: invalid type: string \"one\", expected u64")
    );
    peer.expect_nothing().await;
    for (args, seen) in [("1", "None"), ("1,null", "None"), ("1,\"x\"", "Some(\"x\")"), ("1,\"x\",{}", "Some(\"x\")")] {
        peer.send(&format!("2[\"maybe\",{args}]")).await;
        lab.expect_seen(&format!("maybe 1 {seen}")).await;
    }
    lab.expect_quiet();
    assert_eq!(FaultCode::BadArgs.as_str(), "bad_args");
}
over_all_transports!(arguments, arguments_are_checked_and_named);

/// R4, R10, peer B6: names are compared after JSON unescaping.
async fn events_have_names(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    for name in ["file:put", "filePut", "put \\\"é\\\"", "put \\\"\\u00e9\\u0022", "\\u0066ile\\u003aput"] {
        peer.send_binary(&format!("51-4[\"{name}\",\"f\",{{\"_placeholder\":true,\"num\":0}}]"), &[b"12"]).await;
        peer.expect("34[2]").await;
        lab.expect_seen("put f").await;
    }
    // Neither the Rust name nor another case of it.
    for name in ["put", "plain_boom", "Note", "note "] {
        peer.send(&format!("2[\"{name}\"]")).await;
        lab.expect_fault(name, FaultKind::UnknownEvent).await;
    }
    let socket = lab.socket().await;
    socket.emit().who_are_you();
    peer.expect("2[\"who:are-you\"]").await;
    lab.expect_quiet();
}
over_all_transports!(names, events_have_names);

/// Peer B9: an argument is what the signature says, whatever its shape.
async fn newtypes_and_tuples_are_one_argument(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    assert_eq!(peer.ask(r#"21["rename","x",[7,"y"],["a","b"]]"#).await, r#"31["x 7 y 2"]"#);
    let name = |name: &str| Name(name.to_owned());
    lab.socket().await.emit().renamed(&name("x"), (7, name("y")), &[name("a"), name("b")]);
    peer.expect(r#"2["renamed","x",[7,"y"],["a","b"]]"#).await;
    lab.expect_quiet();
}
over_all_transports!(shapes, newtypes_and_tuples_are_one_argument);

/// R7.
async fn unknown_events_do_no_harm(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let id = lab.socket().await.id();
    peer.send("25[\"nope\",1]").await;
    let fault = lab.fault().await;
    assert_eq!((&*fault.namespace, fault.socket, &*fault.event), ("/", Some(id), "nope"));
    assert_eq!(fault.kind, FaultKind::UnknownEvent);
    peer.send("2[\"\"]").await;
    lab.expect_fault("", FaultKind::UnknownEvent).await;
    peer.send_binary("51-[\"bytes\",{\"_placeholder\":true,\"num\":0}]", &[b"x"]).await;
    lab.expect_fault("bytes", FaultKind::UnknownEvent).await;
    peer.expect_nothing().await;
    lab.expect_quiet();
}
over_all_transports!(unknown, unknown_events_do_no_harm);

#[events(rename_all = "kebab-case", prefix = "shop:")]
trait Shop {
    fn put_back(&self, n: u32);
    #[event(alias = "price?")]
    async fn price_of(&self, n: u32) -> Result<u32, String>;
    fn unused(&self);
}

#[events(ack = "plain")]
trait Foreign {
    async fn ask(&self, n: u32) -> Result<u32, String>;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/shop", server = dyn Shop, client = dyn Shop)]
struct ShopSpace;

#[derive(Namespace, Clone)]
#[namespace(path = "/foreign", server = dyn Foreign)]
struct ForeignSpace;

/// Sockets that are their own sessions, with closures; raw handlers beside them.
async fn closures_and_raw_handlers(via: Via) {
    let (io, layer) = Server::builder().build();
    let (see, mut seen) = mpsc::unbounded_channel();
    let (fault, mut faults) = mpsc::unbounded_channel();
    let shop = io
        .namespace::<ShopSpace>()
        .connect(async move |conn| {
            let socket = conn.accept();
            let see = see.clone();
            socket
                .on()
                .put_back(async move |n| {
                    let _ = see.send(n);
                })
                .price_of(async |n| if n == 0 { Err("free".to_owned()) } else { Ok(10 * n) });
            let peer = socket.clone();
            socket.on_raw("raw", async move |args: RawArgs| {
                peer.emit_raw("raw back", &args);
                args.skip(1)
            });
            Ok(socket)
        })
        .on_raw("everywhere", async |socket: std::sync::Arc<Socket<ShopSpace>>, args: RawArgs| {
            RawArgs::new().arg(socket.id().as_str()).unwrap().arg(&args.get::<u32>(0)).unwrap()
        })
        .on_fault(move |event| drop(fault.send((event.event.clone(), event.kind.clone()))));
    io.namespace::<ForeignSpace>().connect(async |conn| {
        let socket = conn.accept();
        socket.on().ask(async |n| if n == 0 { Err("no".to_owned()) } else { Ok(n) });
        Ok(socket)
    });
    let addr = serve(layer).await;
    let mut peer = Peer::open(addr, via).await;
    let id = peer.connect("/shop", "").await;
    peer.send("2/shop,[\"shop:put-back\",4]").await;
    assert_eq!(soon("a closure", seen.recv()).await, Some(4));
    assert_eq!(peer.ask("2/shop,1[\"shop:price-of\",3]").await, r#"3/shop,1[{"ok":true,"value":30}]"#);
    assert_eq!(peer.ask("2/shop,2[\"price?\",0]").await, r#"3/shop,2[{"ok":false,"error":"free"}]"#);
    peer.send("2/shop,7[\"raw\",1,{\"b\":[2]},\"3\"]").await;
    peer.expect(r#"2/shop,["raw back",1,{"b":[2]},"3"]"#).await;
    peer.expect(r#"3/shop,7[{"b":[2]},"3"]"#).await;
    assert_eq!(peer.ask("2/shop,[\"raw\"]").await, r#"2/shop,["raw back"]"#);
    assert_eq!(peer.ask("2/shop,8[\"everywhere\",5]").await, format!(r#"3/shop,8["{id}",{{"Ok":5}}]"#));
    peer.send_binary("5/shop,1[]", &[]).await;
    peer.expect_closed().await;

    let mut peer = Peer::open(addr, via).await;
    peer.connect("/shop", "").await;
    let placeholder = r#"{"_placeholder":true,"num":0}"#;
    peer.send_binary(&format!("51-/shop,3[\"raw\",0,[{placeholder}]]"), &[b"att"]).await;
    peer.expect(&format!("51-/shop,[\"raw back\",0,[{placeholder}]]")).await;
    assert_eq!(peer.recv_binary().await, b"att");
    peer.expect(&format!("61-/shop,3[[{placeholder}]]")).await;
    assert_eq!(peer.recv_binary().await, b"att");

    // Nobody has registered for it.
    peer.send("2/shop,9[\"shop:unused\"]").await;
    assert_eq!(soon("a fault", faults.recv()).await, Some(("shop:unused".into(), FaultKind::UnknownEvent)));
    NamespaceHandle::clone(&shop).emit().put_back(9);
    peer.expect("2/shop,[\"shop:put-back\",9]").await;

    // `ack = "plain"`: no envelope for a peer that knows none.
    peer.connect("/foreign", "").await;
    assert_eq!(peer.ask("2/foreign,1[\"ask\",6]").await, "3/foreign,1[6]");
    assert_eq!(peer.ask("2/foreign,2[\"ask\",0]").await, "3/foreign,2[\"no\"]");
}
over_all_transports!(closures, closures_and_raw_handlers);
