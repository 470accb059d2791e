//! `emit` and `call`: one event.

use std::time::Duration;

use ackord::{Client, RawArgs, client::Untyped};
use tokio::sync::mpsc;

use crate::{failure::Failure, output::Shown};

/// # Errors
/// The client is over before the event is with the network.
pub(crate) async fn emit(client: &Client<Untyped>, event: &str, args: &RawArgs) -> Result<(), Failure> {
    client.emit_raw(event, args);
    client.flushed().await.map_err(|e| Failure::Unreachable(e.to_string()))
}

/// # Errors
/// Why there is no ack.
pub(crate) async fn call(
    client: &Client<Untyped>,
    lines: mpsc::Sender<Shown>,
    event: &str,
    args: &RawArgs,
    timeout: Duration,
) -> Result<(), Failure> {
    let ack = client.call_raw(event, args).timeout(timeout).await.map_err(|e| Failure::of_call(&e))?;
    let _ = lines.send(Shown::Values(ack)).await;
    Ok(())
}
