//! The client's process: what it does in each role, step by step.

mod polling;
mod ws;

use std::{fmt::Write as _, net::SocketAddr};

use crate::{Result, link::done};
use polling::Polling;
use ws::{Ws, frame};

/// Every measurement begins when connections, buffers and caches are what they will be.
const WARM_UP: u32 = 2_000;

pub(crate) fn run(address: &str, role: &[&str]) -> Result<()> {
    let addr = address.parse()?;
    match role {
        ["echo", event, bytes, count] => echo(addr, event, bytes.parse()?, count.parse()?),
        ["broadcast", sockets, count] => broadcast(addr, sockets.parse()?, count.parse()?),
        ["websockets", count] => idle(addr, count.parse()?, Ws::join),
        ["polling", count] => idle(addr, count.parse()?, Polling::join),
        ["triples", count, "spaced"] => triples(addr, count.parse()?, true),
        ["triples", count, "dense"] => triples(addr, count.parse()?, false),
        ["numbers", count] => numbers(addr, count.parse()?),
        ["stalled"] => stalled(addr),
        _ => Err("no such role".into()),
    }
}

/// One question after the other.
fn echo(addr: SocketAddr, event: &str, bytes: usize, count: u32) -> Result<()> {
    let mut ws = Ws::join(addr)?;
    let text = "x".repeat(bytes);
    let (question, answer) = (frame(&format!("421[\"{event}\",\"{text}\"]")), format!("431[\"{text}\"]"));
    let mut ask = |times| -> Result<()> {
        for _ in 0..times {
            ws.send(&question)?;
            ws.expect(&answer)?;
        }
        done()
    };
    ask(WARM_UP)?;
    ask(count)
}

/// One of the sockets shouts, and all hear it before it shouts again.
fn broadcast(addr: SocketAddr, sockets: usize, count: u32) -> Result<()> {
    let mut sockets = (0..sockets).map(|_| Ws::join(addr)).collect::<Result<Vec<_>>>()?;
    let shout = frame(&format!("42[\"shout\",\"{}\"]", "x".repeat(64)));
    let mut shout = |times| -> Result<()> {
        for _ in 0..times {
            sockets.first_mut().ok_or("nobody")?.send(&shout)?;
            for ws in &mut sockets {
                ws.expect("42[\"shout\",\"x")?;
            }
        }
        done()
    };
    shout(WARM_UP / 20)?;
    shout(count)
}

/// Connects, does nothing, leaves, and all that again.
fn idle<C>(addr: SocketAddr, count: usize, join: impl Fn(SocketAddr) -> Result<C>) -> Result<()> {
    rlimit::increase_nofile_limit(u64::MAX)?;
    // What the first connections cost once is not a connection's memory.
    let first = (0..16).map(|_| join(addr)).collect::<Result<Vec<_>>>()?;
    drop(first);
    done()?;
    for _ in 0..2 {
        let clients = (0..count).map(|_| join(addr)).collect::<Result<Vec<_>>>()?;
        done()?;
        drop(clients);
        done()?;
    }
    Ok(())
}

/// Three events in one write; `spaced`: then an answer before the next three, so that the server has nothing else to do.
fn triples(addr: SocketAddr, count: u32, spaced: bool) -> Result<()> {
    let mut ws = Ws::join(addr)?;
    let mut triples: Vec<_> = (0..count)
        .map(|n| {
            ["first", "second", "third"].into_iter().flat_map(|event| frame(&format!("42[\"{event}\",{n}]"))).collect::<Vec<_>>()
        })
        .collect();
    if !spaced {
        triples = vec![triples.concat()];
    }
    done()?;
    for triple in &triples {
        ws.send(triple)?;
        ws.send(&frame("421[\"echo\",\"\"]"))?;
        ws.expect("431[\"\"]")?;
    }
    done()
}

/// Asks for numbers and reads them.
fn numbers(addr: SocketAddr, count: u32) -> Result<()> {
    let mut ws = Ws::join(addr)?;
    done()?;
    ws.send(&frame(&format!("42[\"count\",{count}]")))?;
    let mut expected = String::new();
    for n in 0..count {
        expected.clear();
        write!(expected, "42[\"number\",{n}]")?;
        ws.expect(&expected)?;
    }
    done()
}

/// Reads nothing any more.
fn stalled(addr: SocketAddr) -> Result<()> {
    let _ws = Ws::join(addr)?;
    done()
}
