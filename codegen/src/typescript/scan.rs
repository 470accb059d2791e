//! Finds in generated code what it declares and what it mentions. It reads what this crate has written, not any TypeScript.

use std::collections::BTreeSet;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Declared {
    /// More than a type.
    pub(crate) value: bool,
}

/// The declarations of a file: they begin at the beginning of a line.
pub(crate) fn declared(text: &str) -> Vec<(String, Declared)> {
    let mut found: Vec<(String, Declared)> = Vec::new();
    for line in text.lines() {
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((value, rest)) = KEYWORDS.iter().find_map(|(word, value)| Some((*value, line.strip_prefix(word)?))) else {
            continue;
        };
        let name = rest.split(|c: char| !is_word(c)).next().unwrap_or(rest).to_owned();
        match found.iter_mut().find(|(known, _)| *known == name) {
            // A type and a value of one name are imported as one.
            Some((_, declared)) => declared.value |= value,
            None => found.push((name, Declared { value })),
        }
    }
    found
}

const KEYWORDS: [(&str, bool); 4] = [("type ", false), ("interface ", false), ("function ", true), ("const ", true)];

/// Exports what is private where there is one file only.
pub(crate) fn export_private(text: &str) -> String {
    let export = |line: &str| {
        let bare = line.strip_prefix("declare ").unwrap_or(line);
        let private = KEYWORDS.iter().any(|(word, _)| bare.strip_prefix(word).is_some_and(|name| name.starts_with('_')));
        format!("{}{line}\n", if private { "export " } else { "" })
    };
    text.lines().map(export).collect()
}

/// The names that `text` mentions and may mean something outside of it: no members, no comments, no strings.
pub(crate) fn mentions(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let (mut rest, mut before) = (text, ' ');
    while let Some(first) = rest.chars().next() {
        let (token, after) = rest.split_at(token(rest, first));
        let member = after.strip_prefix('?').unwrap_or(after).starts_with(':');
        // Behind a dot it is a property, unless the dots are those of a spread.
        if is_word(first) && !member && before != '.' {
            found.insert(token);
        }
        before = if text[..text.len() - after.len()].ends_with("...") { ' ' } else { token.chars().next_back().unwrap_or(' ') };
        rest = after;
    }
    found
}

/// The text with each documentation comment replaced.
pub(crate) fn comments(text: &str, with: impl Fn(&str) -> String) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(first) = rest.chars().next() {
        let (token, after) = rest.split_at(token(rest, first));
        out += &if token.starts_with("/**") { with(token) } else { token.to_owned() };
        rest = after;
    }
    out
}

/// The length of the string, comment, word or character that `text` begins with.
fn token(text: &str, first: char) -> usize {
    match first {
        '"' | '`' => string(text, first),
        '/' if text.starts_with("//") => text.find('\n').unwrap_or(text.len()),
        '/' if text.starts_with("/*") => text.find("*/").map_or(text.len(), |at| at + 2),
        c if is_word(c) => text.find(|c| !is_word(c)).unwrap_or(text.len()),
        c => c.len_utf8(),
    }
}

fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    end.map_or(text.len(), |(at, c)| at + c.len_utf8())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_and_exported() {
        let text = "export type A = 1;\ntype _B = 2;\nexport const A: A = 1;\n  type Inner = 3;\nfunction _f() {}\ndeclare function _g(): void;\n";
        let names = declared(text);
        let value = |name| names.iter().find(|(known, _)| known == name).map(|(_, declared)| declared.value);
        assert_eq!([value("A"), value("_B"), value("_f"), value("Inner")], [Some(true), Some(false), Some(true), None]);
        let exported = export_private(text);
        assert!(exported.contains("\nexport type _B") && exported.contains("\nexport function _f"), "{exported}");
        assert!(exported.contains("\nexport declare function _g") && exported.contains("\n  type Inner"), "{exported}");
    }

    #[test]
    fn comments_are_replaced_and_strings_are_not() {
        let replaced = comments("/** a */ \"/** b */\" // /** c */\n/* d */ `/** e */`", |comment| comment.replace('a', "A"));
        assert_eq!(replaced, "/** A */ \"/** b */\" // /** c */\n/* d */ `/** e */`");
    }

    #[test]
    fn mentions_are_neither_members_nor_text() {
        let text = "type X<T> = { A: B; C?: D.E; \"F\": `G` } /* H */ // I\n(...J: K[]) => L";
        let found: Vec<_> = mentions(text).into_iter().collect();
        assert_eq!(found, ["B", "D", "K", "L", "T", "X", "type"]);
    }
}
