//! What a session is told and what it answers.

use std::time::Duration;

use bytes::Bytes;

#[cfg(doc)]
use super::Session;
use super::{ExchangeId, Message, WsId};
use crate::proto::DisconnectReason;

/// Settings of a session; all sessions of a server share one.
#[derive(Clone, Debug)]
pub struct Config {
    /// From the open, or from the last pong, to the next ping.
    pub ping_interval: Duration,
    /// How long the client may take to answer a ping.
    pub ping_timeout: Duration,
    /// How long a WebSocket may take to complete an upgrade.
    pub upgrade_timeout: Duration,
    /// How long a server that shuts down waits for the client to take what is queued; the reference waits 30 s.
    pub shutdown_timeout: Duration,
    /// What the handshake announces as the most bytes in one POST body or WebSocket message. The edge enforces it.
    pub max_payload: usize,
    /// Whether polling sessions may upgrade.
    pub allow_upgrades: bool,
    /// Whether the server has the WebSocket transport at all.
    pub websocket_offered: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            upgrade_timeout: Duration::from_secs(10),
            shutdown_timeout: Duration::from_secs(5),
            max_payload: 1_000_000,
            allow_upgrades: true,
            websocket_offered: true,
        }
    }
}

/// What the caller must do on the network.
///
/// WebSocket frames are not among these: they are pulled with [`Session::poll_ws_frame`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transmit {
    /// Answer a GET: 200, `text/plain; charset=UTF-8`, this body.
    PollResponse(ExchangeId, Bytes),
    /// Answer a POST: 200, `text/html`, `ok`.
    PostOk(ExchangeId),
    /// Answer with this status (400 or 413) and an empty body.
    Reject(ExchangeId, u16),
    /// Destroy the HTTP connection of this request without an answer.
    DropExchange(ExchangeId),
    /// Send an empty Close frame (the client sees 1005) and let go of the WebSocket; nothing else will be sent on it.
    WsClose(WsId),
}

/// What the layer above learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message of the client.
    Message(Message),
    /// The session has moved to WebSocket.
    Upgraded,
    /// The session is over; the last event.
    Closed {
        /// Why.
        reason: DisconnectReason,
    },
}

/// What [`Session::poll_output`] yields.
pub type Output = crate::proto::Output<Transmit, Event>;

/// Why a POST has no body to process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostError {
    /// More than `max_payload` bytes: 413, and the session lives on.
    TooLarge,
    /// `application/octet-stream`: 400, and the session closes.
    InvalidContent,
    /// The client went away: the session closes.
    Aborted,
}
