//! What TypeScript would not accept, or accept no value of: keys of maps, flattened maps, variants that contradict themselves, names
//! that nobody has escaped.

use std::collections::BTreeSet;

use super::{
    super::{
        body,
        tokens::{Node, parse, split},
    },
    kinds::{self, Declared},
};
use crate::problem::Problem;

/// What is wrong with a type at `at`.
pub(super) fn check(declared: &Declared<'_>, ty: &[Node], at: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    walk(declared, ty, at, &mut problems);
    problems
}

/// What is wrong with `type Name = Name | null`, which Rust has.
pub(super) fn circular(declared: &Declared<'_>, name: &str, at: &str) -> Option<Problem> {
    fn is_itself(declared: &Declared<'_>, ty: &[Node], name: &str, seen: &mut BTreeSet<String>) -> bool {
        split(ty, &["|", "&"]).any(|part| match unwrapped(part) {
            [Node::Leaf { text, .. }, ..] if text == name => true,
            [Node::Leaf { text, .. }, ..] => declared.get(&**text).is_some_and(|(declaration, _)| {
                seen.insert(text.clone()) && is_itself(declared, &body(&parse(&declaration.text)).1, name, seen)
            }),
            [Node::Group { open: '(', nodes, .. }] => is_itself(declared, nodes, name, seen),
            _ => false,
        })
    }
    let (declaration, _) = declared.get(name)?;
    is_itself(declared, &body(&parse(&declaration.text)).1, name, &mut BTreeSet::new()).then(|| {
        Problem::new(
            "a type would be an alias of itself, which TypeScript does not have",
            at,
            "give it a field with a name, or put it into a list",
        )
    })
}

fn walk(declared: &Declared<'_>, nodes: &[Node], at: &str, problems: &mut Vec<Problem>) {
    for arm in split(nodes, &["|", ",", ";"]) {
        flattened(declared, arm, at, problems);
        impossible(declared, arm, at, problems);
    }
    if nodes
        .windows(2)
        .any(|pair| matches!(pair, [Node::Leaf { text, .. }, Node::Leaf { text: next, .. }] if is_cut_off(text, next)))
    {
        let help = "rename it with `#[serde(rename = \"…\")]`, or describe the type with `#[ts(type = \"…\")]`";
        problems.push(Problem::new("a name on the wire has quotes, which TypeScript would take for its end", at, help));
    }
    if nodes.windows(2).any(|pair| pair[0].is("__proto__") && (pair[1].is(":") || pair[1].is("?"))) {
        let help = "rename it with `#[serde(rename = \"…\")]`";
        problems.push(Problem::new(
            "`__proto__` is no field in JavaScript: an object literal with it has another prototype",
            at,
            help,
        ));
    }
    problems.extend(nodes.windows(2).filter(|pair| pair[1].is("?")).filter_map(|pair| inherited(&pair[0], at)));
    for node in nodes {
        let Node::Group { open, nodes, .. } = node else { continue };
        if let Some((key, _)) = map(*open, nodes) {
            let keys = kinds::strings_of_type(declared, key).unwrap_or_default();
            problems.extend(keys.iter().filter_map(|key| inherited(&Node::Leaf { text: key.clone(), spaced: false }, at)));
        }
        if let Some((key, _)) = map(*open, nodes)
            && let Some(kinds) = kinds::of_type(declared, key)
            && !kinds.is_key()
        {
            let help = "use strings, numbers, or an enum of variants without fields; or a list of pairs";
            problems.push(Problem::new(format!("the key of a map is {kinds}, and in JSON it is a string"), at, help));
        }
        walk(declared, nodes, at, problems);
    }
}

/// What every object of JavaScript has.
const INHERITED: [&str; 7] =
    ["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"];

/// A member that may be missing, and then is another.
fn inherited(member: &Node, at: &str) -> Option<Problem> {
    let Node::Leaf { text, .. } = member else { return None };
    let name = INHERITED.into_iter().find(|name| text.trim_matches('"') == *name)?;
    Some(Problem::new(
        format!("`{name}` may be missing, and is what every object of JavaScript inherits then"),
        at,
        "rename it with `#[serde(rename = \"…\")]`, or let it always be there",
    ))
}

/// `{ own: boolean } & { [key in string]: number }` has no values: `own` would have to be both.
fn flattened(declared: &Declared<'_>, arm: &[Node], at: &str, problems: &mut Vec<Problem>) {
    let parts: Vec<_> = split(arm, &["&"]).map(unwrapped).collect();
    let is_any = |value: &[Node]| matches!(value, [any] if any.is("any") || any.is("unknown"));
    let is_json = |value: &[Node]| kinds::of_type(declared, value).is_some_and(kinds::Kinds::is_all);
    let mut others = parts.iter().filter(|part| of_strings(part).is_none()).peekable();
    let has_others = others.peek().is_some();
    let bytes = others.any(|part| has_bytes(declared, part, &mut BTreeSet::new()));
    let is_narrow = |value: &[Node]| !is_any(value) && (bytes || !is_json(value));
    let narrow = parts.iter().filter_map(of_strings).any(|(_, value)| is_narrow(value));
    if narrow && has_others && kinds::of_type(declared, arm).is_none_or(kinds::Kinds::is_object) {
        let help = "flatten a map of `serde_json::Value`, give it a field of its own, or enumerate its keys with an enum";
        problems.push(Problem::new("a flattened map wants all fields beside it to be of its own type in TypeScript", at, help));
    }
}

/// Whether a type contains attachments, which are no JSON.
fn has_bytes(declared: &Declared<'_>, nodes: &[Node], seen: &mut BTreeSet<String>) -> bool {
    nodes.iter().any(|node| match node {
        Node::Leaf { text, .. } if text == "Binary" => true,
        Node::Leaf { text, .. } => declared.get(&**text).is_some_and(|(declaration, _)| {
            seen.insert(text.clone()) && has_bytes(declared, &body(&parse(&declaration.text)).1, seen)
        }),
        Node::Group { nodes, .. } => has_bytes(declared, nodes, seen),
        Node::Docs(_) => false,
    })
}

/// `{ tag: "x" } & null`, which serde writes as `{ tag: "x" }`.
fn impossible(declared: &Declared<'_>, arm: &[Node], at: &str, problems: &mut Vec<Problem>) {
    if split(arm, &["&"]).count() > 1 && kinds::of_type(declared, arm).is_some_and(kinds::Kinds::is_none) {
        let help =
            "a variant with a tag is written with the fields of what it holds: give it fields, or none, or use `content` too";
        problems.push(Problem::new(
            "a variant has no values in TypeScript: it would have to be an object and something else",
            at,
            help,
        ));
    }
}

/// Whether a literal ends where its text goes on.
fn is_cut_off(text: &str, next: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '\\' || c == '"';
    text.starts_with('"') && next.starts_with(is_word)
}

/// The key and the value of a map of any strings.
fn of_strings<'a>(part: &&'a [Node]) -> Option<(&'a [Node], &'a [Node])> {
    let [Node::Group { open, nodes, .. }] = part else { return None };
    map(*open, nodes).filter(|(key, _)| matches!(key, [key] if key.is("string")))
}

fn unwrapped(part: &[Node]) -> &[Node] {
    if let [Node::Group { open: '(', nodes, .. }] = part { unwrapped(nodes) } else { part }
}

/// The key and the value of `{ [key in K]: V }`.
fn map(open: char, nodes: &[Node]) -> Option<(&[Node], &[Node])> {
    let [Node::Group { open: '[', nodes: key, .. }, rest @ ..] = nodes else { return None };
    let [_, within, key @ ..] = &key[..] else { return None };
    let value = value(rest)?;
    (open == '{' && within.is("in")).then_some((key, value))
}

/// What stands behind `:` or `?:`.
fn value(nodes: &[Node]) -> Option<&[Node]> {
    let rest = if nodes.first()?.is("?") { &nodes[1..] } else { nodes };
    let (colon, value) = rest.split_first()?;
    let end = value.iter().position(|node| node.is(",") || node.is(";")).unwrap_or(value.len());
    colon.is(":").then_some(&value[..end])
}
