//! `#[event(serial)]` and `#[event(cancel_on_disconnect)]`: handlers that wait for one another, and handlers that go with their client.

use std::sync::Arc;

use ackord::{Namespace, Server, Socket, events, server::EventFault};
use tokio::sync::{Semaphore, mpsc};

use crate::{
    client::{Packet, Peer, Via, soon},
    lab::serve,
};

#[events]
trait Work {
    #[event(serial)]
    async fn step(&self, n: u32) -> u32;
    #[event(serial)]
    fn jot(&self, n: u32);
    #[event(serial)]
    async fn crash(&self) -> Result<u32, u8>;
    #[event(serial, cancel_on_disconnect)]
    async fn watch(&self, n: u32) -> u32;
    #[event(cancel_on_disconnect)]
    fn follow(&self, n: u32);
    async fn free(&self, n: u32) -> u32;
    async fn touch(&self);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Work)]
struct ByTrait;

#[derive(Namespace, Clone)]
#[namespace(path = "/closures", server = dyn Work)]
struct ByClosures;

/// Says that it is dropped, unless it was defused.
struct Fuse(Option<(mpsc::UnboundedSender<String>, u32)>);

impl Drop for Fuse {
    fn drop(&mut self) {
        if let Some((see, n)) = self.0.take() {
            let _ = see.send(format!("{n} dropped"));
        }
    }
}

#[derive(Clone)]
struct Session {
    gate: Arc<Semaphore>,
    see: mpsc::UnboundedSender<String>,
}

impl Session {
    async fn pass(&self, n: u32) -> u32 {
        let _ = self.see.send(format!("{n} waits"));
        let mut fuse = Fuse(Some((self.see.clone(), n)));
        self.gate.acquire().await.unwrap().forget();
        fuse.0 = None;
        let _ = self.see.send(format!("{n} passes"));
        n
    }
}

impl Work for Session {
    async fn step(&self, n: u32) -> u32 {
        self.pass(n).await
    }
    async fn jot(&self, n: u32) {
        let _ = self.see.send(format!("jot {n}"));
    }
    async fn crash(&self) -> Result<u32, u8> {
        panic!("crash");
    }
    async fn watch(&self, n: u32) -> u32 {
        self.pass(n).await
    }
    async fn follow(&self, n: u32) {
        self.pass(n).await;
    }
    async fn free(&self, n: u32) -> u32 {
        n
    }
    async fn touch(&self) {}
}

struct Lab {
    addr: std::net::SocketAddr,
    gate: Arc<Semaphore>,
    seen: mpsc::UnboundedReceiver<String>,
    faults: mpsc::UnboundedReceiver<EventFault>,
    io: Server,
}

impl Lab {
    async fn new(max_in_flight: usize) -> Self {
        let (io, layer) = Server::builder().max_in_flight(max_in_flight).build();
        let (see, seen) = mpsc::unbounded_channel();
        let (fault, faults) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let session = Session { gate: Arc::clone(&gate), see };
        let by_trait = session.clone();
        io.namespace::<ByTrait>()
            .connect(async move |_| Ok(by_trait.clone()))
            .on_fault(move |event| drop(fault.send(event.clone())));
        io.namespace::<ByClosures>().connect(async move |conn| {
            let socket = conn.accept();
            register(&socket, &session);
            Ok(socket)
        });
        Self { addr: serve(layer).await, gate, seen, faults, io }
    }

    async fn expect(&mut self, what: &str) {
        assert_eq!(soon(what, self.seen.recv()).await.unwrap(), what);
    }

    fn expect_nothing(&mut self) {
        assert_eq!(self.seen.try_recv().ok(), None);
    }
}

fn register(socket: &Socket<ByClosures>, session: &Session) {
    let (step, watch, follow, see) = (session.clone(), session.clone(), session.clone(), session.see.clone());
    socket
        .on()
        .step(async move |n| step.pass(n).await)
        .jot(async move |n| drop(see.send(format!("jot {n}"))))
        .watch(async move |n| watch.pass(n).await)
        .follow(async move |n| {
            follow.pass(n).await;
        })
        .free(async |n| n)
        .touch(async || {});
}

async fn serial_handlers_wait_for_one_another_and_for_nobody_else(via: Via) {
    for nsp in ["/", "/closures"] {
        let mut lab = Lab::new(1000).await;
        let mut peer = Peer::open(lab.addr, via).await;
        peer.connect(nsp, "").await;
        let nsp = if nsp == "/" { String::new() } else { format!("{nsp},") };
        let packet = |id: &str, event: &str, n| Packet::from(format!("42{nsp}{id}[\"{event}\",{n}]"));
        let all = [
            packet("1", "step", 1),
            packet("2", "step", 2),
            packet("", "jot", 3),
            packet("4", "step", 4),
            packet("5", "free", 5),
        ];
        peer.transmit(&all).await;
        lab.expect("1 waits").await;
        // The one that is not serial has overtaken them.
        peer.expect(&format!("3{nsp}5[5]")).await;
        lab.expect_nothing();
        lab.gate.add_permits(1);
        lab.expect("1 passes").await;
        peer.expect(&format!("3{nsp}1[1]")).await;
        lab.expect("2 waits").await;
        lab.expect_nothing();
        lab.gate.add_permits(1);
        for next in ["2 passes", "jot 3", "4 waits"] {
            lab.expect(next).await;
        }
        peer.expect(&format!("3{nsp}2[2]")).await;
        lab.gate.add_permits(1);
        peer.expect(&format!("3{nsp}4[4]")).await;
    }
}
over_all_transports!(serial, serial_handlers_wait_for_one_another_and_for_nobody_else);

/// Two sockets of one connection, and two connections, do not wait for each other. A panic is an end as well.
#[tokio::test]
async fn every_socket_has_a_turn_of_its_own() {
    let mut lab = Lab::new(1000).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    peer.connect("/closures", "").await;
    peer.send(r#"21["step",1]"#).await;
    lab.expect("1 waits").await;
    peer.send(r#"2/closures,2["step",2]"#).await;
    lab.expect("2 waits").await;
    let mut other = Peer::join(lab.addr, Via::WebSocket).await;
    other.send(r#"23["crash"]"#).await;
    other.expect(r#"33[{"ok":false,"fault":{"code":"internal","message":"the handler failed"}}]"#).await;
    assert_eq!(soon("a fault", lab.faults.recv()).await.unwrap().event, "crash");
    assert_eq!(other.ask(r#"24["jot",4]"#).await, "34[]");
    lab.expect("jot 4").await;
    lab.gate.add_permits(2);
}

/// Serial handlers that end at once, thousands of them: no recursion, nothing left behind.
#[tokio::test]
async fn many_serial_events_keep_their_order() {
    let mut lab = Lab::new(100_000).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    let all: Vec<_> = (1..=20_000).map(|n| Packet::from(format!("42[\"jot\",{n}]"))).collect();
    peer.send(r#"20["step",0]"#).await;
    lab.expect("0 waits").await;
    for some in all.chunks(1000) {
        peer.transmit(some).await;
    }
    assert_eq!(peer.ask("29[\"touch\"]").await, "39[]");
    lab.gate.add_permits(1);
    lab.expect("0 passes").await;
    for n in 1..=20_000 {
        lab.expect(&format!("jot {n}")).await;
    }
}

/// What waits for its turn counts as in flight: back-pressure reaches the client.
#[tokio::test]
async fn handlers_that_wait_for_their_turn_are_in_flight() {
    let mut lab = Lab::new(3).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    for n in 1..=3 {
        peer.send(&format!("2{n}[\"step\",{n}]")).await;
    }
    lab.expect("1 waits").await;
    peer.send("27[\"free\",7]").await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    lab.gate.add_permits(1);
    // Its place was free only then.
    peer.expect("31[1]").await;
    peer.expect("37[7]").await;
    lab.gate.add_permits(2);
    peer.expect("32[2]").await;
    peer.expect("33[3]").await;
}

/// R3: what wants to go with its client does, at once; everything else runs to its end.
async fn handlers_go_with_their_client_if_they_want_to(via: Via) {
    let mut lab = Lab::new(1000).await;
    let mut peer = Peer::join(lab.addr, via).await;
    let sent =
        ["421[\"watch\",1]", "42[\"follow\",2]", "423[\"watch\",3]", "424[\"step\",4]", "425[\"watch\",5]"].map(Packet::from);
    peer.transmit(&sent).await;
    lab.expect("1 waits").await;
    lab.expect("2 waits").await;
    lab.expect_nothing();
    if via.is_polling() {
        peer.leave().await;
    } else {
        peer.abandon();
    }
    let mut dropped = [soon("one", lab.seen.recv()).await.unwrap(), soon("another", lab.seen.recv()).await.unwrap()];
    dropped.sort();
    assert_eq!(dropped, ["1 dropped", "2 dropped"]);
    // It was its turn; 3 and 5 were never called.
    lab.expect("4 waits").await;
    lab.gate.add_permits(1);
    lab.expect("4 passes").await;
    soon("the last handler", lab.io.close()).await;
    lab.expect_nothing();
    assert!(lab.faults.try_recv().is_err());
}
over_all_transports!(cancelled, handlers_go_with_their_client_if_they_want_to);

/// Leaving one namespace is enough, and nothing is answered.
#[tokio::test]
async fn leaving_one_namespace_cancels_the_handlers_of_that_socket_only() {
    let mut lab = Lab::new(1000).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    peer.connect("/closures", "").await;
    peer.send(r#"21["watch",1]"#).await;
    lab.expect("1 waits").await;
    peer.send(r#"2/closures,2["watch",2]"#).await;
    lab.expect("2 waits").await;
    peer.send("1/closures,").await;
    lab.expect("2 dropped").await;
    peer.expect_nothing().await;
    lab.gate.add_permits(1);
    lab.expect("1 passes").await;
    peer.expect("31[1]").await;
}

/// An event that waited for room until its client had left is not begun.
#[tokio::test]
async fn an_event_that_has_waited_too_long_is_not_begun() {
    let mut lab = Lab::new(1).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    peer.transmit(&["421[\"step\",1]".into(), "42[\"follow\",2]".into(), "42[\"jot\",3]".into()]).await;
    lab.expect("1 waits").await;
    peer.leave().await;
    lab.gate.add_permits(1);
    lab.expect("1 passes").await;
    lab.expect("jot 3").await;
    soon("the last handler", lab.io.close()).await;
    lab.expect_nothing();
}

/// The end comes from this side, late in a turn: what stays is not forgotten.
#[tokio::test]
async fn what_is_not_cancelled_goes_on_after_the_server_has_disconnected_its_socket() {
    let mut lab = Lab::new(1000).await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    for (n, event) in [(1, "step"), (2, "follow"), (3, "watch")] {
        peer.send(&format!("2[\"{event}\",{n}]")).await;
    }
    lab.expect("1 waits").await;
    lab.expect("2 waits").await;
    lab.io.of(&ByTrait).everyone().disconnect();
    lab.expect("2 dropped").await;
    peer.expect("1").await;
    lab.gate.add_permits(1);
    lab.expect("1 passes").await;
    peer.connect("/closures", "").await;
    assert_eq!(peer.ask("2/closures,1[\"touch\"]").await, "3/closures,1[]");
    lab.expect_nothing();
}

/// Of a client that retries: what was cancelled was not handled, and is handled when it comes again.
#[tokio::test]
async fn what_was_cancelled_may_come_again() {
    let mut lab = Lab::new(100).await;
    for _ in 0..2 {
        let mut peer = Peer::open(lab.addr, Via::WebSocket).await;
        peer.connect("/", r#"{"ackord:session":"abcdefghijklmnopqrst"}"#).await;
        peer.send(r#"20["watch",1]"#).await;
        lab.expect("1 waits").await;
        peer.leave().await;
        lab.expect("1 dropped").await;
    }
    let mut peer = Peer::open(lab.addr, Via::WebSocket).await;
    peer.connect("/", r#"{"ackord:session":"abcdefghijklmnopqrst"}"#).await;
    lab.gate.add_permits(1);
    assert_eq!(peer.ask(r#"20["watch",1]"#).await, "30[1]");
}
