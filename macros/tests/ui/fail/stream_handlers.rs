//! Handlers of streams: what is none, what yields something else, what may not move between threads.
use std::{
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use ackord::{
    __private::{Body, Decode, Target},
    Events, Stream, events,
};

#[events]
pub trait Feed {
    #[event(stream)]
    fn ticks(&self, symbol: String) -> impl Stream<Item = Result<u32, String>>;
}

struct Items<T>(Vec<T>);
impl<T: Unpin> Stream for Items<T> {
    type Item = T;
    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
        Poll::Ready(self.0.pop())
    }
}

struct Async;
impl Feed for Async {
    async fn ticks(&self, _: String) -> impl Stream<Item = Result<u32, String>> {
        Items(Vec::new())
    }
}

struct Other;
impl Feed for Other {
    fn ticks(&self, _: String) -> impl Stream<Item = u32> {
        Items(Vec::new())
    }
}

struct NotSend;
impl Feed for NotSend {
    fn ticks(&self, _: String) -> impl Stream<Item = Result<u32, String>> {
        let shared = Rc::new(1);
        let _ = Items(vec![shared.clone()]);
        NotMoved(shared)
    }
}

struct NotMoved(Rc<u32>);
impl Stream for NotMoved {
    type Item = Result<u32, String>;
    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Ok(*self.0)))
    }
}

/// What a broadcast emits to.
struct Many;
impl Target for Many {
    type Sent = ();
    type Call<A, E> = ();
    fn send(self, _: Body) {}
    fn call<A, E>(self, _: Body, _: Decode<A, E>) {}
}

fn many() {
    <dyn Feed as Events>::emit(Many).ticks("A".into());
}

struct NoPayload;

#[events]
pub trait Bare {
    #[event(stream)]
    fn items(&self) -> impl Stream<Item = Result<NoPayload, u32>>;
    #[event(stream)]
    fn errors(&self) -> impl Stream<Item = Result<u32, NoPayload>>;
    #[event(stream)]
    fn alone(&self) -> impl Stream<Item = NoPayload>;
}

fn main() {}
