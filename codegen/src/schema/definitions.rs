//! The schemas of types, by direction, and the names of their definitions.
//!
//! schemars has a generator for what is written and one for what is read. A type whose schema is the same in both is defined once; one
//! whose schemas differ is `Message.serverToClient` and `Message.clientToServer`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{Schema, SchemaGenerator, generate::SchemaSettings, transform::ReplaceUnevaluatedProperties};
use serde_json::Value;

use super::{
    reading,
    references::{rename, targets},
    transforms::{only_references, without_links},
};

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

    /// Its name in documents, after Socket.IO's own typings.
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
    /// No document: what TypeScript is compared with, which has neither names that are only read nor descriptions without links.
    TypeScript,
}

impl Dialect {
    fn settings(self) -> SchemaSettings {
        match self {
            // Many readers, zod among them, know neither `unevaluatedProperties` nor a `$ref` among others.
            Self::Draft2020 | Self::TypeScript => SchemaSettings::draft2020_12()
                .with_transform(ReplaceUnevaluatedProperties::default())
                .with_transform(only_references),
            Self::AsyncApi => SchemaSettings::draft07().with(|settings| settings.definitions_path = "/components/schemas".into()),
        }
    }

    /// How a reference to a definition begins.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Draft2020 | Self::TypeScript => "#/$defs/",
            Self::AsyncApi => "#/components/schemas/",
        }
    }
}

/// The schema of a type, or a reference to it in the generator.
pub(crate) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// Collects definitions.
#[derive(Debug)]
pub(crate) struct Collector {
    dialect: Dialect,
    written: Side,
    read: Side,
}

/// One direction.
#[derive(Debug)]
struct Side {
    generator: SchemaGenerator,
    /// The definitions that messages refer to.
    roots: BTreeSet<String>,
}

/// schemars' names of definitions, and those in the document.
type Names = BTreeMap<String, String>;
/// Definitions by schemars' names.
pub(crate) type Defined = BTreeMap<String, Value>;

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
        let side = |settings: SchemaSettings| Side { generator: settings.into_generator(), roots: BTreeSet::new() };
        let (mut written, mut read) = (dialect.settings().for_serialize(), dialect.settings().for_deserialize());
        // Before others change the places of the notes.
        written.transforms.insert(0, Box::new(reading::forget));
        if dialect == Dialect::TypeScript {
            read.transforms.insert(0, Box::new(reading::forget));
        } else {
            read.transforms.insert(0, Box::new(reading::accept));
            (written, read) = (written.with_transform(without_links), read.with_transform(without_links));
        }
        Self { dialect, written: side(written), read: side(read) }
    }

    /// Adds what a type is made of.
    pub(crate) fn add(&mut self, direction: Direction, schema: SchemaOf) {
        let prefix = self.dialect.prefix();
        // Both generators see all types in one order: of two types with one name, both call the same one `Message2`.
        schema(&mut self.side(direction.opposite()).generator);
        let side = self.side(direction);
        let root = schema(&mut side.generator).to_value();
        side.roots.extend(targets(&root, prefix));
    }

    fn side(&mut self, direction: Direction) -> &mut Side {
        match direction {
            Direction::ServerToClient => &mut self.written,
            Direction::ClientToServer => &mut self.read,
        }
    }

    /// The definitions that are reached when values are written, and when they are read, by schemars' names.
    pub(crate) fn sides(mut self) -> [Defined; 2] {
        let prefix = self.dialect.prefix();
        [self.written.take(prefix), self.read.take(prefix)]
    }

    /// Gives the definitions their names.
    pub(crate) fn finish(mut self) -> Definitions {
        let prefix = self.dialect.prefix();
        let (written, read) = (self.written.take(prefix), self.read.take(prefix));
        let shared = shared(prefix, &written, &read);
        let mut taken = BTreeSet::new();
        let shared_names: Names = shared.iter().map(|name| (name.clone(), free(name, &mut taken))).collect();
        let mut name = |all: &Defined, other: &Defined, direction: Direction| -> Names {
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
                rename(&mut schema, prefix, names);
                all.insert(names.get(&name).cloned().unwrap_or(name), schema);
            }
        }
        Definitions { collector: self, written: names_written, read: names_read, all }
    }
}

impl Side {
    /// The definitions that are reached from a message.
    fn take(&mut self, prefix: &str) -> Defined {
        let mut all = self.generator.take_definitions(true);
        let mut open: Vec<String> = self.roots.iter().cloned().collect();
        let mut reached = BTreeMap::new();
        while let Some(name) = open.pop() {
            if let Some(schema) = all.remove(&name) {
                open.extend(targets(&schema, prefix));
                reached.insert(name, schema);
            }
        }
        reached
    }
}

impl Definitions {
    /// The schema of a type that was collected.
    pub(crate) fn schema(&mut self, direction: Direction, schema: SchemaOf) -> Value {
        let generator = &mut self.collector.side(direction).generator;
        let mut schema = schema(generator);
        // A generator applies them to documents and definitions, not to a schema that stands alone.
        generator.transforms_mut().for_each(|transform| transform.transform(&mut schema));
        let mut value = schema.to_value();
        let names = if direction == Direction::ServerToClient { &self.written } else { &self.read };
        rename(&mut value, self.collector.dialect.prefix(), names);
        value
    }
}

/// The names that mean the same in both directions, to the last definition that they refer to.
fn shared(prefix: &str, written: &Defined, read: &Defined) -> BTreeSet<String> {
    let same = |(name, schema): (&String, &Value)| (read.get(name) == Some(schema)).then(|| name.clone());
    let mut shared: BTreeSet<String> = written.iter().filter_map(same).collect();
    loop {
        let apart = |name: &&String| written.get(*name).is_some_and(|schema| !targets(schema, prefix).is_subset(&shared));
        let apart: Vec<String> = shared.iter().filter(apart).cloned().collect();
        if apart.is_empty() {
            return shared;
        }
        shared.retain(|name| !apart.contains(name));
    }
}

/// `name` in characters that need no encoding in a reference and that AsyncAPI allows, and that nobody else has.
pub(crate) fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let numbered = (2..).map(|n| format!("{plain}{n}"));
    let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(plain);
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use schemars::{JsonSchema, json_schema};
    use serde_json::json;

    use super::*;

    /// Refers to what is not the same in both directions.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only described")]
    struct Outer {
        inner: Inner,
        same: Same,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only described")]
    struct Inner {
        maybe: Option<u8>,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only described")]
    struct Same {
        #[schemars(schema_with = "default")]
        default: u8,
    }

    fn default(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "default": { "$ref": "#/$defs/Inner" } })
    }

    #[derive(JsonSchema)]
    #[schemars(rename = "Größe")]
    #[expect(dead_code, reason = "only described")]
    struct Size(u8);

    const OUTER: SchemaOf = SchemaGenerator::subschema_for::<Outer>;

    #[test]
    fn what_differs_somewhere_below_is_defined_twice() {
        let mut collector = Collector::new(Dialect::Draft2020);
        collector.add(Direction::ServerToClient, OUTER);
        collector.add(Direction::ClientToServer, OUTER);
        let mut definitions = collector.finish();
        let names: Vec<_> = definitions.all.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["Inner.clientToServer", "Inner.serverToClient", "Outer.clientToServer", "Outer.serverToClient", "Same"]
        );
        let outer = definitions.schema(Direction::ClientToServer, OUTER);
        assert_eq!(outer, json!({ "$ref": "#/$defs/Outer.clientToServer" }));
        assert_eq!(definitions.all["Outer.clientToServer"]["properties"]["inner"]["$ref"], "#/$defs/Inner.clientToServer");
        assert_eq!(definitions.all["Same"]["properties"]["default"]["default"], json!({ "$ref": "#/$defs/Inner" }));
    }

    #[test]
    fn one_direction_has_plain_names_and_nothing_of_the_other() {
        let mut collector = Collector::new(Dialect::AsyncApi);
        collector.add(Direction::ClientToServer, OUTER);
        collector.add(Direction::ServerToClient, SchemaGenerator::subschema_for::<Size>);
        let mut definitions = collector.finish();
        let names: Vec<_> = definitions.all.keys().map(String::as_str).collect();
        assert_eq!(names, ["Gr__e", "Inner", "Outer", "Same"]);
        let size = definitions.schema(Direction::ServerToClient, SchemaGenerator::subschema_for::<Size>);
        assert_eq!(size, json!({ "$ref": "#/components/schemas/Gr__e" }));
        let tuple = definitions.schema(Direction::ServerToClient, SchemaGenerator::subschema_for::<(u8, bool)>);
        assert!(tuple["items"].is_array() && tuple.get("prefixItems").is_none(), "{tuple}");
    }
}
