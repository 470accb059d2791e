//! Which way values go, which matters for bytes: more kinds of objects may be sent than ever arrive.
//!
//! A payload that has bytes somewhere and is sent gets a type parameter for them, so that one declaration serves both directions.

use std::collections::{BTreeMap, BTreeSet};

use ackord::describe::{Declaration, TypeRef};

use super::{
    TypeScript, large_int,
    layout::layout,
    tokens::{Node, parse},
};
use crate::contract::{Contract, EventSet};

/// Seen from where the generated file is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    In,
    Out,
}

/// The parameter of payloads with bytes.
const PARAMETER: &str = "_B";

/// How the types of a contract are written.
#[derive(Debug)]
pub(crate) struct Flows {
    server: bool,
    /// The payloads with a parameter for bytes.
    generic: BTreeSet<String>,
}

impl Flows {
    pub(crate) fn new(contract: &Contract, options: TypeScript) -> Self {
        let mut flows = Self { server: options.is_server(), generic: BTreeSet::new() };
        let declared: BTreeMap<_, _> = options
            .types(contract)
            .filter_map(|(_, info)| info.declaration.as_ref())
            .map(|declaration| (declaration.name.clone(), mentioned(&super::body(&parse(&declaration.text)).1)))
            .collect();
        let carriers = carriers(&declared);
        let mut open: Vec<String> = flows.sent(contract, options).into_iter().collect();
        while let Some(name) = open.pop() {
            if carriers.contains(&name) && flows.generic.insert(name.clone()) {
                open.extend(declared.get(&name).into_iter().flatten().cloned());
            }
        }
        flows
    }

    /// What arguments and answers of a set are.
    pub(crate) fn of(&self, set: &EventSet) -> (Flow, Flow) {
        match (set.up != self.server && set.down == self.server, set.up, set.down) {
            // What both sides send is written so that it is true for both.
            (_, true, true) => (Flow::In, Flow::In),
            (true, ..) => (Flow::Out, Flow::In),
            _ => (Flow::In, Flow::Out),
        }
    }

    pub(crate) fn auth(&self) -> Flow {
        if self.server { Flow::In } else { Flow::Out }
    }

    pub(crate) fn denied(&self) -> Flow {
        if self.server { Flow::Out } else { Flow::In }
    }

    pub(crate) fn ty(&self, ty: &TypeRef, flow: Flow) -> String {
        let nodes = parse(&large_int(&ty.text));
        layout(&if flow == Flow::Out { self.with(&nodes, "BinaryInput") } else { nodes }, 4, 0)
    }

    /// The two sides of a declaration.
    pub(crate) fn declaration(&self, declaration: &Declaration) -> (Vec<Node>, Vec<Node>) {
        let (mut head, body) = super::body(&parse(&large_int(&declaration.text)));
        let body = closed(body);
        if !self.generic.contains(&declaration.name) {
            return (head, body);
        }
        append(&mut head, parse(&format!("{PARAMETER} = Binary")));
        (head, self.with(&body, PARAMETER))
    }

    /// The names in what is sent.
    fn sent(&self, contract: &Contract, options: TypeScript) -> BTreeSet<String> {
        let mut sent = BTreeSet::new();
        let mut add = |ty: &TypeRef, flow| {
            if flow == Flow::Out {
                sent.extend(mentioned(&parse(&ty.text)));
            }
        };
        for set in options.sets(contract) {
            let (args, answers) = self.of(set);
            for event in &set.events {
                event.args.iter().for_each(|arg| add(&arg.ty, args));
                event.answer.iter().chain(&event.error).for_each(|ty| add(ty, answers));
            }
        }
        for space in &contract.namespaces {
            add(&space.auth, self.auth());
            add(&space.denied, self.denied());
        }
        sent
    }

    /// `nodes` with `bytes` in place of `Binary`, also in the payloads that they name.
    fn with(&self, nodes: &[Node], bytes: &str) -> Vec<Node> {
        let mut out: Vec<Node> = Vec::new();
        let mut argument = false;
        for (i, node) in nodes.iter().enumerate() {
            let mut node = match node {
                Node::Group { open, spaced, nodes } => {
                    Node::Group { open: *open, spaced: *spaced, nodes: self.with(nodes, bytes) }
                }
                Node::Leaf { text, spaced } if text == "Binary" && !is_member(nodes, i) => {
                    Node::Leaf { text: bytes.to_owned(), spaced: *spaced }
                }
                node => node.clone(),
            };
            if std::mem::take(&mut argument)
                && let Node::Group { open: '<', nodes, .. } = &mut node
            {
                nodes.extend(parse(&format!(", {bytes}")));
            }
            let takes = matches!(&node, Node::Leaf { text, .. } if self.generic.contains(text)) && !is_member(nodes, i);
            out.push(node);
            if takes {
                argument = matches!(nodes.get(i + 1), Some(Node::Group { open: '<', .. }));
                if !argument {
                    out.push(Node::Group { open: '<', spaced: false, nodes: parse(bytes) });
                }
            }
        }
        out
    }
}

/// `{}` takes anything but `null`; it is what ts-rs says of fields that are all left out. In an intersection it is right.
fn closed(nodes: Vec<Node>) -> Vec<Node> {
    let is_part = |i: usize| {
        i.checked_sub(1).is_some_and(|before| nodes[before].is("&")) || nodes.get(i + 1).is_some_and(|after| after.is("&"))
    };
    let is_part: Vec<_> = (0..nodes.len()).map(is_part).collect();
    let close = |(node, is_part): (Node, bool)| match node {
        Node::Group { open: '{', nodes, spaced } if nodes.is_empty() && !is_part => {
            let mut never = parse("Record<symbol, never>");
            if let Some(Node::Leaf { spaced: first, .. }) = never.first_mut() {
                *first = spaced;
            }
            never
        }
        Node::Group { open, spaced, nodes } => vec![Node::Group { open, spaced, nodes: closed(nodes) }],
        node => vec![node],
    };
    nodes.into_iter().zip(is_part).flat_map(close).collect()
}

/// Another parameter for the type that `head` declares.
fn append(head: &mut Vec<Node>, parameter: Vec<Node>) {
    if let Some(Node::Group { open: '<', nodes, .. }) = head.last_mut() {
        nodes.extend(parse(","));
        nodes.extend(parameter.into_iter().enumerate().map(|(i, node)| match node {
            Node::Leaf { text, spaced } => Node::Leaf { text, spaced: spaced || i == 0 },
            node => node,
        }));
    } else {
        head.push(Node::Group { open: '<', spaced: false, nodes: parameter });
    }
}

/// Whether the node at `i` is a member's name.
fn is_member(nodes: &[Node], i: usize) -> bool {
    let next = nodes.get(i + 1);
    next.is_some_and(|node| node.is(":"))
        || (next.is_some_and(|node| node.is("?")) && nodes.get(i + 2).is_some_and(|node| node.is(":")))
}

/// The names of types in `nodes`.
fn mentioned(nodes: &[Node]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (i, node) in nodes.iter().enumerate() {
        match node {
            Node::Leaf { text, .. } if !is_member(nodes, i) => drop(found.insert(text.clone())),
            Node::Group { nodes, .. } => found.extend(mentioned(nodes)),
            _ => {}
        }
    }
    found
}

/// The payloads that have bytes somewhere.
fn carriers(declared: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut carriers = BTreeSet::from(["Binary".to_owned()]);
    loop {
        let more: Vec<_> =
            declared.iter().filter(|(name, uses)| !carriers.contains(*name) && !uses.is_disjoint(&carriers)).collect();
        if more.is_empty() {
            break;
        }
        carriers.extend(more.into_iter().map(|(name, _)| name.clone()));
    }
    carriers.remove("Binary");
    carriers
}
