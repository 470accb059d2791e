//! Rooms and broadcasts: who gets what, once, and what is left of those who have gone.

use ackord::{Binary, RawArgs, Socket};

use crate::{
    client::{Peer, Via},
    lab::{Lab, Root},
};

/// Clients with their sockets; what they read is the order of what they were sent.
struct Crowd {
    lab: Lab,
    peers: Vec<Peer>,
    sockets: Vec<Socket<Root>>,
}

async fn crowd(via: Via, size: usize) -> Crowd {
    let mut lab = Lab::new().await;
    let (mut peers, mut sockets) = (Vec::new(), Vec::new());
    for _ in 0..size {
        peers.push(Peer::join(lab.addr, via).await);
        sockets.push(lab.socket().await);
    }
    Crowd { lab, peers, sockets }
}

impl Crowd {
    /// Just these clients have been sent this, once.
    async fn expect(&mut self, whom: &[usize], n: u64) {
        for (index, peer) in self.peers.iter_mut().enumerate() {
            if whom.contains(&index) {
                peer.expect(&format!("2[\"news\",{n}]")).await;
            }
            peer.expect_nothing().await;
        }
    }
}

async fn operators_select_sockets(via: Via) {
    let mut c = crowd(via, 4).await;
    let root = c.lab.root.clone();
    assert!(c.sockets[0].join(["a", "b"]));
    assert!(c.sockets[1].join("a") && c.sockets[1].join("a"));
    assert!(c.sockets[2].join(vec!["b".to_owned(), "c".to_owned()]));
    let own = c.sockets[3].id();

    root.emit().news(1);
    c.expect(&[0, 1, 2, 3], 1).await;
    root.to("a").emit().news(2);
    c.expect(&[0, 1], 2).await;
    // In both rooms: one copy.
    root.to("a").to("b").emit().news(3);
    c.expect(&[0, 1, 2], 3).await;
    root.in_(["a", "c", "nobody"]).emit().news(4);
    c.expect(&[0, 1, 2], 4).await;
    root.to("nobody").emit().news(5);
    c.expect(&[], 5).await;
    root.except("a").emit().news(6);
    c.expect(&[2, 3], 6).await;
    root.to("b").except("c").emit().news(7);
    c.expect(&[0], 7).await;
    // Everybody is in the room of their own id (peer B11).
    root.to(own).emit().news(8);
    c.expect(&[3], 8).await;
    root.to("a").to(own.to_string()).except(c.sockets[0].id()).emit().news(9);
    c.expect(&[1, 3], 9).await;

    c.sockets[0].to("a").emit().news(10);
    c.expect(&[1], 10).await;
    c.sockets[0].broadcast().emit().news(11);
    c.expect(&[1, 2, 3], 11).await;
    c.sockets[0].except("b").emit().news(12);
    c.expect(&[1, 3], 12).await;
    c.sockets[3].to(["a", "b", "c"]).except("a").emit().news(13);
    c.expect(&[2], 13).await;
    c.sockets[1].to(c.sockets[1].id()).emit().news(14);
    c.expect(&[], 14).await;
    root.everyone().local().emit_raw("news", &RawArgs::new().arg(&15).unwrap());
    c.expect(&[0, 1, 2, 3], 15).await;
    root.socket(own).unwrap().emit().news(16);
    c.expect(&[3], 16).await;

    // Operators are values: the same one again, and narrowed.
    let a = root.to("a");
    a.emit().news(17);
    c.expect(&[0, 1], 17).await;
    a.clone().except("b").emit().news(18);
    c.expect(&[1], 18).await;
    c.lab.expect_quiet();
}
over_all_transports!(operators, operators_select_sockets);

#[tokio::test]
async fn rooms_are_joined_and_left() {
    let mut c = crowd(Via::WebSocket, 3).await;
    let root = c.lab.root.clone();
    root.everyone().join("all");
    root.to(c.sockets[1].id()).join(["x", "y"]);
    let mut rooms = c.sockets[1].rooms();
    rooms.sort();
    assert_eq!(rooms, ["all".into(), "x".into(), "y".into()]);
    assert!(c.sockets[1].in_room("x") && c.sockets[1].in_room(c.sockets[1].id()) && !c.sockets[0].in_room("x"));
    root.to("all").emit().news(1);
    c.expect(&[0, 1, 2], 1).await;
    root.to("x").leave("all");
    c.sockets[1].leave(["x", "y", "never"]);
    assert!(c.sockets[1].rooms().is_empty());
    root.to("all").emit().news(2);
    c.expect(&[0, 2], 2).await;
    assert_eq!(root.rooms(), ["all".into()]);
    // A room of one's own id is not left.
    c.sockets[1].leave(c.sockets[1].id());
    root.to(c.sockets[1].id()).emit().news(3);
    c.expect(&[1], 3).await;
    assert_eq!((root.len(), root.sockets().len(), root.to("all").sockets().len()), (3, 3, 2));
}

/// Peer B10.
async fn nothing_is_left_of_those_who_have_gone(via: Via) {
    let mut c = crowd(via, 2).await;
    c.sockets[0].join(["a", "b"]);
    c.sockets[1].join("a");
    let gone = c.sockets[0].clone();
    c.peers.remove(0).leave().await;
    let left = c.lab.left().await;
    // They still were in their rooms when it was told.
    let mut rooms = left.rooms;
    rooms.sort();
    assert_eq!((left.id, rooms), (gone.id(), vec!["a".into(), "b".into()]));
    assert!(!gone.is_connected() && gone.rooms().is_empty() && !gone.in_room("a"));
    assert_eq!((c.lab.root.len(), c.lab.root.rooms()), (1, vec!["a".into()]));
    for n in 0..1000 {
        assert!(!gone.join(format!("late {n}")));
    }
    assert_eq!(c.lab.root.rooms().len(), 1);
    assert!(c.lab.root.socket(gone.id()).is_none());
    // Everything on it is without effect.
    gone.emit().news(1);
    gone.volatile().emit().news(1);
    gone.emit_raw("x", &RawArgs::new());
    gone.leave("a");
    gone.disconnect();
    gone.disconnect_transport();
    assert_eq!(gone.flushed().await, Err(ackord::server::Disconnected));
    // It may still tell the others.
    gone.to("a").emit().news(2);
    c.peers[0].expect("2[\"news\",2]").await;
    c.peers[0].expect_nothing().await;
    c.lab.expect_quiet();
}
over_all_transports!(gone, nothing_is_left_of_those_who_have_gone);

#[tokio::test]
async fn volatile_broadcasts_leave_out_who_would_have_to_wait() {
    let mut lab = Lab::new().await;
    let mut ready = Peer::join(lab.addr, Via::WebSocket).await;
    let mut polling = Peer::join(lab.addr, Via::Polling).await;
    let (first, second) = (lab.socket().await, lab.socket().await);
    // The connections' tasks have had their turn since the last packet.
    ready.expect_nothing().await;
    polling.expect_nothing().await;
    lab.root.everyone().volatile().emit().news(1);
    ready.expect("2[\"news\",1]").await;
    ready.expect_nothing().await;
    second.volatile().emit().news(2);
    polling.expect_nothing().await;
    first.volatile().emit().news(3);
    ready.expect("2[\"news\",3]").await;
    // A question is no event that may get lost.
    let call = async { second.volatile().emit().confirm("?").await };
    let (answer, ()) = tokio::join!(call, async {
        polling.expect("20[\"confirm\",\"?\"]").await;
        polling.send("30[true]").await;
    });
    assert_eq!(answer, Ok(true));
}

/// What is emitted to a client, and what goes through rooms, keeps one order.
async fn the_order_of_emits_is_the_order_of_packets(via: Via) {
    let mut c = crowd(via, 1).await;
    let (socket, root) = (c.sockets[0].clone(), c.lab.root.clone());
    socket.join("r");
    let binary = RawArgs::new().arg(&Binary::from(vec![9])).unwrap();
    for n in 0..50 {
        socket.emit().news(4 * n);
        root.emit().news(4 * n + 1);
        root.to("r").emit().news(4 * n + 2);
        socket.emit_raw("b", &binary);
        socket.emit().news(4 * n + 3);
    }
    for n in 0..50 {
        for k in 0..3 {
            c.peers[0].expect(&format!("2[\"news\",{}]", 4 * n + k)).await;
        }
        c.peers[0].expect(r#"51-["b",{"_placeholder":true,"num":0}]"#).await;
        assert_eq!(c.peers[0].recv_binary().await, [9]);
        c.peers[0].expect(&format!("2[\"news\",{}]", 4 * n + 3)).await;
    }
}
over_all_transports!(order, the_order_of_emits_is_the_order_of_packets);
