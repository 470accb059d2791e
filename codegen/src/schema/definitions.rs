//! The schemas of types, by direction, and the names of their definitions.
//!
//! schemars has a generator for what is written and one for what is read. A type whose schema is the same in both is defined once; one
//! whose schemas differ is `Message.serverToClient` and `Message.clientToServer`.

use std::collections::{BTreeMap, BTreeSet};

use ackord::describe::TypeRef;
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings, transform::ReplaceUnevaluatedProperties};
use serde_json::Value;

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    /// A server writes it.
    ServerToClient,
    /// A server reads it.
    ClientToServer,
}

impl Direction {
    pub(crate) fn opposite(self) -> Self {
        match self {
            Self::ServerToClient => Self::ClientToServer,
            Self::ClientToServer => Self::ServerToClient,
        }
    }

    /// Its name in documents: the one of Socket.IO's own typings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ServerToClient => "serverToClient",
            Self::ClientToServer => "clientToServer",
        }
    }
}

/// The draft that is spoken, and where a document has its definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// JSON Schema 2020-12, in `$defs`.
    Draft2020,
    /// Draft-07, in `components/schemas`.
    AsyncApi,
}

impl Dialect {
    fn settings(self) -> SchemaSettings {
        match self {
            // Readers in other languages, zod among them, do not know `unevaluatedProperties`, which schemars writes for structs that
            // flatten and deny unknown fields.
            Self::Draft2020 => SchemaSettings::draft2020_12().with_transform(ReplaceUnevaluatedProperties::default()),
            Self::AsyncApi => SchemaSettings::draft07().with(|settings| settings.definitions_path = "/components/schemas".into()),
        }
    }

    /// How a reference to a definition begins.
    fn prefix(self) -> &'static str {
        match self {
            Self::Draft2020 => "#/$defs/",
            Self::AsyncApi => "#/components/schemas/",
        }
    }
}

/// Collects definitions.
#[derive(Debug)]
pub(crate) struct Collector {
    dialect: Dialect,
    written: SchemaGenerator,
    read: SchemaGenerator,
}

/// What a type is called by, in one direction: schemars' names to those in the document.
type Names = BTreeMap<String, String>;

/// The definitions of a document, and schemas that refer to them.
#[derive(Debug)]
pub(crate) struct Definitions {
    collector: Collector,
    written: Names,
    read: Names,
    /// By their name in the document.
    pub(crate) all: BTreeMap<String, Value>,
}

impl Collector {
    pub(crate) fn new(dialect: Dialect) -> Self {
        let [written, read] =
            [dialect.settings().for_serialize(), dialect.settings().for_deserialize()].map(SchemaSettings::into_generator);
        Self { dialect, written, read }
    }

    /// Adds what a type is made of.
    pub(crate) fn add(&mut self, direction: Direction, schema: fn(&mut SchemaGenerator) -> Schema) {
        schema(self.generator(direction));
    }

    fn generator(&mut self, direction: Direction) -> &mut SchemaGenerator {
        match direction {
            Direction::ServerToClient => &mut self.written,
            Direction::ClientToServer => &mut self.read,
        }
    }

    /// Gives the definitions their names.
    pub(crate) fn finish(mut self) -> Definitions {
        let take = |generator: &mut SchemaGenerator| generator.take_definitions(true).into_iter().collect();
        let (written, read) = (take(&mut self.written), take(&mut self.read));
        let shared = shared(self.dialect, &written, &read);
        let mut taken = BTreeSet::new();
        let shared_names: Names = shared.iter().map(|name| (name.clone(), free(name, &mut taken))).collect();
        let mut name = |all: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>, direction: Direction| -> Names {
            let name = |name: &String| match shared_names.get(name) {
                Some(shared) => shared.clone(),
                None if other.contains_key(name) => free(&format!("{name}.{}", direction.name()), &mut taken),
                None => free(name, &mut taken),
            };
            all.keys().cloned().zip(all.keys().map(name)).collect()
        };
        let names_written = name(&written, &read, Direction::ServerToClient);
        let names_read = name(&read, &written, Direction::ClientToServer);
        let mut all = BTreeMap::new();
        for (definitions, names) in [(written, &names_written), (read, &names_read)] {
            for (name, mut schema) in definitions {
                rename(&mut schema, self.dialect, names);
                all.insert(names.get(&name).cloned().unwrap_or(name), schema);
            }
        }
        Definitions { collector: self, written: names_written, read: names_read, all }
    }
}

impl Definitions {
    /// The schema of a type that was collected.
    pub(crate) fn schema(&mut self, direction: Direction, ty: &TypeRef) -> Value {
        self.of(direction, ty.schema)
    }

    pub(crate) fn of(&mut self, direction: Direction, schema: fn(&mut SchemaGenerator) -> Schema) -> Value {
        let generator = self.collector.generator(direction);
        let mut schema = schema(generator);
        // A generator applies them to documents and definitions, not to a schema that stands alone.
        generator.transforms_mut().for_each(|transform| transform.transform(&mut schema));
        let mut value = schema.to_value();
        let names = if direction == Direction::ServerToClient { &self.written } else { &self.read };
        rename(&mut value, self.collector.dialect, names);
        value
    }
}

/// The names that mean the same in both directions, to the last definition that they refer to.
fn shared(dialect: Dialect, written: &BTreeMap<String, Value>, read: &BTreeMap<String, Value>) -> BTreeSet<String> {
    let same = |(name, schema): (&String, &Value)| (read.get(name) == Some(schema)).then(|| name.clone());
    let mut shared: BTreeSet<String> = written.iter().filter_map(same).collect();
    loop {
        let apart = |name: &&String| written.get(*name).is_some_and(|schema| !refers_only_to(schema, dialect, &shared));
        let apart: Vec<String> = shared.iter().filter(apart).cloned().collect();
        if apart.is_empty() {
            return shared;
        }
        shared.retain(|name| !apart.contains(name));
    }
}

fn refers_only_to(schema: &Value, dialect: Dialect, names: &BTreeSet<String>) -> bool {
    let mut schema = schema.clone();
    let mut only = true;
    references(&mut schema, &mut |reference| only &= target(reference, dialect).is_none_or(|name| names.contains(&name)));
    only
}

fn rename(schema: &mut Value, dialect: Dialect, names: &Names) {
    references(schema, &mut |reference| {
        if let Some(name) = target(reference, dialect).and_then(|name| names.get(&name)) {
            *reference = format!("{}{name}", dialect.prefix());
        }
    });
}

/// Calls `with` for each `$ref` of a schema. What merely looks like one, in a default value, is left alone.
fn references(schema: &mut Value, with: &mut impl FnMut(&mut String)) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match (&**key, value) {
                    ("$ref", Value::String(reference)) => with(reference),
                    ("const" | "default" | "enum" | "example" | "examples", _) => {}
                    (_, value) => references(value, with),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| references(item, with)),
        _ => {}
    }
}

/// The definition that a reference names, as schemars calls it.
fn target(reference: &str, dialect: Dialect) -> Option<String> {
    let encoded = reference.strip_prefix(dialect.prefix())?;
    let mut bytes = Vec::new();
    let mut rest = encoded.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok());
        match hex.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    Some(String::from_utf8(bytes).ok()?.replace("~1", "/").replace("~0", "~"))
}

/// `name` in characters that need no encoding in a reference and that AsyncAPI allows, and that nobody else has.
fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let numbered = (2..).map(|n| format!("{plain}{n}"));
    let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(plain);
    taken.insert(free.clone());
    free
}
