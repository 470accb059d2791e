//! Allocations per message.

use crate::{
    Result,
    counted::{self, Heap, heap},
    link::Client,
    report::Row,
    server::Running,
};

const ECHOES: u32 = 20_000;
const BROADCASTS: u32 = 500;
/// Two sizes: what differs between them is the recipients', what does not is the broadcast's.
const FEW: u32 = 20;
const MANY: u32 = 200;

/// What the server allocates while the client does its next step.
fn during_a_step(client: &mut Client) -> Result<Heap> {
    counted::quiet()?;
    let before = heap();
    client.step()?;
    Ok(heap() - before)
}

/// A typed echo with an ack.
pub(crate) fn typed(payload: u32) -> Result<Vec<Row>> {
    let used = per_echo("echo", payload)?;
    let what = format!("echo with ack, {payload} B:");
    // A small payload is dwarfed by what any message needs, so that the ratio would say nothing.
    let bytes = if payload >= 1024 {
        Row::at_most(format!("{what} bytes allocated"), used.bytes, 1.2 * f64::from(payload), "B")
    } else {
        Row::told(format!("{what} bytes allocated"), used.bytes, "B")
    };
    Ok(vec![Row::at_most(format!("{what} allocations"), used.allocations, 4.0, ""), bytes])
}

/// The same without types, where the handler has no string of its own: what is left is the framework's.
pub(crate) fn raw(payload: u32) -> Result<Vec<Row>> {
    let used = per_echo("raw", payload)?;
    let what = format!("raw echo with ack, {payload} B:");
    Ok(vec![
        Row::told(format!("{what} allocations"), used.allocations, ""),
        Row::told(format!("{what} bytes allocated"), used.bytes, "B"),
    ])
}

fn per_echo(event: &str, payload: u32) -> Result<Heap> {
    let server = Running::new()?;
    let mut client = Client::start(server.addr, &["echo", event, &payload.to_string(), &ECHOES.to_string()])?;
    Ok(each(during_a_step(&mut client)?, ECHOES))
}

/// What one more recipient costs.
pub(crate) fn broadcast() -> Result<Vec<Row>> {
    let (few, many) = (per_broadcast(FEW)?, per_broadcast(MANY)?);
    let more = f64::from(MANY - FEW);
    let what = format!("broadcast to {MANY}, 64 B:");
    Ok(vec![
        // Not quite zero: a timer or a queue that grows once is no cost of a recipient.
        Row::at_most(format!("{what} allocations a recipient"), (many - few).allocations / more, 0.01, ""),
        Row::told(format!("{what} bytes a recipient"), (many - few).bytes / more, "B"),
        Row::told(format!("{what} allocations in all"), many.allocations, ""),
    ])
}

fn per_broadcast(sockets: u32) -> Result<Heap> {
    let server = Running::new()?;
    let mut client = Client::start(server.addr, &["broadcast", &sockets.to_string(), &BROADCASTS.to_string()])?;
    Ok(each(during_a_step(&mut client)?, BROADCASTS))
}

fn each(used: Heap, count: u32) -> Heap {
    Heap { allocations: used.allocations / f64::from(count), bytes: used.bytes / f64::from(count) }
}
