//! 11: handlers that are not `async`, of another type, missing, or too many.
use ackord::events;

#[events]
pub trait Server {
    fn typing(&self, room: &str);
    async fn join(&self, room: String) -> u32;
    async fn count(&self) -> u32;
    async fn leave(&self);
}

struct Sync;
impl Server for Sync {
    fn typing(&self, _: &str) {}
    fn join(&self, _: String) -> u32 {
        1
    }
    async fn count(&self) -> u32 {
        1
    }
    async fn leave(&self) {}
}

struct Other;
impl Server for Other {
    async fn typing(&self, _: String) {}
    async fn join(&self, _: String) -> String {
        String::new()
    }
    async fn count(&self, _: u8) -> u32 {
        1
    }
    async fn leave(&self) -> u8 {
        1
    }
}

struct Missing;
impl Server for Missing {
    async fn typing(&self, _: &str) {}
    async fn join(&self, _: String) -> u32 {
        1
    }
    async fn jion(&self) {}
}

fn main() {}
