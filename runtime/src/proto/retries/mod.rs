//! Delivery that outlives connections: who sends keeps what is not acknowledged and sends it again, who receives answers what comes again
//! without handling it again.
//!
//! On the wire there is nothing new but the way in which ack ids are chosen, so that a stock peer sees ordinary events that are sent
//! again, as with `retries` of `socket.io-client` 4.8.4 (`build/cjs/socket.js`, `_addToQueue`). There one packet is in flight at a time,
//! and what was handled already is handled again after a reconnection.
//!
//! The scheme is that of NFS 4.1's sessions (RFC 8881, section 2.10.6). The sender has a number of *slots*, and at most one unacknowledged
//! packet in each. An ack id is `turn × SLOTS + slot`, and the turns of a slot only rise: a new id in a slot tells the receiver that the
//! sender has done with the one before. So the receiver has to remember just the last answer of each slot, and a slow handler
//! occupies its own slot and no other. (A window over consecutive ids needs as much memory, and comes to a halt when its oldest
//! id is slow.)
//!
//! A slot whose packet is given up is used again like any other: the id that was given up is never sent again, and should it still
//! arrive, it is older than the slot's.

mod answers;
mod window;

#[cfg(test)]
mod tests;

pub use answers::{Answers, Arrival};
pub use window::{Due, Settings, Window};

/// The most slots of a sender, and the step from one id of a slot to the next.
pub const SLOTS: u64 = 256;

/// Ack ids from here on are of no slot: of questions that mean something on one connection only, as those for streams. Below the integers
/// that JavaScript knows exactly.
pub const UNTRACKED: u64 = 1 << 52;

/// The key of a `CONNECT` packet's auth object that carries the sender's name, which it has chosen once, at random. It is a secret: who
/// shows it gets the answers to what its owner asked.
pub const AUTH_KEY: &str = "ackord:session";
