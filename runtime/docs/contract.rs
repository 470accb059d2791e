// The contract of `guide.md`, which its examples include.
use ackord::{Namespace, events, payload};

#[payload] pub struct Login { pub token: String }
#[payload] pub enum Denied { BadToken, Full }
#[payload] pub struct Message { pub id: u32, pub text: String }
#[payload] pub enum SendError { NotInRoom, TooLong { max: u32 } }

#[events(rename_all = "camelCase")]
pub trait ChatServer {
    async fn send(&self, room: &str, text: String) -> Result<Message, SendError>;
    async fn join_room(&self, room: String) -> u32;
    fn typing(&self, room: &str);
}

#[events(rename_all = "camelCase")]
pub trait ChatClient {
    fn message(&self, room: &str, msg: &Message);
    fn typing(&self, room: &str);
    async fn confirm(&self, prompt: &str) -> bool;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/chat", server = dyn ChatServer, client = dyn ChatClient, auth = Login, denied = Denied)]
pub struct Chat;
