//! Questions to clients: one or many, answered, late, twice, never (R6).

use std::time::Duration;

use ackord::{Binary, CallError, Fault, FaultCode, SocketId};
use futures_util::StreamExt;

use crate::{
    client::{Peer, Via, soon},
    lab::{Counted, Lab, Picture, Wrong},
};

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(60);

async fn calls_are_answered(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let socket = lab.socket().await;
    // Ids count up from zero; without a timeout it waits as long as the client is there.
    for (id, answer) in [true, false].into_iter().enumerate() {
        let (got, ()) = tokio::join!(async { socket.emit().confirm("sure?").await }, async {
            peer.expect(&format!("2{id}[\"confirm\",\"sure?\"]")).await;
            peer.send(&format!("3{id}[{answer}]")).await;
        });
        assert_eq!(got, Ok(answer));
    }
    let mut id = 2;
    for (answer, expected) in [
        (r#"{"ok":true,"value":5}"#, Ok(5)),
        (r#"{"ok":false,"error":{"code":"too_long","max":3}}"#, Err(CallError::App(Wrong::TooLong { max: 3 }))),
        (
            r#"{"ok":false,"fault":{"code":"overloaded","message":"m"}}"#,
            Err(CallError::Fault(Fault { code: FaultCode::Overloaded, message: "m".into() })),
        ),
        (
            r#"{"ok":false,"fault":{"code":"new","message":""}}"#,
            Err(CallError::Fault(Fault { code: FaultCode::Unknown, message: String::new() })),
        ),
    ] {
        let (got, ()) = tokio::join!(async { socket.emit().judge().timeout(LONG).await }, async {
            peer.expect(&format!("2{id}[\"judge\"]")).await;
            peer.send(&format!("3{id}[{answer},\"one too many\"]")).await;
        });
        assert_eq!(got, expected);
        id += 1;
    }
    for answer in ["", "7", "{}", r#"{"ok":true}"#, r#"{"ok":false}"#, r#"{"ok":true,"value":"x"}"#, "null"] {
        let (got, ()) = tokio::join!(async { socket.emit().judge().await }, async {
            peer.expect(&format!("2{id}[\"judge\"]")).await;
            peer.send(&format!("3{id}[{answer}]")).await;
        });
        assert!(matches!(got, Err(CallError::Decode(_))), "{answer}: {got:?}");
        id += 1;
    }
    for answer in ["", "null", "1,2"] {
        let (got, ()) = tokio::join!(async { socket.emit().nudge().await }, async {
            peer.expect(&format!("2{id}[\"nudge\"]")).await;
            peer.send(&format!("3{id}[{answer}]")).await;
        });
        assert_eq!(got, Ok(()));
        id += 1;
    }
    assert_eq!(lab.root.stray_acks(), 0);
    lab.expect_quiet();
}
over_all_transports!(answers, calls_are_answered);

/// `rust_socketio` waits for ever here.
async fn a_handler_may_ask_its_own_client(via: Via) {
    let lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    peer.send("27[\"relay\",\"go on?\"]").await;
    peer.expect("20[\"confirm\",\"go on?\"]").await;
    peer.send("30[true]").await;
    peer.expect("37[true]").await;
}
over_all_transports!(within, a_handler_may_ask_its_own_client);

async fn late_and_doubled_acks_are_counted(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let socket = lab.socket().await;
    assert_eq!(socket.emit().confirm("1").timeout(SHORT).await, Err(CallError::Timeout));
    peer.expect("20[\"confirm\",\"1\"]").await;
    peer.send("30[true]").await;
    peer.expect_nothing().await;
    assert_eq!(lab.root.stray_acks(), 1);

    let (got, ()) = tokio::join!(async { socket.emit().confirm("2").await }, async {
        peer.expect("21[\"confirm\",\"2\"]").await;
        peer.transmit(&["431[true]".into(), "431[false]".into(), "4377[]".into()]).await;
    });
    assert_eq!(got, Ok(true));
    peer.expect_nothing().await;
    assert_eq!(lab.root.stray_acks(), 3);

    // Dropped: the question was sent, and is forgotten.
    {
        let call = async { socket.emit().confirm("3").await };
        tokio::pin!(call);
        assert!(futures_util::poll!(&mut call).is_pending());
    }
    peer.expect("22[\"confirm\",\"3\"]").await;
    peer.send("32[true]").await;
    peer.expect_nothing().await;
    assert_eq!(lab.root.stray_acks(), 4);

    // Not awaited: not even sent.
    drop(socket.emit().confirm("never"));
    peer.expect_nothing().await;
    lab.expect_quiet();
}
over_all_transports!(stray, late_and_doubled_acks_are_counted);

async fn calls_end_with_their_client(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let socket = lab.socket().await;
    let (got, ()) = tokio::join!(async { soon("an end", socket.emit().judge().into_future()).await }, async {
        peer.expect("20[\"judge\"]").await;
        peer.leave().await;
    });
    assert_eq!(got, Err(CallError::Disconnected));
    // And those that come too late end at once.
    assert_eq!(socket.emit().confirm("?").await, Err(CallError::Disconnected));
    lab.expect_left("transport close").await;
}
over_all_transports!(ends, calls_end_with_their_client);

/// Several clients in `/`, in the order of their sockets.
async fn peers(lab: &mut Lab, vias: &[Via]) -> Vec<(Peer, SocketId)> {
    let mut all = Vec::new();
    for via in vias {
        let peer = Peer::join(lab.addr, *via).await;
        all.push((peer, lab.socket().await.id()));
    }
    all
}

const MIXED: [Via; 4] = [Via::WebSocket, Via::Polling, Via::Upgraded, Via::WebSocket];

#[tokio::test]
async fn a_broadcast_collects_an_answer_from_everyone() {
    let mut lab = Lab::new().await;
    let mut all = peers(&mut lab, &MIXED).await;
    let ids: Vec<_> = all.iter().map(|(_, id)| *id).collect();
    let asked = lab.root.emit().judge().timeout(SHORT * 10).all();
    let (got, ()) = tokio::join!(asked, async {
        // One id for all of them.
        for (peer, _) in &mut all {
            peer.expect("20[\"judge\"]").await;
        }
        all[0].0.send(r#"30[{"ok":true,"value":1}]"#).await;
        all[0].0.send(r#"30[{"ok":true,"value":9}]"#).await;
        all[1].0.send(r#"30[{"ok":false,"error":{"code":"empty"}}]"#).await;
        all.remove(2).0.leave().await;
    });
    assert_eq!(got.len(), 4);
    let of = |n: usize| &got.iter().find(|(id, _)| *id == ids[n]).unwrap().1;
    assert_eq!(*of(0), Ok(1));
    assert_eq!(*of(1), Err(CallError::App(Wrong::Empty)));
    assert_eq!(*of(2), Err(CallError::Disconnected));
    assert_eq!(*of(3), Err(CallError::Timeout));
    // What came in time comes before what never did.
    assert_eq!(got[3].0, ids[3]);
    assert_eq!(lab.root.stray_acks(), 1);
    // The one that was too late.
    all[2].0.send(r#"30[{"ok":true,"value":3}]"#).await;
    all[2].0.expect_nothing().await;
    assert_eq!(lab.root.stray_acks(), 2);
}

#[tokio::test]
async fn a_broadcast_to_nobody_ends_at_once() {
    let lab = Lab::new().await;
    assert!(soon("the end", lab.root.emit().confirm("?").collect::<Vec<_>>()).await.is_empty());
    assert!(soon("the end", lab.root.to("empty").emit().confirm("?").all()).await.is_empty());
}

#[tokio::test]
async fn the_timeout_of_a_broadcast_is_the_servers_unless_it_says_otherwise() {
    let mut lab = Lab::with(|builder| builder.ack_timeout(SHORT)).await;
    let all = peers(&mut lab, &[Via::WebSocket]).await;
    let expected = [(all[0].1, Err(CallError::Timeout))];
    assert_eq!(lab.root.emit().confirm("?").collect::<Vec<_>>().await, expected);
    assert_eq!(lab.root.everyone().timeout(SHORT / 2).emit().confirm("?").collect::<Vec<_>>().await, expected);
    // Dropped half way: nothing stays, nobody is harmed.
    let mut replies = lab.root.emit().confirm("?").timeout(LONG);
    assert!(futures_util::poll!(replies.next()).is_pending());
    drop(replies);
}

/// R8.
#[tokio::test]
async fn a_broadcast_is_written_once() {
    let mut lab = Lab::new().await;
    let mut all = peers(&mut lab, &MIXED).await;
    let value = Counted::default();
    lab.root.emit().counted(&value);
    assert_eq!(value.writes(), 1);
    for (peer, _) in &mut all {
        peer.expect("2[\"counted\",7]").await;
        peer.expect_nothing().await;
    }
}

async fn binary_travels_beside_the_json(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let socket = lab.socket().await;
    let picture = Picture {
        name: "é".into(),
        data: Binary::from(vec![0, 255, 30]),
        layers: vec![Binary::default(), Binary::from(vec![1; 70_000])],
    };
    let text = r#"{"name":"é","data":{"_placeholder":true,"num":0},"layers":[{"_placeholder":true,"num":1},{"_placeholder":true,"num":2}]}"#;
    socket.emit().picture(&picture);
    lab.root.emit().picture(&picture);
    for _ in 0..2 {
        peer.expect(&format!("53-[\"picture\",{text}]")).await;
        for data in [&[0, 255, 30][..], &[], &vec![1; 70_000]] {
            assert_eq!(peer.recv_binary().await, data);
        }
    }
    // Attachments in another order than their placeholders.
    let up = r#"{"layers":[{"_placeholder":true,"num":2},{"num":0,"_placeholder":true}],"data":{"_placeholder":true,"num":1},"name":""}"#;
    peer.send_binary(&format!("53-8[\"flip\",{up}]"), &[b"zero", b"one", &vec![2; 70_000]]).await;
    peer.expect(r#"64-8[{"name":"","data":{"_placeholder":true,"num":0},"layers":[{"_placeholder":true,"num":1},{"_placeholder":true,"num":2},{"_placeholder":true,"num":3}]}]"#)
        .await;
    for data in [&b""[..], b"one", b"zero", &vec![2; 70_000]] {
        assert_eq!(peer.recv_binary().await, data);
    }
    lab.expect_quiet();
}
over_all_transports!(binary, binary_travels_beside_the_json);

/// No packet comes between another one and its attachments, whoever emits at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attachments_stay_with_their_packet() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    let socket = lab.socket().await;
    let emitters: Vec<_> = (0..4_u8)
        .map(|n| {
            let (socket, root) = (socket.clone(), lab.root.clone());
            tokio::spawn(async move {
                let picture = Picture { name: n.to_string(), data: vec![n].into(), layers: vec![vec![n; 2].into()] };
                for turn in 0..200 {
                    if turn % 2 == 0 {
                        socket.emit().picture(&picture);
                    } else {
                        root.emit().picture(&picture);
                    }
                    socket.emit().news(turn);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let (mut pictures, mut news) = (0, 0);
    while pictures < 800 || news < 800 {
        let text = peer.recv().await;
        if text.starts_with("2[\"news\"") {
            news += 1;
            continue;
        }
        pictures += 1;
        let n: u8 = text.strip_prefix("52-[\"picture\",{\"name\":\"").unwrap()[..1].parse().unwrap();
        assert_eq!((peer.recv_binary().await, peer.recv_binary().await), (vec![n], vec![n; 2]));
    }
    for emitter in emitters {
        emitter.await.unwrap();
    }
}
