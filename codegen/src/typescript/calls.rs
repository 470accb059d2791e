//! The promise client: what may be sent as methods, and what is received as methods that take a handler.

use std::fmt::Write as _;

use ackord::{
    contract::AckKind,
    describe::{Event, TypeRef},
};

use super::{
    events::docs_of,
    flow::{Flow, Flows},
    layout::{call, jsdoc},
    names::{is_identifier, key, parameters, string},
    namespace,
    part::{Function, Home, Part},
};
use crate::contract::{Contract, EventSet, Space};

/// Items that wait to be read, as in Rust.
const BUFFER: u32 = 1024;
/// What clients have beside their calls, and what would make one something else: a promise, for `then`.
const TAKEN: [&str; 6] = ["constructor", "on", "socket", "then", "timeout", "try"];

pub(crate) fn calls_name(set: &EventSet) -> String {
    format!("{}Calls", set.name)
}

pub(crate) fn handlers_name(set: &EventSet) -> String {
    format!("{}Handlers", set.name)
}

pub(crate) fn api_name(space: &Space) -> String {
    format!("{}Api", space.name)
}

/// What all clients share, as far as this contract needs it.
pub(crate) fn runtime(contract: &Contract) -> Vec<Part> {
    macro_rules! written {
        ($name:literal) => {
            Part::written(
                Home::Support,
                include_str!(concat!("runtime/", $name, ".ts")),
                include_str!(concat!("runtime/", $name, ".js")),
                include_str!(concat!("runtime/", $name, ".d.ts")),
            )
        };
    }
    let streams = |of: fn(&EventSet) -> bool| contract.sets.iter().any(|set| of(set) && set.has_streams());
    let is_stream = |event: &Event| matches!(event.meta.ack, AckKind::Stream { .. });
    let handled = || contract.sets.iter().filter(|set| set.down).flat_map(|set| &set.events);
    let mut parts = vec![written!("client")];
    if handled().next().is_some() || streams(|set| set.up) {
        parts.push(written!("listen"));
    }
    if handled().any(|event| !is_stream(event)) {
        parts.push(written!("on"));
    }
    if streams(|set| set.up) {
        parts.push(written!("subscribe"));
    }
    if streams(|set| set.down) {
        parts.push(written!("feed"));
    }
    parts
}

/// A set's methods.
pub(crate) fn of_set(set: &EventSet, flows: &Flows) -> Vec<Part> {
    let mut parts = Vec::new();
    if set.up && !set.events.is_empty() {
        parts.extend(calls(set, flows));
    }
    if set.down && !set.events.is_empty() {
        parts.extend(handlers(set, flows));
    }
    parts
}

fn calls(set: &EventSet, flows: &Flows) -> [Part; 2] {
    let (name, names) = (calls_name(set), methods(set));
    let docs = format!("What a client calls: `{}` as methods. A call rejects with a `CallError`.", set.name);
    let mut types = format!("{}export interface {name} {{\n", jsdoc(&[docs], 0));
    let mut body = "  return {\n".to_owned();
    for (event, method) in set.events.iter().zip(&names) {
        let vars = parameters(event.args.iter().map(|arg| arg.name), None);
        types += &jsdoc(&docs_of(event, &[]), 2);
        types +=
            &call(method, &optional(event, &vars, flows.of(set).0, flows), &format!(": {};\n", result(event, set, flows)), 2);
        body += &entry(method, &vars, &sending(event, &vars));
    }
    let factory = Function {
        docs: Vec::new(),
        name: format!("_{name}"),
        generics: String::new(),
        // Where there is an argument of any name, there is none of this one: Rust does not have it.
        params: vec!["$: _Caller".to_owned()],
        returns: name,
        body: body + "  };\n",
    };
    [Part::types(Home::Calls, types + "}\n"), factory.part(Home::Calls)]
}

/// The parameters of a call: those at the end that may be `null` may be left out.
fn optional(event: &Event, vars: &[String], flow: Flow, flows: &Flows) -> Vec<String> {
    let mut optional = true;
    let mut params: Vec<_> = vars
        .iter()
        .zip(&event.args)
        .rev()
        .map(|(var, arg)| {
            optional &= arg.ty.optional;
            format!("{var}{}: {}", if optional { "?" } else { "" }, flows.ty(&arg.ty, flow))
        })
        .collect();
    params.reverse();
    params
}

fn result(event: &Event, set: &EventSet, flows: &Flows) -> String {
    let of = |ty: &Option<TypeRef>, none: &str| ty.as_ref().map_or_else(|| none.to_owned(), |ty| flows.ty(ty, flows.of(set).1));
    let error = event.error.as_ref().map_or_else(String::new, |_| format!(", {}", of(&event.error, "null")));
    match event.meta.ack {
        AckKind::None => "void".to_owned(),
        AckKind::Unit => "Call<void>".to_owned(),
        AckKind::Plain => format!("Call<{}>", of(&event.answer, "null")),
        AckKind::Either => format!("Call<{} | {}>", of(&event.answer, "null"), of(&event.error, "null")),
        AckKind::Envelope => format!("Call<{}{error}>", of(&event.answer, "null")),
        AckKind::Stream { .. } => format!("Subscription<{}{error}>", of(&event.answer, "null")),
    }
}

fn sending(event: &Event, vars: &[String]) -> String {
    let name = string(event.meta.name);
    let args = vars.join(", ");
    match event.meta.ack {
        AckKind::None => format!("void $.socket.emit({})", [vec![name], vars.to_vec()].concat().join(", ")),
        AckKind::Unit | AckKind::Plain | AckKind::Either => format!("$.call({name}, [{args}], true)"),
        AckKind::Envelope => format!("$.call({name}, [{args}])"),
        AckKind::Stream { window } => {
            let limit = BUFFER.max(window.map_or(0, |window| window.saturating_mul(2)));
            format!("_subscribe($.socket, {name}, {limit}, [{args}])")
        }
    }
}

fn handlers(set: &EventSet, flows: &Flows) -> [Part; 2] {
    let (name, names) = (handlers_name(set), methods(set));
    let docs = format!("Handlers of `{}`. Each method returns the function that removes its handler.", set.name);
    let mut types = format!("{}export interface {name} {{\n", jsdoc(&[docs], 0));
    let mut body = "  return {\n".to_owned();
    for (event, method) in set.events.iter().zip(&names) {
        let vars = parameters(event.args.iter().map(|arg| arg.name), None);
        let params = vars.iter().zip(&event.args).map(|(var, arg)| format!("{var}: {}", flows.ty(&arg.ty, flows.of(set).0)));
        let handler = call("", &params.collect::<Vec<_>>(), &format!(" => {}", answer(event, set, flows)), 0);
        types += &jsdoc(&docs_of(event, &[]), 2);
        types += &call(method, &[format!("handler: {handler}")], ": () => void;\n", 2);
        body += &entry(method, &["handler".to_owned()], &handling(event));
    }
    let factory = Function {
        docs: Vec::new(),
        name: format!("_{name}"),
        generics: String::new(),
        params: vec!["socket: any".to_owned()],
        returns: name,
        body: body + "  };\n",
    };
    [Part::types(Home::Calls, types + "}\n"), factory.part(Home::Calls)]
}

fn answer(event: &Event, set: &EventSet, flows: &Flows) -> String {
    let of = |ty: &Option<TypeRef>| ty.as_ref().map_or_else(|| "null".to_owned(), |ty| flows.ty(ty, flows.of(set).1));
    let (value, error) = (of(&event.answer), of(&event.error));
    let soon = |ty: String| format!("{ty} | PromiseLike<{ty}>");
    match event.meta.ack {
        AckKind::None | AckKind::Unit => soon("void".to_owned()),
        AckKind::Plain => soon(value),
        AckKind::Either => format!("{value} | {error} | PromiseLike<{value} | {error}>"),
        AckKind::Envelope => soon(format!("Answer<{value}, {error}>")),
        AckKind::Stream { .. } if event.error.is_some() => format!("AsyncIterable<Answer<{value}, {error}>>"),
        AckKind::Stream { .. } => format!("AsyncIterable<{value}>"),
    }
}

fn handling(event: &Event) -> String {
    let name = string(event.meta.name);
    let kind = match event.meta.ack {
        AckKind::None | AckKind::Unit => 0,
        AckKind::Plain | AckKind::Either => 1,
        AckKind::Envelope => 2,
        AckKind::Stream { window } => {
            let (window, fails) = (window.unwrap_or(0), event.error.is_some());
            return format!("_feed(socket, {name}, {window}, {fails}, handler)");
        }
    };
    format!("_on(socket, {name}, {kind}, handler)")
}

/// `name: (a, b) => body`
fn entry(method: &str, vars: &[String], body: &str) -> String {
    format!("    {method}: ({}) => {body},\n", vars.join(", "))
}

/// The names of a set's methods: those of the events, as far as that is possible without quotes.
fn methods(set: &EventSet) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for event in &set.events {
        let mut name = words(event.meta.name);
        while TAKEN.contains(&&*name) || names.contains(&name) {
            name.push('_');
        }
        names.push(name);
    }
    names.iter().map(|name| key(name)).collect()
}

/// `file:put` → `filePut`
fn words(name: &str) -> String {
    if is_identifier(name) {
        return name.to_owned();
    }
    let mut words = name.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |out, word| {
        let mut chars = word.chars();
        out + &chars.next().map_or_else(String::new, |c| c.to_uppercase().collect()) + chars.as_str()
    })
}

/// A namespace's client.
pub(crate) fn of_space(space: &Space, contract: &Contract) -> [Part; 2] {
    let [up, down] = contract.sets_of(space).map(|set| set.filter(|set| !set.events.is_empty()));
    let (api, socket) = (api_name(space), namespace::socket(space));
    let name = |set: Option<&EventSet>, name: fn(&EventSet) -> String| set.map_or_else(|| "{}".to_owned(), name);
    let (calls, handlers) = (name(up, calls_name), name(down, handlers_name));
    let extends = if up.is_some() { format!("{calls}, ") } else { String::new() };
    let mut types = jsdoc(&[format!("A client of `{}` with methods: see `{}`.", space.pattern, client(space))], 0);
    let _ = writeln!(types, "export interface {api} extends {extends}_Api<{socket}, {calls}, {handlers}> {{}}");
    let make_calls = if up.is_some() { format!("_{calls}") } else { "() => ({})".to_owned() };
    let make_handlers = if down.is_some() { format!("_{handlers}(socket)") } else { "{}".to_owned() };
    let docs = [
        format!("The events of `{}` as methods over `socket`, which stays as it is.", space.pattern),
        String::new(),
        "A call that is made without a connection is sent when there is one; one that was sent fails when its connection is lost.".to_owned(),
        "Without `timeout` it waits for as long as that takes.".to_owned(),
    ];
    let function = Function {
        docs: docs.to_vec(),
        name: client(space),
        generics: String::new(),
        params: vec![format!("socket: {socket}")],
        returns: api,
        body: format!("  return _client(socket, {make_calls}, {make_handlers});\n"),
    };
    [Part::types(namespace::home(contract, space), types), function.part(namespace::home(contract, space))]
}

fn client(space: &Space) -> String {
    format!("{}Client", super::names::camel(space.name))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_of_events_become_names_of_methods() {
        for (event, method) in
            [("send", "send"), ("file:put", "filePut"), ("a-b c", "aBC"), ("über.größe", "überGröße"), (":x", "x"), ("::", "")]
        {
            assert_eq!(words(event), method);
        }
    }
}
