//! 6: receivers.
use ackord::events;

#[events]
pub trait Server {
    fn exclusive(&mut self);
    fn owned(self);
    fn mutable(mut self);
    fn boxed(self: Box<Self>);
    fn associated(text: String);
    fn nothing();
    fn lifetime(&'static self);
}

struct Session;
impl Server for Session {
    async fn exclusive(&mut self) {}
    async fn owned(self) {}
    async fn mutable(self) {}
    async fn boxed(self: Box<Self>) {}
    async fn associated(_: String) {}
    async fn nothing() {}
    async fn lifetime(&'static self) {}
}

fn main() {}
