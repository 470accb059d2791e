//! Declarations of types that are easily written wrong.

#![allow(dead_code, unreachable_pub, missing_docs, missing_debug_implementations, reason = "a contract is all there is")]

use std::ops::Range;

use ackord::{Binary, Namespace, events, payload};
use ackord_codegen::{Codegen, TypeScript};

#[payload]
#[serde(transparent)]
pub struct Tree {
    pub children: Vec<Tree>,
}

#[payload]
#[serde(transparent)]
pub struct Nested(pub Vec<Option<Nested>>);

#[payload]
#[serde(transparent)]
pub struct Attached {
    pub files: Vec<Binary>,
}

#[payload]
#[serde(from = "Range<u32>", into = "Range<u32>")]
pub struct Span {
    pub start: u32,
}

impl From<Range<u32>> for Span {
    fn from(range: Range<u32>) -> Self {
        Self { start: range.start }
    }
}

impl From<Span> for Range<u32> {
    fn from(span: Span) -> Self {
        span.start..span.start
    }
}

#[payload]
pub struct AllLeftOut {
    #[serde(skip)]
    pub secret: u8,
}

#[payload]
pub enum SomeLeftOut {
    Nothing {
        #[serde(skip)]
        secret: u8,
    },
    Something {
        #[serde(flatten)]
        rest: Streets,
    },
}

#[payload]
#[allow(non_snake_case)]
#[serde(rename_all = "UPPERCASE")]
pub struct Streets {
    pub straße: u8,
    pub houseNumber: u8,
}

#[payload]
#[allow(non_camel_case_types)]
#[serde(rename_all = "PascalCase")]
pub enum Level {
    Very_Low,
    high,
}

#[payload]
pub struct NoName {
    /// Has none.
    #[serde(rename = "")]
    pub value: u8,
    #[serde(rename = "?", default, skip_serializing_if = "Option::is_none")]
    pub other: Option<u8>,
}

#[events]
pub trait Server {
    fn aliases(&self, a: Tree, b: Nested, c: Attached, d: Span);
    fn left_out(&self, a: AllLeftOut, b: SomeLeftOut);
    fn names(&self, a: Level, b: NoName, c: Streets);
    async fn settle(&self, settled: Option<Result<u8, String>>) -> Option<Result<u8, String>>;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Server)]
pub struct Space;

fn text() -> String {
    Codegen::new().namespace::<Space>().typescript("api.ts", TypeScript::default()).render().expect("a contract").remove(0).text
}

#[track_caller]
fn declares(declaration: &str) {
    let text = text();
    assert!(text.contains(declaration), "no {declaration} in {text}");
}

#[test]
fn an_alias_names_what_it_is() {
    declares("export type Tree = Array<Tree>;");
    declares("export type Nested = Array<Nested | null>;");
    declares("export type Span = {\n  start: number;\n  end: number;\n};");
    declares("export type Attached<_B = Binary> = Array<_B>;");
    declares("export type Binary = ");
    let codegen = Codegen::new().namespace::<Space>();
    let schema = codegen.json_schema("api.json").render().unwrap().remove(0).text;
    assert!(schema.contains(r##""Tree": { "type": "array", "items": { "$ref": "#/$defs/Tree" } }"##), "{schema}");
}

#[test]
fn fields_that_are_all_left_out_leave_an_object_without_any() {
    declares("export type AllLeftOut = Record<symbol, never>;");
    declares("{ Nothing: Record<symbol, never> }");
}

#[test]
fn names_are_those_of_serde() {
    assert_eq!(serde_json::to_string(&Streets { straße: 1, houseNumber: 2 }).unwrap(), r#"{"STRAßE":1,"HOUSENUMBER":2}"#);
    declares("  \"STRAßE\": number;\n  HOUSENUMBER: number;");
    declares("export type Level = \"Very_Low\" | \"high\";");
}

#[test]
fn a_name_may_be_empty() {
    declares("  /** Has none. */\n  \"\": number;\n  \"?\"?: number | null;");
}

#[test]
fn an_option_of_an_enum_is_one_of_its_variants_or_null() {
    declares("settled: { Ok: number } | { Err: string } | null");
}
