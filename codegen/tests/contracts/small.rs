//! A little contract: attachments in one environment, nothing to say in one direction, answers without an envelope.

use ackord::{Binary, Namespace, events, payload};

/// Has the name of a global of browsers, which `BinaryInput` means.
#[payload]
pub struct Blob {
    pub name: String,
}

#[events(ack = "plain")]
pub trait Files {
    async fn put(&self, data: Binary) -> Binary;
    async fn size(&self, name: &str) -> Result<u32, String>;
    fn remove(&self, blob: Blob);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Files)]
pub struct Root;
