//! Coming and going.

use ackord::CallError;
use chat_contract::{JoinError, RoomInfo};

use crate::page::{Heard, Server, busy};

/// How many rooms there may be, and how many there always are.
const ROOMS: u32 = 30;
const FIXED: u32 = 3;

pub(crate) async fn rooms(server: &Server) {
    let (mut ada, mut bob) = (server.page("ada").await, server.page("bob").await);
    let names: Vec<_> = ada.client.emit().hello().await.expect("a welcome").rooms.into_iter().map(|room| room.name).collect();
    assert_eq!(names, ["lobby", "design", "rust"]);
    assert_eq!(bob.join("lobby").await, RoomInfo { members: vec!["bob".into()], history: Vec::new() });
    let one = || Heard::Rooms(vec![("lobby".into(), 1)]);
    ada.hears(one()).await;
    bob.hears(one()).await;

    assert_eq!(ada.join("lobby").await.members, ["ada", "bob"]);
    bob.hears(Heard::Presence("lobby".into(), "ada".into(), true)).await;
    for page in [&mut ada, &mut bob] {
        page.hears(Heard::Rooms(vec![("lobby".into(), 2)])).await;
    }
    // Who is in already comes in without a word.
    assert_eq!(ada.join("lobby").await.members, ["ada", "bob"]);
    bob.hears_nothing().await;

    ada.client.emit().leave_room("lobby".into()).await.expect("done");
    bob.hears(Heard::Presence("lobby".into(), "ada".into(), false)).await;
    bob.hears(one()).await;
    ada.hears(one()).await;

    own_rooms(&ada.client).await;
    for page in [&mut ada, &mut bob] {
        // Behind its answer is all that was said before.
        page.client.emit().hello().await.expect("an answer");
        let mut heard = Vec::new();
        while let Some(Heard::Rooms(rooms)) = page.try_hear() {
            heard.push(rooms);
        }
        assert_eq!(heard.last(), Some(&vec![("lobby".to_owned(), 1)]));
    }

    ada.join("lobby").await;
    bob.hears(Heard::Presence("lobby".into(), "ada".into(), true)).await;
    bob.hears(Heard::Rooms(vec![("lobby".into(), 2)])).await;
    ada.client.disconnect().await;
    bob.hears(Heard::Presence("lobby".into(), "ada".into(), false)).await;
    bob.hears(one()).await;
}

/// Rooms that somebody makes, as many as there may be, and that are gone with them.
async fn own_rooms(client: &ackord::Client<chat_contract::Chat>) {
    let join = |room: String| client.emit().join_room(room);
    for bad in ["", "Den", "a b", "ä", "x".repeat(25).as_str()] {
        assert_eq!(join(bad.to_owned()).await, Err(CallError::App(JoinError::BadName)));
    }
    for n in FIXED..ROOMS {
        join(format!("den-{n}")).await.expect("a room");
    }
    assert_eq!(join("den".into()).await, Err(CallError::App(JoinError::TooManyRooms { max: ROOMS })));
    let rooms = busy(&client.emit().hello().await.expect("a welcome").rooms);
    assert_eq!(rooms.len(), (ROOMS - FIXED) as usize + 1);
    assert!(rooms[1..].iter().all(|(name, members)| name.starts_with("den-") && *members == 1), "{rooms:?}");
    for n in FIXED..ROOMS {
        client.emit().leave_room(format!("den-{n}")).await.expect("done");
    }
    assert_eq!(busy(&client.emit().hello().await.expect("a welcome").rooms), [("lobby".to_owned(), 1)]);
}
