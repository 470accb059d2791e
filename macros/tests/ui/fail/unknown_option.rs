//! 9: options that do not exist, are misspelt, or come twice. Every one is reported.
use ackord::{Namespace, events, payload};

#[events(renameAll = "camelCase", prefix = "a", enums, prefix = "b")]
pub trait Server {
    #[event(name = "x", serial = true, cancel_on_disconnect, serial, parallel, cancel_on_disconnect)]
    fn ping(&self);
    #[event(rename = "a", rename = "b", alias)]
    fn pong(&self);
    #[event(rename = 3)]
    fn pang(&self);
    #[cfg_attr(all(), event(rename = "x"))]
    fn peng(&self);
}

#[events(rename_all = "camel", ack = "none", crate = "not a path", enum = "Client")]
pub trait Client {}

#[payload(rename_all = "camelCase")]
pub struct Message;

#[derive(Namespace, Clone)]
#[namespace(path = "/", servers = dyn Server, client = "dyn Client")]
pub struct Chat;

fn main() {}
