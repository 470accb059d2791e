//! The crate is known by another name, and serde not at all.
mod my {
    pub mod wire {
        pub use ackord::*;
    }
}

use my::wire::{Namespace, events, payload};

#[payload(crate = "crate::my::wire")]
pub struct Message {
    pub text: String,
}

#[events(crate = "crate::my::wire")]
pub trait Server {
    async fn send(&self, message: &Message) -> Result<Message, String>;
}

#[derive(Namespace, Clone)]
#[namespace(crate = "crate::my::wire", path = "/{id}", server = dyn Server, auth = Message)]
pub struct Nsp {
    id: u8,
}

fn main() {}
