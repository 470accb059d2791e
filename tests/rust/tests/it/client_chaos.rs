//! The Rust client against a network, servers and users that mean harm.

mod clocks;
mod cuts;
mod days;
mod fake;
mod hostile;
mod lab;
mod managers;
mod proxy;
