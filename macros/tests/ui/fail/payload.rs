//! Mistakes around `#[payload]`.
use ackord::payload;

#[payload]
pub struct Borrowed<'a> {
    text: &'a str,
}

#[payload]
pub union Either {
    a: u8,
    b: i8,
}

#[payload]
pub fn function() {}

fn main() {}
