//! Ours.

use std::sync::Arc;

use ackord::{
    Binary, Client,
    client::{Manager, Transport},
};
use bytes::Bytes;

use super::{Numbers, Peer};
use crate::{
    Result,
    contract::{Down, Root},
};

/// Over polling, or over WebSocket.
#[derive(Clone)]
pub struct Ackord<const POLLING: bool>(Client<Root>);

struct Handler(Arc<Numbers>);

impl Down for Handler {
    async fn number(&self, n: u32) {
        self.0.seen(n);
    }
}

impl<const POLLING: bool> Peer for Ackord<POLLING> {
    async fn connect(url: &str, numbers: Arc<Numbers>) -> Result<Self> {
        let transport = if POLLING { Transport::Polling } else { Transport::WebSocket };
        let manager = Manager::builder(url).transports([transport]).upgrade(false);
        Ok(Self(Client::connect(manager).handler(Handler(numbers)).await?))
    }

    async fn echo(&self, text: String) -> Option<String> {
        self.0.emit().echo(text).await.ok()
    }

    async fn blob(&self, data: Bytes) -> Option<Bytes> {
        self.0.emit().blob(Binary(data)).await.ok().map(|answer| answer.0)
    }

    async fn count(&self, to: u32) {
        self.0.emit().count(to);
    }
}
