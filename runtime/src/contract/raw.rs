use std::fmt;

use bytes::Bytes;
use serde::Serialize;

#[cfg(any(feature = "server", feature = "client"))]
use super::{ArgError, Reply};
use super::{Args, Body, EncodeError, Payload};
use crate::proto::packet::{Encoded, Header, Kind};

/// The arguments of an event, or the values of an ack, as they are on the wire: for events that are in no contract.
///
/// ```
/// use ackord::RawArgs;
/// let args = RawArgs::new().arg(&1)?.arg("two")?;
/// assert_eq!(args.get::<String>(1), Ok("two".into()));
/// # Ok::<(), ackord::EncodeError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawArgs {
    /// Values with commas between them, well-formed.
    json: Bytes,
    attachments: Vec<Bytes>,
}

impl RawArgs {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn from_wire(json: Bytes, attachments: Vec<Bytes>) -> Self {
        Self { json, attachments }
    }

    /// Adds an argument. [`Binary`](crate::Binary) values become attachments.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn arg<T: Serialize + ?Sized>(self, value: &T) -> Result<Self, EncodeError> {
        let body = Body::resume(&self.json, self.attachments).arg(value).finish(|_, _| {})?;
        Ok(Self { json: body.text.slice(1..body.text.len() - 1), attachments: body.attachments })
    }

    /// The argument at `index`.
    ///
    /// # Errors
    /// What is wrong, if there is none or it has another type.
    pub fn get<T: Payload>(&self, index: usize) -> Result<T, String> {
        let text = self.array();
        let read = || {
            let mut args = Args::open(&text, &self.attachments)?;
            for _ in 0..index {
                args.skip()?;
            }
            args.next("argument")
        };
        read().map_err(|e| e.to_string())
    }

    /// All arguments, as values of one type: `serde_json::Value`, for those who know none.
    ///
    /// # Errors
    /// What is wrong, if one of them has another type.
    pub fn values<T: Payload>(&self) -> Result<Vec<T>, String> {
        let text = self.array();
        let read = || Args::open(&text, &self.attachments)?.all("argument");
        read().map_err(|e| e.to_string())
    }

    /// These arguments without the first `n`.
    pub fn skip(&self, n: usize) -> Self {
        let text = self.array();
        let read = || {
            let mut args = Args::open(&text, &self.attachments)?;
            for _ in 0..n {
                args.skip()?;
            }
            args.raw()
        };
        // Placeholders of the rest still count through all attachments.
        read().unwrap_or_default()
    }

    /// The JSON array.
    fn array(&self) -> Bytes {
        [b"[", &*self.json, b"]"].concat().into()
    }

    /// The name and the arguments of an event that is about to go out.
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) fn of_event(packet: &Encoded) -> Option<(String, Self)> {
        // Behind Engine.IO's `4`.
        let text = packet.text.slice(1..);
        let (_, data) = Header::decode(&text, usize::MAX).ok()?;
        let data = text.slice_ref(data);
        let (event, mut args) = Args::event(&data, &packet.attachments).ok()?;
        Some((event.into_owned(), args.raw().ok()?))
    }

    /// These values as an ack that has arrived.
    #[cfg(feature = "testing")]
    pub(crate) fn to_ack(&self) -> super::AckData {
        super::AckData::new(self.array(), self.attachments.clone())
    }

    /// An event of this name with these arguments.
    #[cfg(any(test, feature = "server", feature = "client"))]
    pub(crate) fn event(&self, nsp: &str, event: &str, id: Option<u64>) -> Result<Encoded, EncodeError> {
        let name = serde_json::to_string(event).map_err(EncodeError::new)?;
        let kind = if self.attachments.is_empty() { Kind::Event } else { Kind::BinaryEvent };
        let comma: &[u8] = if self.json.is_empty() { b"" } else { b"," };
        Ok(self.packet(kind, nsp, id, &[name.as_bytes(), comma]))
    }

    /// An ack with these values.
    pub(super) fn ack(&self, nsp: &str, id: u64) -> Encoded {
        let kind = if self.attachments.is_empty() { Kind::Ack } else { Kind::BinaryAck };
        self.packet(kind, nsp, Some(id), &[])
    }

    fn packet(&self, kind: Kind, nsp: &str, id: Option<u64>, before: &[&[u8]]) -> Encoded {
        let header = Header { kind, attachments: self.attachments.len(), nsp, id };
        let before_len: usize = before.iter().map(|part| part.len()).sum();
        let mut text = Vec::with_capacity(header.max_len() + before_len + self.json.len() + 2);
        header.write(&mut text);
        text.push(b'[');
        for part in before {
            text.extend_from_slice(part);
        }
        text.extend_from_slice(&self.json);
        text.push(b']');
        Encoded { text: text.into(), attachments: self.attachments.clone() }
    }
}

/// An event that no other handler knows: what `on_fallback` gets, on either side.
#[cfg(any(feature = "server", feature = "client"))]
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawEvent {
    /// Its name on the wire.
    pub name: String,
    /// Its arguments.
    pub args: RawArgs,
    /// Whether the other side asks for an ack.
    pub wants_ack: bool,
}

#[cfg(any(feature = "server", feature = "client"))]
impl RawEvent {
    pub(crate) fn new(name: &str, args: &mut Args<'_>, reply: &Reply) -> Result<Self, ArgError> {
        Ok(Self { name: name.to_owned(), args: args.raw()?, wants_ack: reply.is_wanted() })
    }
}

impl fmt::Debug for RawArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawArgs([{}], {} attachments)", String::from_utf8_lossy(&self.json), self.attachments.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{ArgError, Binary};

    fn text(packet: &Encoded) -> &str {
        std::str::from_utf8(&packet.text).unwrap()
    }

    #[test]
    fn what_came_goes_out_again_with_its_attachments() {
        let wire = Bytes::from_static(br#"[ "echo" , {"_placeholder":true,"num":0}, 1 ,[2,"]"] ]"#);
        let attachments = [Bytes::from_static(b"b")];
        let (_, mut args) = Args::event(&wire, &attachments).unwrap();
        let raw = args.raw().unwrap();
        assert_eq!(text(&raw.ack("/n", 7)), r#"461-/n,7[{"_placeholder":true,"num":0}, 1 ,[2,"]"]]"#);
        assert_eq!(raw.ack("/n", 7).attachments, attachments);
        assert_eq!(raw.get::<Binary>(0).unwrap(), Binary::from("b".to_owned()));
        assert_eq!(raw.get::<u8>(1), Ok(1));
        assert_eq!(raw.get::<u8>(3), Err("argument: missing".into()));
    }

    #[test]
    fn arguments_are_added_one_by_one() {
        let raw = RawArgs::new().arg(&1).unwrap().arg(&Binary::from(vec![1])).unwrap().arg(&Binary::from(vec![2])).unwrap();
        let packet = raw.event("/", "a\"b", None).unwrap();
        assert_eq!(text(&packet), r#"452-["a\"b",1,{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#);
        assert_eq!(packet.attachments, [&[1u8][..], &[2]]);
        assert_eq!(text(&RawArgs::new().event("/", "a", Some(1)).unwrap()), r#"421["a"]"#);
        assert_eq!(text(&RawArgs::new().ack("/", 0)), "430[]");
    }

    #[test]
    fn all_are_read_as_values_of_one_type() {
        assert_eq!(RawArgs::new().values::<u8>(), Ok(vec![]));
        let raw = RawArgs::new().arg(&1).unwrap().arg(&[2]).unwrap();
        assert_eq!(raw.values(), Ok(vec![serde_json::json!(1), serde_json::json!([2])]));
        assert!(raw.values::<u8>().unwrap_err().starts_with("argument: invalid type: sequence"));
        let parts = [Binary::from(vec![1]), Binary::from(vec![2])];
        let raw = RawArgs::new().arg(&parts[0]).unwrap().arg(&parts[1]).unwrap();
        assert_eq!(raw.values::<Binary>(), Ok(parts.to_vec()));
    }

    #[test]
    fn malformed_arguments_are_never_raw() {
        for broken in [r#"["a",]"#, r#"["a",1,]"#, r#"["a",1"#, r#"["a",{]"#, r#"["a",1]x"#] {
            let wire = Bytes::from_static(broken.as_bytes());
            let (_, mut args) = Args::event(&wire, &[]).unwrap();
            assert_eq!(args.raw().map(|_| ()), Err(ArgError::Malformed), "{broken}");
        }
    }
}
