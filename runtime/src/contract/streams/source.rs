//! What a contract says of a stream: its names on the wire, its flow control, how its items are written and read.

use std::fmt;

use serde::Serialize;

use crate::contract::{ArgError, Args, Body, CallError, Fault, Never, Payload, ack};

/// The names of the events that a stream is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamNames {
    /// Subscribes.
    pub event: &'static str,
    /// An item: `(sub, item)`.
    pub next: &'static str,
    /// The end: `(sub, result)`.
    pub end: &'static str,
    /// Unsubscribes: `(sub)`.
    pub stop: &'static str,
}

/// What expansions make of `#[event(stream)]`: a handler yields `I`, a subscriber gets `A` or the error `E`.
///
/// No bounds: they were checked where it was made.
pub struct Source<I, A, E> {
    /// By the event's names; the first one is its own, the others are its aliases.
    pub(crate) names: &'static [StreamNames],
    pub(crate) window: Option<u32>,
    pub(crate) latest: bool,
    /// Whether the item is an error, which ends the stream.
    pub(crate) is_error: fn(&I) -> bool,
    /// Appends the item, or the result that an error is.
    pub(crate) write: fn(Body, &I) -> Body,
    /// Reads an item.
    pub(crate) next: fn(&mut Args<'_>) -> Result<A, ArgError>,
    /// Reads how it ended.
    pub(crate) end: fn(&mut Args<'_>) -> Result<Result<(), CallError<E>>, ArgError>,
}

impl<I, A, E> Source<I, A, E> {
    /// Its names for a peer that subscribed under this one.
    pub(crate) fn named(&self, event: &str) -> &'static StreamNames {
        self.names.iter().find(|names| names.event == event).unwrap_or(&self.names[0])
    }
}

impl<A: Payload> Source<A, A, Never> {
    pub(in crate::contract) fn plain(names: &'static [StreamNames], window: Option<u32>, latest: bool) -> Self {
        Self { names, window, latest, is_error: |_| false, write: |body, item| body.arg(item), next: read_item, end: read_end }
    }
}

impl<A: Payload, E: Payload> Source<Result<A, E>, A, E> {
    pub(in crate::contract) fn fallible(names: &'static [StreamNames], window: Option<u32>, latest: bool) -> Self {
        Self { names, window, latest, is_error: Result::is_err, write: write_result, next: read_item, end: read_end }
    }
}

impl<I, A, E> Clone for Source<I, A, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, A, E> Copy for Source<I, A, E> {}

impl<I, A, E> fmt::Debug for Source<I, A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("names", &self.names).finish_non_exhaustive()
    }
}

/// How a stream ended, in the form of an ack's envelope.
#[derive(Serialize)]
pub(crate) struct End<'a, E> {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a E>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'a Fault>,
}

impl<'a, E> End<'a, E> {
    pub(crate) const DONE: Self = Self { ok: true, error: None, fault: None };

    fn error(error: &'a E) -> Self {
        Self { ok: false, error: Some(error), fault: None }
    }

    pub(crate) fn fault(fault: &'a Fault) -> Self {
        Self { ok: false, error: None, fault: Some(fault) }
    }
}

fn write_result<A: Payload, E: Payload>(body: Body, item: &Result<A, E>) -> Body {
    match item {
        Ok(value) => body.arg(value),
        Err(error) => body.arg(&End::error(error)),
    }
}

fn read_item<A: Payload>(args: &mut Args<'_>) -> Result<A, ArgError> {
    args.next("item")
}

fn read_end<E: Payload>(args: &mut Args<'_>) -> Result<Result<(), CallError<E>>, ArgError> {
    // An end is an ack whose value nobody looks at.
    let envelope = args.take::<ack::Envelope<serde::de::IgnoredAny, E>>("result")?;
    Ok(match (envelope.ok, envelope.error, envelope.fault) {
        (Some(true), ..) => Ok(()),
        (Some(false), Some(error), _) => Err(CallError::App(error)),
        (Some(false), _, Some(fault)) => Err(CallError::Fault(fault)),
        _ => Err(CallError::Decode("expected {ok: true}, {ok: false, error} or {ok: false, fault}".into())),
    })
}
