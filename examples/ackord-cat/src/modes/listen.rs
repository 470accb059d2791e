//! `listen`: prints events, and may answer.

use ackord::{Client, RawArgs, client::Untyped};
use tokio::sync::mpsc;

use crate::output::{Asks, Shown};

/// Prints those of `events`, or all if there are none, and answers them with `ack`.
pub(crate) fn setup(client: &Client<Untyped>, lines: mpsc::Sender<Shown>, events: Vec<String>, ack: Option<RawArgs>) {
    client.on_fallback(async move |event| {
        if !events.is_empty() && !events.contains(&event.name) {
            return None;
        }
        let asks = if event.wants_ack { Asks::Yes } else { Asks::No };
        // Nobody wants more: nor is it answered.
        lines.send(Shown::Event { name: event.name, args: event.args, asks }).await.ok()?;
        ack
    });
}
