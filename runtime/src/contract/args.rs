use std::{borrow::Cow, fmt};

use bytes::Bytes;
use serde::{Deserializer, de};

use super::{Payload, RawArgs, binary, json};

/// The arguments of an event or the value of an ack, decoded one by one straight from the packet's bytes.
///
/// One pass over the JSON: each [`next`](Self::next) parses the next element into its type, [`finish`](Self::finish) skips what nobody
/// asked for and checks the end.
#[derive(Debug, Clone)]
pub struct Args<'a> {
    /// The whole array, to tell malformed JSON from a value of another type when something fails.
    text: &'a Bytes,
    rest: &'a [u8],
    attachments: &'a [Bytes],
    first: bool,
}

/// Why arguments could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArgError {
    /// The packet is not well-formed JSON, or not an event: a broken peer, whose connection is closed as the reference does.
    Malformed,
    /// One argument does not fit its type.
    Bad(BadArg),
}

/// An argument that does not fit its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadArg {
    /// The argument's name in the contract.
    pub name: &'static str,
    /// Where in the argument: `.field[3]`, empty for the argument itself.
    pub path: String,
    /// What serde says.
    pub message: String,
}

impl fmt::Display for ArgError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("malformed JSON"),
            Self::Bad(bad) => bad.fmt(f),
        }
    }
}

impl std::error::Error for ArgError {}

impl fmt::Display for BadArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}: {}", self.name, self.path, self.message)
    }
}

impl std::error::Error for BadArg {}

impl<'a> Args<'a> {
    /// Opens the JSON array `text`.
    ///
    /// # Errors
    /// [`ArgError`]: the argument does not fit, or the packet is malformed.
    pub fn open(text: &'a Bytes, attachments: &'a [Bytes]) -> Result<Self, ArgError> {
        let rest = text.trim_ascii_start().strip_prefix(b"[").ok_or(ArgError::Malformed)?;
        Ok(Self { text, rest: rest.trim_ascii_start(), attachments, first: true })
    }

    /// Opens an event: its name, compared after JSON unescaping, and its arguments. A number is taken as its digits, as in JavaScript.
    ///
    /// # Errors
    /// [`ArgError`]: the argument does not fit, or the packet is malformed.
    pub fn event(text: &'a Bytes, attachments: &'a [Bytes]) -> Result<(Cow<'a, str>, Self), ArgError> {
        let mut args = Self::open(text, attachments)?;
        let name = match args.rest.first() {
            Some(b'"') => args.element::<Name<'a>>().map_err(|_| ArgError::Malformed)?.0,
            Some(b'-' | b'0'..=b'9') => args.element::<serde_json::Number>().map_err(|_| ArgError::Malformed)?.to_string().into(),
            _ => return Err(ArgError::Malformed),
        };
        args.first = false;
        Ok((name, args))
    }

    /// The next argument. A missing one is `None` for an `Option` and an error for everything else (R4).
    ///
    /// # Errors
    /// [`ArgError`]: the argument does not fit, or the packet is malformed.
    pub fn next<T: Payload>(&mut self, name: &'static str) -> Result<T, ArgError> {
        self.take(name)
    }

    pub(super) fn take<T: de::DeserializeOwned>(&mut self, name: &'static str) -> Result<T, ArgError> {
        if self.at_end()? { missing(name) } else { self.value(name) }
    }

    /// All that is left, as values of one type.
    pub(super) fn all<T: de::DeserializeOwned>(&mut self, name: &'static str) -> Result<Vec<T>, ArgError> {
        let mut values = Vec::new();
        while !self.at_end()? {
            values.push(self.value(name)?);
        }
        Ok(values)
    }

    fn value<T: de::DeserializeOwned>(&mut self, name: &'static str) -> Result<T, ArgError> {
        let (attachments, before) = (self.attachments, self.rest);
        let (value, illegal) = binary::reading(attachments, || self.element::<T>());
        value.map_err(|e| if illegal { ArgError::Malformed } else { self.blame(name, before, &e) })
    }

    /// Skips what is left and checks that the array ends, and the packet with it.
    ///
    /// # Errors
    /// [`ArgError`]: the argument does not fit, or the packet is malformed.
    pub fn finish(&mut self) -> Result<(), ArgError> {
        while !self.at_end()? {
            self.skip_element()?;
        }
        if self.rest[1..].trim_ascii_start().is_empty() { Ok(()) } else { Err(ArgError::Malformed) }
    }

    /// All that is left, unparsed and well-formed.
    ///
    /// # Errors
    /// [`ArgError::Malformed`].
    pub fn raw(&mut self) -> Result<RawArgs, ArgError> {
        let mut json: &[u8] = &[];
        if !self.at_end()? {
            let from = self.rest;
            self.skip_element()?;
            let mut len = from.len() - self.rest.len();
            while !self.at_end()? {
                self.skip_element()?;
                len = from.len() - self.rest.len();
            }
            json = &from[..len];
        }
        self.finish()?;
        // An empty slice stands nowhere in the text.
        let json = if json.is_empty() { Bytes::new() } else { self.text.slice_ref(json) };
        Ok(RawArgs::from_wire(json, self.attachments.to_vec()))
    }

    /// The last of what is left, if it is a string.
    #[cfg(feature = "client")]
    pub(crate) fn last_text(&mut self) -> Option<String> {
        let mut last = None;
        while !self.at_end().ok()? {
            let before = self.rest;
            self.skip_element().ok()?;
            last = Some(&before[..before.len() - self.rest.len()]);
        }
        serde_json::from_slice(last?).ok()
    }

    /// Steps over one argument.
    pub(super) fn skip(&mut self) -> Result<(), ArgError> {
        if self.at_end()? { Ok(()) } else { self.skip_element() }
    }

    fn skip_element(&mut self) -> Result<(), ArgError> {
        self.element::<de::IgnoredAny>().map(drop).map_err(|_| ArgError::Malformed)
    }

    /// Whether the next token closes the array; steps over the comma otherwise.
    fn at_end(&mut self) -> Result<bool, ArgError> {
        self.rest = self.rest.trim_ascii_start();
        match self.rest.first() {
            Some(b']') => Ok(true),
            Some(b',') if !self.first => {
                self.rest = self.rest[1..].trim_ascii_start();
                // `[1,]` is no JSON.
                if self.rest.first() == Some(&b']') { Err(ArgError::Malformed) } else { Ok(false) }
            }
            Some(_) if std::mem::take(&mut self.first) => Ok(false),
            _ => Err(ArgError::Malformed),
        }
    }

    fn element<T: de::Deserialize<'a>>(&mut self) -> Result<T, serde_json::Error> {
        let mut stream = serde_json::Deserializer::from_slice(self.rest).into_iter::<T>();
        let value = stream.next().unwrap_or_else(|| Err(de::Error::custom("unexpected end")))?;
        self.rest = &self.rest[stream.byte_offset()..];
        Ok(value)
    }

    /// Decoding stopped: is the JSON broken, or is it sound and of another type? Only an error pays for the second pass.
    fn blame(&self, name: &'static str, arg: &[u8], error: &serde_json::Error) -> ArgError {
        if !json::is_well_formed(self.text) {
            return ArgError::Malformed;
        }
        let message = error.to_string();
        let path = json::path_at(arg, error.line(), error.column(), message.starts_with("missing field"));
        let message = message.rsplit_once(" at line ").map_or(&*message, |(m, _)| m).to_owned();
        ArgError::Bad(BadArg { name, path, message })
    }
}

/// An event name, borrowed from the packet unless it is escaped.
struct Name<'a>(Cow<'a, str>);

impl<'de> de::Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> de::Visitor<'de> for V {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event name")
            }
            fn visit_borrowed_str<E>(self, s: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(s.into()))
            }
            fn visit_str<E>(self, s: &str) -> Result<Name<'de>, E> {
                Ok(Name(s.to_owned().into()))
            }
        }
        d.deserialize_str(V)
    }
}

/// The value of an argument that was not sent.
pub(super) fn missing<T: de::DeserializeOwned>(name: &'static str) -> Result<T, ArgError> {
    T::deserialize(Missing).map_err(|e| ArgError::Bad(BadArg { name, path: String::new(), message: e.0 }))
}

/// Stands in for an argument that was not sent: an `Option` becomes `None`, everything else is told that it is missing.
struct Missing;

#[derive(Debug)]
struct MissingError(String);

impl fmt::Display for MissingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MissingError {}

impl de::Error for MissingError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl<'de> Deserializer<'de> for Missing {
    type Error = MissingError;

    fn deserialize_any<V: de::Visitor<'de>>(self, _: V) -> Result<V::Value, MissingError> {
        Err(MissingError("missing".into()))
    }

    fn deserialize_option<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, MissingError> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: de::Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, MissingError> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Point {
        x: u8,
        tags: Vec<String>,
    }

    fn wire(text: &str) -> Bytes {
        Bytes::copy_from_slice(text.as_bytes())
    }

    fn bad(name: &'static str, path: &str, message: &str) -> ArgError {
        ArgError::Bad(BadArg { name, path: path.into(), message: message.into() })
    }

    #[test]
    fn decodes_name_and_arguments_in_one_pass_and_ignores_extra_ones() {
        let text = Bytes::from_static(br#" [ "send" , "r\u006fom" ,{"x":1,"tags":["a,b]"]} , 7,null, "offset" ] "#);
        let (name, mut args) = Args::event(&text, &[]).unwrap();
        assert!(matches!(name, Cow::Borrowed("send")));
        assert_eq!(args.next::<String>("room").unwrap(), "room");
        assert_eq!(args.next::<Point>("p").unwrap(), Point { x: 1, tags: vec!["a,b]".into()] });
        assert_eq!(args.next::<i64>("n").unwrap(), 7);
        assert_eq!(args.next::<Option<u8>>("o").unwrap(), None);
        args.finish().unwrap();
    }

    #[test]
    fn names_are_unescaped_and_may_be_numbers() {
        for (text, want) in [(r#"["\u00e9\"te"]"#, "é\"te"), ("[42,1]", "42"), ("[-1.5]", "-1.5"), (r#"[""]"#, "")] {
            let text = wire(text);
            let (name, mut args) = Args::event(&text, &[]).unwrap();
            assert_eq!(name, want);
            args.finish().unwrap();
        }
    }

    #[test]
    fn what_is_no_event_is_malformed() {
        for text in ["", "[", "[]", "{}", "[true]", "[null]", "[[]]", r#"["a"#, r#"["\ud800"]"#, "[\"\x01\"]", "[-]"] {
            assert_eq!(Args::event(&wire(text), &[]).map(|_| ()), Err(ArgError::Malformed), "{text}");
        }
        for text in [r#"["a""#, r#"["a"]x"#, r#"["a",]"#, r#"["a",1,]"#, r#"["a" 1]"#, r#"["a",1 2]"#, r#"["a"}"#, r#"["a",'']"#]
        {
            let text = wire(text);
            let (_, mut args) = Args::event(&text, &[]).unwrap();
            assert_eq!(args.finish(), Err(ArgError::Malformed), "{text:?}");
        }
    }

    #[test]
    fn missing_trailing_options_are_none_and_the_rest_is_named() {
        let text = wire(r#"["a"]"#);
        let (_, mut args) = Args::event(&text, &[]).unwrap();
        assert_eq!(args.next::<Option<Point>>("p"), Ok(None));
        assert_eq!(args.next::<u8>("n"), Err(bad("n", "", "missing")));
        assert_eq!(args.next::<super::super::Binary>("b"), Err(bad("b", "", "missing")));
        args.finish().unwrap();
    }

    #[test]
    fn a_wrong_type_is_told_with_its_place() {
        let decode = |text: &str| {
            let text = wire(text);
            let (_, mut args) = Args::event(&text, &[]).unwrap();
            args.next::<Point>("p").map(|_| ())
        };
        assert_eq!(decode(r#"["a",null]"#), Err(bad("p", "", "invalid type: null, expected struct Point")));
        assert_eq!(
            decode(r#"["a",{"x":1,"tags":["q",7]}]"#),
            Err(bad("p", ".tags[1]", "invalid type: integer `7`, expected a string"))
        );
        assert_eq!(decode(r#"["a",{"x":999,"tags":[]}]"#), Err(bad("p", ".x", "invalid value: integer `999`, expected u8")));
    }

    #[test]
    fn a_lone_surrogate_is_a_bad_argument_and_broken_json_a_broken_peer() {
        let decode = |text: &str| {
            let text = wire(text);
            let (_, mut args) = Args::event(&text, &[]).unwrap();
            args.next::<String>("s").and_then(|s| args.finish().map(|()| s))
        };
        assert!(matches!(decode(r#"["a","\ud800"]"#), Err(ArgError::Bad(BadArg { name: "s", .. }))));
        assert_eq!(decode("[\"a\",\"\\u0000\"]").unwrap(), "\0");
        for broken in [r#"["a","\ud800""#, r#"["a","\x"]"#, r#"["a","x"#, r#"["a",7"#, "[\"a\",\"\n\"]"] {
            assert_eq!(decode(broken).map(|_| ()), Err(ArgError::Malformed), "{broken}");
        }
    }

    #[test]
    fn deep_nesting_is_a_bad_argument_and_costs_no_stack() {
        let text = format!("[\"a\",{}{}]", "[".repeat(100_000), "]".repeat(100_000));
        let text = wire(&text);
        let (_, mut args) = Args::event(&text, &[]).unwrap();
        assert!(matches!(args.next::<serde_json::Value>("v"), Err(ArgError::Bad(_))));
        let (_, mut args) = Args::event(&text, &[]).unwrap();
        assert_eq!(args.finish(), Ok(()));
    }
}
