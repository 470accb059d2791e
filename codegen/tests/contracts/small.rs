//! A little contract: attachments in one environment, nothing to say in one direction, answers without an envelope.

use ackord::{Binary, Namespace, events};

#[events(ack = "plain")]
pub trait Files {
    async fn put(&self, data: Binary) -> Binary;
    async fn size(&self, name: &str) -> Result<u32, String>;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Files)]
pub struct Root;
