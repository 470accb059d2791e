//! If nothing is said against a change, every value that one side writes is one that the other reads: really read, by serde.

use std::collections::BTreeMap;

use ackord_codegen::{Breaks, Finding};
use serde_json::{Map, Value, json};

use super::{
    LockFile,
    versions::{ALL, Version},
};

/// Values a version.
const VALUES: u32 = 60;

/// A generator of numbers that are the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or(0)
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Makes values that a schema of a lock file allows, or nearly: serde decides.
struct Values<'a> {
    types: &'a Map<String, Value>,
    random: Random,
    /// Whether names are those of older peers: aliases, and variants that nobody knows.
    older: bool,
}

impl Values<'_> {
    fn value(&mut self, schema: &Value, depth: u32) -> Value {
        let Some(schema) = schema.as_object() else { return self.any() };
        if self.older && schema.contains_key("x-serde-tag") {
            return self.tagged(schema, depth);
        }
        if let Some(split) = schema.get("received") {
            return self.value(split, depth);
        }
        if let Some(value) = schema.get("const") {
            return self.name(schema, value);
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return self.random.one(values).clone();
        }
        let mut parts = Vec::new();
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            parts.push(self.types[name.trim_start_matches("#/types/")].clone());
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(schemas) = schema.get(key).and_then(Value::as_array) {
                parts.push(self.random.one(schemas).clone());
            }
        }
        let mut made: Vec<_> = parts.iter().map(|part| self.value(part, depth + 1)).collect();
        if let Some(ty) = schema.get("type") {
            let ty = if let Some(types) = ty.as_array() { self.random.one(types).clone() } else { ty.clone() };
            made.push(self.typed(ty.as_str().unwrap_or_default(), schema, depth));
        }
        let mut made = made.into_iter();
        let first = made.next().unwrap_or_else(|| self.any());
        made.fold(first, |mut all, part| {
            if let (Some(all), Some(part)) = (all.as_object_mut(), part.as_object()) {
                all.extend(part.clone());
            }
            all
        })
    }

    /// One of the names of a field or a variant.
    fn name(&mut self, noted: &Map<String, Value>, own: &Value) -> Value {
        let mut names = vec![own.clone()];
        if self.older {
            names.extend(noted.get("x-serde-alias").and_then(Value::as_array).into_iter().flatten().cloned());
            names.extend(noted.get("x-serde-other").map(|_| json!("nobody knows it")));
        }
        self.random.one(&names).clone()
    }

    /// A variant whose name is in a field.
    fn tagged(&mut self, schema: &Map<String, Value>, depth: u32) -> Value {
        let mut schema = schema.clone();
        let (tag, noted) = (schema.remove("x-serde-tag"), schema.clone());
        // Its fields have names of their own.
        schema.retain(|key, _| !["x-serde-alias", "x-serde-other"].contains(&&**key));
        let tag = schema["properties"].get_mut(tag.as_ref().and_then(Value::as_str).expect("a name")).expect("a tag");
        *tag = json!({ "const": self.name(&noted, &tag["const"]) });
        self.value(&schema.into(), depth)
    }

    fn typed(&mut self, ty: &str, schema: &Map<String, Value>, depth: u32) -> Value {
        match ty {
            "boolean" => json!(self.random.below(2) == 0),
            "integer" => self.integer(schema.get("format").and_then(Value::as_str).unwrap_or_default()),
            "number" => self.random.one(&[json!(0.5), json!(-1.25), json!(3), json!(1e300)]).clone(),
            "string" if schema.get("maxLength") == Some(&json!(1)) => json!("ö"),
            "string" => self.random.one(&[json!(""), json!("x"), json!("Low"), json!("words of some length")]).clone(),
            "array" => self.array(schema, depth),
            "object" => self.object(schema, depth),
            _ => Value::Null,
        }
    }

    fn integer(&mut self, format: &str) -> Value {
        let bits: u32 = format.trim_start_matches(|c: char| c.is_alphabetic()).parse().unwrap_or(64);
        let any = self.random.next() >> (64 - bits);
        let max = u64::MAX >> (64 - bits);
        if format.starts_with('u') {
            self.random.one(&[json!(0), json!(any), json!(max)]).clone()
        } else {
            let half = i64::try_from(max / 2).unwrap_or(i64::MAX);
            self.random.one(&[json!(0), json!(-half - 1), json!(half), json!(any % 100)]).clone()
        }
    }

    fn array(&mut self, schema: &Map<String, Value>, depth: u32) -> Value {
        if let Some(items) = schema.get("prefixItems").and_then(Value::as_array) {
            return items.iter().map(|item| self.value(item, depth + 1)).collect();
        }
        let length = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let least = length("minItems").unwrap_or(0);
        let most = length("maxItems").unwrap_or(if depth > 4 { least } else { least + 2 });
        let items = schema.get("items").cloned().unwrap_or(json!(true));
        (0..least + self.random.below(most - least + 1)).map(|_| self.value(&items, depth + 1)).collect()
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: u32) -> Value {
        let names = |key: &str| schema.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let required = names("required");
        let mut made = Map::new();
        for (name, field) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let is_required = required.contains(&json!(name));
            if is_required || (depth < 5 && self.random.below(2) == 0) {
                // A variant that is a field is noted with all that is in it.
                let noted = field.as_object().filter(|field| field.contains_key("x-serde-alias")).unwrap_or(schema);
                let name = self.name(noted, &json!(name));
                made.insert(name.as_str().expect("text").to_owned(), self.value(field, depth + 1));
            }
        }
        if let Some(values) = schema.get("additionalProperties").filter(|values| **values != json!(false)) {
            for name in ["a", "tag"].into_iter().take(self.random.below(3)) {
                let value = self.value(values, depth + 1);
                made.entry(name).or_insert(value);
            }
        }
        if let Some(patterns) = schema.get("patternProperties").and_then(Value::as_object) {
            for values in patterns.values() {
                made.insert(self.random.below(100).to_string(), self.value(values, depth + 1));
            }
        }
        made.into()
    }

    fn any(&mut self) -> Value {
        self.random.one(&[json!(null), json!(1), json!("any"), json!([true]), json!({ "x": 1 })]).clone()
    }
}

/// A version with its lock file and values: as a client may write them, and as serde does.
struct Made<'a> {
    version: &'a Version,
    lock: LockFile,
    raw: Vec<Value>,
    older: Vec<Value>,
    written: Vec<Value>,
}

fn make(version: &Version) -> Made<'_> {
    let lock = LockFile::new(version.name);
    (version.codegen)(&lock).write().expect("written");
    let file: Value = serde_json::from_str(&lock.text()).expect("JSON");
    let types = file["types"].as_object().expect("types");
    let schema = &file["namespaces"]["/"]["server"]["up"]["args"][0]["schema"];
    let values = |older| {
        let mut values = Values { types, random: Random(0x5eed), older };
        (0..VALUES).map(|_| values.value(schema, 0)).filter(|value| (version.round)(value).is_some()).collect::<Vec<_>>()
    };
    let (raw, older) = (values(false), values(true));
    assert!(raw.len() > 20, "`{}` takes {} of the values that its schema allows", version.name, raw.len());
    let written = raw.iter().filter_map(version.round).collect();
    Made { version, lock, raw, older, written }
}

fn says(findings: &[Finding], breaks: Breaks, event: &str) -> bool {
    let about = |finding: &&Finding| finding.places.iter().any(|place| place.event.as_deref() == Some(event));
    findings.iter().filter(|finding| finding.breaks == breaks).any(|finding| about(&finding))
}

#[test]
fn what_is_said_to_be_compatible_is_read() {
    let all: Vec<_> = ALL.iter().map(make).collect();
    let mut counts = BTreeMap::new();
    for old in &all {
        for new in &all {
            let unused = LockFile::new("unused");
            let findings = (new.version.codegen)(&unused).changes_since(old.lock.path()).expect("compared");
            if old.version.name == new.version.name {
                assert_eq!(super::texts(&findings), [""; 0], "{}", old.version.name);
            }
            for (writer, values, reader, breaks, event) in [
                (old, &old.raw, new, Breaks::OldClients, "up"),
                (old, &old.older, new, Breaks::OldClients, "up"),
                (old, &old.written, new, Breaks::OldClients, "up"),
                (new, &new.raw, old, Breaks::OldServers, "up"),
                (new, &new.written, old, Breaks::OldClients, "down"),
                (new, &new.written, old, Breaks::OldClients, "ask"),
                (old, &old.written, new, Breaks::OldServers, "down"),
            ] {
                let said = says(&findings, breaks, event);
                let refused = values.iter().find(|value| (reader.version.round)(value).is_none());
                *counts.entry((said, refused.is_some())).or_insert(0) += 1;
                assert!(
                    said || refused.is_none(),
                    "`{}` to `{}`: nothing is said of `{event}` for {breaks}, but `{}` does not read {} of `{}`",
                    old.version.name,
                    new.version.name,
                    reader.version.name,
                    refused.unwrap_or(&Value::Null),
                    writer.version.name
                );
            }
        }
    }
    // Neither is the check so strict that nothing passes, nor are the values so tame that everything is read.
    let (fine, found, careful) = (counts[&(false, false)], counts[&(true, true)], counts[&(true, false)]);
    println!("{fine} compatible, {found} found out, {careful} refused without a value that shows it");
    assert!(fine > 500 && found > 5 * careful, "{fine}, {found}, {careful}");
}
