//! The sans-IO core.
pub mod packet;
