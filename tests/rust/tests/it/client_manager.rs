//! Several namespaces over one connection, the choice of transports, and what becomes of emits without a connection.

use std::{
    future::IntoFuture,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use ackord::{
    CallError, Client, Namespace, Server, Socket,
    client::{ConnectError, FaultKind, Manager, Offline, Reconnection, State, Transport},
    events,
    server::Refuse,
};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt},
    sync::mpsc,
};

use crate::{
    client::{Via, soon},
    client_lab::{Network, Page, bytes, connect, manager, soon_again},
    lab::{self, Lab, Root},
};

#[events]
trait Desk {
    async fn whoami(&self) -> String;
    fn leave(&self);
}

#[derive(Namespace, Clone, Debug)]
#[namespace(path = "/{desk}", server = dyn Desk)]
struct Room {
    desk: String,
}

struct Seat(Socket<Room>, String);

impl Desk for Seat {
    async fn whoami(&self) -> String {
        self.1.clone()
    }

    async fn leave(&self) {
        self.0.disconnect();
    }
}

/// Serves `/{desk}` for every desk but `closed`; and how many connections there were.
async fn house() -> (SocketAddr, Arc<AtomicUsize>, Server) {
    let (io, layer) = Server::builder().build();
    let entered = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&entered);
    io.namespace::<Room>().connect(async move |conn| {
        count.fetch_add(1, SeqCst);
        match &*conn.namespace().desk {
            "closed" => Err(Refuse::message("closed")),
            desk => Ok(Seat(conn.accept(), desk.to_owned())),
        }
    });
    (lab::serve(layer).await, entered, io)
}

async fn enter(manager: &Manager, desk: &str) -> Result<Client<Room>, ConnectError> {
    soon("an answer", Client::connect(manager).namespace(Room { desk: desk.into() }).into_future()).await
}

async fn whoami(client: &Client<Room>) -> Result<String, CallError> {
    soon("an answer", client.emit().whoami().into_future()).await
}

over_all_transports!(each_namespace_has_its_own_way_in_and_out, async |via| {
    let (addr, _, io) = house().await;
    let manager = manager(via, addr).build();
    assert_eq!(manager.transport(), None);
    let (one, two) = (enter(&manager, "one").await.unwrap(), enter(&manager, "two").await.unwrap());
    assert!(manager.transport().is_some());
    assert_ne!(one.id(), two.id());
    assert_eq!((whoami(&one).await, whoami(&two).await), (Ok("one".into()), Ok("two".into())));
    assert_eq!(io.connections(), 1);

    assert_eq!(enter(&manager, "closed").await.unwrap_err(), ConnectError::Refused { message: "closed".into() });
    assert_eq!(enter(&manager, "one").await.unwrap_err(), ConnectError::NamespaceTaken);

    // One is thrown out, and the other stays.
    one.emit().leave();
    let end = soon("the end", one.watch().wait_for(State::is_over)).await.unwrap().clone();
    assert!(matches!(end, State::Disconnected { reason, .. } if reason.as_str() == "io server disconnect"), "{end:?}");
    assert_eq!(whoami(&one).await, Err(CallError::Disconnected));
    assert_eq!(whoami(&two).await, Ok("two".into()));

    // Who comes back after its end is somebody else, also while the other still leaves.
    let again = enter(&manager, "one").await.unwrap();
    assert_eq!(whoami(&again).await, Ok("one".into()));
    drop(again);
    let once_more = enter(&manager, "one").await.unwrap();
    assert_eq!(whoami(&once_more).await, Ok("one".into()));
    assert_eq!(io.connections(), 1);

    // The connection goes with the last one, and there is another for the next.
    soon("the end", once_more.disconnect()).await;
    soon("the end", two.disconnect()).await;
    let next = enter(&manager, "two").await.unwrap();
    assert_eq!(whoami(&next).await, Ok("two".into()));
});

over_all_transports!(all_namespaces_come_back_together, async |via| {
    let (addr, entered, _io) = house().await;
    let network = Network::to(addr).await;
    let manager = manager(via, network.addr).build();
    let mut clients = Vec::new();
    for desk in ["a", "b", "c"] {
        clients.push(enter(&manager, desk).await.unwrap());
    }
    for turn in 1..5 {
        network.cut(Some(addr));
        for (client, desk) in clients.iter().zip(["a", "b", "c"]) {
            // Perhaps over the broken connection: asked again until it is over another.
            while whoami(client).await != Ok(desk.into()) {}
        }
        let mut states = clients[2].watch();
        soon("the connection", states.wait_for(|state| matches!(state, State::Connected { .. }))).await.unwrap();
        assert!(entered.load(SeqCst) >= 3 * turn);
    }
});

/// A server for which one transport is blocked.
async fn only(polling: bool, websocket: bool) -> Lab {
    Lab::with(|builder| builder.transports(polling, websocket)).await
}

#[tokio::test]
async fn the_next_transport_is_tried_when_one_is_blocked() {
    let plain = |lab: &Lab| Manager::builder(format!("http://{}", lab.addr)).reconnection(soon_again());
    // By default.
    let lab = only(true, false).await;
    let page = Page::over(plain(&lab)).await;
    assert_eq!(page.client.transport(), Some("polling"));
    assert_eq!(soon("echo", page.client.emit().echo(json!(1)).into_future()).await, Ok(json!(1)));
    // And not, where it is not wanted; the error is the first transport's.
    let error =
        soon("an answer", Client::<Root>::connect(plain(&lab).try_all_transports(false)).into_future()).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Transport(why) if why.contains("Transport unknown")), "{error}");
    // The other way round, with the reference's order.
    let lab = only(false, true).await;
    let page = Page::over(plain(&lab).transports([Transport::Polling, Transport::WebSocket])).await;
    assert_eq!(page.client.transport(), Some("websocket"));
}

/// `destroyUpgrade` of `engine.io` 6.6.12, and the 404 of `socket.io` 4.8.4 without a handler of one's own.
#[tokio::test]
async fn an_answer_tells_more_than_a_connection_that_breaks() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let mut client = tokio::io::BufStream::new(client);
            let mut request = String::new();
            while !request.ends_with("\r\n\r\n") && client.read_line(&mut request).await.unwrap() > 0 {}
            if !request.contains("websocket") {
                client.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 6\r\n\r\n<html>").await.unwrap();
                client.flush().await.unwrap();
            }
        }
    });
    let error = soon("an answer", Client::<Root>::connect(format!("http://{addr}")).into_future()).await.unwrap_err();
    let why = "answered 404 Not Found; there is no Socket.IO server at this path";
    assert_eq!(error, ConnectError::Transport(why.into()));
}

#[tokio::test]
async fn a_websocket_that_hangs_leaves_time_for_polling() {
    // Connections are accepted, and those that ask for a WebSocket get no answer.
    let lab = Lab::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let server = lab.addr;
    tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Ok((mut client, _)) = listener.accept().await {
            let mut head = [0; 512];
            let len = client.peek(&mut head).await.unwrap_or(0);
            if String::from_utf8_lossy(&head[..len]).contains("transport=websocket") {
                silent.push(client);
                continue;
            }
            tokio::spawn(async move {
                let mut server = tokio::net::TcpStream::connect(server).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    let page = Page::over(Manager::builder(format!("http://{addr}")).timeout(Duration::from_millis(400))).await;
    assert_eq!(page.client.transport(), Some("polling"));
}

#[tokio::test]
async fn an_upgrade_is_remembered_where_that_is_wanted() {
    for remember in [false, true] {
        let lab = Lab::new().await;
        let network = Network::to(lab.addr).await;
        let manager = manager(Via::Upgraded, network.addr).remember_upgrade(remember).build();
        let mut page = Page::over(&manager).await;
        while manager.transport() != Some("websocket") {
            soon("touch", page.client.emit().touch().into_future()).await.unwrap();
        }
        let before = page.client.id();
        network.cut(Some(lab.addr));
        let new = |state: &State| matches!(state, State::Connected { id, .. } if Some(id) != before.as_ref());
        page.state("another connection", new).await;
        let websocket = manager.transport() == Some("websocket");
        // Without memory it begins with polling; it may have moved on by now.
        assert!(websocket || !remember);
    }
}

#[tokio::test]
async fn an_upgrade_is_told_to_who_watches_the_transport() {
    let lab = Lab::new().await;
    let manager = manager(Via::Upgraded, lab.addr).build();
    let mut transport = manager.watch_transport();
    assert_eq!(*transport.borrow_and_update(), None);
    let page = Page::over(&manager).await;
    soon("an upgrade", transport.wait_for(|transport| *transport == Some(Transport::WebSocket))).await.unwrap();
    page.client.disconnect().await;
    soon("the end", transport.wait_for(Option::is_none)).await.unwrap();
}

#[tokio::test]
async fn a_client_may_be_started_before_its_server() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    drop(listener);
    let network = Network::to(addr).await;
    network.cut(None);
    let (tell, mut told) = mpsc::unbounded_channel();
    let errors = tell.clone();
    let client = connect(Via::WebSocket, network.addr)
        .on_connect(move |client: &Client<Root>| {
            client.emit().note(2);
            let _ = tell.send("connect".to_owned());
        })
        .on_connect_error(move |error, will_retry| {
            drop(errors.send(format!("{} {will_retry}", matches!(error, ConnectError::Transport(_)))));
        })
        .start()
        .unwrap();
    client.emit().note(1);
    let question = tokio::spawn(client.emit().echo(json!("early")).into_future());
    assert_eq!(soon("an error", told.recv()).await.unwrap(), "true true");
    let mut lab = Lab::new().await;
    network.cut(Some(lab.addr));
    // What was emitted before is ahead of what the hook emits.
    lab.expect_seen("note 1").await;
    lab.expect_seen("note 2").await;
    assert_eq!(soon("the answer", question).await.unwrap(), Ok(json!("early")));
    while soon("a connection", told.recv()).await.unwrap() != "connect" {}
    assert!(client.is_connected());
    let wrong = Client::<Root>::connect("ftp://h").start();
    assert!(matches!(wrong, Err(ConnectError::InvalidUrl(_))));
}

#[tokio::test]
async fn hooks_are_told_of_every_connection_and_its_end() {
    let mut lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let (tell, mut told) = mpsc::unbounded_channel();
    let (connected, disconnected) = (tell.clone(), tell);
    let page = Page::with(Via::WebSocket, network.addr, |connect| {
        connect
            .on_connect(move |client| drop(connected.send(format!("connect {}", client.is_connected()))))
            .on_disconnect(move |reason, again| drop(disconnected.send(format!("{reason} {again}"))))
    })
    .await;
    let mut next = async || soon("a hook", told.recv()).await.unwrap();
    assert_eq!(next().await, "connect true");
    network.cut(Some(lab.addr));
    assert!(matches!(&*next().await, "transport close true" | "transport error true"));
    assert_eq!(next().await, "connect true");
    lab.socket().await;
    lab.socket().await.disconnect();
    assert_eq!(next().await, "io server disconnect false");
    drop(page);
}

over_all_transports!(without_a_connection_each_emit_goes_its_own_way, async |via| {
    let mut lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let (fault, mut faults) = mpsc::unbounded_channel();
    let mut page = Page::with(via, network.addr, |connect| {
        connect.on_fault(move |event| drop(fault.send((event.event.clone(), event.kind.clone()))))
    })
    .await;
    network.cut(None);
    page.offline().await;
    let client = &page.client;
    client.emit().note(1);
    client.volatile().emit().note(2);
    client.offline(Offline::Fail).emit().note(3);
    assert_eq!(faults.try_recv().unwrap(), ("note".into(), FaultKind::Offline));
    client.offline(Offline::Expire(Duration::from_mins(10))).emit().note(4);
    client.offline(Offline::Expire(Duration::ZERO)).emit().note(5);
    client.emit().note(6);
    for offline in [Offline::Fail, Offline::Drop] {
        let call = client.offline(offline).emit().echo(json!(1)).into_future();
        assert_eq!(soon("a call", call).await, Err(CallError::Disconnected));
    }
    let call = client.offline(Offline::Expire(Duration::from_millis(1))).emit().echo(json!("gone")).into_future();
    assert_eq!(soon("a call", call).await, Err(CallError::Timeout));
    let call = client.offline(Offline::Expire(Duration::from_mins(10))).emit().echo(json!("kept")).into_future();
    let kept = tokio::spawn(call);
    assert!(faults.try_recv().is_err());
    network.cut(Some(lab.addr));
    for n in [1, 4, 6] {
        lab.expect_seen(&format!("note {n}")).await;
    }
    assert_eq!(soon("the call", kept).await.unwrap(), Ok(json!("kept")));
    assert_eq!(soon("a fault", faults.recv()).await.unwrap(), ("note".into(), FaultKind::Expired));
    lab.expect_nothing_seen();
});

over_all_transports!(what_the_server_would_not_take_is_not_sent, async |via| {
    let mut lab = Lab::with(|builder| builder.max_payload(1000)).await;
    let (fault, mut faults) = mpsc::unbounded_channel();
    let page = Page::with(via, lab.addr, |connect| connect.on_fault(move |event| drop(fault.send(event.kind.clone())))).await;
    let large = "x".repeat(1000);
    let call = soon("a call", page.client.emit().echo(json!(large)).into_future()).await.unwrap_err();
    assert!(matches!(&call, CallError::TooLarge(e) if e.max == 1000 && e.size > 1000), "{call:?}");
    page.client.emit().maybe(1, Some(large));
    assert!(matches!(soon("a fault", faults.recv()).await.unwrap(), FaultKind::TooLarge(e) if e.max == 1000));
    let attachment = page.client.emit().put("n", vec![0; 1001].into()).into_future();
    assert!(matches!(soon("a call", attachment).await, Err(CallError::TooLarge(_))));
    // The connection has seen none of it.
    let id = page.client.id();
    assert_eq!(soon("a call", page.client.emit().put("n", bytes(b"12345")).into_future()).await, Ok(5));
    let most = "x".repeat(900);
    assert_eq!(soon("a call", page.client.emit().echo(json!(most)).into_future()).await, Ok(json!(most)));
    assert_eq!(page.client.id(), id);
    lab.expect_seen("put n").await;
});

over_all_transports!(flushed_means_with_the_network, async |via| {
    let mut lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let mut page = Page::open(via, network.addr).await;
    assert_eq!(soon("nothing", page.client.flushed()).await, Ok(()));
    for n in 0..2000 {
        page.client.emit().maybe(n, Some("x".repeat(200)));
        if n % 100 == 0 {
            soon("the network", page.client.flushed()).await.unwrap();
        }
    }
    for n in 0..2000 {
        let seen = lab.seen().await;
        assert!(seen.starts_with(&format!("maybe {n} ")), "{seen}");
    }
    network.cut(None);
    page.offline().await;
    page.client.emit().note(1);
    let waiting = page.client.clone();
    let waiting = tokio::spawn(async move { waiting.flushed().await });
    network.cut(Some(lab.addr));
    assert_eq!(soon("the network", waiting).await.unwrap(), Ok(()));
    lab.expect_seen("note 1").await;
    soon("the end", page.client.disconnect()).await;
    assert!(soon("nothing", page.client.flushed()).await.is_err());
});

#[tokio::test]
async fn headers_and_the_query_reach_the_server() {
    let mut lab = Lab::new().await;
    let manager = |transport| {
        Manager::builder(format!("http://{}?room=7", lab.addr))
            .transports([transport])
            .header("x-key", "secret")
            .header("x-key", "more")
    };
    let (websocket, polling) = (manager(Transport::WebSocket), manager(Transport::Polling));
    for settings in [websocket, polling] {
        let page = Page::over(settings).await;
        let socket = lab.socket().await;
        let handshake = socket.handshake();
        let keys: Vec<_> = handshake.headers().get_all("x-key").iter().collect();
        assert_eq!(keys, ["secret", "more"]);
        assert!(handshake.uri().query().unwrap().starts_with("room=7&EIO=4&transport="), "{}", handshake.uri());
        drop(page);
    }
    for (name, value) in [("Sec-WebSocket-Key", "x"), ("a b", "x"), ("x", "\n"), ("host", "x")] {
        let error = Client::<Root>::connect(Manager::builder("http://127.0.0.1:1").header(name, value)).await.unwrap_err();
        assert!(
            matches!(&error, ConnectError::InvalidUrl(why) if why.contains(&name.to_lowercase()) || why.contains(name)),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_refused_namespace_does_not_end_the_attempts_of_the_others() {
    let (addr, _, _io) = house().await;
    let manager = manager(Via::WebSocket, addr).reconnection(Reconnection::never()).build();
    let one = enter(&manager, "one").await.unwrap();
    for _ in 0..3 {
        assert!(enter(&manager, "closed").await.is_err());
        assert_eq!(whoami(&one).await, Ok("one".into()));
    }
}
