use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use super::hub::JoinError;
use crate::{
    contract::{EncodeError, Never, Payload},
    proto::session::client,
};

/// Why a client could not connect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectError<D = Never> {
    /// The server refuses it, for a reason of the contract.
    Denied {
        /// The reason.
        data: D,
        /// What the server says beside it: of a server of this crate the name of a plain enum variant, otherwise `denied`.
        message: String,
    },
    /// The server refuses it, for another reason: `Invalid namespace`, an auth payload that does not fit.
    Refused {
        /// What the server says.
        message: String,
    },
    /// The server speaks an older protocol: Socket.IO 2 or before.
    OldServer,
    /// There is no way to the server, or it is no Socket.IO server.
    Transport(String),
    /// The server did not let the client in in time.
    Timeout,
    /// The URL, or a header, cannot be used.
    InvalidUrl(String),
    /// The namespace has parameters in its path, and [`namespace`](super::Connect::namespace) was not called.
    NoNamespace,
    /// A server would not read the parameters of the namespace back from its path: one is empty, or has a `/` or a `,`.
    InvalidNamespace(String),
    /// Another client of the same [`Manager`](super::Manager) is in this namespace: clone that one.
    NamespaceTaken,
    /// The auth payload cannot be written as a JSON object.
    Auth(EncodeError),
}

impl<D: fmt::Debug> fmt::Display for ConnectError<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied { data, message } => write!(f, "the server denies the connection: {message} ({data:?})"),
            Self::Refused { message } => write!(f, "the server refuses the connection: {message}"),
            Self::OldServer => f.write_str("the server speaks Socket.IO 2 or older"),
            Self::Transport(why) => write!(f, "cannot reach the server: {why}"),
            Self::Timeout => f.write_str("the server did not answer in time"),
            Self::InvalidUrl(why) => write!(f, "invalid URL: {why}"),
            Self::NoNamespace => f.write_str("the path of the namespace has parameters that were not given"),
            Self::InvalidNamespace(path) => write!(f, "a server would not find the namespace's parameters in its path `{path}`"),
            Self::NamespaceTaken => f.write_str("another client is in this namespace over the same connection"),
            Self::Auth(e) => write!(f, "the auth payload cannot be encoded: {e}"),
        }
    }
}

impl<D: fmt::Debug> std::error::Error for ConnectError<D> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Auth(e) => Some(e),
            _ => None,
        }
    }
}

/// What a server says when it does not let a client in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    message: String,
    data: Option<Value>,
}

impl Refusal {
    /// The text.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The typed reason, usually the namespace's `denied`; none if there is none, or it has another type.
    pub fn data<D: Payload>(&self) -> Option<D> {
        D::deserialize(self.data.as_ref()?).ok()
    }

    /// Reads the JSON of a `CONNECT_ERROR`: `{message, data}`, or a text from servers of protocol 4.
    fn decode(json: &Bytes) -> Option<Self> {
        match serde_json::from_slice(json).ok()? {
            Value::String(message) => Some(Self { message, data: None }),
            Value::Object(mut error) => {
                let message = error.get("message").and_then(Value::as_str).unwrap_or_default().to_owned();
                Some(Self { message, data: error.remove("data") })
            }
            _ => None,
        }
    }
}

/// Why an attempt to connect failed, before anybody knows its types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    Refused(Refusal),
    OldServer,
    Transport(String),
    Timeout,
    Auth(EncodeError),
}

impl Failure {
    /// Whether another attempt may fare better.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self, Self::Transport(_) | Self::Timeout)
    }

    /// None if the packet is malformed.
    pub(super) fn refused(why: &client::Refusal) -> Option<Self> {
        match why {
            client::Refusal::ByServer(json) => Refusal::decode(json).map(Self::Refused),
            client::Refusal::OldServer => Some(Self::OldServer),
        }
    }
}

impl<D> From<JoinError> for ConnectError<D> {
    fn from(error: JoinError) -> Self {
        match error {
            JoinError::InvalidUrl(why) => Self::InvalidUrl(why),
            JoinError::Taken => Self::NamespaceTaken,
        }
    }
}

impl<D: Payload> From<Failure> for ConnectError<D> {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => match refusal.data() {
                Some(data) => Self::Denied { data, message: refusal.message },
                None => Self::Refused { message: refusal.message },
            },
            Failure::OldServer => Self::OldServer,
            Failure::Transport(why) => Self::Transport(why),
            Failure::Timeout => Self::Timeout,
            Failure::Auth(e) => Self::Auth(e),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &'static str) -> Option<ConnectError<u8>> {
        Failure::refused(&client::Refusal::ByServer(Bytes::from_static(json.as_bytes()))).map(Into::into)
    }

    #[test]
    fn a_refusal_is_denied_if_its_data_fit_the_contract() {
        let refused = |message: &str| Some(ConnectError::Refused { message: message.into() });
        let denied = ConnectError::Denied { data: 3, message: "no".into() };
        assert_eq!(denied.to_string(), "the server denies the connection: no (3)");
        assert_eq!(error(r#"{"message":"no","data":3}"#), Some(denied));
        assert_eq!(error(r#"{"message":"no","data":"x"}"#), refused("no"));
        assert_eq!(error(r#"{"message":"no"}"#), refused("no"));
        assert_eq!(error(r#""no""#), refused("no"));
        assert_eq!(error(r#"{"message":7}"#), refused(""));
        assert_eq!(error(r#"{"message":}"#), None);
    }
}
