//! The TypeScript of a contract.

mod calls;
mod check;
mod events;
mod files;
mod flow;
mod layout;
mod names;
mod namespace;
mod options;
mod part;
mod scan;
mod server;
mod support;
mod tokens;
mod variants;

use std::{
    any::TypeId,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use ackord::{
    Binary,
    describe::{Declaration, LARGE_INT, TypeInfo},
};

use crate::{
    contract::{Contract, EventSet},
    problem::Problem,
};
use flow::Flows;
pub use options::{BinaryType, ImportExtension, Int64, TypeScript};
use part::{Home, Part};
use tokens::Node;
use variants::Variants;

impl TypeScript {
    /// The files at `path`, or all that is wrong with the contract.
    pub(crate) fn render(self, path: &Path, contract: &Contract) -> Result<Vec<(PathBuf, String)>, Vec<Problem>> {
        let mut problems = check::check(contract, self);
        problems.extend(self.misnamed(path));
        problems.extend(self.of_both_sides());
        if !problems.is_empty() {
            return Err(problems);
        }
        let parts = self.parts(contract);
        Ok(if self.folder { files::many(&parts, &contract.namespaces, path, self) } else { files::one(&parts, path, self) })
    }

    /// A path that promises something else.
    fn misnamed(self, path: &Path) -> Option<Problem> {
        let name = path.file_name()?.to_str()?;
        let odd = [".js", ".mjs", ".cjs", ".d.ts"].into_iter().find(|end| name.ends_with(end))?;
        let help = "end it in `.ts`, or write JavaScript with declarations: `TypeScript::default().javascript(true)`";
        (!self.javascript && !self.folder)
            .then(|| Problem::new(format!("TypeScript with code has a path that ends in `{odd}`"), "", help))
    }

    /// Options that exclude each other.
    fn of_both_sides(self) -> Option<Problem> {
        let help = "write two files, one with `TypeScript::server()` and one with `TypeScript::default().client(true)`";
        (self.is_server() && self.client).then(|| Problem::new("what is for a server has no client with methods", "", help))
    }

    fn parts(self, contract: &Contract) -> Vec<Part> {
        let flows = Flows::new(contract, self);
        let spaces = &contract.namespaces;
        let mut parts: Vec<_> = self.sets(contract).map(|set| Part::types(Home::Events, events::render(set, &flows))).collect();
        if self.is_server() {
            parts.extend(spaces.iter().flat_map(|space| server::parts(space, namespace::home(contract, space), &flows)));
            parts.push(namespace::map(spaces, &flows, |space| vec![("cluster", space.cluster.clone())]));
        } else {
            if self.client {
                parts.extend(contract.sets.iter().flat_map(|set| calls::of_set(set, &flows)));
            }
            for space in spaces {
                parts.extend(namespace::parts(space, namespace::home(contract, space), &flows));
                if self.client {
                    parts.extend(calls::of_space(space, contract));
                }
            }
            parts.push(namespace::paths(spaces));
            parts.push(namespace::map(spaces, &flows, |space| vec![("socket", namespace::socket(space))]));
        }
        let declared = self.types(contract).filter_map(|(_, info)| info.declaration.as_ref());
        let by_name: BTreeMap<_, _> = declared.map(|declaration| (&declaration.name, declaration)).collect();
        let variants = Variants::of(contract);
        let mut text: Vec<_> = by_name.into_values().map(|declared| declaration(declared, &flows, &variants)).collect();
        if self.uses_binary(contract) {
            text.push(self.binary.declaration().to_owned());
        }
        let mut sets = self.sets(contract);
        if self.client || sets.any(|set| set.events.iter().any(|event| event.meta.ack.is_envelope())) {
            text.push(include_str!("ack.ts").to_owned());
        }
        if self.sets(contract).any(EventSet::has_streams) {
            text.push(include_str!("stream.ts").to_owned());
        }
        parts.extend(text.into_iter().map(|text| Part::types(Home::Types, text)));
        parts.extend(self.support(contract));
        parts
    }

    fn support(self, contract: &Contract) -> Vec<Part> {
        if self.is_server() {
            return vec![server::runtime()];
        }
        let mut parts = Vec::from(support::socket());
        if contract.namespaces.iter().any(namespace::asks) {
            parts.push(Part::types(Home::Support, include_str!("auth.ts")));
        }
        if self.client {
            parts.extend(calls::runtime(contract));
        }
        parts
    }

    /// The sets that are written: what nodes of a cluster say is a server's business.
    fn sets(self, contract: &Contract) -> impl Iterator<Item = &EventSet> {
        let clusters = if self.is_server() { &contract.clusters[..] } else { &[] };
        contract.sets.iter().chain(clusters)
    }

    /// The types that are written.
    fn types(self, contract: &Contract) -> impl Iterator<Item = (TypeId, &TypeInfo)> {
        contract.types.types().chain(self.is_server().then(|| contract.cluster_types.types()).into_iter().flatten())
    }

    fn uses_binary(self, contract: &Contract) -> bool {
        self.types(contract).any(|(id, _)| id == TypeId::of::<Binary>())
    }
}

fn declaration(declaration: &Declaration, flows: &Flows, variants: &Variants) -> String {
    let docs = declaration.docs.as_deref().map(tokens::comment).unwrap_or_default();
    let (head, body) = flows.declaration(declaration);
    let body = variants.document(&declaration.name, body);
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

/// The type parameters of what `head` declares.
fn parameters(head: &[Node]) -> Vec<&str> {
    let Some(Node::Group { open: '<', nodes, .. }) = head.last() else { return Vec::new() };
    tokens::split(nodes, &[","])
        .filter_map(|parameter| if let [Node::Leaf { text, .. }, ..] = parameter { Some(&**text) } else { None })
        .collect()
}

/// The types that are left once [`check`] has passed are `number`.
fn large_int(text: &str) -> String {
    text.replace(LARGE_INT, "number")
}
