//! Reads the declarations that ts-rs writes into a tree: just enough of TypeScript to lay them out, to find what a member mentions
//! and to tell where a comment ends.

use super::names::{is_plain, key};

/// A piece of a type. Text that is not understood is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// A word, a literal or punctuation, and whether white space came before it.
    Leaf { text: String, spaced: bool },
    /// A documentation comment: its lines without decoration.
    Docs(Vec<String>),
    /// Brackets and what is between them.
    Group { open: char, spaced: bool, nodes: Vec<Node> },
}

impl Node {
    pub(crate) fn is(&self, punctuation: &str) -> bool {
        matches!(self, Self::Leaf { text, .. } if text == punctuation)
    }
}

/// The tree of `text`.
pub(crate) fn parse(text: &str) -> Vec<Node> {
    let mut lexer = Lexer { rest: text, spaced: false };
    lexer.nodes(None)
}

/// The parts of `nodes` between `separators`, without empty ones.
pub(crate) fn split<'a>(nodes: &'a [Node], separators: &'a [&str]) -> impl Iterator<Item = &'a [Node]> {
    nodes.split(|node| separators.iter().any(|s| node.is(s))).filter(|part| !part.is_empty())
}

struct Lexer<'a> {
    rest: &'a str,
    spaced: bool,
}

impl Lexer<'_> {
    fn nodes(&mut self, close: Option<char>) -> Vec<Node> {
        let mut nodes = Vec::new();
        loop {
            let trimmed = self.rest.trim_start();
            self.spaced = trimmed.len() < self.rest.len();
            self.rest = trimmed;
            let Some(first) = self.rest.chars().next() else { return nodes };
            if Some(first) == close {
                self.take(first.len_utf8());
                return nodes;
            }
            let begins = nodes.last().is_none_or(|node: &Node| matches!(node, Node::Docs(_)) || node.is(",") || node.is(";"));
            if close == Some('}') && begins && (first == ':' || self.rest.starts_with("?:")) {
                // An empty name has no quotes from ts-rs.
                nodes.push(Node::Leaf { text: "\"\"".to_owned(), spaced: self.spaced });
            }
            nodes.push(self.node(first));
        }
    }

    fn node(&mut self, first: char) -> Node {
        if self.rest.starts_with("/**") {
            return self.docs();
        }
        let spaced = self.spaced;
        if let Some(close) = closing(first) {
            self.take(1);
            return Node::Group { open: first, spaced, nodes: self.nodes(Some(close)) };
        }
        let len = match first {
            '"' | '\'' | '`' => literal(self.rest, first),
            '=' if self.rest.starts_with("=>") => 2,
            c if is_word(c) => self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len()),
            c => c.len_utf8(),
        };
        let text = self.take(len).to_owned();
        let names_member = self.rest.strip_prefix('?').unwrap_or(self.rest).starts_with(':');
        match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
            // ts-rs quotes the names of variants and tags always.
            Some(name) if names_member && is_plain(name) => Node::Leaf { text: name.to_owned(), spaced },
            // And others by rules of Rust.
            None if names_member && is_word(first) => Node::Leaf { text: key(&text), spaced },
            _ => Node::Leaf { spaced: spaced && text != ":", text },
        }
    }

    /// The comment of a member. ts-rs does not escape it, so the first `*/` may be the documentation's own: the end is the one with a
    /// member's name behind it.
    fn docs(&mut self) -> Node {
        let ends = self.rest.match_indices("*/").map(|(at, _)| at).skip_while(|at| *at < 3);
        let mut ends = ends.peekable();
        let first = ends.peek().copied();
        let end = ends.find(|at| self.rest[at + 2..].strip_prefix('\n').is_some_and(starts_member)).or(first);
        let len = end.map_or(self.rest.len(), |at| at + 2);
        Node::Docs(comment(self.take(len)))
    }

    fn take(&mut self, len: usize) -> &str {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        taken
    }
}

fn closing(open: char) -> Option<char> {
    Some(match open {
        '{' => '}',
        '(' => ')',
        '[' => ']',
        '<' => '>',
        _ => return None,
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The length of the literal that `text` begins with, quotes included.
fn literal(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    end.map_or(text.len(), |(at, c)| at + c.len_utf8())
}

/// Whether `text` begins with `name: ` or `"name"?: `; an empty name is not there.
fn starts_member(text: &str) -> bool {
    let len = if text.starts_with('"') { literal(text, '"') } else { text.find(|c| !is_word(c)).unwrap_or(text.len()) };
    let after = &text[len..];
    after.strip_prefix('?').unwrap_or(after).starts_with(": ")
}

/// The lines of a documentation comment, without `/**`, `*` and `*/`.
pub(crate) fn comment(text: &str) -> Vec<String> {
    let text = text.trim();
    let text = text.strip_prefix("/**").unwrap_or(text);
    let text = text.strip_suffix("*/").unwrap_or(text);
    let undecorated = |line: &str| {
        let line = line.trim_end();
        let bare = line.trim_start();
        // Of a line without a star the indentation may matter: an example's code.
        bare.strip_prefix('*').unwrap_or(line).to_owned()
    };
    let mut lines: Vec<String> = text.lines().map(undecorated).collect();
    while lines.first().is_some_and(|l| l.trim().is_empty()) {
        lines.remove(0);
    }
    while lines.last().is_some_and(|l| l.trim().is_empty()) {
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn docs(text: &str) -> Vec<Vec<String>> {
        let nodes = parse(text);
        let [Node::Group { nodes, .. }] = &nodes[..] else { panic!("{nodes:?}") };
        let docs = |n: &Node| if let Node::Docs(lines) = n { Some(lines.clone()) } else { None };
        nodes.iter().filter_map(docs).collect()
    }

    #[test]
    fn brackets_nest_and_literals_are_opaque() {
        let nodes = parse(r#"{ "a}\"": [x, "]"], f: (a) => Array<'>'>, }"#);
        let [Node::Group { open: '{', nodes, .. }] = &nodes[..] else { panic!("{nodes:?}") };
        assert_eq!(split(nodes, &[","]).count(), 2);
        assert!(matches!(&nodes[2], Node::Group { open: '[', nodes, .. } if nodes.len() == 3), "{nodes:?}");
        assert!(nodes.iter().any(|n| n.is("=>")));
    }

    #[test]
    fn names_of_members_lose_quotes_and_space() {
        let text =
            |node: &Node| if let Node::Leaf { text, spaced } = node { (text.clone(), *spaced) } else { panic!("{node:?}") };
        let nodes = parse(r#"{ "tag": "value", "a-b": "x", Ok : 1 }"#);
        let [Node::Group { nodes, .. }] = &nodes[..] else { panic!("{nodes:?}") };
        let names: Vec<_> = split(nodes, &[","]).map(|member| (text(&member[0]).0, text(&member[1]))).collect();
        let colon = (":".to_owned(), false);
        assert_eq!(names, [("tag".into(), colon.clone()), ("\"a-b\"".into(), colon.clone()), ("Ok".into(), colon)]);
        assert_eq!(text(&nodes[2]), ("\"value\"".into(), true));
        let nodes = parse("{ m²: number, }");
        assert!(matches!(&nodes[0], Node::Group { nodes, .. } if nodes[0].is("\"m²\"")), "{nodes:?}");
        let nodes = parse("{ : number, a: 1, /** No name. */\n?: 2, { [key in string]?: 3 } }");
        let [Node::Group { nodes, .. }] = &nodes[..] else { panic!("{nodes:?}") };
        assert_eq!(nodes.iter().filter(|node| node.is("\"\"")).count(), 2, "{nodes:?}");
    }

    #[test]
    fn a_comment_ends_where_the_next_member_begins() {
        assert_eq!(docs("{ \n/**\n * One.\n * Two.\n */\na: 1, b: 2, }"), [[" One.", " Two."]]);
        assert_eq!(docs("{ \n/**\n * src/**/*.rs */ evil: 1,\n */\n\"a-b\"?: 1, }"), [[" src/**/*.rs */ evil: 1,"]]);
        assert_eq!(
            docs("{ \n/** One\n * /* two */\nthree */\na: 1, }"),
            [[" One", " /* two */", "three "]].map(|d| d.map(str::trim_end))
        );
    }

    #[test]
    fn text_that_does_not_end_is_kept() {
        for text in ["{ a: [", "\"a", "/** a", "`", "}", "/**/"] {
            assert!(!parse(text).is_empty(), "{text}");
        }
    }
}
