//! Payloads of every shape: what serde writes is what the schema says, and serde reads no more than that.

use std::collections::BTreeSet;

use ackord_codegen::Codegen;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Document, contracts::shapes::*};

fn document() -> Document {
    Document::of(Codegen::new().namespace::<Api>())
}

/// The definition of a type in one direction.
fn pointer(document: &Document, name: &str, direction: &str) -> String {
    let of_both = format!("/$defs/{name}");
    if document.0.pointer(&of_both).is_some() { of_both } else { format!("{of_both}.{direction}") }
}

#[test]
fn what_is_written_is_described() {
    let document = document();
    let written = |name: &str, value: &dyn Fn() -> Value| {
        document.check(&pointer(&document, name, "serverToClient"), &value()).unwrap();
    };
    macro_rules! written {
        ($($name:literal: [$($value:expr),* $(,)?];)*) => { $( $(
            written($name, &|| serde_json::to_value(&$value).unwrap());
        )* )* };
    }
    let base = || Base { id: 1, tags: BTreeSet::from(["a".into()]) };
    let renamed = |left_out| Renamed {
        first_name: "a".into(),
        last_name: "b".into(),
        secret: "s".into(),
        with_default: 1,
        maybe_left_out: left_out,
        r#type: Level::Max,
    };
    written! {
        "Renamed": [renamed(None), renamed(Some("x".into()))];
        "Level": [Level::VeryLow, Level::High, Level::Max];
        "External": [External::Unit, External::One(1), External::Two(1, "x".into()), External::Named { a: true, b: None }];
        "Adjacent": [
            Adjacent::NoData,
            Adjacent::OneValue("x".into()),
            Adjacent::Fields { first_field: 1, second_field: vec![Adjacent::NoData] },
        ];
        "Internal": [
            Internal::Nothing,
            Internal::Wrapped(base()),
            Internal::WithFields { some_field: -1, other_field: Some(Box::new(Internal::Nothing)) },
        ];
        "Untagged": [Untagged::Text("x".into()), Untagged::Numbers(vec![1.5]), Untagged::Object { x: 0.5 }];
        "Flattened": [
            Flattened { base: base(), own: true, kind: Internal::Nothing },
            Flattened { base: base(), own: true, kind: Internal::WithFields { some_field: 1, other_field: None } },
        ];
        "Tagged": [Tagged { value: 1 }];
        "Pair": [Pair(Id(1), None), Pair(Id(1), Some(Id(2)))];
        "Empty": [Empty {}];
        "Unit": [Unit];
        "Page_for_Base_and_Id": [Page { items: vec![base()], next: Some(Id(1)) }];
        "Tree": [Tree { label: "x".into(), children: vec![Tree { label: "y".into(), children: Vec::new() }] }];
    }
}

fn reads<T: DeserializeOwned>(document: &Document, name: &str, values: &[Value]) {
    for value in values {
        let said = document.check(&pointer(document, name, "clientToServer"), value);
        let read = serde_json::from_value::<T>(value.clone());
        assert_eq!(said.is_ok(), read.is_ok(), "{name} {value}: {said:?}, {:?}", read.err());
    }
}

#[test]
fn what_is_read_is_described() {
    let document = &document();
    let renamed = |with: Value| {
        let mut value = json!({ "firstName": "a", "last-name": "b", "type": "HIGH" });
        value.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        value
    };
    reads::<Renamed>(
        document,
        "Renamed",
        &[
            renamed(json!({})),
            renamed(json!({ "withDefault": 1, "maybeLeftOut": null, "unknown": 1 })),
            renamed(json!({ "withDefault": null })),
            renamed(json!({ "type": "Max" })),
            json!({ "first_name": "a", "last-name": "b", "type": "HIGH" }),
        ],
    );
    let external = [json!("Unit"), json!({ "One": 1 }), json!({ "Named": { "a": true } }), json!({ "Two": [1] }), json!("One")];
    reads::<External>(document, "External", &external);
    let adjacent = [json!({ "type": "noData" }), json!({ "type": "oneValue" }), json!({ "type": "fields", "data": {} })];
    reads::<Adjacent>(document, "Adjacent", &adjacent);
    let internal = [
        json!({ "kind": "nothing" }),
        json!({ "kind": "wrapped", "id": 1, "tags": [] }),
        json!({ "kind": "wrapped", "id": 1 }),
        json!({ "kind": "with_fields", "someField": 1 }),
        json!({ "kind": "with_fields", "some_field": 1 }),
        json!({ "kind": "other" }),
    ];
    reads::<Internal>(document, "Internal", &internal);
    reads::<Untagged>(document, "Untagged", &[json!("x"), json!([1, 2.5]), json!({ "x": 1 }), json!({}), json!([null])]);
    let flattened = [json!({ "id": 1, "tags": [], "own": true, "kind": "nothing" }), json!({ "id": 1, "tags": [], "own": true })];
    reads::<Flattened>(document, "Flattened", &flattened);
    reads::<Pair>(document, "Pair", &[json!([1, null]), json!([1, 2]), json!([1]), json!([1, 2, 3])]);
    reads::<Page<u32, String>>(
        document,
        "Page_for_uint32_and_string",
        &[json!({ "items": [1] }), json!({ "items": [1], "next": "a" }), json!({ "items": [1], "next": 1 }), json!({})],
    );
}
