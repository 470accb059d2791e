//! What cannot travel and what cannot be described: one error each, where the contract names it.
use ackord::{Namespace, events, payload};

#[derive(Clone)]
pub struct Plain;

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Undescribed;

#[payload]
pub struct Good;

#[events]
pub trait Server {
    fn owned(&self, value: Plain);
    fn borrowed(&self, value: &Plain);
    fn undescribed(&self, value: Undescribed);
    async fn answer(&self) -> Plain;
    async fn value(&self, good: Good) -> Result<Plain, Good>;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/chat", server = dyn Server, auth = Plain, denied = Plain)]
pub struct Chat;

fn main() {}
