//! JSON Schema documents, whole. `UPDATE_FIXTURES=1 cargo test -p ackord-codegen` writes them.

mod contracts;

use std::sync::LazyLock;

use ackord::Payload;
use ackord_codegen::{Codegen, Error};
use contracts::{chat, feed, reading, shapes, small};
use serde_json::{Value, json};

fn current(name: &str, contract: Codegen) -> Result<(), Error> {
    let codegen = contract.json_schema(format!("tests/fixtures/{name}.schema.json"));
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        codegen.write()?;
    }
    codegen.check()
}

#[test]
fn chat() -> Result<(), Error> {
    current("chat", Codegen::new().namespace::<chat::Chat>().namespace::<chat::Org>())
}

#[test]
fn shapes() -> Result<(), Error> {
    current("shapes", Codegen::new().namespace::<shapes::Api>())
}

#[test]
fn feed() -> Result<(), Error> {
    current("feed", Codegen::new().namespace::<feed::Market>())
}

#[test]
fn small() -> Result<(), Error> {
    current("small", Codegen::new().namespace::<small::Root>())
}

#[test]
fn reading() -> Result<(), Error> {
    current("reading", Codegen::new().namespace::<reading::Reading>())
}

/// What serde reads is what the schema allows, under whatever name; and nothing that it writes is missing.
#[test]
fn serde_and_the_schema_read_the_same() {
    check::<reading::Named>("named", &*NAMED, &[]);
    let closed = [
        json!({ "a": 1, "b": "Low" }),
        json!({ "first": 1, "second": "x" }),
        json!({ "a": 1 }),
        json!({ "a": 1, "b": "Low", "c": 1 }),
    ];
    check::<reading::Closed>("closed", &closed, &[]);
    check::<reading::Level>("level", &[json!("Low"), json!("Top"), json!("x"), json!(1)], &[]);
    let external = [
        json!("Nothing"),
        json!("Value"),
        json!({ "Number": 1 }),
        json!({ "Number": 1, "Value": 1 }),
        json!({ "Rectangle": { "w": 1 } }),
        json!({ "Size": {} }),
        json!({ "x": 1 }),
    ];
    check::<reading::External>("external", &external, &[]);
    let held: Vec<_> =
        NAMED.iter().flat_map(|named| ["held", "named", "size", "x"].map(|kind| with(named, "kind", kind))).collect();
    // A name that is known passes as one that is not.
    let passes = |value: &&Value| value["kind"] == "held" || value["kind"] == "named" || value["kind"] == "size";
    let internal: Vec<_> = held.iter().filter(passes).cloned().collect();
    check::<reading::Internal>(
        "internal",
        &[&held[..], &[json!({ "kind": "rectangle", "width": 1 }), json!({})]].concat(),
        &internal,
    );
    let adjacent = [
        json!({ "kind": "nothing" }),
        json!({ "kind": "nothing", "value": null }),
        json!({ "kind": "nothing", "value": 1 }),
        json!({ "kind": "number", "value": 1 }),
        json!({ "kind": "x" }),
        json!({ "kind": "x", "value": 1 }),
        json!({ "kind": "value" }),
    ];
    // Nor is it said of a variant that is known that it has no content.
    let lenient = [json!({ "kind": "value" }), json!({ "kind": "nothing", "value": 1 })];
    check::<reading::Adjacent>("adjacent", &adjacent, &lenient);
    let flattened = [
        json!({ "id": 1, "kind": "rectangle", "width": 2 }),
        json!({ "id": 1, "kind": "x" }),
        json!({ "kind": "nothing" }),
        json!({ "id": 1 }),
    ];
    check::<reading::Flattened>("flattened", &flattened, &[]);
}

static NAMED: LazyLock<[Value; 7]> = LazyLock::new(|| {
    [
        json!({ "id": 1, "text": "" }),
        json!({ "id": 1, "body": "" }),
        json!({ "id": 1, "words": "", "mark": "Top" }),
        json!({ "id": 1, "words": "", "mark": null }),
        json!({ "id": 1 }),
        json!({ "id": 1, "text": 1 }),
        json!({ "id": 1, "words": "", "mark": 1 }),
    ]
});

fn with(object: &Value, name: &str, value: &str) -> Value {
    let mut object = object.clone();
    object[name] = value.into();
    object
}

/// `lenient` are values that the schema allows although serde does not.
fn check<T: Payload>(event: &str, values: &[Value], lenient: &[Value]) {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        let codegen = Codegen::new().namespace::<reading::Reading>().json_schema("reading.json");
        serde_json::from_str(&codegen.render().expect("a document")[0].text).expect("JSON")
    });
    let of = |part: &Value| {
        let schema = json!({ "$schema": DOCUMENT["$schema"], "$defs": DOCUMENT["$defs"], "allOf": [part] });
        jsonschema::validator_for(&schema).expect("a schema")
    };
    let event = &DOCUMENT["x-socketio"]["/"]["clientToServer"][event];
    let (received, sent) = (of(&event["args"]["prefixItems"][0]), of(&event["ack"]["value"]));
    let mut read = 0;
    for value in values {
        if let Ok(payload) = serde_json::from_value::<T>(value.clone()) {
            read += 1;
            let written = serde_json::to_value(&payload).expect("JSON");
            assert!(sent.is_valid(&written), "the schema refuses what is sent: {written}");
            assert!(received.is_valid(value), "the schema refuses {value}");
        } else {
            assert_eq!(received.is_valid(value), lenient.contains(value), "{value}");
        }
    }
    assert!(0 < read && read < values.len());
}
