//! ackord: see the README.

pub mod proto;
