//! Where values stand in a contract.

use ackord::{Payload, RawArgs};
use serde_json::Value;

use crate::{Sample, Source};

/// A part of an event or of a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// An argument.
    Arg(usize),
    /// What is answered, if it is the bare value.
    Answer,
    /// The value of a `Result` that is answered.
    Ok,
    /// Its error.
    Err,
    /// The `answer` or the `error` of a `Result` that is answered bare.
    Either(&'static str),
    /// An item of a stream.
    Item,
    /// The error that ends it.
    End,
    /// What a client shows.
    Auth,
    /// What a refusal says.
    Denied,
}

/// A place, and the type that is there.
#[derive(Debug)]
pub struct Place {
    /// The type in Rust.
    pub ty: &'static str,
    /// What of the event.
    pub part: Part,
    /// `clientToServer` or `serverToClient`.
    pub direction: &'static str,
    /// The event's name on the wire.
    pub event: &'static str,
    sample: fn(&mut Source) -> Result<RawArgs, String>,
    read: fn(&RawArgs, usize) -> Result<RawArgs, String>,
}

/// A value as it is on the wire.
#[derive(Debug)]
pub struct Wire {
    args: RawArgs,
    /// Attachments are placeholders.
    pub json: Value,
}

impl Wire {
    fn new(args: RawArgs) -> Result<Self, String> {
        let json = args.get(0)?;
        Ok(Self { args, json })
    }
}

/// A value without members that are `null`: what Rust has for them may be left out when it is written again.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

fn args<T: Payload + serde::Serialize>(value: &T) -> Result<RawArgs, String> {
    RawArgs::new().arg(value).map_err(|e| format!("cannot be written: {e}"))
}

impl Place {
    /// The place of a `T`.
    pub fn of<T: Sample + Payload + serde::Serialize>(
        ty: &'static str,
        part: Part,
        direction: &'static str,
        event: &'static str,
    ) -> Self {
        let sample = |source: &mut Source| args(&T::sample(source));
        let read = |raw: &RawArgs, index| args(&raw.get::<T>(index)?);
        Self { ty, part, direction, event, sample, read }
    }

    /// A random value as Rust writes it; an error if Rust does not read it again.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn value(&self, source: &mut Source) -> Result<Wire, String> {
        let wire = Wire::new((self.sample)(source)?)?;
        let again = (self.read)(&wire.args, 0).map_err(|e| format!("is not read again: {e}: {}", wire.json))?;
        let again: Value = again.get(0)?;
        if without_nulls(&again) == without_nulls(&wire.json) {
            Ok(wire)
        } else {
            Err(format!("is read as {again}: {}", wire.json))
        }
    }

    /// Why Rust does not read `value`, which comes with the attachments of `of`.
    pub fn refuses(&self, of: &Wire, value: &Value) -> Option<String> {
        let args = of.args.clone().arg(value).ok()?;
        (self.read)(&args, 1).err()
    }

    /// Where the schema of it is in the document of its namespace.
    pub fn pointer(&self) -> String {
        let event = self.event.replace('~', "~0").replace('/', "~1");
        let other = if self.direction == "clientToServer" { "serverToClient" } else { "clientToServer" };
        match self.part {
            Part::Arg(index) => format!("/{}/{event}/args/prefixItems/{index}", self.direction),
            Part::Answer => format!("/{}/{event}/ack/value", self.direction),
            Part::Ok => format!("/{}/{event}/ack/answer", self.direction),
            Part::Err => format!("/{}/{event}/ack/error", self.direction),
            Part::Either(which) => format!("/{}/{event}/ack/{which}", self.direction),
            Part::Item => format!("/{other}/{event}:next/args/prefixItems/1"),
            Part::End => format!("/{other}/{event}:end/args/prefixItems/1"),
            Part::Auth => "/auth".to_owned(),
            Part::Denied => "/denied".to_owned(),
        }
    }

    /// The value in what is around it on the wire.
    pub fn around(&self, value: &Value) -> Value {
        match self.part {
            Part::End => serde_json::json!({ "ok": false, "error": value }),
            _ => value.clone(),
        }
    }
}
