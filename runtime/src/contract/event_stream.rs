//! Events as values: what `#[events(enum)]` and `socket.on().events(capacity)` are made of.

use std::{
    collections::VecDeque,
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use futures_core::Stream;

use super::{Answer, Events, NoAnswer, Registry, Reply};

/// A set that was written with `#[events(enum)]`: its events are also the variants of an enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no enum of its events",
    label = "there is no enum of these events",
    note = "write `#[ackord::events(enum)]` above the trait"
)]
pub trait EventEnum: Events {
    /// One variant an event.
    type Event: Send + 'static;

    /// Registers closures that make values of the enum, for every event.
    #[doc(hidden)]
    fn forward(registry: &Registry, to: &EventSink<Self::Event>);
}

/// [`EventEnum`] for expansions of sets without one: a bound that holds a parameter is an error where it is used, not where it is written.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no enum of its events",
    label = "there is no enum of these events",
    note = "write `#[ackord::events(enum)]` above the trait"
)]
pub trait EnumOf<E>: Events {
    /// The stream that `on().events(…)` makes.
    fn stream(registry: &Registry, capacity: usize) -> EventStream<E>;
}

#[diagnostic::do_not_recommend]
impl<S: EventEnum<Event = E> + ?Sized, E: Send + 'static> EnumOf<E> for S {
    fn stream(registry: &Registry, capacity: usize) -> EventStream<E> {
        let (sink, stream) = event_stream(capacity);
        S::forward(registry, &sink);
        stream
    }
}

/// Events of a socket as they arrive, decoded: values of the enum that `#[events(enum)]` generates.
///
/// It holds as many events as it was made for. If more arrive before they are taken, `fn` events are dropped and `async fn` events
/// are answered with the fault `overloaded` where there is a way; `on_fault` hears of each as
/// [`FaultKind::Overloaded`](crate::contract::FaultKind::Overloaded). A consumer that is too slow holds up nothing else.
///
/// It ends when the socket, or the client, is over; what had arrived by then still comes. It keeps neither of them alive.
#[must_use = "events that are not taken are dropped"]
pub struct EventStream<E> {
    channel: Arc<Channel<E>>,
}

impl<E> EventStream<E> {
    /// The next event; `None` when there will be no more. For those who have no stream combinators at hand.
    ///
    /// # Cancel safety
    /// No event is lost by dropping the future.
    #[expect(clippy::should_implement_trait, reason = "not an iterator: it is awaited")]
    pub fn next(&mut self) -> impl Future<Output = Option<E>> + Unpin {
        poll_fn(|cx| self.channel.poll(cx))
    }
}

impl<E> Stream for EventStream<E> {
    type Item = E;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<E>> {
        self.channel.poll(cx)
    }
}

impl<E> Drop for EventStream<E> {
    fn drop(&mut self) {
        drop(self.channel.close(true));
    }
}

impl<E> fmt::Debug for EventStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("waiting", &self.channel.lock().queue.len()).finish_non_exhaustive()
    }
}

/// The way back to the peer that asked, in an event that is a value: it is answered once, whenever and wherever.
///
/// Dropped without an answer, a `-> Result<T, E>` event is answered with the fault `cancelled`, and any other is not answered; `on_fault`
/// hears of it as [`FaultKind::Dropped`](crate::contract::FaultKind::Dropped). Until then the event counts as a handler in flight.
#[must_use = "the peer waits for an answer"]
pub struct Ack<T> {
    reply: Reply,
    write: fn(Reply, &T) -> Answer,
    answer: Arc<Channel<Answer>>,
}

impl<T> Ack<T> {
    /// Answers. Without effect if the peer has left, or did not ask for an ack.
    #[expect(clippy::needless_pass_by_value, reason = "what was sent is of no more use")]
    pub fn send(self, value: T) {
        let answer = (self.write)(self.reply.clone(), &value);
        // It takes one, and this is the one; nobody is there any more if the connection was dropped.
        let _ = self.answer.push(answer);
    }
}

impl<T> Drop for Ack<T> {
    fn drop(&mut self) {
        drop(self.answer.close(false));
    }
}

impl<T> fmt::Debug for Ack<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ack").finish_non_exhaustive()
    }
}

/// Shows a value of the enum if its type can be shown: `(&Show(&value)).show()` finds [`ShowDebug`] first, and [`ShowNothing`] one
/// reference further.
#[derive(Debug)]
pub struct Show<'a, T>(pub &'a T);

/// A value that can be shown.
pub trait ShowDebug {
    /// The value.
    fn show(&self) -> &dyn fmt::Debug;
}

impl<T: fmt::Debug> ShowDebug for Show<'_, T> {
    fn show(&self) -> &dyn fmt::Debug {
        self.0
    }
}

/// A value that cannot.
pub trait ShowNothing {
    /// Something in its place.
    fn show(&self) -> &dyn fmt::Debug;
}

impl<T> ShowNothing for &Show<'_, T> {
    fn show(&self) -> &dyn fmt::Debug {
        struct Nothing;
        impl fmt::Debug for Nothing {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("_")
            }
        }
        &Nothing
    }
}

/// Where closures put events. The stream ends when the last clone is dropped.
pub struct EventSink<E>(Arc<SinkInner<E>>);

struct SinkInner<E>(Arc<Channel<E>>);

impl<E> Clone for EventSink<E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<E> fmt::Debug for EventSink<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSink").finish_non_exhaustive()
    }
}

impl<E> Drop for SinkInner<E> {
    fn drop(&mut self) {
        drop(self.0.close(false));
    }
}

/// A stream of up to `capacity` events, one at least, and what fills it.
pub fn event_stream<E>(capacity: usize) -> (EventSink<E>, EventStream<E>) {
    let channel = Arc::new(Channel::new(capacity.max(1)));
    (EventSink(Arc::new(SinkInner(Arc::clone(&channel)))), EventStream { channel })
}

impl<E: Send + 'static> EventSink<E> {
    /// The work of a `fn` event: done when the event is in the stream.
    pub(super) fn tell(&self, event: E, reply: Reply) -> Answer {
        self.0.0.push(event)?;
        reply.unit()
    }

    /// The work of an `async fn` event: done when its [`Ack`] is.
    pub(super) async fn ask<T>(self, event: impl FnOnce(Ack<T>) -> E, reply: Reply, write: fn(Reply, &T) -> Answer) -> Answer {
        let answer = Arc::new(Channel::new(1));
        self.0.0.push(event(Ack { reply, write, answer: Arc::clone(&answer) }))?;
        // A socket that leaves must not leave its stream behind, only what is in it.
        drop(self);
        poll_fn(|cx| answer.poll(cx)).await.unwrap_or(Err(NoAnswer::Dropped))
    }
}

/// A bounded queue with one reader.
struct Channel<E> {
    state: Mutex<State<E>>,
    capacity: usize,
}

struct State<E> {
    queue: VecDeque<E>,
    reader: Option<Waker>,
    /// No more gets in.
    closed: bool,
}

impl<E> Channel<E> {
    fn new(capacity: usize) -> Self {
        Self { state: Mutex::new(State { queue: VecDeque::new(), reader: None, closed: false }), capacity }
    }

    fn lock(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, item: E) -> Result<(), NoAnswer> {
        let mut state = self.lock();
        let refused = match (state.closed, state.queue.len() < self.capacity) {
            (true, _) => NoAnswer::Dropped,
            (false, false) => NoAnswer::Overloaded,
            (false, true) => {
                state.queue.push_back(item);
                let reader = state.reader.take();
                drop(state);
                reader.into_iter().for_each(Waker::wake);
                return Ok(());
            }
        };
        // What an event holds is the user's: it is not dropped under the lock.
        drop(state);
        drop(item);
        Err(refused)
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<E>> {
        let mut state = self.lock();
        if let Some(item) = state.queue.pop_front() {
            return Poll::Ready(Some(item));
        }
        if state.closed {
            return Poll::Ready(None);
        }
        state.reader = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Ends it, with what is in it or without; gives back what must be dropped outside of the lock.
    fn close(&self, with_contents: bool) -> VecDeque<E> {
        let mut state = self.lock();
        state.closed = true;
        let contents = if with_contents { std::mem::take(&mut state.queue) } else { VecDeque::new() };
        let reader = state.reader.take();
        drop(state);
        reader.into_iter().for_each(Waker::wake);
        contents
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    fn poll<T>(future: impl Future<Output = T>) -> Poll<T> {
        pin!(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    fn reply() -> Reply {
        Reply::new("/".into(), Some(7))
    }

    fn text(answer: Poll<Answer>) -> String {
        match answer {
            Poll::Ready(Ok(Some(ack))) => String::from_utf8(ack.text.to_vec()).unwrap(),
            other => panic!("no answer: {other:?}"),
        }
    }

    #[test]
    fn events_come_in_order_and_no_more_than_there_is_room_for() {
        let (sink, mut stream) = event_stream(2);
        let tell = |n| Poll::Ready(sink.tell(n, reply()));
        assert_eq!((text(tell(1)), text(tell(2))), ("437[]".into(), "437[]".into()));
        assert_eq!(tell(3), Poll::Ready(Err(NoAnswer::Overloaded)));
        assert_eq!(poll(stream.next()), Poll::Ready(Some(1)));
        assert_eq!(text(tell(4)), "437[]");
        drop(sink);
        let rest = [poll(stream.next()), poll(stream.next()), poll(stream.next())];
        assert_eq!(rest, [Poll::Ready(Some(2)), Poll::Ready(Some(4)), Poll::Ready(None)]);
    }

    #[test]
    fn a_stream_without_a_reader_takes_nothing() {
        let (sink, stream) = event_stream(2);
        drop(stream);
        assert_eq!(sink.tell(1, reply()), Err(NoAnswer::Dropped));
    }

    #[test]
    fn an_ack_answers_once_or_is_missed() {
        let (sink, mut stream) = event_stream(2);
        let mut asking = Box::pin(sink.clone().ask(|ack| ack, reply(), Reply::plain::<u8>));
        assert_eq!(poll(asking.as_mut()), Poll::Pending);
        let Poll::Ready(Some(ack)) = poll(stream.next()) else { panic!("it was put into the stream") };
        assert_eq!(poll(asking.as_mut()), Poll::Pending);
        ack.send(3);
        assert_eq!(text(poll(asking)), "437[3]");

        let mut asking = Box::pin(sink.ask(|ack| ack, reply(), Reply::plain::<u8>));
        assert_eq!(poll(asking.as_mut()), Poll::Pending);
        drop(stream);
        assert_eq!(poll(asking), Poll::Ready(Err(NoAnswer::Dropped)));
    }
}
