//! Random values.

#![allow(clippy::cast_possible_wrap, clippy::implicit_hasher, reason = "any value will do, and contracts have the usual hasher")]

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::Hash,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4},
    num::{NonZeroI16, NonZeroU8, NonZeroU32},
    ops::{Range, RangeInclusive},
    path::PathBuf,
    sync::Arc,
};

use ackord::{Binary, SafeInt};
use indexmap::{IndexMap, IndexSet};

use crate::random::Random;

/// Where values come from.
#[derive(Debug)]
pub struct Source {
    random: Random,
    depth: usize,
    /// Payloads in the value that is being made.
    made: usize,
}

/// So deep, or with so many payloads, lists are empty and options have nothing.
const DEEP: usize = 4;
const MANY: usize = 30;

impl Source {
    /// The values of a seed.
    pub fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), depth: 0, made: 0 }
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.random.below(end)
    }

    /// Makes a payload inside of another.
    pub fn within<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        self.made = if self.depth == 0 { 0 } else { self.made + 1 };
        self.depth += 1;
        let value = make(self);
        self.depth -= 1;
        value
    }

    fn is_enough(&self) -> bool {
        self.depth > DEEP || self.made > MANY
    }

    fn length(&mut self) -> usize {
        if self.is_enough() { 0 } else { self.below(3) }
    }

    fn list<T: Sample, C: FromIterator<T>>(&mut self) -> C {
        (0..self.length()).map(|_| T::sample(self)).collect()
    }

    /// What has no order of its own has one element at most: two runs yield the same.
    fn short<T: Sample, C: FromIterator<T>>(&mut self) -> C {
        (0..self.length().min(1)).map(|_| T::sample(self)).collect()
    }
}

/// Has random values.
pub trait Sample: Sized {
    /// One of them.
    fn sample(r: &mut Source) -> Self;
}

macro_rules! sample {
    ($($ty:ty: $r:ident => $value:expr;)*) => { $(
        impl Sample for $ty {
            fn sample($r: &mut Source) -> Self {
                $value
            }
        }
    )* };
}

macro_rules! generic {
    ($(<$($param:ident $(: $bound:path)?),+> $ty:ty: $r:ident => $value:expr;)*) => { $(
        impl<$($param: Sample $(+ $bound)?),+> Sample for $ty {
            fn sample($r: &mut Source) -> Self {
                $value
            }
        }
    )* };
}

/// Limits as often as what is between.
macro_rules! integers {
    ($($ty:ty)*) => { sample! { $(
        $ty: r => match r.below(6) {
            0 => 0,
            1 => <$ty>::MAX,
            2 => <$ty>::MIN,
            3 => 1,
            _ => (u128::from(r.random.next()) << 64 | u128::from(r.random.next())) as $ty,
        };
    )* } };
}

integers! { u8 i8 u16 i16 u32 i32 u64 i64 i128 }

const TEXTS: &[&str] = &[
    "",
    "a",
    "text",
    "größe",
    "🦀",
    "\"quoted\"",
    "back\\slash",
    "line\nbreak",
    "\u{0}",
    "\u{2028}",
    "${x}",
    "`",
    "</script>",
    "__proto__",
    "null",
    "7",
    "*/",
];

sample! {
    bool: r => r.below(2) == 0;
    f64: r => match r.below(6) { 0 => 0.0, 1 => f64::MAX, 2 => f64::MIN_POSITIVE, 3 => -0.5, _ => f64::from(i32::sample(r)) / 8.0 };
    f32: r => match r.below(6) { 0 => 0.0, 1 => f32::MAX, 2 => f32::MIN_POSITIVE, 3 => -0.5, _ => f32::from(i16::sample(r)) / 8.0 };
    char: r => *r.random.one(&['a', '0', '"', '\\', '\n', 'ß', '名', '🦀', '\u{0}', '\u{2028}']);
    String: r => (*r.random.one(TEXTS)).to_owned();
    (): _r => ();
    Box<str>: r => String::sample(r).into();
    Arc<str>: r => String::sample(r).into();
    Cow<'static, str>: r => String::sample(r).into();
    PathBuf: r => String::sample(r).into();
    Ipv4Addr: r => u32::sample(r).into();
    Ipv6Addr: r => u128::from(r.random.next()).into();
    IpAddr: r => if bool::sample(r) { Ipv4Addr::sample(r).into() } else { Ipv6Addr::sample(r).into() };
    SocketAddrV4: r => SocketAddrV4::new(Ipv4Addr::sample(r), u16::sample(r));
    SocketAddr: r => SocketAddr::new(IpAddr::sample(r), u16::sample(r));
    NonZeroU8: r => NonZeroU8::new(u8::sample(r)).unwrap_or(NonZeroU8::MAX);
    NonZeroI16: r => NonZeroI16::new(i16::sample(r)).unwrap_or(NonZeroI16::MIN);
    NonZeroU32: r => NonZeroU32::new(u32::sample(r)).unwrap_or(NonZeroU32::MAX);
    SafeInt: r => SafeInt::new(i64::sample(r)).unwrap_or(if bool::sample(r) { SafeInt::MAX } else { SafeInt::MIN });
    Binary: r => Binary::from(vec![7; r.below(3)]);
    serde_json::Value: r => json(r);
    uuid::Uuid: r => uuid::Uuid::from_u64_pair(r.random.next(), r.random.next());
    url::Url: r => url::Url::parse(&format!("https://example.com/{}", u16::sample(r))).expect("a URL");
    chrono::DateTime<chrono::Utc>: r => chrono::DateTime::from_timestamp(u32::sample(r).into(), 500_000_000).expect("in range");
    chrono::DateTime<chrono::FixedOffset>: r => chrono::DateTime::<chrono::Utc>::sample(r).fixed_offset();
    chrono::NaiveDateTime: r => chrono::DateTime::<chrono::Utc>::sample(r).naive_utc();
    chrono::NaiveDate: r => chrono::NaiveDateTime::sample(r).date();
    chrono::NaiveTime: r => chrono::NaiveDateTime::sample(r).time();
    jiff::Timestamp: r => jiff::Timestamp::from_second(u32::sample(r).into()).expect("in range");
    jiff::civil::DateTime: r => jiff::Timestamp::sample(r).to_zoned(jiff::tz::TimeZone::UTC).datetime();
    jiff::civil::Date: r => jiff::civil::DateTime::sample(r).date();
    semver::Version: r => semver::Version::new(u8::sample(r).into(), 0, u16::sample(r).into());
    time::OffsetDateTime: r => time::OffsetDateTime::from_unix_timestamp(u32::sample(r).into()).expect("in range");
    rust_decimal::Decimal: r => rust_decimal::Decimal::new(i64::sample(r), u32::sample(r) % 20);
}

generic! {
    <T> Option<T>: r => if r.is_enough() || r.below(3) == 0 { None } else { Some(T::sample(r)) };
    <T> Vec<T>: r => r.list();
    <T> Box<[T]>: r => r.list();
    <T: Clone> Cow<'static, [T]>: r => Cow::Owned(r.list());
    <T: Ord> BTreeSet<T>: r => r.list();
    <T> Box<T>: r => Box::new(T::sample(r));
    <T> Arc<T>: r => Arc::new(T::sample(r));
    <T, E> Result<T, E>: r => if bool::sample(r) { Ok(T::sample(r)) } else { Err(E::sample(r)) };
    <T> Range<T>: r => T::sample(r)..T::sample(r);
    <T> RangeInclusive<T>: r => T::sample(r)..=T::sample(r);
    <A> (A,): r => (A::sample(r),);
    <A, B> (A, B): r => (A::sample(r), B::sample(r));
    <A, B, C> (A, B, C): r => (A::sample(r), B::sample(r), C::sample(r));
    <A, B, C, D> (A, B, C, D): r => (A::sample(r), B::sample(r), C::sample(r), D::sample(r));
}

impl<T: Sample, const N: usize> Sample for [T; N] {
    fn sample(r: &mut Source) -> Self {
        std::array::from_fn(|_| T::sample(r))
    }
}

impl<T: Sample + Eq + Hash> Sample for HashSet<T> {
    fn sample(r: &mut Source) -> Self {
        r.short()
    }
}

impl<T: Sample + Eq + Hash> Sample for IndexSet<T> {
    fn sample(r: &mut Source) -> Self {
        r.list()
    }
}

impl<K: Sample + Ord, V: Sample> Sample for BTreeMap<K, V> {
    fn sample(r: &mut Source) -> Self {
        r.list()
    }
}

impl<K: Sample + Eq + Hash, V: Sample> Sample for HashMap<K, V> {
    fn sample(r: &mut Source) -> Self {
        r.short()
    }
}

impl<K: Sample + Eq + Hash, V: Sample> Sample for IndexMap<K, V> {
    fn sample(r: &mut Source) -> Self {
        r.list()
    }
}

fn json(r: &mut Source) -> serde_json::Value {
    match r.below(8) {
        0 => serde_json::Value::Null,
        1 => bool::sample(r).into(),
        2 => u32::sample(r).into(),
        3 => f64::sample(r).into(),
        4 => String::sample(r).into(),
        5 if !r.is_enough() => r.within(Source::list::<serde_json::Value, Vec<_>>).into(),
        _ if !r.is_enough() => {
            r.within(BTreeMap::<String, serde_json::Value>::sample).into_iter().collect::<serde_json::Map<_, _>>().into()
        }
        _ => serde_json::json!({}),
    }
}
