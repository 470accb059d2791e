//! The chat of the recipes. What `find` finds says how many sockets are where.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use ackord::{Binary, NamespaceHandle, Server, Socket};

use crate::chat_contract::{Chat, ChatServer, Message, SendError};

struct Session {
    everyone: NamespaceHandle<Chat>,
    socket: Socket<Chat>,
    ids: AtomicU32,
}

pub(crate) fn serve(io: &Server) {
    let everyone = io.of(&Chat);
    io.namespace::<Chat>().connect(async move |conn| Ok(Session { everyone, socket: conn.accept(), ids: AtomicU32::new(0) }));
}

impl Session {
    fn message(&self, text: String, reply_to: Option<u32>) -> Message {
        Message { id: self.ids.fetch_add(1, Relaxed), from: self.socket.id(), text, reply_to, preview: None }
    }
}

impl ChatServer for Session {
    async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError> {
        let message = self.message(text, reply_to);
        self.socket.to(room).emit().message(room, &message);
        Ok(message)
    }

    async fn typing(&self, _room: &str) {}

    async fn join_room(&self, room: String) -> u32 {
        self.socket.join(&*room);
        self.socket.rooms().len() as u32
    }

    async fn leave(&self) {}

    async fn put(&self, _name: &str, data: Binary) -> Result<u32, SendError> {
        Ok(data.len() as u32)
    }

    async fn search(&self, _text: Option<String>, _room: String, _after: Option<u32>, _before: Option<u32>) {}

    async fn find(&self, _id: u32) -> Option<Message> {
        let [lobby, cellar] = ["lobby", "cellar"].map(|room| self.everyone.to(room).sockets().len());
        let text = format!("{} sockets, {lobby} in the lobby, {cellar} in the cellar", self.everyone.sockets().len());
        Some(self.message(text, None))
    }

    async fn clear(&self, _room: &str) -> Result<(), SendError> {
        Ok(())
    }
}
