//! Socket.IO packets: the header is read and written here, the JSON after it is somebody else's.
//!
//! `socket.io-parser` 4.2.7, `build/cjs/index.js`, `encodeAsString` and `decodeString`.

mod decode;
mod encode;

use bytes::Bytes;

pub use decode::DecodeError;

/// The namespace that needs no name on the wire.
pub const ROOT: &str = "/";

/// Incoming attachments per packet that the reference allows (`maxAttachments` of `socket.io-parser` since 4.2.6); a
/// stock peer closes the connection when it gets more.
pub const MAX_ATTACHMENTS: usize = 10;

/// Event names with a meaning of their own, which no event may have (`RESERVED_EVENTS`).
pub const RESERVED_EVENTS: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// Type of a packet; on the wire its number, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 0: joins a namespace, or tells that it was joined.
    Connect,
    /// 1: leaves a namespace.
    Disconnect,
    /// 2: an event.
    Event,
    /// 3: the acknowledgement of an event.
    Ack,
    /// 4: the namespace cannot be joined.
    ConnectError,
    /// 5: an event with attachments.
    BinaryEvent,
    /// 6: an acknowledgement with attachments.
    BinaryAck,
}

impl Kind {
    /// Whether attachments follow the packet.
    pub const fn is_binary(self) -> bool {
        matches!(self, Self::BinaryEvent | Self::BinaryAck)
    }

    const fn digit(self) -> u8 {
        b'0' + self as u8
    }

    const fn from_digit(digit: u8) -> Option<Self> {
        Some(match digit {
            b'0' => Self::Connect,
            b'1' => Self::Disconnect,
            b'2' => Self::Event,
            b'3' => Self::Ack,
            b'4' => Self::ConnectError,
            b'5' => Self::BinaryEvent,
            b'6' => Self::BinaryAck,
            _ => return None,
        })
    }
}

/// What stands before the JSON of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The type.
    pub kind: Kind,
    /// How many binary messages belong to it; 0 unless [`Kind::is_binary`].
    pub attachments: usize,
    /// The namespace, with its slash. May contain `?`: protocol 5 does not cut a query off.
    pub nsp: &'a str,
    /// The acknowledgement id.
    pub id: Option<u64>,
}

/// One outgoing packet, ready for the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The text frame: Engine.IO's `4`, header, JSON.
    pub text: Bytes,
    /// The binary frames that follow.
    pub attachments: Vec<Bytes>,
}

impl Encoded {
    /// Bytes of text and attachments.
    pub fn size(&self) -> usize {
        self.text.len() + self.attachments.iter().map(Bytes::len).sum::<usize>()
    }
}

impl From<Bytes> for Encoded {
    fn from(text: Bytes) -> Self {
        Self { text, attachments: Vec::new() }
    }
}
