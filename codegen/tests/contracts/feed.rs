//! Streams, in both directions.

use ackord::{Namespace, Stream, events, payload};

#[payload]
pub struct Tick {
    pub price: f64,
}

#[payload]
pub enum TickError {
    Unknown,
    Halted {
        until: u32,
    },
    #[deprecated = "it is \"Unknown\" now"]
    Closed {
        /// In seconds.
        #[deprecated(note = "no */ more")]
        since: u32,
    },
}

#[events(rename_all = "camelCase")]
pub trait Feed {
    /// Prices of a symbol.
    #[event(stream, window = 16, overflow = "latest")]
    fn price_ticks(&self, symbol: &str, depth: Option<u8>) -> impl Stream<Item = Result<Tick, TickError>>;
    #[event(stream, rename = "log", alias = "lines")]
    #[deprecated(note = "use `priceTicks`")]
    fn log_lines(&self) -> impl Stream<Item = String>;
    async fn symbols(&self) -> Vec<String>;
}

/// What a page can show.
#[events]
pub trait Camera {
    fn blink(&self);
    #[event(stream, window = 1)]
    fn frames(&self) -> impl Stream<Item = Option<u32>>;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/market", server = dyn Feed, client = dyn Camera)]
pub struct Market;
