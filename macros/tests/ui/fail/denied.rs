//! A refusal of the contract's type turns into a `Refuse` with `?` or `.into()`.
use ackord::{Namespace, Server, payload};

#[payload]
pub enum Denied {
    Full,
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", denied = Denied)]
pub struct Club;

fn main() {
    let (io, _layer) = Server::builder().build();
    io.namespace::<Club>().connect(async |conn| {
        if conn.peer().is_none() {
            return Err(Denied::Full);
        }
        Ok(conn.accept())
    });
    io.namespace::<Club>().guard(async |_| Err(Denied::Full)).connect(async |conn| Ok(conn.accept()));
}
