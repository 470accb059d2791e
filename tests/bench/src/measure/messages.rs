//! Order, delivery, and the end of a client that does not read.

use std::time::{Duration, Instant};

use crate::{Result, counted, link::Client, report::Row, server::Running};

const TRIPLES: u32 = 2_000;
const NUMBERS: u32 = 100_000;
const PING_INTERVAL: Duration = Duration::from_secs(1);
const PING_TIMEOUT: Duration = Duration::from_millis(500);
/// For the timers' granularity and a machine that does something else as well.
const TOLERANCE: Duration = Duration::from_millis(250);

/// Events of three kinds, back to back, each triple by itself or all at once.
pub(crate) fn triples(how: &str) -> Result<Vec<Row>> {
    let server = Running::new()?;
    let mut client = Client::start(server.addr, &["triples", &TRIPLES.to_string(), how])?;
    client.step()?;
    let (handled, inversions) = server.order.seen();
    if handled != 3 * TRIPLES {
        return Ok(vec![Row::failed("triples", &format!("{handled} events of {} were handled", 3 * TRIPLES))]);
    }
    Ok(vec![Row::at_most(format!("{TRIPLES} triples of events, {how}: inversions"), inversions.into(), 0.0, "")])
}

/// A loop of emits without a pause. The client ends with an error if one is missing or out of order.
pub(crate) fn numbers() -> Result<Vec<Row>> {
    let server = Running::new()?;
    let mut client = Client::start(server.addr, &["numbers", &NUMBERS.to_string()])?;
    let start = Instant::now();
    client.step()?;
    Ok(vec![Row::told(format!("{NUMBERS} emits in a loop, delivered in order"), millis(start.elapsed()), "ms")])
}

/// A client that never reads, while more is emitted than the kernel's buffers take.
pub(crate) fn stalled() -> Result<Vec<Row>> {
    let server = Running::with(|builder| builder.ping_interval(PING_INTERVAL).ping_timeout(PING_TIMEOUT))?;
    let _client = Client::start(server.addr, &["stalled"])?;
    let start = Instant::now();
    server.connections(1)?;
    // 10 MiB: below the outbox's budget, so that it is the heartbeat that ends the connection.
    let text = "x".repeat(10 * 1024);
    for _ in 0..1024 {
        server.all.emit().shout(&text);
    }
    counted::until("the stalled client is gone", || server.io.connections() == 0)?;
    let limit = PING_INTERVAL + PING_TIMEOUT + TOLERANCE;
    Ok(vec![Row::at_most("a client that never reads is gone after", millis(start.elapsed()), millis(limit), "ms")])
}

fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e3).round()
}
