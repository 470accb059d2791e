//! `#[events(enum)]`: events that are taken in a loop, on the server.

use ackord::{
    EventStream, Namespace, Server, Socket, events, payload,
    server::{FaultKind, ServerBuilder},
};
use futures_util::StreamExt;
use tokio::sync::mpsc;

use crate::{
    client::{Packet, Peer, Via, soon},
    lab::serve,
};

#[payload]
#[derive(PartialEq)]
pub(crate) struct Message {
    pub(crate) text: String,
}

#[events(enum, rename_all = "camelCase")]
pub(crate) trait Up {
    fn say_this(&self, room: &str, message: &Message, tags: Option<&[u8]>);
    async fn judge(&self, n: u32) -> Result<u32, String>;
    async fn plain(&self, n: u32) -> u32;
    #[event(serial)]
    async fn step(&self, n: u32) -> u32;
    async fn touch(&self);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Up)]
pub(crate) struct Root;

struct Lab {
    peer: Peer,
    socket: Socket<Root>,
    stream: EventStream<UpEvent>,
    faults: mpsc::UnboundedReceiver<(String, FaultKind)>,
}

impl Lab {
    async fn new(capacity: usize, via: Via) -> Self {
        Self::with(capacity, via, |builder| builder).await
    }

    async fn with(capacity: usize, via: Via, settings: impl FnOnce(ServerBuilder) -> ServerBuilder) -> Self {
        let (io, layer) = settings(Server::builder()).build();
        let (give, mut given) = mpsc::unbounded_channel();
        let (fault, faults) = mpsc::unbounded_channel();
        io.namespace::<Root>()
            .connect(async move |conn| {
                let socket = conn.accept();
                let stream = socket.on().events(capacity);
                // What is not worth a variant has its closure.
                socket.on().touch(async || {});
                drop(give.send((socket.clone(), stream)));
                Ok(socket)
            })
            .on_fault(move |fault_| drop(fault.send((fault_.event.clone(), fault_.kind.clone()))));
        let peer = Peer::join(serve(layer).await, via).await;
        let (socket, stream) = given.recv().await.unwrap();
        Self { peer, socket, stream, faults }
    }

    async fn event(&mut self) -> UpEvent {
        soon("an event", self.stream.next()).await.unwrap()
    }

    async fn expect_fault(&mut self, event: &str, kind: FaultKind) {
        assert_eq!(soon("a fault", self.faults.recv()).await, Some((event.to_owned(), kind)));
    }
}

async fn events_are_values_and_answered_whenever(via: Via) {
    let mut lab = Lab::new(8, via).await;
    lab.peer.send(r#"20["sayThis","r",{"text":"hi"},[1,2]]"#).await;
    lab.peer.expect("30[]").await;
    let UpEvent::SayThis { room, message, tags } = lab.event().await else { panic!("another event") };
    assert_eq!((&*room, message, tags), ("r", Message { text: "hi".into() }, Some(vec![1, 2])));
    let asked = ["421[\"judge\",1]", "422[\"plain\",2]", "423[\"judge\",0]"].map(Packet::from);
    lab.peer.transmit(&asked).await;
    let (first, second, third) = (lab.event().await, lab.event().await, lab.event().await);
    assert_eq!(format!("{second:?}"), "Plain { n: 2 }");
    let UpEvent::Judge { n: 0, reply } = third else { panic!("{third:?}") };
    reply.send(Err("none".into()));
    lab.peer.expect(r#"33[{"ok":false,"error":"none"}]"#).await;
    let UpEvent::Plain { n: 2, reply } = second else { panic!("{second:?}") };
    reply.send(20);
    lab.peer.expect("32[20]").await;
    let UpEvent::Judge { n: 1, reply } = first else { panic!("{first:?}") };
    reply.send(Ok(10));
    lab.peer.expect(r#"31[{"ok":true,"value":10}]"#).await;
    // A bad argument never gets into the stream.
    lab.peer.send("2[\"plain\"]").await;
    assert_eq!(soon("a fault", lab.faults.recv()).await.unwrap().0, "plain");
    lab.peer.expect_nothing().await;
}
over_all_transports!(values, events_are_values_and_answered_whenever);

/// Nothing waits for a consumer that is too slow, and nothing is lost silently.
#[tokio::test]
async fn what_finds_the_stream_full_is_reported_and_questions_are_answered() {
    let mut lab = Lab::new(2, Via::WebSocket).await;
    lab.peer.send(r#"20["sayThis","a",{"text":""}]"#).await;
    lab.peer.expect("30[]").await;
    lab.peer.send(r#"21["judge",1]"#).await;
    lab.peer.send(r#"22["sayThis","b",{"text":""}]"#).await;
    lab.expect_fault("sayThis", FaultKind::Overloaded).await;
    lab.peer.send(r#"23["plain",3]"#).await;
    lab.expect_fault("plain", FaultKind::Overloaded).await;
    lab.peer.send(r#"24["judge",4]"#).await;
    lab.peer.expect(r#"34[{"ok":false,"fault":{"code":"overloaded","message":"too many events wait"}}]"#).await;
    lab.expect_fault("judge", FaultKind::Overloaded).await;
    lab.peer.expect_nothing().await;
    assert!(matches!(lab.event().await, UpEvent::SayThis { room, .. } if room == "a"));
    lab.peer.send(r#"25["sayThis","c",{"text":""}]"#).await;
    lab.peer.expect("35[]").await;
    let UpEvent::Judge { n: 1, reply } = lab.event().await else { panic!("another event") };
    reply.send(Ok(1));
    lab.peer.expect(r#"31[{"ok":true,"value":1}]"#).await;
    assert!(matches!(lab.event().await, UpEvent::SayThis { room, .. } if room == "c"));
}

#[tokio::test]
async fn an_ack_that_is_dropped_is_reported() {
    let mut lab = Lab::new(2, Via::WebSocket).await;
    lab.peer.send(r#"21["judge",1]"#).await;
    drop(lab.event().await);
    lab.peer.expect(r#"31[{"ok":false,"fault":{"code":"cancelled","message":"nobody answers"}}]"#).await;
    lab.expect_fault("judge", FaultKind::Dropped).await;
    lab.peer.send(r#"22["plain",1]"#).await;
    drop(lab.event().await);
    lab.expect_fault("plain", FaultKind::Dropped).await;
    lab.peer.expect_nothing().await;
    // The same when the whole stream goes, with what is in it.
    lab.peer.send(r#"23["judge",3]"#).await;
    lab.peer.expect_nothing().await;
    let (other, Lab { mut peer, stream, mut faults, .. }) = (Lab::new(1, Via::WebSocket).await, lab);
    drop(stream);
    peer.expect(r#"33[{"ok":false,"fault":{"code":"cancelled","message":"nobody answers"}}]"#).await;
    peer.send(r#"24["sayThis","r",{"text":""}]"#).await;
    peer.expect_nothing().await;
    let kinds = [faults.recv().await.unwrap(), faults.recv().await.unwrap()];
    assert_eq!(kinds, [("judge".into(), FaultKind::Dropped), ("sayThis".into(), FaultKind::Dropped)]);
    drop(other);
}

/// What has arrived still comes; then it is over, and an answer harms nobody.
async fn a_stream_ends_with_its_socket(via: Via) {
    let mut lab = Lab::new(8, via).await;
    lab.peer.transmit(&["421[\"judge\",1]".into(), "42[\"sayThis\",\"r\",{\"text\":\"\"}]".into()]).await;
    lab.peer.expect_nothing().await;
    let Lab { peer, socket, mut stream, mut faults } = lab;
    peer.leave().await;
    let Some(UpEvent::Judge { reply, .. }) = soon("an event", stream.next()).await else { panic!("another event") };
    assert!(matches!(soon("an event", stream.next()).await, Some(UpEvent::SayThis { .. })));
    assert!(soon("the end", stream.next()).await.is_none());
    assert!(!socket.is_connected());
    reply.send(Ok(1));
    assert!(soon("the end", StreamExt::next(&mut stream)).await.is_none());
    assert!(faults.try_recv().is_err());
}
over_all_transports!(ends, a_stream_ends_with_its_socket);

/// A serial question is in the stream when the one before it is answered.
#[tokio::test]
async fn serial_events_come_one_after_another() {
    let mut lab = Lab::new(8, Via::WebSocket).await;
    let asked = ["421[\"step\",1]", "422[\"step\",2]", "423[\"plain\",3]"].map(Packet::from);
    lab.peer.transmit(&asked).await;
    let (first, second) = (lab.event().await, lab.event().await);
    let (UpEvent::Step { n: 1, reply }, UpEvent::Plain { n: 3, .. }) = (first, second) else { panic!("another order") };
    reply.send(1);
    let UpEvent::Step { n: 2, reply } = lab.event().await else { panic!("another event") };
    reply.send(2);
    lab.peer.expect("31[1]").await;
    lab.peer.expect("32[2]").await;
}

/// Heartbeats and acks go on while nobody takes anything.
#[tokio::test]
async fn nothing_waits_for_a_stream() {
    let mut lab = Lab::with(1, Via::WebSocket, |builder| builder.max_in_flight(4)).await;
    let flood: Vec<_> = (0..5000).map(|_| Packet::from("42[\"sayThis\",\"r\",{\"text\":\"\"}]")).collect();
    lab.peer.transmit(&flood).await;
    lab.peer.expect_nothing().await;
    let reported = std::iter::from_fn(|| lab.faults.try_recv().ok()).filter(|(_, kind)| *kind == FaultKind::Overloaded).count();
    assert_eq!(reported, 4999);
    assert!(matches!(lab.event().await, UpEvent::SayThis { .. }));
}
