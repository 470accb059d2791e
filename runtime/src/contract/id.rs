use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The public id of a socket: 20 characters of `[A-Za-z0-9_-]`, as the reference makes them.
///
/// It names one connection to one namespace and is also the name of a room with just that socket in it. It is never the
/// Engine.IO session id, which is a secret: whoever knows that one can read and write the session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId([u8; Self::LEN]);

impl SocketId {
    /// Length of an id in characters: Node clusters depend on it (socket.io-adapter's sharded and cluster engines).
    pub const LEN: usize = 20;

    #[cfg(any(test, feature = "server"))]
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// An id from 15 random bytes, six bits a character.
    #[cfg(any(test, feature = "server"))]
    pub(crate) fn from_random(random: [u8; 15]) -> Self {
        let mut id = [0; Self::LEN];
        for (from, to) in random.chunks_exact(3).zip(id.chunks_exact_mut(4)) {
            let bits = u32::from_be_bytes([0, from[0], from[1], from[2]]);
            for (i, c) in to.iter_mut().enumerate() {
                *c = Self::ALPHABET[(bits >> (18 - 6 * i) & 63) as usize];
            }
        }
        Self(id)
    }

    /// The id as text.
    ///
    /// # Panics
    /// Never: both constructors admit only ASCII.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("both constructors admit only ASCII")
    }
}

impl fmt::Display for SocketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SocketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SocketId({self})")
    }
}

impl AsRef<str> for SocketId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// The text is not 20 characters of `[A-Za-z0-9_-]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidSocketId;

impl fmt::Display for InvalidSocketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a socket id is 20 characters of [A-Za-z0-9_-]")
    }
}

impl std::error::Error for InvalidSocketId {}

impl FromStr for SocketId {
    type Err = InvalidSocketId;

    fn from_str(s: &str) -> Result<Self, InvalidSocketId> {
        let id: [u8; Self::LEN] = s.as_bytes().try_into().map_err(|_| InvalidSocketId)?;
        id.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_')).then_some(Self(id)).ok_or(InvalidSocketId)
    }
}

impl Serialize for SocketId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for SocketId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_url_safe_base64_of_the_random_bytes() {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let random = std::array::from_fn(|i| (i as u8).wrapping_mul(37).wrapping_add(200));
        assert_eq!(SocketId::from_random(random).as_str(), URL_SAFE_NO_PAD.encode(random));
    }

    #[test]
    fn parses_only_its_own_alphabet_and_length() {
        let id = SocketId::from_random([7; 15]);
        assert_eq!(id.to_string().parse(), Ok(id));
        for bad in ["", "abc", "012345678901234567890", "0123456789012345678é", "0123456789012345678/"] {
            assert_eq!(bad.parse::<SocketId>(), Err(InvalidSocketId), "{bad}");
        }
    }
}
