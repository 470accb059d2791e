//! Enums under a name of the user's own, without the prelude, with types that cannot be shown, and conditional events.
#![no_implicit_prelude]
#![deny(warnings)]

extern crate ackord;
extern crate std;

use ::ackord::{Ack, EventStream, Events, contract::Registry, events, payload};
use ::std::{assert_eq, option::Option, result::Result, string::String};

#[payload(skip(Debug))]
pub struct Secret {
    pub word: String,
}

#[events(enum = Told)]
pub trait Ui {
    fn message(&self, to: &str, registry: u8, f: Option<&Secret>);
    #[deprecated]
    async fn ask(&self, event: u8) -> Result<u8, String>;
    #[cfg(any())]
    fn never(&self, x: Missing);
    async fn r#match(&self, r#type: u8);
    fn reload(&self, reply: u8);
    fn over(&self);
}

#[events(enum)]
pub trait Nothing {
    #[cfg(any())]
    fn never(&self, x: Missing);
}

pub fn take(told: Told) -> Option<Ack<()>> {
    #[allow(deprecated)]
    match told {
        Told::Message { to, registry, f } => ::std::mem::drop((to, registry, f)),
        Told::Ask { event, reply } => reply.send(Result::Ok(event)),
        Told::Match { r#type: _, reply } => return Option::Some(reply),
        Told::Reload { reply } => assert_eq!(reply, 3),
        Told::Over => {}
    }
    Option::None
}

pub fn nothing(event: &NothingEvent) -> ! {
    match *event {}
}

fn main() {
    let registry: Registry = ::std::default::Default::default();
    let stream: EventStream<Told> = <dyn Ui as Events>::on(&registry).events(8);
    ::std::mem::drop(<dyn Nothing as Events>::on(&registry).events(8));
    ::std::mem::drop(stream);
    let told = Told::Message { to: "t".into_owned(), registry: 1, f: Option::None };
    assert_eq!(::std::format!("{told:?}"), "Message { to: \"t\", registry: 1, f: _ }");
}

trait IntoOwned {
    fn into_owned(&self) -> String;
}

impl IntoOwned for str {
    fn into_owned(&self) -> String {
        ::std::convert::From::from(self)
    }
}
