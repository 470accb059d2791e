//! `client`, counting its allocations.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> clients::Result<()> {
    clients::run(Some(|| {
        let stats = ALLOCATOR.stats();
        // Growing a buffer counts as an allocation: it is one.
        [stats.allocations + stats.reallocations, stats.bytes_allocated, stats.bytes_allocated - stats.bytes_deallocated]
    }))
}
