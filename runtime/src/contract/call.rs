use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use pin_project_lite::pin_project;

use super::{AckData, Body, CallError, Decode, Never, NoAck, SocketId};

/// An owned future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// An owned stream that may move between threads.
pub type BoxStream<'a, T> = Pin<Box<dyn Stream<Item = T> + Send + 'a>>;

/// Where the methods of an emitter send to: one socket or many. What a method returns follows from it.
///
/// Good for a bound of a function that emits to either; implemented only by the targets of this crate.
pub trait Target: Sized {
    /// What a `fn` event returns.
    type Sent;
    /// What an `async fn` event returns: [`Call`] or [`Replies`].
    ///
    /// Without bounds, as is `call`: `decode` is all that is done with the types, and a type that is no payload is to be one
    /// error in a contract.
    type Call<A, E>;

    #[doc(hidden)]
    /// Sends an event that nobody answers.
    fn send(self, body: Body) -> Self::Sent;
    #[doc(hidden)]
    /// Prepares an event that is answered.
    fn call<A, E>(self, body: Body, decode: Decode<A, E>) -> Self::Call<A, E>;
}

/// What a call does, and how long for: the timeout is known only when it is awaited.
trait Asking: Send {
    fn poll_answer(self: Pin<&mut Self>, timeout: Option<Duration>, cx: &mut Context<'_>) -> Poll<Result<AckData, NoAck>>;
}

pin_project! {
    /// A future that is made when it is first polled: one allocation holds both.
    #[project = LazyProjection]
    enum Lazy<S, F> {
        Waiting { start: Option<S> },
        Running { #[pin] future: F },
    }
}

impl<S, F> Asking for Lazy<S, F>
where
    S: FnOnce(Option<Duration>) -> F + Send,
    F: Future<Output = Result<AckData, NoAck>> + Send,
{
    fn poll_answer(mut self: Pin<&mut Self>, timeout: Option<Duration>, cx: &mut Context<'_>) -> Poll<Result<AckData, NoAck>> {
        if let LazyProjection::Waiting { start } = self.as_mut().project()
            && let Some(start) = start.take()
        {
            self.set(Self::Running { future: start(timeout) });
        }
        match self.project() {
            LazyProjection::Running { future } => future.poll(cx),
            // Starting has panicked.
            LazyProjection::Waiting { .. } => Poll::Ready(Err(NoAck::Disconnected)),
        }
    }
}

/// A question to one peer: sent when it is awaited.
///
/// It always settles: with the answer, with [`CallError::Disconnected`] when the connection ends, and with
/// [`CallError::Timeout`] if a [`timeout`](Self::timeout) was set. Without one it waits as long as the connection lasts.
///
/// # Cancel safety
/// Dropping the future forgets the question: a late answer is ignored and nothing stays behind. The event itself may have been sent.
#[must_use = "a call is sent when it is awaited"]
pub struct Call<A, E = Never> {
    asking: Pin<Box<dyn Asking>>,
    timeout: Option<Duration>,
    decode: Decode<A, E>,
}

impl<A, E> Call<A, E> {
    #[cfg_attr(not(any(feature = "server", feature = "client")), expect(dead_code, reason = "only a runtime can start a call"))]
    pub(crate) fn new<S, F>(decode: Decode<A, E>, timeout: Option<Duration>, start: S) -> Self
    where
        S: FnOnce(Option<Duration>) -> F + Send + 'static,
        F: Future<Output = Result<AckData, NoAck>> + Send + 'static,
    {
        Self { asking: Box::pin(Lazy::Waiting { start: Some(start) }), timeout, decode }
    }

    /// Settles with [`CallError::Timeout`] if there is no answer within `timeout` of sending.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

impl<A, E> Future for Call<A, E> {
    type Output = Result<A, CallError<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (timeout, decode) = (self.timeout, self.decode);
        self.asking.as_mut().poll_answer(timeout, cx).map(|answer| decode(&answer?))
    }
}

impl<A, E> fmt::Debug for Call<A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

type Answers = BoxStream<'static, (SocketId, Result<AckData, NoAck>)>;
type StartReplies = Box<dyn FnOnce(Duration) -> Answers + Send>;

/// A question to many peers: a stream of their answers as they arrive, sent when it is first polled.
///
/// It yields one item for each socket that was asked, and ends: who did not answer in time is [`CallError::Timeout`], who left
/// is [`CallError::Disconnected`].
#[must_use = "a broadcast with acks is sent when its stream is polled"]
pub struct Replies<A, E = Never> {
    state: State,
    timeout: Duration,
    decode: Decode<A, E>,
}

enum State {
    Ready(Option<StartReplies>),
    Running(Answers),
}

impl<A, E> Replies<A, E> {
    #[cfg_attr(not(feature = "server"), expect(dead_code, reason = "only a server asks many"))]
    pub(crate) fn new(decode: Decode<A, E>, timeout: Duration, start: StartReplies) -> Self {
        Self { state: State::Ready(Some(start)), timeout, decode }
    }

    /// How long to wait for answers, from sending. Default: the server's `ack_timeout`.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl<A, E> Replies<A, E> {
    /// The next answer; `None` after the last one. For those who have no stream combinators at hand.
    ///
    /// # Cancel safety
    /// No answer is lost by dropping the future.
    #[expect(clippy::should_implement_trait, reason = "not an iterator: it is awaited")]
    pub fn next(&mut self) -> impl Future<Output = Option<(SocketId, Result<A, CallError<E>>)>> + Unpin {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx))
    }

    /// All answers, when everybody has answered, left or run out of time.
    ///
    /// # Cancel safety
    /// Dropping the future drops the answers that have come.
    pub async fn all(mut self) -> Vec<(SocketId, Result<A, CallError<E>>)> {
        let mut all = Vec::new();
        while let Some(answer) = self.next().await {
            all.push(answer);
        }
        all
    }
}

impl<A, E> Stream for Replies<A, E> {
    type Item = (SocketId, Result<A, CallError<E>>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            match &mut this.state {
                State::Running(answers) => {
                    let decode = this.decode;
                    return answers
                        .as_mut()
                        .poll_next(cx)
                        .map(|next| next.map(|(from, ack)| (from, ack.map_err(CallError::from).and_then(|ack| decode(&ack)))));
                }
                State::Ready(start) => match start.take() {
                    Some(start) => this.state = State::Running(start(this.timeout)),
                    None => return Poll::Ready(None),
                },
            }
        }
    }
}

impl<A, E> fmt::Debug for Replies<A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replies").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
