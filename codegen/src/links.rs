//! rustdoc's links to items, ``[`Message`]`` and `[text](crate::Message)`: nobody but rustdoc knows where they go.

use std::collections::BTreeMap;

/// A link to an item of Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link<'a> {
    /// What is read, in Markdown.
    pub(crate) text: &'a str,
    /// The path of the item, without what only rustdoc needs: `crate::Message`.
    pub(crate) path: &'a str,
}

impl Link<'_> {
    /// The link as a text without one.
    pub(crate) fn plain(self) -> String {
        if self.is_path() { format!("`{}`", self.brief()) } else { self.text.to_owned() }
    }

    /// Whether what is read is the path.
    pub(crate) fn is_path(self) -> bool {
        path(self.text).is_some_and(|text| text == self.path || self.path.ends_with(&format!("::{text}")))
    }

    /// The path as people say it.
    pub(crate) fn brief(self) -> String {
        let named = self.path.split("::").skip_while(|segment| ["crate", "super", "self"].contains(segment));
        named.collect::<Vec<_>>().join("::")
    }
}

/// The documentation `text` with `write` in place of each link. `[Message]` without code or target is one if `write` has something for it.
pub(crate) fn replace(text: &str, write: impl Fn(Link<'_>) -> Option<String>) -> String {
    let definitions: BTreeMap<_, _> = text.lines().filter_map(definition).collect();
    let (mut out, mut fenced) = (String::new(), false);
    for line in text.split_inclusive('\n') {
        if is_fence(line) {
            fenced = !fenced;
        }
        if fenced || is_fence(line) {
            out += line;
        } else if definition(line).is_none() {
            self::line(line, &definitions, &write, &mut out);
        }
    }
    // A definition at the end leaves the line before it as the last one.
    if text.ends_with('\n') { out } else { out.trim_end_matches('\n').to_owned() }
}

/// Lines may have the star of a comment before them.
fn undecorated(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix('*').map_or(line, str::trim_start)
}

fn is_fence(line: &str) -> bool {
    ["```", "~~~"].iter().any(|fence| undecorated(line).starts_with(fence))
}

/// `[label]: path`.
fn definition(line: &str) -> Option<(&str, &str)> {
    let (label, target) = undecorated(line).strip_prefix('[')?.split_once("]:")?;
    Some((label, path(target.trim())?))
}

fn line(line: &str, definitions: &BTreeMap<&str, &str>, write: &impl Fn(Link<'_>) -> Option<String>, out: &mut String) {
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '`' => code(rest),
            // An image has no link.
            '!' if rest.starts_with("![") => 2,
            '[' => {
                if let Some((len, written)) = link(rest, definitions, write) {
                    *out += &written;
                    rest = &rest[len..];
                    continue;
                }
                1
            }
            first => first.len_utf8(),
        };
        *out += &rest[..len];
        rest = &rest[len..];
    }
}

/// The length of the code that `text` begins with, or of the backquotes if it does not end.
fn code(text: &str) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let mut at = ticks;
    while let Some(start) = text[at..].find('`').map(|start| at + start) {
        let end = text[start..].find(|c| c != '`').map_or(text.len(), |end| start + end);
        if end - start == ticks {
            return end;
        }
        at = end;
    }
    ticks
}

/// The link that `text` begins with: how long it is and what is written for it.
fn link(text: &str, definitions: &BTreeMap<&str, &str>, write: &impl Fn(Link<'_>) -> Option<String>) -> Option<(usize, String)> {
    let end = closing(text)?;
    let (label, after) = (&text[1..end], &text[end + 1..]);
    let written = |path: &str| {
        let link = Link { text: label, path };
        write(link).unwrap_or_else(|| link.plain())
    };
    if let Some(target) = after.strip_prefix('(') {
        let close = target.find(')')?;
        // Functions are called.
        let close = if target[..close].ends_with('(') { close + 1 + target[close + 1..].find(')')? } else { close };
        return Some((end + 1 + close + 2, written(path(&target[..close])?)));
    }
    if let Some((reference, _)) = after.strip_prefix('[').and_then(|after| after.split_once(']')) {
        let reference_or_label = if reference.is_empty() { label } else { reference };
        let target = definitions.get(reference_or_label).copied().or_else(|| path(reference_or_label))?;
        return Some((end + 1 + reference.len() + 2, written(target)));
    }
    if let Some(target) = definitions.get(label) {
        return Some((end + 1, written(target)));
    }
    let path = path(label)?;
    let is_code = label.starts_with('`');
    let plain = write(Link { text: label, path }).or_else(|| is_code.then(|| Link { text: label, path }.plain()))?;
    Some((end + 1, plain))
}

/// Where the bracket that `text` begins with is closed.
fn closing(text: &str) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(c) = text[at..].chars().next() {
        match c {
            '`' => {
                at += code(&text[at..]);
                continue;
            }
            '[' => depth += 1,
            ']' if depth == 1 => return Some(at),
            ']' => depth -= 1,
            _ => {}
        }
        at += c.len_utf8();
    }
    None
}

/// The path of an item, if it is one: without code, kind, brackets of calls and parameters.
fn path(text: &str) -> Option<&str> {
    let text = text.trim().trim_matches('`');
    let text = text.split_once('@').map_or(text, |(_, path)| path);
    let text = text.split('#').next().unwrap_or(text);
    let text = text.split('<').next().unwrap_or(text);
    let text = text.strip_suffix("()").or_else(|| text.strip_suffix('!')).unwrap_or(text);
    let is_name = |segment: &str| {
        let word = segment.strip_prefix("r#").unwrap_or(segment);
        word.starts_with(|c: char| c.is_alphabetic() || c == '_') && word.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    text.split("::").all(is_name).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only `Message` is known.
    fn written(text: &str) -> String {
        replace(text, |link| (link.path.ends_with("Message")).then(|| format!("<{}>", link.text)))
    }

    #[test]
    fn links_to_items_are_found() {
        for (text, want) in [
            ("a [`Message`], and [`crate::Message`].", "a <`Message`>, and <`crate::Message`>."),
            ("[Message] is known, [Other] is not", "<Message> is known, [Other] is not"),
            ("[`Other`] and [`crate::Other::new()`]", "`Other` and `Other::new`"),
            ("[what it is](crate::Message) or [not](super::Other)", "<what it is> or not"),
            ("[`struct@Message`], [it](fn@send()), [`Vec<Message>`]", "<`struct@Message`>, it, `Vec`"),
            ("[this][Message] and [`Message`][]", "<this> and <`Message`>"),
            ("ä [`Message`] ö", "ä <`Message`> ö"),
        ] {
            assert_eq!(written(text), want);
        }
    }

    #[test]
    fn what_is_no_link_is_left_alone() {
        for text in [
            "[a page](https://example.com/Message), [here](#usage), [there](./a.md), [mail](mailto:a@b.c)",
            "`[Message]` is code, ``[`Message`]`` too",
            "an array[0], [1, 2], [ ] a box, \\[`Message`], ![`Message`](Message)",
            "```\nlet [`Message`] = 1;\n```",
            "an end [`Message",
            "[label]: https://example.com\n[label]",
        ] {
            assert_eq!(written(text), text);
        }
    }

    #[test]
    fn definitions_are_followed_and_go() {
        let text = "See [the message][m] and [it].\n\n[m]: crate::Message\n[it]: super::Other";
        assert_eq!(written(text), "See <the message> and it.");
        assert_eq!(written("/**\n * See [it].\n *\n * [it]: Message\n */"), "/**\n * See <it>.\n *\n */");
    }
}
