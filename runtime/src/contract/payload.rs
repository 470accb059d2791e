use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

/// A value that may cross the wire: an argument, an answer, an error, an auth payload.
///
/// Implemented for every type that has what it takes; `#[payload]` derives it all.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used in an event: it is not a payload",
    label = "not a payload",
    note = "a payload is `Serialize + DeserializeOwned + Send + 'static`: put `#[ackord::payload]` on the type, or derive both serde traits"
)]
pub trait Payload: Serialize + DeserializeOwned + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send + 'static> Payload for T {}

/// The error of an event that cannot answer with one. No value of it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl Serialize for Never {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        match *self {}
    }
}

impl<'de> Deserialize<'de> for Never {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("no value was expected here"))
    }
}
