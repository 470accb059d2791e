//! What a contract says of a stream: its names on the wire, its flow control, how its items are written and read.

use std::fmt;

use serde::Serialize;

use crate::contract::{AckKind, ArgError, Args, Body, CallError, EventMeta, Fault, Never, Payload, ack};

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

/// Reads the end of a stream: well, or with this error.
pub(crate) type ReadEnd<E> = fn(&mut Args<'_>) -> Result<Result<(), CallError<E>>, ArgError>;

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
    pub(crate) end: ReadEnd<E>,
}

impl<I, A, E> Source<I, A, E> {
    /// Its names for a peer that subscribed under this one.
    pub(crate) fn named(&self, event: &str) -> &'static StreamNames {
        self.names.iter().find(|names| names.event == event).unwrap_or(&self.names[0])
    }
}

impl<T: Payload> Source<T, T, Never> {
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

/// Whether what a producer of `streams` sends has the name of one of `events`.
pub(in crate::contract) const fn yields_one_of(streams: &[EventMeta], events: &[EventMeta]) -> bool {
    let mut i = 0;
    while i < streams.len() {
        let stream = &streams[i];
        if matches!(stream.ack, AckKind::Stream { .. }) {
            let mut j = 0;
            while j < events.len() {
                let event = &events[j];
                if yields(stream.name, event) || any_yields(stream.aliases, event) {
                    return true;
                }
                j += 1;
            }
        }
        i += 1;
    }
    false
}

const fn any_yields(names: &[&str], event: &EventMeta) -> bool {
    let mut i = 0;
    while i < names.len() {
        if yields(names[i], event) {
            return true;
        }
        i += 1;
    }
    false
}

const fn yields(name: &str, event: &EventMeta) -> bool {
    if is_of(event.name, name) {
        return true;
    }
    let mut i = 0;
    while i < event.aliases.len() {
        if is_of(event.aliases[i], name) {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether `event` is the item or the end of the stream `name`.
const fn is_of(event: &str, name: &str) -> bool {
    let (event, name) = (event.as_bytes(), name.as_bytes());
    if event.len() < name.len() {
        return false;
    }
    let (start, suffix) = event.split_at(name.len());
    let mut i = 0;
    while i < name.len() {
        if start[i] != name[i] {
            return false;
        }
        i += 1;
    }
    matches!(suffix, b":next" | b":end")
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

#[cfg(test)]
mod tests {
    use super::*;

    const fn meta(name: &'static str, aliases: &'static [&'static str], ack: AckKind) -> EventMeta {
        EventMeta { name, aliases, ack, args: &[], docs: &[], deprecated: None }
    }

    #[test]
    fn names_of_both_sides_are_compared() {
        let streams = [meta("touch", &[], AckKind::Unit), meta("ticks", &["old", "prices"], AckKind::Stream { window: None })];
        for clash in ["ticks:next", "ticks:end", "prices:next", "old:end"] {
            let clash = String::leak(clash.to_owned());
            assert!(yields_one_of(&streams, &[meta("other", &[], AckKind::None), meta(clash, &[], AckKind::None)]), "{clash}");
            let aliases: &'static [&'static str] = vec!["x", &*clash].leak();
            assert!(yields_one_of(&streams, &[meta("other", aliases, AckKind::None)]), "{clash}");
        }
        for fine in ["ticks", "ticks:stop", "tick:next", "ticks:nexT", "ticks:next ", "touch:next", "", "prices"] {
            let fine = String::leak(fine.to_owned());
            assert!(!yields_one_of(&streams, &[meta(fine, &[], AckKind::None)]), "{fine}");
        }
    }
}
