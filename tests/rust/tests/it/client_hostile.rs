//! The Rust client and servers that do not behave: played by hand.

use std::future::IntoFuture;

use ackord::{
    CallError, Client,
    client::{ConnectError, Reconnection, State},
};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::frame::coding::CloseCode},
};

use crate::{
    client::{Via, soon},
    client_lab::{connect, manager},
    lab::Root,
};

const OPEN: &str = r#"0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100000}"#;

struct Fake {
    ws: WebSocketStream<TcpStream>,
}

impl Fake {
    async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = soon("a connection", listener.accept()).await.unwrap();
        let ws = soon("a handshake", tokio_tungstenite::accept_async(stream)).await.unwrap();
        let mut fake = Self { ws };
        fake.send(OPEN).await;
        fake
    }

    async fn send(&mut self, text: &str) {
        soon("a write", self.ws.send(Message::text(text.to_owned()))).await.unwrap();
    }

    /// The next text, or how the client ended the connection.
    async fn next(&mut self) -> String {
        match soon("a frame", self.ws.next()).await {
            Some(Ok(Message::Text(text))) => text.to_string(),
            Some(Ok(Message::Close(frame))) => format!("close {}", frame.map_or(CloseCode::Status, |frame| frame.code)),
            other => format!("{other:?}"),
        }
    }

    async fn expect(&mut self, text: &str) {
        assert_eq!(self.next().await, text);
    }
}

async fn listen() -> (TcpListener, std::net::SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}

/// A client in the namespace `/` of a server that is played by hand.
async fn pair() -> (Client<Root>, Fake, TcpListener) {
    let (listener, addr) = listen().await;
    let client = tokio::spawn(connect(Via::WebSocket, addr).into_future());
    let mut fake = Fake::accept(&listener).await;
    fake.expect("40").await;
    fake.send(r#"40{"sid":"no-socket-id-of-ours"}"#).await;
    (soon("the client", client).await.unwrap().unwrap(), fake, listener)
}

#[tokio::test]
async fn an_old_server_is_told_apart() {
    let (listener, addr) = listen().await;
    let client = tokio::spawn(connect(Via::WebSocket, addr).into_future());
    let mut fake = Fake::accept(&listener).await;
    fake.expect("40").await;
    fake.send("40").await;
    assert_eq!(soon("the error", client).await.unwrap().unwrap_err(), ConnectError::OldServer);
    fake.expect("close 1005").await;
}

#[tokio::test]
async fn early_events_reach_their_handlers_after_the_connect() {
    let (listener, addr) = listen().await;
    let client = tokio::spawn(
        connect(Via::WebSocket, addr)
            .setup(|client| {
                let (answering, early) = (client.clone(), client.clone());
                client.on().confirm(async move |_: String| answering.is_connected());
                early.emit().note(1);
            })
            .into_future(),
    );
    let mut fake = Fake::accept(&listener).await;
    fake.expect("40").await;
    fake.send(r#"427["confirm","early"]"#).await;
    fake.send(r#"40{"sid":"any id will do"}"#).await;
    // What was emitted before goes first.
    fake.expect(r#"42["note",1]"#).await;
    fake.expect("437[true]").await;
    let client = soon("the client", client).await.unwrap().unwrap();
    assert_eq!(client.id().as_deref(), Some("any id will do"));
}

#[tokio::test]
async fn acks_that_nobody_waits_for_are_harmless() {
    let (client, mut fake, _listener) = pair().await;
    for stray in ["430[]", "4399999[1]", "43[1]", "43/other,0[1]", "42/other,[\"a\"]"] {
        fake.send(stray).await;
    }
    // They have been read.
    fake.send("2").await;
    fake.expect("3").await;
    let call = tokio::spawn(client.emit().echo(json!(1)).into_future());
    let asked = fake.next().await;
    let id = asked.strip_prefix("42").and_then(|rest| rest.strip_suffix(r#"["echo",1]"#)).unwrap();
    fake.send(&format!("43{id}[2]")).await;
    fake.send(&format!("43{id}[3]")).await;
    assert_eq!(soon("the answer", call).await.unwrap(), Ok(json!(2)));
    let call = tokio::spawn(client.emit().echo(json!(1)).into_future());
    fake.next().await;
    fake.send("2").await;
    fake.expect("3").await;
    client.disconnect().await;
    assert_eq!(soon("the call", call).await.unwrap(), Err(CallError::Disconnected));
    fake.expect("41").await;
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_an_error_of_the_call_alone() {
    let (client, mut fake, _listener) = pair().await;
    let call = tokio::spawn(client.emit().wait("x".into()).into_future());
    assert_eq!(fake.next().await, r#"420["wait","x"]"#);
    fake.send("430[7]").await;
    assert!(matches!(soon("the answer", call).await.unwrap(), Err(CallError::Decode(_))));
    assert!(client.is_connected());
}

#[tokio::test]
async fn malformed_packets_are_a_parse_error_and_the_client_comes_back() {
    for bad in ["4", "49", "42[\"a\",]", "42[\"news\",{]", "43 0[]", "430[}]", "42[\"conn\\u0065ct\"]"] {
        let (client, mut fake, listener) = pair().await;
        let mut states = client.watch();
        fake.send(bad).await;
        fake.expect("close 1005").await;
        let lost = |state: &State| matches!(state, State::Disconnected { reason, will_reconnect: true } if reason.as_str() == "parse error");
        soon("the state", states.wait_for(|state| lost(state) || *state == State::Connecting)).await.unwrap();
        let mut fake = Fake::accept(&listener).await;
        fake.expect("40").await;
    }
}

#[tokio::test]
async fn an_ack_never_goes_over_another_connection_than_its_question() {
    let (listener, addr) = listen().await;
    let gate = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let pass = std::sync::Arc::clone(&gate);
    let client = tokio::spawn(
        connect(Via::WebSocket, addr)
            .setup(move |client| {
                client.on().confirm(move |_: String| async move {
                    pass.acquire().await.unwrap().forget();
                    true
                });
            })
            .into_future(),
    );
    let mut fake = Fake::accept(&listener).await;
    fake.expect("40").await;
    fake.send(r#"40{"sid":"1"}"#).await;
    let client = soon("the client", client).await.unwrap().unwrap();
    fake.send(r#"420["confirm","?"]"#).await;
    fake.send("2").await;
    fake.expect("3").await;
    drop(fake);
    let mut fake = Fake::accept(&listener).await;
    fake.expect("40").await;
    fake.send(r#"40{"sid":"2"}"#).await;
    fake.send(r#"420["confirm","?"]"#).await;
    fake.send("2").await;
    fake.expect("3").await;
    gate.add_permits(2);
    fake.expect("430[true]").await;
    client.emit().note(1);
    fake.expect(r#"42["note",1]"#).await;
}

#[tokio::test]
async fn a_message_beyond_the_limit_ends_the_connection() {
    let (listener, addr) = listen().await;
    let client = tokio::spawn(
        Client::<Root>::connect(manager(Via::WebSocket, addr).max_payload(1000).reconnection(Reconnection::never()))
            .into_future(),
    );
    let mut fake = Fake::accept(&listener).await;
    fake.expect("40").await;
    fake.send(r#"40{"sid":"1"}"#).await;
    let client = soon("the client", client).await.unwrap().unwrap();
    fake.send(&format!("42[\"{}\"]", "x".repeat(2000))).await;
    fake.expect("close 1009").await;
    let mut states = client.watch();
    let end = soon("the end", states.wait_for(State::is_over)).await.unwrap().clone();
    assert!(matches!(end, State::Disconnected { reason, .. } if reason.as_str() == "transport error"), "{end:?}");
}

#[tokio::test]
async fn a_server_that_never_reads_does_not_stop_a_disconnect() {
    let (client, fake, _listener) = pair().await;
    for _ in 0..400 {
        client.emit().maybe(1, Some("x".repeat(30_000)));
    }
    soon("the end", client.disconnect()).await;
    assert!(client.state().is_over());
    drop(fake);
}
