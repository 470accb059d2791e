//! How people write events: JSON, bare words, files.

use ackord::RawArgs;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::data::{Data, Fields, json_error};

/// An argument of the command line: JSON, `@path`, `base64:…`, or else a bare word, which is a string.
///
/// # Errors
/// The file cannot be read, or the base64 is none.
pub(crate) fn argument(word: &str) -> Result<Data, String> {
    if let Some(path) = word.strip_prefix('@') {
        let bytes = std::fs::read(path).map_err(|e| format!("{path}: {e}"))?;
        return Ok(Data::Binary(bytes.into()));
    }
    if let Some(text) = word.strip_prefix("base64:") {
        return Data::from_base64(text);
    }
    // A word that begins like JSON was meant to be some.
    let is_json = word.starts_with(['{', '[', '"']);
    if is_json || serde_json::from_str::<IgnoredAny>(word).is_ok() {
        return Data::parse(word).map_err(|e| format!("{word}: {e}"));
    }
    Ok(Data::text(word))
}

/// # Errors
/// As of [`argument`].
pub(crate) fn arguments<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<RawArgs, String> {
    words.into_iter().try_fold(RawArgs::new(), |args, word| add(args, &argument(word)?))
}

fn add(args: RawArgs, value: &Data) -> Result<RawArgs, String> {
    args.arg(value).map_err(|e| e.to_string())
}

/// A line of the prompt in its words. JSON that begins with a bracket, a brace or a quote is one word, with the blanks in it.
///
/// # Errors
/// JSON that is none.
pub(crate) fn split(line: &str) -> Result<Vec<&str>, String> {
    let mut words = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let len = if rest.starts_with(['{', '[', '"']) { json_len(rest)? } else { blank(rest) };
        let (word, behind) = rest.split_at(len);
        if blank(behind) != 0 {
            return Err(format!("{}: a blank belongs between `{word}` and what follows", &behind[..blank(behind)]));
        }
        words.push(word);
        rest = behind.trim_start();
    }
    Ok(words)
}

fn blank(text: &str) -> usize {
    text.find(char::is_whitespace).unwrap_or(text.len())
}

fn json_len(text: &str) -> Result<usize, String> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    match stream.next() {
        Some(Ok(_)) => Ok(stream.byte_offset()),
        Some(Err(e)) => Err(format!("{text}: {}", json_error(&e))),
        None => Ok(0),
    }
}

/// A line of the input that is piped in.
#[derive(Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) event: String,
    pub(crate) args: RawArgs,
    pub(crate) ack: bool,
}

impl Line {
    /// `["event", arg…]`, or an object as `--json` prints it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(line: &str) -> Result<Self, String> {
        let (event, args, ack) = match Data::parse(line)? {
            Data::List(mut args) if !args.is_empty() => (Some(args.remove(0)), args, false),
            Data::Object(fields) => Self::fields(fields)?,
            _ => return Err(r#"expected ["event", arg…] or {"event": …, "args": […], "ack": …}"#.into()),
        };
        let Some(Data::Plain(Value::String(event))) = event else { return Err("the event's name must be a string".into()) };
        let args = args.iter().try_fold(RawArgs::new(), add)?;
        Ok(Self { event, args, ack })
    }

    fn fields(fields: Fields) -> Result<(Option<Data>, Vec<Data>, bool), String> {
        let mut line = (None, Vec::new(), false);
        for (key, value) in fields {
            match (&*key, value) {
                ("event", event) => line.0 = Some(event),
                ("args", Data::List(args)) => line.1 = args,
                ("args", _) => return Err("`args` must be an array".into()),
                ("ack", Data::Plain(Value::Bool(ack))) => line.2 = ack,
                ("ack", _) => return Err("`ack` must be true or false".into()),
                // The time, for instance.
                _ => {}
            }
        }
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arguments_are_json_or_words_or_bytes() {
        let plain = |value| Ok(Data::Plain(value));
        assert_eq!(argument("-3.5"), plain(json!(-3.5)));
        assert_eq!(argument("true"), plain(json!(true)));
        assert_eq!(argument(r#""3""#), plain(json!("3")));
        assert_eq!(argument("hello there"), plain(json!("hello there")));
        assert_eq!(argument(""), plain(json!("")));
        assert_eq!(argument("base64:aGk="), Ok(Data::Binary("hi".to_owned().into())));
        assert!(argument("@/no/such/file").unwrap_err().starts_with("/no/such/file: "));
        assert!(argument("{a: 1}").unwrap_err().contains("at character 2"));
    }

    #[test]
    fn a_line_is_split_at_blanks_outside_of_json() {
        let words = split(r#"  send "a b" {"x": [1, "] "]}  [ 2 ] it's 3 "#).unwrap();
        assert_eq!(words, ["send", r#""a b""#, r#"{"x": [1, "] "]}"#, "[ 2 ]", "it's", "3"]);
        assert_eq!(split(" ").unwrap(), [""; 0]);
        assert!(split("a {1").is_err() && split(r#"a "b"c"#).unwrap_err().contains("a blank belongs"));
    }

    #[test]
    fn lines_of_the_input_are_arrays_or_objects() {
        let args = || RawArgs::new().arg(&1).unwrap();
        let line = |ack| Ok(Line { event: "a".into(), args: args(), ack });
        assert_eq!(Line::parse(r#"["a", 1]"#), line(false));
        assert_eq!(Line::parse(r#"{"event": "a", "args": [1], "ack": true, "time": "…"}"#), line(true));
        for (bad, why) in [
            ("[]", "expected"),
            ("[1]", "name"),
            ("{}", "name"),
            (r#"{"event":"a","args":1}"#, "`args`"),
            ("x", "expected value"),
        ] {
            assert!(Line::parse(bad).unwrap_err().contains(why), "{bad}");
        }
    }
}
