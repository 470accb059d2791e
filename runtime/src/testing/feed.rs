//! What a mock socket's client yields when one of its streams is subscribed to.

use std::{fmt, sync::Arc};

use serde::Serialize;

use super::Outbox;
use crate::{
    contract::{AckKind, Fault, RawArgs},
    proto::packet::Header,
    server::tap::Line,
};

impl Outbox {
    /// The stream that the next subscription to `event` gets, whenever that is: what is sent before it waits for it. Subscriptions without one
    /// wait for ever.
    ///
    /// ```
    /// # use ackord::{Namespace, Socket, Stream, events};
    /// # #[events] trait Down { #[event(stream)] fn frames(&self, n: u32) -> impl Stream<Item = u32>; }
    /// # #[derive(Namespace, Clone)] #[namespace(path = "/", client = dyn Down)] struct Root;
    /// # futures_util::FutureExt::now_or_never(async {
    /// let (socket, mut out) = Socket::<Root>::mock();
    /// let feed = out.feed("frames");
    /// feed.send(&1);
    /// let mut frames = socket.emit().frames(3);
    /// assert_eq!(frames.next().await, Some(Ok(1)));
    /// assert_eq!(out.next().unwrap().arg::<u32>(0), Ok(3));
    /// feed.send(&2);
    /// feed.end();
    /// assert_eq!(frames.next().await, Some(Ok(2)));
    /// assert_eq!(frames.next().await, None);
    /// # }).unwrap();
    /// ```
    ///
    /// # Panics
    /// If the contract has no such event, or it is no stream: the test is wrong.
    pub fn feed(&mut self, event: &str) -> Feed {
        let is_stream = matches!(self.ack_kind(event), AckKind::Stream { .. });
        assert!(is_stream, "`{event}` is no stream: script it with `answer`");
        let line = self.tap.feed(event);
        Feed { event: event.to_owned(), line }
    }
}

/// A stream of a mock socket's client, fed by the test: [`Outbox::feed`]. It stays open when this is dropped.
#[derive(Clone)]
pub struct Feed {
    event: String,
    line: Arc<Line>,
}

impl Feed {
    /// Yields an item.
    ///
    /// # Panics
    /// If it cannot be encoded: the test is wrong.
    pub fn send<T: Serialize + ?Sized>(&self, item: &T) {
        self.say("next", item);
    }

    /// Ends the stream well.
    pub fn end(&self) {
        self.say("end", &End::<()> { ok: true, error: None, fault: None });
    }

    /// Ends the stream with its own error.
    ///
    /// # Panics
    /// If it cannot be encoded: the test is wrong.
    pub fn fail<E: Serialize + ?Sized>(&self, error: &E) {
        self.say("end", &End { ok: false, error: Some(error), fault: None });
    }

    /// Ends the stream with a fault: its handler panicked.
    pub fn fault(&self, fault: &Fault) {
        self.say("end", &End::<()> { ok: false, error: None, fault: Some(fault) });
    }

    /// Whether it is subscribed to: not yet, or not any more, if it is not.
    pub fn is_subscribed(&self) -> bool {
        self.line.is_subscribed()
    }

    fn say<T: Serialize + ?Sized>(&self, what: &str, value: &T) {
        let packet = RawArgs::new().arg(&self.line.sub()).and_then(|args| args.arg(value));
        let packet = packet.and_then(|args| args.event("/", &format!("{}:{what}", self.event), None));
        let packet = packet.unwrap_or_else(|e| panic!("an item of `{}` cannot be encoded: {e}", self.event));
        let text = packet.text.slice(1..);
        if let Ok((_, data)) = Header::decode(&text, usize::MAX) {
            self.line.say(text.slice_ref(data), packet.attachments);
        }
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").field("event", &self.event).finish_non_exhaustive()
    }
}

/// As a producer writes it.
#[derive(Serialize)]
struct End<'a, E: ?Sized> {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a E>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'a Fault>,
}
