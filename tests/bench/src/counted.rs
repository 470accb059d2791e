//! What the server's process has allocated, and how much memory it occupies.

use std::{
    alloc::System,
    fs,
    ops::Sub,
    time::{Duration, Instant},
};

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

use crate::Result;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Counts since the start of the process, or between two moments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heap {
    /// Growing a buffer counts as an allocation: it is one.
    pub(crate) allocations: f64,
    pub(crate) bytes: f64,
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(crate) fn heap() -> Heap {
    let stats = ALLOCATOR.stats();
    Heap { allocations: (stats.allocations + stats.reallocations) as f64, bytes: stats.bytes_allocated as f64 }
}

impl Sub for Heap {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self { allocations: self.allocations - before.allocations, bytes: self.bytes - before.bytes }
    }
}

/// Memory in use, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// What the kernel has given: the budgets are about this.
    pub(crate) resident: f64,
    /// What is allocated and not freed, which leaves out what the allocator keeps for later.
    pub(crate) live: f64,
}

impl Sub for Memory {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self { resident: self.resident - before.resident, live: self.live - before.live }
    }
}

/// `None` where the kernel does not tell (not Linux).
#[expect(clippy::cast_precision_loss, reason = "bytes far below 2^52")]
pub(crate) fn memory() -> Result<Option<Memory>> {
    // `statm` and `status` lag behind by some pages per thread; this is exact.
    let Ok(maps) = fs::read_to_string("/proc/self/smaps_rollup") else { return Ok(None) };
    let line = maps.lines().find_map(|line| line.strip_prefix("Rss:")).ok_or("smaps_rollup without Rss")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim_end().parse()?;
    let stats = ALLOCATOR.stats();
    Ok(Some(Memory { resident: kib * 1024.0, live: stats.bytes_allocated as f64 - stats.bytes_deallocated as f64 }))
}

/// Waits until the server does nothing any more: until it has not allocated for a tenth of a second.
pub(crate) fn quiet() -> Result<()> {
    let start = Instant::now();
    let mut before = ALLOCATOR.stats();
    while start.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(100));
        let now = ALLOCATOR.stats();
        if (now.allocations, now.deallocations) == (before.allocations, before.deallocations) {
            return Ok(());
        }
        before = now;
    }
    Err("the server does not come to rest".into())
}

/// Waits until `holds`, at most ten seconds, looking every millisecond.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) -> Result<Duration> {
    let start = Instant::now();
    while !holds() {
        if start.elapsed() > Duration::from_secs(10) {
            return Err(format!("still waiting: {what}").into());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(start.elapsed())
}
