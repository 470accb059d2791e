use std::{fmt, sync::Arc};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{ArgError, Args, Body, EncodeError, Handling, Never, Payload, RawArgs, streams::Line};
use crate::proto::packet::{Encoded, Header, Kind};

/// The way back to the peer that asked: how a handler's value becomes an ack.
#[derive(Debug, Clone)]
pub struct Reply {
    nsp: Arc<str>,
    id: Option<u64>,
    /// Where streams go; none in a test without a connection.
    pub(super) line: Option<Line>,
}

/// What a handler leaves for its peer: an encoded ack, nothing if none was asked for, or why there is none.
pub type Answer = Result<Option<Encoded>, NoAnswer>;

/// Why a handler that did not panic leaves no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// Its value could not be written as JSON.
    Encode(EncodeError),
    /// The event found its [`EventStream`](super::EventStream) full.
    Overloaded,
    /// Nobody will answer: the event's [`Ack`](super::Ack), or the stream that it would have come over, was dropped.
    Dropped,
}

impl From<EncodeError> for NoAnswer {
    fn from(e: EncodeError) -> Self {
        Self::Encode(e)
    }
}

impl Reply {
    #[cfg(any(test, feature = "server", feature = "client"))]
    pub(crate) fn new(nsp: Arc<str>, id: Option<u64>) -> Self {
        Self { nsp, id, line: None }
    }

    /// The way back over a connection, which streams may use.
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) fn over(self, line: Line) -> Self {
        Self { line: Some(line), ..self }
    }

    /// Whether the peer waits for an ack.
    pub(super) fn is_wanted(&self) -> bool {
        self.id.is_some()
    }

    /// `[]`: a `fn` event that the peer wants acknowledged (R1), or an `async fn` without a value.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn unit(self) -> Answer {
        self.write(|ack| ack)
    }

    /// Awaits a handler and writes its value.
    pub(super) fn after<T: 'static>(
        self,
        value: impl Future<Output = T> + Send + 'static,
        write: fn(Self, &T) -> Answer,
    ) -> Handling {
        Handling::new(async move { write(self, &value.await) })
    }

    /// `[value]`.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn plain<T: Serialize>(self, value: &T) -> Answer {
        self.write(|ack| ack.arg(value))
    }

    /// `[{ok: true, value}]` or `[{ok: false, error}]`.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn result<T: Serialize, E: Serialize>(self, result: &Result<T, E>) -> Answer {
        match result {
            Ok(value) => self.write(|ack| ack.arg(&Success { ok: true, value })),
            Err(error) => self.write(|ack| ack.arg(&Failure { ok: false, error })),
        }
    }

    /// `[value]` or `[error]`: a `Result` for a peer that knows no envelope.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn either<T: Serialize, E: Serialize>(self, result: &Result<T, E>) -> Answer {
        match result {
            Ok(value) => self.write(|ack| ack.arg(value)),
            Err(error) => self.write(|ack| ack.arg(error)),
        }
    }

    /// Values as they are.
    ///
    /// # Errors
    /// Never; for the sake of one type.
    pub fn raw(self, values: &RawArgs) -> Answer {
        Ok(self.id.map(|id| values.ack(&self.nsp, id)))
    }

    /// `[{ok: false, fault}]`: the handler did not run to its end.
    pub(crate) fn fault(self, code: FaultCode, message: &str) -> Answer {
        self.write(|ack| ack.arg(&Faulted { ok: false, fault: FaultRef { code, message } }))
    }

    fn write(self, value: impl FnOnce(Body) -> Body) -> Answer {
        // Nobody waits: the value is dropped unwritten.
        let Some(id) = self.id else { return Ok(None) };
        let packet = value(Body::ack()).finish(|attachments, out| {
            let kind = if attachments == 0 { Kind::Ack } else { Kind::BinaryAck };
            Header { kind, attachments, nsp: &self.nsp, id: Some(id) }.write(out);
        })?;
        Ok(Some(packet))
    }
}

#[derive(Serialize)]
struct Success<'a, T> {
    ok: bool,
    value: &'a T,
}

#[derive(Serialize)]
struct Failure<'a, E> {
    ok: bool,
    error: &'a E,
}

#[derive(Serialize)]
struct Faulted<'a> {
    ok: bool,
    fault: FaultRef<'a>,
}

#[derive(Serialize)]
struct FaultRef<'a> {
    code: FaultCode,
    message: &'a str,
}

/// The peer could not run the handler of a `Result` event to its end. On the wire: `{code, message}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What kind of failure it was.
    pub code: FaultCode,
    /// For a log; not meant for the user of a program.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Fault {}

/// Kinds of [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultCode {
    /// An argument did not fit its type.
    BadArgs,
    /// The handler panicked, or its value could not be written.
    Internal,
    /// The peer had too much to do; or, without asking it, this side's outbox was full.
    Overloaded,
    /// The handler was cancelled before its end; or, without asking it, nobody could have waited for its answer.
    Cancelled,
    /// A code that this version does not know.
    #[serde(other)]
    Unknown,
}

impl FaultCode {
    /// The code as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadArgs => "bad_args",
            Self::Internal => "internal",
            Self::Overloaded => "overloaded",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a call to the other side brought no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError<E = Never> {
    /// The handler answered with its error.
    App(E),
    /// The handler did not run to its end.
    Fault(Fault),
    /// No answer within the call's timeout.
    Timeout,
    /// The connection ended first.
    Disconnected,
    /// The answer does not fit the contract.
    Decode(String),
    /// An argument could not be written as JSON; nothing was sent.
    Encode(EncodeError),
    /// So many items of a [`Subscription`](super::Subscription) were dropped, because they were not read in time. The stream goes on. No
    /// other call ends with this.
    Lagged(u64),
    /// The server would not take it; nothing was sent. Only on a client.
    TooLarge(TooLarge),
}

impl CallError<Never> {
    /// The same for an event that may have errors of its own.
    pub(super) fn widen<E>(self) -> CallError<E> {
        match self {
            Self::App(never) => match never {},
            Self::Fault(fault) => CallError::Fault(fault),
            Self::Timeout => CallError::Timeout,
            Self::Disconnected => CallError::Disconnected,
            Self::Decode(e) => CallError::Decode(e),
            Self::Encode(e) => CallError::Encode(e),
            Self::Lagged(n) => CallError::Lagged(n),
            Self::TooLarge(e) => CallError::TooLarge(e),
        }
    }
}

/// A message that is larger than the other side takes: it would close the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// Of the JSON text, or of the largest attachment, in bytes.
    pub size: usize,
    /// What the other side takes at most, in bytes: the server's `maxPayload`.
    pub max: usize,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes are more than the {} that the server takes", self.size, self.max)
    }
}

impl std::error::Error for TooLarge {}

/// The other side is gone, and will not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disconnected;

impl fmt::Display for Disconnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the other side has disconnected")
    }
}

impl std::error::Error for Disconnected {}

impl<E: fmt::Display> fmt::Display for CallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(e) => e.fmt(f),
            Self::Fault(fault) => write!(f, "the peer failed: {fault}"),
            Self::Timeout => f.write_str("no answer in time"),
            Self::Disconnected => f.write_str("disconnected before the answer"),
            Self::Decode(e) => write!(f, "the answer does not fit the contract: {e}"),
            Self::Encode(e) => write!(f, "an argument could not be encoded: {e}"),
            Self::Lagged(n) => write!(f, "{n} items were not read in time and are lost"),
            Self::TooLarge(e) => e.fmt(f),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for CallError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::App(e) => Some(e),
            Self::Fault(e) => Some(e),
            Self::Encode(e) => Some(e),
            Self::TooLarge(e) => Some(e),
            Self::Timeout | Self::Disconnected | Self::Decode(_) | Self::Lagged(_) => None,
        }
    }
}

/// An ack as it arrived: a JSON array and its attachments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AckData {
    pub(crate) data: Bytes,
    pub(crate) attachments: Vec<Bytes>,
}

#[cfg(any(feature = "server", feature = "client"))]
impl AckData {
    pub(crate) fn new(data: Bytes, attachments: Vec<Bytes>) -> Self {
        Self { data, attachments }
    }
}

/// Why no ack arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAck {
    /// Not within the timeout.
    Timeout,
    /// The connection ended first.
    Disconnected,
    /// Nothing was sent.
    Encode(EncodeError),
    /// The outbox is full; nothing was sent.
    Overflow,
    /// Asked by the session factory of the client, which is not connected before that has ended; nothing was sent.
    TooEarly,
    /// The other side would not take it; nothing was sent.
    TooLarge(TooLarge),
}

impl<E> From<NoAck> for CallError<E> {
    fn from(why: NoAck) -> Self {
        match why {
            NoAck::Timeout => Self::Timeout,
            NoAck::Disconnected => Self::Disconnected,
            NoAck::Encode(e) => Self::Encode(e),
            NoAck::TooLarge(e) => Self::TooLarge(e),
            NoAck::TooEarly => {
                let message = "the client answers nothing before its session factory has returned".into();
                Self::Fault(Fault { code: FaultCode::Cancelled, message })
            }
            NoAck::Overflow => Self::Fault(Fault { code: FaultCode::Overloaded, message: "the outbox is full".into() }),
        }
    }
}

/// Turns an ack into the value of a call.
pub type Decode<A, E> = fn(&AckData) -> Result<A, CallError<E>>;

/// The ack without a value.
///
/// # Errors
/// As of [`Reply::unit`].
pub fn reply_unit(reply: Reply, (): &()) -> Answer {
    reply.unit()
}

/// An ack without a value: whatever it carries is ignored.
///
/// # Errors
/// The value cannot be written as JSON.
pub fn decode_unit<E>(_: &AckData) -> Result<(), CallError<E>> {
    Ok(())
}

/// The values as they are.
#[cfg(any(feature = "server", feature = "client"))]
pub(crate) fn decode_raw<E>(ack: &AckData) -> Result<RawArgs, CallError<E>> {
    let read = || Args::open(&ack.data, &ack.attachments)?.raw();
    read().map_err(|e| CallError::Decode(e.to_string()))
}

/// A bare value.
pub(super) fn decode_plain<A: Payload, E>(ack: &AckData) -> Result<A, CallError<E>> {
    value(ack).map_err(CallError::Decode)
}

/// A bare value or a bare error; the value is tried first.
pub(super) fn decode_either<A: Payload, E: Payload>(ack: &AckData) -> Result<A, CallError<E>> {
    value(ack).map_err(|why| value(ack).map_or(CallError::Decode(why), CallError::App))
}

/// The envelope of a `Result`.
pub(super) fn decode_result<A: Payload, E: Payload>(ack: &AckData) -> Result<A, CallError<E>> {
    let decode = |e: ArgError| CallError::Decode(e.to_string());
    let read = || Args::open(&ack.data, &ack.attachments)?.take("ack");
    match read().map_err(decode)? {
        Envelope { ok: Some(true), value: Some(value), .. } => Ok(value),
        // `undefined` does not survive JSON: a value that may be missing is.
        Envelope { ok: Some(true), value: None, .. } => super::args::missing("value").map_err(decode),
        Envelope { ok: Some(false), error: Some(error), .. } => Err(CallError::App(error)),
        Envelope { ok: Some(false), fault: Some(fault), .. } => Err(CallError::Fault(fault)),
        _ => Err(CallError::Decode("expected {ok: true, value}, {ok: false, error} or {ok: false, fault}".into())),
    }
}

fn value<T: Payload>(ack: &AckData) -> Result<T, String> {
    let read = || Args::open(&ack.data, &ack.attachments)?.next("ack");
    read().map_err(|e| e.to_string())
}

/// The three shapes of a `Result`'s ack in one, so that one pass decodes whichever it is.
#[derive(Deserialize)]
#[serde(bound(deserialize = "A: serde::de::DeserializeOwned, E: serde::de::DeserializeOwned"))]
pub(super) struct Envelope<A, E> {
    pub(super) ok: Option<bool>,
    #[serde(default, deserialize_with = "some")]
    pub(super) value: Option<A>,
    #[serde(default, deserialize_with = "some")]
    pub(super) error: Option<E>,
    pub(super) fault: Option<Fault>,
}

/// A field that is there, also when it says `null`: the `null` is for `A` to judge.
fn some<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    T::deserialize(d).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Call = Result<Option<u8>, CallError<String>>;

    fn ack(json: &str) -> AckData {
        AckData { data: Bytes::copy_from_slice(json.as_bytes()), attachments: Vec::new() }
    }

    fn wire(answer: Answer) -> String {
        String::from_utf8(answer.unwrap().unwrap().text.to_vec()).unwrap()
    }

    fn reply() -> Reply {
        Reply::new("/chat".into(), Some(7))
    }

    #[test]
    fn every_kind_of_ack_has_its_shape() {
        assert_eq!(wire(reply().unit()), "43/chat,7[]");
        assert_eq!(wire(reply().plain(&"v")), "43/chat,7[\"v\"]");
        assert_eq!(wire(reply().result::<_, ()>(&Ok(1))), r#"43/chat,7[{"ok":true,"value":1}]"#);
        assert_eq!(wire(reply().result::<(), _>(&Err("e"))), r#"43/chat,7[{"ok":false,"error":"e"}]"#);
        assert_eq!(wire(reply().either::<(), _>(&Err("e"))), r#"43/chat,7["e"]"#);
        assert_eq!(
            wire(Reply::new("/".into(), Some(u64::MAX)).fault(FaultCode::BadArgs, "m")),
            r#"4318446744073709551615[{"ok":false,"fault":{"code":"bad_args","message":"m"}}]"#
        );
        let binary = reply().plain(&super::super::Binary::from(vec![1])).unwrap().unwrap();
        assert_eq!(binary.text, r#"461-/chat,7[{"_placeholder":true,"num":0}]"#);
        assert_eq!(binary.attachments, [&[1u8][..]]);
    }

    #[test]
    fn nothing_is_written_for_nobody() {
        struct Unwritable;
        impl Serialize for Unwritable {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("no"))
            }
        }
        assert_eq!(Reply::new("/".into(), None).plain(&Unwritable), Ok(None));
        assert_eq!(reply().plain(&Unwritable), Err(NoAnswer::Encode(EncodeError::new("no"))));
    }

    #[test]
    fn envelopes_decode_to_value_error_and_fault() {
        let decode = |json| -> Call { decode_result(&ack(json)) };
        assert_eq!(decode(r#"[{"ok":true,"value":3}]"#), Ok(Some(3)));
        assert_eq!(decode(r#"[{"ok":true,"value":null},"offset"]"#), Ok(None));
        assert_eq!(decode(r#"[{"ok":true}]"#), Ok(None));
        assert_eq!(decode(r#"[{"error":"e","ok":false}]"#), Err(CallError::App("e".into())));
        let fault = |code| Err(CallError::Fault(Fault { code, message: "m".into() }));
        assert_eq!(decode(r#"[{"ok":false,"fault":{"code":"internal","message":"m"}}]"#), fault(FaultCode::Internal));
        assert_eq!(decode(r#"[{"ok":false,"fault":{"code":"novel","message":"m"}}]"#), fault(FaultCode::Unknown));
        for odd in ["[]", "[null]", "[7]", "{}", r#"[{"ok":false}]"#, r#"[{"value":3}]"#, r#"[{"ok":true,"value":"x"}]"#] {
            assert!(matches!(decode(odd), Err(CallError::Decode(_))), "{odd}: {:?}", decode(odd));
        }
        let strict = decode_result::<u8, Never>(&ack(r#"[{"ok":true}]"#));
        assert_eq!(strict, Err(CallError::Decode("value: missing".into())));
    }

    #[test]
    fn bare_values_decode_with_undefined_as_none() {
        assert_eq!(decode_plain::<Option<u8>, Never>(&ack("[]")), Ok(None));
        assert_eq!(decode_plain::<u8, Never>(&ack("[9]")), Ok(9));
        assert!(matches!(decode_plain::<u8, Never>(&ack("[null]")), Err(CallError::Decode(_))));
        assert_eq!(decode_either::<u8, String>(&ack("[9]")), Ok(9));
        assert_eq!(decode_either::<u8, String>(&ack(r#"["e"]"#)), Err(CallError::App("e".into())));
        assert_eq!(decode_unit::<Never>(&ack("[1,2]")), Ok(()));
    }
}
