//! A payload owns what it has, however serde is asked.
use std::borrow::Cow;

use ackord::payload;

#[payload]
pub struct Borrowed {
    #[serde(borrow)]
    text: Cow<'static, str>,
}

fn main() {}
