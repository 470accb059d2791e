//! What serde reads and schemars does not see: other names, variants that nobody knows, variants that have no content.
//!
//! `#[payload]` notes them in the schema (`macros/src/payload/reads.rs`): at a field in its own schema, at a variant in that of the variant.

use schemars::{Schema, transform::transform_subschemas};
use serde_json::{Map, Value, json};

/// The other names of a field or a variant.
pub(crate) const ALIAS: &str = "x-serde-alias";
/// At the variant that is read for all names that no variant has.
pub(crate) const OTHER: &str = "x-serde-other";
/// The field that has the variant's name. Without it a variant is a string, or in the only field of an object.
pub(crate) const TAG: &str = "x-serde-tag";
/// The field that has what a variant holds, at a variant that holds nothing: there it may be null at most.
pub(crate) const CONTENT: &str = "x-serde-content";

pub(crate) const NOTES: [&str; 4] = [ALIAS, OTHER, TAG, CONTENT];

/// Drops the notes.
pub(super) fn forget(schema: &mut Schema) {
    if let Some(schema) = schema.as_object_mut() {
        unnoted(schema);
    }
    transform_subschemas(&mut forget, schema);
}

fn unnoted(schema: &mut Map<String, Value>) {
    schema.retain(|key, _| !NOTES.contains(&&**key));
}

/// Puts what is noted into words of JSON Schema.
pub(super) fn accept(schema: &mut Schema) {
    if let Some(schema) = schema.as_object_mut() {
        variants_of(schema);
        fields_of(schema);
    }
    transform_subschemas(&mut accept, schema);
}

fn variants_of(schema: &mut Map<String, Value>) {
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(list)) = schema.get_mut(key) else { continue };
        // zod knows no `not`: a name that is known passes as an unknown one.
        *list = variants(list, |_| json!({ "type": "string" }));
        let open = list.iter().any(|variant| variant.get(OTHER).is_some());
        for variant in list.iter_mut() {
            // One that is known has no need to say so: nobody sends it with content.
            if variant.get(OTHER).is_some() {
                empty(variant);
            }
            let Some(variant) = variant.as_object_mut() else { continue };
            unnoted(variant);
        }
        if open && let Some(list) = schema.remove("oneOf") {
            schema.insert("anyOf".to_owned(), list);
        }
    }
}

fn fields_of(schema: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    let mut named = Vec::new();
    for (name, property) in properties.iter_mut() {
        let aliases = aliases(property);
        if let Some(property) = property.as_object_mut().filter(|_| !aliases.is_empty()) {
            property.remove(ALIAS);
            // Readers that fill in what is missing would send the field under two names.
            property.remove("default");
            named.push((name.clone(), aliases, property.clone()));
        }
    }
    for (name, aliases, property) in named {
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.extend(aliases.iter().map(|alias| (alias.clone(), property.clone().into())));
        }
        let Some(Value::Array(required)) = schema.get_mut("required") else { continue };
        let before = required.len();
        required.retain(|required| *required != *name);
        if required.len() == before {
            continue;
        }
        if required.is_empty() {
            schema.remove("required");
        }
        // Each says again what the field is: zod takes nothing but objects for such.
        let one = |name: &String| json!({ "type": "object", "properties": { name: property }, "required": [name] });
        let any: Vec<_> = [&name].into_iter().chain(&aliases).map(one).collect();
        if let Value::Array(all) = schema.entry("allOf").or_insert_with(|| json!([])) {
            all.push(json!({ "anyOf": any }));
        }
    }
}

/// The other names that are noted at a field or a variant.
pub(crate) fn aliases(schema: &Value) -> Vec<String> {
    let noted = schema.get(ALIAS).and_then(Value::as_array);
    noted.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The variants of an enum, each under each of its names. `unknown` is the schema of the names that none of them has.
pub(crate) fn variants(list: &[Value], unknown: impl Fn(&[String]) -> Value) -> Vec<Value> {
    let mut all = Vec::new();
    for variant in list {
        all.push(variant.clone());
        all.extend(aliases(variant).iter().map(|alias| named(variant, &json!({ "type": "string", "const": alias }), alias)));
    }
    if let Some(other) = list.iter().find(|variant| variant.get(OTHER).is_some()) {
        let tag = other.get(TAG).and_then(Value::as_str);
        let known: Vec<_> = all.iter().flat_map(|variant| names(variant, tag)).collect();
        all.push(named(other, &unknown(&known), ""));
    }
    all
}

/// Says of a variant without content that it has none.
pub(crate) fn empty(variant: &mut Value) {
    let content = variant.get(CONTENT).and_then(Value::as_str).map(str::to_owned);
    if let (Some(content), Some(Value::Object(properties))) = (content, variant.get_mut("properties")) {
        properties.entry(content).or_insert_with(|| json!({ "type": "null" }));
    }
}

/// A variant under another name, which is `name` where it is the name of a field.
fn named(variant: &Value, schema: &Value, name: &str) -> Value {
    let mut named = variant.clone();
    let Some(members) = named.as_object_mut() else { return named };
    if let Some(tag) = variant.get(TAG).and_then(Value::as_str) {
        if let Some(tag) = members.get_mut("properties").and_then(|properties| properties.get_mut(tag)) {
            *tag = schema.clone();
        }
    } else if members.contains_key("const") {
        members.remove("const");
        members.extend(schema.as_object().cloned().unwrap_or_default());
    } else if let Some(Value::Object(properties)) = members.get_mut("properties") {
        *properties = std::mem::take(properties).into_iter().map(|(_, content)| (name.to_owned(), content)).collect();
        members.insert("required".to_owned(), json!([name]));
    }
    named
}

/// What a variant is called; several strings are one schema.
fn names(variant: &Value, tag: Option<&str>) -> Vec<String> {
    let value = |schema: &Value| {
        let constant = schema.get("const").into_iter();
        let all = constant.chain(schema.get("enum").and_then(Value::as_array).into_iter().flatten());
        all.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let properties = variant.get("properties").and_then(Value::as_object);
    match (tag, properties) {
        (Some(tag), Some(properties)) => properties.get(tag).map(value).unwrap_or_default(),
        (None, Some(properties)) => properties.keys().cloned().collect(),
        (_, None) => value(variant),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(schema: Value) -> Value {
        let mut schema = Schema::try_from(schema).expect("a schema");
        accept(&mut schema);
        schema.to_value()
    }

    #[test]
    fn a_field_has_one_of_its_names() {
        let text = json!({ "type": "string" });
        let noted = json!({ "type": "string", "x-serde-alias": ["words"] });
        let one = |name: &str| json!({ "type": "object", "properties": { name: text }, "required": [name] });
        assert_eq!(
            accepted(json!({ "type": "object", "properties": { "id": true, "text": noted }, "required": ["id", "text"] })),
            json!({
                "type": "object",
                "properties": { "id": true, "text": text, "words": text },
                "required": ["id"],
                "allOf": [{ "anyOf": [one("text"), one("words")] }],
            })
        );
        assert_eq!(
            accepted(json!({ "items": { "properties": { "text": noted } } })),
            json!({ "items": { "properties": { "text": text, "words": text } } })
        );
    }

    #[test]
    fn a_variant_is_there_under_each_of_its_names() {
        let tagged = |name: &str| json!({ "type": "object", "properties": { "t": { "type": "string", "const": name } } });
        let mut low = tagged("low");
        low["x-serde-alias"] = json!(["LOW"]);
        low["x-serde-tag"] = json!("t");
        assert_eq!(accepted(json!({ "oneOf": [low] })), json!({ "oneOf": [tagged("low"), tagged("LOW")] }));
        let unit = json!({ "type": "string", "const": "a", "x-serde-alias": ["A"] });
        let constant = |name: &str| json!({ "type": "string", "const": name });
        assert_eq!(accepted(json!({ "oneOf": [unit] })), json!({ "oneOf": [constant("a"), constant("A")] }));
        let within = |name: &str| json!({ "type": "object", "properties": { name: true }, "required": [name] });
        let mut b = within("b");
        b["x-serde-alias"] = json!(["B"]);
        assert_eq!(accepted(json!({ "oneOf": [b] })), json!({ "oneOf": [within("b"), within("B")] }));
    }

    #[test]
    fn a_variant_for_all_others_takes_any_name() {
        let list = json!([
            { "enum": ["a", "b"] },
            { "type": "object", "properties": { "c": true }, "x-serde-alias": ["C"] },
            { "type": "string", "const": "o", "x-serde-other": true },
        ]);
        let exact = variants(list.as_array().expect("a list"), |known| json!({ "not": { "enum": known } }));
        assert_eq!(exact.last().and_then(|other| other.get("not")), Some(&json!({ "enum": ["a", "b", "c", "C", "o"] })));
        let open = accepted(json!({ "oneOf": list }));
        assert_eq!(open["anyOf"][4], json!({ "type": "string" }));
        assert_eq!(open.get("oneOf"), None);
    }
}
