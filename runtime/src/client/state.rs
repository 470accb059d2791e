use std::sync::Arc;

use super::Refusal;
use crate::proto::DisconnectReason;

/// What a connection is doing: [`Client::state`](super::Client::state) and [`Client::watch`](super::Client::watch).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// On the way: the first time, or again.
    Connecting,
    /// In the namespace.
    Connected {
        /// This client's socket id at the server.
        id: Arc<str>,
        /// Whether the server has recovered the connection of before: rooms are joined again, and the events that were missed follow.
        recovered: bool,
    },
    /// Not in the namespace.
    Disconnected {
        /// Why the last connection ended, or the last attempt to make one.
        reason: DisconnectReason,
        /// Whether there will be another attempt. If not, the client is over.
        will_reconnect: bool,
    },
    /// The server has refused this client when it came back; the client is over.
    Refused(Refusal),
}

impl State {
    /// Whether the client is over: nothing will change any more.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Disconnected { will_reconnect: false, .. })
    }

    pub(super) fn id(&self) -> Option<&Arc<str>> {
        match self {
            Self::Connected { id, .. } => Some(id),
            _ => None,
        }
    }
}
