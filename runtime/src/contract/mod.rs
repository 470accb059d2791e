//! The contract layer: what `#[events]`, `#[payload]` and `derive(Namespace)` expand against. What most users need of it is also at
//! the crate's root.
//!
//! Lives here: the traits that describe event sets and namespaces, the typed decoding of arguments straight from a packet's
//! bytes, the encoding of events and acks, and the shapes of an emit (`Call`, `Replies`). Never here: IO, tasks, clocks. A server,
//! a client, a mock and the code generator all stand on this layer and none of them is named in it.

mod ack;
mod args;
mod binary;
mod body;
mod call;
mod event_stream;
mod events;
#[cfg_attr(not(any(feature = "server", feature = "client")), allow(dead_code, reason = "only a runtime has faults"))]
pub(crate) mod fault;
mod handling;
mod id;
pub mod int64_string;
mod json;
#[cfg(any(feature = "server", feature = "client"))]
mod listeners;
mod namespace;
mod payload;
mod raw;
mod registry;
mod safe_int;
#[cfg_attr(not(any(feature = "server", feature = "client")), allow(dead_code, reason = "only a runtime has connections"))]
pub(crate) mod streams;
mod wire;

#[cfg(test)]
#[cfg(feature = "macros")]
mod expansion_tests;

pub use ack::{CallError, Disconnected, Fault, FaultCode, TooLarge};
pub use args::BadArg;
pub use binary::Binary;
pub use body::EncodeError;
pub use call::{Call, Replies, Target};
pub use event_stream::{Ack, EventEnum, EventStream};
pub use events::{AckKind, ArgMeta, EventMeta, Events};
pub use id::{InvalidSocketId, SocketId};
pub use namespace::{FixedPath, Namespace};
pub use payload::{Never, Payload};
pub use raw::RawArgs;
#[cfg(any(feature = "server", feature = "client"))]
pub use raw::RawEvent;
pub use registry::Registry;
pub use safe_int::{SafeInt, UnsafeInt};
pub use streams::{Subscription, ToOne};

// What only expansions and the runtime name.
#[doc(hidden)]
pub use {
    ack::{AckData, Answer, Decode, NoAck, NoAnswer, Reply, decode_unit, reply_unit},
    args::{ArgError, Args},
    body::Body,
    call::{BoxFuture, BoxStream},
    event_stream::{EnumOf, EventSink, Show, ShowDebug, ShowNothing, event_stream},
    events::{Dispatch, Handled, NoEvents, SomeEvents, Streamed},
    handling::{Handling, Run},
    namespace::{PathMatcher, PathParam},
    registry::Handler,
    streams::{Ended, Feed, Source, StreamNames},
    wire::{ResultAck, Wire},
};

pub use fault::{EventFault, FaultKind};
#[cfg(any(feature = "server", feature = "client"))]
pub(crate) use {ack::decode_raw, handling::Turns, json::is_well_formed, listeners::Listeners};
