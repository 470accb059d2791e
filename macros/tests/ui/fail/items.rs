//! 8: what is no method.
use ackord::events;

#[events]
pub trait Server {
    const LIMIT: usize = 3;
    type Item;
    type Other: Clone
    where
        Self: Sized;
    some_macro!();
    fn ping(&self);
}

#[events]
pub struct Elsewhere;

#[events]
impl Elsewhere {}

fn main() {}
