//! Event sets as interfaces of functions, the shape that Socket.IO's typings want.

use std::fmt::Write as _;

use ackord::{
    contract::AckKind,
    describe::{Event, TypeRef},
};

use super::{
    flow::{Flow, Flows},
    layout::{call, jsdoc},
    names::{key, parameters},
};
use crate::contract::EventSet;

pub(crate) fn render(set: &EventSet, flows: &Flows) -> String {
    let role = match (set.up, set.down) {
        (true, true) => "What both sides send.",
        (true, false) => "What a client sends.",
        _ => "What the server sends.",
    };
    let mut out = jsdoc(&[role], 0);
    let _ = writeln!(out, "export interface {} {{", set.name);
    for event in &set.events {
        out += &jsdoc(&docs_of(event, &usage(event)), 2);
        out += &signature(event, set, flows);
        if is_stream(event) {
            out += &member(event, ":stop", &["sub: number".to_owned()]);
        }
    }
    out + "}\n" + &items(set, flows)
}

fn is_stream(event: &Event) -> bool {
    matches!(event.meta.ack, AckKind::Stream { .. })
}

/// What the producer of the set's streams sends.
fn items(set: &EventSet, flows: &Flows) -> String {
    if !set.has_streams() {
        return String::new();
    }
    let docs = format!("What those get who have subscribed to streams of `{}`.", set.name);
    let mut out = format!("\n{}export interface {} {{\n", jsdoc(&[docs], 0), set.items());
    let ty = |ty: &TypeRef| flows.ty(ty, flows.of(set).1);
    for event in set.streams() {
        let (item, error) = (event.answer.as_ref(), event.error.as_ref());
        let mut next = vec!["sub: number".to_owned(), format!("item: {}", item.map_or_else(null, ty))];
        if let AckKind::Stream { window: Some(_) } = event.meta.ack {
            next.push("ack?: () => void".to_owned());
        }
        out += &member(event, ":next", &next);
        let error = error.map_or_else(|| "never".to_owned(), ty);
        out += &member(event, ":end", &["sub: number".to_owned(), format!("end: StreamEnd<{error}>")]);
    }
    out + "}\n"
}

/// One of the events that a stream consists of.
fn member(event: &Event, suffix: &str, params: &[String]) -> String {
    call(&format!("{}: ", key(&format!("{}{suffix}", event.meta.name))), params, " => void;\n", 2)
}

/// How a stream is used without a library for it.
fn usage(event: &Event) -> Vec<String> {
    if !is_stream(event) {
        return Vec::new();
    }
    let name = event.meta.name;
    let mut usage = vec![format!(
        "A stream: `res.value` is the subscription's id, and the first argument of its items, \"{name}:next\", and of"
    )];
    usage.push(format!(
        "its end, \"{name}:end\". Emit \"{name}:stop\" with it to end it. Take it in the callback: what follows an `await` may"
    ));
    usage.push("run after the first items. A new connection needs a new subscription.".to_owned());
    if let AckKind::Stream { window: Some(window) } = event.meta.ack {
        let which = if window == 1 { "Every item".to_owned() } else { format!("One item of {window}") };
        usage
            .push(format!("{which} comes with an `ack`: until it is called, no more than {} items come.", 2 * u64::from(window)));
    }
    usage
}

/// The documentation of an event, and what is to be said about it beyond.
pub(crate) fn docs_of(event: &Event, more: &[String]) -> Vec<String> {
    // Each line of a `///` comment begins with the space after the slashes.
    let mut docs: Vec<String> = event.meta.docs.iter().flat_map(|doc| doc.split('\n')).map(str::to_owned).collect();
    if !more.is_empty() {
        if !docs.is_empty() {
            docs.push(String::new());
        }
        docs.extend_from_slice(more);
    }
    if let Some(note) = event.meta.deprecated {
        if !docs.is_empty() {
            docs.push(String::new());
        }
        docs.push(format!("@deprecated {}", note.replace('\n', " ")));
    }
    docs
}

fn signature(event: &Event, set: &EventSet, flows: &Flows) -> String {
    let (args, answers) = flows.of(set);
    let ack = ack(event, answers, flows);
    let names = parameters(event.args.iter().map(|arg| arg.name), ack.is_some().then_some("ack"));
    let mut params = Vec::new();
    // A parameter may be left out if all after it may; none before a required one (TS1016), which an ack is.
    let mut optional = ack.is_none();
    for (name, arg) in names.iter().zip(&event.args).rev() {
        optional &= arg.ty.optional;
        params.push(format!("{name}{}: {}", if optional { "?" } else { "" }, flows.ty(&arg.ty, args)));
    }
    params.reverse();
    params.extend(ack.map(|ack| format!("ack: {ack}")));
    call(&format!("{}: ", key(event.meta.name)), &params, " => void;\n", 2)
}

fn ack(event: &Event, flow: Flow, flows: &Flows) -> Option<String> {
    let ty = |ty: &TypeRef| flows.ty(ty, flow);
    let answer = || event.answer.as_ref().map_or_else(null, ty);
    let error = || event.error.as_ref().map_or_else(null, ty);
    Some(match event.meta.ack {
        AckKind::None => return None,
        AckKind::Unit => "() => void".to_owned(),
        AckKind::Plain => format!("(res: {}) => void", answer()),
        AckKind::Envelope => format!("(res: Ack<{}, {}>) => void", answer(), error()),
        AckKind::Stream { .. } => "(res: Subscribed) => void".to_owned(),
        AckKind::Either => format!("(res: {} | {}) => void", answer(), error()),
    })
}

fn null() -> String {
    "null".to_owned()
}
