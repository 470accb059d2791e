//! Payloads that the generator refuses, and how it begins to say why.

use super::Writer;

const MISTAKES: &[(&str, &str)] = &[
    ("64-bit integers", "#[payload] pub struct Mistake { pub id: u64 }"),
    ("64-bit integers", "#[payload] pub struct Mistake { pub ids: Vec<Option<usize>> }"),
    ("bytes that are sent", "#[payload] pub struct Mistake { pub data: Vec<u8> }"),
    ("bytes that are sent", "#[payload] #[serde(transparent)] pub struct Mistake { pub data: Vec<u8> }"),
    ("64-bit integers", "#[payload] #[serde(transparent)] pub struct Mistake { pub sizes: Vec<isize> }"),
    (
        "`toString` may be missing",
        "#[payload] pub struct Mistake { #[serde(rename = \"toString\", default, skip_serializing_if = \"String::is_empty\")] pub text: String }",
    ),
    (
        "ts-rs cannot describe",
        "#[payload] pub struct Mistake { #[serde(flatten)] pub of: Inner }\n#[payload] pub struct Inner(pub Innermost);\n#[payload] pub struct Innermost { pub id: u8 }",
    ),
    ("a type would be an alias of itself", "#[payload] pub struct Mistake(pub Option<Box<Mistake>>);"),
    ("`Date` would hide the global", "#[payload] #[serde(rename = \"Date\")] pub struct Mistake { pub code: u8 }"),
    ("`Ack` is a name", "#[payload] #[serde(rename = \"Ack\")] pub struct Mistake { pub code: u8 }"),
    ("`my-type` cannot be", "#[payload] #[serde(rename = \"my-type\")] pub struct Mistake { pub code: u8 }"),
    ("`__proto__` is no field", "#[payload] pub struct Mistake { pub __proto__: u8 }"),
    (
        "asymmetric type",
        "#[payload] pub struct Mistake { #[serde(skip_serializing_if = \"String::is_empty\")] pub text: String }",
    ),
    ("asymmetric type", "#[payload] pub struct Mistake { #[serde(skip_serializing)] pub text: String }"),
    (
        "asymmetric type",
        "#[payload] pub struct Mistake { #[serde(rename(serialize = \"a\", deserialize = \"b\"))] pub text: String }",
    ),
];

impl Writer {
    /// In one of eight contracts, a type that is refused.
    pub(crate) fn mistake(&mut self) -> Option<&'static str> {
        if !self.random.chance(12) {
            return None;
        }
        let (why, source) = *self.random.one(MISTAKES);
        self.out.push_str(source);
        self.out.push_str("\nimpl Sample for Mistake { fn sample(_: &mut Source) -> Self { unreachable!() } }\n");
        self.mistake = Some(why);
        self.mistake
    }
}
