//! Namespaces: the socket's type, where it is found, how to connect to it.

use std::{any::TypeId, fmt::Write as _};

use ackord::Never;

use super::{
    flow::Flows,
    layout::jsdoc,
    names::{camel, key, parameters, string},
    part::{Function, Home, Part},
};
use crate::contract::{Contract, Piece, Space, pieces};

/// The types that a namespace exports.
pub(crate) fn exports(space: &Space) -> Vec<String> {
    let mut names = vec![socket(space)];
    if is_refused_with_data(space) {
        names.push(connect_error(space));
    }
    names
}

pub(crate) fn socket(space: &Space) -> String {
    format!("{}Socket", space.name)
}

fn connect(space: &Space) -> String {
    format!("connect{}", space.name)
}

fn connect_error(space: &Space) -> String {
    format!("{}ConnectError", space.name)
}

pub(crate) fn is_refused_with_data(space: &Space) -> bool {
    space.denied.id != TypeId::of::<Never>() && space.denied.id != TypeId::of::<()>()
}

/// What a client shows when it connects, if anything.
pub(crate) fn auth(space: &Space, flows: &Flows) -> Option<String> {
    asks(space).then(|| flows.ty(&space.auth, flows.auth()))
}

pub(crate) fn asks(space: &Space) -> bool {
    space.auth.id != TypeId::of::<()>()
}

/// The file of its own that a namespace has in a folder.
pub(crate) fn home(contract: &Contract, space: &Space) -> Home {
    Home::Space(contract.namespaces.iter().position(|other| std::ptr::eq(other, space)).unwrap_or_default())
}

/// The socket, the error of a refused connection and the function that connects.
pub(crate) fn parts(space: &Space, home: Home, flows: &Flows) -> [Part; 2] {
    let (socket, pattern) = (socket(space), space.pattern);
    let mut out = jsdoc(&[format!("A client's socket in `{pattern}`.")], 0);
    let _ = writeln!(out, "export type {socket} = TypedSocket<{}, {}>;", space.down, space.up);
    if is_refused_with_data(space) {
        let docs = format!("The `connect_error` of `{pattern}`. There is no `data` if the server was not reached.");
        let denied = flows.ty(&space.denied, flows.denied());
        out = out + "\n" + &jsdoc(&[docs], 0);
        let _ = writeln!(out, "export type {} = globalThis.Error & {{ data?: {denied} }};", connect_error(space));
    }
    [Part::types(home, out), connect_function(space, flows).part(home)]
}

fn connect_function(space: &Space, flows: &Flows) -> Function {
    let mut docs = vec![
        format!("Connects to `{}`.", space.pattern),
        String::new(),
        "`url` is the server's origin, `https://example.com`; `\"\"` is the page's own.".to_owned(),
    ];
    let params = params(space);
    if !params.is_empty() {
        docs.push(
            "`params` are those of the path. The server reads them as they are, without decoding; `,`, `?` and `#` cannot be"
                .to_owned(),
        );
        docs.push("in one, nor can `/`.".to_owned());
    }
    let mut signature = vec!["url: string".to_owned()];
    let mut path = format!("paths.{}", camel(space.name));
    if !params.is_empty() {
        signature.push(format!("params: {}", params_type(&params)));
        path += "(params)";
    }
    let mut options = "options";
    if let Some(auth) = auth(space, flows) {
        signature.push(format!("auth: _Auth<{auth}>"));
        options = "{ ...options, auth }";
    }
    signature.push("options?: ConnectOptions".to_owned());
    Function {
        docs,
        name: connect(space),
        generics: String::new(),
        params: signature,
        returns: socket(space),
        body: format!("  return io(_at(url, {path}), {options});\n"),
    }
}

pub(crate) fn params(space: &Space) -> Vec<&str> {
    pieces(space.pattern).into_iter().filter_map(|p| if let Piece::Parameter(name) = p { Some(name) } else { None }).collect()
}

pub(crate) fn params_type(params: &[&str]) -> String {
    let members: Vec<_> = params.iter().map(|name| format!("{}: string | number", key(name))).collect();
    format!("{{ {} }}", members.join("; "))
}

/// `paths`: a string for each namespace, a function for one whose path has parameters.
pub(crate) fn paths(spaces: &[Space]) -> Part {
    let docs = jsdoc(&["Where the namespaces are: the path in the URL that `io` is given."], 0);
    let mut typescript = format!("{docs}export const paths = {{\n");
    let mut javascript = typescript.clone();
    let mut declarations = format!("{docs}export declare const paths: {{\n");
    for space in spaces {
        let params = params(space);
        let (name, pattern) = (camel(space.name), string(space.pattern));
        if params.is_empty() {
            let _ = writeln!(typescript, "  {name}: {pattern},");
            let _ = writeln!(javascript, "  {name}: {pattern},");
            let _ = writeln!(declarations, "  readonly {name}: {pattern};");
            continue;
        }
        let vars = parameters(params.iter().copied(), None);
        let bound = params.iter().zip(&vars).map(|(name, var)| bind(name, var)).collect::<Vec<_>>().join(", ");
        let (value, result) = (template(space.pattern, &vars), template(space.pattern, &vec!["string".to_owned(); vars.len()]));
        let given = params_type(&params);
        let _ = writeln!(typescript, "  {name}: ({{ {bound} }}: {given}): {result} => {value},");
        let _ = writeln!(javascript, "  {name}: ({{ {bound} }}) => {value},");
        let _ = writeln!(declarations, "  readonly {name}: ({{ {bound} }}: {given}) => {result};");
    }
    Part::written(Home::Paths, &(typescript + "} as const;\n"), &(javascript + "};\n"), &(declarations + "};\n"))
}

fn bind(name: &str, var: &str) -> String {
    if name == var { name.to_owned() } else { format!("{}: {var}", key(name)) }
}

/// `pattern` as a template literal with `values` in place of its parameters.
fn template(pattern: &str, values: &[String]) -> String {
    let mut values = values.iter();
    let piece = |piece| match piece {
        Piece::Literal(text) => text.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${"),
        Piece::Parameter(_) => format!("${{{}}}", values.next().map_or("", String::as_str)),
    };
    format!("`{}`", pieces(pattern).into_iter().map(piece).collect::<String>())
}

/// `Namespaces`: what belongs to each path, as written in the contract.
pub(crate) fn map(spaces: &[Space], flows: &Flows, more: impl Fn(&Space) -> Vec<(&'static str, String)>) -> Part {
    let mut out = jsdoc(&["What belongs to each namespace, by its path in the contract."], 0) + "export interface Namespaces {\n";
    for space in spaces {
        let params = params(space);
        let params = if params.is_empty() { "{}".to_owned() } else { params_type(&params) };
        let denied = if is_refused_with_data(space) { flows.ty(&space.denied, flows.denied()) } else { "never".to_owned() };
        let _ = writeln!(out, "  {}: {{", string(space.pattern));
        let auth = auth(space, flows).unwrap_or_else(|| "undefined".to_owned());
        let members =
            [("params", params), ("auth", auth), ("denied", denied), ("up", space.up.clone()), ("down", space.down.clone())];
        for (name, ty) in members.into_iter().chain(more(space)) {
            let _ = writeln!(out, "    {name}: {ty};");
        }
        out += "  };\n";
    }
    Part::types(Home::Index, out + "}\n")
}
