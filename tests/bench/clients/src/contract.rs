//! What server and clients say to each other.

use ackord::{Binary, Namespace, events};

/// What the clients send.
#[events]
pub trait Up {
    async fn echo(&self, text: String) -> String;
    async fn blob(&self, data: Binary) -> Binary;
    /// Asks for `number` from 0 up to this.
    fn count(&self, to: u32);
}

/// What the server sends.
#[events]
pub trait Down {
    fn number(&self, n: u32);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Up, client = dyn Down)]
pub struct Root;
