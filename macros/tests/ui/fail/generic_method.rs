//! 2: generic methods, in all the ways Rust can write one.
use ackord::events;

#[events]
pub trait Chat {
    fn named<T>(&self, value: T);
    fn length<const N: usize>(&self, values: [u8; N]);
    fn lifetime<'a>(&self, text: &'a str);
    fn anonymous(&self, value: impl Clone);
    fn nested(&self, values: Vec<impl Clone>);
    async fn answer(&self) -> impl Clone;
    fn clause(&self)
    where
        Self: Clone;
}

fn main() {}
