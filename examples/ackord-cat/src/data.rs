//! Values as they travel: JSON with attachments in it.

use std::fmt;

use ackord::Binary;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::{Value, json};

/// A value of an event or an ack.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data {
    /// Neither a list nor an object.
    Plain(Value),
    List(Vec<Data>),
    /// In the order of the wire, and with whatever is there twice: one looks at a server to see what it really sends.
    Object(Fields),
    Binary(Binary),
}

pub(crate) type Fields = Vec<(String, Data)>;

impl Data {
    /// From JSON as people write it: `{"base64": "…"}` is an attachment.
    ///
    /// # Errors
    /// It is no JSON, or what is in a `base64` is none.
    pub(crate) fn parse(json: &str) -> Result<Self, String> {
        let Tree(data) = serde_json::from_str(json).map_err(|e| json_error(&e))?;
        data.with_binary(&|fields| match fields {
            [(key, Self::Plain(Value::String(text)))] if key == "base64" => Some(Self::from_base64(text)),
            _ => None,
        })
    }

    pub(crate) fn from_base64(text: &str) -> Result<Self, String> {
        let bytes = BASE64_STANDARD.decode(text).map_err(|e| format!("base64: {e}"))?;
        Ok(Self::Binary(bytes.into()))
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::Plain(text.into())
    }

    /// Puts attachments in the places of the objects that `read` knows.
    fn with_binary<E>(self, read: &impl Fn(&[(String, Self)]) -> Option<Result<Self, E>>) -> Result<Self, E> {
        Ok(match self {
            Self::List(values) => Self::List(values.into_iter().map(|value| value.with_binary(read)).collect::<Result<_, _>>()?),
            Self::Object(fields) => {
                if let Some(binary) = read(&fields) {
                    return binary;
                }
                let field = |(key, value): (_, Self)| Ok((key, value.with_binary(read)?));
                Self::Object(fields.into_iter().map(field).collect::<Result<_, _>>()?)
            }
            other => other,
        })
    }

    /// Adds the JSON of a value to `out`, in which `binary` writes something in the place of each attachment.
    pub(crate) fn write(&self, out: &mut String, binary: &mut impl FnMut(&Binary, &mut String)) {
        match self {
            Self::Plain(value) => out.push_str(&value.to_string()),
            Self::List(values) => separated(out, ['[', ']'], values, |value, out| value.write(out, binary)),
            Self::Object(fields) => separated(out, ['{', '}'], fields, |(key, value), out| {
                out.push_str(&Value::from(&**key).to_string());
                out.push(':');
                value.write(out, binary);
            }),
            Self::Binary(bytes) => binary(bytes, out),
        }
    }
}

fn separated<T>(out: &mut String, brackets: [char; 2], items: &[T], mut write: impl FnMut(&T, &mut String)) {
    out.push(brackets[0]);
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(brackets[1]);
}

/// What people write is usually one line.
pub(crate) fn json_error(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at character ")
}

/// What [`Data::parse`] reads.
pub(crate) fn write_base64(bytes: &Binary, out: &mut String) {
    out.push_str(&json!({ "base64": BASE64_STANDARD.encode(bytes) }).to_string());
}

/// On its way to a packet: attachments leave their placeholders.
impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(value) => value.serialize(serializer),
            Self::List(values) => values.serialize(serializer),
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            Self::Binary(bytes) => bytes.serialize(serializer),
        }
    }
}

/// Out of a packet: placeholders are attachments again.
impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Tree(data) = Tree::deserialize(deserializer)?;
        let binary = data.with_binary(&|fields| {
            let field = |name: &str| match fields.iter().find(|(key, _)| key == name) {
                Some((_, Self::Plain(value))) => Some(value.clone()),
                _ => None,
            };
            let marked = field("_placeholder") == Some(Value::Bool(true));
            marked.then(|| serde_json::from_value(json!({ "_placeholder": true, "num": field("num") })).map(Self::Binary))
        });
        binary.map_err(serde::de::Error::custom)
    }
}

/// JSON, in which nothing is an attachment yet.
struct Tree(Data);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor).map(Tree)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Data, E> {
        Ok(Data::Plain(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Data, E> {
        Ok(Data::Plain(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Data, E> {
        Ok(Data::Plain(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Data, E> {
        Ok(Data::Plain(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Data, E> {
        Ok(Data::Plain(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Data, E> {
        Ok(Data::text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Data, A::Error> {
        let mut values = Vec::new();
        while let Some(Tree(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(Data::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Data, A::Error> {
        let mut fields = Vec::new();
        while let Some((key, Tree(value))) = map.next_entry()? {
            fields.push((key, value));
        }
        Ok(Data::Object(fields))
    }
}

/// Text of somebody else's for a terminal: what could move the cursor, change colours or turn the direction of writing is escaped.
pub(crate) struct Clean<'a>(pub(crate) &'a str);

impl fmt::Display for Clean<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        self.0.chars().try_for_each(|c| match c {
            '\n' => f.write_char(' '),
            c if c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                write!(f, "\\u{:04x}", u32::from(c))
            }
            c => f.write_char(c),
        })
    }
}

#[cfg(test)]
mod tests {
    use ackord::RawArgs;

    use super::*;

    fn data(json: &str) -> Data {
        Data::parse(json).unwrap()
    }

    #[test]
    fn attachments_go_out_and_come_back_wherever_they_are() {
        let json = r#"{"z":[1,{"base64":"aGk="}],"a":{"base64":""},"n":null,"z":-1.5}"#;
        let args = RawArgs::new().arg(&data(json)).unwrap().arg(&data(r#"{"base64":"AA=="}"#)).unwrap();
        let back = args.values::<Data>().unwrap();
        assert_eq!(back, [data(json), Data::Binary(vec![0].into())]);
        let mut text = String::new();
        back[0].write(&mut text, &mut write_base64);
        assert_eq!(text, json);
    }

    #[test]
    fn an_object_with_more_keys_is_an_object() {
        assert!(matches!(data(r#"{"base64":"aGk=","x":1}"#), Data::Object(fields) if fields.len() == 2));
        assert!(Data::parse(r#"[{"base64":"?"}]"#).unwrap_err().starts_with("base64: "));
    }

    #[test]
    fn nothing_that_a_terminal_would_obey_gets_through() {
        assert_eq!(Clean("a\u{1b}[31m\u{9b}é\u{202e}\nb").to_string(), "a\\u001b[31m\\u009bé\\u202e b");
    }
}
