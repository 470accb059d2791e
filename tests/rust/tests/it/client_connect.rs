//! The way of the Rust client into a namespace of this crate's server.

use std::{
    future::IntoFuture,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use ackord::{
    Client, Namespace, Server, Socket,
    client::{ConnectError, State},
    events, payload,
    server::Refuse,
};
use tokio::net::TcpListener;

use crate::{
    client::soon,
    client_lab::{Network, Page, connect, manager},
    lab::{self, Lab},
};

#[payload]
struct Login {
    token: String,
    turn: u32,
}

#[payload]
#[derive(PartialEq)]
enum Denied {
    BadToken,
    Banned { until: u32 },
}

#[events]
trait Club {
    async fn token(&self) -> String;
}

#[derive(Namespace, Clone, Debug)]
#[namespace(path = "/club", server = dyn Club, auth = Login, denied = Denied)]
struct Members;

#[derive(Namespace, Clone, Debug)]
#[namespace(path = "/org-{id}", server = dyn Club)]
struct Org {
    id: u64,
}

#[derive(Namespace, Clone, Debug)]
#[namespace(path = "/team-{name}", server = dyn Club)]
struct Team {
    name: String,
}

struct Member {
    _socket: Socket<Members>,
    token: String,
}

impl Club for Member {
    async fn token(&self) -> String {
        self.token.clone()
    }
}

struct Guest {
    org: u64,
    _socket: Socket<Org>,
}

impl Club for Guest {
    async fn token(&self) -> String {
        format!("org {}", self.org)
    }
}

/// Serves `/club`; a token is what becomes of the client.
async fn club() -> std::net::SocketAddr {
    let (io, layer) = Server::builder().build();
    io.namespace::<Members>().connect(async |conn| match &*conn.auth().token {
        "bad" => Err(Denied::BadToken.into()),
        "banned" => Err(Denied::Banned { until: 7 }.into()),
        "full" => Err(Refuse::message("full")),
        "once" if conn.auth().turn > 0 => Err(Denied::Banned { until: conn.auth().turn }.into()),
        token => Ok(Member { token: format!("{token} {}", conn.auth().turn), _socket: conn.accept() }),
    });
    io.namespace::<Org>().connect(async |conn| Ok(Guest { org: conn.namespace().id, _socket: conn.accept() }));
    lab::serve(layer).await
}

async fn enter(addr: std::net::SocketAddr, token: &str) -> Result<Client<Members>, ConnectError<Denied>> {
    let login = Login { token: token.into(), turn: 0 };
    soon("an answer", Client::<Members>::connect(format!("ws://{addr}/")).auth(login).into_future()).await
}

#[tokio::test]
async fn auth_is_shown_and_a_denial_is_typed() {
    let addr = club().await;
    let client = enter(addr, "good").await.unwrap();
    assert_eq!(soon("token", client.emit().token().into_future()).await, Ok("good 0".into()));
    let id = client.id().unwrap();
    assert!(id.len() == 20 && client.is_connected());
    assert_eq!(client.state(), State::Connected { id, recovered: false });
    let denied = |data, message: &str| ConnectError::Denied { data, message: message.into() };
    assert_eq!(enter(addr, "bad").await.unwrap_err(), denied(Denied::BadToken, "BadToken"));
    assert_eq!(enter(addr, "banned").await.unwrap_err(), denied(Denied::Banned { until: 7 }, "denied"));
    assert_eq!(enter(addr, "full").await.unwrap_err(), ConnectError::Refused { message: "full".into() });
    let without = soon("an answer", Client::<Members>::connect(format!("http://{addr}")).into_future()).await.unwrap_err();
    assert!(matches!(&without, ConnectError::Refused { message } if message.contains("missing field `token`")), "{without}");
}

over_all_transports!(auth_is_asked_anew_for_every_connection_and_may_be_denied_then, async |via| {
    let server = club().await;
    let network = Network::to(server).await;
    let turn = Arc::new(AtomicU32::new(0));
    let turns = Arc::clone(&turn);
    let client = Client::<Members>::connect(manager(via, network.addr)).auth_with(move || {
        let turn = turns.fetch_add(1, SeqCst);
        async move { Login { token: "once".into(), turn } }
    });
    let client = soon("the client", client.into_future()).await.unwrap();
    network.cut(Some(server));
    let mut states = client.watch();
    let end = soon("the end", states.wait_for(State::is_over)).await.unwrap().clone();
    let State::Refused(refusal) = end else { panic!("{end:?}") };
    assert_eq!((refusal.message(), refusal.data()), ("denied", Some(Denied::Banned { until: 1 })));
    assert_eq!(turn.load(SeqCst), 2);
    assert!(soon("a call", client.emit().token().into_future()).await.is_err());
});

#[tokio::test]
async fn a_namespace_with_parameters_is_named() {
    let addr = club().await;
    let url = format!("http://{addr}");
    let client = soon("the client", Client::connect(url.clone()).namespace(Org { id: 42 }).into_future()).await.unwrap();
    assert_eq!(soon("token", client.emit().token().into_future()).await, Ok("org 42".into()));
    assert_eq!(Client::<Org>::connect(url.clone()).await.unwrap_err(), ConnectError::NoNamespace);
    for name in ["", "a/b", "a,b"] {
        let team = Client::connect(url.clone()).namespace(Team { name: name.to_owned() });
        let refused = soon("a refusal", team.into_future()).await.unwrap_err();
        assert_eq!(refused, ConnectError::InvalidNamespace(format!("/team-{name}")));
    }
}

over_all_transports!(what_cannot_be_reached_is_an_error_and_not_a_wait, async |via| {
    let lab = Lab::new().await;
    // A server without this namespace.
    let unknown = Client::<Members>::connect(format!("http://{}", lab.addr)).auth(Login { token: String::new(), turn: 0 });
    let refused = ConnectError::Refused { message: "Invalid namespace".into() };
    assert_eq!(soon("an answer", unknown.into_future()).await.unwrap_err(), refused);
    // Another endpoint: whatever is there is no WebSocket.
    let elsewhere = soon("an answer", Client::<lab::Root>::connect(manager(via, lab.addr).path("/elsewhere")).into_future())
        .await
        .unwrap_err();
    assert!(
        matches!(&elsewhere, ConnectError::Transport(why) if why.contains("200") || why.contains("no Engine.IO server")),
        "{elsewhere}"
    );
    // Nobody listens.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    assert!(matches!(soon("an answer", connect(via, nobody).into_future()).await, Err(ConnectError::Transport(_))));
    assert!(matches!(Client::<lab::Root>::connect("ftp://h").await, Err(ConnectError::InvalidUrl(_))));
});

over_all_transports!(a_server_that_says_nothing_is_given_up, async |via| {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = listener.local_addr().unwrap();
    let attempt = Client::<lab::Root>::connect(manager(via, silent).timeout(Duration::from_millis(30))).into_future();
    assert_eq!(soon("the timeout", attempt).await.unwrap_err(), ConnectError::Timeout);
});

over_all_transports!(dropping_the_last_handle_leaves, async |via| {
    let mut lab = Lab::new().await;
    let client = soon("the client", connect(via, lab.addr).into_future()).await.unwrap();
    let other = client.clone();
    other.emit().note(1);
    drop(client);
    other.emit().note(2);
    drop(other);
    lab.expect_seen("note 1").await;
    lab.expect_seen("note 2").await;
    lab.expect_left("client namespace disconnect").await;
});

over_all_transports!(disconnecting_sends_what_was_emitted_and_waits_for_the_server, async |via| {
    let mut lab = Lab::new().await;
    let mut page = Page::open(via, lab.addr).await;
    let open = page.client.emit().wait("open".into()).into_future();
    let open = tokio::spawn(open);
    lab.expect_seen("open waits").await;
    page.client.emit().note(1);
    soon("the goodbye", page.client.disconnect()).await;
    lab.expect_seen("note 1").await;
    lab.expect_left("client namespace disconnect").await;
    assert_eq!(page.end().await, "io client disconnect");
    assert_eq!(soon("the call", open).await.unwrap(), Err(ackord::CallError::Disconnected));
    let after = soon("a call", page.client.emit().touch().into_future()).await;
    assert_eq!(after, Err(ackord::CallError::Disconnected));
    // Once more is no harm.
    soon("the goodbye", page.client.disconnect()).await;
    assert_eq!(page.client.id(), None);
});

#[test]
fn handles_move_between_threads() {
    fn check<T: Clone + Send + Sync + 'static>() {}
    fn send<T: Send>() {}
    check::<Client<Members>>();
    send::<ackord::client::Connect<Members>>();
}
