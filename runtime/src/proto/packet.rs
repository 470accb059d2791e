//! Socket.IO packets (placeholder until the codec lands).
use bytes::Bytes;

/// One outgoing Socket.IO packet, encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The text frame, with the Engine.IO type digit `4` in front.
    pub text: Bytes,
    /// The binary frames that follow it.
    pub attachments: Vec<Bytes>,
}

pub(crate) fn write_header(out: &mut Vec<u8>, ack: bool, attachments: usize, nsp: &str, id: Option<u64>) {
    use std::io::Write;
    out.extend_from_slice(match (ack, attachments) {
        (false, 0) => b"42",
        (true, 0) => b"43",
        (false, _) => b"45",
        (true, _) => b"46",
    });
    if attachments > 0 {
        let _ = write!(out, "{attachments}-");
    }
    if nsp != "/" {
        out.extend_from_slice(nsp.as_bytes());
        out.push(b',');
    }
    if let Some(id) = id {
        let _ = write!(out, "{id}");
    }
}
