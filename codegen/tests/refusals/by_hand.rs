//! Types that derive serde, ts-rs and schemars by hand: `#[payload]` would have told ts-rs more. And what nobody can tell it.

use std::{
    collections::{BTreeMap, HashMap},
    marker::PhantomData,
};

use expect_test::{ExpectFile, expect_file};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::*;

/// A contract with one payload that goes both ways.
macro_rules! both_ways {
    ($($module:ident: $payload:ty { $($item:item)* } $expected:expr;)*) => { $(
        mod $module {
            use super::*;

            $(
                #[allow(non_camel_case_types)]
                #[derive(Debug, Clone, Serialize, Deserialize, TS, JsonSchema)]
                $item
            )*

            #[events]
            pub trait Server {
                async fn go(&self, value: $payload) -> $payload;
            }

            namespace!(());
        }

        #[test]
        fn $module() {
            $expected.assert_eq(&told(Codegen::new().namespace::<$module::N>(), TypeScript::default()));
        }
    )* };
}

both_ways! {
    transparent: Wrapper {
        #[serde(transparent)]
        pub struct Wrapper { pub inner: u32 }
    } file("transparent");
    into: Stringly {
        #[serde(into = "String", from = "String")]
        pub struct Stringly { pub text: String }
    } file("into");
    two_shapes: Checked {
        #[serde(try_from = "Unchecked")]
        pub struct Checked { pub even: u32 }
        pub struct Unchecked { pub even: Option<u32>, pub other: u8 }
    } file("two_shapes");
    marker: Marked {
        pub struct Marked { pub id: u32, pub of: PhantomData<String> }
    } file("marker");
    names_of_each_direction: Event {
        #[serde(rename_all(serialize = "camelCase", deserialize = "kebab-case"))]
        pub enum Event { FirstOne, Second }
    } file("names_of_each_direction");
    odd_variants: Odd {
        #[serde(rename_all = "PascalCase")]
        pub enum Odd { Foo_Bar }
    } file("odd_variants");
    quotes: Quoted {
        pub struct Quoted { #[serde(rename = "with \"quotes\"")] pub a: u8, pub of: Quotes }
        pub enum Quotes { #[serde(rename = "with \"quotes\"")] Double }
    } file("quotes");
    backslashes: Escaped {
        pub struct Escaped { #[serde(rename = "a\\b")] pub a: u8 }
    } file("backslashes");
    flattened_option: Maybe {
        pub struct Maybe { pub id: u32, #[serde(flatten)] pub more: Option<More> }
        pub struct More { pub more: u8 }
    } file("flattened_option");
    variants_of_one_direction: Order {
        #[serde(tag = "type")]
        pub enum Order { Open { id: u32 }, #[serde(skip_deserializing)] Filled { id: u32 } }
    } file("variants_of_one_direction");
    unit_in_a_tagged_enum: Shape {
        #[serde(tag = "type")]
        pub enum Shape { Nothing(Unit), Something { id: u32 } }
        pub struct Unit;
    } file("unit_in_a_tagged_enum");
    keys: Keys {
        pub struct Keys { pub flags: BTreeMap<bool, u32>, pub fine: BTreeMap<u8, u32>, pub named: HashMap<Key, u8> }
        #[derive(PartialEq, Eq, Hash)]
        pub enum Key { A, B }
    } file("keys");
    flattened_map: Open {
        pub struct Open { pub id: u32, #[serde(flatten)] pub rest: HashMap<String, bool> }
    } file("flattened_map");
    skipped_in_a_tuple: Pair {
        pub struct Pair(pub u8, #[serde(skip_deserializing)] pub u8, pub u8);
    } file("skipped_in_a_tuple");
}

impl From<into::Stringly> for String {
    fn from(value: into::Stringly) -> Self {
        value.text
    }
}

impl From<String> for into::Stringly {
    fn from(text: String) -> Self {
        Self { text }
    }
}

impl TryFrom<two_shapes::Unchecked> for two_shapes::Checked {
    type Error = String;

    fn try_from(value: two_shapes::Unchecked) -> Result<Self, String> {
        value.even.map(|even| Self { even }).ok_or_else(|| "nothing".to_owned())
    }
}

/// The text is in a file of its own.
fn file(name: &str) -> ExpectFile {
    expect_file![format!("{HOME}tests/refusals/by_hand/{name}.txt")]
}
