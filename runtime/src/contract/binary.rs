//! `Binary`: bytes that travel as a Socket.IO attachment, and the scopes in which placeholders are read and written.
//!
//! serde has no way to hand a context to a field deep in a payload, so the attachments of the packet being decoded (or encoded) are
//! put into a thread-local for just that synchronous call. Everything serde offers keeps working: flatten, untagged, generics.

use std::{cell::RefCell, fmt, ops::Deref};

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, SeqAccess, Visitor},
    ser::SerializeStruct,
};

/// Bytes that travel beside the JSON as an attachment, anywhere in a payload: an `ArrayBuffer`, `Uint8Array` or `Buffer` on the other
/// side. Cheap to clone.
///
/// Outside of a Socket.IO packet (a log, a database) it serialises as plain bytes.
///
/// ```
/// use ackord::Binary;
/// let image = Binary::from(vec![1, 2, 3]);
/// assert_eq!(image.len(), 3);
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Binary(pub Bytes);

impl fmt::Debug for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Binary({} bytes)", self.0.len())
    }
}

impl Deref for Binary {
    type Target = Bytes;

    fn deref(&self) -> &Bytes {
        &self.0
    }
}

impl AsRef<[u8]> for Binary {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

macro_rules! from {
    ($($t:ty),*) => { $(impl From<$t> for Binary {
        fn from(bytes: $t) -> Self {
            Self(Bytes::from(bytes))
        }
    })* };
}
from!(Bytes, Vec<u8>, Box<[u8]>, &'static [u8], String);

thread_local! {
    static SCOPE: RefCell<Scope> = const { RefCell::new(Scope::None) };
}

enum Scope {
    None,
    Reading {
        attachments: Vec<Bytes>,
        /// A placeholder named an attachment that is not there: the packet is malformed, as in the reference.
        illegal: bool,
    },
    Writing(Vec<Bytes>),
}

/// Puts a scope in place for one call and the former one back, also when the call panics.
struct Restore(Option<Scope>);

impl Restore {
    fn enter(scope: Scope) -> Self {
        Self(Some(SCOPE.replace(scope)))
    }

    fn leave(mut self) -> Scope {
        SCOPE.replace(self.0.take().unwrap_or(Scope::None))
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        if let Some(former) = self.0.take() {
            SCOPE.set(former);
        }
    }
}

/// Runs `decode` while `Binary` values resolve their placeholders in `attachments`. Also tells whether one named an attachment that does
/// not exist.
pub(super) fn reading<T>(attachments: &[Bytes], decode: impl FnOnce() -> T) -> (T, bool) {
    if attachments.is_empty() {
        return (decode(), false);
    }
    let restore = Restore::enter(Scope::Reading { attachments: attachments.to_vec(), illegal: false });
    let out = decode();
    (out, matches!(restore.leave(), Scope::Reading { illegal: true, .. }))
}

/// Runs `encode` while `Binary` values move their bytes to the end of `attachments` and leave placeholders.
pub(super) fn writing<T>(attachments: &mut Vec<Bytes>, encode: impl FnOnce() -> T) -> T {
    let restore = Restore::enter(Scope::Writing(std::mem::take(attachments)));
    let out = encode();
    if let Scope::Writing(all) = restore.leave() {
        *attachments = all;
    }
    out
}

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let num = SCOPE.with_borrow_mut(|scope| match scope {
            Scope::Writing(all) => {
                all.push(self.0.clone());
                Some(all.len() - 1)
            }
            Scope::None | Scope::Reading { .. } => None,
        });
        let Some(num) = num else { return serializer.serialize_bytes(&self.0) };
        let mut placeholder = serializer.serialize_struct("Binary", 2)?;
        placeholder.serialize_field("_placeholder", &true)?;
        placeholder.serialize_field("num", &num)?;
        placeholder.end()
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BinaryVisitor)
    }
}

struct BinaryVisitor;

impl<'de> Visitor<'de> for BinaryVisitor {
    type Value = Binary;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("binary data")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Binary, A::Error> {
        let (mut marked, mut num) = (false, None);
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match &*key {
                "_placeholder" => marked = map.next_value()?,
                // Not a number, or none that counts attachments: the packet is malformed, not the argument.
                "num" => num = map.next_value::<serde_json::Value>()?.as_u64(),
                _ => drop(map.next_value::<de::IgnoredAny>()?),
            }
        }
        if !marked {
            return Err(de::Error::custom("expected binary data, found an object"));
        }
        let found = SCOPE.with_borrow_mut(|scope| match scope {
            Scope::Reading { attachments, illegal } => {
                let found = num.and_then(|num| attachments.get(num as usize)).cloned();
                *illegal |= found.is_none();
                found
            }
            Scope::None | Scope::Writing(_) => None,
        });
        found.map(Binary).ok_or_else(|| match num {
            Some(num) => de::Error::custom(format_args!("attachment {num} does not exist")),
            None => de::Error::custom("a placeholder without a number"),
        })
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Binary, E> {
        Ok(Binary(Bytes::copy_from_slice(bytes)))
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Binary, E> {
        Ok(bytes.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Binary, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Upload {
        name: String,
        parts: Vec<Binary>,
        #[serde(flatten)]
        rest: Rest,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Rest {
        thumb: Option<Binary>,
    }

    fn sample() -> Upload {
        let part = |b: &'static [u8]| Binary::from(b);
        Upload { name: "n".into(), parts: vec![part(b"one"), part(b"")], rest: Rest { thumb: Some(part(b"t")) } }
    }

    #[test]
    fn placeholders_are_numbered_depth_first_and_resolve_again() {
        let mut attachments = Vec::new();
        let json = writing(&mut attachments, || serde_json::to_string(&sample())).unwrap();
        assert_eq!(
            json,
            r#"{"name":"n","parts":[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}],"thumb":{"_placeholder":true,"num":2}}"#
        );
        assert_eq!(attachments, [&b"one"[..], b"", b"t"]);
        assert_eq!(reading(&attachments, || serde_json::from_str::<Upload>(&json)).0.unwrap(), sample());
    }

    #[test]
    fn a_placeholder_without_its_attachment_is_an_error_with_its_number() {
        let read =
            |json: &str| reading(&[Bytes::from_static(b"x")], || serde_json::from_str::<Binary>(json)).0.unwrap_err().to_string();
        let missing = r#"{"_placeholder":true,"num":1}"#;
        assert!(read(missing).starts_with("attachment 1 does not exist"));
        assert!(reading(&[Bytes::from_static(b"x")], || serde_json::from_str::<Binary>(missing)).1);
        for none in [r#"{"_placeholder":true,"num":-1}"#, r#"{"_placeholder":true,"num":"0"}"#, r#"{"_placeholder":true}"#] {
            assert!(read(none).starts_with("a placeholder without a number"), "{none}");
            assert!(reading(&[Bytes::from_static(b"x")], || serde_json::from_str::<Binary>(none)).1, "{none}");
        }
        assert!(read(r#"{"num":0}"#).starts_with("expected binary data"));
        assert!(read(r#""text""#).contains("expected binary data"));
    }

    #[test]
    fn is_plain_bytes_outside_of_a_packet_and_after_a_panic_in_one() {
        let result = std::panic::catch_unwind(|| writing(&mut Vec::new(), || panic!("serialiser")));
        assert!(result.is_err());
        let json = serde_json::to_string(&Binary::from(vec![1, 2])).unwrap();
        assert_eq!(json, "[1,2]");
        assert_eq!(serde_json::from_str::<Binary>(&json).unwrap(), Binary::from(vec![1, 2]));
    }
}
