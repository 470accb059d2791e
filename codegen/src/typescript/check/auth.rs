//! What a client shows when it connects is an object on the wire, whatever the contract says.

use std::any::TypeId;

use ackord::describe::Describer;

use super::{
    super::{
        body,
        tokens::{Node, parse, split},
    },
    brief,
};
use crate::{contract::Space, problem::Problem};

pub(super) fn check(types: &Describer, space: &Space) -> Option<Problem> {
    if space.auth.id == TypeId::of::<()>() || is_object(types, &parse(&space.auth.text), 0) {
        return None;
    }
    let path = brief(types.get(space.auth.id).map_or("", |info| info.path));
    Some(Problem::new(
        "`auth` is not always an object, and clients send nothing else",
        format!("`auth = {path}` of namespace `{}`", space.path),
        "use a struct with named fields, or `()` for a namespace that asks for nothing",
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
        // An alias of an alias, and so on; a type that is an alias of itself is none that Rust can make.
        [Node::Leaf { text, .. }, ..] if depth < 16 => {
            let named = types.types().find_map(|(_, info)| info.declaration.as_ref().filter(|d| d.name == *text));
            named.is_some_and(|declaration| is_object(types, &body(&parse(&declaration.text)).1, depth + 1))
        }
        _ => false,
    }
}
