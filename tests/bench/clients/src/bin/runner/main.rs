//! Measures the clients side by side: `cargo xtask bench clients`, or `runner [--rounds N] [PEER…]`.
//!
//! The server has one core, the client that is measured another, and all of them do the same one after the other, round by round. What
//! counts is CPU time, seen from outside (`/proc`), so that a busy machine makes numbers worse, not wrong; a step during which the
//! client often had to wait for its core is repeated. The tables show medians of the rounds, and ratios between them.

mod process;
mod report;
mod scenarios;

use std::time::Instant;

use clients::Result;
use process::{Client, Server};
use report::Results;
use scenarios::{PEERS, POLLING, POLLING_PEERS, Peer, Scenario, WEBSOCKET};

fn main() -> Result<()> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let rounds = match args.iter().position(|arg| arg == "--rounds") {
        Some(at) => args.drain(at..).nth(1).ok_or("--rounds wants a number")?.parse()?,
        None => 5,
    };
    let start = Instant::now();
    let server = Server::start()?;
    let wanted = |peer: &&Peer| args.is_empty() || args.iter().any(|name| *name == peer.name);
    for (title, peers, scenarios) in [("WebSocket", PEERS, WEBSOCKET), ("polling", POLLING_PEERS, POLLING)] {
        let peers: Vec<_> = peers.iter().filter(wanted).collect();
        let mut results = Results::new(title, scenarios, &peers);
        for round in 0..rounds {
            // Who comes first changes, in case it matters.
            for n in 0..peers.len() {
                let peer = (round + n) % peers.len();
                measure(&server, peers[peer], scenarios, |scenario, sample| results.add(scenario, peer, sample));
            }
        }
        results.print();
    }
    allocations(&server)?;
    instructions(&server)?;
    println!("\n{rounds} rounds, {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// One round of one peer: a process for each scenario that asks for a fresh one, one for the others.
fn measure(server: &Server, peer: &Peer, scenarios: &[Scenario], mut add: impl FnMut(usize, Result<process::Sample>)) {
    let mut shared = None;
    for (n, scenario) in scenarios.iter().enumerate() {
        let sample = if scenario.fresh {
            Client::start(server, peer).and_then(|mut client| client.measure(scenario))
        } else {
            let client = shared.get_or_insert_with(|| Client::start(server, peer));
            match client {
                Ok(client) => client.measure(scenario),
                Err(error) => Err(error.to_string().into()),
            }
        };
        if sample.is_err() {
            // Whatever it is, it is not to be blamed on the next scenario.
            shared = None;
        }
        add(n, sample);
    }
}

/// What one call allocates, and what is left of a hundred thousand.
fn allocations(server: &Server) -> Result<()> {
    const CALLS: u64 = 100_000;
    println!("\n| heap of the client | allocations per ack | bytes per ack | left after {CALLS} acks, in bytes |");
    println!("|---|--:|--:|--:|");
    for name in ["ackord", "rust_socketio"] {
        let mut client = Client::counted(server, name)?;
        client.step("calls 1000")?;
        match client.step(&format!("calls {CALLS}"))?.as_slice() {
            &[allocations, bytes, left] => {
                println!("| {name} | {:.2} | {:.0} | {left} |", ratio(allocations, CALLS), ratio(bytes, CALLS));
            }
            other => return Err(format!("calls: {other:?}").into()),
        }
    }
    Ok(())
}

/// What a message costs in user space, in instructions: steady to a percent however busy the machine is, where the CPU times of single
/// calls are mostly the kernel's.
fn instructions(server: &Server) -> Result<()> {
    const FEW: u64 = 2_000;
    const MANY: u64 = 22_000;
    println!("\n| instructions in user space | ack, 64 B, one in flight | event received |");
    println!("|---|--:|--:|");
    for name in ["ackord", "rust_socketio"] {
        let mut cells = String::new();
        for step in ["calls", "events"] {
            let run = |count| process::instructions(server, name, &format!("connect 1\n{step} {count}\n"));
            let Some((few, many)) = run(FEW)?.zip(run(MANY)?) else {
                println!("(valgrind was not found)");
                return Ok(());
            };
            cells.push_str(&format!(" {:.0} |", ratio(many.saturating_sub(few), MANY - FEW)));
        }
        println!("| {name} |{cells}");
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn ratio(value: u64, of: u64) -> f64 {
    value as f64 / of as f64
}
