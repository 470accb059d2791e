//! Header to bytes.

use bytes::{BufMut, Bytes};

use super::{Encoded, Header, Kind, ROOT};

impl<'a> Header<'a> {
    /// A header without attachments and id.
    pub const fn new(kind: Kind, nsp: &'a str) -> Self {
        Self { kind, attachments: 0, nsp, id: None }
    }

    /// The most bytes that [`write`](Self::write) appends.
    pub fn max_len(&self) -> usize {
        // `4`, type, `n-`, namespace, `,`, id: two decimal numbers of up to 20 digits.
        2 + 21 + self.nsp.len() + 1 + 20
    }

    /// Appends Engine.IO's `4` and the header; the JSON is to follow.
    pub fn write(&self, out: &mut impl BufMut) {
        out.put_slice(&[b'4', self.kind.digit()]);
        if self.kind.is_binary() {
            write_number(out, self.attachments as u64);
            out.put_u8(b'-');
        }
        // The comma is always written; some decoders cannot do without.
        if self.nsp != ROOT {
            out.put_slice(self.nsp.as_bytes());
            out.put_u8(b',');
        }
        if let Some(id) = self.id {
            write_number(out, id);
        }
    }

    /// The header with JSON text behind it, as one packet without attachments.
    pub fn with_json(&self, json: &[u8]) -> Encoded {
        let mut out = Vec::with_capacity(self.max_len() + json.len());
        self.write(&mut out);
        out.extend_from_slice(json);
        Bytes::from(out).into()
    }
}

fn write_number(out: &mut impl BufMut, mut number: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.put_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::{Header, Kind};

    #[test]
    fn writes_every_part() {
        let header = |kind, attachments, nsp, id| {
            let header = Header { kind, attachments, nsp, id };
            let mut out = Vec::new();
            header.write(&mut out);
            assert!(out.len() <= header.max_len());
            String::from_utf8(out).unwrap()
        };
        assert_eq!(header(Kind::Event, 0, "/", None), "42");
        assert_eq!(header(Kind::Ack, 0, "/", Some(0)), "430");
        assert_eq!(header(Kind::Disconnect, 0, "/admin", None), "41/admin,");
        assert_eq!(header(Kind::Event, 0, "/a?b=1", Some(12)), "42/a?b=1,12");
        assert_eq!(header(Kind::BinaryEvent, 10, "/", None), "4510-");
        assert_eq!(header(Kind::BinaryAck, usize::MAX, "/é", Some(u64::MAX)), format!("46{0}-/é,{0}", u64::MAX));
    }

    #[test]
    fn json_follows_the_header() {
        let packet = Header::new(Kind::Connect, "/n").with_json(br#"{"sid":"x"}"#);
        assert_eq!(packet.text, r#"40/n,{"sid":"x"}"#);
        assert_eq!(packet.size(), 16);
    }
}
