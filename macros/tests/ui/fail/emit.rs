//! 14: a typo at an emit, a wrong argument, a deprecated event; the same for closures.
#![deny(deprecated)]
use ackord::{
    Events, events,
    contract::{Registry, Target},
};

#[events]
pub trait Client {
    fn message(&self, room: &str, count: u32);
    #[deprecated(note = "use `message`")]
    fn old(&self);
}

fn typo<T: Target>(target: T) {
    <dyn Client as Events>::emit(target).mesage("a", 1);
}

fn wrong<T: Target>(target: T) {
    <dyn Client as Events>::emit(target).message("a", "b");
}

fn missing<T: Target>(target: T) {
    <dyn Client as Events>::emit(target).message("a");
}

fn old<T: Target>(target: T) {
    <dyn Client as Events>::emit(target).old();
}

fn closures(registry: &Registry) {
    <dyn Client as Events>::on(registry).message(async |_room, count: u8| {}).old(|| {});
}

fn unsent<T: Target>(target: T) {
    #![deny(unused_must_use)]
    <dyn Client as Events>::emit(target);
}

fn main() {}
