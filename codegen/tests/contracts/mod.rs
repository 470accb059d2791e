//! Contracts to generate from, written as users write them.

#![allow(dead_code, unreachable_pub, reason = "written as in a crate of its own, without sessions and handlers")]

pub mod chat;
pub mod feed;
pub mod live;
pub mod reading;
pub mod shapes;
pub mod small;
