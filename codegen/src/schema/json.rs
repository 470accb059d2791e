//! JSON as it is written to files.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// What stands first in an object; everything else follows by name. The order must not depend on features of `serde_json` that
/// other packages turn on.
const FIRST: &[&str] = &[
    "$schema",
    "$comment",
    "$ref",
    "asyncapi",
    "info",
    "servers",
    "channels",
    "operations",
    "components",
    "title",
    "name",
    "description",
    "deprecated",
    "kind",
    "type",
    "properties",
    "required",
    "prefixItems",
    "minItems",
    "params",
    "auth",
    "denied",
    "clientToServer",
    "serverToClient",
    "args",
    "ack",
];
/// What fits is written on one line.
const WIDTH: usize = 120;

/// `value` as text, the same for the same value.
pub(crate) fn text(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0, 0);
    out + "\n"
}

/// Writes `value` at column `column` of a line that is indented by `indent`.
fn write(out: &mut String, value: &Value, indent: usize, column: usize) {
    if let Some(text) = flat(value).filter(|text| indent > 0 && column + text.len() < WIDTH) {
        out.push_str(&text);
        return;
    }
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push('{');
            for (i, (name, value)) in sorted(members).into_iter().enumerate() {
                line(out, i, indent);
                let key = Value::from(name.as_str()).to_string();
                let _ = write!(out, "{key}: ");
                write(out, value, indent + 2, indent + key.len() + 4);
            }
            end(out, '}', indent);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                line(out, i, indent);
                write(out, item, indent + 2, indent + 2);
            }
            end(out, ']', indent);
        }
        value => {
            let _ = write!(out, "{value}");
        }
    }
}

/// `value` on one line, unless it is so deep that nobody could read it.
fn flat(value: &Value) -> Option<String> {
    flat_to(value, 3)
}

fn flat_to(value: &Value, depth: usize) -> Option<String> {
    let inner = depth.checked_sub(1);
    Some(match value {
        Value::Object(members) if !members.is_empty() => {
            let member =
                |(name, value): (&String, &Value)| Some(format!("{}: {}", Value::from(name.as_str()), flat_to(value, inner?)?));
            format!("{{ {} }}", sorted(members).into_iter().map(member).collect::<Option<Vec<_>>>()?.join(", "))
        }
        Value::Array(items) if !items.is_empty() => {
            format!("[{}]", items.iter().map(|item| flat_to(item, inner?)).collect::<Option<Vec<_>>>()?.join(", "))
        }
        value => value.to_string(),
    })
}

fn sorted(members: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|(name, _)| (FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()), *name));
    sorted
}

fn line(out: &mut String, index: usize, indent: usize) {
    let _ = write!(out, "{}\n{:2$}", if index > 0 { "," } else { "" }, "", indent + 2);
}

fn end(out: &mut String, bracket: char, indent: usize) {
    let _ = write!(out, "\n{:1$}{bracket}", "", indent);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::text;

    #[test]
    fn what_matters_comes_first_and_the_rest_by_name() {
        let value = json!({ "b": [1, "x"], "a": {}, "type": "object", "$schema": "s", "c": [{ "d": [] }], "\"": null });
        let want = "{\n  \"$schema\": \"s\",\n  \"type\": \"object\",\n  \"\\\"\": null,\n  \"a\": {},\n  \"b\": [1, \"x\"],\n  \
                    \"c\": [{ \"d\": [] }]\n}\n";
        assert_eq!(text(&value), want);
    }

    #[test]
    fn what_does_not_fit_is_broken() {
        let long = "x".repeat(100);
        let value = json!({ "a": [long, { "b": [[[1]]] }] });
        let want = format!("{{\n  \"a\": [\n    \"{long}\",\n    {{\n      \"b\": [[[1]]]\n    }}\n  ]\n}}\n");
        assert_eq!(text(&value), want);
    }
}
