//! 3: names that Socket.IO keeps for itself, after renaming.
use ackord::events;

#[events(rename_all = "camelCase")]
pub trait Server {
    fn connect(&self);
    fn new_listener(&self);
    #[event(rename = "disconnect")]
    fn leave(&self);
    #[event(alias = "connect_error")]
    fn fail(&self);
    #[event(rename = "")]
    fn nothing(&self);
}

#[events(prefix = "dis")]
pub trait Prefixed {
    fn connect(&self);
    #[event(rename = "gone")]
    fn disconnect(&self);
}

fn main() {}
