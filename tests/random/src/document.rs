//! The schemas of a contract.

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::Place;

/// A document of JSON Schema.
pub(crate) struct Document(Value);

impl Document {
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let document = serde_json::from_str(text).map_err(|e| format!("the schema is no JSON: {e}"))?;
        jsonschema::meta::validate(&document).map_err(|e| format!("the schema is none: {e}"))?;
        Ok(Self(document))
    }

    /// A validator for a place; none for what carries nothing.
    pub(crate) fn validator(&self, path: &str, place: &Place) -> Result<Option<Validator>, String> {
        let nsp = &self.0["x-socketio"][path];
        assert!(nsp.is_object(), "no {path}");
        let Some(schema) = nsp.pointer(&place.pointer()) else { return Ok(None) };
        let root = json!({ "$schema": self.0["$schema"], "$defs": self.0["$defs"], "allOf": [schema] });
        jsonschema::validator_for(&root).map(Some).map_err(|e| format!("{schema} is no schema: {e}"))
    }
}

/// An AsyncAPI document.
pub(crate) struct Messages(Value);

impl Messages {
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map(Self).map_err(|e| format!("AsyncAPI is no JSON: {e}"))
    }

    /// A validator for an event's argument.
    pub(crate) fn validator(&self, place: &Place, index: usize) -> Result<Validator, String> {
        let messages = self.0["channels"]["Space"]["messages"].as_object().expect("messages");
        let is_it = |(key, message): &(&String, &Value)| key.starts_with(place.direction) && message["name"] == place.event;
        let (_, message) = messages.iter().find(is_it).ok_or("AsyncAPI has no such message")?;
        let schema = message["payload"]["items"].get(index).ok_or("AsyncAPI has no such argument")?;
        let root = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "components": self.0["components"], "allOf": [schema] });
        jsonschema::validator_for(&root).map_err(|e| format!("{schema} is no schema: {e}"))
    }
}
