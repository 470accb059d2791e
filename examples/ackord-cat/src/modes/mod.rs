//! What the tool does once it is connected. Each mode is a future that ends when it is done; whatever else may end it is `main`'s.

pub(crate) mod listen;
pub(crate) mod once;
pub(crate) mod pipe;
pub(crate) mod prompt;

use ackord::{Client, RawArgs, client::Untyped};
use tokio::sync::mpsc;

use crate::output::{Asks, Shown};

/// Prints all events, and leaves questions unanswered.
pub(crate) fn show_events(client: &Client<Untyped>, lines: mpsc::Sender<Shown>) {
    client.on_fallback(async move |event| {
        let asks = if event.wants_ack { Asks::Yes } else { Asks::No };
        // Nobody wants more: then it is over anyway.
        let _ = lines.send(Shown::Event { name: event.name, args: event.args, asks }).await;
        None::<RawArgs>
    });
}
