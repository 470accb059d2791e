//! Types: an argument `a` of an event `e`, once sent by clients and once by servers.

use serde_json::{Value, json};

use super::{super::file::LockFile, lock, told};

fn contract(schema: &Value, types: &Value, up: bool) -> LockFile {
    let events = json!({ "e": { "args": [{ "name": "a", "schema": schema }], "ack": "none" } });
    let none = json!({});
    if up { lock(types, &events, &none) } else { lock(types, &none, &events) }
}

/// What is said if a client sends it, and if a server does.
fn both(old: &Value, new: &Value) -> [Vec<String>; 2] {
    typed((old, &json!({})), (new, &json!({})))
}

fn typed(old: (&Value, &Value), new: (&Value, &Value)) -> [Vec<String>; 2] {
    [true, false].map(|up| told(&contract(old.0, old.1, up), &contract(new.0, new.1, up)))
}

fn object(properties: &Value, required: &Value) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

#[test]
fn all() {
    let string = json!({ "type": "string" });
    let int = |format: &str| json!({ "type": "integer", "format": format });
    let nullable = json!({ "type": ["string", "null"] });
    for (old, new) in [
        (int("uint8"), int("uint32")),
        (int("uint32"), int("int32")),
        (int("uint32"), json!({ "type": "number", "format": "double" })),
        (string.clone(), nullable.clone()),
        (string.clone(), json!({ "type": "string", "format": "uuid" })),
        (json!({ "type": "string", "pattern": "^a$" }), json!({ "type": "string", "pattern": "^b$" })),
        (json!({ "type": "string", "enum": ["a", "b"] }), json!({ "type": "string", "enum": ["a", "b", "c"] })),
        (json!({ "type": "array", "items": int("uint8") }), json!({ "type": "array", "items": string })),
        (json!(true), string.clone()),
        (json!({ "not": string }), json!({ "not": { "type": "null" } })),
        (json!({ "x-socketio-binary": true }), string.clone()),
        (object(&json!({ "x": string }), &json!(["x"])), object(&json!({ "x": string, "y": string }), &json!(["x", "y"]))),
        (object(&json!({ "x": string }), &json!(["x"])), object(&json!({ "x": string, "y": nullable }), &json!(["x"]))),
        (object(&json!({ "x": string }), &json!(["x"])), object(&json!({ "y": string }), &json!(["y"]))),
        (object(&json!({ "x": string }), &json!(["x"])), object(&json!({ "x": string }), &json!([]))),
        (json!({ "type": "object", "additionalProperties": string }), json!({ "type": "object", "additionalProperties": nullable })),
        (
            json!({ "type": "object", "additionalProperties": false, "properties": { "x": string } }),
            json!({ "type": "object", "additionalProperties": false, "properties": { "x": string, "y": string } }),
        ),
        (
            json!({ "oneOf": [object(&json!({ "t": { "const": "a" } }), &json!(["t"]))] }),
            json!({ "oneOf": [object(&json!({ "t": { "const": "a" }, "n": string }), &json!(["t", "n"])), object(&json!({ "t": { "const": "b" } }), &json!(["t"]))] }),
        ),
        (json!({ "type": "array", "prefixItems": [string, string], "minItems": 2, "maxItems": 2 }), json!({ "type": "array", "prefixItems": [string, nullable], "minItems": 2, "maxItems": 2 })),
        (json!({ "type": "array", "items": string, "minItems": 2, "maxItems": 2 }), json!({ "type": "array", "items": string, "minItems": 3, "maxItems": 3 })),
    ] {
        println!("{old} -> {new}\n  up   {:#?}\n  down {:#?}", both(&old, &new)[0], both(&old, &new)[1]);
    }
    panic!();
}
