use std::{fmt, num::TryFromIntError};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An integer that JavaScript keeps as it is: no less than −(2^53 − 1) and no more than 2^53 − 1.
///
/// A `number` of JavaScript has 53 bits, so that an `i64` or `u64` may arrive rounded; the generator refuses them. A `SafeInt` is checked
/// where it is made and where it is read, and a plain `number` in TypeScript. For integers beyond it see
/// [`int64_string`](crate::int64_string).
///
/// ```
/// use ackord::SafeInt;
/// let id = SafeInt::try_from(1_234_567_890_123_u64)?;
/// assert_eq!(i64::from(id), 1_234_567_890_123);
/// assert!(SafeInt::try_from(i64::MAX).is_err());
/// assert!(serde_json::from_str::<SafeInt>("9007199254740992").is_err());
/// # Ok::<_, ackord::contract::UnsafeInt>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SafeInt(i64);

/// The integer is not in the range of a [`SafeInt`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnsafeInt;

impl SafeInt {
    /// `Number.MAX_SAFE_INTEGER`: 2^53 − 1.
    pub const MAX: Self = Self((1 << 53) - 1);
    /// `Number.MIN_SAFE_INTEGER`: −(2^53 − 1).
    pub const MIN: Self = Self(-Self::MAX.0);

    /// The integer, if it is in range.
    pub const fn new(value: i64) -> Option<Self> {
        if value >= Self::MIN.0 && value <= Self::MAX.0 { Some(Self(value)) } else { None }
    }

    /// The integer.
    pub const fn value(self) -> i64 {
        self.0
    }
}

macro_rules! try_from {
    ($($t:ty)*) => { $(
        impl TryFrom<$t> for SafeInt {
            type Error = UnsafeInt;

            fn try_from(value: $t) -> Result<Self, UnsafeInt> {
                i64::try_from(value).ok().and_then(Self::new).ok_or(UnsafeInt)
            }
        }
    )* };
}

macro_rules! from {
    ($($t:ty)*) => { $(
        impl From<$t> for SafeInt {
            fn from(value: $t) -> Self {
                Self(value.into())
            }
        }
    )* };
}

macro_rules! try_into {
    ($($t:ty)*) => { $(
        impl TryFrom<SafeInt> for $t {
            type Error = TryFromIntError;

            fn try_from(value: SafeInt) -> Result<Self, TryFromIntError> {
                value.0.try_into()
            }
        }
    )* };
}

try_from!(i64 u64 i128 u128 isize usize);
from!(i8 u8 i16 u16 i32 u32);
try_into!(i8 u8 i16 u16 i32 u32 u64 isize usize);

impl From<SafeInt> for i64 {
    fn from(value: SafeInt) -> Self {
        value.0
    }
}

impl From<SafeInt> for i128 {
    fn from(value: SafeInt) -> Self {
        value.0.into()
    }
}

impl fmt::Display for SafeInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for SafeInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for UnsafeInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JavaScript keeps integers from -(2^53 - 1) to 2^53 - 1 only")
    }
}

impl std::error::Error for UnsafeInt {}

impl Serialize for SafeInt {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for SafeInt {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = i64::deserialize(d)?;
        Self::new(value).ok_or_else(|| de::Error::custom(UnsafeInt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_javascripts() {
        let max = 9_007_199_254_740_991;
        assert_eq!((SafeInt::MIN.value(), SafeInt::MAX.value()), (-max, max));
        for (value, safe) in [(max, true), (-max, true), (max + 1, false), (-max - 1, false), (i64::MIN, false)] {
            assert_eq!(SafeInt::try_from(value).is_ok(), safe, "{value}");
            assert_eq!(SafeInt::try_from(i128::from(value)).is_ok(), safe, "{value}");
            assert_eq!(serde_json::from_str::<SafeInt>(&value.to_string()).is_ok(), safe, "{value}");
        }
        assert_eq!(SafeInt::try_from(u64::MAX), Err(UnsafeInt));
        assert_eq!(u8::try_from(SafeInt::from(200_u8)), Ok(200));
        assert!(u8::try_from(SafeInt::from(-1_i8)).is_err());
        assert_eq!(serde_json::to_string(&SafeInt::MAX).unwrap(), "9007199254740991");
    }

    #[test]
    fn it_can_be_the_key_of_a_map() {
        let map: std::collections::BTreeMap<SafeInt, u8> = serde_json::from_str(r#"{"-3": 1}"#).unwrap();
        assert_eq!(map[&SafeInt::from(-3_i8)], 1);
        assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"-3":1}"#);
    }
}
