//! The contract layer: what `#[events]`, `#[payload]` and `derive(Namespace)` expand against.
//!
//! Lives here: the traits that describe event sets and namespaces, the typed decoding of arguments straight from a packet's
//! bytes, the encoding of events and acks, and the shapes of an emit (`Call`, `Replies`). Never here: IO, tasks, clocks. A server,
//! a client, a mock and the code generator all stand on this layer and none of them is named in it.

mod ack;
mod args;
mod binary;
mod body;
mod call;
mod events;
#[cfg(any(feature = "server", feature = "client"))]
pub(crate) mod fault;
mod id;
mod json;
mod namespace;
mod payload;
mod raw;
mod registry;
mod wire;

#[cfg(all(test, feature = "macros"))]
mod expansion_tests;

pub use ack::{AckData, Answer, CallError, Decode, Fault, FaultCode, NoAck, Reply};
pub use args::{ArgError, Args, BadArg};
pub use binary::Binary;
pub use body::{Body, EncodeError};
pub use call::{BoxFuture, BoxStream, Call, Replies, Target};
pub use events::{AckKind, ArgMeta, Dispatch, EventMeta, Events, Handled, Handling, NoEvents, SomeEvents};
pub use id::{InvalidSocketId, SocketId};
pub use namespace::{Namespace, PathMatcher, PathParam};
pub use payload::{Never, Payload};
pub use raw::RawArgs;
pub use registry::{Handler, Registry};
pub use wire::{ResultAck, Wire};

pub use ack::{decode_unit, reply_unit};
#[cfg(any(feature = "server", feature = "client"))]
pub use fault::{EventFault, FaultKind};
#[cfg(any(feature = "server", feature = "client"))]
pub(crate) use json::is_well_formed;
