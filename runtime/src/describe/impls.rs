//! Descriptions of this crate's own types. They have no declaration in TypeScript: the generator writes what they name.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use ts_rs::{Config, TS};

use crate::contract::{Binary, Never, SafeInt, SocketId};

macro_rules! describe {
    ($($t:ty, $name:literal, $typescript:literal => $schema:expr;)*) => { $(
        impl TS for $t {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;

            fn name(_: &Config) -> String {
                $typescript.to_owned()
            }

            fn inline(config: &Config) -> String {
                Self::name(config)
            }
        }

        impl JsonSchema for $t {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn schema_id() -> Cow<'static, str> {
                concat!("ackord::", $name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )* };
}

describe! {
    // JSON holds a placeholder at most: validators see the value, where bytes have no JSON type.
    Binary, "Binary", "Binary" => json_schema!({ "description": "bytes, sent as an attachment", "x-socketio-binary": true });
    SocketId, "SocketId", "string" => json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{20}$" });
    SafeInt, "SafeInt", "number" => json_schema!({
        "type": "integer", "minimum": SafeInt::MIN.value(), "maximum": SafeInt::MAX.value()
    });
    Never, "Never", "never" => Schema::from(false);
}
