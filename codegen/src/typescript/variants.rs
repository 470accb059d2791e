//! The documentation of an enum's variants, which ts-rs drops and schemars keeps: it goes to the arms of the union.
//!
//! The two write variants in different orders, so that an arm is known by what it says on the wire: its string, its tag, or its only member.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tokens::{Node, split};
use crate::{
    contract::Contract,
    schema::{Dialect, model::collect},
};

/// The documentation of variants, by the name of their type.
#[derive(Debug, Default)]
pub(crate) struct Variants(BTreeMap<String, Vec<Variant>>);

#[derive(Debug)]
struct Variant {
    mark: Mark,
    docs: Vec<String>,
}

/// What tells a variant from the others of its enum.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Mark {
    /// `"gone"`
    Text(String),
    /// `{ code: "gone", … }`
    Tag(String, String),
    /// `{ gone: … }`
    Member(String),
    /// One of so many that have no name on the wire.
    Place(usize, usize),
}

impl Variants {
    pub(crate) fn of(contract: &Contract) -> Self {
        let mut all = BTreeMap::new();
        for (name, schema) in collect(contract, Dialect::TypeScript).sides().into_iter().flatten() {
            // schemars names an instance of a generic type `Page_for_Message`.
            let family = name.split_once("_for_").map_or(&*name, |(family, _)| family);
            let variants = documented(&schema);
            if !variants.is_empty() {
                all.entry(family.to_owned()).or_insert(variants);
            }
        }
        Self(all)
    }

    /// Puts it before the arms of the type's union.
    pub(crate) fn document(&self, name: &str, body: Vec<Node>) -> Vec<Node> {
        let Some(variants) = self.0.get(name).filter(|_| body.iter().any(|node| node.is("|"))) else { return body };
        let arms: Vec<_> = split(&body, &["|"]).collect();
        let mut out = Vec::new();
        for (place, arm) in arms.iter().enumerate() {
            if place > 0 {
                out.push(Node::Leaf { text: "|".to_owned(), spaced: true });
            }
            let marks = [marks(arm), vec![Mark::Place(place, arms.len())]].concat();
            let found = variants.iter().find(|variant| marks.contains(&variant.mark));
            out.extend(found.map(|variant| Node::Docs(variant.docs.clone())));
            out.extend_from_slice(arm);
        }
        out
    }
}

/// The variants that have documentation.
fn documented(schema: &Value) -> Vec<Variant> {
    let all = |of| schema.get(of).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    // Where nothing tells one from another, both have kept the order of Rust.
    let (named, places) = (all("oneOf"), all("anyOf"));
    let named = named.iter().filter_map(|variant| Some((mark(variant)?, variant)));
    let places = places.iter().enumerate().map(|(place, variant)| (Mark::Place(place, places.len()), variant));
    let docs = |variant: &Value| Some(variant.get("description")?.as_str()?.lines().map(str::to_owned).collect());
    named.chain(places).filter_map(|(mark, variant)| Some(Variant { mark, docs: docs(variant)? })).collect()
}

fn mark(variant: &Value) -> Option<Mark> {
    let text = |schema: &Value| schema.get("const").and_then(Value::as_str).map(str::to_owned);
    if let Some(text) = text(variant) {
        return Some(Mark::Text(text));
    }
    let members = variant.get("properties")?.as_object()?;
    let tag = members.iter().find_map(|(name, schema)| Some(Mark::Tag(name.clone(), text(schema)?)));
    tag.or_else(|| members.keys().next().filter(|_| members.len() == 1).map(|name| Mark::Member(name.clone())))
}

/// By what an arm may be known.
fn marks(arm: &[Node]) -> Vec<Mark> {
    match arm {
        [Node::Leaf { text, .. }] => unquoted(text).map(Mark::Text).into_iter().collect(),
        [Node::Group { open: '(', nodes, .. }] => marks(nodes),
        // What is flattened stands behind `&`.
        [Node::Group { open: '{', nodes, .. }, ..] => {
            let members: Vec<_> = split(nodes, &[",", ";"]).filter_map(member).collect();
            let tags = members.iter().filter_map(|(name, ty)| match ty {
                [Node::Leaf { text, .. }] => Some(Mark::Tag(name.clone(), unquoted(text)?)),
                _ => None,
            });
            let only = members.first().filter(|_| members.len() == 1).map(|(name, _)| Mark::Member(name.clone()));
            tags.chain(only).collect()
        }
        _ => Vec::new(),
    }
}

/// A member's name and type.
fn member(nodes: &[Node]) -> Option<(String, &[Node])> {
    let nodes = if let [Node::Docs(_), rest @ ..] = nodes { rest } else { nodes };
    let [Node::Leaf { text, .. }, colon, ty @ ..] = nodes else { return None };
    colon.is(":").then(|| (unquoted(text).unwrap_or_else(|| text.clone()), ty))
}

/// What a string literal says.
fn unquoted(text: &str) -> Option<String> {
    serde_json::from_str(text).ok()
}
