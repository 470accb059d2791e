//! The Rust client against whatever server the tests run: ours, or the npm package's. One check a name; the arguments are the port, the
//! transport, and the name. What is wrong is a panic, which the test sees as the exit code.
// Its standard output is what the tests read.
#![allow(clippy::print_stdout)]

mod contract;

use std::time::Duration;

use ackord::{
    Binary, CallError, Client, RawArgs,
    client::{Connect, ConnectError, Manager, Reconnection, Retries, State, Transport},
};
use contract::{Admin, Credentials, Denied, DivideError, Root, RootClient};
use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::mpsc;

/// Answers, and passes on what it is told.
struct Ui {
    client: Client<Root>,
    heard: mpsc::UnboundedSender<String>,
}

impl Ui {
    fn hear(&self, what: String) {
        // The check may have ended.
        let _ = self.heard.send(what);
    }
}

impl RootClient for Ui {
    async fn pushed(&self, len: u32, data: &Binary) {
        self.hear(format!("pushed {len} {:?}", data.as_ref()));
    }

    async fn seen(&self, name: &str, n: u32) {
        self.hear(format!("{name} {n}"));
    }

    /// An ack is awaited inside a handler.
    async fn confirm(&self, prompt: &str) -> bool {
        self.client.emit().echo(json!(prompt)).await == Ok(json!("yes"))
    }

    async fn flip(&self, data: &Binary) -> Binary {
        data.iter().rev().copied().collect::<Vec<_>>().into()
    }

    async fn silence(&self) {
        std::future::pending::<()>().await;
    }

    async fn said(&self, room: &str, text: &str) {
        self.hear(format!("said {room} {text}"));
    }

    async fn maybe(&self, n: u32) {
        self.hear(format!("maybe {n}"));
    }

    async fn surely(&self, n: u32) {
        self.hear(format!("surely {n}"));
    }
}

struct Page {
    client: Client<Root>,
    heard: mpsc::UnboundedReceiver<String>,
}

impl Page {
    async fn open(connect: Connect<Root>) -> Self {
        let (hear, heard) = mpsc::unbounded_channel();
        let client = connect.handler_with(|client| Ui { client: client.clone(), heard: hear }).await.expect("a connection");
        Self { client, heard }
    }

    async fn expect(&mut self, what: &str) {
        assert_eq!(self.heard.recv().await.as_deref(), Some(what));
    }

    /// Waits for the end, and tells why.
    async fn end(&self) -> String {
        match self.client.watch().wait_for(State::is_over).await.expect("the client is held").clone() {
            State::Disconnected { reason, .. } => reason.to_string(),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let mut arg = |what| args.next().expect(what);
    let (port, mode, check) = (arg("a port"), arg("a mode"), arg("a check"));
    let (transport, upgrade) = match &*mode {
        "websocket" => (Transport::WebSocket, false),
        "polling" => (Transport::Polling, false),
        "upgrade" => (Transport::Polling, true),
        other => panic!("no such mode: {other}"),
    };
    let delay = Duration::from_millis;
    let manager = Manager::builder(format!("http://127.0.0.1:{port}"))
        .transports([transport])
        .upgrade(upgrade)
        .reconnection(Reconnection::default().delay(delay(20), delay(50)))
        .build();
    match &*check {
        "denied" => return denied(&manager).await,
        "old" => return old(&manager).await,
        "retries" => return retries(&manager).await,
        _ => {}
    }
    let page = Page::open(Client::connect(&manager)).await;
    match &*check {
        "calls" => calls(page).await,
        "binary" => binary(page).await,
        "order" => order(page).await,
        "kick" => kick(page).await,
        "leave" => leave(page).await,
        "restart" => restart(page).await,
        "namespaces" => namespaces(page, &manager).await,
        "upgrade" => upgraded(page).await,
        "recovery" => recovery(page).await,
        other => panic!("no such check: {other}"),
    }
}

async fn calls(page: Page) {
    let server = || page.client.emit();
    assert_eq!(server().echo(json!({"é": [1, null]})).await, Ok(json!({"é": [1, null]})));
    assert_eq!(server().nothing().await, Ok(()));
    assert_eq!(server().greet("you".into(), None).await.as_deref(), Ok("hello you"));
    assert_eq!(server().divide(7, 2).await.ok(), Some(3));
    assert!(matches!(server().divide(7, 0).await, Err(CallError::App(DivideError::ByZero { dividend: 7 }))));
    assert_eq!(server().ask("yes").await, Ok(Some(true)));
    assert_eq!(server().ask("no").await, Ok(Some(false)));
    assert_eq!(server().ask_nobody(50).await.as_deref(), Ok("timeout"));
    let answers = join_all((0..200).map(|n| server().echo(json!(n)).into_future())).await;
    assert!(answers.into_iter().eq((0..200).map(|n| Ok(json!(n)))));
}

async fn binary(mut page: Page) {
    let data = |bytes: &[u8]| Binary::from(bytes.to_vec());
    assert_eq!(page.client.emit().reverse(data(b"\0abc")).await, Ok(data(b"cba\0")));
    let pair = page.client.emit().swap(data(b"1"), data(b"2")).await.expect("a pair");
    assert_eq!((pair.first, pair.second), (data(b"2"), data(b"1")));
    assert_eq!(page.client.emit().ask_bytes(data(b"xyz")).await, Ok(Some(data(b"zyx"))));
    page.client.emit().push(data(b"ab"));
    page.expect("pushed 2 [97, 98]").await;
}

async fn order(mut page: Page) {
    for n in 0..500 {
        page.client.emit().one(n);
        page.client.emit().two(n);
        page.client.emit().three(n);
    }
    for n in 0..500 {
        for name in ["one", "two", "three"] {
            page.expect(&format!("{name} {n}")).await;
        }
    }
}

fn enter(manager: &Manager, token: &str) -> Connect<Admin> {
    Client::connect(manager).auth(Credentials { token: token.into() })
}

async fn denied(manager: &Manager) {
    match enter(manager, "wrong").await {
        Err(ConnectError::Denied { data: Denied::BadToken { got }, .. }) => assert_eq!(got, "wrong"),
        other => panic!("{other:?}"),
    }
    let admin = enter(manager, "secret").await.expect("a connection");
    let me = admin.emit().whoami().await.expect("an answer");
    assert_eq!((Some(&*me.id), &*me.token), (admin.id().as_deref(), "secret"));
}

/// A server of Socket.IO 2.
async fn old(manager: &Manager) {
    let error = Client::<Root>::connect(manager).await.expect_err("it is too old");
    assert_eq!(error, ConnectError::OldServer);
}

/// Two namespaces over one connection: each has its own way in and out.
async fn namespaces(page: Page, manager: &Manager) {
    assert!(matches!(enter(manager, "wrong").await, Err(ConnectError::Denied { .. })));
    let admin = enter(manager, "secret").await.expect("a connection");
    assert_ne!(admin.id(), page.client.id());
    assert!(admin.emit().whoami().await.is_ok());
    admin.emit().kick();
    let end = admin.watch().wait_for(State::is_over).await.expect("the client is held").clone();
    assert!(matches!(end, State::Disconnected { reason, .. } if reason.as_str() == "io server disconnect"), "{end:?}");
    assert_eq!(page.client.emit().ask("yes").await, Ok(Some(true)));
    let again = enter(manager, "secret").await.expect("a connection");
    again.disconnect().await;
    assert_eq!(page.client.emit().ask("no").await, Ok(Some(false)));
    page.client.disconnect().await;
    assert!(manager.transport().is_none() || page.client.state().is_over());
    // The manager connects anew for whoever comes.
    let last = enter(manager, "secret").await.expect("a connection");
    assert!(last.emit().whoami().await.is_ok());
}

/// What is said while the connection moves arrives, in order.
async fn upgraded(mut page: Page) {
    let mut sent = 0;
    while page.client.transport() != Some("websocket") {
        page.client.emit().one(sent);
        sent += 1;
        assert_eq!(page.client.emit().echo(json!(sent)).await, Ok(json!(sent)));
    }
    assert!(sent < 1000, "{sent}");
    for n in 0..sent {
        page.expect(&format!("one {n}")).await;
    }
    assert_eq!(page.client.emit().ask("yes").await, Ok(Some(true)));
}

/// The server breaks the connection and says something meanwhile: it is not missed.
async fn recovery(mut page: Page) {
    let id = page.client.id();
    page.client.emit().join("room").await.expect("an answer");
    page.client.emit().shout("before");
    page.expect("said  before").await;
    let mut states = page.client.watch();
    page.client.emit_raw("cut", &RawArgs::new().arg("room").expect("a string"));
    states.wait_for(|state| matches!(state, State::Disconnected { .. })).await.expect("the client is held");
    let state = states.wait_for(|state| matches!(state, State::Connected { .. })).await.expect("the client is held").clone();
    assert!(matches!(state, State::Connected { recovered: true, .. }), "{state:?}");
    assert_eq!(page.client.id(), id);
    page.expect("said room meanwhile").await;
}

/// The test ends the server when it reads the line, and starts another one. Only ours would know what it has handled, and not across
/// processes: what is in flight is asked again, at least once.
async fn retries(manager: &Manager) {
    let patient = || Retries::new(100).window(8);
    let mut page = Page::open(Client::connect(manager).retries(patient())).await;
    let first = page.client.id();
    let in_flight = tokio::spawn(page.client.emit().ask_nobody(300).into_future());
    let answers = join_all((0..200).map(|n| page.client.emit().echo(json!(n)).into_future())).await;
    assert!(answers.into_iter().eq((0..200).map(|n| Ok(json!(n)))));
    println!("asked");
    assert_eq!(in_flight.await.expect("no panic").as_deref(), Ok("timeout"));
    let data = Binary::from(b"abc".to_vec());
    assert_eq!(page.client.emit().reverse(data).await, Ok(Binary::from(b"cba".to_vec())));
    // An event whose handler acknowledges it.
    page.client.emit().shout("once");
    page.expect("said  once").await;
    page.client.emit().shout("more");
    page.expect("said  more").await;
    assert_ne!(page.client.id(), first);
    // The name that the client gives itself is no part of what it shows.
    let admin = enter(manager, "secret").retries(patient()).await.expect("a connection");
    assert_eq!(admin.emit().whoami().await.expect("an answer").token, "secret");
}

async fn kick(mut page: Page) {
    page.client.emit().farewell(200);
    for n in 0..200 {
        page.expect(&format!("maybe {n}")).await;
    }
    assert_eq!(page.end().await, "io server disconnect");
}

async fn leave(page: Page) {
    println!("{}", page.client.id().expect("it is connected"));
    page.client.disconnect().await;
    assert_eq!(page.end().await, "io client disconnect");
}

/// The test ends the server when it reads the first line, and starts another one when it reads the second.
async fn restart(mut page: Page) {
    let first = page.client.id();
    println!("connected");
    let mut states = page.client.watch();
    let lost = states.wait_for(|state| matches!(state, State::Disconnected { .. })).await.expect("the client is held").clone();
    assert!(matches!(lost, State::Disconnected { will_reconnect: true, .. }), "{lost:?}");
    for n in 0..100 {
        page.client.emit().one(n);
        page.client.volatile().emit().two(n);
    }
    println!("offline");
    for n in 0..100 {
        page.expect(&format!("one {n}")).await;
    }
    assert_eq!(page.client.emit().ask("yes").await, Ok(Some(true)));
    assert_ne!(page.client.id(), first);
}
