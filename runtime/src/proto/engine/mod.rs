//! Engine.IO protocol 4: packets, polling payloads, requests and the session machines of both sides.
//!
//! Follows `engine.io` 6.6.12, `engine.io-parser` 5.2.3 and `engine.io-client` 6.6.8.

pub mod client;
pub mod packet;
pub mod payload;
pub mod request;
pub mod server;

mod handshake;

pub use handshake::Handshake;
pub use packet::{Frame, Message, Packet, PacketError};

/// The transports of this implementation, named as in the query string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// HTTP long-polling.
    Polling,
    /// WebSocket.
    WebSocket,
}

impl Transport {
    /// `polling` or `websocket`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::WebSocket => "websocket",
        }
    }

    /// The transport of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "polling" => Some(Self::Polling),
            "websocket" => Some(Self::WebSocket),
            _ => None,
        }
    }
}

/// The caller's handle for one HTTP request and its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExchangeId(pub u64);

/// The caller's handle for one WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WsId(pub u64);

/// How a WebSocket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WsClosed {
    /// A Close frame, or the end of the stream.
    Clean,
    /// An I/O error or a violation of the WebSocket protocol, a message that was too big.
    Error,
}
