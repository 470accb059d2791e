//! Functions that write and read a field: what they make of it has to be said.
use ackord::payload;

mod hex {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &u32, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
        u32::deserialize(d)
    }
}

#[payload]
pub struct Both {
    #[serde(with = "hex")]
    both: u32,
    #[serde(default, serialize_with = "hex::serialize")]
    one: u32,
    #[serde(with = "hex")]
    #[ts(as = "String")]
    described: u32,
}

#[payload]
pub enum Variants {
    #[serde(deserialize_with = "hex::deserialize")]
    A(u32),
    B { #[serde(with = "hex")] b: u32 },
}

fn main() {}
