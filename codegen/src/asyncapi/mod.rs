//! AsyncAPI: a contract as a document that tools of other languages and people without Rust can read.
//!
//! Socket.IO has no binding in AsyncAPI. A namespace is a channel, an event is a message whose payload is the array of its arguments, an
//! ack is the reply of an operation, and what has no place is in `x-socketio`. Seen from the server, as AsyncAPI wants it: it receives what
//! clients send. Draft-07 is what the format has of JSON Schema.

mod channel;
mod info;
mod message;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{
    contract::Contract,
    problem::Problem,
    schema::{Dialect, json, model::Model},
};
use channel::Channel;
pub use info::{AsyncApi, Info};

/// The file, or what is missing.
pub(crate) fn render(contract: &Contract, info: &Info) -> Result<String, Problem> {
    let model = Model::new(contract, Dialect::AsyncApi);
    let about = info.about(&channel::connecting(model.spaces.iter()))?;
    let (mut channels, mut operations) = (Map::new(), Map::new());
    let mut taken = BTreeSet::new();
    for space in &model.spaces {
        let channel = Channel::new(space, &mut taken);
        channels.insert(channel.key.clone(), channel.describe());
        operations.extend(channel.operations());
    }
    Ok(json::text(&json!({
        "asyncapi": info.spec(),
        "info": about,
        "defaultContentType": "application/json",
        "servers": info.servers(),
        "channels": channels,
        "operations": operations,
        "components": { "schemas": model.definitions },
    })))
}

/// `#/channels/…`.
fn reference(parts: &[&str]) -> Value {
    json!({ "$ref": format!("#/{}", parts.join("/")) })
}
