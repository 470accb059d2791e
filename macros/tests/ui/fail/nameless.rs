//! 7: arguments without a name.
use ackord::events;

#[events]
pub trait Server {
    fn ignored(&self, _: u8, ok: u8);
    fn pair(&self, (a, b): (u8, u8));
    fn by_ref(&self, ref text: String);
    fn changed(&self, mut text: String);
    fn bound(&self, whole @ Some(_): Option<u8>);
}

fn main() {}
