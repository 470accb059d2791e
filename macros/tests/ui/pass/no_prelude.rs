//! Nothing is in scope, and what could be is called otherwise.
#![no_implicit_prelude]
#![deny(warnings)]
#![allow(dead_code)]

mod std {}
mod core {}
mod ackord {}
mod serde {}

#[::ackord::payload]
struct T {
    t: u8,
}
#[::ackord::payload]
struct F;
#[::ackord::payload]
struct R;
#[::ackord::payload]
struct H;
#[::ackord::payload]
enum Result {
    Ok,
    Err(::std::string::String),
}
#[::ackord::payload]
struct Option;
#[::ackord::payload]
struct String;
#[::ackord::payload]
struct Vec(::core::option::Option<Option>);
#[::ackord::payload]
struct Box<Send> {
    send: Send,
}
struct Send;
struct Sized;
struct Future;
struct Stream;
struct Feed;

#[::ackord::events(rename_all = "kebab-case")]
trait Server {
    fn letters(&self, t: T, f: &F, r: &[R], h: ::core::option::Option<&H>);
    fn shadows(&self, args: Option, reply: String, handler: Vec, body: Box<u8>, event: u8, f: u8, target: u8, registry: u8);
    fn words(&self, a: &str, b: ::core::option::Option<&str>, c: ::core::option::Option<&[T]>);
    async fn clone(&self) -> Result;
    async fn result(&self, t: T) -> ::core::result::Result<F, R>;
    #[event(stream, window = 3)]
    fn items(&self, feed: &T, reply: u8) -> impl ::ackord::Stream<Item = ::core::result::Result<T, R>>;
    #[event(stream)]
    fn pin(&self, event: u8, f: u8) -> impl ::ackord::Stream<Item = Result>;
}

#[derive(::ackord::Namespace, ::core::clone::Clone)]
#[namespace(path = "/{path}-{pattern}", server = dyn Server, auth = T, denied = F)]
struct Nsp {
    path: u8,
    pattern: ::std::string::String,
}

struct Session;
impl Server for Session {
    async fn letters(&self, _: T, _: &F, _: &[R], _: ::core::option::Option<&H>) {}
    async fn shadows(&self, _: Option, _: String, _: Vec, _: Box<u8>, _: u8, _: u8, _: u8, _: u8) {}
    async fn words(&self, _: &str, _: ::core::option::Option<&str>, _: ::core::option::Option<&[T]>) {}
    async fn clone(&self) -> Result {
        Result::Ok
    }
    async fn result(&self, _: T) -> ::core::result::Result<F, R> {
        ::core::result::Result::Ok(F)
    }
    fn items(&self, _: &T, _: u8) -> impl ::ackord::Stream<Item = ::core::result::Result<T, R>> {
        Nothing(::core::marker::PhantomData)
    }
    fn pin(&self, _: u8, _: u8) -> impl ::ackord::Stream<Item = Result> {
        Nothing(::core::marker::PhantomData)
    }
}

struct Nothing<I>(::core::marker::PhantomData<fn() -> I>);
impl<I> ::ackord::Stream for Nothing<I> {
    type Item = I;
    fn poll_next(
        self: ::core::pin::Pin<&mut Self>,
        _: &mut ::core::task::Context<'_>,
    ) -> ::core::task::Poll<::core::option::Option<I>> {
        ::core::task::Poll::Ready(::core::option::Option::None)
    }
}

fn main() {}
