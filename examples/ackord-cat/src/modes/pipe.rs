//! Every line of the input is an event.

use std::time::Duration;

use ackord::{Client, client::Untyped};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Stdin},
    sync::mpsc,
};

use crate::{failure::Failure, output::Shown, words::Line};

/// No line may be longer, in bytes.
const LINE: u64 = 64 * 1024 * 1024;
/// So many bytes are emitted before the network has to have them.
const AHEAD: usize = 256 * 1024;

/// Emits the input to its end. Questions are asked one after the other.
///
/// # Errors
/// A line cannot be read, or a question has no answer.
pub(crate) async fn run(client: &Client<Untyped>, lines: mpsc::Sender<Shown>, timeout: Duration) -> Result<(), Failure> {
    let mut input = BufReader::new(tokio::io::stdin());
    let (mut number, mut ahead) = (0_u64, 0);
    while let Some(text) = next_line(&mut input).await? {
        number += 1;
        if text.trim().is_empty() {
            continue;
        }
        let line = Line::parse(&text).map_err(|why| Failure::Usage(format!("line {number} of the input: {why}")))?;
        ahead += text.len();
        if line.ack {
            let ack = client.call_raw(&line.event, &line.args).timeout(timeout).await;
            let ack = ack.map_err(|e| Failure::of_call(&e))?;
            let _ = lines.send(Shown::Ack { of: line.event, args: ack }).await;
        } else {
            client.emit_raw(&line.event, &line.args);
        }
        if ahead > AHEAD {
            flushed(client).await?;
            ahead = 0;
        }
    }
    flushed(client).await
}

async fn flushed(client: &Client<Untyped>) -> Result<(), Failure> {
    client.flushed().await.map_err(|e| Failure::Unreachable(e.to_string()))
}

async fn next_line(input: &mut BufReader<Stdin>) -> Result<Option<String>, Failure> {
    let bad = |why: &dyn std::fmt::Display| Failure::Usage(format!("the input: {why}"));
    let mut line = Vec::new();
    let read = input.take(LINE).read_until(b'\n', &mut line).await.map_err(|e| bad(&e))?;
    if read as u64 == LINE {
        return Err(bad(&format_args!("a line is longer than {LINE} bytes")));
    }
    if read == 0 {
        return Ok(None);
    }
    String::from_utf8(line).map(Some).map_err(|e| bad(&e))
}
