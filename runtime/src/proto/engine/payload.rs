//! The framing of HTTP long-polling: packets joined with a record separator, binary as `b` and base64.
//!
//! `engine.io-parser` 5.2.3, `encodePayload` and `decodePayload`.

use base64::Engine as _;
use bytes::Bytes;

use super::packet::{BASE64, Frame, Packet, PacketError};

/// Between two packets. JSON escapes control characters, so it never occurs in one.
pub const SEPARATOR: u8 = 0x1e;

/// The most packets in one payload: `python-engineio` drops a connection that sends more.
pub const MAX_PACKETS: usize = 16;

/// Encodes the body of a poll response or a POST.
///
/// The caller keeps to [`MAX_PACKETS`]. One text packet alone is its own payload and is not copied.
pub fn encode(frames: &[Frame]) -> Bytes {
    if let [Frame::Text(text)] = frames {
        return text.clone();
    }
    let size: usize = frames.iter().map(|frame| encoded_len(frame) + 1).sum();
    let mut out = String::with_capacity(size).into_bytes();
    for (n, frame) in frames.iter().enumerate() {
        if n > 0 {
            out.push(SEPARATOR);
        }
        match frame {
            Frame::Text(text) => out.extend_from_slice(text),
            Frame::Binary(data) => append_base64(&mut out, data),
        }
    }
    out.into()
}

/// Whether this is how a server of Engine.IO 3 begins a session: there, each packet has its length in characters in front.
///
/// `engine.io-parser` 2.2.1, `encodePayload`: `97:0{"sid":…}`.
pub fn is_of_protocol_3(body: &[u8]) -> bool {
    let digits = body.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && body[digits..].starts_with(b":0{")
}

/// The length of one packet in a payload, without separator.
pub fn encoded_len(frame: &Frame) -> usize {
    match frame {
        Frame::Text(text) => text.len(),
        Frame::Binary(data) => 1 + data.len().div_ceil(3) * 4,
    }
}

fn append_base64(out: &mut Vec<u8>, data: &[u8]) {
    out.push(b'b');
    let start = out.len();
    out.resize(start + data.len().div_ceil(3) * 4, 0);
    let written = BASE64.encode_slice(data, &mut out[start..]).expect("the room was made for it");
    debug_assert_eq!(written, out.len() - start);
}

/// The packets of a payload, decoded one at a time so that a body of many small packets is never held unpacked.
///
/// After an error there is nothing more: what follows a malformed packet is dropped, as the reference does.
#[derive(Clone, Debug, Default)]
pub struct Payload {
    /// `None` when everything was handed out; an empty payload is one empty packet.
    rest: Option<Bytes>,
}

impl Payload {
    /// Takes a body.
    ///
    /// # Errors
    ///
    /// [`PacketError::Utf8`] if it is not UTF-8.
    pub fn new(body: Bytes) -> Result<Self, PacketError> {
        std::str::from_utf8(&body).map_err(|_| PacketError::Utf8)?;
        Ok(Self { rest: Some(body) })
    }

    /// Whether every packet was handed out.
    pub fn is_empty(&self) -> bool {
        self.rest.is_none()
    }
}

impl Iterator for Payload {
    type Item = Result<Packet, PacketError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.rest.take()?;
        let packet = match rest.iter().position(|&byte| byte == SEPARATOR) {
            Some(end) => {
                let packet = rest.split_to(end);
                self.rest = Some(rest.slice(1..));
                packet
            }
            None => rest,
        };
        let decoded = Packet::decode(Frame::Text(packet));
        if decoded.is_err() {
            self.rest = None;
        }
        Some(decoded)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Message;
    use super::{Bytes, Frame, Packet, PacketError, Payload, encode, encoded_len, is_of_protocol_3};

    fn text(text: &'static str) -> Frame {
        Frame::Text(Bytes::from_static(text.as_bytes()))
    }

    fn decode(body: &'static str) -> Vec<Result<Packet, PacketError>> {
        Payload::new(Bytes::from_static(body.as_bytes())).unwrap().collect()
    }

    #[test]
    fn encodes_as_the_reference_does() {
        let binary = Frame::Binary(Bytes::from_static(&[1, 2, 3, 4]));
        assert_eq!(encode(&[]), "");
        assert_eq!(encode(&[text("4a"), text("2"), binary.clone()]), "4a\x1e2\x1ebAQIDBA==");
        assert_eq!(encode(&[Frame::Binary(Bytes::new())]), "b");
        assert_eq!(encoded_len(&binary), 9);
    }

    #[test]
    fn a_single_text_packet_is_not_copied() {
        let frame = Bytes::from(b"4hello".to_vec());
        assert_eq!(encode(&[Frame::Text(frame.clone())]).as_ptr(), frame.as_ptr());
    }

    #[test]
    fn decodes_in_order_and_without_copying() {
        let message = |text: &'static str| Ok(Packet::Message(Message::Text(Bytes::from_static(text.as_bytes()))));
        assert_eq!(decode("4a\x1e2probe\x1e4€"), [message("a"), Ok(Packet::Ping { probe: true }), message("€")]);
        let body = Bytes::from(b"2\x1e4x".to_vec());
        let last = Payload::new(body.clone()).unwrap().last();
        let Some(Ok(Packet::Message(Message::Text(slice)))) = last else { panic!("{last:?}") };
        assert_eq!(slice.as_ptr(), body[3..].as_ptr());
    }

    #[test]
    fn an_old_server_is_known_by_its_framing() {
        assert!(is_of_protocol_3(br#"97:0{"sid":"x"}2:40"#));
        for other in [&b"0{}"[..], b":0{", b"97", b"97:1{", b""] {
            assert!(!is_of_protocol_3(other));
        }
    }

    #[test]
    fn an_error_ends_the_payload() {
        assert_eq!(decode("2\x1e9\x1e2"), [Ok(Packet::Ping { probe: false }), Err(PacketError::UnknownType)]);
        assert_eq!(decode(""), [Err(PacketError::Empty)]);
        assert_eq!(decode("2\x1e"), [Ok(Packet::Ping { probe: false }), Err(PacketError::Empty)]);
        assert_eq!(decode("\x1e2"), [Err(PacketError::Empty)]);
        assert_eq!(decode("b="), [Err(PacketError::Base64)]);
        assert_eq!(Payload::new(Bytes::from_static(b"4\xff")).err(), Some(PacketError::Utf8));
        assert_eq!(Payload::default().next(), None);
    }
}
