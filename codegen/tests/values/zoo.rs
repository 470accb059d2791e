//! One payload for each thing that serde's attributes and the types of the ecosystem make of a value.

#![allow(clippy::option_option, clippy::trivially_copy_pass_by_ref, reason = "serde's attributes want it so")]

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    marker::PhantomData,
    net::{IpAddr, Ipv4Addr},
    num::{NonZeroI8, NonZeroU32},
    ops::Range,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use ackord::{SafeInt, payload};
use arbitrary::{Arbitrary, Result, Unstructured};

/// JSON has no NaN and no infinity: as in JavaScript, both become `null`.
fn finite(u: &mut Unstructured<'_>) -> Result<f64> {
    Ok(f64::from(i32::arbitrary(u)?) / 8.0)
}

fn finite32(u: &mut Unstructured<'_>) -> Result<f32> {
    Ok(f32::from(i16::arbitrary(u)?) / 8.0)
}

fn safe_int(u: &mut Unstructured<'_>) -> Result<SafeInt> {
    SafeInt::try_from(i64::arbitrary(u)? >> 11).map_err(|_| arbitrary::Error::IncorrectFormat)
}

fn json(u: &mut Unstructured<'_>) -> Result<serde_json::Value> {
    let value: (u8, String, Vec<Option<bool>>) = u.arbitrary()?;
    Ok(match value.0 % 3 {
        0 => serde_json::json!({ value.1: value.2 }),
        1 => serde_json::json!(value.2),
        _ => serde_json::json!(value.1),
    })
}

fn members(u: &mut Unstructured<'_>) -> Result<BTreeMap<String, serde_json::Value>> {
    Ok([("rest".to_owned(), json(u)?)].into())
}

fn url(u: &mut Unstructured<'_>) -> Result<url::Url> {
    url::Url::parse(&format!("https://example.com/{}", u16::arbitrary(u)?)).map_err(|_| arbitrary::Error::IncorrectFormat)
}

fn date_time(u: &mut Unstructured<'_>) -> Result<chrono::DateTime<chrono::Utc>> {
    chrono::DateTime::from_timestamp(i64::from(u32::arbitrary(u)?), 0).ok_or(arbitrary::Error::IncorrectFormat)
}

fn offset_date_time(u: &mut Unstructured<'_>) -> Result<time::OffsetDateTime> {
    time::OffsetDateTime::from_unix_timestamp(i64::from(u32::arbitrary(u)?)).map_err(|_| arbitrary::Error::IncorrectFormat)
}

fn decimal(u: &mut Unstructured<'_>) -> Result<rust_decimal::Decimal> {
    Ok(rust_decimal::Decimal::new(i64::arbitrary(u)?, u32::from(u8::arbitrary(u)? % 20)))
}

fn index_map(u: &mut Unstructured<'_>) -> Result<indexmap::IndexMap<String, u8>> {
    Ok(BTreeMap::arbitrary(u)?.into_iter().collect())
}

fn path(u: &mut Unstructured<'_>) -> Result<PathBuf> {
    Ok(String::arbitrary(u)?.into())
}

fn cow(u: &mut Unstructured<'_>) -> Result<Cow<'static, str>> {
    Ok(String::arbitrary(u)?.into())
}

/// A set of more has no order.
fn one(u: &mut Unstructured<'_>) -> Result<HashSet<bool>> {
    Ok(Option::<bool>::arbitrary(u)?.into_iter().collect())
}

fn short(u: &mut Unstructured<'_>) -> Result<Vec<String>> {
    (0..u8::arbitrary(u)? % 3).map(|_| u.arbitrary()).collect()
}

/// Declares payloads, each with its derives.
macro_rules! payloads {
    ($($item:item)*) => { $(
        #[payload]
        #[derive(Arbitrary, PartialEq)]
        $item
    )* };
}

payloads! {
    // Structs of every kind.

    pub struct Named { pub a: u8, pub b: String, pub c: Option<bool> }
    pub struct Newtype(pub u32);
    pub struct Tuple(pub i8, pub String, pub Option<Newtype>);
    pub struct Unit;
    pub struct EmptyNamed {}
    pub struct EmptyTuple();
    pub struct Generic<T> { pub of: T, pub list: Vec<T> }
    pub struct Recursive { pub label: String, pub next: Option<Box<Recursive>> }

    // Attributes of containers.

    #[serde(rename_all = "camelCase")]
    pub struct CamelCase { pub first_name: String, pub r#type: u8, pub x_1: u8 }
    #[serde(rename_all = "SCREAMING-KEBAB-CASE")]
    pub struct Screaming { pub first_name: String, pub last: u8 }
    #[serde(transparent)]
    pub struct TransparentNamed { pub inner: u32 }
    #[serde(transparent)]
    pub struct TransparentStruct { pub inner: Named }
    #[serde(transparent)]
    pub struct TransparentWithMarker { pub inner: Vec<String>, pub marker: PhantomData<u8> }
    #[serde(transparent)]
    pub struct TransparentTuple(pub String, #[serde(skip)] pub u8);
    #[serde(into = "String", from = "String")]
    pub struct IntoFrom { pub text: String }
    #[serde(into = "u32", try_from = "u32")]
    pub struct TryFromInto { pub even: u32 }
    #[serde(default)]
    #[derive(Default)]
    pub struct ContainerDefault { pub a: u8, #[serde(skip_serializing_if = "String::is_empty")] pub b: String }
    #[serde(deny_unknown_fields)]
    pub struct DenyUnknown { pub a: u8, pub b: Option<u8> }
    #[serde(tag = "t")]
    pub struct TaggedStruct { pub value: u8 }
    #[serde(rename = "Renamed", rename_all = "UPPERCASE")]
    pub struct RenamedContainer { pub value: u8 }
    #[serde(bound = "T: serde::Serialize + serde::de::DeserializeOwned")]
    pub struct Bound<T> { pub of: T }
    #[serde(expecting = "a thing")]
    pub struct Expecting { pub a: u8 }

    #[derive(serde_repr::Serialize_repr, serde_repr::Deserialize_repr)]
    #[ts(type = "1 | 2")]
    #[schemars(with = "u8")]
    #[repr(u8)]
    pub enum Repr { One = 1, Two = 2 }

    // Attributes of fields.

    pub struct RenamedField { #[serde(rename = "last-name")] pub a: u8, #[serde(rename = "größe")] pub b: u8 }
    pub struct SkippedField { pub a: u8, #[serde(skip)] pub b: u8, #[serde(skip_serializing, skip_deserializing, default)] pub c: String }
    pub struct SkipIfNone { #[serde(skip_serializing_if = "Option::is_none")] pub a: Option<u8>, pub b: u8 }
    pub struct SkipIfDefault {
        #[serde(default, skip_serializing_if = "Vec::is_empty")] pub a: Vec<u16>,
        #[serde(default, skip_serializing_if = "Option::is_none")] pub b: Option<Named>,
    }
    pub struct Defaults { #[serde(default)] pub a: u8, #[serde(default = "Vec::<bool>::new")] pub b: Vec<bool> }
    pub struct Aliased { #[serde(alias = "other", alias = "another")] pub a: u8 }
    pub struct With { #[serde(with = "hex")] #[ts(as = "String")] pub a: u32 }
    pub struct WithFunctions {
        #[serde(serialize_with = "hex::serialize", deserialize_with = "hex::deserialize")] #[ts(type = "string")] pub a: u32,
    }
    pub struct Int64Strings {
        #[serde(with = "ackord::int64_string")] pub a: u64,
        #[serde(default, with = "ackord::int64_string::option", skip_serializing_if = "Option::is_none")] pub b: Option<i128>,
    }
    pub struct Remote { #[serde(with = "ForeignDef")] pub a: Foreign }
    #[serde(remote = "Foreign")]
    pub struct ForeignDef { #[serde(getter = "Foreign::millis")] pub millis: u32 }
    pub struct Flattened { pub own: bool, #[serde(flatten)] pub named: Named, #[serde(flatten)] pub internal: Internal }
    pub struct FlattenedMap { pub own: Option<u8>, #[serde(flatten)] pub rest: BTreeMap<Rest, Option<u8>> }
    pub struct FlattenedJson {
        pub own: u8,
        #[serde(flatten)]
        #[arbitrary(with = members)]
        pub rest: BTreeMap<String, serde_json::Value>,
    }

    // Enums of every kind.

    #[derive(Eq, PartialOrd, Ord, Hash)]
    pub enum Units { One, #[serde(rename = "two!")] Two, #[serde(alias = "drei")] Three }
    #[derive(Eq, PartialOrd, Ord, Hash)]
    pub enum Rest { X, Y }
    #[serde(rename_all = "snake_case")]
    pub enum External { UnitVariant, Newtype(u8), Pair(u8, String), NamedFields { some_field: bool }, EmptyFields {} }
    #[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
    pub enum Internal { NothingAtAll, WithFields { some_field: u8 }, WithNewtype(Point), WithEmpty {}, }
    #[serde(tag = "t", content = "c")]
    pub enum Adjacent { Unit, Newtype(u8), Option(Option<String>), Pair(u8, String), Fields { a: Vec<Adjacent> }, }
    #[serde(untagged)]
    pub enum Untagged { Flag(bool), Number(i16), Text(String), Pair(u8, bool), Fields { only: u8 }, Nothing }
    #[serde(tag = "t")]
    pub enum Other { Known { a: u8 }, #[serde(other)] Unknown }
    pub enum PartlyUntagged { A, B(u8), #[serde(untagged)] Rest(String) }
    pub enum SkippedVariants { A, B { a: u8, #[serde(skip)] b: u8 }, #[serde(rename_all = "UPPERCASE")] C { field: u8 } }
    pub enum Nested { Generic(Generic<Units>), Result(std::result::Result<u8, String>), Boxed(Box<External>) }

    // Types of the standard library.

    pub struct Numbers {
        pub a: u8, pub b: i16, pub c: u32, #[arbitrary(with = finite)] pub d: f64, #[arbitrary(with = finite32)] pub e: f32,
        pub f: NonZeroU32, pub g: NonZeroI8, #[arbitrary(with = safe_int)] pub h: SafeInt,
    }
    pub struct Texts { pub a: char, #[arbitrary(with = path)] pub b: PathBuf, pub c: IpAddr, pub d: Ipv4Addr, pub e: Box<str> }
    pub struct Pointers { pub a: Box<u8>, pub b: Arc<Named>, pub c: Box<[bool]>, #[arbitrary(with = cow)] pub d: Cow<'static, str> }
    pub struct Options { pub a: Option<Option<u8>>, pub b: Vec<Option<Units>>, pub c: Option<()>, pub d: Option<Unit> }
    pub struct Sequences {
        pub a: [u8; 3], pub b: (u8, String), #[arbitrary(with = short)] pub c: Vec<String>, pub d: BTreeSet<u8>, #[arbitrary(with = one)] pub e: HashSet<bool>,
        pub f: (u8,), pub g: [bool; 0], pub h: Range<u8>,
    }
    pub struct Maps {
        pub a: HashMap<String, u8>, pub b: BTreeMap<u16, bool>, pub c: BTreeMap<Units, u8>, pub d: BTreeMap<char, Vec<u16>>,
        pub e: BTreeMap<i8, Named>, pub f: BTreeMap<Key, u8>,
    }
    #[derive(Eq, PartialOrd, Ord)]
    #[serde(transparent)]
    pub struct Key(pub u32);

    // Types of the ecosystem.

    pub struct Point { #[arbitrary(with = finite)] pub x: f64, #[arbitrary(with = finite)] pub y: f64 }
    pub struct Json { #[arbitrary(with = json)] pub a: serde_json::Value }
    pub struct Chrono {
        #[arbitrary(with = date_time)] pub a: chrono::DateTime<chrono::Utc>, pub b: chrono::NaiveDate, pub c: Option<chrono::NaiveTime>,
    }
    pub struct Time { #[serde(with = "time::serde::rfc3339")] #[ts(as = "String")] #[arbitrary(with = offset_date_time)] pub a: time::OffsetDateTime }
    pub struct Uuid { pub a: uuid::Uuid, pub b: BTreeMap<uuid::Uuid, u8> }
    pub struct Url { #[arbitrary(with = url)] pub a: url::Url }
    pub struct Decimal { #[ts(as = "String")] #[arbitrary(with = decimal)] pub a: rust_decimal::Decimal }
    pub struct IndexMap { #[arbitrary(with = index_map)] pub a: indexmap::IndexMap<String, u8> }
    pub struct StdDuration { #[ts(type = "{ secs: number; nanos: number }")] #[schemars(with = "serde_json::Value")] pub a: Duration }
}

/// Written by hand, and described by what it is written as.
#[payload(skip(Serialize, Deserialize))]
#[derive(Arbitrary, PartialEq)]
#[ts(as = "[u8; 2]")]
pub struct ByHand {
    pub a: u8,
    pub b: u8,
}

impl serde::Serialize for ByHand {
    fn serialize<S: serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        (self.a, self.b).serialize(s)
    }
}

impl<'de> serde::Deserialize<'de> for ByHand {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        <(u8, u8)>::deserialize(d).map(|(a, b)| Self { a, b })
    }
}

impl From<IntoFrom> for String {
    fn from(value: IntoFrom) -> Self {
        value.text
    }
}

impl From<String> for IntoFrom {
    fn from(text: String) -> Self {
        Self { text }
    }
}

impl From<TryFromInto> for u32 {
    fn from(value: TryFromInto) -> Self {
        value.even & !1
    }
}

impl TryFrom<u32> for TryFromInto {
    type Error = &'static str;

    fn try_from(even: u32) -> std::result::Result<Self, &'static str> {
        even.is_multiple_of(2).then_some(Self { even }).ok_or("odd")
    }
}

mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(value: &u32, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&format_args!("{value:x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
        u32::from_str_radix(&String::deserialize(d)?, 16).map_err(D::Error::custom)
    }
}

/// A type of another crate, without serde's traits.
#[derive(Debug, Clone, PartialEq, Arbitrary)]
pub struct Foreign(u32);

impl Foreign {
    fn millis(&self) -> u32 {
        self.0
    }
}

impl From<ForeignDef> for Foreign {
    fn from(value: ForeignDef) -> Self {
        Self(value.millis)
    }
}
