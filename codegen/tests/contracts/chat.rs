//! The contract of the documentation: every kind of ack, attachments, a namespace with a parameter.

use ackord::{Binary, Namespace, SocketId, events, payload};

/// What a client shows.
#[payload]
pub struct Login {
    /// From the login page.
    pub token: String,
}

#[payload]
pub enum Denied {
    BadToken,
    /// Later there may be room.
    Full,
}

/// Something that somebody said.
///
/// Never edited: see `src/**/*.rs`.
#[payload]
pub struct Message {
    pub id: u32,
    /// Who said it.
    pub from: SocketId,
    pub text: String,
    /// The message that this one answers. */ export type Injected = 1; /*
    pub reply_to: Option<u32>,
    pub preview: Option<Binary>,
}

#[payload]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SendError {
    /// Join it first.
    NotInRoom,
    TooLong {
        /// In characters.
        max: u32,
    },
}

#[events(rename_all = "camelCase")]
pub trait ChatServer {
    /// Says `text` in `room`.
    async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError>;
    /// The user is typing.
    ///
    /// Sent at most once a second: `*/5` s is enough.
    fn typing(&self, room: &str);
    async fn join_room(&self, room: String) -> u32;
    /// Leaves all rooms.
    #[deprecated = "close the\nsocket"]
    async fn leave(&self);
    #[event(rename = "file:put", alias = "upload")]
    async fn put(&self, name: &str, data: Binary) -> Result<u32, SendError>;
    #[deprecated]
    fn search(&self, text: Option<String>, room: String, after: Option<u32>, before: Option<u32>);
    async fn find(&self, id: u32) -> Option<Message>;
    async fn clear(&self, room: &str) -> Result<(), SendError>;
}

#[events]
pub trait ChatClient {
    fn message(&self, room: &str, msg: &Message);
    async fn confirm(&self, prompt: &str) -> bool;
    async fn closing(&self);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/chat", server = dyn ChatServer, client = dyn ChatClient, auth = Login, denied = Denied)]
pub struct Chat;

/// A namespace with parameters.
#[derive(Namespace, Clone)]
#[namespace(path = "/org-{id}/{team}", server = dyn ChatServer, client = dyn ChatClient, auth = Login)]
pub struct Org {
    pub id: u64,
    pub team: String,
}
