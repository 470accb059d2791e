use std::time::Duration;

/// What becomes of something that is emitted while there is no connection, or while the network takes nothing:
/// [`Client::offline`](super::Client::offline).
///
/// To subscribe to a stream is a call without a time limit. As with `Fail`, or `Drop`, a subscription is also over when its connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Offline {
    /// It waits for the next connection, in order, in the [outbox](super::Connect::outbox).
    #[default]
    Queue,
    /// As `Queue`, but for this long at most. Then a call settles with [`CallError::Timeout`](crate::CallError::Timeout), and an event is
    /// reported as [`FaultKind::Expired`](super::FaultKind::Expired) instead of being sent.
    Expire(Duration),
    /// Without a connection a call settles at once with [`CallError::Disconnected`](crate::CallError::Disconnected), and an event is reported
    /// as [`FaultKind::Offline`](super::FaultKind::Offline).
    Fail,
    /// An event is dropped and nobody is told, also when the network would not take it now: `volatile`. A call is as with `Fail`.
    Drop,
}
