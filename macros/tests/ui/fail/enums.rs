//! `#[events(enum)]`: what has no place in the enum, and its use without it.
use ackord::{
    contract::{EventEnum, Events},
    events,
};

#[events(enum)]
pub trait Chat {
    fn events(&self);
    async fn confirm(&self, reply: bool) -> bool;
    fn join_room(&self);
    fn joinRoom(&self);
}

#[events(enum, enum = Ui)]
pub trait Twice {}

/// One error for a type that is no payload, as without the enum.
pub struct Opaque;

#[events(enum)]
pub trait Broken {
    async fn put(&self, value: Opaque) -> u8;
}

#[events]
pub trait Plain {
    fn ping(&self);
}

fn stream<E: EventEnum + ?Sized>() {}

fn method(on: <dyn Plain as Events>::On<'_>) {
    let _events = on.events(64);
}

fn main() {
    stream::<dyn Plain>();
}
