use std::{
    borrow::Cow,
    fmt::{self, Write},
    str::FromStr,
};

use super::{Events, Payload, streams::yields_one_of};

/// A namespace and its contract: who may send what, how one connects. Derived with `#[derive(Namespace)]`.
///
/// The fields of the struct are the parameters of the path: `/org-{id}` needs a field `id`. A namespace without parameters is a unit
/// struct.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a namespace",
    label = "not a namespace",
    note = "write `#[derive(ackord::Namespace, Clone)]` and `#[namespace(path = \"/…\", server = dyn …, client = dyn …)]` on the struct"
)]
pub trait Namespace: Clone + Send + Sync + 'static {
    /// The path as written, with `{parameter}`s.
    const PATTERN: &'static str;
    /// The name of the struct, for generated code in other languages.
    const NAME: &'static str;
    /// What a client may send.
    type Server: Events + ?Sized;
    /// What the server may send.
    type Client: Events + ?Sized;
    /// What nodes of a cluster send each other.
    type Cluster: Events + ?Sized;
    /// What a client shows when it connects: an object, or `()`.
    type Auth: Payload;
    /// Why it may be refused: the `data` of its `connect_error`.
    type Denied: Payload;

    /// Evaluated where a namespace is used: a compile error if an event of one side has the name of an item, or of an end, of a stream of
    /// the other.
    #[doc(hidden)]
    const APART: () = {
        let (server, client) = (<Self::Server as Events>::EVENTS, <Self::Client as Events>::EVENTS);
        assert!(
            !yields_one_of(server, client),
            "an event of `client` has the name of an item (`…:next`) or the end (`…:end`) of a stream of `server`: rename it"
        );
        assert!(
            !yields_one_of(client, server),
            "an event of `server` has the name of an item (`…:next`) or the end (`…:end`) of a stream of `client`: rename it"
        );
    };

    /// The concrete path.
    fn path(&self) -> Cow<'static, str>;

    /// The namespace that has this path, if its parameters parse.
    fn parse(path: &str) -> Option<Self>;

    /// The parameters of the path and their types in Rust, for the code generator. A namespace that is written by hand need not tell.
    #[cfg(feature = "codegen")]
    fn parameters() -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }
}

/// A namespace whose path has no parameters: there is one of it. Derived beside [`Namespace`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is many namespaces: its path has parameters",
    label = "its path has parameters",
    note = "name one of them with `Server::of`: `io.of(&{Self} {{ … }})`"
)]
pub trait FixedPath {}

/// A field of a dynamic namespace: a parameter of its path.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a parameter of a path",
    label = "not `FromStr + Display`",
    note = "a parameter of a path is written with `Display` and read with `FromStr`"
)]
pub trait PathParam: Sized {
    /// Appends this parameter.
    fn write(&self, path: &mut String);
    /// Reads this parameter: see [`PathMatcher::param`].
    fn read(path: &mut PathMatcher<'_>, until: &str) -> Option<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: FromStr + fmt::Display> PathParam for T {
    fn write(&self, path: &mut String) {
        // Writing to a `String` fails only if the value's own `Display` does; the path then lacks it and fits no namespace.
        let _ = write!(path, "{self}");
    }

    fn read(path: &mut PathMatcher<'_>, until: &str) -> Option<T> {
        path.param(until)
    }
}

/// Takes a path apart for `derive(Namespace)`.
#[derive(Debug)]
pub struct PathMatcher<'a>(&'a str);

impl<'a> PathMatcher<'a> {
    /// Starts at the beginning of `path`.
    pub fn new(path: &'a str) -> Self {
        Self(path)
    }

    /// Steps over `literal`.
    pub fn literal(&mut self, literal: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    /// Reads a parameter: everything up to the next occurrence of `until`, or to the end if that is empty. Never empty, never across a `/`.
    pub fn param<T: FromStr>(&mut self, until: &str) -> Option<T> {
        let end = if until.is_empty() { self.0.len() } else { self.0.find(until)? };
        let (value, rest) = self.0.split_at(end);
        if value.is_empty() || value.contains('/') {
            return None;
        }
        self.0 = rest;
        value.parse().ok()
    }

    /// Whether nothing is left.
    pub fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org(path: &str) -> Option<(u64, String)> {
        let mut m = PathMatcher::new(path);
        m.literal("/org-")?;
        let id = m.param("/team/")?;
        m.literal("/team/")?;
        let team = m.param("")?;
        m.end()?;
        Some((id, team))
    }

    #[test]
    fn parameters_are_parsed_and_bounded() {
        assert_eq!(org("/org-7/team/red-é"), Some((7, "red-é".into())));
        for bad in ["", "/org-7", "/org-/team/a", "/org-x/team/a", "/org-7/team/", "/org-7/team/a/b", "x/org-7/team/a"] {
            assert_eq!(org(bad), None, "{bad}");
        }
    }
}
