//! What kinds of JSON a type can be, as its TypeScript has it and as its schema has it.
//!
//! Where one of the two cannot be told (a type parameter, a type written by hand that is none of ours, a schema that allows everything)
//! nothing is known, and nothing is said.

use std::{
    any::TypeId,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use ackord::describe::{Declaration, LARGE_INT, TypeInfo};
use serde_json::{Map, Value};

use super::super::{
    body,
    tokens::{Node, parse, split},
};

/// Aliases of aliases are followed so far; what goes on is not known.
const DEPTH: usize = 16;

/// A set of kinds of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

const NAMES: [&str; 6] = ["null", "a boolean", "a number", "a string", "an array", "an object"];

impl Kinds {
    const NONE: Self = Self(0);
    const NULL: Self = Self(1);
    const BOOLEAN: Self = Self(1 << 1);
    const NUMBER: Self = Self(1 << 2);
    const STRING: Self = Self(1 << 3);
    const ARRAY: Self = Self(1 << 4);
    const OBJECT: Self = Self(1 << 5);

    /// What is here and not in `other`.
    pub(super) fn without(self, other: Self) -> Option<Self> {
        let rest = self.0 & !other.0;
        (rest != 0).then_some(Self(rest))
    }

    /// Whether it can be the key of a map: JSON has strings, and serde and JavaScript make strings of numbers.
    pub(super) fn is_key(self) -> bool {
        self.without(Self(Self::STRING.0 | Self::NUMBER.0)).is_none()
    }

    /// Whether it is any JSON.
    pub(super) fn is_all(self) -> bool {
        self.0 == (1 << NAMES.len()) - 1
    }

    /// Whether it is nothing at all.
    pub(super) fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Whether both have something.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it is always an object.
    pub(super) fn is_object(self) -> bool {
        self == Self::OBJECT
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = NAMES.iter().enumerate().filter(|(i, _)| self.0 & (1 << i) != 0).map(|(_, name)| *name).collect();
        if names.is_empty() { f.write_str("nothing") } else { f.write_str(&names.join(" or ")) }
    }
}

/// Declarations by their names.
pub(super) type Declared<'a> = BTreeMap<&'a str, (&'a Declaration, &'a str)>;

/// The declarations of all types.
pub(super) fn declared<'a>(types: impl Iterator<Item = (TypeId, &'a TypeInfo)>) -> Declared<'a> {
    let declared = types.filter_map(|(_, info)| Some((info.declaration.as_ref()?, info.path)));
    declared.map(|(declaration, path)| (&*declaration.name, (declaration, path))).collect()
}

/// The kinds of a type in TypeScript.
pub(super) fn of_type(declared: &Declared<'_>, ty: &[Node]) -> Option<Kinds> {
    union_of(declared, ty, DEPTH)
}

fn union_of(declared: &Declared<'_>, ty: &[Node], depth: usize) -> Option<Kinds> {
    if ty.is_empty() {
        return None;
    }
    split(ty, &["|"]).try_fold(Kinds::NONE, |kinds, arm| Some(kinds.or(intersection_of(declared, arm, depth)?)))
}

fn intersection_of(declared: &Declared<'_>, arm: &[Node], depth: usize) -> Option<Kinds> {
    let mut parts = split(arm, &["&"]).map(|part| part_of(declared, part, depth));
    let first = parts.next()??;
    parts.try_fold(first, |kinds, part| Some(Kinds(kinds.0 & part?.0)))
}

fn part_of(declared: &Declared<'_>, part: &[Node], depth: usize) -> Option<Kinds> {
    let (name, rest) = match part {
        [Node::Group { open: '{', .. }] => return Some(Kinds::OBJECT),
        [Node::Group { open: '[', .. }] => return Some(Kinds::ARRAY),
        [Node::Group { open: '(', nodes, .. }] => return union_of(declared, nodes, depth),
        [Node::Leaf { text, .. }, rest @ ..] => (&**text, rest),
        _ => return None,
    };
    match (name, rest) {
        (_, [.., Node::Group { open: '[', nodes, .. }]) if nodes.is_empty() => return Some(Kinds::ARRAY),
        ("Array", [Node::Group { open: '<', .. }]) => return Some(Kinds::ARRAY),
        ("Record", [Node::Group { open: '<', .. }]) => return Some(Kinds::OBJECT),
        (_, [] | [Node::Group { open: '<', .. }]) => {}
        _ => return None,
    }
    Some(match name {
        "null" => Kinds::NULL,
        "boolean" | "true" | "false" => Kinds::BOOLEAN,
        "number" | LARGE_INT => Kinds::NUMBER,
        "string" => Kinds::STRING,
        "never" => Kinds::NONE,
        text if is_literal(text) => Kinds::STRING,
        text if text.parse::<f64>().is_ok() => Kinds::NUMBER,
        name if depth > 0 => {
            let (declaration, _) = declared.get(name)?;
            return union_of(declared, &body(&parse(&declaration.text)).1, depth - 1);
        }
        _ => return None,
    })
}

fn is_literal(text: &str) -> bool {
    text.starts_with(['"', '\'']) && text.len() > 1
}

/// The strings that a type is made of; `None` if it allows others.
pub(super) fn strings_of_type(declared: &Declared<'_>, ty: &[Node]) -> Option<BTreeSet<String>> {
    strings_of_arms(declared, ty, DEPTH)
}

fn strings_of_arms(declared: &Declared<'_>, ty: &[Node], depth: usize) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for arm in split(ty, &["|"]) {
        match arm {
            [Node::Leaf { text, .. }] if is_literal(text) => {
                // A literal that is not JSON is one that nobody has escaped.
                found.insert(serde_json::from_str(text).unwrap_or_else(|_| text.clone()));
            }
            [Node::Leaf { text, .. }] if depth > 0 && declared.contains_key(&**text) => {
                let (declaration, _) = declared[&**text];
                found.extend(strings_of_arms(declared, &body(&parse(&declaration.text)).1, depth - 1)?);
            }
            arm => {
                let kinds = intersection_of(declared, arm, depth)?;
                if kinds.without(Kinds(!Kinds::STRING.0)).is_some() {
                    return None;
                }
            }
        }
    }
    Some(found)
}

/// The kinds of what a schema allows.
pub(super) fn of_schema(definitions: &Map<String, Value>, schema: &Value) -> Option<Kinds> {
    allowed(definitions, schema, DEPTH)
}

fn allowed(definitions: &Map<String, Value>, schema: &Value, depth: usize) -> Option<Kinds> {
    if schema == &Value::Bool(false) {
        return Some(Kinds::NONE);
    }
    if let Some(value) = schema.get("const") {
        return Some(of_value(value));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return Some(values.iter().fold(Kinds::NONE, |kinds, value| kinds.or(of_value(value))));
    }
    if let Some(target) = target(definitions, schema) {
        return if depth > 0 { allowed(definitions, target, depth - 1) } else { None };
    }
    match schema.get("type") {
        Some(Value::String(name)) => return of_name(name),
        Some(Value::Array(names)) => {
            let mut names = names.iter().map(|name| of_name(name.as_str()?));
            return names.try_fold(Kinds::NONE, |kinds, name| Some(kinds.or(name?)));
        }
        _ => {}
    }
    let variants = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.as_array())?;
    variants.iter().try_fold(Kinds::NONE, |kinds, variant| Some(kinds.or(allowed(definitions, variant, depth)?)))
}

/// What a reference refers to.
pub(super) fn target<'a>(definitions: &'a Map<String, Value>, schema: &Value) -> Option<&'a Value> {
    definitions.get(schema.get("$ref")?.as_str()?.rsplit('/').next()?)
}

fn of_name(name: &str) -> Option<Kinds> {
    Some(match name {
        "null" => Kinds::NULL,
        "boolean" => Kinds::BOOLEAN,
        "number" | "integer" => Kinds::NUMBER,
        "string" => Kinds::STRING,
        "array" => Kinds::ARRAY,
        "object" => Kinds::OBJECT,
        _ => return None,
    })
}

fn of_value(value: &Value) -> Kinds {
    match value {
        Value::Null => Kinds::NULL,
        Value::Bool(_) => Kinds::BOOLEAN,
        Value::Number(_) => Kinds::NUMBER,
        Value::String(_) => Kinds::STRING,
        Value::Array(_) => Kinds::ARRAY,
        Value::Object(_) => Kinds::OBJECT,
    }
}

/// The strings that a schema enumerates; `None` if it allows others.
pub(super) fn strings_of_schema(definitions: &Map<String, Value>, schema: &Value) -> Option<BTreeSet<String>> {
    enumerated(definitions, schema, DEPTH)
}

fn enumerated(definitions: &Map<String, Value>, schema: &Value, depth: usize) -> Option<BTreeSet<String>> {
    let strings = |values: &[Value]| values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if let Some(value) = schema.get("const") {
        return Some(strings(std::slice::from_ref(value)));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return Some(strings(values));
    }
    if let Some(target) = target(definitions, schema) {
        return if depth > 0 { enumerated(definitions, target, depth - 1) } else { None };
    }
    if let Some(variants) = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.as_array()) {
        let mut found = BTreeSet::new();
        for variant in variants {
            found.extend(enumerated(definitions, variant, depth)?);
        }
        return Some(found);
    }
    let kinds = allowed(definitions, schema, depth)?;
    kinds.without(Kinds(!Kinds::STRING.0)).is_none().then(BTreeSet::new)
}
