//! Who is in which room. In memory today; adapters that span nodes come to sit beside it.

mod memory;
mod room;

pub(crate) use memory::{Filter, Memory};
pub use room::{Room, Rooms};
