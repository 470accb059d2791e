//! The ends of sockets and connections: who is told what, once, with Node's words (socket.io 4.8.4, `DisconnectReason`). Reasons that
//! have a cause of their own are tested with it: `parse error`, `transport error`, `ping timeout`, `forced close`, `slow consumer`.

use std::sync::Arc;

use ackord::{Namespace, RawArgs, Server};
use tokio::sync::mpsc;

use crate::{
    client::{Peer, Via, get, soon},
    lab::{Lab, serve},
};

#[derive(Namespace, Clone)]
#[namespace(path = "/other")]
struct Other;

async fn a_client_leaves(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    peer.send("1").await;
    lab.expect_left("client namespace disconnect").await;
    assert_eq!((lab.io.connections(), lab.root.len()), (1, 0));
    peer.connect("/", "").await;
    peer.expect_nothing().await;
    peer.leave().await;
    lab.expect_left("transport close").await;
    assert_eq!((lab.io.connections(), lab.root.len()), (0, 0));
    lab.expect_quiet();
}
over_all_transports!(client, a_client_leaves);

#[tokio::test]
async fn a_client_whose_connection_breaks_has_closed_its_transport() {
    let mut lab = Lab::new().await;
    Peer::join(lab.addr, Via::WebSocket).await.abandon();
    lab.expect_left("transport close").await;
    Peer::join(lab.addr, Via::Upgraded).await.abandon();
    lab.expect_left("transport close").await;
    lab.expect_quiet();
}

async fn the_server_takes_a_socket_out(via: Via) {
    let mut lab = Lab::new().await;
    let mut peer = Peer::join(lab.addr, via).await;
    let socket = lab.socket().await;
    socket.emit().news(1);
    socket.disconnect();
    socket.emit().news(2);
    socket.disconnect();
    peer.expect("2[\"news\",1]").await;
    peer.expect("1").await;
    lab.expect_left("server namespace disconnect").await;
    assert!(!socket.is_connected());
    // What the client sent before it knew is dropped; the connection goes on.
    peer.send("2[\"note\",1]").await;
    peer.connect("/", "").await;
    peer.expect_nothing().await;
    // And by operator.
    let socket = lab.socket().await;
    socket.join("kicked");
    lab.root.to("kicked").disconnect();
    peer.expect("1").await;
    lab.expect_left("server namespace disconnect").await;
    lab.expect_quiet();
    assert_eq!((lab.io.connections(), lab.root.len(), lab.root.rooms().len()), (1, 0, 0));
}
over_all_transports!(server, the_server_takes_a_socket_out);

async fn the_server_closes_the_connection(via: Via) {
    let mut lab = Lab::new().await;
    let (leave, mut left) = mpsc::unbounded_channel();
    lab.io
        .namespace::<Other>()
        .connect(async |conn| Ok(conn.accept()))
        .on_disconnect(move |_, reason| drop(leave.send(reason.to_string())));
    let mut peer = Peer::join(lab.addr, via).await;
    peer.connect("/other", "").await;
    let socket = lab.socket().await;
    socket.emit().news(1);
    socket.disconnect_transport();
    peer.expect("2[\"news\",1]").await;
    peer.expect("1").await;
    peer.expect("1/other,").await;
    peer.expect_closed().await;
    lab.expect_left("server namespace disconnect").await;
    assert_eq!(soon("the other namespace", left.recv()).await.unwrap(), "server namespace disconnect");
    lab.expect_quiet();
    assert_eq!((lab.io.connections(), lab.root.len(), lab.io.of(&Other).len()), (0, 0, 0));
}
over_all_transports!(transport, the_server_closes_the_connection);

#[tokio::test]
async fn a_polling_client_that_is_thrown_out_is_told_so() {
    let mut lab = Lab::new().await;
    let peer = Peer::join(lab.addr, Via::Polling).await;
    lab.socket().await.disconnect_transport();
    lab.expect_left("server namespace disconnect").await;
    // The close packet comes alone: a stock client acts on it before it has looked at the others of its payload.
    assert_eq!(get(lab.addr, &peer.target()).await.body, "41");
    assert_eq!(get(lab.addr, &peer.target()).await.body, "1");
    assert_eq!(get(lab.addr, &peer.target()).await.status, 400);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/kick")]
struct Kick;

async fn a_factory_may_throw_its_client_out(via: Via) {
    let (io, layer) = Server::builder().build();
    io.namespace::<Kick>().connect(async |conn| {
        let socket = conn.accept();
        socket.disconnect();
        Ok(socket)
    });
    let addr = serve(layer).await;
    let mut peer = Peer::open(addr, via).await;
    peer.connect("/kick", "").await;
    peer.expect("1/kick,").await;
    assert!(io.of(&Kick).is_empty());
}
over_all_transports!(factory, a_factory_may_throw_its_client_out);

/// A hook that panics harms nobody.
#[tokio::test]
async fn a_panic_in_the_hook_is_a_fault() {
    let (io, layer) = Server::builder().build();
    let (fault, mut faults) = mpsc::unbounded_channel();
    io.namespace::<Other>().connect(async |conn| Ok(conn.accept())).on_disconnect(|_, reason| panic!("hook: {reason}")).on_fault(
        move |event| {
            let _ = fault.send(event.to_string());
            panic!("and so does this one");
        },
    );
    let addr = serve(layer).await;
    let mut peer = Peer::open(addr, Via::WebSocket).await;
    peer.connect("/other", "").await;
    peer.connect("/", "").await;
    peer.send("1/other").await;
    let expected = "event `disconnect` of /other: panicked: hook: client namespace disconnect";
    assert_eq!(soon("a fault", faults.recv()).await.unwrap(), expected);
    peer.connect("/other", "").await;
    assert_eq!((io.connections(), io.of(&Other).len()), (1, 1));
}

/// A closure that talks to its own socket is in a cycle with it until the socket is closed.
#[tokio::test]
async fn closures_that_hold_their_socket_go_with_it() {
    let (io, layer) = Server::builder().build();
    let (tell, mut told) = mpsc::unbounded_channel();
    io.namespace::<Other>().connect(async move |conn| {
        let socket = conn.accept();
        let held = Arc::new(socket.clone());
        let _ = tell.send((socket.clone(), Arc::downgrade(&held)));
        socket.on_raw("own", async move |_| RawArgs::new().arg(&held.id()).unwrap_or_default());
        Ok(socket)
    });
    let mut peer = Peer::open(serve(layer).await, Via::WebSocket).await;
    let id = peer.connect("/other", "").await;
    peer.send("2/other,1[\"own\"]").await;
    peer.expect(&format!("3/other,1[\"{id}\"]")).await;
    let (socket, held) = soon("the socket", told.recv()).await.unwrap();
    assert!(held.upgrade().is_some());
    peer.leave().await;
    soon("the closure's end", async {
        while held.upgrade().is_some() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // A late one is not kept either.
    let late = Arc::new(());
    let kept = Arc::clone(&late);
    socket.on_raw("late", async move |args| {
        let _ = &kept;
        args
    });
    assert_eq!(Arc::strong_count(&late), 1);
}
