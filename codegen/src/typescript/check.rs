//! What a contract must not contain for its TypeScript to be true. Every message names the place in Rust and the way out.

use std::{
    any::TypeId,
    collections::{BTreeMap, BTreeSet},
    num::{NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU64, NonZeroU128, NonZeroUsize},
};

use ackord::describe::{Declaration, Describer, LARGE_INT, TypeInfo, TypeRef};

use super::{
    Int64, TypeScript,
    names::{Unusable, check_type_name},
    tokens::{Node, parse, split},
};
use crate::contract::{Contract, Space};

/// All that is wrong with `contract`, sorted.
pub(crate) fn check(contract: &Contract, options: &TypeScript) -> Vec<String> {
    let mut problems: BTreeSet<String> = contract.broken.iter().cloned().collect();
    let types = &contract.types;
    problems.extend(names(contract));
    for (_, info) in types.types() {
        if let Some(declaration) = &info.declaration {
            problems.extend(declared(types, info, declaration, options.int64));
        }
    }
    for (place, ty) in uses(contract) {
        problems.extend(used(types, &place, ty, options.int64));
    }
    problems.extend(contract.namespaces.iter().filter_map(|space| auth(types, space)));
    problems.into_iter().collect()
}

/// Every place that names a type outside of another type.
fn uses(contract: &Contract) -> Vec<(String, &TypeRef)> {
    let mut uses = Vec::new();
    for set in &contract.sets {
        for event in &set.events {
            let of = format!("event `{}` of `{}`", event.meta.name, set.path);
            uses.extend(event.args.iter().map(|arg| (format!("argument `{}` of {of}", arg.name), &arg.ty)));
            uses.extend(event.answer.iter().map(|ty| (format!("the answer of {of}"), ty)));
            uses.extend(event.error.iter().map(|ty| (format!("the error of {of}"), ty)));
        }
    }
    for space in &contract.namespaces {
        uses.push((format!("`auth` of namespace `{}`", space.path), &space.auth));
        uses.push((format!("`denied` of namespace `{}`", space.path), &space.denied));
    }
    uses
}

fn names(contract: &Contract) -> Vec<String> {
    // What has the name, and the path that tells one such thing from another.
    let mut owners: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut own = |name: String, path: &str, what: String| drop(owners.entry(name).or_default().insert(path.to_owned(), what));
    for (_, info) in contract.types.types() {
        if let Some(declaration) = &info.declaration {
            own(declaration.name.clone(), info.family, format!("`{}`", family(info)));
        }
    }
    for set in &contract.sets {
        own(set.name.to_owned(), set.path, format!("the events of `{}`", set.path));
    }
    for (i, space) in contract.namespaces.iter().enumerate() {
        for name in super::namespace::exports(space) {
            own(name, &format!("{} {i}", space.path), format!("namespace `{}`", space.path));
        }
    }
    owners.iter().flat_map(|(name, owners)| unusable(name, owners).into_iter().chain(shared(name, owners))).collect()
}

fn shared(name: &str, owners: &BTreeMap<String, String>) -> Option<String> {
    let what: Vec<_> = owners.values().map(String::as_str).collect();
    let [first, .., last] = &what[..] else { return None };
    let remedy = if first == last {
        "is registered twice".to_owned()
    } else {
        format!("and {last} have the same name: rename one, or give a payload another name with `#[serde(rename = \"…\")]`")
    };
    Some(format!("TypeScript name `{name}`: {first} {remedy}"))
}

fn unusable(name: &str, owners: &BTreeMap<String, String>) -> Vec<String> {
    let Err(why) = check_type_name(name) else { return Vec::new() };
    let why = match why {
        Unusable::Invalid => "TypeScript does not accept that as the name of a type",
        Unusable::Global => "that would hide TypeScript's own",
        Unusable::Own => "the generated file declares that itself",
    };
    let message = |owner| {
        format!("TypeScript name `{name}` of {owner}: {why}; rename it, or give it another name with `#[serde(rename = \"…\")]`")
    };
    owners.values().map(message).collect()
}

/// What is wrong inside a declared type.
fn declared(types: &Describer, info: &TypeInfo, declaration: &Declaration, int64: Int64) -> Vec<String> {
    let mut problems = Vec::new();
    let path = info.path;
    if declaration.text.starts_with("enum ") {
        problems.push(format!(
            "`{path}` is a TypeScript `enum`, which does not exist at run time when types are only erased: remove `#[ts(repr(enum))]`"
        ));
    }
    let inner: BTreeSet<TypeId> = info.uses.iter().flat_map(|id| made_of(types, *id)).collect();
    if int64 == Int64::Deny {
        let mut fields = BTreeSet::new();
        members_with_large_int(&parse(&declaration.text), "", &mut fields);
        let large = large(&inner, |name| !name.ends_with("size"));
        problems.extend(fields.iter().map(|field| match &**field {
            "" => large_int(&format!("`{path}`"), large),
            field => large_int(&format!("field `{field}` of `{path}`"), large),
        }));
        // ts-rs writes `number` for these without asking.
        problems.extend(large_size(&inner).map(|name| large_int(&format!("a field of `{path}`"), Some(name))));
    }
    problems.extend(bytes(&inner).map(|name| array_of_numbers(&format!("a field of `{path}`"), name)));
    problems
}

/// What is wrong with a type at a place that names it, declared types left to themselves.
fn used(types: &Describer, place: &str, ty: &TypeRef, int64: Int64) -> Vec<String> {
    let inner = made_of(types, ty.id);
    let mut problems = Vec::new();
    if int64 == Int64::Deny {
        let name = large(&inner, |_| true);
        if name.is_some() || ty.text.contains(LARGE_INT) {
            problems.push(large_int(place, name));
        }
    }
    problems.extend(bytes(&inner).map(|name| array_of_numbers(place, name)));
    problems
}

fn large_int(place: &str, name: Option<&str>) -> String {
    format!(
        "{place}: {} is a 64-bit integer, of which a JavaScript number keeps only 53 bits; use `u32`, `i32` or `f64`, or a `String`, or \
         accept the loss with `TypeScript::default().int64(Int64::Number)`",
        name.map_or("this".to_owned(), |name| format!("`{name}`"))
    )
}

fn array_of_numbers(place: &str, name: &str) -> String {
    format!("{place}: `{name}` is sent as an array of numbers; use `ackord::Binary`, which is sent as bytes")
}

/// The type itself and what it contains, up to types with a declaration of their own.
fn made_of(types: &Describer, id: TypeId) -> BTreeSet<TypeId> {
    let mut found = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if found.insert(id)
            && let Some(info) = types.get(id).filter(|info| info.declaration.is_none())
        {
            open.extend(&info.uses);
        }
    }
    found
}

macro_rules! named {
    ($($t:ty),* $(,)?) => { [$((TypeId::of::<$t>(), stringify!($t))),*] };
}

fn large(inner: &BTreeSet<TypeId>, which: fn(&str) -> bool) -> Option<&'static str> {
    let all =
        named![u64, i64, u128, i128, NonZeroU64, NonZeroI64, NonZeroU128, NonZeroI128, usize, isize, NonZeroUsize, NonZeroIsize];
    all.into_iter().find(|(id, name)| inner.contains(id) && which(name)).map(|(_, name)| name)
}

fn large_size(inner: &BTreeSet<TypeId>) -> impl Iterator<Item = &'static str> {
    let all = named![usize, isize, NonZeroUsize, NonZeroIsize];
    all.into_iter().filter(|(id, _)| inner.contains(id)).map(|(_, name)| name)
}

fn bytes(inner: &BTreeSet<TypeId>) -> impl Iterator<Item = &'static str> {
    use bytes::{Bytes, BytesMut};
    let all = named![Vec<u8>, [u8], Bytes, BytesMut];
    all.into_iter().filter(|(id, _)| inner.contains(id)).map(|(_, name)| name)
}

/// The innermost members that mention a large integer; `""` for one outside of any.
fn members_with_large_int(nodes: &[Node], member: &str, found: &mut BTreeSet<String>) {
    for node in nodes {
        match node {
            node if node.is(LARGE_INT) => drop(found.insert(member.to_owned())),
            Node::Group { open: '{', nodes, .. } => {
                for part in split(nodes, &[",", ";"]) {
                    let name = part
                        .iter()
                        .find_map(|n| if let Node::Leaf { text, .. } = n { Some(text.trim_matches('"')) } else { None });
                    members_with_large_int(part, name.unwrap_or(member), found);
                }
            }
            Node::Group { nodes, .. } => members_with_large_int(nodes, member, found),
            Node::Leaf { .. } | Node::Docs(_) => {}
        }
    }
}

fn auth(types: &Describer, space: &Space) -> Option<String> {
    if space.auth.id == TypeId::of::<()>() || is_object(types, &parse(&space.auth.text), 0) {
        return None;
    }
    let path = types.get(space.auth.id).map_or("?", |info| info.path);
    Some(format!(
        "`auth` of namespace `{}`: `{path}` is not an object in JSON, and clients send only objects; use a struct with named fields, or \
         `()` for a namespace that asks for nothing",
        space.path
    ))
}

/// Whether every value of a type is an object.
fn is_object(types: &Describer, nodes: &[Node], depth: usize) -> bool {
    let mut arms = split(nodes, &["|"]).peekable();
    arms.peek().is_some() && arms.all(|arm| split(arm, &["&"]).any(|part| is_object_part(types, part, depth)))
}

fn is_object_part(types: &Describer, part: &[Node], depth: usize) -> bool {
    match part {
        [Node::Group { open: '{', .. }] => true,
        [Node::Group { open: '(', nodes, .. }] => is_object(types, nodes, depth),
        // How ts-rs writes a struct without fields.
        [name, ..] if name.is("Record") => true,
        // An alias of an alias, and so on; one of itself does not get through TypeScript.
        [Node::Leaf { text, .. }, ..] if depth < 16 => {
            let named = types.types().find_map(|(_, info)| info.declaration.as_ref().filter(|d| d.name == *text));
            named.is_some_and(|declaration| is_object(types, &super::body(&parse(&declaration.text)).1, depth + 1))
        }
        _ => false,
    }
}

/// The path of a type without generic arguments.
fn family(info: &TypeInfo) -> &str {
    info.path.split('<').next().unwrap_or(info.path)
}
