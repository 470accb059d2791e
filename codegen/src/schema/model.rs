//! What goes over the wire in each namespace, with schemas: what documents are written from.

use std::{any::TypeId, borrow::Cow, collections::BTreeMap};

use ackord::{
    Never,
    contract::AckKind,
    describe::{Event, TypeRef},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::definitions::{Collector, Definitions, Dialect, Direction, SchemaOf};
use crate::{
    contract::{Contract, EventSet, Piece, Space, pieces},
    links,
};

/// A contract with schemas.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) spaces: Vec<SpaceModel>,
    /// What the schemas refer to, by name.
    pub(crate) definitions: BTreeMap<String, Value>,
}

/// A namespace.
#[derive(Debug)]
pub(crate) struct SpaceModel {
    pub(crate) name: &'static str,
    /// Its path on the wire, with `{parameter}`s.
    pub(crate) pattern: &'static str,
    pub(crate) params: Vec<&'static str>,
    /// What a client shows when it connects; `None` if nothing.
    pub(crate) auth: Option<Value>,
    /// The `data` of a refusal; `None` if there is none.
    pub(crate) denied: Option<Value>,
    /// What clients send.
    pub(crate) up: Vec<Message>,
    /// What the server sends.
    pub(crate) down: Vec<Message>,
}

/// One event in one direction.
#[derive(Debug)]
pub(crate) struct Message {
    /// Its name on the wire.
    pub(crate) name: String,
    pub(crate) docs: String,
    /// The note of its `#[deprecated]`, empty without one.
    pub(crate) deprecated: Option<&'static str>,
    pub(crate) args: Vec<Argument>,
    pub(crate) ack: Option<Ack>,
    pub(crate) role: Role,
}

/// What an event is to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing.
    Event,
    /// It subscribes to one.
    Subscribe,
    /// It is an item, with an ack for every n-th under a window of n.
    Next { window: Option<u32> },
    /// It is the end.
    End,
    /// It ends one from the other side.
    Stop,
}

/// One argument.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) name: &'static str,
    pub(crate) schema: Value,
    /// Whether it is an `Option`.
    pub(crate) optional: bool,
}

/// What an event is acknowledged with.
#[derive(Debug)]
pub(crate) struct Ack {
    pub(crate) kind: AckKind,
    /// The one value that it carries; `None` if it carries none.
    pub(crate) value: Option<Value>,
    /// The value of success inside of an envelope, or beside an error.
    pub(crate) answer: Option<Value>,
    pub(crate) error: Option<Value>,
}

impl Ack {
    /// Its kind in documents.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self.kind {
            AckKind::None => "none",
            AckKind::Unit => "unit",
            AckKind::Plain => "plain",
            AckKind::Envelope => "envelope",
            AckKind::Either => "either",
            AckKind::Stream { .. } => "stream",
        }
    }
}

impl Message {
    /// How many arguments there must be: trailing `Option`s may be left out by a client.
    pub(crate) fn required(&self, direction: Direction) -> usize {
        match direction {
            Direction::ServerToClient => self.args.len(),
            Direction::ClientToServer => self.args.iter().rposition(|arg| !arg.optional).map_or(0, |last| last + 1),
        }
    }
}

impl Model {
    pub(crate) fn new(contract: &Contract, dialect: Dialect) -> Self {
        let mut build = Build(collect(contract, dialect).finish());
        let spaces = contract.namespaces.iter().map(|space| build.space(contract, space)).collect();
        Self { spaces, definitions: build.0.all }
    }
}

/// All types of a contract.
pub(crate) fn collect(contract: &Contract, dialect: Dialect) -> Collector {
    let mut collector = Collector::new(dialect);
    for space in &contract.namespaces {
        for (direction, schema) in schemas(contract, space) {
            collector.add(direction, schema);
        }
    }
    collector
}

/// The schemas of all types that a namespace carries.
fn schemas(contract: &Contract, space: &Space) -> Vec<(Direction, SchemaOf)> {
    let mut all = Vec::new();
    for (set, direction) in directed(contract, space) {
        for event in &set.events {
            let answers = event.answer.iter().chain(&event.error).map(|ty| (direction.opposite(), ty.schema));
            all.extend(event.args.iter().map(|arg| (direction, arg.ty.schema)).chain(answers));
            if event.meta.ack.is_envelope() {
                all.push((direction.opposite(), FAULT));
            }
        }
    }
    all.push((Direction::ClientToServer, space.auth.schema));
    all.push((Direction::ServerToClient, space.denied.schema));
    all
}

fn directed<'a>(contract: &'a Contract, space: &Space) -> impl Iterator<Item = (&'a EventSet, Direction)> {
    let directions = [Direction::ClientToServer, Direction::ServerToClient];
    contract.sets_of(space).into_iter().zip(directions).filter_map(|(set, direction)| Some((set?, direction)))
}

struct Build(Definitions);

impl Build {
    fn space(&mut self, contract: &Contract, space: &Space) -> SpaceModel {
        let (mut up, mut down) = (Vec::new(), Vec::new());
        for (set, direction) in directed(contract, space) {
            for event in &set.events {
                let (same, opposite) = match direction {
                    Direction::ClientToServer => (&mut up, &mut down),
                    Direction::ServerToClient => (&mut down, &mut up),
                };
                same.push(self.event(event, direction));
                if let AckKind::Stream { window } = event.meta.ack {
                    same.push(stop(event));
                    opposite.extend(self.items(event, direction.opposite(), window));
                }
            }
        }
        let params = pieces(space.pattern).into_iter().filter_map(|piece| match piece {
            Piece::Parameter(name) => Some(name),
            Piece::Literal(_) => None,
        });
        let present = |ty: &TypeRef| ty.id != TypeId::of::<()>() && ty.id != TypeId::of::<Never>();
        SpaceModel {
            name: space.name,
            pattern: space.pattern,
            params: params.collect(),
            auth: present(&space.auth).then(|| self.0.schema(Direction::ClientToServer, space.auth.schema)),
            denied: present(&space.denied).then(|| self.0.schema(Direction::ServerToClient, space.denied.schema)),
            up,
            down,
        }
    }

    fn event(&mut self, event: &Event, direction: Direction) -> Message {
        let arg = |arg: &ackord::describe::Arg| Argument {
            name: arg.name.strip_prefix("r#").unwrap_or(arg.name),
            schema: self.0.schema(direction, arg.ty.schema),
            optional: arg.ty.optional,
        };
        let args = event.args.iter().map(arg).collect();
        let is_stream = matches!(event.meta.ack, AckKind::Stream { .. });
        Message {
            name: event.meta.name.to_owned(),
            docs: docs(event.meta.docs),
            deprecated: event.meta.deprecated,
            args,
            ack: self.ack(event, direction.opposite()),
            role: if is_stream { Role::Subscribe } else { Role::Event },
        }
    }

    fn ack(&mut self, event: &Event, direction: Direction) -> Option<Ack> {
        let kind = event.meta.ack;
        let mut schema = |ty: &Option<TypeRef>| ty.as_ref().map_or_else(null, |ty| self.0.schema(direction, ty.schema));
        let (mut answer, mut error) = (None, None);
        let value = match kind {
            AckKind::None => return None,
            AckKind::Unit => None,
            AckKind::Plain => Some(schema(&event.answer)),
            AckKind::Either => {
                let (ok, err) = (&*answer.insert(schema(&event.answer)), &*error.insert(schema(&event.error)));
                Some(json!({ "anyOf": [ok, err] }))
            }
            AckKind::Envelope => {
                let (ok, err) = (&*answer.insert(schema(&event.answer)), &*error.insert(schema(&event.error)));
                let arms = [success("value", ok), failure("error", err), self.fault(direction)];
                Some(json!({ "anyOf": arms }))
            }
            AckKind::Stream { .. } => Some(json!({ "anyOf": [success("value", &subscription()), self.fault(direction)] })),
        };
        Some(Ack { kind, value, answer, error })
    }

    fn fault(&mut self, direction: Direction) -> Value {
        failure("fault", &self.0.schema(direction, FAULT))
    }

    /// What the producer of a stream sends.
    fn items(&mut self, event: &Event, direction: Direction, window: Option<u32>) -> [Message; 2] {
        let item = event.answer.as_ref().map_or_else(null, |ty| self.0.schema(direction, ty.schema));
        let error = event.error.as_ref().filter(|ty| ty.id != TypeId::of::<Never>());
        let error = error.map(|ty| failure("error", &self.0.schema(direction, ty.schema)));
        let ended = json!({ "type": "object", "properties": { "ok": { "const": true } }, "required": ["ok"] });
        let arms: Vec<_> = [ended].into_iter().chain(error).chain([self.fault(direction)]).collect();
        let ack = window.map(|_| Ack { kind: AckKind::Unit, value: None, answer: None, error: None });
        [
            part(event, ":next", format!("An item of `{}`.", event.meta.name), Some(("item", item)), ack, Role::Next { window }),
            part(
                event,
                ":end",
                format!("The end of `{}`.", event.meta.name),
                Some(("end", json!({ "anyOf": arms }))),
                None,
                Role::End,
            ),
        ]
    }
}

fn stop(event: &Event) -> Message {
    part(event, ":stop", format!("Ends a subscription of `{}`.", event.meta.name), None, None, Role::Stop)
}

/// One of the events that a stream consists of.
fn part(event: &Event, suffix: &str, docs: String, arg: Option<(&'static str, Value)>, ack: Option<Ack>, role: Role) -> Message {
    let args = [("sub", subscription())].into_iter().chain(arg);
    let args = args.map(|(name, schema)| Argument { name, schema, optional: false }).collect();
    Message { name: format!("{}{suffix}", event.meta.name), docs, deprecated: event.meta.deprecated, args, ack, role }
}

/// The id of a subscription.
fn subscription() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn null() -> Value {
    json!({ "type": "null" })
}

fn success(name: &str, value: &Value) -> Value {
    arm(true, name, value)
}

fn failure(name: &str, value: &Value) -> Value {
    arm(false, name, value)
}

fn arm(ok: bool, name: &str, value: &Value) -> Value {
    json!({ "type": "object", "properties": { "ok": { "const": ok }, name: value }, "required": ["ok", name] })
}

/// A documentation comment as a text.
fn docs(lines: &[&str]) -> String {
    let lines = lines.iter().flat_map(|doc| doc.split('\n'));
    let lines: Vec<_> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    links::replace(lines.join("\n").trim(), |_| None)
}

const FAULT: SchemaOf = SchemaGenerator::subschema_for::<Fault>;

/// Only its schema is used.
struct Fault;

impl JsonSchema for Fault {
    fn schema_name() -> Cow<'static, str> {
        "Fault".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "ackord::Fault".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The other side could not run its handler to the end.",
            "type": "object",
            "properties": {
                "code": { "enum": ["bad_args", "internal", "overloaded", "cancelled"], "type": "string" },
                "message": { "type": "string" },
            },
            "required": ["code", "message"],
        })
    }
}
