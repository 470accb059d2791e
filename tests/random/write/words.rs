//! Names that mean something to Rust, JavaScript, JSON Schema or to generated code, and a few that are harmless.

use super::random::Random;

/// Names of one kind, each given once.
pub(crate) struct Words {
    left: Vec<&'static str>,
    base: &'static str,
    given: usize,
}

impl Words {
    pub(crate) fn new(all: &[&'static str], base: &'static str) -> Self {
        Self { left: all.to_vec(), base, given: 0 }
    }

    pub(crate) fn next(&mut self, random: &mut Random) -> String {
        if self.left.is_empty() || random.chance(50) {
            self.given += 1;
            return format!("{}{}", self.base, self.given);
        }
        self.left.swap_remove(random.below(self.left.len())).to_owned()
    }
}

/// Fields and arguments. Serde's `camelCase` wants names that begin in ASCII, here and below.
pub(crate) const FIELDS: &[&str] = &[
    "r#type",
    "r#match",
    "r#async",
    "r#in",
    "r#let",
    "r#await",
    "r#enum",
    "prototype",
    "this",
    "then",
    "default",
    "arguments",
    "eval",
    "length",
    "größe",
    "n名前",
    "x_1",
    "a__b",
    "_hidden",
    "__dunder",
    "ok",
    "error",
    "value",
    "fault",
    "data",
    "null",
    "undefined",
    "delete",
    "r#typeof",
    "function",
    "var",
    "camelCase",
    "sub",
    "ack",
    "args",
    "options",
    "url",
    "io",
    "socket",
    "id",
    "first_name",
    "_1",
    "x1y2",
    "x_ünï_cödé",
];

/// Names on the wire of fields.
pub(crate) const FIELD_NAMES: &[&str] = &[
    "last-name",
    "straße",
    "with space",
    "1st",
    "",
    "a.b",
    "$ref",
    "$defs",
    "x-socketio",
    "7",
    "-1",
    "@id",
    "#",
    "a/b",
    "a~b",
    "a?",
    "a:b",
    "[0]",
    "🦀",
    "*/",
    "//",
    "${x}",
    "`",
    "'",
    "%",
    "<T>",
    "\u{2028}",
    "properties",
    "const",
    "_placeholder",
];

/// Variants.
pub(crate) const VARIANTS: &[&str] = &[
    "Ok",
    "Err",
    "Type",
    "Größe",
    "None",
    "Some",
    "Object",
    "HTTPServer",
    "X1",
    "A",
    "NeuÄnderung",
    "Default",
    "Null",
    "True",
    "FooBar",
    "Symbol",
    "Kind",
];

/// Names on the wire of variants.
pub(crate) const VARIANT_NAMES: &[&str] = &[
    "two words",
    "null-ish",
    "1",
    "max!",
    "größe",
    "",
    "🦀",
    "*/",
    "${x}",
    "it's",
    "a.b",
    "false",
    "nil",
    "a|b",
    "{}",
    "Self",
    "#/$defs/X",
    "<script>",
];

/// Names of payloads in TypeScript.
pub(crate) const TYPE_NAMES: &[&str] =
    &["Größe", "_Private", "$Dollar", "Console", "Type", "Any", "Item", "Props", "Event", "Page_for_A", "名前"];

/// Events, as methods.
pub(crate) const EVENTS: &[&str] = &[
    "then",
    "constructor",
    "to_string",
    "on",
    "emit",
    "off",
    "once",
    "timeout",
    "socket",
    "r#try",
    "r#type",
    "größe",
    "send",
    "join",
    "message",
    "error",
    "data",
    "value_of",
    "r#await",
    "delete",
    "call",
    "apply",
    "bind",
    "name",
    "length",
    "prototype",
    "default",
    "new_message",
];

/// Events, on the wire.
pub(crate) const EVENT_NAMES: &[&str] = &[
    "file:put",
    "a b",
    "ünï",
    "🦀",
    "__proto__",
    "constructor2",
    "isPrototypeOf",
    "hasOwnProperty",
    "${x}",
    "`",
    "*/",
    "\\",
    "\"",
    "'",
    "a.b",
    "a/b",
    "~",
    "1",
    "-",
    "$",
    "#",
    "then2",
    "\n",
    "<b>",
    "{x}",
    "%20",
    "\u{2028}",
];

/// Texts of documentation.
pub(crate) const DOCS: &[&str] = &[
    " Plain.",
    " Ends */ early.",
    "*/",
    " `code` and \\backslash\\.",
    " @deprecated not really",
    " ```\n const x = 1;\n ```",
    "",
    " Größe 🦀",
    " \"quoted\" 'text' ${x} `y`",
    " | a | b |\n |---|---|",
    "/",
    " {@link x} <b>",
    " ends with a star *",
    " /* nested /* ",
    " # Title\n\n - a\n - b",
];

/// Tags of enums.
pub(crate) const TAGS: &[&str] =
    &["kind", "t", "$type", "@tag", "tag-name", "__typename", "constructor", "toString", "type_", "a tag"];

pub(crate) const CASES: &[&str] = &[
    "lowercase",
    "UPPERCASE",
    "PascalCase",
    "camelCase",
    "snake_case",
    "SCREAMING_SNAKE_CASE",
    "kebab-case",
    "SCREAMING-KEBAB-CASE",
];
