//! Payloads of every shape that serde gives them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{events, namespace, payload};

payload! {
    #[serde(rename_all = "camelCase")]
    pub struct Renamed {
        pub first_name: String,
        #[serde(rename = "last-name")]
        pub last_name: String,
        #[serde(skip)]
        pub secret: String,
        #[serde(default)]
        pub with_default: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub maybe_left_out: Option<String>,
        pub r#type: Level,
    }

    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub enum Level {
        VeryLow,
        High,
        #[serde(rename = "max!")]
        Max,
    }

    /// Externally tagged.
    pub enum External {
        Unit,
        One(u32),
        Two(u32, String),
        Named { a: bool, b: Option<bool> },
    }

    #[serde(tag = "type", content = "data", rename_all = "camelCase")]
    pub enum Adjacent {
        NoData,
        OneValue(String),
        #[serde(rename_all = "camelCase")]
        Fields { first_field: u8, second_field: Vec<Adjacent> },
    }

    #[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
    pub enum Internal {
        Nothing,
        Wrapped(Base),
        WithFields { some_field: i32, other_field: Option<Box<Internal>> },
    }

    #[serde(untagged)]
    pub enum Untagged {
        Text(String),
        Numbers(Vec<f64>),
        Object { x: f32 },
    }

    /// Part of others.
    pub struct Base {
        pub id: u32,
        pub tags: BTreeSet<String>,
    }

    pub struct Flattened {
        #[serde(flatten)]
        pub base: Base,
        pub own: bool,
        #[serde(flatten)]
        pub kind: Internal,
    }

    #[serde(tag = "t")]
    pub struct Tagged {
        pub value: u8,
    }

    pub struct Id(pub u32);

    pub struct Pair(pub Id, pub Option<Id>);

    pub struct Empty {}

    pub struct Unit;

    pub struct Page<T, C = Id> {
        pub items: Vec<T>,
        pub next: Option<C>,
    }

    pub struct Tree {
        pub label: String,
        pub children: Vec<Tree>,
    }

    pub struct Containers {
        pub map: HashMap<String, Vec<Base>>,
        pub by_level: BTreeMap<Level, u32>,
        pub tuple: (u8, String, Option<bool>),
        pub array: [f64; 3],
        pub json: serde_json::Value,
        pub nested: Option<Vec<Option<Page<Base>>>>,
        pub result: Result<u32, String>,
        pub long: Option<(HashMap<String, Vec<Base>>, HashMap<String, Vec<Base>>, HashMap<String, Vec<Base>>)>,
        pub big: u64,
        pub size: usize,
    }
}

impl PartialEq for Level {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Level {}

impl PartialOrd for Level {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Level {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.clone() as u8).cmp(&(other.clone() as u8))
    }
}

events!(Shapes {
    "renamed" Plain ("value": Renamed) => Renamed;
    "enums" None ("level": Level) ("external": External) ("adjacent": Adjacent) ("internal": Internal) ("untagged": Untagged);
    "structs" None ("flattened": Flattened) ("tagged": Tagged) ("pair": Pair) ("empty": Empty) ("unit": Unit) ("tree": Tree);
    "pages" Plain ("ids": Page<u32, String>) => Page<Page<Base>>;
    "containers" Envelope ("containers": Containers) => i64, std::collections::HashMap<String, u64>;
    "odd names" None ("this": u8) ("r#in": u8) ("in_": u8) ("arguments": u8) ("ack": u8);
    "taken" Unit ("ack": u8) ("default": Option<u8>);
});

namespace!(Api "/api`${x}\\", server: dyn Shapes, client: dyn Shapes, auth: std::collections::BTreeMap<String, String>, denied: ());
