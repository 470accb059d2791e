//! The way into a namespace: auth, guards, refusals, parameters, several namespaces on one connection.

use std::{sync::Arc, time::Duration};

use ackord::{
    CallError, Namespace, NamespaceHandle, Server, Socket, SocketId, events, payload,
    server::{FaultKind, Overflow, Refuse},
};
use tokio::sync::{Notify, mpsc};

use crate::{
    client::{Peer, Via, soon},
    lab::serve,
};

#[payload]
#[serde(deny_unknown_fields)]
struct Login {
    token: String,
    times: Option<u8>,
}

#[payload]
enum Denied {
    BadToken,
    Banned { until: u32 },
}

#[events]
trait Hello {
    fn hello(&self, from: &str);
    async fn tell_me(&self) -> String;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/club", server = dyn Hello, client = dyn Hello, auth = Login, denied = Denied)]
struct Club;

#[derive(Namespace, Clone, PartialEq, Debug)]
#[namespace(path = "/org-{id}", server = dyn Hello, client = dyn Hello)]
struct Org {
    id: u64,
}

#[derive(Namespace, Clone)]
#[namespace(path = "/open", client = dyn Hello)]
struct Open;

struct Member {
    socket: Socket<Club>,
    token: String,
}

impl Hello for Member {
    async fn hello(&self, from: &str) {
        self.socket.to("members").emit().hello(from);
    }

    async fn tell_me(&self) -> String {
        self.token.clone()
    }
}

/// A club that is picky, with what is seen of it.
struct Lab {
    addr: std::net::SocketAddr,
    io: Server,
    club: NamespaceHandle<Club>,
    admit: Arc<Notify>,
    sockets: mpsc::UnboundedReceiver<Socket<Club>>,
    left: mpsc::UnboundedReceiver<(SocketId, &'static str)>,
    faults: mpsc::UnboundedReceiver<FaultKind>,
}

async fn lab() -> Lab {
    let (io, layer) = Server::builder().build();
    let (socket, sockets) = mpsc::unbounded_channel();
    let (leave, left) = mpsc::unbounded_channel();
    let (fault, faults) = mpsc::unbounded_channel();
    let admit = Arc::new(Notify::new());
    let door = Arc::clone(&admit);
    let club = io
        .namespace::<Club>()
        .guard(async |handshake| match handshake.query("age") {
            Some(age) if age == "17" => Err(Refuse::message("too young")),
            _ => Ok(()),
        })
        .guard(async |handshake| match handshake.query("age") {
            Some(age) if &*age < "18" => Err(Denied::Banned { until: 18 }.into()),
            _ => Ok(()),
        })
        .connect(async move |conn| {
            let token = conn.auth().token.clone();
            let joined = conn.accept();
            joined.join("members");
            let _ = socket.send(joined.clone());
            match &*token {
                "bad" => return Err(Denied::BadToken.into()),
                "plain" => return Err(Refuse::message("not \"today\"")),
                "wait" => door.notified().await,
                "early" => joined.emit().hello("before the connect"),
                "panic" => panic!("in the factory"),
                _ => {}
            }
            Ok(Member { socket: joined, token })
        })
        .on_disconnect(move |member, reason| {
            let _ = leave.send((member.socket.id(), reason.as_str()));
        })
        .on_fault(move |event| drop(fault.send(event.kind.clone())));
    let club = NamespaceHandle::clone(&club);
    io.namespace::<Open>().connect(async |conn| Ok(conn.accept()));
    let addr = serve(layer).await;
    Lab { addr, io, club, admit, sockets, left, faults }
}

/// 3.9: the connection stays open in all cases, and nothing of the refused client stays behind.
async fn refusals_have_message_and_data(via: Via) {
    let mut lab = lab().await;
    let mut peer = Peer::open(lab.addr, via).await;
    assert_eq!(peer.ask("0/random").await, r#"4/random,{"message":"Invalid namespace"}"#);
    assert_eq!(peer.ask("0/club?x=1,{}").await, r#"4/club?x=1,{"message":"Invalid namespace"}"#);
    assert_eq!(peer.ask("0/Club,").await, r#"4/Club,{"message":"Invalid namespace"}"#);
    assert_eq!(peer.ask(r#"0/club,{"token":"bad"}"#).await, r#"4/club,{"message":"BadToken","data":"BadToken"}"#);
    assert_eq!(peer.ask(r#"0/club,{"token":"plain"}"#).await, r#"4/club,{"message":"not \"today\""}"#);
    assert_eq!(peer.ask(r#"0/club,{"token":"panic"}"#).await, r#"4/club,{"message":"internal error"}"#);
    assert_eq!(soon("a fault", lab.faults.recv()).await, Some(FaultKind::Panic("in the factory".into())));
    for auth in ["", "{}", r#"{"token":7}"#, r#"{"token":"x","other":1}"#, r#"{"token":"\ud800"}"#] {
        let answer = peer.ask(&format!("0/club,{auth}")).await;
        assert!(answer.starts_with(r#"4/club,{"message":"invalid auth: "#), "{auth}: {answer}");
    }
    assert_eq!((lab.club.len(), lab.club.rooms().len()), (0, 0));
    // All three had a socket for a moment; it has left no trace, and joins nothing any more (peer B10).
    for _ in 0..3 {
        let socket = soon("a socket", lab.sockets.recv()).await.unwrap();
        assert!(!socket.is_connected() && !socket.join("late") && socket.rooms().is_empty());
        socket.emit().hello("nobody");
        assert!(lab.club.socket(socket.id()).is_none());
    }
    // And then it is let in, over the same connection.
    let id = peer.connect("/club", r#"{"token":"good"}"#).await;
    assert_eq!(soon("a socket", lab.sockets.recv()).await.unwrap().id().as_str(), id);
    assert_eq!(peer.ask("2/club,0[\"tell_me\"]").await, r#"3/club,0["good"]"#);
    assert_eq!(lab.club.rooms(), ["members".into()]);
    assert!(lab.left.try_recv().is_err() && lab.faults.try_recv().is_err());
}
over_all_transports!(refusals, refusals_have_message_and_data);

#[tokio::test]
async fn guards_run_in_order_before_the_factory() {
    let mut lab = lab().await;
    for (age, answer) in [
        ("17", r#"4/club,{"message":"too young"}"#),
        ("16", r#"4/club,{"message":"denied","data":{"Banned":{"until":18}}}"#),
        ("%31%37", r#"4/club,{"message":"too young"}"#),
    ] {
        let mut peer = Peer::open_with(lab.addr, Via::WebSocket, &format!("&age={age}")).await;
        assert_eq!(peer.ask(r#"0/club,{"token":"t"}"#).await, answer);
    }
    assert!(lab.sockets.try_recv().is_err());
    let mut peer = Peer::open_with(lab.addr, Via::WebSocket, "&age=18").await;
    peer.connect("/club", r#"{"token":"t"}"#).await;
    let socket = soon("a socket", lab.sockets.recv()).await.unwrap();
    assert_eq!(socket.handshake().query("age").as_deref(), Some("18"));
    assert_eq!(socket.handshake().headers()["host"], "test");
}

/// R5.
#[tokio::test]
async fn the_keys_of_state_recovery_are_no_part_of_auth() {
    let lab = lab().await;
    let mut peer = Peer::open(lab.addr, Via::WebSocket).await;
    peer.connect("/club", r#"{"token":"t","pid":"p","offset":"o"}"#).await;
    // Without a contract for it auth is ignored.
    peer.connect("/open", r#"{"whatever":[1]}"#).await;
    peer.connect("/", r#"{"token":1}"#).await;
}

async fn what_the_factory_emits_follows_the_connect(via: Via) {
    let lab = lab().await;
    let mut peer = Peer::open(lab.addr, via).await;
    peer.connect("/club", r#"{"token":"early"}"#).await;
    peer.expect(r#"2/club,["hello","before the connect"]"#).await;
}
over_all_transports!(early, what_the_factory_emits_follows_the_connect);

/// An event, a second CONNECT or a DISCONNECT while the factory is still at work ends the connection, as in Node.
async fn nothing_may_be_sent_while_connecting(via: Via) {
    for packet in ["2/club,[\"tell_me\"]", "0/club,{\"token\":\"x\"}", "1/club", "3/club,0[]"] {
        let mut lab = lab().await;
        let mut peer = Peer::open(lab.addr, via).await;
        peer.send(r#"0/club,{"token":"wait"}"#).await;
        let socket = soon("a socket", lab.sockets.recv()).await.unwrap();
        assert!(socket.is_connected());
        peer.send(packet).await;
        peer.expect_closed().await;
        // The factory runs to its end all the same; its session never was connected.
        lab.admit.notify_one();
        soon("the end", async {
            while socket.is_connected() || !lab.club.is_empty() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        assert!(lab.club.rooms().is_empty());
        assert!(lab.left.try_recv().is_err() && lab.faults.try_recv().is_err());
    }
}
over_all_transports!(connecting, nothing_may_be_sent_while_connecting);

/// A factory that waits holds up nobody else on the same connection.
async fn namespaces_of_one_connection_are_independent(via: Via) {
    let mut lab = lab().await;
    let mut peer = Peer::open(lab.addr, via).await;
    peer.send(r#"0/club,{"token":"wait"}"#).await;
    let root = peer.connect("/", "").await;
    let open = peer.connect("/open", "").await;
    lab.admit.notify_one();
    let club = peer.recv().await;
    let socket = soon("a socket", lab.sockets.recv()).await.unwrap();
    assert_eq!(club, format!(r#"0/club,{{"sid":"{}"}}"#, socket.id()));
    assert!(root != open && root != socket.id().as_str());

    lab.club.emit().hello("club");
    peer.expect(r#"2/club,["hello","club"]"#).await;
    lab.io.of(&Open).emit().hello("open");
    peer.expect(r#"2/open,["hello","open"]"#).await;

    // Leaving one, with or without the comma, and coming back with another id.
    peer.send("1/club").await;
    assert_eq!(soon("the end", lab.left.recv()).await, Some((socket.id(), "client namespace disconnect")));
    assert_eq!(peer.ask("0/club,{\"token\":\"t\"}").await.len(), club.len());
    assert_ne!(soon("a socket", lab.sockets.recv()).await.unwrap().id(), socket.id());
    peer.send("1/open,").await;
    peer.connect("/open", "").await;
    assert_eq!((lab.io.connections(), lab.club.len(), lab.io.of(&Open).len()), (1, 1, 1));
    // The end of the connection is the end of all of them.
    peer.leave().await;
    assert_eq!(soon("the end", lab.left.recv()).await.unwrap().1, "transport close");
    assert_eq!((lab.io.connections(), lab.club.len(), lab.io.of(&Open).len()), (0, 0, 0));
}
over_all_transports!(several, namespaces_of_one_connection_are_independent);

async fn parameters_are_fields(via: Via) {
    let (io, layer) = Server::builder().build();
    let (see, mut seen) = mpsc::unbounded_channel();
    let early = io.of(&Org { id: 3 });
    io.namespace::<Org>().connect(async move |conn| {
        let org = conn.namespace().clone();
        let socket = conn.accept();
        assert_eq!(socket.namespace(), org.path());
        let answer = org.id.to_string();
        let all = see.clone();
        socket.on().hello(async move |from| drop(all.send((org.id, from)))).tell_me(async move || answer);
        Ok(socket)
    });
    let addr = serve(layer).await;
    let mut peer = Peer::open(addr, via).await;
    for path in [
        "/org-",
        "/org-x",
        "/org--1",
        "/org-7/x",
        "/org-7x",
        "/xorg-7",
        "/org-{id}",
        "/org-18446744073709551616",
        "/org-007",
        "/org-+7",
    ] {
        assert_eq!(peer.ask(&format!("0{path},")).await, format!("4{path},{{\"message\":\"Invalid namespace\"}}"));
    }
    peer.connect("/org-3", "").await;
    peer.connect("/org-4", "").await;
    assert_eq!(peer.ask("2/org-3,1[\"tell_me\"]").await, "3/org-3,1[\"3\"]");
    assert_eq!(peer.ask("2/org-4,1[\"tell_me\"]").await, "3/org-4,1[\"4\"]");
    peer.send("2/org-4,[\"hello\",\"four\"]").await;
    assert_eq!(soon("a hello", seen.recv()).await, Some((4, "four".to_owned())));
    // A handle from before the first client is the same namespace.
    early.emit().hello("three");
    peer.expect("2/org-3,[\"hello\",\"three\"]").await;
    io.of(&Org { id: 4 }).emit().hello("to four");
    peer.expect("2/org-4,[\"hello\",\"to four\"]").await;
    io.of(&Org { id: 5 }).emit().hello("nobody");
    assert_eq!((io.of(&Org { id: 3 }).len(), io.of(&Org { id: 5 }).len()), (1, 0));
    peer.send("1/org-3").await;
    peer.connect("/org-3", "").await;
    assert_eq!(io.of(&Org { id: 3 }).len(), 1);
}
over_all_transports!(parameters, parameters_are_fields);

/// The first answer of a broadcast on a namespace where somebody is still on the way in.
#[tokio::test]
async fn a_socket_on_its_way_in_gets_broadcasts_after_its_connect() {
    let mut lab = lab().await;
    let mut peer = Peer::open(lab.addr, Via::WebSocket).await;
    peer.send(r#"0/club,{"token":"wait"}"#).await;
    let socket = soon("a socket", lab.sockets.recv()).await.unwrap();
    socket.emit().hello("you");
    lab.club.to("members").emit().hello("all");
    // By now the connection has them and holds them back.
    peer.connect("/", "").await;
    lab.admit.notify_one();
    peer.expect(&format!(r#"0/club,{{"sid":"{}"}}"#, socket.id())).await;
    peer.expect(r#"2/club,["hello","you"]"#).await;
    peer.expect(r#"2/club,["hello","all"]"#).await;
    let call = socket.emit().tell_me().timeout(Duration::from_secs(20));
    let (answer, ()) = tokio::join!(call, async {
        peer.expect("2/club,0[\"tell_me\"]").await;
        peer.send("3/club,0[\"told\"]").await;
    });
    assert_eq!(answer, Ok("told".into()));
}

/// However much a factory emits before it is done, the other namespaces of the connection go on.
async fn what_is_held_back_holds_up_nobody_else(via: Via) {
    let mut lab = lab().await;
    let mut peer = Peer::open(lab.addr, via).await;
    peer.connect("/open", "").await;
    peer.send(r#"0/club,{"token":"wait"}"#).await;
    let waiting = soon("a socket", lab.sockets.recv()).await.unwrap();
    let long = "x".repeat(50_000);
    for _ in 0..10 {
        waiting.emit().hello(&long);
    }
    let open = lab.io.of(&Open).sockets().remove(0);
    for n in 0..3 {
        open.emit().hello(&n.to_string());
        peer.expect(&format!(r#"2/open,["hello","{n}"]"#)).await;
        assert_eq!(soon("the network", open.flushed()).await, Ok(()));
    }
    lab.admit.notify_one();
    peer.expect(&format!(r#"0/club,{{"sid":"{}"}}"#, waiting.id())).await;
    for _ in 0..10 {
        peer.expect(&format!(r#"2/club,["hello","{long}"]"#)).await;
    }
}
over_all_transports!(held, what_is_held_back_holds_up_nobody_else);

/// It is not read by its client, and counts as what is not.
#[tokio::test]
async fn what_is_held_back_has_the_limit_of_the_outbox() {
    let (io, layer) = Server::builder().outbox(100_000, Overflow::Disconnect).build();
    let (see, mut sockets) = mpsc::unbounded_channel();
    io.namespace::<Open>().connect(async move |conn| {
        let socket = conn.accept();
        let _ = see.send(socket.clone());
        std::future::pending::<()>().await;
        Ok(socket)
    });
    let mut peer = Peer::open(serve(layer).await, Via::WebSocket).await;
    peer.send("0/open,").await;
    let socket = soon("a socket", sockets.recv()).await.unwrap();
    for _ in 0..9 {
        socket.emit().hello(&"x".repeat(10_000));
        // By then the connection has it.
        assert_eq!(peer.ask("0/none,").await, r#"4/none,{"message":"Invalid namespace"}"#);
    }
    socket.emit().hello(&"x".repeat(10_000));
    peer.expect_closed().await;
}

/// It would wait for itself.
async fn a_factory_gets_no_answer_from_its_client(via: Via) {
    let (io, layer) = Server::builder().build();
    let (give, mut answered) = mpsc::unbounded_channel();
    io.namespace::<Open>().connect(async move |conn| {
        let socket = conn.accept();
        let asked = tokio::spawn(socket.emit().tell_me().into_future());
        let _ = give.send(socket.emit().tell_me().await);
        tokio::spawn(async move { give.send(asked.await.unwrap()) });
        Ok(socket)
    });
    let mut peer = Peer::open(serve(layer).await, via).await;
    peer.connect("/open", "").await;
    let fault = soon("an error", answered.recv()).await.unwrap().unwrap_err();
    assert!(matches!(&fault, CallError::Fault(fault) if fault.message.contains("session factory")), "{fault}");
    // Only one question was asked.
    peer.expect("2/open,0[\"tell_me\"]").await;
    peer.send("3/open,0[\"yes\"]").await;
    assert_eq!(soon("an answer", answered.recv()).await, Some(Ok("yes".into())));
    assert_eq!(peer.ask("0/none,").await, r#"4/none,{"message":"Invalid namespace"}"#);
}
over_all_transports!(factory, a_factory_gets_no_answer_from_its_client);

/// A parameter that cannot be read without a panic.
#[derive(Clone)]
struct Fragile;

impl std::str::FromStr for Fragile {
    type Err = std::convert::Infallible;

    fn from_str(_: &str) -> Result<Self, Self::Err> {
        panic!("fragile");
    }
}

impl std::fmt::Display for Fragile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("fragile")
    }
}

#[derive(Namespace, Clone)]
#[namespace(path = "/fragile-{name}")]
struct Parameter {
    name: Fragile,
}

#[tokio::test]
async fn a_parameter_that_panics_is_an_invalid_namespace() {
    let (io, layer) = Server::builder().build();
    io.namespace::<Parameter>().connect(async |conn| Ok(conn.accept()));
    let mut peer = Peer::open(serve(layer).await, Via::WebSocket).await;
    peer.send("0/fragile-x,").await;
    peer.expect("4/fragile-x,{\"message\":\"Invalid namespace\"}").await;
    peer.connect("/", "").await;
}

#[tokio::test]
async fn times_may_be_endless() {
    let ever = Duration::MAX;
    let lab = crate::lab::Lab::with(|builder| {
        let builder = builder.ping_interval(ever).ping_timeout(ever).upgrade_timeout(ever);
        builder.connect_timeout(ever).idle_timeout(Some(ever)).ack_timeout(ever)
    })
    .await;
    let mut peer = Peer::join(lab.addr, Via::Upgraded).await;
    peer.send("1").await;
    peer.connect("/", "").await;
}
