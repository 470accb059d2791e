use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_core::Stream;

use super::{
    Peer, Source, StreamNames,
    inbox::{Inbox, Next, Over, Received},
    source::ReadEnd,
};
use crate::{
    contract::{ArgError, Args, Body, CallError, EncodeError, Never, Target},
    proto::packet::Encoded,
};

/// Items that may wait to be read, unless a subscription says otherwise.
const BUFFER: usize = 1024;

/// A target that is one peer: the only kind whose streams can be subscribed to. Many would yield items of many streams.
#[diagnostic::on_unimplemented(
    message = "a stream has one producer: many sockets cannot be subscribed to at once",
    label = "subscribes to many sockets",
    note = "subscribe to each of them: `for socket in ….sockets() {{ socket.emit().… }}`"
)]
pub trait ToOne: Target {
    /// What the method of a stream returns: [`Subscription`].
    type Stream<A, E>;

    #[doc(hidden)]
    /// Prepares a subscription.
    fn subscribe<I, A, E>(self, body: Body, source: Source<I, A, E>) -> Self::Stream<A, E>;
}

/// The items of a stream of the other side: subscribed to when it is first polled, unsubscribed from when it is dropped.
///
/// It yields `Ok` items, and ends with `None`. An error is the last item: [`App`](CallError::App) that of the stream itself,
/// [`Fault`](CallError::Fault) what kept it from going on, [`Disconnected`](CallError::Disconnected) when there is no connection any more.
/// But two errors do not end it: [`Decode`](CallError::Decode), an item that does not fit the contract, and
/// [`Lagged`](CallError::Lagged).
///
/// # Reading slowly
/// Items that were not read yet wait in a [buffer](Self::buffer). Under a `window` the producer stops when they are two windows, and goes on as
/// they are read. Without a window it does not know how fast they are: when the buffer is full, the oldest items make room, and
/// the next read says with [`Lagged`](CallError::Lagged) how many were lost.
///
/// # Reconnection
/// A [`Client`](crate::Client) that has lost its connection subscribes again, with the same arguments, as soon as it is back: the stream
/// begins anew, and what it would have yielded in between does not come. [`once`](Self::once) ends with the connection instead. The
/// subscription does not keep the client connected: that is for its handles.
///
/// # Cancel safety
/// No item is lost by dropping the future of [`next`](Self::next).
#[must_use = "a stream is subscribed to when it is polled"]
pub struct Subscription<A, E = Never> {
    state: State,
    names: &'static StreamNames,
    window: Option<u32>,
    once: bool,
    online: bool,
    buffer: usize,
    next: fn(&mut Args<'_>) -> Result<A, ArgError>,
    end: ReadEnd<E>,
}

enum State {
    Ready(Arc<dyn Peer>, Result<Encoded, EncodeError>),
    Open(Arc<Inbox>),
    Over,
}

impl<A, E> Subscription<A, E> {
    #[cfg_attr(
        not(any(feature = "server", feature = "client", test)),
        expect(dead_code, reason = "only a runtime can subscribe")
    )]
    pub(crate) fn new<I>(peer: Arc<dyn Peer>, body: Body, source: &Source<I, A, E>) -> Self {
        let Source { names, window, next, end, .. } = *source;
        // The header is written when it is known how often it has to be sent.
        let state = State::Ready(peer, body.finish(|_, _| {}));
        Self { state, names: &names[0], window, once: false, online: false, buffer: BUFFER, next, end }
    }

    /// Ends with [`CallError::Disconnected`] when the connection ends, instead of subscribing again over the next one.
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// Is over with its connection, and at once if there is none.
    #[cfg(feature = "client")]
    pub(crate) fn online(mut self) -> Self {
        (self.once, self.online) = (true, true);
        self
    }

    /// How many items may wait to be read: at least one, and two windows. They may also not be more than 16 MiB. Default: 1024.
    pub fn buffer(mut self, items: usize) -> Self {
        self.buffer = items;
        self
    }

    /// The next item; `None` after the last one. For those who have no stream combinators at hand.
    ///
    /// # Cancel safety
    /// No item is lost by dropping the future.
    #[expect(clippy::should_implement_trait, reason = "not an iterator: it is awaited")]
    pub fn next(&mut self) -> impl Future<Output = Option<Result<A, CallError<E>>>> + Unpin {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx))
    }

    fn open(&self, peer: Arc<dyn Peer>, question: Encoded) -> Arc<Inbox> {
        let windows = self.window.map_or(1, |window| 2 * window as usize);
        Inbox::open(peer, self.names, question, self.once, self.buffer.max(windows))
    }

    fn item(&self, item: &Received) -> Result<A, CallError<E>> {
        read(item, self.next).map_err(|e| CallError::Decode(e.to_string()))
    }

    fn over(&mut self, over: Over) -> Option<Result<A, CallError<E>>> {
        self.state = State::Over;
        let why = match over {
            Over::Told(end) => match read(&end, self.end) {
                Ok(Ok(())) => return None,
                Ok(Err(e)) => e,
                Err(e) => CallError::Decode(e.to_string()),
            },
            Over::Failed(why) => why.widen(),
        };
        Some(Err(why))
    }
}

/// What stands behind the subscription's id.
fn read<T>(event: &Received, value: fn(&mut Args<'_>) -> Result<T, ArgError>) -> Result<T, ArgError> {
    let (_, mut args) = Args::event(&event.data.data, &event.data.attachments)?;
    args.next::<u64>("sub")?;
    value(&mut args)
}

impl<A, E> Stream for Subscription<A, E> {
    type Item = Result<A, CallError<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            match &this.state {
                State::Open(inbox) => {
                    return Poll::Ready(match ready!(inbox.poll_next(cx)) {
                        Next::Item(item) => Some(this.item(&item)),
                        Next::Missed(n) => Some(Err(CallError::Lagged(n))),
                        Next::Over(over) => this.over(over),
                    });
                }
                State::Over => return Poll::Ready(None),
                State::Ready(..) => match std::mem::replace(&mut this.state, State::Over) {
                    State::Ready(peer, _) if this.online && !peer.is_connected() => {
                        return Poll::Ready(Some(Err(CallError::Disconnected)));
                    }
                    State::Ready(peer, Ok(question)) => this.state = State::Open(this.open(peer, question)),
                    State::Ready(_, Err(e)) => return Poll::Ready(Some(Err(CallError::Encode(e)))),
                    State::Open(_) | State::Over => {}
                },
            }
        }
    }
}

impl<A, E> Drop for Subscription<A, E> {
    fn drop(&mut self) {
        if let State::Open(inbox) = &self.state {
            inbox.leave();
        }
    }
}

impl<A, E> fmt::Debug for Subscription<A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("stream", &self.names.event).finish_non_exhaustive()
    }
}
