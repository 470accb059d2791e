//! 5: a return value without `async`.
use ackord::{events, payload};

#[payload]
pub struct Message;

#[events]
pub trait Server {
    fn count(&self) -> u32;
    fn send(&self, text: String) -> Result<Message, String>;
    fn unit(&self) -> ();
}

struct Session;
impl Server for Session {
    async fn count(&self) -> u32 {
        1
    }
    async fn send(&self, _: String) -> Result<Message, String> {
        Ok(Message)
    }
    async fn unit(&self) {}
}

fn main() {}
