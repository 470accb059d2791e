//! Contracts that compile, and what their expansions do.
#![allow(dead_code)]
use ackord::{Binary, Namespace, events, payload};

#[payload]
pub struct Login {
    pub token: String,
}
#[payload]
pub enum Denied {
    BadToken,
    Full,
}
#[payload]
#[derive(PartialEq)]
pub struct Message {
    pub id: u32,
    pub text: String,
}
#[payload]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SendError {
    NotInRoom,
    TooLong { max: u32 },
}

/// What a browser may ask of us (client → server).
#[events(rename_all = "camelCase")]
pub trait ChatServer {
    /// Says `text` in `room`.
    async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError>;
    /// The user is typing.
    fn typing(&self, room: &str);
    async fn join_room(&self, room: String) -> u32;
    async fn leave(&self);
    #[event(rename = "file:put", alias = "put")]
    async fn put(&self, name: &str, data: Binary) -> Result<u32, SendError>;
    fn all(
        &self,
        a: &[u8],
        b: &[Message],
        c: Option<&str>,
        d: Option<&Message>,
        e: Option<&[u8]>,
        f: (u8, Vec<Message>),
        r#type: &Message,
    );
    #[deprecated(note = "gone")]
    fn old(&self, args: u8, reply: u8, handler: u8, f: u8, event: u8);
    #[cfg(any())]
    fn never(&self, x: Missing);
}

/// What we tell browsers (server → client).
#[events(rename_all = "camelCase", prefix = "c:", ack = "plain")]
pub trait ChatClient {
    fn message(&self, room: &str, msg: &Message);
    async fn confirm(&self, prompt: &str) -> bool;
    async fn vote(&self, prompt: &str) -> Result<bool, String>;
}

#[events]
pub trait ChatCluster {
    fn reload(&self);
    async fn load(&self) -> u32;
}

#[events]
trait Nothing {}

#[derive(Namespace, Clone)]
#[namespace(path = "/chat", server = dyn ChatServer, client = dyn ChatClient, cluster = dyn ChatCluster, auth = Login, denied = Denied)]
pub struct Chat;

#[derive(Namespace, Clone)]
#[namespace(path = "/org-{id}/{type}", server = dyn ChatServer, client = dyn ChatClient, auth = Login)]
pub struct Org {
    pub id: u64,
    pub r#type: String,
}

struct Session;
impl ChatServer for Session {
    async fn send(&self, _: &str, text: String, _: Option<u32>) -> Result<Message, SendError> {
        Ok(Message { id: 1, text })
    }
    async fn typing(&self, _: &str) {}
    async fn join_room(&self, _: String) -> u32 {
        1
    }
    async fn leave(&self) {}
    async fn put(&self, _: &str, _: Binary) -> Result<u32, SendError> {
        Err(SendError::NotInRoom)
    }
    async fn all(
        &self,
        _: &[u8],
        _: &[Message],
        _: Option<&str>,
        _: Option<&Message>,
        _: Option<&[u8]>,
        _: (u8, Vec<Message>),
        _: &Message,
    ) {
    }
    async fn old(&self, _: u8, _: u8, _: u8, _: u8, _: u8) {}
}

#[test]
fn paths() {
    let org = Org { id: 7, r#type: "x".into() };
    assert_eq!(org.path(), "/org-7/x");
    assert_eq!(Org::parse("/org-7/x").unwrap().id, 7);
    assert!(Chat::parse("/chat").is_some());
}
