//! `/`: acks, bytes, order, rooms, questions.

use std::time::Duration;

use ackord::{Binary, CallError, NamespaceHandle, Server, Socket, SocketId, Stream};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::contract::{DivideError, Pair, Root, RootServer};

const PATIENCE: Duration = Duration::from_secs(5);

struct Session {
    everyone: NamespaceHandle<Root>,
    socket: Socket<Root>,
}

pub(crate) fn serve(io: &Server) {
    let everyone = io.of(&Root);
    io.namespace::<Root>()
        .connect(async move |conn| {
            let socket = conn.accept();
            crate::print_connected("/", socket.id());
            Ok(Session { everyone, socket })
        })
        .on_disconnect(|session, reason| crate::print_disconnected("/", session.socket.id(), reason));
}

impl RootServer for Session {
    async fn echo(&self, value: Value) -> Value {
        value
    }

    async fn nothing(&self) {}

    async fn greet(&self, name: String, more: Option<String>) -> String {
        match more {
            Some(more) => format!("hello {name}, {more}"),
            None => format!("hello {name}"),
        }
    }

    async fn divide(&self, a: i32, b: i32) -> Result<i32, DivideError> {
        a.checked_div(b).ok_or(DivideError::ByZero { dividend: a })
    }

    async fn reverse(&self, data: Binary) -> Binary {
        data.iter().rev().copied().collect::<Vec<_>>().into()
    }

    async fn swap(&self, first: Binary, second: Binary) -> Pair {
        Pair { first: second, second: first }
    }

    async fn push(&self, data: Binary) {
        self.socket.emit().pushed(data.len() as u32, &data);
    }

    async fn one(&self, n: u32) {
        self.socket.emit().seen("one", n);
    }

    async fn two(&self, n: u32) {
        self.socket.emit().seen("two", n);
    }

    async fn three(&self, n: u32) {
        self.socket.emit().seen("three", n);
    }

    async fn ask(&self, prompt: &str) -> Option<bool> {
        self.socket.emit().confirm(prompt).timeout(PATIENCE).await.ok()
    }

    async fn ask_bytes(&self, data: Binary) -> Option<Binary> {
        self.socket.emit().flip(&data).timeout(PATIENCE).await.ok()
    }

    async fn ask_nobody(&self, ms: u32) -> String {
        match self.socket.emit().silence().timeout(Duration::from_millis(ms.into())).await {
            Ok(()) => "answer".into(),
            Err(CallError::Timeout) => "timeout".into(),
            Err(error) => error.to_string(),
        }
    }

    async fn join(&self, room: &str) {
        self.socket.join(room);
    }

    async fn leave(&self, room: &str) {
        self.socket.leave(room);
    }

    async fn say(&self, room: &str, text: &str) {
        self.socket.to(room).emit().said(room, text);
    }

    async fn shout(&self, text: &str) {
        self.everyone.emit().said("", text);
    }

    async fn poll(&self, room: &str) -> u32 {
        let mut votes = self.everyone.to(room).emit().confirm(room).timeout(PATIENCE);
        let mut yes = 0;
        while let Some((_, vote)) = votes.next().await {
            yes += u32::from(matches!(vote, Ok(true)));
        }
        yes
    }

    async fn burst(&self, n: u32) {
        for i in 0..n {
            self.socket.volatile().emit().maybe(i);
        }
        self.socket.emit().surely(n);
    }

    async fn farewell(&self, n: u32) {
        for i in 0..n {
            self.socket.emit().maybe(i);
        }
        self.socket.disconnect_transport();
    }

    async fn kick(&self) {
        self.socket.disconnect();
    }

    async fn kick_all(&self) {
        self.socket.disconnect_transport();
    }

    fn count(&self, n: u32) -> impl Stream<Item = Result<u32, String>> {
        stream::iter((1..=n).map(Ok)).chain(stream::iter((n % 2 == 1).then(|| Err("odd".to_owned()))))
    }

    fn tick(&self) -> impl Stream<Item = u32> {
        let dropped = Dropped(self.socket.id());
        stream::iter(1..).inspect(move |_| {
            let _ = &dropped;
        })
    }
}

/// The end of a stream, which only the server sees.
struct Dropped(SocketId);

impl Drop for Dropped {
    fn drop(&mut self) {
        println!("{}", json!({ "dropped": "tick", "id": self.0.as_str() }));
    }
}
