//! Types whose values JavaScript cannot read, or reads as something else.

use std::{
    any::TypeId,
    collections::BTreeSet,
    num::{NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU64, NonZeroU128, NonZeroUsize},
};

use ackord::describe::{Declaration, Describer, LARGE_INT, TypeInfo, TypeRef};
use bytes::{Bytes, BytesMut};

use super::{
    super::{
        Int64,
        tokens::{Node, member_name, parse, split},
    },
    brief,
};

use crate::problem::Problem;

/// A type and its name.
type Named = (TypeId, &'static str);

macro_rules! named {
    ($($t:ty),* $(,)?) => { [$((TypeId::of::<$t>(), stringify!($t))),*] };
}

/// What is wrong inside a declared type.
pub(super) fn declared(types: &Describer, info: &TypeInfo, declaration: &Declaration, int64: Int64) -> Vec<Problem> {
    let mut problems = Vec::new();
    let path = brief(info.path);
    if declaration.text.starts_with("enum ") {
        let what = "a TypeScript `enum` is more than a type and cannot be erased";
        problems.push(Problem::new(what, format!("`{path}`"), "remove `#[ts(repr(enum))]`"));
    }
    let inner: BTreeSet<TypeId> = info.uses.iter().flat_map(|id| made_of(types, *id)).collect();
    if int64 == Int64::Deny {
        let mut fields = BTreeSet::new();
        members_with_large_int(&parse(&declaration.text), "", &mut fields);
        let name = only(&large(), &inner);
        problems.extend(fields.iter().map(|field| match &**field {
            "" => large_int(&format!("`{path}`"), name),
            field => large_int(&format!("field `{field}` of `{path}`"), name),
        }));
        problems.extend(present(&sizes(), &inner).map(|name| large_int(&format!("a field of `{path}`"), Some(name))));
    }
    problems.extend(array_of_numbers(&format!("a field of `{path}`"), &inner));
    problems
}

/// What is wrong with a type at a place that names it, declared types left to themselves.
pub(super) fn used(types: &Describer, place: &str, ty: &TypeRef, int64: Int64) -> Vec<Problem> {
    let inner = made_of(types, ty.id);
    let mut problems = Vec::new();
    if int64 == Int64::Deny {
        if ty.text.contains(LARGE_INT) {
            problems.push(large_int(place, only(&large(), &inner)));
        }
        problems.extend(present(&sizes(), &inner).map(|name| large_int(place, Some(name))));
    }
    problems.extend(array_of_numbers(place, &inner));
    problems
}

fn large_int(place: &str, name: Option<&str>) -> Problem {
    Problem::new(
        "64-bit integers, of which a JavaScript number keeps only 53 bits",
        name.map_or(place.to_owned(), |name| format!("{place}: `{name}`")),
        "use `u32`, `i32` or `f64`, or `ackord::SafeInt` for integers up to 2^53\n\
         send it as a string: `#[serde(with = \"ackord::int64_string\")]`\n\
         accept the loss: `TypeScript::default().int64(Int64::Number)`",
    )
}

fn array_of_numbers(place: &str, inner: &BTreeSet<TypeId>) -> Option<Problem> {
    // `Bytes` and slices are `Vec<u8>` to ts-rs.
    let name = present(&named![Bytes, BytesMut, Vec<u8>, [u8]], inner).next()?;
    let help = "use `ackord::Binary`, which is sent as bytes";
    Some(Problem::new("bytes that are sent as an array of numbers", format!("{place}: `{name}`"), help))
}

fn large() -> [Named; 8] {
    named![u64, i64, u128, i128, NonZeroU64, NonZeroI64, NonZeroU128, NonZeroI128]
}

/// Integers that ts-rs takes for small ones.
fn sizes() -> [Named; 4] {
    named![usize, isize, NonZeroUsize, NonZeroIsize]
}

fn present(of: &[Named], inner: &BTreeSet<TypeId>) -> impl Iterator<Item = &'static str> {
    of.iter().filter(|(id, _)| inner.contains(id)).map(|(_, name)| *name)
}

/// The one type of `of` that is there, if there are not several.
fn only(of: &[Named], inner: &BTreeSet<TypeId>) -> Option<&'static str> {
    let mut found = present(of, inner);
    found.next().filter(|_| found.next().is_none())
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

/// The innermost members that mention a large integer; `""` for one outside of any.
fn members_with_large_int(nodes: &[Node], member: &str, found: &mut BTreeSet<String>) {
    for node in nodes {
        match node {
            node if node.is(LARGE_INT) => drop(found.insert(member.to_owned())),
            Node::Group { open: '{', nodes, .. } => {
                for part in split(nodes, &[",", ";"]) {
                    members_with_large_int(part, member_name(part).unwrap_or(member), found);
                }
            }
            Node::Group { nodes, .. } => members_with_large_int(nodes, member, found),
            Node::Leaf { .. } | Node::Docs(_) => {}
        }
    }
}
