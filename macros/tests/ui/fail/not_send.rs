//! 12: a handler that holds what may not move between threads.
use std::rc::Rc;

use ackord::events;

#[events]
pub trait Server {
    async fn join(&self, room: String) -> u32;
    async fn leave(&self);
}

struct Session;
impl Server for Session {
    async fn join(&self, room: String) -> u32 {
        let shared = Rc::new(room);
        self.leave().await;
        shared.len() as u32
    }
    async fn leave(&self) {}
}

fn main() {}
