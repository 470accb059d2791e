//! Fields that are not always on the wire when their TypeScript says so, or the other way round.
//!
//! ts-rs has one shape for both directions and understands less of serde than schemars does, which has a schema for each. Where they
//! contradict each other about the names and presence of fields, the TypeScript is wrong. Only objects that both sides write out are
//! compared: an intersection or a type of its own making is taken on trust.

use std::collections::{BTreeMap, BTreeSet};

use ackord::describe::{Declaration, Describer};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::{
    super::{
        body,
        tokens::{Node, parse, split},
    },
    Use, brief,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Sent,
    Received,
}

pub(super) fn check(types: &Describer, uses: &[Use<'_>]) -> BTreeSet<String> {
    let declared = types.types().filter_map(|(_, info)| Some((info.declaration.as_ref()?, info.path)));
    let declared: BTreeMap<&str, (&Declaration, &str)> = declared.map(|(d, path)| (&*d.name, (d, path))).collect();
    let mut problems = BTreeSet::new();
    for direction in [Direction::Sent, Direction::Received] {
        for (name, schema) in schemas(uses, direction) {
            // schemars names an instance of a generic type `Page_for_Message`.
            let name = name.split_once("_for_").map_or(&*name, |(name, _)| name);
            let Some((declaration, path)) = declared.get(name) else { continue };
            let path = brief(path.split('<').next().unwrap_or(path));
            let mut found = Comparison { direction, path, problems: &mut problems };
            found.types(&body(&parse(&declaration.text)).1, &schema);
        }
    }
    problems
}

/// The schemas of all types that go in one direction.
fn schemas(uses: &[Use<'_>], direction: Direction) -> Map<String, Value> {
    let settings = SchemaSettings::default();
    let mut generator = match direction {
        Direction::Sent => settings.for_serialize(),
        Direction::Received => settings.for_deserialize(),
    }
    .into_generator();
    for place in uses {
        if if direction == Direction::Sent { place.sent } else { place.received } {
            (place.ty.schema)(&mut generator);
        }
    }
    generator.take_definitions(false)
}

struct Comparison<'a> {
    direction: Direction,
    path: String,
    problems: &'a mut BTreeSet<String>,
}

impl Comparison<'_> {
    fn types(&mut self, nodes: &[Node], schema: &Value) {
        let arms: Vec<_> = split(nodes, &["|"]).collect();
        let Some(variants) = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.as_array()) else {
            if let [[Node::Group { open: '{', nodes, .. }]] = &arms[..] {
                self.objects(nodes, schema);
            }
            return;
        };
        // Both have the objects in the order of the variants; what is none, schemars may put together.
        let objects = |arm: &&[Node]| if let [Node::Group { open: '{', nodes, .. }] = arm { Some(nodes.clone()) } else { None };
        let arms: Vec<_> = arms.iter().filter_map(objects).collect();
        let variants: Vec<_> = variants.iter().filter(|schema| is_object(schema)).collect();
        if arms.len() == variants.len() {
            arms.iter().zip(variants).for_each(|(arm, schema)| self.objects(arm, schema));
        }
    }

    fn objects(&mut self, nodes: &[Node], schema: &Value) {
        let Some(members) = members(nodes) else { return };
        if schema.get("type").is_some() && !is_object(schema) {
            let problem =
                format!("`{}` is an object in TypeScript and not on the wire: describe it with `#[ts(as = \"…\")]`", self.path);
            self.problems.insert(problem);
            return;
        }
        // Without properties it is a map, a reference, or anything at all.
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        match self.direction {
            Direction::Sent => self.sent(&members, properties, &required.collect()),
            Direction::Received => self.received(&members, required),
        }
        for (name, member) in &members {
            if let Some(schema) = properties.get(*name) {
                self.types(member.ty, schema);
            }
        }
    }

    fn sent(&mut self, members: &Members<'_>, properties: &Map<String, Value>, required: &BTreeSet<&str>) {
        for (name, member) in members {
            // schemars knows nothing of the tag of a struct.
            let tag = !properties.contains_key(*name) && matches!(member.ty, [Node::Leaf { text, .. }] if text.starts_with('"'));
            if !member.optional && !tag && !required.contains(name) {
                self.problems.insert(format!(
                    "field `{name}` of `{}` is not always there when it is sent, and its TypeScript says that it is: add \
                     `#[serde(default)]`, with which it may be missing in TypeScript, or describe it with `#[ts(…)]`",
                    self.path
                ));
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
            self.problems.insert(format!(
                "field `{name}` of `{}` must be there when it is received, and its TypeScript {problem}: use one shape for both \
                 directions, or describe it with `#[ts(…)]`",
                self.path
            ));
        }
    }
}

fn is_object(schema: &Value) -> bool {
    schema.get("type").is_some_and(|ty| ty == "object")
}

type Members<'a> = BTreeMap<&'a str, Member<'a>>;

struct Member<'a> {
    optional: bool,
    ty: &'a [Node],
}

/// The members of an object by name; `None` if they have no names, as in `[key in string]: …`.
fn members(nodes: &[Node]) -> Option<Members<'_>> {
    split(nodes, &[",", ";"]).map(named).collect()
}

fn named(member: &[Node]) -> Option<(&str, Member<'_>)> {
    let ([Node::Docs(_), Node::Leaf { text, .. }, rest @ ..] | [Node::Leaf { text, .. }, rest @ ..]) = member else {
        return None;
    };
    let optional = rest.first()?.is("?");
    let ty = &rest[usize::from(optional)..];
    let (colon, ty) = ty.split_first()?;
    colon.is(":").then_some((text.trim_matches('"'), Member { optional, ty }))
}
