//! The sans-IO protocol core: Engine.IO v4 and Socket.IO v5 as state machines.
//!
//! What lives here: the bytes on the wire and the rules about them. What must never: tokio, HTTP types, a clock, a
//! random number. Every input carries `now`; the caller (the tokio edge, or a simulation in virtual time) moves bytes.
//!
//! The shape is the same for every machine:
//!
//! - `handle_*(now, …)` tells it what happened, commands (`send`, `accept`, `close`, …) tell it what is wanted;
//! - `poll_output()` is drained until it says [`Output::Timeout`]; after that the caller may wait;
//! - `poll_ws_frame(ws)` is called whenever a WebSocket can take one more frame. The backlog stays in the machine, in
//!   one queue whose size [`Backlog`] shows, so a peer that does not read is seen by whoever owns the machine.
//!
//! Layers: [`engine`] is Engine.IO (packets, polling payloads, requests, one session), [`packet`] the Socket.IO packet
//! codec, [`session`] the namespaces over one Engine.IO session, [`retries`] what outlives one. JSON is split, never parsed.

pub mod engine;
pub mod packet;
pub mod retries;
pub mod session;

mod queue;
mod reason;

#[cfg(test)]
mod goldens;
#[cfg(test)]
mod sim;

use std::time::Instant;

pub use reason::DisconnectReason;

/// What `poll_output` of a machine yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output<T, E> {
    /// Do this on the network.
    Transmit(T),
    /// Tell this to the layer above.
    Event(E),
    /// Nothing more to do now: call `handle_timeout` at this time, if nothing else happens before.
    Timeout(Option<Instant>),
}

/// What waits in a machine for the network to take it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Number of Engine.IO packets.
    pub frames: usize,
    /// Their encoded size in bytes, without framing.
    pub bytes: usize,
}

impl std::ops::Add for Backlog {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { frames: self.frames + other.frames, bytes: self.bytes + other.bytes }
    }
}
