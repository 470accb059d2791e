//! Event sets as interfaces of functions, the shape that Socket.IO's typings want.

use std::fmt::Write as _;

use ackord::{
    contract::AckKind,
    describe::{Event, TypeRef},
};

use super::{
    layout::{call, jsdoc, layout},
    names::{key, parameters},
    tokens::parse,
};
use crate::contract::EventSet;

pub(crate) fn render(set: &EventSet) -> String {
    let role = match (set.up, set.down) {
        (true, true) => "What both sides send.",
        (true, false) => "What a client sends.",
        _ => "What the server sends.",
    };
    let mut out = jsdoc(&[role], 0);
    let _ = writeln!(out, "export interface {} {{", set.name);
    for event in &set.events {
        out += &jsdoc(&docs(event), 2);
        out += &signature(event);
    }
    out + "}\n"
}

fn docs(event: &Event) -> Vec<String> {
    // Each line of a `///` comment begins with the space after the slashes.
    let mut docs: Vec<String> = event.meta.docs.iter().flat_map(|doc| doc.split('\n')).map(str::to_owned).collect();
    if let Some(note) = event.meta.deprecated {
        if !docs.is_empty() {
            docs.push(String::new());
        }
        docs.push(format!("@deprecated {}", note.replace('\n', " ")));
    }
    docs
}

fn signature(event: &Event) -> String {
    let ack = ack(event);
    let names = parameters(event.args.iter().map(|arg| arg.name), ack.is_some().then_some("ack"));
    let mut params = Vec::new();
    // A parameter may be left out if all after it may; none before a required one (TS1016), which an ack is.
    let mut optional = ack.is_none();
    for (name, arg) in names.iter().zip(&event.args).rev() {
        optional &= arg.ty.optional;
        params.push(format!("{name}{}: {}", if optional { "?" } else { "" }, ty(&arg.ty)));
    }
    params.reverse();
    params.extend(ack.map(|ack| format!("ack: {ack}")));
    call(&format!("{}: ", key(event.meta.name)), &params, " => void;\n", 2)
}

fn ack(event: &Event) -> Option<String> {
    let null = || "null".to_owned();
    let answer = || event.answer.as_ref().map_or_else(null, ty);
    let error = || event.error.as_ref().map_or_else(null, ty);
    Some(match event.meta.ack {
        AckKind::None => return None,
        AckKind::Unit => "() => void".to_owned(),
        AckKind::Plain => format!("(res: {}) => void", answer()),
        AckKind::Envelope => format!("(res: Ack<{}, {}>) => void", answer(), error()),
        AckKind::Either => format!("(res: {} | {}) => void", answer(), error()),
    })
}

fn ty(ty: &TypeRef) -> String {
    layout(&parse(&super::large_int(&ty.text)), 4, 0)
}
