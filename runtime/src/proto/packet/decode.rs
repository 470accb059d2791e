//! Bytes to header.

use std::fmt;

use super::{Header, Kind, RESERVED_EVENTS, ROOT};

impl<'a> Header<'a> {
    /// Reads the header of a packet from the text after Engine.IO's `4`; returns it with the payload that follows.
    ///
    /// The payload is checked as far as that is cheap: kind of JSON value by its first and last byte, and that an
    /// event's name is a string or a number and not reserved. Whoever parses the JSON finds the rest.
    ///
    /// # Errors
    ///
    /// [`DecodeError`], which prints what the reference's decoder throws.
    pub fn decode(text: &'a [u8], max_attachments: usize) -> Result<(Self, &'a [u8]), DecodeError> {
        let (&digit, rest) = text.split_first().ok_or(DecodeError::UnknownType(None))?;
        let kind = Kind::from_digit(digit).ok_or(DecodeError::unknown_type(digit))?;
        let (attachments, rest) = if kind.is_binary() { take_attachments(rest, max_attachments)? } else { (0, rest) };
        let (nsp, rest) = take_namespace(rest)?;
        let (id, payload) = take_id(rest)?;
        if !is_payload_valid(kind, payload) {
            return Err(DecodeError::InvalidPayload);
        }
        Ok((Self { kind, attachments, nsp, id }, payload))
    }
}

fn take_attachments(rest: &[u8], max: usize) -> Result<(usize, &[u8]), DecodeError> {
    let (count, rest) = take_number(rest);
    let ([b'-', rest @ ..], Some(count)) = (rest, count) else {
        return Err(DecodeError::IllegalAttachments);
    };
    match count {
        // At least one since socket.io-parser 4.2.7.
        Ok(0) => Err(DecodeError::IllegalAttachments),
        Ok(count) if count <= max as u64 => Ok((count as usize, rest)),
        _ => Err(DecodeError::TooManyAttachments),
    }
}

/// A namespace begins with a slash and ends at the comma, or with the packet.
fn take_namespace(rest: &[u8]) -> Result<(&str, &[u8]), DecodeError> {
    if rest.first() != Some(&b'/') {
        return Ok((ROOT, rest));
    }
    let (nsp, rest) = match rest.iter().position(|&byte| byte == b',') {
        Some(comma) => (&rest[..comma], &rest[comma + 1..]),
        None => (rest, &[][..]),
    };
    let nsp = std::str::from_utf8(nsp).map_err(|_| DecodeError::InvalidPayload)?;
    Ok((nsp, rest))
}

fn take_id(rest: &[u8]) -> Result<(Option<u64>, &[u8]), DecodeError> {
    match take_number(rest) {
        (None, rest) => Ok((None, rest)),
        (Some(Ok(id)), rest) => Ok((Some(id), rest)),
        (Some(Err(Overflow)), _) => Err(DecodeError::IdOutOfRange),
    }
}

struct Overflow;

/// A run of ASCII digits, leading zeros included; `None` if there is none.
fn take_number(text: &[u8]) -> (Option<Result<u64, Overflow>>, &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return (None, rest);
    }
    let number = digits.iter().try_fold(0_u64, |number, digit| number.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
    (Some(number.ok_or(Overflow)), rest)
}

fn is_payload_valid(kind: Kind, payload: &[u8]) -> bool {
    match kind {
        Kind::Connect => payload.is_empty() || is_enclosed(payload, b'{', b'}'),
        Kind::Disconnect => payload.is_empty(),
        // The reference passes `42` alone, the specification does not.
        Kind::Event | Kind::BinaryEvent => is_enclosed(payload, b'[', b']') && has_event_name(&payload[1..]),
        Kind::Ack | Kind::BinaryAck => is_enclosed(payload, b'[', b']'),
        Kind::ConnectError => is_enclosed(payload, b'{', b'}') || is_enclosed(payload, b'"', b'"'),
    }
}

fn is_enclosed(payload: &[u8], first: u8, last: u8) -> bool {
    let payload = payload.trim_ascii_end();
    payload.len() >= 2 && payload.first() == Some(&first) && payload.last() == Some(&last)
}

/// Whether an array, without its bracket, begins with what may be the name of an event.
fn has_event_name(array: &[u8]) -> bool {
    match array.trim_ascii_start() {
        // A name written with escapes is compared by whoever parses it.
        [b'"', name @ ..] => !RESERVED_EVENTS
            .iter()
            .any(|reserved| name.strip_prefix(reserved.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'"'))),
        [b'0'..=b'9' | b'-', ..] => true,
        _ => false,
    }
}

/// What is wrong with an incoming Socket.IO packet.
///
/// Each of them closes the connection. `Display` prints the texts of the reference, where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The first character is not a type; the number if it is a digit.
    UnknownType(Option<u8>),
    /// The number of attachments is missing, malformed or zero.
    IllegalAttachments,
    /// More attachments than allowed.
    TooManyAttachments,
    /// More bytes of attachments than allowed.
    AttachmentsTooLarge,
    /// Attachments did not come in time.
    MissingAttachments,
    /// An acknowledgement id of more than 64 bits.
    IdOutOfRange,
    /// The payload is not JSON, or not the JSON that this type of packet has.
    InvalidPayload,
    /// A placeholder names no attachment.
    IllegalPlaceholder,
    /// A text message where an attachment was due.
    UnexpectedText,
    /// A binary message where none was due.
    UnexpectedBinary,
    /// More events than allowed before the namespace they belong to is joined.
    TooEarly,
}

impl DecodeError {
    fn unknown_type(first: u8) -> Self {
        Self::UnknownType(first.is_ascii_digit().then(|| first - b'0'))
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownType(Some(number)) => return write!(f, "unknown packet type {number}"),
            Self::UnknownType(None) => "unknown packet type NaN",
            Self::IllegalAttachments => "Illegal attachments",
            Self::TooManyAttachments => "too many attachments",
            Self::AttachmentsTooLarge => "attachments too large",
            Self::MissingAttachments => "attachments are missing",
            Self::IdOutOfRange => "ack id out of range",
            Self::InvalidPayload => "invalid payload",
            Self::IllegalPlaceholder => "illegal attachments",
            Self::UnexpectedText => "got plaintext data when reconstructing a packet",
            Self::UnexpectedBinary => "got binary data when not reconstructing a packet",
            Self::TooEarly => "too many events before the namespace is joined",
        })
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests;
