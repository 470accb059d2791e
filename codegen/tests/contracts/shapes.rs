//! Payloads of every shape that serde gives them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ackord::{Namespace, events, payload};

#[payload]
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

#[payload]
#[derive(PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    VeryLow,
    /// Above others.
    High,
    #[serde(rename = "max!")]
    Max,
}

/// Externally tagged.
#[payload]
pub enum External {
    /// Only its name.
    Unit,
    One(u32),
    /// Two values, in a tuple.
    ///
    /// The second says what the first is.
    Two(u32, String),
    /// Fields.
    Named {
        a: bool,
        /// May be `null`.
        b: Option<bool>,
    },
}

#[payload]
#[serde(tag = "type", content = "data", rename_all = "camelCase")]
pub enum Adjacent {
    /// Its tag alone.
    NoData,
    /// A value beside the tag.
    OneValue(String),
    #[serde(rename_all = "camelCase")]
    Fields { first_field: u8, second_field: Vec<Adjacent> },
}

#[payload]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Internal {
    Nothing,
    /// What it holds, with a tag.
    Wrapped(Base),
    WithFields {
        some_field: i32,
        other_field: Option<Box<Internal>>,
    },
}

#[payload]
#[serde(untagged)]
pub enum Untagged {
    Text(String),
    /// Each of them finite: */ is no end of this.
    Numbers(Vec<f64>),
    Object {
        x: f32,
    },
}

/// Part of others.
#[payload]
pub struct Base {
    pub id: u32,
    pub tags: BTreeSet<String>,
}

#[payload]
pub struct Flattened {
    #[serde(flatten)]
    pub base: Base,
    pub own: bool,
    #[serde(flatten)]
    pub kind: Internal,
}

#[payload]
#[serde(tag = "t")]
pub struct Tagged {
    pub value: u8,
}

#[payload]
pub struct Id(pub u32);

#[payload]
pub struct Pair(pub Id, pub Option<Id>);

#[payload]
pub struct Empty {}

#[payload]
pub struct Unit;

#[payload]
pub struct Page<T, C = Id> {
    pub items: Vec<T>,
    pub next: Option<C>,
}

#[payload]
pub struct Tree {
    pub label: String,
    pub children: Vec<Tree>,
}

#[payload]
pub struct Containers {
    pub map: HashMap<String, Vec<Base>>,
    pub by_level: BTreeMap<Level, u32>,
    pub tuple: (u8, String, Option<bool>),
    pub array: [f64; 3],
    pub json: serde_json::Value,
    pub nested: Option<Vec<Option<Page<Base>>>>,
    pub result: Result<u32, String>,
    pub long: Option<(Bases, Bases, Bases)>,
    pub big: u64,
    pub size: usize,
}

type Bases = HashMap<String, Vec<Base>>;

#[events]
pub trait Shapes {
    async fn renamed(&self, value: Renamed) -> Renamed;
    fn enums(&self, level: Level, external: External, adjacent: Adjacent, internal: Internal, untagged: Untagged);
    fn structs(&self, flattened: Flattened, tagged: Tagged, pair: Pair, empty: Empty, unit: Unit, tree: Tree);
    async fn pages(&self, ids: Page<u32, String>) -> Page<Page<Base>>;
    async fn containers(&self, containers: Containers) -> Result<i64, HashMap<String, u64>>;
    #[event(rename = "odd names")]
    fn odd_names(&self, this: u8, r#in: u8, in_: u8, arguments: u8, ack: u8);
    async fn taken(&self, ack: u8, default: Option<u8>);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/api`${x}\\", server = dyn Shapes, client = dyn Shapes, auth = BTreeMap<String, String>, denied = ())]
pub struct Api {
    pub x: String,
}
