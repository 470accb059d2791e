//! 13: a session that does not implement the trait, or may not be shared; a set that is none.
use ackord::{Namespace, contract::Dispatch, events};

#[events]
pub trait Server {
    async fn join(&self, room: String) -> u32;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/chat", server = dyn Server)]
pub struct Chat;

pub trait NoSet {}

#[derive(Namespace, Clone)]
#[namespace(path = "/none", server = dyn NoSet)]
pub struct Wrong;

#[derive(Namespace, Clone)]
#[namespace(path = "/none", server = Server)]
pub struct NoDyn;

#[derive(Namespace)]
#[namespace(path = "/none")]
pub struct NoClone;

struct Session;

struct Unshared(std::cell::Cell<u8>);
impl Server for Unshared {
    async fn join(&self, _: String) -> u32 {
        1
    }
}

fn connect<N: Namespace, H>(_: H)
where
    N::Server: Dispatch<H>,
{
}

fn main() {
    connect::<Chat, _>(Session);
    connect::<Chat, _>(Unshared(0.into()));
}
