//! What an HTTP request to the Engine.IO path asks for, and the error bodies.
//!
//! `engine.io` 6.6.12, `build/server.js`, `verify` and `errors`; the order of the checks is the reference's.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use super::Transport;

/// What the caller knows about the session a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    /// The transport that the session uses now.
    pub transport: Transport,
}

/// What a valid request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// Open a session; with [`Transport::WebSocket`] the request is a WebSocket upgrade.
    ///
    /// `allowRequest` hooks run after this is known. (The reference runs them before it looks at the version.)
    Handshake {
        /// The session's first transport.
        transport: Transport,
    },
    /// GET: take what the server has to say.
    Poll {
        /// The session, which the lookup has found.
        sid: Cow<'a, str>,
    },
    /// POST: packets from the client.
    Post {
        /// The session, which the lookup has found.
        sid: Cow<'a, str>,
    },
    /// A WebSocket that wants to take over a polling session.
    Upgrade {
        /// The session, which the lookup has found.
        sid: Cow<'a, str>,
    },
}

impl<'a> Request<'a> {
    /// Reads method and query string.
    ///
    /// `upgrade` says whether the request carries a complete WebSocket upgrade; `lookup` finds a session by id. If a
    /// parameter is repeated the last one counts.
    ///
    /// # Errors
    ///
    /// [`RequestError`]; answer an HTTP request with [`http_status`](RequestError::http_status) and
    /// [`json_body`](RequestError::json_body), and a WebSocket before the 101.
    pub fn parse(
        method: &str,
        query: &'a str,
        upgrade: bool,
        lookup: impl FnOnce(&str) -> Option<SessionInfo>,
    ) -> Result<Self, RequestError> {
        let query = Query::parse(query);
        let transport = query.transport()?;
        match query.sid {
            Some(sid) => {
                let session = lookup(&sid).ok_or(RequestError::UnknownSid)?;
                Self::of_session(method, transport, upgrade, query.eio.as_deref(), session, sid)
            }
            None => Self::handshake(method, transport, upgrade, query.eio.as_deref()),
        }
    }

    fn of_session(
        method: &str,
        transport: Transport,
        upgrade: bool,
        eio: Option<&str>,
        session: SessionInfo,
        sid: Cow<'a, str>,
    ) -> Result<Self, RequestError> {
        if !upgrade && session.transport != transport {
            return Err(RequestError::TransportMismatch);
        }
        if eio != Some(PROTOCOL) {
            return Err(RequestError::ProtocolMismatch);
        }
        match (transport, upgrade) {
            (Transport::WebSocket, true) => Ok(Self::Upgrade { sid }),
            // A WebSocket session whose id comes back in a plain request, or an upgrade that asks for polling.
            (Transport::WebSocket, false) | (Transport::Polling, true) => Err(RequestError::TransportHandshake),
            (Transport::Polling, false) => match method {
                "GET" => Ok(Self::Poll { sid }),
                "POST" => Ok(Self::Post { sid }),
                _ => Err(RequestError::SessionMethod),
            },
        }
    }

    fn handshake(method: &str, transport: Transport, upgrade: bool, eio: Option<&str>) -> Result<Self, RequestError> {
        if method != "GET" {
            return Err(RequestError::HandshakeMethod);
        }
        if upgrade != (transport == Transport::WebSocket) {
            return Err(RequestError::TransportHandshake);
        }
        if eio != Some(PROTOCOL) {
            return Err(RequestError::UnsupportedVersion);
        }
        Ok(Self::Handshake { transport })
    }
}

/// The value of `EIO`.
const PROTOCOL: &str = "4";

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestError {
    /// `transport` is missing or not one of ours.
    UnknownTransport,
    /// No session has this id, or it is not an id at all.
    UnknownSid,
    /// A handshake that is not a GET.
    HandshakeMethod,
    /// `transport=websocket` without a WebSocket upgrade, or the reverse.
    TransportHandshake,
    /// The session uses another transport, e.g. a poll after the upgrade.
    TransportMismatch,
    /// `EIO` is not the session's.
    ProtocolMismatch,
    /// The application's hook refused the request.
    Forbidden,
    /// A handshake with another `EIO` than 4.
    UnsupportedVersion,
    /// Neither GET nor POST for a session; the reference answers 500 without a body.
    SessionMethod,
}

impl RequestError {
    /// Engine.IO's error code, 0 to 5.
    pub const fn code(self) -> u8 {
        match self {
            Self::UnknownTransport => 0,
            Self::UnknownSid => 1,
            Self::HandshakeMethod | Self::SessionMethod => 2,
            Self::TransportHandshake | Self::TransportMismatch | Self::ProtocolMismatch => 3,
            Self::Forbidden => 4,
            Self::UnsupportedVersion => 5,
        }
    }

    /// Engine.IO's error message.
    pub const fn message(self) -> &'static str {
        match self.code() {
            0 => "Transport unknown",
            1 => "Session ID unknown",
            2 => "Bad handshake method",
            3 => "Bad request",
            4 => "Forbidden",
            _ => "Unsupported protocol version",
        }
    }

    /// The name of the reference's `connection_error` context, for logs.
    pub const fn context(self) -> &'static str {
        match self {
            Self::UnknownTransport => "UNKNOWN_TRANSPORT",
            Self::UnknownSid => "UNKNOWN_SID",
            Self::HandshakeMethod => "BAD_HANDSHAKE_METHOD",
            Self::TransportHandshake => "TRANSPORT_HANDSHAKE_ERROR",
            Self::TransportMismatch => "TRANSPORT_MISMATCH",
            Self::ProtocolMismatch => "PROTOCOL_MISMATCH",
            Self::Forbidden => "FORBIDDEN",
            Self::UnsupportedVersion => "UNSUPPORTED_PROTOCOL_VERSION",
            Self::SessionMethod => "BAD_SESSION_METHOD",
        }
    }

    /// The status of the answer.
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Forbidden => 403,
            Self::SessionMethod => 500,
            _ => 400,
        }
    }

    /// The body of the answer, `application/json`; empty for [`SessionMethod`](Self::SessionMethod).
    pub fn json_body(self) -> Bytes {
        if self == Self::SessionMethod {
            return Bytes::new();
        }
        format!(r#"{{"code":{},"message":"{}"}}"#, self.code(), self.message()).into()
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for RequestError {}

#[derive(Default)]
struct Query<'a> {
    transport: Option<Cow<'a, str>>,
    sid: Option<Cow<'a, str>>,
    eio: Option<Cow<'a, str>>,
}

impl<'a> Query<'a> {
    fn parse(query: &'a str) -> Self {
        let mut out = Self::default();
        for (key, value) in query_pairs(query) {
            let slot = match &*key {
                "transport" => &mut out.transport,
                "sid" => &mut out.sid,
                "EIO" => &mut out.eio,
                _ => continue,
            };
            *slot = Some(value);
        }
        out
    }

    fn transport(&self) -> Result<Transport, RequestError> {
        let name = self.transport.as_deref().ok_or(RequestError::UnknownTransport)?;
        Transport::from_name(name).ok_or(RequestError::UnknownTransport)
    }
}

/// The pairs of a query string, percent-decoded; what is not UTF-8 after that is replaced by U+FFFD.
pub fn query_pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (percent_decode(key), percent_decode(value))
    })
}

fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail) {
            (b'+', _) => out.push(b' '),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = after;
                }
                _ => out.push(b'%'),
            },
            _ => out.push(byte),
        }
    }
    Cow::Owned(String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests;
