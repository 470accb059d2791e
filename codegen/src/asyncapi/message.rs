//! An event and its ack as messages, whose payload is the array that goes over the wire.

use serde_json::{Map, Value, json};

use crate::schema::{
    Direction,
    model::{Ack, Argument, Message},
};

/// The first paragraph of an event's documentation.
pub(super) fn summary(message: &Message) -> Option<String> {
    let first = message.docs.split("\n\n").next().filter(|first| !first.is_empty())?;
    Some(first.replace('\n', " "))
}

/// The rest of it.
pub(super) fn description(message: &Message) -> Option<String> {
    let rest = message.docs.split_once("\n\n").map_or("", |(_, rest)| rest);
    let deprecated = message.deprecated.map(|note| match note {
        "" => "**Deprecated.**".to_owned(),
        note => format!("**Deprecated:** {}", note.replace('\n', " ")),
    });
    let parts: Vec<_> = [rest.to_owned()].into_iter().filter(|rest| !rest.is_empty()).chain(deprecated).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

pub(super) fn event(message: &Message, direction: Direction) -> Value {
    let items: Vec<_> = message.args.iter().map(|arg| titled(arg.name, arg.schema.clone())).collect();
    let mut out = Map::new();
    out.insert("name".to_owned(), message.name.clone().into());
    out.insert("title".to_owned(), signature(message, direction).into());
    out.extend(summary(message).map(|summary| ("summary".to_owned(), summary.into())));
    out.insert("payload".to_owned(), tuple(&items, message.required(direction)));
    out.into()
}

pub(super) fn ack(message: &Message, ack: &Ack) -> Value {
    let items: Vec<_> = ack.value.iter().map(|value| titled("res", value.clone())).collect();
    let required = items.len();
    json!({
        "name": format!("{} ack", message.name),
        "title": format!("Ack of {}", message.name),
        "payload": tuple(&items, required),
    })
}

/// `send(room, text, reply_to?)`.
fn signature(message: &Message, direction: Direction) -> String {
    let required = message.required(direction);
    let arg = |(i, arg): (usize, &Argument)| format!("{}{}", arg.name, if i < required { "" } else { "?" });
    format!("{}({})", message.name, message.args.iter().enumerate().map(arg).collect::<Vec<_>>().join(", "))
}

/// An array of exactly these items, of which `required` must be there.
fn tuple(items: &[Value], required: usize) -> Value {
    if items.is_empty() {
        // An empty list of items is no schema.
        return json!({ "type": "array", "maxItems": 0 });
    }
    json!({ "type": "array", "items": items, "additionalItems": false, "minItems": required })
}

/// `schema` under the name of an argument, also in its description: renderers do not show the title of an item.
fn titled(name: &str, schema: Value) -> Value {
    let named = format!("`{name}`");
    match schema {
        // Draft-07 reads nothing beside a reference.
        Value::Object(members) if members.contains_key("$ref") => {
            json!({ "title": name, "description": named, "allOf": [members] })
        }
        Value::Object(mut members) => {
            members.entry("title").or_insert_with(|| name.into());
            let said = members.get("description").and_then(Value::as_str).map_or_else(String::new, |said| format!(": {said}"));
            members.insert("description".to_owned(), (named + &said).into());
            members.into()
        }
        Value::Bool(true) => json!({ "title": name, "description": named }),
        never => never,
    }
}
