//! The lock file: what a contract says on the wire, and nothing else.

use std::{any::TypeId, collections::BTreeMap};

use ackord::{
    Never,
    contract::AckKind,
    describe::{self, TypeRef},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::schema::Schemas;
use crate::{
    contract::{Contract, EventSet, Piece, Space, brief, pieces},
    schema::json,
};

/// What this version writes. A file of a later one is not read.
const FORMAT: u32 = 2;
/// The first format that has the events of clusters and the types of parameters.
const WITH_CLUSTERS: u32 = 2;

/// A contract as a lock file tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LockFile {
    pub(super) format: u32,
    /// By path.
    pub(super) namespaces: BTreeMap<String, Locked>,
    /// Schemas by name, without documentation.
    pub(super) types: BTreeMap<String, Value>,
}

/// A namespace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Locked {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) parameters: Vec<Parameter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) auth: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) denied: Option<Value>,
    /// The events that clients send and the server handles, by name.
    pub(super) server: BTreeMap<String, Event>,
    /// The events that the server sends and clients handle.
    pub(super) client: BTreeMap<String, Event>,
    /// The events that servers send each other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) cluster: BTreeMap<String, Event>,
}

/// A parameter of a path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Parameter {
    /// Its type is not known.
    Name(String),
    Typed {
        name: String,
        /// In Rust, without the modules of the standard library.
        #[serde(rename = "type")]
        ty: String,
    },
}

/// An event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) aliases: Vec<String>,
    pub(super) args: Vec<Arg>,
    pub(super) ack: Ack,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) window: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<Answer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deprecated: Option<String>,
}

/// An argument.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Arg {
    pub(super) name: String,
    /// Whether it is an `Option`, which may be missing at the end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) optional: bool,
    pub(super) schema: Value,
}

/// What an ack carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) optional: bool,
    pub(super) schema: Value,
}

/// How an event is acknowledged: [`AckKind`] as the file spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Ack {
    None,
    Unit,
    Plain,
    Envelope,
    Either,
    Stream,
}

impl LockFile {
    pub(super) fn new(contract: &Contract) -> Self {
        let mut schemas = Schemas::new();
        let mut spaces: Vec<_> = contract.namespaces.iter().collect();
        // The order of the program does not reach the names of types that are called the same.
        spaces.sort_by_key(|space| space.pattern);
        let namespaces =
            spaces.into_iter().map(|space| (space.pattern.to_owned(), locked(contract, space, &mut schemas))).collect();
        let types = schemas.types();
        Self { format: FORMAT, namespaces, types }
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// It is none, or one of a later version; the text says so.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let file: Value = serde_json::from_str(text).map_err(|e| {
            let merge = if text.contains("<<<<<<<") { "; it has the marks of a merge" } else { "" };
            format!("{e}{merge}")
        })?;
        match file.get("format").and_then(Value::as_u64) {
            Some(format) if (1..=u64::from(FORMAT)).contains(&format) => serde_json::from_value(file).map_err(|e| e.to_string()),
            Some(format) => {
                Err(format!("it has format {format}, and this version of ackord-codegen reads formats 1 to {FORMAT}"))
            }
            None => Err("it has no `format`".to_owned()),
        }
    }

    /// Whether it says what servers send each other.
    pub(super) fn knows_clusters(&self) -> bool {
        self.format >= WITH_CLUSTERS
    }

    /// The file's text: the same for the same contract.
    pub(super) fn print(&self) -> String {
        // What cannot be written is a map with keys that are no strings, or a float that is no number: there are none.
        let value = serde_json::to_value(self).unwrap_or_else(|_| Value::Object(Map::new()));
        json::text(&value)
    }
}

fn locked(contract: &Contract, space: &Space, schemas: &mut Schemas) -> Locked {
    let ty = |name: &str| space.parameters.iter().find(|(known, _)| *known == name).map(|(_, ty)| brief(ty));
    let parameter = |piece| match piece {
        Piece::Parameter(name) => Some(Parameter::new(name, ty(name))),
        Piece::Literal(_) => None,
    };
    let sent = |ty: &TypeRef| ty.id != TypeId::of::<()>() && ty.id != TypeId::of::<Never>();
    let mut value = |ty: &TypeRef| sent(ty).then(|| schemas.of(ty));
    let (auth, denied) = (value(&space.auth), value(&space.denied));
    let [server, client] = contract.sets_of(space);
    Locked {
        parameters: pieces(space.pattern).into_iter().filter_map(parameter).collect(),
        auth,
        denied,
        server: events(server, schemas),
        client: events(client, schemas),
        cluster: events(contract.cluster_of(space), schemas),
    }
}

impl Parameter {
    fn new(name: &str, ty: Option<String>) -> Self {
        let name = name.to_owned();
        ty.map_or_else(|| Self::Name(name.clone()), |ty| Self::Typed { name: name.clone(), ty })
    }
}

fn events(set: Option<&EventSet>, schemas: &mut Schemas) -> BTreeMap<String, Event> {
    let events = set.map_or(&[][..], |set| &set.events);
    events.iter().map(|described| (described.meta.name.to_owned(), event(described, schemas))).collect()
}

fn event(event: &describe::Event, schemas: &mut Schemas) -> Event {
    let (ack, window) = match event.meta.ack {
        AckKind::None => (Ack::None, None),
        AckKind::Unit => (Ack::Unit, None),
        AckKind::Plain => (Ack::Plain, None),
        AckKind::Envelope => (Ack::Envelope, None),
        AckKind::Either => (Ack::Either, None),
        AckKind::Stream { window } => (Ack::Stream, window),
    };
    let arg = |arg: &describe::Arg| Arg { name: arg.name.to_owned(), optional: arg.ty.optional, schema: schemas.of(&arg.ty) };
    Event {
        aliases: event.meta.aliases.iter().map(|&alias| alias.to_owned()).collect(),
        args: event.args.iter().map(arg).collect(),
        ack,
        window,
        // An empty ack has no value to describe.
        answer: event
            .answer
            .as_ref()
            .filter(|_| ack != Ack::Unit)
            .map(|ty| Answer { optional: ty.optional, schema: schemas.of(ty) }),
        error: event.error.as_ref().map(|ty| schemas.of(ty)),
        deprecated: event.meta.deprecated.map(str::to_owned),
    }
}
