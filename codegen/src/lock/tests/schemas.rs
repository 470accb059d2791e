//! Types: an argument `a` of an event `e`, once sent by clients and once by servers.

use serde_json::{Value, json};

use super::{super::file::LockFile, lock, told};

fn contract(schema: &Value, types: &Value, up: bool) -> LockFile {
    let events = json!({ "e": { "args": [{ "name": "a", "schema": schema }], "ack": "none" } });
    let none = json!({});
    if up { lock(types, &events, &none) } else { lock(types, &none, &events) }
}

/// A schema and the types that it refers to.
type Typed<'a> = (&'a Value, &'a Value);

/// What a change means to those who write the new schema and to those who write the old one; each for clients and for servers.
#[track_caller]
fn means(old: Typed<'_>, new: Typed<'_>, new_writes: &[&str], old_writes: &[&str]) {
    let lines = |clients: &[&str], servers: &[&str]| -> Vec<String> {
        let clients = clients.iter().map(|line| format!("C! {line}"));
        clients.chain(servers.iter().map(|line| format!("S? {line}"))).collect()
    };
    let told = |up| told(&contract(old.0, old.1, up), &contract(new.0, new.1, up));
    assert_eq!(told(true), lines(old_writes, new_writes), "clients send it: {} to {}", old.0, new.0);
    assert_eq!(told(false), lines(new_writes, old_writes), "servers send it: {} to {}", old.0, new.0);
}

/// Rows of `old => new: [if the new one is written], [if the old one is written]`, all of them about `argument a`.
macro_rules! table {
    ($($test:ident { $($old:tt => $new:tt: [$($new_writes:literal),*], [$($old_writes:literal),*];)* })*) => { $(
        #[test]
        fn $test() {
            let types = json!({});
            $(means((&json!($old), &types), (&json!($new), &types), &[$($new_writes),*], &[$($old_writes),*]);)*
        }
    )* };
}

table! {
    numbers {
        { "type": "integer", "format": "uint8" } => { "type": "integer", "format": "uint32" }:
            ["argument `a` of `e` changed from uint8 to uint32 @ a"], [];
        { "type": "integer", "format": "uint32" } => { "type": "integer", "format": "int32" }:
            ["argument `a` of `e` changed from uint32 to int32 @ a"], ["argument `a` of `e` changed from uint32 to int32 @ a"];
        { "type": "integer", "format": "uint64" } => { "type": "integer", "format": "uint64", "minimum": 1 }:
            [], ["argument `a` of `e` changed from uint64 to uint64 from 1 to 18446744073709551615 @ a"];
        { "type": "integer", "format": "int16" } => { "type": "number", "format": "float" }:
            ["argument `a` of `e` changed from int16 to number @ a"], [];
        { "type": "number", "format": "float" } => { "type": "number", "format": "double" }: [], [];
        { "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255 } => { "type": "integer", "format": "uint8" }: [], [];
    }
    strings {
        { "type": "string" } => { "type": "string", "format": "uuid" }:
            [], ["argument `a` of `e` changed from string to string (format \"uuid\") @ a"];
        { "type": "string", "maxLength": 9 } => { "type": "string", "maxLength": 10 }:
            ["argument `a` of `e` changed from string (maxLength 9) to string (maxLength 10) @ a"], [];
        { "type": "string", "minLength": 9 } => { "type": "string", "minLength": 10 }:
            [], ["argument `a` of `e` changed from string (minLength 9) to string (minLength 10) @ a"];
        { "type": "string", "pattern": "^a" } => { "type": "string", "pattern": "^b" }:
            ["cannot tell whether the change of argument `a` of `e` is compatible @ a"],
            ["cannot tell whether the change of argument `a` of `e` is compatible @ a"];
        { "type": "string" } => { "type": "string", "enum": ["x", "y"] }:
            [], ["argument `a` of `e` changed from string to \"x\" or \"y\" @ a"];
    }
    null_and_anything {
        { "type": "string" } => { "type": ["string", "null"] }:
            ["argument `a` of `e` may now be null @ a"], [];
        { "anyOf": [{ "type": "boolean" }, { "type": "null" }] } => { "type": "boolean" }:
            [], ["argument `a` of `e` may no longer be null @ a"];
        { "type": ["integer", "null"], "format": "uint8" } => { "type": ["integer", "null"], "format": "uint16" }:
            ["argument `a` of `e` changed from uint8 to uint16 @ a"], [];
        true => { "type": "string" }: [], ["argument `a` of `e` changed from any JSON to string @ a"];
        { "x-socketio-binary": true } => { "type": "string" }:
            ["argument `a` of `e` changed from `Binary` to string @ a"], ["argument `a` of `e` changed from `Binary` to string @ a"];
        { "not": { "type": "null" } } => { "not": { "type": "string" } }:
            ["cannot tell whether the change of argument `a` of `e` is compatible @ a"],
            ["cannot tell whether the change of argument `a` of `e` is compatible @ a"];
    }
    enums {
        { "type": "string", "enum": ["x"] } => { "type": "string", "enum": ["x", "y"] }:
            ["variant `y` was added to argument `a` of `e` @ a"], [];
        { "type": "string", "enum": ["x", "y"] } => { "oneOf": [{ "const": "y", "type": "string" }, { "const": "x", "type": "string" }] }: [], [];
        { "type": ["string", "null"], "enum": ["x", "y", null] } => { "type": "string", "enum": ["x", "z"] }:
            ["variant `z` was added to argument `a` of `e` @ a"],
            ["variant `y` was removed from argument `a` of `e` @ a", "argument `a` of `e` may no longer be null @ a"];
    }
    lists {
        { "type": "array", "items": { "type": "boolean" } } => { "type": "array", "items": { "type": "string" } }:
            ["an item of argument `a` of `e` changed from boolean to string @ a[]"],
            ["an item of argument `a` of `e` changed from boolean to string @ a[]"];
        { "type": "array", "items": true, "uniqueItems": true } => { "type": "array", "items": true }: [], [];
        { "type": "array", "items": { "type": "null" }, "minItems": 2, "maxItems": 2 } => { "type": "array", "items": { "type": "null" } }:
            ["argument `a` of `e` changed from array of 2 null to array of null @ a"], [];
        { "type": "array", "prefixItems": [true, { "type": "string" }], "minItems": 2, "maxItems": 2 } =>
        { "type": "array", "prefixItems": [true, { "type": ["string", "null"] }], "minItems": 2, "maxItems": 2 }:
            ["element 1 of argument `a` of `e` may now be null @ a[1]"], [];
        { "type": "array", "prefixItems": [true], "minItems": 1, "maxItems": 1 } =>
        { "type": "array", "prefixItems": [true, true], "minItems": 2, "maxItems": 2 }:
            ["argument `a` of `e` changed from [any JSON] to [any JSON, any JSON] @ a"],
            ["argument `a` of `e` changed from [any JSON] to [any JSON, any JSON] @ a"];
    }
    objects {
        { "type": "object", "properties": {} } => { "type": "object", "properties": { "x": true }, "required": ["x"] }:
            [], ["required field `x` was added @ a.x"];
        { "type": "object", "properties": {} } => { "type": "object", "properties": { "x": { "type": ["string", "null"] } } }: [], [];
        { "type": "object", "properties": { "x": true }, "required": ["x"] } => { "type": "object", "properties": { "x": true } }:
            ["field `x` may now be missing @ a.x"], [];
        { "type": "object", "properties": { "x": true } } => { "type": "object", "properties": { "x": true }, "required": ["x"] }:
            [], ["field `x` became required @ a.x"];
        { "type": "object", "properties": { "x": { "type": "null" } }, "required": ["x"] } =>
        { "type": "object", "properties": { "y": { "type": "null" } }, "required": ["y"] }:
            ["field `x` was removed @ a.x"], ["required field `y` was added @ a.y"];
        { "type": "object", "properties": { "x": true }, "additionalProperties": false } =>
        { "type": "object", "properties": { "x": true, "y": true }, "additionalProperties": false }:
            ["key `y` was added to argument `a` of `e` @ a.y"], [];
        { "type": "object", "properties": { "x": true }, "required": ["x"], "additionalProperties": false } =>
        { "type": "object", "properties": { "x": true, "y": true }, "required": ["x"], "additionalProperties": false }:
            ["field `y` was added @ a.y"], [];
        { "type": "object", "additionalProperties": { "type": "string" } } => { "type": "object", "additionalProperties": true }:
            ["a value of argument `a` of `e` changed from string to any JSON @ a.*"], [];
        { "type": "object", "patternProperties": { "^a": true }, "additionalProperties": false } =>
        { "type": "object", "patternProperties": { "^b": true }, "additionalProperties": false }:
            ["cannot tell whether the change of argument `a` of `e` is compatible @ a"],
            ["cannot tell whether the change of argument `a` of `e` is compatible @ a"];
    }
    tagged {
        // Internally.
        { "oneOf": [{ "type": "object", "properties": { "t": { "const": "x" } }, "required": ["t"] }] } =>
        { "oneOf": [
            { "type": "object", "properties": { "t": { "const": "x" }, "n": true }, "required": ["t", "n"] },
            { "type": "object", "properties": { "t": { "const": "y" } }, "required": ["t"] }
        ] }:
            ["variant `y` was added to argument `a` of `e` @ a"], ["required field `n` was added @ a(x).n"];
        // Externally: a variant without a value gets one.
        { "oneOf": [{ "type": "string", "enum": ["X", "Y"] }] } =>
        { "oneOf": [
            { "type": "string", "enum": ["X"] },
            { "type": "object", "properties": { "Y": { "type": "boolean" } }, "required": ["Y"], "additionalProperties": false }
        ] }:
            ["variant `Y` changed from \"Y\" to object @ a(Y)"], ["variant `Y` changed from \"Y\" to object @ a(Y)"];
        // Flattened.
        { "type": "object", "properties": { "own": true }, "oneOf": [
            { "type": "object", "properties": { "t": { "const": "x" } }, "required": ["t"] },
            { "type": "object", "properties": { "t": { "const": "y" } }, "required": ["t"] }
        ] } =>
        { "type": "object", "properties": { "own": true }, "oneOf": [
            { "type": "object", "properties": { "t": { "const": "x" } }, "required": ["t"] }
        ] }:
            [], ["variant `y` was removed from argument `a` of `e` @ a"];
    }
}

#[test]
fn types_are_named_and_may_be_recursive() {
    let list = json!({ "type": "array", "items": { "$ref": "#/types/Tree" } });
    let tree = |label: Value, required: Value| json!({ "Tree": { "type": "object", "properties": { "label": label, "children": list }, "required": required } });
    let at = json!({ "$ref": "#/types/Tree" });
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "boolean" }));
    let old = tree(text.clone(), json!(["children", "label"]));
    let changed = ["field `label` of `Tree` changed from string to boolean @ a.label"];
    means((&at, &old), (&at, &tree(number, json!(["children", "label"]))), &changed, &changed);
    let less = ["field `children` of `Tree` may now be missing @ a.children"];
    means((&at, &old), (&at, &tree(text, json!(["label"]))), &less, &[]);
    // A type that is called otherwise is the same on the wire, however it goes round.
    let renamed: Value = serde_json::from_str(&old.to_string().replace("Tree", "Node")).expect("JSON");
    means((&at, &old), (&json!({ "$ref": "#/types/Node" }), &renamed), &[], &[]);
    let unrolled = json!({ "type": "object", "properties": { "label": { "type": "string" }, "children": list }, "required": ["label", "children"] });
    means((&at, &old), (&unrolled, &old), &[], &[]);
}

#[test]
fn what_is_not_understood_is_nothing_to_say_while_it_stays() {
    let odd = json!({ "not": { "$ref": "#/types/T" }, "type": "string" });
    let (string, null) = (json!({ "T": { "type": "string" } }), json!({ "T": { "type": "null" } }));
    means((&odd, &string), (&odd, &string), &[], &[]);
    let unknown = ["cannot tell whether the change of argument `a` of `e` is compatible @ a"];
    means((&odd, &string), (&odd, &null), &unknown, &unknown);
}

#[test]
fn a_field_that_is_always_sent_may_stop_to_be_only_for_rust() {
    let field = json!({ "type": ["string", "null"] });
    let always = json!({ "type": "object", "properties": { "x": field }, "alwaysSent": ["x"] });
    let sometimes = json!({ "type": "object", "properties": { "x": field } });
    let none = json!({});
    // A page that counts on `null` finds `undefined`; a server reads both.
    let told = |old: &Value, new: &Value, up| told(&contract(old, &none, up), &contract(new, &none, up));
    assert_eq!(told(&always, &sometimes, false), ["C! field `x` may now be missing @ a.x"]);
    assert_eq!(told(&always, &sometimes, true), [""; 0]);
    assert_eq!(told(&json!({ "type": "object" }), &always, false), [""; 0]);
    assert_eq!(told(&sometimes, &always, true), [""; 0]);
    // Where what is sent is no form of what is received, each direction has its own.
    let split = |sent: &str| json!({ "sent": { "type": sent }, "received": { "type": "string" } });
    assert_eq!(told(&split("null"), &split("boolean"), true), [""; 0]);
    assert_eq!(told(&split("null"), &split("boolean"), false)[0], "C! argument `a` of `e` changed from string to boolean @ a");
}
