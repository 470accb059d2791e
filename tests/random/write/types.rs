//! Types as they stand in fields and arguments.

use super::{Decl, Writer};

/// A type, and what may be done with it.
#[derive(Debug, Clone)]
pub(crate) struct Ty {
    pub(crate) text: String,
    /// Has a `Default`.
    pub(crate) default: bool,
    /// Has `Ord` and `Hash`.
    pub(crate) ord: bool,
}

pub(crate) fn ty(text: impl Into<String>, default: bool, ord: bool) -> Ty {
    Ty { text: text.into(), default, ord }
}

const NUMBERS: &[&str] = &["u8", "i8", "u16", "i16", "u32", "i32"];

/// Types of others: the text, whether there is a `Default`, whether it is ordered.
const LEAVES: &[(&str, bool, bool)] = &[
    ("bool", true, true),
    ("f32", true, false),
    ("f64", true, false),
    ("char", true, true),
    ("String", true, true),
    ("String", true, true),
    ("()", true, true),
    ("Box<str>", true, true),
    ("Arc<str>", true, true),
    ("Cow<'static, str>", true, true),
    ("PathBuf", true, true),
    ("IpAddr", false, true),
    ("Ipv4Addr", false, true),
    ("Ipv6Addr", false, true),
    ("SocketAddr", false, true),
    ("SocketAddrV4", false, true),
    ("NonZeroU8", false, true),
    ("NonZeroI16", false, true),
    ("NonZeroU32", false, true),
    ("SafeInt", false, true),
    ("Binary", false, false),
    ("serde_json::Value", true, false),
    ("uuid::Uuid", true, true),
    ("url::Url", false, true),
    ("chrono::DateTime<chrono::Utc>", false, true),
    ("chrono::DateTime<chrono::FixedOffset>", false, true),
    ("chrono::NaiveDate", false, true),
    ("chrono::NaiveTime", false, true),
    ("chrono::NaiveDateTime", false, true),
    ("jiff::Timestamp", false, true),
    ("jiff::civil::Date", false, true),
    ("jiff::civil::DateTime", false, true),
    ("semver::Version", false, true),
];

/// What may be the key of a map, numbers first.
const KEYS: &[&str] = &[
    "u8",
    "u16",
    "u32",
    "i8",
    "i32",
    "NonZeroU8",
    "SafeInt",
    "String",
    "String",
    "char",
    "Box<str>",
    "Arc<str>",
    "uuid::Uuid",
    "IpAddr",
    "chrono::NaiveDate",
    "url::Url",
    "Cow<'static, str>",
];

const NUMERIC_KEYS: usize = 7;

impl Writer {
    /// Any type. `depth` is how many are around it.
    pub(crate) fn ty(&mut self, depth: usize) -> Ty {
        match self.random.below(100) {
            0..30 if depth < 3 => self.compound(depth + 1),
            30..60 => self.declared(depth + 1).unwrap_or_else(|| self.leaf()),
            60..66 if self.ahead.len() > 1 => self.forward(),
            _ => self.leaf(),
        }
    }

    fn leaf(&mut self) -> Ty {
        if self.random.chance(35) {
            return ty(*self.random.one(NUMBERS), true, true);
        }
        let (text, default, ord) = *self.random.one(LEAVES);
        ty(text, default, ord)
    }

    /// A payload that is there already.
    fn declared(&mut self, depth: usize) -> Option<Ty> {
        let decl = self.pick(|_| true)?;
        if !decl.generic {
            return Some(ty(&decl.name, decl.default, decl.ord));
        }
        let argument = self.list_item(depth);
        Some(ty(format!("{}<{}>", decl.name, argument.text), false, false))
    }

    /// A payload that comes later, or the one that is being written.
    fn forward(&mut self) -> Ty {
        let name = self.random.one(&self.ahead).clone();
        let text = match self.random.below(4) {
            0 => format!("Option<Box<{name}>>"),
            1 => format!("Vec<{name}>"),
            2 => format!("BTreeMap<String, {name}>"),
            _ => format!("Option<Arc<{name}>>"),
        };
        ty(text, true, false)
    }

    pub(crate) fn pick(&mut self, which: impl Fn(&Decl) -> bool) -> Option<Decl> {
        let fit: Vec<_> = self.done.iter().filter(|decl| which(decl)).cloned().collect();
        (!fit.is_empty()).then(|| self.random.one(&fit).clone())
    }

    /// What may be in a list: `u8` would be bytes.
    pub(crate) fn list_item(&mut self, depth: usize) -> Ty {
        let item = self.ty(depth);
        if item.text == "u8" { ty("u16", true, true) } else { item }
    }

    fn ordered(&mut self) -> Ty {
        (0..8).map(|_| self.ty(3)).find(|ty| ty.ord).unwrap_or_else(|| ty("String", true, true))
    }

    pub(crate) fn key(&mut self) -> String {
        if self.random.chance(25)
            && let Some(decl) = self.pick(|decl| decl.key)
        {
            return decl.name;
        }
        let keys = if self.has_numeric_keys { KEYS } else { &KEYS[NUMERIC_KEYS..] };
        (*self.random.one(keys)).to_owned()
    }

    fn compound(&mut self, depth: usize) -> Ty {
        match self.random.below(20) {
            0..4 => {
                let of = self.ty(depth);
                ty(format!("Option<{}>", of.text), true, of.ord)
            }
            4..7 => {
                let of = self.list_item(depth);
                ty(format!("Vec<{}>", of.text), true, of.ord)
            }
            7 => {
                let (of, length) = (self.ty(depth), self.random.below(4));
                ty(format!("[{}; {length}]", of.text), of.default, of.ord)
            }
            8 | 9 => {
                let of: Vec<_> = (0..=self.random.below(4)).map(|_| self.ty(depth)).collect();
                let text: String = of.iter().map(|ty| format!("{}, ", ty.text)).collect();
                ty(format!("({})", text.trim_end()), of.iter().all(|ty| ty.default), of.iter().all(|ty| ty.ord))
            }
            10..13 => {
                let (key, value, map) =
                    (self.key(), self.ty(depth), *self.random.one(&["BTreeMap", "HashMap", "indexmap::IndexMap"]));
                ty(format!("{map}<{key}, {}>", value.text), true, value.ord && map == "BTreeMap")
            }
            13 => {
                let of = self.ordered().text;
                let set = *self.random.one(&["BTreeSet", "HashSet", "indexmap::IndexSet"]);
                ty(format!("{set}<{of}>"), true, set == "BTreeSet")
            }
            14 => {
                let of = self.ty(depth);
                ty(format!("Box<{}>", of.text), of.default, of.ord)
            }
            15 => {
                let of = self.ty(depth);
                ty(format!("Arc<{}>", of.text), of.default, of.ord)
            }
            16 => {
                let (range, of) = (*self.random.one(&["Range", "RangeInclusive"]), *self.random.one(NUMBERS));
                ty(format!("{range}<{of}>"), range == "Range", false)
            }
            17 => {
                let (ok, err) = (self.ty(depth), self.ty(depth));
                ty(format!("Result<{}, {}>", ok.text, err.text), false, ok.ord && err.ord)
            }
            18 => {
                let of = self.list_item(depth);
                ty(format!("Box<[{}]>", of.text), true, of.ord)
            }
            _ => {
                let of = self.list_item(depth);
                ty(format!("Cow<'static, [{}]>", of.text), true, of.ord)
            }
        }
    }
}
