use std::{
    fmt,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
};

use super::{BadArg, EncodeError, FaultCode, NoAnswer, SocketId, TooLarge};

/// Something that went wrong with one event and that nobody else is told of: what `on_fault` gets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventFault {
    /// The namespace's path.
    pub namespace: Arc<str>,
    /// The socket; none for a broadcast that could not be encoded, and on a client.
    pub socket: Option<SocketId>,
    /// The event's name on the wire.
    pub event: String,
    /// What happened.
    pub kind: FaultKind,
}

/// Kinds of [`EventFault`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// An argument did not fit its type; the handler was not called.
    BadArgs(BadArg),
    /// The contract has no such event (R7).
    UnknownEvent,
    /// The handler, the session factory or `on_disconnect` panicked.
    Panic(String),
    /// A value could not be written as JSON; nothing was sent.
    Encode(EncodeError),
    /// The outbox was full and an event was dropped.
    Overflow,
    /// An event that arrived was dropped: its [`EventStream`](super::EventStream) was full.
    Overloaded,
    /// An event that arrived was not handled: its [`EventStream`](super::EventStream) was dropped, or its [`Ack`](super::Ack) without an
    /// answer.
    Dropped,
    /// The server would not take it; nothing was sent. Only on a client.
    TooLarge(TooLarge),
    /// It waited too long for a connection and was not sent: `Offline::Expire`. Only on a client.
    Expired,
    /// There is no connection, and it was not to wait for one: `Offline::Fail`; or there will be none any more. Only on a client.
    Offline,
    /// The tries were used up, or the client was over, before it was acknowledged: `Retries`. Whether it was handled is not known. Only on
    /// a client.
    Unacknowledged,
}

impl NoAnswer {
    /// What `on_fault` is told, and what the peer is if there is a way.
    pub(crate) fn into_fault(self) -> (FaultKind, FaultCode, &'static str) {
        match self {
            Self::Encode(e) => (FaultKind::Encode(e), FaultCode::Internal, "the answer cannot be encoded"),
            Self::Overloaded => (FaultKind::Overloaded, FaultCode::Overloaded, "too many events wait"),
            Self::Dropped => (FaultKind::Dropped, FaultCode::Cancelled, "nobody answers"),
        }
    }
}

impl fmt::Display for EventFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event `{}` of {}: ", self.event, self.namespace)?;
        match &self.kind {
            FaultKind::BadArgs(bad) => write!(f, "bad argument {bad}"),
            FaultKind::UnknownEvent => f.write_str("not in the contract"),
            FaultKind::Panic(message) => write!(f, "panicked: {message}"),
            FaultKind::Encode(e) => write!(f, "cannot be encoded: {e}"),
            FaultKind::Overflow => f.write_str("dropped, because the outbox is full"),
            FaultKind::Overloaded => f.write_str("dropped, because its event stream is full"),
            FaultKind::Dropped => f.write_str("not handled: its event stream or its ack was dropped"),
            FaultKind::TooLarge(why) => write!(f, "not sent: {why}"),
            FaultKind::Expired => f.write_str("not sent in time"),
            FaultKind::Offline => f.write_str("not sent: there is no connection"),
            FaultKind::Unacknowledged => f.write_str("not acknowledged"),
        }
    }
}

impl std::error::Error for EventFault {}

type Hook = Box<dyn Fn(&EventFault) + Send + Sync>;

/// Where faults go: the log, and the user's hook.
#[derive(Default)]
pub(crate) struct Faults(OnceLock<Hook>);

impl Faults {
    pub(crate) fn set(&self, hook: Hook) {
        let _ = self.0.set(hook);
    }

    pub(crate) fn report(&self, fault: &EventFault) {
        crate::trace::warn(format_args!("{fault}"));
        if let Some(hook) = self.0.get() {
            // A hook that panics must not take the connection with it.
            let _ = catch_unwind(AssertUnwindSafe(|| hook(fault)));
        }
    }
}

/// What a panic says.
pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".into())
}

/// Polls user code; a panic is a result like any other.
pub(crate) fn poll_caught<F: Future + Unpin>(work: &mut F, cx: &mut Context<'_>) -> Poll<std::thread::Result<F::Output>> {
    match catch_unwind(AssertUnwindSafe(|| Pin::new(work).poll(cx))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(out)) => Poll::Ready(Ok(out)),
        Err(panic) => Poll::Ready(Err(panic)),
    }
}

/// Drops what user code has left, a panic included.
pub(crate) fn drop_caught<T>(items: Vec<T>) {
    for item in items {
        let _ = catch_unwind(AssertUnwindSafe(|| drop(item)));
    }
}
