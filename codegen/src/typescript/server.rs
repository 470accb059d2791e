//! The contract for a server in Node: types for `socket.io`, and a function for each namespace that asks who comes in.

use std::fmt::Write as _;

use super::{
    flow::Flows,
    layout::jsdoc,
    names::{camel, string},
    namespace,
    part::{Function, Home, Part},
};
use crate::contract::{Piece, Space, pieces};

/// The types that a namespace exports.
pub(crate) fn exports(space: &Space) -> Vec<String> {
    let io = (space.pattern == "/").then(|| io_name(space));
    [format!("{}Namespace", space.name), namespace::socket(space)].into_iter().chain(io).collect()
}

fn io_name(space: &Space) -> String {
    format!("{}Io", space.name)
}

pub(crate) fn runtime() -> Part {
    Part::written(
        Home::Support,
        include_str!("runtime/server.ts"),
        include_str!("runtime/server.js"),
        include_str!("runtime/server.d.ts"),
    )
}

pub(crate) fn parts(space: &Space, home: Home, flows: &Flows) -> [Part; 2] {
    let (name, pattern) = (space.name, space.pattern);
    let of = format!("<{}, {}, {}, Data>", space.up, space.down, space.cluster);
    let mut types = jsdoc(&[format!("`{pattern}` on the server. `Data` is what its sockets have as `data`.")], 0);
    let _ = writeln!(types, "export type {name}Namespace<Data = {{}}> = _Namespace{of};\n");
    types += &jsdoc(&[format!("A server's socket in `{pattern}`.")], 0);
    let _ = writeln!(types, "export type {}<Data = {{}}> = _Socket{of};", namespace::socket(space));
    if pattern == "/" {
        let docs = "The server, for one whose namespace `/` is all there is: `const io: …Io = new Server()`.";
        let _ = writeln!(types, "\n{}export type {}<Data = {{}}> = _Server{of};", jsdoc(&[docs], 0), io_name(space));
    }
    [Part::types(home, types), open(space, flows).part(home)]
}

fn open(space: &Space, flows: &Flows) -> Function {
    let params = namespace::params(space);
    let params_type = if params.is_empty() {
        "{}".to_owned()
    } else {
        format!(
            "{{ {} }}",
            params.iter().map(|name| format!("{}: string", super::names::key(name))).collect::<Vec<_>>().join("; ")
        )
    };
    let auth = namespace::auth(space, flows).unwrap_or_else(|| "{}".to_owned());
    let denied = if namespace::is_refused_with_data(space) { flows.ty(&space.denied, flows.denied()) } else { "void".to_owned() };
    // Its `data` is not typed: `Data` is inferred from what is returned.
    let connection = format!("Connection<{}<any>, {params_type}, {denied}>", namespace::socket(space));
    let path = if params.is_empty() { string(space.pattern) } else { expression(space.pattern) };
    let names: Vec<_> = params.iter().map(|name| string(name)).collect();
    Function {
        docs: vec![
            format!("Opens `{}`.", space.pattern),
            String::new(),
            "What `authorize` returns becomes the socket's `data`; who is refused sees why. `auth` is what the client says: its type is a".to_owned(),
            "promise of the client's, and nothing checks it.".to_owned(),
        ],
        name: format!("{}Namespace", camel(space.name)),
        generics: "<Data extends object = {}>".to_owned(),
        params: vec![
            "server: _Server<any, any, any, any>".to_owned(),
            format!("authorize: (auth: {auth}, connection: {connection}) => Data | PromiseLike<Data>"),
        ],
        returns: format!("{}Namespace<Data>", space.name),
        body: format!("  return _namespace(server, {path}, [{}], authorize);\n", names.join(", ")),
    }
}

/// A regular expression for the paths of a dynamic namespace: a parameter ends where what follows it begins, and has no `/`, as in Rust.
fn expression(pattern: &str) -> String {
    let piece = |piece| match piece {
        Piece::Parameter(_) => "([^/]+?)".to_owned(),
        Piece::Literal(text) => text.chars().fold(String::new(), |out, c| match c {
            c if c.is_alphanumeric() || c == '_' || c == '-' || !c.is_ascii() => out + c.encode_utf8(&mut [0; 4]),
            c => out + "\\" + c.encode_utf8(&mut [0; 4]),
        }),
    };
    format!("/^{}$/", pieces(pattern).into_iter().map(piece).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn paths_become_expressions() {
        assert_eq!(expression("/org-{id}/{team}"), r"/^\/org-([^/]+?)\/([^/]+?)$/");
        assert_eq!(expression("/a.b`{x}"), r"/^\/a\.b\`([^/]+?)$/");
    }
}
