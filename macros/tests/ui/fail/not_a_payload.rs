//! 10: types that cannot travel: one error each, where the contract names them.
use ackord::{Namespace, events, payload};

#[derive(Clone)]
pub struct Plain;

#[payload]
pub struct Good;

#[events]
pub trait Server {
    fn owned(&self, value: Plain);
    fn borrowed(&self, value: &Plain);
    fn slice(&self, values: &[Plain]);
    fn optional(&self, value: Option<&Plain>);
    fn nested(&self, value: Vec<(Good, Option<Plain>)>);
    async fn answer(&self) -> Plain;
    async fn value(&self, good: Good) -> Result<Plain, Good>;
    async fn error(&self) -> Result<Good, std::rc::Rc<u8>>;
}

#[events(ack = "plain")]
pub trait Client {
    async fn either(&self) -> Result<Good, Plain>;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/chat", server = dyn Server, auth = Plain, denied = Plain)]
pub struct Chat;

struct Session;
impl Server for Session {
    async fn owned(&self, _: Plain) {}
    async fn borrowed(&self, _: &Plain) {}
    async fn slice(&self, _: &[Plain]) {}
    async fn optional(&self, _: Option<&Plain>) {}
    async fn nested(&self, _: Vec<(Good, Option<Plain>)>) {}
    async fn answer(&self) -> Plain {
        Plain
    }
    async fn value(&self, _: Good) -> Result<Plain, Good> {
        Ok(Plain)
    }
    async fn error(&self) -> Result<Good, std::rc::Rc<u8>> {
        Ok(Good)
    }
}

fn main() {}
