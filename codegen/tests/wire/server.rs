//! A server of the contracts.

use std::net::SocketAddr;

use ackord::{Binary, Server, Socket, Stream};
use futures_util::stream;
use tokio::net::TcpListener;

use super::contracts::{
    chat::{Chat, ChatServer, Denied, Message, SendError},
    feed::{Feed, Market, Tick, TickError},
};

struct Session(Socket<Chat>);

impl ChatServer for Session {
    async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError> {
        match room {
            "none" => return Err(SendError::NotInRoom),
            "long" => return Err(SendError::TooLong { max: 1 }),
            "panic" => panic!("a fault is wanted"),
            _ => {}
        }
        let preview = reply_to.map(|_| Binary::from(vec![1, 2]));
        let msg = Message { id: 1, from: self.0.id(), text, reply_to, preview };
        self.0.emit().message(room, &msg);
        Ok(msg)
    }

    async fn typing(&self, _room: &str) {}

    async fn join_room(&self, _room: String) -> u32 {
        u32::from(self.0.emit().confirm("Sure?").await == Ok(true))
    }

    async fn leave(&self) {}

    async fn put(&self, _name: &str, data: Binary) -> Result<u32, SendError> {
        u32::try_from(data.len()).map_err(|_| SendError::NotInRoom)
    }

    async fn search(&self, _text: Option<String>, _room: String, _after: Option<u32>, _before: Option<u32>) {}

    async fn find(&self, id: u32) -> Option<Message> {
        (id == 1).then(|| Message { id, from: self.0.id(), text: String::new(), reply_to: None, preview: None })
    }

    async fn clear(&self, _room: &str) -> Result<(), SendError> {
        Ok(())
    }
}

struct Ticker(#[expect(dead_code, reason = "keeps the socket")] Socket<Market>);

impl Feed for Ticker {
    fn price_ticks(&self, symbol: &str, _depth: Option<u8>) -> impl Stream<Item = Result<Tick, TickError>> {
        let end = if symbol == "halted" { TickError::Halted { until: 3 } } else { TickError::Unknown };
        stream::iter([Ok(Tick { price: 1.5 }), Err(end)])
    }

    fn log_lines(&self) -> impl Stream<Item = String> {
        stream::iter(["a".to_owned()])
    }

    async fn symbols(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The server's address; it ends with the test's runtime.
pub(crate) async fn serve() -> SocketAddr {
    let (io, layer) = Server::builder().build();
    io.namespace::<Chat>().connect(async |conn| match &*conn.auth().token {
        "good" => Ok(Session(conn.accept())),
        _ => Err(Denied::BadToken.into()),
    });
    io.namespace::<Market>().connect(async |conn| Ok(Ticker(conn.accept())));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().layer(layer)).await });
    addr
}
