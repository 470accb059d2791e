//! 4: one wire name for two events.
use ackord::events;

#[events(rename_all = "camelCase")]
pub trait Server {
    fn join_room(&self);
    #[event(rename = "joinRoom")]
    fn enter(&self);
    #[event(alias = "leave")]
    fn quit(&self);
    fn leave(&self);
    #[event(alias = "stay", alias = "wait", alias = "stay")]
    fn stay(&self);
}

fn main() {}
