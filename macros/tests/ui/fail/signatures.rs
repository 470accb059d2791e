//! 15: too many arguments, supertraits, bodies, and what else a trait can have.
use ackord::events;

#[events]
pub trait Wide {
    fn most(&self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u8);
    fn more(&self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u8, q: u8);
}

#[events]
pub trait Sub: Wide + Send {
    fn ping(&self);
}

#[events]
pub unsafe trait Strange {
    fn body(&self) {}
    async fn value(&self) -> u8 {
        3
    }
    unsafe fn risky(&self);
    extern "C" fn foreign(&self);
    unsafe extern "C" fn both(&self, count: u8, _: ...);
    fn conditional(&self, #[cfg(any())] count: u8);
}

struct Session;
impl Wide for Session {
    async fn most(&self, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8) {}
    async fn more(&self, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8) {}
}
impl Sub for Session {
    async fn ping(&self) {}
}

fn main() {}
