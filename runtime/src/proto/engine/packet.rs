//! Engine.IO packets as a WebSocket carries them.
//!
//! `engine.io-parser` 5.2.3, `encodePacket` and `decodePacket`.

use std::fmt;

use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;

/// Standard alphabet; padding is written, and accepted or not on reading, as Node's `Buffer.from` does.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One encoded Engine.IO packet as a WebSocket frame carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Valid UTF-8 (the transport has checked it) that starts with the type digit: `4…`, `2`, `3probe`.
    Text(Bytes),
    /// A message: the payload alone, without a type byte.
    Binary(Bytes),
}

impl Frame {
    /// `1`
    pub const CLOSE: Self = Self::Text(Bytes::from_static(b"1"));
    /// `2`
    pub const PING: Self = Self::Text(Bytes::from_static(b"2"));
    /// `2probe`
    pub const PING_PROBE: Self = Self::Text(Bytes::from_static(b"2probe"));
    /// `3`
    pub const PONG: Self = Self::Text(Bytes::from_static(b"3"));
    /// `3probe`
    pub const PONG_PROBE: Self = Self::Text(Bytes::from_static(b"3probe"));
    /// `5`
    pub const UPGRADE: Self = Self::Text(Bytes::from_static(b"5"));
    /// `6`
    pub const NOOP: Self = Self::Text(Bytes::from_static(b"6"));

    /// A text message from its payload: copies, because the type digit goes in front.
    pub fn message(text: &str) -> Self {
        let mut out = Vec::with_capacity(1 + text.len());
        out.push(b'4');
        out.extend_from_slice(text.as_bytes());
        Self::Text(out.into())
    }

    /// The bytes of the frame.
    pub fn bytes(&self) -> &Bytes {
        let (Self::Text(bytes) | Self::Binary(bytes)) = self;
        bytes
    }

    /// Encoded length in bytes.
    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    /// Whether there is not a single byte in it.
    pub fn is_empty(&self) -> bool {
        self.bytes().is_empty()
    }
}

/// The payload of a message packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Valid UTF-8 if the frame was.
    Text(Bytes),
    /// Anything.
    Binary(Bytes),
}

impl Message {
    /// Its size in bytes.
    pub fn len(&self) -> usize {
        let (Self::Text(data) | Self::Binary(data)) = self;
        data.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A decoded packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet {
    /// `0`, with the JSON of the handshake.
    Open(Bytes),
    /// `1`
    Close,
    /// `2`
    Ping {
        /// `2probe`: the first packet on a WebSocket that wants to take over.
        probe: bool,
    },
    /// `3`
    Pong {
        /// `3probe`: the answer to it.
        probe: bool,
    },
    /// `4`, a binary frame, or `b` and base64.
    Message(Message),
    /// `5`
    Upgrade,
    /// `6`
    Noop,
}

impl Packet {
    /// Decodes one frame; text is sliced, never copied.
    ///
    /// # Errors
    ///
    /// [`PacketError`] says what is wrong with the frame; the session it came from must be closed with `parse error`.
    pub fn decode(frame: Frame) -> Result<Self, PacketError> {
        match frame {
            Frame::Text(text) => Self::decode_text(&text),
            Frame::Binary(data) => Ok(Self::Message(Message::Binary(data))),
        }
    }

    fn decode_text(text: &Bytes) -> Result<Self, PacketError> {
        let first = *text.first().ok_or(PacketError::Empty)?;
        Ok(match first {
            b'0' => Self::Open(text.slice(1..)),
            b'1' => Self::Close,
            b'2' => Self::Ping { probe: &text[1..] == b"probe" },
            b'3' => Self::Pong { probe: &text[1..] == b"probe" },
            b'4' => Self::Message(Message::Text(text.slice(1..))),
            b'5' => Self::Upgrade,
            b'6' => Self::Noop,
            b'b' => {
                let data = BASE64.decode(&text[1..]).map_err(|_| PacketError::Base64)?;
                Self::Message(Message::Binary(data.into()))
            }
            _ => return Err(PacketError::UnknownType),
        })
    }
}

/// What is wrong with an Engine.IO packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketError {
    /// Not a single character.
    Empty,
    /// The first character is none of `0`–`6` and `b`.
    UnknownType,
    /// What follows `b` is not base64.
    Base64,
    /// A polling payload that is not UTF-8.
    Utf8,
}

impl fmt::Display for PacketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty packet",
            Self::UnknownType => "unknown packet type",
            Self::Base64 => "invalid base64",
            Self::Utf8 => "invalid UTF-8",
        })
    }
}

impl std::error::Error for PacketError {}

#[cfg(test)]
mod tests {
    use super::{Bytes, Frame, Message, Packet, PacketError};

    fn text(frame: &'static str) -> Result<Packet, PacketError> {
        Packet::decode(Frame::Text(Bytes::from_static(frame.as_bytes())))
    }

    #[test]
    fn decodes_every_type() {
        let message = |payload: &'static str| Packet::Message(Message::Text(Bytes::from_static(payload.as_bytes())));
        let binary = |payload: &'static [u8]| Packet::Message(Message::Binary(Bytes::from_static(payload)));
        let table = [
            ("0{}", Ok(Packet::Open(Bytes::from_static(b"{}")))),
            ("1", Ok(Packet::Close)),
            ("2", Ok(Packet::Ping { probe: false })),
            ("2probe", Ok(Packet::Ping { probe: true })),
            ("2wrong", Ok(Packet::Ping { probe: false })),
            ("3", Ok(Packet::Pong { probe: false })),
            ("3probe", Ok(Packet::Pong { probe: true })),
            ("4", Ok(message(""))),
            ("4hi €", Ok(message("hi €"))),
            ("5", Ok(Packet::Upgrade)),
            ("6", Ok(Packet::Noop)),
            ("bAQIDBA==", Ok(binary(&[1, 2, 3, 4]))),
            ("bAQIDBA", Ok(binary(&[1, 2, 3, 4]))),
            ("b", Ok(binary(&[]))),
            ("", Err(PacketError::Empty)),
            ("7", Err(PacketError::UnknownType)),
            ("/", Err(PacketError::UnknownType)),
            ("ab", Err(PacketError::UnknownType)),
            // engineioxide-core 0.2.3 fixed a remote panic on a first character of several bytes (#794).
            ("€2345", Err(PacketError::UnknownType)),
            ("𝄞", Err(PacketError::UnknownType)),
            ("b€", Err(PacketError::Base64)),
            ("b!!", Err(PacketError::Base64)),
        ];
        for (frame, want) in table {
            assert_eq!(text(frame), want, "{frame:?}");
        }
    }

    #[test]
    fn a_binary_frame_is_a_message_and_text_is_a_slice() {
        let data = Bytes::from_static(&[0x34, 0xff]);
        assert_eq!(Packet::decode(Frame::Binary(data.clone())), Ok(Packet::Message(Message::Binary(data))));
        let frame = Bytes::from(b"4hello".to_vec());
        let Ok(Packet::Message(Message::Text(slice))) = Packet::decode(Frame::Text(frame.clone())) else { panic!("a message") };
        assert_eq!(slice.as_ptr(), frame[1..].as_ptr());
    }

    #[test]
    fn constants_decode_to_what_they_are_called() {
        assert_eq!(Packet::decode(Frame::PING_PROBE), Ok(Packet::Ping { probe: true }));
        assert_eq!(Packet::decode(Frame::PONG_PROBE), Ok(Packet::Pong { probe: true }));
        assert_eq!(Packet::decode(Frame::UPGRADE), Ok(Packet::Upgrade));
        assert_eq!(Frame::message("a€"), Frame::Text(Bytes::from_static("4a€".as_bytes())));
    }
}
