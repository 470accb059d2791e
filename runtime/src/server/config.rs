use std::{sync::Arc, time::Duration};

use super::retries;
use crate::{
    contract::streams,
    proto::{engine, session},
};

/// What happens to a message that does not fit into a socket's outbox any more.
///
/// The outbox is what was emitted and not yet taken by the network. Acks and questions are never dropped: past twice the budget the
/// client is disconnected under every policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overflow {
    /// Close the connection, with the reason `slow consumer`: a client that misses nothing or knows that it did.
    #[default]
    Disconnect,
    /// Drop the events that have waited longest, and report it to `on_fault`.
    DropOldest,
    /// Drop the new event, and report it to `on_fault`.
    DropNewest,
}

/// Settings of a server.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) path: String,
    pub(crate) polling: bool,
    pub(crate) websocket: bool,
    pub(crate) outbox: usize,
    pub(crate) overflow: Overflow,
    pub(crate) ack_timeout: Duration,
    pub(crate) max_in_flight: usize,
    pub(crate) retries: retries::Limits,
    pub(crate) max_subscriptions: usize,
    pub(crate) session: Arc<session::server::Config>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            path: "/socket.io".into(),
            polling: true,
            websocket: true,
            outbox: 16 * 1024 * 1024,
            overflow: Overflow::default(),
            ack_timeout: Duration::from_secs(10),
            max_in_flight: 1000,
            retries: retries::Limits::default(),
            max_subscriptions: streams::MAX_SUBSCRIPTIONS,
            session: Arc::default(),
        }
    }
}

impl Config {
    pub(crate) fn engine(&self) -> &engine::server::Config {
        &self.session.engine
    }
}
