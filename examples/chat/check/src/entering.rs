//! Who gets in.

use ackord::client::{ConnectError, State};
use chat_contract::Denied;

use crate::page::{Heard, Server};

/// How many people there may be at once.
const SEATS: usize = 500;

/// Why somebody does not get in.
async fn refused(server: &Server, name: &str, token: Option<&str>) -> Denied {
    match server.enter(name, token).await.map(|page| page.client.id()) {
        Err(ConnectError::Denied { data, .. }) => data,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn denials(server: &Server) {
    for name in ["", "a", "a b", "ä-ö", "x".repeat(21).as_str()] {
        assert_eq!(refused(server, name, None).await, Denied::BadName, "{name}");
    }
    let ada = server.page("Ada").await;
    let welcome = ada.client.emit().hello().await.expect("a welcome");
    assert_eq!((&*welcome.name, welcome.token.len()), ("Ada", 32));
    assert_eq!(refused(server, "ada", None).await, Denied::NameTaken);
    assert_eq!(refused(server, "ADA", Some("guess")).await, Denied::NameTaken);
    ada.client.disconnect().await;
    // The server may learn of it a little later than we are done.
    let is_taken = |error| matches!(error, ConnectError::Denied { data: Denied::NameTaken, .. });
    while server.enter("ada", None).await.is_err_and(is_taken) {}
}

pub(crate) async fn returning(server: &Server) {
    let [mut bob, ada] = server.pages("lobby", ["bob", "ada"]).await;
    let token = ada.client.emit().hello().await.expect("a welcome").token;
    let again = server.enter("ada", Some(&token)).await.expect("the name is ours");
    let end = ada.client.watch().wait_for(State::is_over).await.expect("the client is held").clone();
    assert!(matches!(&end, State::Disconnected { reason, .. } if reason.to_string() == "io server disconnect"), "{end:?}");
    bob.hears(Heard::Presence("lobby".into(), "ada".into(), false)).await;
    bob.hears(Heard::Rooms(vec![("lobby".into(), 1)])).await;
    // The name stays with who has it now.
    assert_eq!(refused(server, "ada", None).await, Denied::NameTaken);
    assert_eq!(again.client.emit().hello().await.expect("a welcome").token, token);
    assert_eq!(again.join("lobby").await.members, ["ada", "bob"]);
}

pub(crate) async fn full(server: &Server) {
    let mut pages = Vec::new();
    for n in 0..SEATS {
        pages.push(server.page(&format!("user-{n}")).await);
    }
    assert_eq!(refused(server, "one-more", None).await, Denied::Full);
}
