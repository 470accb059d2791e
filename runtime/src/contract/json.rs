//! The little that is done with JSON besides serde_json: well-formedness, and where in a document an error stands.

use serde::de::IgnoredAny;

/// Whether `text` is exactly one well-formed JSON value, whatever it says.
///
/// Strings with lone surrogates pass, as they do in the reference: they are legal JSON that no Rust string can hold, so they make a
/// bad argument and not a broken peer. Nesting costs no stack: serde_json skips values iteratively.
pub(crate) fn is_well_formed(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Where an error stands, as `.field[3].other`; empty at the top.
///
/// serde_json tells a line and a column only. Walking the text up to there costs nothing until something is wrong, while recording
/// the path as it is decoded would cost on every message.
///
/// An error on a closing bracket is about what stands before it, or about what is missing: `of_container` says which.
pub(crate) fn path_at(text: &[u8], line: usize, column: usize, of_container: bool) -> String {
    let line_start = text.split_inclusive(|b| *b == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum::<usize>();
    let end = (line_start + column).min(text.len());
    let mut stack = Vec::new();
    let mut key = None;
    let mut at = 0;
    while at < end {
        match text[at] {
            b'{' => stack.push(Step::Object(None)),
            b'[' => stack.push(Step::Array(0)),
            b'}' | b']' if at + 1 < end || of_container => drop(stack.pop()),
            b',' => match stack.last_mut() {
                Some(Step::Array(i)) => *i += 1,
                Some(Step::Object(k)) => *k = None,
                None => {}
            },
            b':' => {
                if let Some(Step::Object(k)) = stack.last_mut() {
                    *k = key.take();
                }
            }
            b'"' => {
                let close = end_of_string(text, at);
                key = Some(&text[at + 1..close]);
                at = close;
            }
            _ => {}
        }
        at += 1;
    }
    stack.iter().map(Step::to_string).collect()
}

fn end_of_string(text: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < text.len() && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at.min(text.len())
}

enum Step<'a> {
    Object(Option<&'a [u8]>),
    Array(usize),
}

impl std::fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Object(Some(key)) => write!(f, ".{}", String::from_utf8_lossy(key)),
            Self::Object(None) => Ok(()),
            Self::Array(i) => write!(f, "[{i}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::HashMap;

    #[derive(Debug, Deserialize)]
    struct Doc {
        #[expect(dead_code, reason = "only its type matters")]
        list: Vec<HashMap<String, u8>>,
    }

    fn path(text: &str) -> String {
        let e = serde_json::from_str::<Doc>(text).unwrap_err();
        path_at(text.as_bytes(), e.line(), e.column(), e.to_string().starts_with("missing field"))
    }

    #[test]
    fn finds_the_place_of_an_error() {
        assert_eq!(path(r#"{"list":[{"a":1},{"b":2,"c":"x"}]}"#), ".list[1].c");
        assert_eq!(path("{\n \"list\": [\n  {\"q\\\"],\": true}]}"), ".list[0].q\\\"],");
        assert_eq!(path(r#"{"list":[{"a":1},7]}"#), ".list[1]");
        assert_eq!(path(r#"{"list":{"a":1}}"#), ".list");
        assert_eq!(path("{}"), "");
        assert_eq!(path(r#"{"other":[1]}"#), "");
        assert_eq!(path("7"), "");
    }

    #[test]
    fn well_formed_is_what_the_reference_accepts() {
        for good in [r#"["\ud800"]"#, "[]", " [ 1 , {\"a\":null} ] ", r#"["\u0000"]"#] {
            assert!(is_well_formed(good.as_bytes()), "{good}");
        }
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        assert!(is_well_formed(deep.as_bytes()));
        for bad in ["", "[", "[1]x", "[1,]", "['a']", "[\"\x01\"]", "[01]"] {
            assert!(!is_well_formed(bad.as_bytes()), "{bad}");
        }
    }
}
