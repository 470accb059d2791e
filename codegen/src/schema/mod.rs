//! JSON Schema: the definitions of a contract's types in both directions, the model of its messages, and the document.
//!
//! A type has up to two schemas: what Rust writes, and what it reads. Lives here also what other outputs take from it: [`Model`]. Never
//! here: TypeScript.

pub(crate) mod definitions;
pub(crate) mod document;
pub(crate) mod json;
pub(crate) mod model;
pub(crate) mod reading;
mod references;
mod transforms;

pub(crate) use definitions::{Dialect, Direction};
