//! Ids: socket ids are public, session ids are secrets, both come from the operating system. And the jitter of reconnections.

#[cfg(feature = "server")]
use crate::contract::SocketId;

/// The Engine.IO session id: whoever knows it can read and write the session. It has the shape of a socket id and no `Debug`, so that
/// it never ends up in a log.
#[cfg(feature = "server")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SessionId(SocketId);

#[cfg(feature = "server")]
impl SessionId {
    pub(crate) fn random() -> Self {
        Self(socket_id())
    }

    pub(crate) fn parse(sid: &str) -> Option<Self> {
        sid.parse().ok().map(Self)
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// # Panics
/// If the operating system has no random numbers: nothing safe can be done without.
#[cfg(feature = "server")]
pub(crate) fn socket_id() -> SocketId {
    let mut random = [0; 15];
    getrandom::fill(&mut random).expect("the operating system has random numbers");
    SocketId::from_random(random)
}

/// A number in `0.0..1.0`. Where the operating system has no random numbers it is always the same: jitter is no secret.
#[cfg(feature = "client")]
pub(crate) fn unit() -> f64 {
    let mut random = [0; 4];
    let _ = getrandom::fill(&mut random);
    f64::from(u32::from_le_bytes(random)) / (f64::from(u32::MAX) + 1.0)
}

/// Eight letters and digits that no request had before. Where the operating system has no random numbers a count has to do.
#[cfg(feature = "client")]
pub(crate) fn word() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut random = [0; 8];
    let mut number = match getrandom::fill(&mut random) {
        Ok(()) => u64::from_le_bytes(random),
        Err(_) => COUNT.fetch_add(1, Ordering::Relaxed),
    };
    let mut word = String::with_capacity(8);
    for _ in 0..8 {
        word.push(char::from(ALPHABET[(number % 36) as usize]));
        number /= 36;
    }
    word
}

/// 120 random bits as 20 characters: a name that nobody else can know. It has no `Debug`, so that it never ends up in a log.
#[cfg(feature = "client")]
pub(crate) struct Secret(String);

#[cfg(feature = "client")]
impl Secret {
    /// None where the operating system has no random numbers.
    pub(crate) fn random() -> Option<Self> {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let mut random = [0; 15];
        getrandom::fill(&mut random).ok()?;
        Some(Self(URL_SAFE_NO_PAD.encode(random)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
