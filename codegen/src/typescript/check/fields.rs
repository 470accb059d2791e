//! Types that are not on the wire what their TypeScript says, in one direction or in both.
//!
//! ts-rs has one shape for both directions and understands less of serde than schemars does, which has a schema for each. Where they
//! contradict each other about kinds of values, names and presence of fields, or the strings of an enum, the TypeScript is wrong. What is
//! not understood is taken on trust: an intersection's members, a type that somebody wrote by hand.

use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::{
    super::{
        body,
        tokens::{Node, parse, split},
    },
    Use, brief,
    kinds::{self, Declared},
};
use crate::problem::Problem;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Sent,
    Received,
}

pub(super) fn check(declared: &Declared<'_>, uses: &[Use<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for direction in [Direction::Sent, Direction::Received] {
        let (definitions, places) = schemas(uses, direction);
        let named = definitions.iter().filter_map(|(name, schema)| {
            // schemars names an instance of a generic type `Page_for_Message`.
            let name = name.split_once("_for_").map_or(&**name, |(name, _)| name);
            let (declaration, path) = declared.get(name)?;
            let path = brief(path.split('<').next().unwrap_or(path));
            Some((format!("`{path}`"), body(&parse(&declaration.text)).1, schema))
        });
        let places = places.iter().map(|(place, schema)| {
            let nodes = parse(&place.ty.text);
            let name = if let [Node::Leaf { text, .. }] = &nodes[..] { format!(": `{text}`") } else { String::new() };
            (format!("{}{name}", place.place), nodes, schema)
        });
        for (at, nodes, schema) in named.chain(places) {
            let mut found =
                Comparison { direction, declared, definitions: &definitions, owner: at.clone(), at, problems: &mut problems };
            found.types(&nodes, schema);
        }
    }
    problems
}

/// The schemas of all types that go in one direction, by their names and where they are used.
fn schemas<'a>(uses: &'a [Use<'a>], direction: Direction) -> (Map<String, Value>, Vec<(&'a Use<'a>, Value)>) {
    let settings = SchemaSettings::default();
    let mut generator = match direction {
        Direction::Sent => settings.for_serialize(),
        Direction::Received => settings.for_deserialize(),
    }
    .into_generator();
    let goes = |place: &&Use<'_>| if direction == Direction::Sent { place.sent } else { place.received };
    let places = uses.iter().filter(goes).map(|place| (place, (place.ty.schema)(&mut generator).to_value())).collect();
    (generator.take_definitions(false), places)
}

struct Comparison<'a> {
    direction: Direction,
    declared: &'a Declared<'a>,
    definitions: &'a Map<String, Value>,
    /// Whose fields they are.
    owner: String,
    /// What is being compared: the type, or the innermost field.
    at: String,
    problems: &'a mut Vec<Problem>,
}

impl Comparison<'_> {
    fn tell(&mut self, what: String, at: String, help: &str) {
        self.problems.push(Problem::new(what, at, help));
    }

    fn types(&mut self, nodes: &[Node], schema: &Value) {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let is_itself =
            matches!(nodes, [only] if reference.is_some_and(|path| path.rsplit('/').next().is_some_and(|name| only.is(name))));
        // What has a name is compared by itself; what is of another kind has nothing in common to compare.
        if is_itself || self.kinds(nodes, schema) || reference.is_some() {
            return;
        }
        let arms: Vec<_> = split(nodes, &["|"]).filter(|arm| !matches!(arm, [only] if only.is("null"))).collect();
        let variants = alternatives(schema);
        match (&arms[..], variants) {
            (_, Some(variants)) => self.variants(&arms, variants),
            ([[Node::Group { open: '{', nodes, .. }]], None) => self.objects(nodes, schema),
            ([[Node::Group { open: '[', nodes, .. }]], None) => self.tuple(nodes, schema),
            ([[array, Node::Group { open: '<', nodes, .. }]], None) if array.is("Array") => {
                if let Some(items) = schema.get("items") {
                    self.types(nodes, items);
                }
            }
            _ => {}
        }
    }

    /// Compares what needs no look inside; whether there is something to tell.
    fn kinds(&mut self, nodes: &[Node], schema: &Value) -> bool {
        const HELP: &str = "use one shape for both directions, or describe it with `#[ts(as = \"…\")]` or `#[ts(type = \"…\")]`";
        let wire = kinds::of_schema(self.definitions, schema);
        if let (Some(ty), Some(wire)) = (kinds::of_type(self.declared, nodes), wire) {
            let told = match self.direction {
                _ if !ty.meets(wire) && ty != wire => Some(format!("a type is {ty} in TypeScript, and {wire} on the wire")),
                Direction::Sent => {
                    wire.without(ty).map(|wire| format!("a type is {ty} in TypeScript, and {wire} when it is sent"))
                }
                Direction::Received => {
                    ty.without(wire).map(|ty| format!("a type is {wire} when it is received, and {ty} in TypeScript"))
                }
            };
            if let Some(what) = told {
                self.tell(what, self.at.clone(), HELP);
                return true;
            }
        }
        let ty = kinds::strings_of_type(self.declared, nodes);
        let (Some(ty), Some(wire)) = (ty, kinds::strings_of_schema(self.definitions, schema)) else { return false };
        let (more, what) = match self.direction {
            Direction::Sent => (wire.difference(&ty).next(), "is sent, and not in its TypeScript"),
            Direction::Received => (ty.difference(&wire).next(), "is in its TypeScript, and refused when it is received"),
        };
        if let Some(text) = more {
            self.tell(format!("a string {what}"), format!("{}: {text:?}", self.at), HELP);
        }
        more.is_some()
    }

    fn tuple(&mut self, nodes: &[Node], schema: &Value) {
        let Some(items) = schema.get("prefixItems").and_then(Value::as_array) else { return };
        let types: Vec<_> = split(nodes, &[","]).collect();
        if types.len() != items.len() {
            let what = format!("a tuple has {} values in TypeScript, and {} on the wire", types.len(), items.len());
            self.tell(what, self.at.clone(), "describe it with `#[ts(type = \"…\")]`");
            return;
        }
        types.iter().zip(items).for_each(|(ty, schema)| self.types(ty, schema));
    }

    fn variants(&mut self, arms: &[&[Node]], variants: &[Value]) {
        let is_null = |schema: &&Value| schema.get("type").is_some_and(|ty| ty == "null");
        if let [one] = variants.iter().filter(|schema| !is_null(schema)).collect::<Vec<_>>()[..]
            && (one.get("$ref").is_some() || alternatives(one).is_some())
        {
            // An `Option` of an enum: `null` is beside the enum here, and one of its variants in TypeScript.
            return alternatives(one).into_iter().for_each(|variants| self.variants(arms, variants));
        }
        let object = |arm: &&[Node]| if let [Node::Group { open: '{', nodes, .. }] = arm { Some(nodes.clone()) } else { None };
        let objects: Vec<_> = arms.iter().filter_map(object).collect();
        let variants: Vec<_> = variants.iter().filter(|schema| is_object(schema)).collect();
        // Both have them in the order of the enum.
        if objects.len() == variants.len() {
            objects.iter().zip(variants).for_each(|(arm, schema)| self.objects(arm, schema));
        } else if self.direction == Direction::Received {
            for arm in &objects {
                self.variant(arm, &variants);
            }
        }
    }

    /// A variant that ts-rs knows, among those that are accepted.
    fn variant(&mut self, arm: &[Node], variants: &[&Value]) {
        let Some(members) = members(arm) else { return };
        let Some((tag, value)) = tag(&members) else { return };
        let is_it = |schema: &&&Value| {
            let property = schema.get("properties").and_then(|properties| properties.get(tag));
            property.is_some_and(|p| value.is_none_or(|value| p.get("const").and_then(Value::as_str) == Some(value)))
        };
        if let Some(schema) = variants.iter().find(is_it) {
            return self.objects(arm, schema);
        }
        self.tell(
            "a variant is in TypeScript, and refused when it is received".to_owned(),
            format!("variant `{}` of {}", value.unwrap_or(tag), self.owner),
            "take `skip_deserializing` from it: a type has one shape for both directions",
        );
    }

    fn objects(&mut self, nodes: &[Node], schema: &Value) {
        let Some(members) = members(nodes) else { return };
        // Without properties it is a map, a reference, or anything at all.
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        match self.direction {
            Direction::Sent => self.sent(&members, properties, &required.collect()),
            Direction::Received => self.received(&members, required),
        }
        for (name, member) in &members {
            if let Some(schema) = properties.get(&**name) {
                let at = std::mem::replace(&mut self.at, format!("field `{name}` of {}", self.owner));
                self.types(member.ty, schema);
                self.at = at;
            }
        }
    }

    fn sent(&mut self, members: &Members<'_>, properties: &Map<String, Value>, required: &BTreeSet<&str>) {
        const DEFAULT: &str =
            "add `#[serde(default)]`, with which it may be missing in TypeScript, or describe it with `#[ts(…)]`";
        for (name, member) in members {
            // schemars knows nothing of the tag of a struct.
            let tag =
                !properties.contains_key(&**name) && matches!(member.ty, [Node::Leaf { text, .. }] if text.starts_with('"'));
            if !member.optional && !tag && !required.contains(&**name) {
                let what = "a field is not always there when it is sent, and its TypeScript says that it is";
                self.tell(what.to_owned(), format!("field `{name}` of {}", self.owner), DEFAULT);
            }
        }
    }

    fn received<'s>(&mut self, members: &Members<'_>, required: impl Iterator<Item = &'s str>) {
        for name in required {
            let problem = match members.get(name) {
                None => "does not have it",
                Some(member) if member.optional => "says that it may be missing",
                Some(_) => continue,
            };
            self.tell(
                format!("a field must be there when it is received, and its TypeScript {problem}"),
                format!("field `{name}` of {}", self.owner),
                "use one shape for both directions, or describe it with `#[ts(…)]`",
            );
        }
    }
}

fn alternatives(schema: &Value) -> Option<&Vec<Value>> {
    ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.as_array())
}

fn is_object(schema: &Value) -> bool {
    schema.get("type").is_some_and(|ty| ty == "object")
}

/// What tells an object from the others of an enum: the member that is its tag and the tag, or its only member.
fn tag<'a>(members: &'a Members<'_>) -> Option<(&'a str, Option<&'a str>)> {
    let literal = members.iter().find_map(|(name, member)| match member.ty {
        [Node::Leaf { text, .. }] if text.starts_with('"') => Some((&**name, Some(text.trim_matches('"')))),
        _ => None,
    });
    let only = || members.keys().next().filter(|_| members.len() == 1).map(|name| (&**name, None));
    literal.or_else(only)
}

type Members<'a> = std::collections::BTreeMap<String, Member<'a>>;

struct Member<'a> {
    optional: bool,
    ty: &'a [Node],
}

/// The members of an object by name; `None` if they have no names, as in `[key in string]: …`.
fn members(nodes: &[Node]) -> Option<Members<'_>> {
    split(nodes, &[",", ";"]).map(named).collect()
}

fn named(member: &[Node]) -> Option<(String, Member<'_>)> {
    let ([Node::Docs(_), Node::Leaf { text, .. }, rest @ ..] | [Node::Leaf { text, .. }, rest @ ..]) = member else {
        return None;
    };
    let optional = rest.first()?.is("?");
    let ty = &rest[usize::from(optional)..];
    let (colon, ty) = ty.split_first()?;
    let name = serde_json::from_str(text).unwrap_or_else(|_| text.trim_matches('"').to_owned());
    colon.is(":").then_some((name, Member { optional, ty }))
}
