//! Types by every kind of path, defaults that are aliases, and sixteen arguments.
use std::{borrow::Cow, collections::HashMap};

use ackord::{events, payload};

mod inner {
    #[ackord::payload]
    pub struct Message;

    pub type Pair<T> = (T, T);
}

#[payload]
pub struct Page<T> {
    pub items: Vec<T>,
}

const N: usize = 4;

#[events]
pub trait Server {
    fn paths(&self, a: inner::Message, b: &self::inner::Message, c: crate::inner::Pair<u8>, d: Option<&inner::Pair<Page<u8>>>);
    fn std(&self, a: Cow<'static, str>, b: HashMap<String, Vec<Option<u8>>>, c: [u8; N], d: Box<str>, e: ());
    #[allow(unused_parens)]
    fn parens(&self, a: (u8), b: &(str), c: &([u8]), d: Option<&(inner::Message)>, e: std::option::Option<&str>);
    async fn page(&self, page: &Page<inner::Message>) -> std::result::Result<Page<u8>, inner::Pair<String>>;
    #[rustfmt::skip]
    async fn wide(&self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u8) -> ();
    fn r#match(&self, r#fn: u8, r#type: &str);
}

fn main() {
    use ackord::Events;
    let last = <dyn Server as Events>::EVENTS.last().unwrap();
    assert_eq!((last.name, last.args[0].name, last.args[1].name), ("match", "fn", "type"));
}
