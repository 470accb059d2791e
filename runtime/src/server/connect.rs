use std::{any::TypeId, fmt, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use http::HeaderMap;
use serde::{Serialize, de::DeserializeOwned};

use super::{Handshake, Socket, core::SocketCore};
use crate::{
    contract::{ArgError, Args, EventMeta, Handling, Namespace, Never, Reply},
    proto::{DisconnectReason, retries::AUTH_KEY},
};

/// A client on its way into a namespace: what a session factory decides about.
pub struct Connecting<N: Namespace> {
    socket: Arc<SocketCore>,
    namespace: N,
    auth: N::Auth,
}

impl<N: Namespace> Connecting<N> {
    pub(super) fn new(attempt: Attempt) -> Result<Self, Refuse<N::Denied>> {
        let namespace = N::parse(&attempt.socket.nsp.path).ok_or_else(Refuse::invalid_namespace)?;
        let auth = decode_auth(attempt.auth.as_ref()).map_err(|e| Refuse::message(format!("invalid auth: {e}")))?;
        Ok(Self { socket: attempt.socket, namespace, auth })
    }

    /// What the client showed.
    pub fn auth(&self) -> &N::Auth {
        &self.auth
    }

    /// The namespace with the parameters of its path.
    pub fn namespace(&self) -> &N {
        &self.namespace
    }

    /// The HTTP request that opened the connection.
    pub fn handshake(&self) -> &Handshake {
        &self.socket.handshake
    }

    /// Its headers.
    pub fn headers(&self) -> &HeaderMap {
        self.handshake().headers()
    }

    /// The address of the TCP peer; see [`Handshake::peer`].
    pub fn peer(&self) -> Option<SocketAddr> {
        self.handshake().peer()
    }

    /// The socket. It is in the namespace from now on and can join rooms; what is emitted to it arrives right after the client was
    /// told that it is connected, or not at all if the factory refuses it after all.
    ///
    /// The factory cannot wait for an answer of this client, which comes after that as well: such a call ends with
    /// [`CallError::Fault`](crate::CallError::Fault) at once. A task that the factory spawns can.
    pub fn accept(&self) -> Socket<N> {
        self.socket.enter();
        Socket::new(Arc::clone(&self.socket))
    }
}

impl<N: Namespace> fmt::Debug for Connecting<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connecting").field("socket", &self.socket).finish_non_exhaustive()
    }
}

/// Why a client is not let in. Any value of the namespace's `denied` type turns into one with `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refuse<D = Never> {
    /// The typed reason, which the client gets as `err.data`. Its `err.message` is the value itself if that is a string on the
    /// wire (a plain enum variant is), `denied` otherwise.
    Denied(D),
    /// A text only, which the client gets as `err.message`.
    Message(String),
}

impl<D> From<D> for Refuse<D> {
    fn from(denied: D) -> Self {
        Self::Denied(denied)
    }
}

impl<D> Refuse<D> {
    /// Refuses with a text.
    pub fn message(text: impl Into<String>) -> Self {
        Self::Message(text.into())
    }

    fn invalid_namespace() -> Self {
        Self::message("Invalid namespace")
    }
}

/// What a session factory or a guard returns: a `Result` whose error is a [`Refuse`].
#[diagnostic::on_unimplemented(
    message = "expected a `Result` with the error `Refuse<{D}>`, found `{Self}`",
    label = "decides about clients with something else than a `Result<_, Refuse<{D}>>`",
    note = "a `{D}` turns into one with `?` or `.into()`: `return Err(value.into())`",
    note = "a text turns into one with `Refuse::message`"
)]
pub trait Admission<T, D> {
    #[doc(hidden)]
    fn into_result(self) -> Result<T, Refuse<D>>;
}

impl<T, D> Admission<T, D> for Result<T, Refuse<D>> {
    fn into_result(self) -> Self {
        self
    }
}

impl<D: Serialize> Refuse<D> {
    /// The payload of the `CONNECT_ERROR` packet: `{message, data}`.
    pub(super) fn to_json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct ConnectError<'a, D> {
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            data: Option<&'a D>,
        }
        let encoded = match self {
            Self::Message(message) => serde_json::to_vec(&ConnectError::<D> { message, data: None }),
            Self::Denied(data) => {
                let name = serde_json::to_value(data).ok();
                let message = name.as_ref().and_then(|n| n.as_str()).unwrap_or("denied");
                serde_json::to_vec(&ConnectError { message, data: Some(data) })
            }
        };
        encoded.unwrap_or_else(|_| br#"{"message":"denied"}"#.to_vec())
    }
}

/// The payload that refuses an unknown namespace, as in the reference.
pub(super) fn invalid_namespace() -> Vec<u8> {
    Refuse::<Never>::invalid_namespace().to_json()
}

/// Auth without the keys of connection state recovery (R5) and of retries; `{}` if there is none.
fn decode_auth<A: DeserializeOwned + 'static>(auth: Option<&Bytes>) -> Result<A, serde_json::Error> {
    let mut auth = match auth {
        Some(auth) => serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(auth)?,
        None => serde_json::Map::new(),
    };
    auth.remove("pid");
    auth.remove("offset");
    auth.remove(AUTH_KEY);
    // A namespace without auth takes whatever a client shows.
    let auth = if TypeId::of::<A>() == TypeId::of::<()>() { serde_json::Value::Null } else { auth.into() };
    serde_json::from_value(auth)
}

/// A CONNECT that was asked for.
pub(super) struct Attempt {
    pub(super) socket: Arc<SocketCore>,
    pub(super) auth: Option<Bytes>,
}

/// How it ended.
pub(super) enum Outcome {
    Accepted(Arc<dyn Session>),
    Refused(Vec<u8>),
}

/// The session of one socket without its types.
pub(super) trait Session: Send + Sync {
    fn core(&self) -> &Arc<SocketCore>;
    fn events(&self) -> &'static [EventMeta];
    /// Tells those who want to hear of every event.
    fn hear(&self, event: &str, args: &Args<'_>);
    fn dispatch(&self, event: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError>;
    /// For events that are not in the contract.
    fn dispatch_raw(&self, event: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError>;
    fn disconnected(&self, reason: DisconnectReason);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Login {
        token: String,
    }

    #[test]
    fn keys_of_the_protocol_are_no_part_of_auth() {
        let decode = |json: &'static str| decode_auth::<Login>(Some(&Bytes::from_static(json.as_bytes())));
        let login = Login { token: "t".into() };
        assert_eq!(decode(r#"{"token":"t","pid":"p","offset":"o","ackord:session":"s"}"#).unwrap(), login);
        assert!(decode(r#"{"token":"t","other":1}"#).is_err());
        assert!(decode_auth::<Login>(None).unwrap_err().to_string().contains("missing field `token`"));
        assert!(decode_auth::<()>(None).is_ok());
        assert!(decode_auth::<()>(Some(&Bytes::from_static(br#"{"any":1}"#))).is_ok());
    }

    #[test]
    fn a_refusal_has_message_and_data() {
        #[derive(Serialize)]
        enum Denied {
            Full,
            Banned { until: u8 },
        }
        let json = |refuse: Refuse<Denied>| String::from_utf8(refuse.to_json()).unwrap();
        assert_eq!(json(Denied::Full.into()), r#"{"message":"Full","data":"Full"}"#);
        assert_eq!(json(Denied::Banned { until: 3 }.into()), r#"{"message":"denied","data":{"Banned":{"until":3}}}"#);
        assert_eq!(json(Refuse::message("no")), r#"{"message":"no"}"#);
        assert_eq!(invalid_namespace(), br#"{"message":"Invalid namespace"}"#);
    }
}
