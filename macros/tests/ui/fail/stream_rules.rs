//! Streams that are not said to be streams, and the other way round; their options; their names.
use ackord::{Stream, events};

#[events]
pub trait Said {
    fn not_said(&self) -> impl Stream<Item = u32>;
    #[event(stream)]
    fn nothing(&self);
    #[event(stream)]
    async fn a_value(&self) -> u32;
    #[event(stream)]
    async fn not_async(&self) -> impl Stream<Item = u32>;
}

#[events]
pub trait Written {
    #[event(stream)]
    fn of_what(&self) -> impl Stream;
    #[event(stream)]
    fn more(&self) -> impl Stream<Item = u32> + Unpin + 'static;
    #[event(stream)]
    fn lent(&self) -> impl Stream<Item = &str>;
    #[event(stream)]
    fn half(&self) -> impl Stream<Item = std::io::Result<u32>>;
}

#[events]
pub trait Options {
    #[event(window = 16)]
    fn alone(&self);
    #[event(stream, window = 0, overflow = "drop")]
    fn odd(&self) -> impl Stream<Item = u32>;
    #[event(stream, window = "16")]
    fn text(&self) -> impl Stream<Item = u32>;
}

#[events]
pub trait Names {
    #[event(stream, alias = "prices")]
    fn ticks(&self) -> impl Stream<Item = u32>;
    #[event(rename = "ticks:next")]
    fn next(&self);
    #[event(alias = "prices:stop")]
    fn stop(&self);
}

fn main() {}
