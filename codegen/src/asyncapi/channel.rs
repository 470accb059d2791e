//! A namespace: its channel, and the operations in it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{message, reference};
use crate::schema::{
    Direction,
    definitions::free,
    model::{Ack, Message, Role, SpaceModel},
};

/// What AsyncAPI says a server does with what goes in a direction.
fn action(direction: Direction) -> &'static str {
    match direction {
        Direction::ClientToServer => "receive",
        Direction::ServerToClient => "send",
    }
}

/// What its code calls that.
fn method(direction: Direction) -> &'static str {
    match direction {
        Direction::ClientToServer => "on",
        Direction::ServerToClient => "emit",
    }
}

/// A namespace with the keys of what is in it.
pub(super) struct Channel<'a> {
    pub(super) key: String,
    space: &'a SpaceModel,
    messages: Vec<Keyed<'a>>,
}

/// A message and its keys, which are its name in characters that need no encoding, and which no other has.
struct Keyed<'a> {
    direction: Direction,
    message: &'a Message,
    key: String,
    ack: Option<(&'a Ack, String)>,
}

impl<'a> Channel<'a> {
    pub(super) fn new(space: &'a SpaceModel, taken: &mut BTreeSet<String>) -> Self {
        let mut keys = BTreeSet::new();
        let mut keyed = |direction: Direction, message: &'a Message| {
            let key = free(&format!("{}.{}", direction.name(), message.name), &mut keys);
            let ack = message.ack.as_ref().map(|ack| (ack, free(&format!("{key}.ack"), &mut keys)));
            Keyed { direction, message, key, ack }
        };
        let mut messages: Vec<_> = space.up.iter().map(|message| keyed(Direction::ClientToServer, message)).collect();
        messages.extend(space.down.iter().map(|message| keyed(Direction::ServerToClient, message)));
        Self { key: free(space.name, taken), space, messages }
    }

    pub(super) fn describe(&self) -> Value {
        let space = self.space;
        let mut out = Map::new();
        out.insert("address".to_owned(), space.pattern.into());
        out.insert("title".to_owned(), space.name.into());
        if !space.params.is_empty() {
            let parameter =
                |name: &&str| ((*name).to_owned(), json!({ "description": "Part of the path, as it is: not encoded." }));
            out.insert("parameters".to_owned(), space.params.iter().map(parameter).collect::<Map<_, _>>().into());
        }
        let mut messages = Map::new();
        for Keyed { direction, message, key, ack } in &self.messages {
            messages.insert(key.clone(), message::event(message, *direction));
            messages.extend(ack.iter().map(|(ack, key)| (key.clone(), message::ack(message, ack))));
        }
        out.insert("messages".to_owned(), messages.into());
        let connecting = [("auth", &space.auth), ("denied", &space.denied)];
        let connecting: Map<_, _> =
            connecting.into_iter().filter_map(|(name, schema)| Some((name.to_owned(), schema.clone()?))).collect();
        if !connecting.is_empty() {
            out.insert("x-socketio".to_owned(), connecting.into());
        }
        out.into()
    }

    pub(super) fn operations(&self) -> impl Iterator<Item = (String, Value)> {
        // Keys of one direction begin with its name, and are different behind it.
        let id = |keyed: &Keyed<'_>| {
            keyed.key.replacen(keyed.direction.name(), &format!("{}.{}", self.key, method(keyed.direction)), 1)
        };
        self.messages.iter().map(move |keyed| (id(keyed), self.operation(keyed)))
    }

    fn operation(&self, keyed: &Keyed<'_>) -> Value {
        let message = keyed.message;
        let channel = reference(&["channels", &self.key]);
        let of = |message: &str| [reference(&["channels", &self.key, "messages", message])].into_iter().collect::<Value>();
        let mut out = Map::new();
        out.insert("action".to_owned(), action(keyed.direction).into());
        out.insert("title".to_owned(), message.name.clone().into());
        out.extend(message::summary(message).map(|summary| ("summary".to_owned(), summary.into())));
        out.extend(message::description(message).map(|text| ("description".to_owned(), text.into())));
        out.insert("messages".to_owned(), of(&keyed.key));
        if let Some((_, key)) = &keyed.ack {
            out.insert("reply".to_owned(), json!({ "channel": channel, "messages": of(key) }));
        }
        out.insert("channel".to_owned(), channel);
        let socketio = socketio(message);
        if !socketio.is_empty() {
            out.insert("x-socketio".to_owned(), socketio.into());
        }
        out.into()
    }
}

/// What there is to connect to, in Markdown: renderers show `x-socketio` as JSON at best, and a channel's description with each of its
/// operations.
pub(super) fn connecting<'a>(spaces: impl Iterator<Item = &'a SpaceModel>) -> String {
    let line = |space: &SpaceModel| {
        let auth = space.auth.iter().map(|auth| format!("who connects sends `auth`, {}", name_of(auth)));
        let denied =
            space.denied.iter().map(|denied| format!("who is refused gets a `connect_error` with `data`, {}", name_of(denied)));
        let said = auth.chain(denied).collect::<Vec<_>>().join("; ");
        format!("\n- `{}`{}{said}", space.pattern, if said.is_empty() { "" } else { ": " })
    };
    format!("## Namespaces\n{}", spaces.map(line).collect::<String>())
}

/// A schema in a sentence.
fn name_of(schema: &Value) -> String {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
    name.map_or_else(|| format!("`{schema}`"), |name| format!("`{name}`"))
}

fn socketio(message: &Message) -> Map<String, Value> {
    let mut out = Map::new();
    if let Some(ack) = &message.ack {
        out.insert("ack".to_owned(), ack.kind_name().into());
    }
    if let Some(note) = message.deprecated {
        out.insert("deprecated".to_owned(), if note.is_empty() { true.into() } else { note.into() });
    }
    let role = match message.role {
        Role::Event => return out,
        Role::Subscribe => "subscribe",
        Role::Next { window } => {
            out.extend(window.map(|window| ("window".to_owned(), window.into())));
            "next"
        }
        Role::End => "end",
        Role::Stop => "stop",
    };
    out.insert("stream".to_owned(), role.into());
    out
}
