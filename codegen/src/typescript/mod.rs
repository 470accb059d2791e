//! The TypeScript of a contract.

mod check;
mod events;
mod layout;
mod names;
mod namespace;
mod tokens;

use std::{any::TypeId, collections::BTreeMap};

use ackord::{
    Binary,
    describe::{Declaration, LARGE_INT},
};

use crate::contract::{Contract, EventSet};
use tokens::{Node, parse};

/// How a contract is written in TypeScript.
///
/// ```
/// use ackord_codegen::{BinaryType, TypeScript};
/// let browsers = TypeScript::default().binary(BinaryType::Browser);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TypeScript {
    int64: Int64,
    binary: BinaryType,
}

impl TypeScript {
    /// What happens to 64-bit integers: refused by default.
    pub fn int64(mut self, int64: Int64) -> Self {
        self.int64 = int64;
        self
    }

    /// What [`ackord::Binary`] is: `ArrayBuffer | Uint8Array` by default.
    pub fn binary(mut self, binary: BinaryType) -> Self {
        self.binary = binary;
        self
    }

    /// The file, or all that is wrong with the contract.
    pub(crate) fn render(self, contract: &Contract) -> Result<String, Vec<String>> {
        let problems = check::check(contract, self);
        if problems.is_empty() { Ok(self.file(contract)) } else { Err(problems) }
    }

    fn file(self, contract: &Contract) -> String {
        let mut parts = vec![self.header(contract)];
        parts.extend(contract.sets.iter().map(events::render));
        parts.extend(contract.namespaces.iter().map(namespace::render));
        parts.push(namespace::render_paths(&contract.namespaces));
        parts.push(namespace::render_map(&contract.namespaces));
        let declared = contract.types.types().filter_map(|(_, info)| info.declaration.as_ref());
        let by_name: BTreeMap<_, _> = declared.map(|declaration| (&declaration.name, declaration)).collect();
        parts.extend(by_name.into_values().map(declaration));
        if uses_binary(contract) {
            parts.push(self.binary.declaration().to_owned());
        }
        if contract.sets.iter().flat_map(|set| &set.events).any(|event| event.meta.ack.is_envelope()) {
            parts.push(include_str!("ack.ts").to_owned());
        }
        if contract.sets.iter().any(EventSet::has_streams) {
            parts.push(include_str!("stream.ts").to_owned());
        }
        parts.push(include_str!("support.ts").to_owned());
        if contract.namespaces.iter().any(|space| namespace::auth(space).is_some()) {
            parts.push(include_str!("auth.ts").to_owned());
        }
        parts.join("\n")
    }

    fn header(self, contract: &Contract) -> String {
        let node = uses_binary(contract) && self.binary == BinaryType::Node;
        let buffer = if node { "import type { Buffer } from \"node:buffer\";\n" } else { "" };
        format!("{}{buffer}{}", include_str!("header.ts"), include_str!("imports.ts"))
    }
}

/// What happens to 64-bit integers, of which a JavaScript number keeps 53 bits. `BigInt` is no way out: the stock client cannot send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Int64 {
    /// They are refused, with their place in Rust.
    #[default]
    Deny,
    /// They are `number`: values above 2^53 − 1 are rounded by the other side.
    Number,
}

/// What [`ackord::Binary`] is in TypeScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BinaryType {
    /// `ArrayBuffer | Uint8Array`: true everywhere.
    #[default]
    Any,
    /// `ArrayBuffer`: what a browser receives.
    Browser,
    /// `Buffer`: what Node receives. The file then needs `@types/node`.
    Node,
}

impl BinaryType {
    fn declaration(self) -> &'static str {
        match self {
            Self::Any => {
                "/** Bytes, sent as they are: an `ArrayBuffer` where a browser receives them, a `Buffer` in Node. */\n\
                 export type Binary = ArrayBuffer | Uint8Array;\n"
            }
            Self::Browser => "/** Bytes, sent as they are. */\nexport type Binary = ArrayBuffer;\n",
            Self::Node => "/** Bytes, sent as they are. */\nexport type Binary = Buffer;\n",
        }
    }
}

fn uses_binary(contract: &Contract) -> bool {
    contract.types.get(TypeId::of::<Binary>()).is_some()
}

fn declaration(declaration: &Declaration) -> String {
    let docs = declaration.docs.as_deref().map(tokens::comment).unwrap_or_default();
    let nodes = parse(&large_int(&declaration.text));
    let (head, body) = body(&nodes);
    let head = format!("export {}", layout::layout(&head, 0, 0));
    let body = match &body[..] {
        [Node::Group { open: '{', nodes, .. }] if !nodes.is_empty() => " ".to_owned() + &layout::broken(&body, 0),
        body => {
            let text = layout::layout(body, 0, head.len() + 3);
            if text.starts_with('\n') { text } else { " ".to_owned() + &text }
        }
    };
    format!("{}{head} ={body};\n", layout::jsdoc(&docs, 0))
}

/// A declaration's two sides: `type Page<T>` and what it is.
fn body(nodes: &[Node]) -> (Vec<Node>, Vec<Node>) {
    let equals = nodes.iter().position(|node| node.is("=")).unwrap_or(nodes.len());
    let (head, body) = nodes.split_at(equals);
    let end = body.iter().rposition(|node| node.is(";")).unwrap_or(body.len());
    (head.to_vec(), body.get(1..end).unwrap_or_default().to_vec())
}

/// The types that are left once [`check`] has passed are `number`.
fn large_int(text: &str) -> String {
    text.replace(LARGE_INT, "number")
}
