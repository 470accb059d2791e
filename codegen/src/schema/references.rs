//! `$ref`s: what a schema refers to, and other names for it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Gives the definitions that `schema` refers to other names. `prefix` is how a reference to a definition begins.
pub(super) fn rename(schema: &mut Value, prefix: &str, names: &BTreeMap<String, String>) {
    walk(schema, &mut |reference| {
        if let Some(name) = target(reference, prefix).and_then(|name| names.get(&name)) {
            *reference = format!("{prefix}{name}");
        }
    });
}

/// The definitions that `schema` refers to.
pub(super) fn targets(schema: &Value, prefix: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(&mut schema.clone(), &mut |reference| found.extend(target(reference, prefix)));
    found
}

/// Calls `with` for each `$ref` of a schema. What merely looks like one, in a default value, is left alone.
fn walk(schema: &mut Value, with: &mut impl FnMut(&mut String)) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match (&**key, value) {
                    ("$ref", Value::String(reference)) => with(reference),
                    ("const" | "default" | "enum" | "example" | "examples", _) => {}
                    // Here the keys are names, also `default`.
                    ("properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions", Value::Object(named)) => {
                        named.values_mut().for_each(|schema| walk(schema, with));
                    }
                    (_, value) => walk(value, with),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, with)),
        _ => {}
    }
}

/// The definition that a reference names, as schemars calls it: a JSON pointer in a URI.
fn target(reference: &str, prefix: &str) -> Option<String> {
    let mut rest = reference.strip_prefix(prefix)?.as_bytes();
    let mut bytes = Vec::new();
    while let [first, after @ ..] = rest {
        match (first, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |hex: u8| char::from(hex).to_digit(16).map_or(0, |digit| digit as u8);
                bytes.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    Some(String::from_utf8(bytes).ok()?.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_found_decoded_and_renamed() {
        let mut schema = json!({
            "properties": { "default": { "$ref": "#/$defs/Gr%C3%B6%C3%9Fe" }, "b": { "items": [{ "$ref": "#/$defs/a~1b" }] } },
            "default": { "$ref": "#/$defs/no" },
            "not": { "$ref": "other.json#/$defs/no" },
        });
        let prefix = "#/$defs/";
        assert_eq!(targets(&schema, prefix), BTreeSet::from(["Größe".to_owned(), "a/b".to_owned()]));
        let names = BTreeMap::from([("a/b".to_owned(), "A".to_owned())]);
        rename(&mut schema, prefix, &names);
        assert_eq!(schema["properties"]["b"]["items"][0]["$ref"], "#/$defs/A");
        assert_eq!(target("#/$defs/Gr%C3%B6%C3%9Fe", prefix).as_deref(), Some("Größe"));
        assert_eq!(target("#/$defs/100%", prefix).as_deref(), Some("100%"));
    }
}
