//! The schemas of a lock file: one text for what serde writes and what it reads, which are nearly the same.
//!
//! serde may write a field always that may be missing when it is read, an `Option` above all. Two schemas of each type would double
//! the file; one with `alwaysSent` beside `required` says the same. Where they differ in anything else, both are there.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::shape::{TYPES, unescape};
use ackord::describe::TypeRef;

/// Fields that may be missing when they are read and are always written.
const ALWAYS_SENT: &str = "alwaysSent";
/// A schema that depends on the direction.
const SENT: &str = "sent";
const RECEIVED: &str = "received";

/// Whose schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What serde writes.
    Sent,
    /// What serde reads.
    Received,
}

/// Collects the schemas of types.
pub(super) struct Schemas {
    sent: SchemaGenerator,
    received: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = || SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/types".into());
        Self { sent: settings().for_serialize().into_generator(), received: settings().for_deserialize().into_generator() }
    }

    /// The schema of a type where it is used.
    pub(super) fn of(&mut self, ty: &TypeRef) -> Value {
        let (sent, received) = ((ty.schema)(&mut self.sent), (ty.schema)(&mut self.received));
        merge(&plain(sent.as_value()), &plain(received.as_value()))
    }

    /// The types that were met, by name.
    pub(super) fn types(mut self) -> BTreeMap<String, Value> {
        let (mut sent, received) = (self.sent.take_definitions(false), self.received.take_definitions(false));
        let mut types = BTreeMap::new();
        for (name, received) in received {
            let received = plain(&received);
            let merged = sent.remove(&name).map_or_else(|| received.clone(), |sent| merge(&plain(&sent), &received));
            types.insert(name, merged);
        }
        types.extend(sent.into_iter().map(|(name, sent)| (name, plain(&sent))));
        types
    }
}

/// A schema without what is there for readers, in a fixed order.
fn plain(schema: &Value) -> Value {
    let Value::Object(schema) = schema else { return schema.clone() };
    let words = ["description", "title", "default", "examples", "deprecated", "$schema"];
    let sorted: BTreeMap<_, _> = schema.iter().filter(|(key, _)| !words.contains(&&***key)).collect();
    let keyword = |(key, value): (&String, &Value)| (key.clone(), keyword(key, value, &plain));
    sorted.into_iter().map(keyword).collect::<Map<_, _>>().into()
}

/// A keyword's value with `each` done to the schemas in it.
fn keyword(key: &str, value: &Value, each: &dyn Fn(&Value) -> Value) -> Value {
    match (key, value) {
        ("properties" | "patternProperties" | "$defs", Value::Object(schemas)) => {
            let sorted: BTreeMap<_, _> = schemas.iter().collect();
            sorted.into_iter().map(|(name, schema)| (name.clone(), each(schema))).collect::<Map<_, _>>().into()
        }
        ("oneOf" | "anyOf" | "allOf" | "prefixItems", Value::Array(schemas)) => schemas.iter().map(each).collect(),
        ("items" | "additionalProperties" | "unevaluatedProperties" | "not", schema) => each(schema),
        ("required" | ALWAYS_SENT, Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).collect::<BTreeSet<_>>().into_iter().collect()
        }
        _ => value.clone(),
    }
}

fn merge(sent: &Value, received: &Value) -> Value {
    if sent == received {
        return received.clone();
    }
    merged(sent, received).unwrap_or_else(|| json!({ SENT: sent, RECEIVED: received }))
}

/// One schema for both; `None` if they differ in more than the presence of fields.
fn merged(sent: &Value, received: &Value) -> Option<Value> {
    let (sent, received) = (sent.as_object()?, received.as_object()?);
    let mut out = Map::new();
    let (sent_fields, received_fields) = (required(sent), required(received));
    if !received_fields.is_subset(&sent_fields) {
        return None;
    }
    let always: Value = sent_fields.difference(&received_fields).copied().collect();
    let keys: BTreeSet<_> = sent.keys().chain(received.keys()).filter(|key| *key != "required").collect();
    for key in keys {
        let (sent, received) = (sent.get(key)?, received.get(key)?);
        out.insert(key.clone(), parts(key, sent, received)?);
    }
    if !received_fields.is_empty() {
        out.insert("required".to_owned(), received_fields.into_iter().collect());
    }
    if always != json!([]) {
        out.insert(ALWAYS_SENT.to_owned(), always);
    }
    Some(plain(&out.into()))
}

fn parts(key: &str, sent: &Value, received: &Value) -> Option<Value> {
    match (key, sent, received) {
        _ if sent == received => Some(received.clone()),
        ("properties" | "patternProperties", Value::Object(sent), Value::Object(received)) => {
            let same = sent.len() == received.len();
            let schemas = sent.iter().map(|(name, sent)| Some((name.clone(), merge(sent, received.get(name)?))));
            schemas.collect::<Option<Map<_, _>>>().filter(|_| same).map(Value::from)
        }
        ("oneOf" | "anyOf" | "allOf" | "prefixItems", Value::Array(sent), Value::Array(received)) => (sent.len()
            == received.len())
        .then(|| sent.iter().zip(received).map(|(sent, received)| merge(sent, received)).collect()),
        ("items" | "additionalProperties" | "unevaluatedProperties", sent, received) => Some(merge(sent, received)),
        _ => None,
    }
}

fn required(schema: &Map<String, Value>) -> BTreeSet<&str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The schema of one direction.
pub(super) fn select(schema: &Value, role: Role) -> Value {
    let Value::Object(schema) = schema else { return schema.clone() };
    if let (Some(sent), Some(received), 2) = (schema.get(SENT), schema.get(RECEIVED), schema.len()) {
        return if role == Role::Sent { sent.clone() } else { received.clone() };
    }
    let mut out: Map<_, _> =
        schema.iter().map(|(key, value)| (key.clone(), keyword(key, value, &|schema| select(schema, role)))).collect();
    let always = out.remove(ALWAYS_SENT);
    if let (Role::Sent, Some(Value::Array(always))) = (role, always)
        && let Some(required) = out.entry("required").or_insert_with(|| json!([])).as_array_mut()
    {
        required.extend(always);
    }
    out.into()
}

/// The names of the types that a schema refers to.
pub(super) fn refs(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(schema) => {
            if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix(TYPES)) {
                found.insert(unescape(name));
            }
            schema.values().for_each(|value| refs(value, found));
        }
        Value::Array(schemas) => schemas.iter().for_each(|schema| refs(schema, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both directions come out of the merged schema as they went in.
    #[track_caller]
    fn keeps(sent: &Value, received: &Value) -> Value {
        let merged = merge(&plain(sent), &plain(received));
        assert_eq!(plain(&select(&merged, Role::Sent)), plain(sent), "{merged}");
        assert_eq!(plain(&select(&merged, Role::Received)), plain(received), "{merged}");
        merged
    }

    #[test]
    fn presence_is_told_beside_what_is_the_same() {
        let object =
            |required: &[&str]| json!({ "type": "object", "properties": { "a": true, "b": true }, "required": required });
        let merged = keeps(&object(&["b", "a"]), &object(&["a"]));
        let want = json!({ "type": "object", "properties": { "a": true, "b": true }, "required": ["a"], "alwaysSent": ["b"] });
        assert_eq!(merged, want);
        let bare = json!({ "type": "object", "properties": { "a": true, "b": true } });
        assert_eq!(keeps(&object(&["a"]), &bare)["alwaysSent"], json!(["a"]));
        let nested = |items: Value| json!({ "oneOf": [{ "type": "null" }, { "type": "array", "items": items }] });
        assert_eq!(keeps(&nested(object(&["a"])), &nested(bare))["oneOf"][1]["items"]["alwaysSent"], json!(["a"]));
    }

    #[test]
    fn what_differs_otherwise_is_there_twice() {
        let object = |ty: &str| json!({ "type": "object", "properties": { "x": { "type": ty } } });
        let merged = keeps(&object("string"), &object("null"));
        assert_eq!(merged["properties"]["x"], json!({ "sent": { "type": "string" }, "received": { "type": "null" } }));
        keeps(&json!({ "type": "object", "properties": {} }), &json!({ "type": "object", "properties": { "x": true } }));
        keeps(&json!({ "properties": { "x": true } }), &json!({ "properties": { "x": true }, "required": ["x"] }));
        keeps(&json!({ "oneOf": [true] }), &json!({ "oneOf": [true, false] }));
    }

    #[test]
    fn fields_may_be_called_like_keywords() {
        let properties = json!({ "description": true, "sent": true, "received": true, "required": true, "alwaysSent": true });
        let object = |required: &[&str]| json!({ "description": "gone", "type": "object", "properties": properties, "required": required });
        let merged = keeps(&object(&["description", "sent"]), &object(&["sent"]));
        assert_eq!(merged["properties"], properties);
        assert_eq!(merged.get("description"), None);
        let two = json!({ "type": "object", "properties": { "sent": { "type": "null" }, "received": { "type": "null" } } });
        assert_eq!(keeps(&two, &two), two);
    }
}
