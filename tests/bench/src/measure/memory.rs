//! Memory per idle connection, and what is left of it when all are gone.

use crate::{
    Result,
    counted::{self, Memory},
    link::Client,
    report::Row,
    server::Running,
};

const CONNECTIONS: u32 = 3_000;
/// One file descriptor a connection, and some for everything else.
const FILES: u64 = CONNECTIONS as u64 + 100;

/// `role` is the client's; `limit` in KiB.
pub(crate) fn idle(role: &str, transport: &str, limit: Option<f64>) -> Result<Vec<Row>> {
    let what = format!("{CONNECTIONS} idle {transport} connections:");
    let files = rlimit::increase_nofile_limit(u64::MAX)?;
    if files < FILES {
        return Ok(vec![Row::skipped(what, format!("{FILES} file descriptors needed, {files} allowed (`ulimit -n`)"))]);
    }
    let server = Running::with(|builder| builder.allow_upgrades(false))?;
    let mut client = Client::start(server.addr, &[role, &CONNECTIONS.to_string()])?;
    let Some(before) = at(&server, 0)? else { return Ok(vec![Row::skipped(what, "no /proc/self/smaps_rollup")]) };
    client.step()?;
    let used = each(at(&server, CONNECTIONS as usize)?, before)?;
    client.step()?;
    let kept = each(at(&server, 0)?, before)?;
    client.step()?;
    let again = each(at(&server, CONNECTIONS as usize)?, before)?;
    let resident = format!("{what} resident each");
    Ok(vec![
        match limit {
            Some(limit) => Row::at_most(resident, used.resident, limit, "KiB"),
            None => Row::told(resident, used.resident, "KiB"),
        },
        Row::told(format!("{what} heap each"), used.live, "KiB"),
        Row::told(format!("{what} still resident after all left"), kept.resident, "KiB"),
        // The allocator may keep what it has, but has to use it. Buffers nobody wrote to the first time may be resident now, so
        // that the heap is the limit.
        Row::at_most(
            format!("{what} resident each when as many return"),
            again.resident,
            1.1 * used.resident.max(used.live),
            "KiB",
        ),
        // Tables that have grown keep their size; a connection's own memory must be back.
        Row::at_most(format!("{what} still on the heap after all left"), kept.live, 0.25, "KiB"),
    ])
}

/// The memory when so many clients are connected and nothing happens.
fn at(server: &Running, connections: usize) -> Result<Option<Memory>> {
    server.connections(connections)?;
    counted::quiet()?;
    counted::memory()
}

/// In KiB a connection.
fn each(now: Option<Memory>, before: Memory) -> Result<Memory> {
    let more = now.ok_or("the kernel tells the memory no longer")? - before;
    let count = f64::from(CONNECTIONS) * 1024.0;
    Ok(Memory { resident: more.resident / count, live: more.live / count })
}
