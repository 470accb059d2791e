//! Events without a contract, on the server: who hears of everything, and questions.

use std::{sync::Arc, time::Duration};

use ackord::{
    Binary, CallError, Namespace, RawArgs, Server, Socket, events,
    server::{FaultKind, NamespaceHandle},
};
use tokio::sync::mpsc;

use crate::{
    client::{Peer, Via, soon},
    lab::serve,
};

#[events]
trait Up {
    fn known(&self, n: u32);
    async fn touch(&self);
}

#[events]
trait Down {
    fn told(&self, n: u32);
    async fn asked(&self, n: u32) -> u32;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Up, client = dyn Down)]
struct Root;

struct Session {
    name: &'static str,
    see: mpsc::UnboundedSender<String>,
}

impl Up for Session {
    async fn known(&self, n: u32) {
        drop(self.see.send(format!("handler {n}")));
    }
    async fn touch(&self) {}
}

struct Lab {
    addr: std::net::SocketAddr,
    root: NamespaceHandle<Root>,
    socket: mpsc::UnboundedReceiver<Socket<Root>>,
    seen: mpsc::UnboundedReceiver<String>,
    see: mpsc::UnboundedSender<String>,
    faults: mpsc::UnboundedReceiver<(String, FaultKind)>,
}

impl Lab {
    async fn new() -> Self {
        let (io, layer) = Server::builder().build();
        let (see, seen) = mpsc::unbounded_channel();
        let (give, socket) = mpsc::unbounded_channel();
        let (fault, faults) = mpsc::unbounded_channel();
        let session = see.clone();
        let root = io
            .namespace::<Root>()
            .connect(async move |conn| {
                drop(give.send(conn.accept()));
                Ok(Session { name: "s", see: session })
            })
            .on_any(|session, event, args| drop(session.see.send(format!("{}: {event} {args:?}", session.name))))
            .on_fault(move |event| drop(fault.send((event.event.clone(), event.kind.clone()))));
        Self { addr: serve(layer).await, root: NamespaceHandle::clone(&root), socket, seen, see, faults }
    }

    async fn socket(&mut self) -> Socket<Root> {
        soon("a socket", self.socket.recv()).await.unwrap()
    }

    async fn expect(&mut self, what: &str) {
        assert_eq!(soon(what, self.seen.recv()).await.unwrap(), what);
    }

    fn listener(&self, name: &'static str) -> impl Fn(&str, &RawArgs) + Send + Sync + use<> {
        let see = self.see.clone();
        move |event, args| drop(see.send(format!("{name}: {event} {args:?}")))
    }
}

/// Before the handler, whether there is one or not, and with what the client sent.
async fn listeners_hear_of_every_event(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let socket = lab.socket().await;
    socket.on_any(lab.listener("a"));
    socket.on_any(lab.listener("b"));
    peer.send(r#"21["known",3]"#).await;
    for name in ["s", "a", "b"] {
        lab.expect(&format!("{name}: known RawArgs([3], 0 attachments)")).await;
    }
    lab.expect("handler 3").await;
    peer.expect("31[]").await;
    // Also of what is not handled: another type, an unknown event.
    for (packet, heard) in
        [(r#"2["known","x"]"#, r#"known RawArgs(["x"], 0 attachments)"#), (r#"2["no\u0065"]"#, "noe RawArgs([], 0 attachments)")]
    {
        peer.send(packet).await;
        for name in ["s", "a", "b"] {
            lab.expect(&format!("{name}: {heard}")).await;
        }
        soon("a fault", lab.faults.recv()).await.unwrap();
    }
    peer.send_binary(r#"51-["put",{"_placeholder":true,"num":0}]"#, &[b"x"]).await;
    lab.expect(r#"s: put RawArgs([{"_placeholder":true,"num":0}], 1 attachments)"#).await;
}
over_all_transports!(any, listeners_hear_of_every_event);

#[tokio::test]
async fn a_listener_that_panics_is_reported_and_harms_nobody() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    let socket = lab.socket().await;
    socket.on_any(|event, _| panic!("heard {event}"));
    socket.on_any_outgoing(|event, _| panic!("sent {event}"));
    for _ in 0..2 {
        assert_eq!(peer.ask(r#"21["known",3]"#).await, "31[]");
        let fault = soon("a fault", lab.faults.recv()).await.unwrap();
        assert_eq!(fault, ("known".into(), FaultKind::Panic("heard known".into())));
    }
    socket.emit().told(4);
    peer.expect(r#"2["told",4]"#).await;
    assert_eq!(soon("a fault", lab.faults.recv()).await.unwrap(), ("told".into(), FaultKind::Panic("sent told".into())));
}

/// Broken JSON, and names that no event may have, close the connection and are heard by nobody.
#[tokio::test]
async fn listeners_hear_of_no_broken_packet() {
    for packet in [r#"2["known",]"#, r#"2["known",{]"#, r#"2["connect",1]"#, r#"2["\u0063onnect",1]"#] {
        let mut lab = Lab::new().await;
        let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
        lab.socket().await.on_any(lab.listener("a"));
        peer.send(packet).await;
        peer.expect_closed().await;
        assert!(lab.seen.try_recv().is_err(), "{packet}");
    }
}

#[tokio::test]
async fn listeners_hear_of_what_is_sent() {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, Via::WebSocket).await;
    let socket = lab.socket().await;
    socket.on_any_outgoing(lab.listener("out"));
    socket.emit().told(1);
    socket.emit_raw("raw", &RawArgs::new().arg(&Binary::from(vec![1])).unwrap());
    lab.root.emit().told(2);
    let asking = socket.emit().asked(3).into_future();
    let mut asking = std::pin::pin!(asking);
    assert!(futures_util::poll!(&mut asking).is_pending());
    lab.expect("out: told RawArgs([1], 0 attachments)").await;
    lab.expect(r#"out: raw RawArgs([{"_placeholder":true,"num":0}], 1 attachments)"#).await;
    lab.expect("out: told RawArgs([2], 0 attachments)").await;
    lab.expect("out: asked RawArgs([3], 0 attachments)").await;
    // Acks are no events.
    peer.expect(r#"2["told",1]"#).await;
    assert_eq!(lab.seen.try_recv().ok(), None);
    // What a listener holds goes with the socket.
    let held = Arc::new(());
    let (here, there) = (Arc::clone(&held), socket.clone());
    socket.on_any(move |_, _| drop((Arc::clone(&here), there.clone())));
    peer.leave().await;
    assert_eq!(soon("the end", asking).await, Err(CallError::Disconnected));
    assert_eq!(Arc::strong_count(&held), 1);
    let late = Arc::clone(&held);
    socket.on_any(move |_, _| drop(Arc::clone(&late)));
    assert_eq!(Arc::strong_count(&held), 1);
}

async fn a_fallback_gets_what_nobody_else_knows(via: Via) {
    let (io, layer) = Server::builder().build();
    let (see, mut seen) = mpsc::unbounded_channel();
    let (give, mut sockets) = mpsc::unbounded_channel();
    let (fault, mut faults) = mpsc::unbounded_channel();
    let session = see.clone();
    io.namespace::<Root>()
        .connect(async move |conn| {
            drop(give.send(conn.accept()));
            Ok(Session { name: "s", see: session })
        })
        .on_raw("raw", async |_, args| args)
        .on_fallback(async |session, event| {
            let (name, wants_ack) = (event.name, event.wants_ack);
            drop(session.see.send(format!("{}: {name} {:?} {wants_ack}", session.name, event.args)));
            // Another question is left unanswered.
            (name == "ask").then_some(event.args)
        })
        .on_fault(move |event| drop(fault.send(event.event.clone())));
    let mut peer = Peer::join(serve(layer).await, via).await;
    let socket = soon("a socket", sockets.recv()).await.unwrap();
    let mut expect = async |what: &str| assert_eq!(soon(what, seen.recv()).await.unwrap(), what);
    peer.send(r#"2["tell",1]"#).await;
    expect("s: tell RawArgs([1], 0 attachments) false").await;
    peer.send(r#"20["other"]"#).await;
    expect("s: other RawArgs([], 0 attachments) true").await;
    assert_eq!(peer.ask(r#"21["ask",2]"#).await, "31[2]");
    expect("s: ask RawArgs([2], 0 attachments) true").await;
    // Not what is in the contract, nor what a handler of its own has.
    assert_eq!(peer.ask(r#"22["known",3]"#).await, "32[]");
    expect("handler 3").await;
    assert_eq!(peer.ask(r#"23["raw",4]"#).await, "33[4]");
    // A socket's own one is nearer.
    let held = Arc::new(());
    let holds = Arc::clone(&held);
    socket.on_fallback(async move |event| {
        drop(holds);
        Some(event.args)
    });
    assert_eq!(peer.ask(r#"24["other",5]"#).await, "34[5]");
    assert!(faults.try_recv().is_err(), "nothing was unknown");
    // No event may have this name.
    peer.send(r#"2["connect"]"#).await;
    peer.expect_closed().await;
    assert_eq!(Arc::strong_count(&held), 1, "the fallback is let go of");
    assert!(seen.try_recv().is_err());
}
over_all_transports!(fallback, a_fallback_gets_what_nobody_else_knows);

async fn raw_questions_settle_like_any_other(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let socket = lab.socket().await;
    let args = RawArgs::new().arg("a").unwrap();
    let call = tokio::spawn(socket.call_raw("legacy", &args).into_future());
    peer.expect(r#"20["legacy","a"]"#).await;
    peer.send_binary(r#"61-0["b",{"_placeholder":true,"num":0}]"#, &[b"xyz"]).await;
    let answer = soon("an answer", call).await.unwrap().unwrap();
    assert_eq!((answer.get::<String>(0), answer.get::<Binary>(1)), (Ok("b".into()), Ok(Binary::from(b"xyz".to_vec()))));
    let timeout = Duration::from_millis(1);
    assert_eq!(socket.call_raw("legacy", &args).timeout(timeout).await, Err(CallError::Timeout));
    peer.expect(r#"21["legacy","a"]"#).await;

    let everyone = tokio::spawn(lab.root.call_raw("all", &args).all());
    peer.expect(r#"22["all","a"]"#).await;
    peer.send("32[]").await;
    assert_eq!(soon("answers", everyone).await.unwrap(), [(socket.id(), Ok(RawArgs::new()))]);
    let some = tokio::spawn(lab.root.to(socket.id()).call_raw("some", &args).all());
    peer.expect(r#"23["some","a"]"#).await;
    let lost = tokio::spawn(socket.call_raw("lost", &args).into_future());
    peer.expect(r#"24["lost","a"]"#).await;
    peer.leave().await;
    assert_eq!(soon("the end", some).await.unwrap(), [(socket.id(), Err(CallError::Disconnected))]);
    assert_eq!(soon("the end", lost).await.unwrap(), Err(CallError::Disconnected));
}
over_all_transports!(questions, raw_questions_settle_like_any_other);
