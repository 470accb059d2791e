//! Large integers as strings, for `#[serde(with = "ackord::int64_string")]`.
//!
//! A `number` of JavaScript has 53 bits; an id of 64 that is only shown and sent back keeps them all as text. In TypeScript such a field is a
//! `string`, which `BigInt(…)` reads. Any type with `Display` and `FromStr` can be written so. [`option`](mod@option) is for an `Option` of one.
//!
//! ```
//! # fn main() {}
//! # #[cfg(feature = "macros")]
//! # mod doc {
//! use ackord::payload;
//!
//! #[payload]
//! pub struct Account {
//!     #[serde(with = "ackord::int64_string")]
//!     pub id: u64,
//!     #[serde(default, with = "ackord::int64_string::option")]
//!     pub parent: Option<u64>,
//! }
//!
//! # #[test]
//! # fn run() {
//! let account = Account { id: u64::MAX, parent: None };
//! assert_eq!(serde_json::to_string(&account).unwrap(), r#"{"id":"18446744073709551615","parent":null}"#);
//! # }
//! # }
//! ```

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Writes `value` as a string.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<T: fmt::Display, S: Serializer>(value: &T, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(value)
}

/// Reads a string.
///
/// # Errors
/// It is no string, or not one of `T`.
pub fn deserialize<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(d: D) -> Result<T, D::Error> {
    Cow::<str>::deserialize(d)?.parse().map_err(D::Error::custom)
}

/// The same for an `Option`: `null` is `None`. With `#[serde(default)]` a field that is missing is `None` too.
pub mod option {
    use super::{Cow, Deserialize, Deserializer, Error, FromStr, Serializer, fmt};

    /// Writes `value` as a string or as `null`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<T: fmt::Display, S: Serializer>(value: &Option<T>, s: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => s.collect_str(value),
            None => s.serialize_none(),
        }
    }

    /// Reads a string or `null`.
    ///
    /// # Errors
    /// It is neither, or the string is not one of `T`.
    pub fn deserialize<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
        let text = Option::<Cow<'_, str>>::deserialize(d)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Ids {
        #[serde(with = "super")]
        id: u64,
        #[serde(default, with = "super::option")]
        parent: Option<i128>,
    }

    #[test]
    fn integers_are_strings() {
        let ids = Ids { id: u64::MAX, parent: Some(i128::MIN) };
        let json = r#"{"id":"18446744073709551615","parent":"-170141183460469231731687303715884105728"}"#;
        assert_eq!(serde_json::to_string(&ids).unwrap(), json);
        assert_eq!(serde_json::from_str::<Ids>(json).unwrap(), ids);
        // Escapes have no borrowed text.
        assert_eq!(serde_json::from_str::<Ids>(r#"{"id":"\u0031"}"#).unwrap(), Ids { id: 1, parent: None });
        assert_eq!(serde_json::from_str::<Ids>(r#"{"id":"1","parent":null}"#).unwrap().parent, None);
        for wrong in [r#"{"id":1}"#, r#"{"id":"-1"}"#, r#"{"id":null}"#, r#"{"id":"1","parent":"x"}"#] {
            assert!(serde_json::from_str::<Ids>(wrong).is_err(), "{wrong}");
        }
    }
}
