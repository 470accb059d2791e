//! One payload through many versions.

use std::collections::{BTreeMap, HashMap};

use ackord::{Namespace, events, payload};
use ackord_codegen::Codegen;
use serde_json::Value;

use super::LockFile;

/// A version of the payload.
pub struct Version {
    pub name: &'static str,
    /// Its contract, with a lock file.
    pub codegen: fn(&LockFile) -> Codegen,
    /// Whether serde takes a value, and what it writes for it.
    pub round: fn(&Value) -> Option<Value>,
}

macro_rules! versions {
    ($($name:ident { $($item:item)* })*) => {
        $(
            pub mod $name {
                use super::*;

                $($item)*

                #[events]
                pub trait Server {
                    fn up(&self, a: T);
                    async fn ask(&self) -> Result<T, T>;
                }

                #[events]
                pub trait Client {
                    fn down(&self, a: T);
                }

                #[derive(Namespace, Clone)]
                #[namespace(path = "/", server = dyn Server, client = dyn Client)]
                pub struct Space;
            }
        )*

        pub const ALL: &[Version] = &[$(
            Version {
                name: stringify!($name),
                codegen: |lock| lock.codegen::<$name::Space>(),
                round: |value| {
                    // From text, as from the wire.
                    let read: $name::T = serde_json::from_str(&value.to_string()).ok()?;
                    serde_json::to_value(read).ok()
                },
            },
        )*];
    };
}

versions! {
    base { #[payload] pub struct T { pub id: u32, pub text: String, pub tag: Option<String> } }
    required_field { #[payload] pub struct T { pub id: u32, pub text: String, pub tag: Option<String>, pub more: bool } }
    option_field { #[payload] pub struct T { pub id: u32, pub text: String, pub tag: Option<String>, pub more: Option<bool> } }
    default_field { #[payload] pub struct T { pub id: u32, pub text: String, pub tag: Option<String>, #[serde(default)] pub more: bool } }
    fewer_fields { #[payload] pub struct T { pub id: u32, pub text: String } }
    small_id { #[payload] pub struct T { pub id: u8, pub text: String, pub tag: Option<String> } }
    signed_id { #[payload] pub struct T { pub id: i32, pub text: String, pub tag: Option<String> } }
    float_id { #[payload] pub struct T { pub id: f64, pub text: String, pub tag: Option<String> } }
    text_id { #[payload] pub struct T { pub id: String, pub text: String, pub tag: Option<String> } }
    maybe_text { #[payload] pub struct T { pub id: u32, pub text: Option<String>, pub tag: Option<String> } }
    sure_tag { #[payload] pub struct T { pub id: u32, pub text: String, pub tag: String } }
    left_out { #[payload] pub struct T { pub id: u32, pub text: String, #[serde(default, skip_serializing_if = "Option::is_none")] pub tag: Option<String> } }
    not_read { #[payload] pub struct T { pub id: u32, pub text: String, #[serde(skip_deserializing)] pub tag: Option<String> } }
    renamed { #[payload] pub struct T { pub id: u32, #[serde(rename = "words")] pub text: String, pub tag: Option<String> } }
    renamed_with_alias { #[payload] pub struct T { pub id: u32, #[serde(rename = "words", alias = "text")] pub text: String, pub tag: Option<String> } }
    option_with_alias { #[payload] pub struct T { pub id: u32, pub text: String, #[serde(alias = "tag")] pub label: Option<String> } }
    closed_with_alias { #[payload] #[serde(deny_unknown_fields)] pub struct T { pub id: u32, #[serde(alias = "words")] pub text: String, pub tag: Option<String> } }
    flattened_alias {
        #[payload] pub struct Base { pub id: u32, #[serde(alias = "text")] pub words: String }
        #[payload] pub struct T { #[serde(flatten)] pub base: Base, pub tag: Option<String> }
    }
    closed { #[payload] #[serde(deny_unknown_fields)] pub struct T { pub id: u32, pub text: String, pub tag: Option<String> } }
    open { #[payload] pub struct T { pub id: u32, pub text: String, #[serde(flatten)] pub others: BTreeMap<String, Value> } }
    flattened {
        #[payload] pub struct Base { pub id: u32, pub text: String }
        #[payload] pub struct T { #[serde(flatten)] pub base: Base, pub tag: Option<String> }
    }
    any_json { #[payload] pub struct T { pub id: Value, pub text: Value, pub tag: Value } }
    newtype { #[payload] pub struct T(pub u32); }
    list { #[payload] pub struct T(pub Vec<u32>); }
    set { #[payload] pub struct T(pub std::collections::BTreeSet<u8>); }
    pair { #[payload] pub struct T(pub u32, pub u8); }
    array { #[payload] pub struct T(pub [u8; 2]); }
    map { #[payload] pub struct T(pub HashMap<String, u32>); }
    map_of_options { #[payload] pub struct T(pub HashMap<String, Option<u32>>); }
    numbered { #[payload] pub struct T(pub BTreeMap<u32, u32>); }
    letter { #[payload] pub struct T(pub char); }
    words { #[payload] pub struct T(pub String); }
    nothing { #[payload] pub struct T; }
    level { #[payload] pub enum T { Low, High } }
    levels { #[payload] pub enum T { Low, High, Max } }
    level_renamed { #[payload] pub enum T { Low, #[serde(alias = "High")] Top } }
    level_with_other { #[payload] pub enum T { Low, #[serde(other)] High } }
    levels_with_other { #[payload] pub enum T { Low, High, #[serde(other)] Max } }
    level_with_value_and_other { #[payload] pub enum T { Low, High(u8), #[serde(other)] Max } }
    level_with_value_renamed { #[payload] pub enum T { Low, #[serde(alias = "High")] Top(u8) } }
    level_with_value { #[payload] pub enum T { Low, High(u8) } }
    level_with_more { #[payload] pub enum T { Low, High(u32), Two(u8, String) } }
    level_with_fields { #[payload] pub enum T { Low, High { by: u8 }, } }
    tagged { #[payload] #[serde(tag = "kind")] pub enum T { Low, High { by: u8 } } }
    tagged_wider { #[payload] #[serde(tag = "kind")] pub enum T { Low, High { by: u32, why: Option<String> } } }
    tagged_more { #[payload] #[serde(tag = "kind")] pub enum T { Low, High { by: u8 }, Max } }
    tagged_renamed { #[payload] #[serde(tag = "kind")] pub enum T { Low, #[serde(alias = "High")] Top { #[serde(alias = "by")] of: u8 } } }
    tagged_with_other { #[payload] #[serde(tag = "kind")] pub enum T { Low, High { by: u8 }, #[serde(other)] Max } }
    tagged_low_and_other { #[payload] #[serde(tag = "kind")] pub enum T { Low, #[serde(other)] High } }
    tagged_closed { #[payload] #[serde(tag = "kind", deny_unknown_fields)] pub enum T { Low, High { by: u8 } } }
    tagged_newtype {
        #[payload] pub struct By { pub by: u8 }
        #[payload] #[serde(tag = "kind")] pub enum T { Low, High(By) }
    }
    adjacent { #[payload] #[serde(tag = "kind", content = "value")] pub enum T { Low, High { by: u8 } } }
    adjacent_with_other { #[payload] #[serde(tag = "kind", content = "value")] pub enum T { Low, High { by: u8 }, #[serde(other)] Max } }
    adjacent_renamed { #[payload] #[serde(tag = "kind", content = "value")] pub enum T { Low, #[serde(alias = "High")] Top { by: u8 } } }
    adjacent_filled { #[payload] #[serde(tag = "kind", content = "value")] pub enum T { Low(u8), High { by: u8 } } }
    adjacent_wider { #[payload] #[serde(tag = "kind", content = "value")] pub enum T { Low, High { by: u16 }, Max(bool) } }
    untagged { #[payload] #[serde(untagged)] pub enum T { Number(u32), Words(String) } }
    untagged_more { #[payload] #[serde(untagged)] pub enum T { Number(u32), Words(String), Level { kind: String } } }
    with_tagged {
        #[payload] #[serde(tag = "kind")] pub enum Kind { Low, High { by: u8 } }
        #[payload] pub struct T { pub id: u32, #[serde(flatten)] pub kind: Kind }
    }
    with_tagged_more {
        #[payload] #[serde(tag = "kind")] pub enum Kind { Low, High { by: u8 }, Max }
        #[payload] pub struct T { pub id: u32, #[serde(flatten)] pub kind: Kind }
    }
    tree { #[payload] pub struct T { pub id: u32, pub below: Vec<T> } }
    tree_wider { #[payload] pub struct T { pub id: u64, pub below: Vec<T>, pub label: Option<String> } }
    chain { #[payload] pub struct T { pub id: u32, pub below: Option<Box<T>> } }
    result { #[payload] pub struct T { pub id: Result<u8, String> } }
    result_wider { #[payload] pub struct T { pub id: Result<u16, String> } }
}
