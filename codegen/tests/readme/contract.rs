// README.md
use ackord::{Binary, Namespace, events, payload};

#[payload] pub struct Login { pub token: String }
#[payload] pub enum Denied { BadToken, Full }
#[payload] pub struct Message { pub id: u32, pub from: String, pub text: String }
#[payload] #[serde(tag = "code", rename_all = "snake_case")]
pub enum SendError { NotInRoom, TooLong { max: u32 } }

/// What a browser may ask of us.
#[events(rename_all = "camelCase")]
pub trait ChatServer {
    /// Says `text` in `room`.
    async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError>;
    /// The user is typing.
    fn typing(&self, room: &str);
    async fn join_room(&self, room: String) -> u32;
    #[event(rename = "file:put")]
    async fn put(&self, name: &str, data: Binary) -> Result<u32, SendError>;
}

/// What we tell browsers.
#[events(rename_all = "camelCase")]
pub trait ChatClient {
    fn message(&self, room: &str, msg: &Message);
    async fn confirm(&self, prompt: &str) -> bool;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/chat", server = dyn ChatServer, client = dyn ChatClient, auth = Login, denied = Denied)]
pub struct Chat;
