#![cfg_attr(all(feature = "server", feature = "macros"), doc = include_str!("../docs/guide.md"))]
#![cfg_attr(
    not(all(feature = "server", feature = "macros")),
    doc = "Typed RPC and events over the Socket.IO protocol. The guide is in the documentation with all features."
)]

#[cfg(feature = "macros")]
pub use ackord_macros::{Namespace, events, payload};

#[cfg(feature = "server")]
mod adapter;
#[cfg(feature = "client")]
pub mod client;
pub mod contract;
#[cfg(feature = "codegen")]
pub mod describe;
#[cfg(any(feature = "server", feature = "client"))]
mod net;
// Public for the tests of the workspace; no public API.
#[doc(hidden)]
pub mod proto;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg_attr(not(any(feature = "server", feature = "client")), allow(dead_code, reason = "only a runtime has something to log"))]
mod trace;

#[doc(inline)]
pub use contract::{
    Ack, Binary, Call, CallError, EncodeError, EventStream, Events, Fault, FaultCode, Namespace, Never, Payload, RawArgs,
    Replies, SafeInt, SocketId, Subscription, int64_string,
};
/// The `Stream` of `#[event(stream)]`.
pub use futures_core::Stream;

#[cfg(feature = "client")]
#[doc(inline)]
pub use client::Client;
#[doc(inline)]
pub use proto::DisconnectReason;
#[cfg(feature = "server")]
#[doc(inline)]
pub use server::{NamespaceHandle, Server, Socket, serve, serve_on, serve_stream};

/// What expansions of the macros name. No public API: anything here may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use serde;
    #[cfg(feature = "codegen")]
    pub use {schemars, serde_json, ts_rs};

    pub use crate::contract::{
        AckKind, Answer, ArgError, ArgMeta, Args, Body, BoxFuture, Decode, Dispatch, Ended, EnumOf, EventEnum, EventMeta,
        EventSink, Feed, FixedPath, Handled, Handler, Handling, NoEvents, PathMatcher, PathParam, Registry, Reply, Run, Show,
        ShowDebug, ShowNothing, SomeEvents, Source, StreamNames, Streamed, Target, ToOne, Wire, decode_unit, event_stream,
        reply_unit,
    };
    #[cfg(feature = "codegen")]
    pub use crate::describe::{Alias, Describer, Field, unchanged};
}

/// Keeps items of an expansion only if this crate, not the user's, has the feature `codegen`.
#[cfg(feature = "codegen")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_codegen {
    ({ $($with:tt)* } else { $($without:tt)* }) => { $($with)* };
}

/// Keeps items of an expansion only if this crate, not the user's, has the feature `codegen`.
#[cfg(not(feature = "codegen"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_codegen {
    ({ $($with:tt)* } else { $($without:tt)* }) => { $($without)* };
}
