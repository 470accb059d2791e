//! 1: a generic trait.
use ackord::events;

#[events]
pub trait Lists<'a, T: Clone, const N: usize> {
    async fn first(&self) -> u8;
}

#[events]
pub trait Bounded
where
    Self: Clone,
{
    fn ping(&self);
}

struct Session;
impl Lists<'static, u8, 1> for Session {
    async fn first(&self) -> u8 {
        1
    }
}

fn main() {}
