//! Namespaces: the socket's type, where it is found, how to connect to it.

use std::{any::TypeId, fmt::Write as _};

use ackord::{Never, describe::TypeRef};

use super::{
    large_int,
    layout::{call, jsdoc, layout},
    names::{camel, key, parameters, string},
    tokens::parse,
};
use crate::contract::{Piece, Space, pieces};

/// The types that a namespace exports.
pub(crate) fn exports(space: &Space) -> Vec<String> {
    let mut names = vec![socket(space)];
    if is_refused_with_data(space) {
        names.push(connect_error(space));
    }
    names
}

fn socket(space: &Space) -> String {
    format!("{}Socket", space.name)
}

fn connect(space: &Space) -> String {
    format!("connect{}", space.name)
}

fn connect_error(space: &Space) -> String {
    format!("{}ConnectError", space.name)
}

fn is_refused_with_data(space: &Space) -> bool {
    space.denied.id != TypeId::of::<Never>() && space.denied.id != TypeId::of::<()>()
}

/// What a client shows when it connects, if anything.
pub(crate) fn auth(space: &Space) -> Option<String> {
    (space.auth.id != TypeId::of::<()>()).then(|| ty(&space.auth))
}

fn ty(ty: &TypeRef) -> String {
    layout(&parse(&large_int(&ty.text)), 4, 0)
}

/// The socket, the error of a refused connection and the function that connects.
pub(crate) fn render(space: &Space) -> String {
    let (socket, pattern) = (socket(space), space.pattern);
    let mut out = jsdoc(&[format!("A client's socket in `{pattern}`.")], 0);
    let _ = writeln!(out, "export type {socket} = TypedSocket<{}, {}>;\n", space.down, space.up);
    if is_refused_with_data(space) {
        let docs = format!("The `connect_error` of `{pattern}`. There is no `data` if the server was not reached.");
        out += &jsdoc(&[docs], 0);
        let _ = writeln!(out, "export type {} = globalThis.Error & {{ data?: {} }};\n", connect_error(space), ty(&space.denied));
    }
    out + &connect_function(space)
}

fn connect_function(space: &Space) -> String {
    let mut docs = vec![
        format!("Connects to `{}`.", space.pattern),
        String::new(),
        "`url` is the server's origin, `https://example.com`; `\"\"` is the page's own.".to_owned(),
    ];
    let params = params(space);
    if !params.is_empty() {
        docs.push("`params` are those of the path. The server reads them as they are, without decoding.".to_owned());
    }
    let mut signature = vec!["url: string".to_owned()];
    let mut path = format!("paths.{}", camel(space.name));
    if !params.is_empty() {
        signature.push(format!("params: {}", params_type(&params)));
        path += "(params)";
    }
    let mut options = "options";
    if let Some(auth) = auth(space) {
        signature.push(format!("auth: _Auth<{auth}>"));
        options = "{ ...options, auth }";
    }
    signature.push("options?: ConnectOptions".to_owned());
    let head = format!("export function {}", connect(space));
    let tail = format!(": {} {{\n  return io(_at(url, {path}), {options});\n}}\n", socket(space));
    jsdoc(&docs, 0) + &call(&head, &signature, &tail, 0)
}

fn params(space: &Space) -> Vec<&str> {
    pieces(space.pattern).into_iter().filter_map(|p| if let Piece::Parameter(name) = p { Some(name) } else { None }).collect()
}

fn params_type(params: &[&str]) -> String {
    let members: Vec<_> = params.iter().map(|name| format!("{}: string | number", key(name))).collect();
    format!("{{ {} }}", members.join("; "))
}

/// `paths`: a string for each namespace, a function for one whose path has parameters.
pub(crate) fn render_paths(spaces: &[Space]) -> String {
    let mut out = jsdoc(&["Where the namespaces are: the path in the URL that `io` is given."], 0) + "export const paths = {\n";
    for space in spaces {
        let params = params(space);
        let name = camel(space.name);
        if params.is_empty() {
            let _ = writeln!(out, "  {name}: {},", string(space.pattern));
            continue;
        }
        let bound: Vec<_> =
            params.iter().zip(parameters(params.iter().copied(), None)).map(|(name, var)| bind(name, &var)).collect();
        let vars = parameters(params.iter().copied(), None);
        let (value, ty) = (template(space.pattern, &vars), template(space.pattern, &vec!["string".to_owned(); vars.len()]));
        let _ = writeln!(out, "  {name}: ({{ {} }}: {}): {ty} => {value},", bound.join(", "), params_type(&params));
    }
    out + "} as const;\n"
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
pub(crate) fn render_map(spaces: &[Space]) -> String {
    let mut out = jsdoc(&["What belongs to each namespace, by its path in the contract."], 0) + "export interface Namespaces {\n";
    for space in spaces {
        let params = params(space);
        let params = if params.is_empty() { "{}".to_owned() } else { params_type(&params) };
        let denied = if is_refused_with_data(space) { ty(&space.denied) } else { "never".to_owned() };
        let _ = writeln!(out, "  {}: {{", string(space.pattern));
        for (name, ty) in [
            ("params", &*params),
            ("auth", &auth(space).unwrap_or_else(|| "undefined".to_owned())),
            ("denied", &denied),
            ("up", &*space.up),
            ("down", &*space.down),
            ("socket", &socket(space)),
        ] {
            let _ = writeln!(out, "    {name}: {ty};");
        }
        out += "  };\n";
    }
    out + "}\n"
}
