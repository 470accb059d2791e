//! Fields whose types have no description: the first error of each says what to do.
use std::collections::HashMap;

use ackord::payload;
use rust_decimal::Decimal;

#[payload]
pub struct Line<T> {
    pub price: Decimal,
    pub at: HashMap<String, time::OffsetDateTime>,
    pub note: T,
    #[ts(as = "String")]
    pub said: Decimal,
    #[serde(skip)]
    pub local: std::time::Duration,
}

fn main() {}
