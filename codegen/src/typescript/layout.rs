//! Lays out types: members on lines of their own, long unions one arm a line, comments escaped.

use std::fmt::Write as _;

use super::tokens::{Node, split};

/// Longer lines are broken.
const WIDTH: usize = 120;

/// `lines` as a documentation comment before something that is indented by `indent`, or nothing.
pub(crate) fn jsdoc<S: AsRef<str>>(lines: &[S], indent: usize) -> String {
    let pad = " ".repeat(indent);
    // A slash after a star would end the comment.
    let escaped = |line: &S| line.as_ref().trim_end().replace("*/", "*\\/");
    match lines {
        [] => String::new(),
        [one] => format!("{pad}/** {} */\n", escaped(one).trim_start()),
        many => {
            let line = |out: String, line| match &*escaped(line) {
                "" => out + &pad + " *\n",
                text if text.starts_with(' ') => out + &pad + " *" + text + "\n",
                text => out + &pad + " * " + text + "\n",
            };
            many.iter().fold(format!("{pad}/**\n"), line) + &pad + " */\n"
        }
    }
}

/// `head(params)tail`, with a line for each parameter where one is too short.
pub(crate) fn call(head: &str, params: &[String], tail: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let line = format!("{pad}{head}({}){tail}", params.join(", "));
    if line.lines().next().is_none_or(|first| first.len() <= WIDTH) {
        return line;
    }
    let lines = params.iter().fold(String::new(), |out, param| out + &pad + "  " + param + ",\n");
    format!("{pad}{head}(\n{lines}{pad}){tail}")
}

/// `nodes` as text that begins at column `column` of a line indented by `indent`.
pub(crate) fn layout(nodes: &[Node], indent: usize, column: usize) -> String {
    if let Some(line) = line(nodes, column) {
        return line;
    }
    let arms: Vec<_> = split(nodes, &["|"]).collect();
    // A function or a conditional type, written by hand: what follows the arrow is not an arm.
    let is_union = arms.len() > 1 && !nodes.iter().any(|node| node.is("=>") || node.is("extends"));
    if is_union {
        let inner = indent + 2;
        return arms.iter().fold(String::new(), |out, arm| {
            let (docs, arm) = documented(arm);
            let arm = line(arm, inner + 2).unwrap_or_else(|| broken(arm, inner + 2));
            out + "\n" + &jsdoc(docs, inner) + &" ".repeat(inner) + "| " + &arm
        });
    }
    broken(nodes, indent)
}

/// `nodes` without a line break, if that fits from `column` on.
fn line(nodes: &[Node], column: usize) -> Option<String> {
    Some(flat(nodes)).filter(|text| column + text.len() <= WIDTH && !has_docs(nodes))
}

/// `nodes` with the members of objects on lines of their own.
pub(crate) fn broken(nodes: &[Node], indent: usize) -> String {
    let mut out = String::new();
    for (i, node) in nodes.iter().enumerate() {
        match node {
            Node::Group { open: '{', spaced, nodes } if !nodes.is_empty() => {
                out.push_str(if *spaced && i > 0 { " {\n" } else { "{\n" });
                for member in split(nodes, &[",", ";"]) {
                    out.push_str(&member_line(member, indent + 2));
                }
                let _ = write!(out, "{}}}", " ".repeat(indent));
            }
            Node::Group { open: '(', spaced, nodes } => {
                let _ = write!(out, "{}({})", if *spaced && i > 0 { " " } else { "" }, layout(nodes, indent, indent));
            }
            Node::Group { open: '<', nodes, .. } => {
                let _ = write!(out, "<{}>", layout(nodes, indent, indent));
            }
            node => flat_node(&mut out, node, i == 0),
        }
    }
    out
}

fn member_line(member: &[Node], indent: usize) -> String {
    let (docs, member) = documented(member);
    let colon = member.iter().position(|n| n.is(":")).map_or(0, |at| at + 1);
    let (name, ty) = member.split_at(colon);
    let name = if name.is_empty() { String::new() } else { flat(name) + " " };
    let ty = layout(ty, indent, indent + name.len() + 1);
    // A union on lines of its own begins with a line break.
    let name = if ty.starts_with('\n') { name.trim_end() } else { &name };
    format!("{}{}{name}{ty};\n", jsdoc(docs, indent), " ".repeat(indent))
}

/// The comment that `nodes` begin with, and what it is about.
fn documented(nodes: &[Node]) -> (&[String], &[Node]) {
    match nodes {
        [Node::Docs(docs), rest @ ..] => (docs, rest),
        nodes => (&[], nodes),
    }
}

fn flat(nodes: &[Node]) -> String {
    let mut out = String::new();
    for (i, node) in nodes.iter().enumerate() {
        flat_node(&mut out, node, i == 0);
    }
    out
}

fn flat_node(out: &mut String, node: &Node, first: bool) {
    match node {
        Node::Leaf { text, spaced } => {
            out.push_str(if *spaced && !first { " " } else { "" });
            out.push_str(text);
        }
        // Only where a comment stands in no member: ts-rs writes none there.
        Node::Docs(_) => {}
        Node::Group { open, spaced, nodes } => {
            out.push_str(if *spaced && !first { " " } else { "" });
            match open {
                '{' if nodes.is_empty() => out.push_str("{}"),
                '{' => {
                    let members: Vec<_> = split(nodes, &[",", ";"]).map(flat).collect();
                    let _ = write!(out, "{{ {} }}", members.join("; "));
                }
                '[' => {
                    let _ = write!(out, "[{}]", flat(nodes));
                }
                '(' => {
                    let _ = write!(out, "({})", flat(nodes));
                }
                _ => {
                    let _ = write!(out, "<{}>", flat(nodes));
                }
            }
        }
    }
}

fn has_docs(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Docs(_) => true,
        Node::Group { nodes, .. } => has_docs(nodes),
        Node::Leaf { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tokens::parse;
    use super::*;

    #[test]
    fn comments_are_escaped_and_aligned() {
        assert_eq!(jsdoc::<&str>(&[], 2), "");
        assert_eq!(jsdoc(&[" src/**/*.rs "], 2), "  /** src/**\\/*.rs */\n");
        assert_eq!(jsdoc(&[" One.", "", "two"], 0), "/**\n * One.\n *\n * two\n */\n");
    }

    #[test]
    fn what_fits_stays_on_its_line() {
        let nodes = parse("Array<{ a: number, b?: [string, { [key in string]: null }], }> | null");
        assert_eq!(layout(&nodes, 0, 0), "Array<{ a: number; b?: [string, { [key in string]: null }] }> | null");
        assert_eq!(layout(&parse("{  }"), 0, 0), "{}");
        let function = format!("({}: number) => string | null", "x".repeat(WIDTH));
        assert_eq!(layout(&parse(&function), 0, 0), function);
    }

    #[test]
    fn members_and_arms_are_broken_where_they_do_not_fit() {
        let nodes = parse("{ \n/**\n * A.\n */\na: { \"t\": \"x\", b: number, } | { \"t\": \"y\", }, }");
        assert_eq!(layout(&nodes, 0, 9), "{\n  /** A. */\n  a: { t: \"x\"; b: number } | { t: \"y\" };\n}");
        let arm = |n: usize| format!("{{ t: \"{}\"; b: 1 }}", "x".repeat(n));
        let long = arm(WIDTH);
        let nodes = parse(&format!("{} | {long} | Array<{long}>", arm(20)));
        let object = |indent: &str| {
            long.replace("{ ", &format!("{{\n{indent}  "))
                .replace("; ", &format!(";\n{indent}  "))
                .replace(" }", &format!(";\n{indent}}}"))
        };
        assert_eq!(layout(&nodes, 0, 9), format!("\n  | {}\n  | {}\n  | Array<{}>", arm(20), object("    "), object("    ")));
    }
}
