use std::{future::Future, sync::Arc};

use futures_core::Stream;

use super::{ArgError, Args, Handling, Never, Registry, Reply, Target};

/// A set of events: implemented by `#[events]` for `dyn Trait`, which names the set at the type level.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of events",
    label = "not a set of events",
    note = "write `#[ackord::events]` above the trait and name it as `dyn Trait`"
)]
pub trait Events: 'static {
    /// What is known of each event without any IO.
    const EVENTS: &'static [EventMeta];

    /// The typed emitter: one inherent method an event, on one socket or on many.
    type Emit<T: Target>;

    /// An emitter that sends to `target`.
    fn emit<T: Target>(target: T) -> Self::Emit<T>;

    /// The closure registrar: one method an event.
    type On<'a>;

    /// A registrar that fills `registry`.
    fn on(registry: &Registry) -> Self::On<'_>;

    /// Tells the code generator of every event.
    #[cfg(feature = "codegen")]
    fn describe(describer: &mut crate::describe::Describer);
}

/// One event of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventMeta {
    /// The name on the wire.
    pub name: &'static str,
    /// Further names that are accepted on receipt.
    pub aliases: &'static [&'static str],
    /// How it is acknowledged.
    pub ack: AckKind,
    /// Its arguments, in order.
    pub args: &'static [ArgMeta],
    /// Its documentation, a line an element.
    pub docs: &'static [&'static str],
    /// The note of its `#[deprecated]`, empty without one; `None` if it is not deprecated.
    pub deprecated: Option<&'static str>,
}

/// One argument of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArgMeta {
    /// Its name in the contract.
    pub name: &'static str,
}

/// How an event is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AckKind {
    /// `fn`: not at all; `[]` if the peer asks for it (R1).
    None,
    /// `async fn` without a value: `[]`.
    Unit,
    /// `-> T`: the bare value.
    Plain,
    /// `-> Result<T, E>`: `{ok: true, value}`, `{ok: false, error}` or `{ok: false, fault}`.
    Envelope,
    /// `-> Result<T, E>` under `ack = "plain"`: the bare value or the bare error.
    Either,
    /// `#[event(stream)]`: an envelope with the subscription's id. Under a window, every n-th item wants an ack.
    Stream {
        /// This n.
        window: Option<u32>,
    },
}

impl AckKind {
    /// Whether its ack is an envelope, which can tell of a fault.
    pub const fn is_envelope(self) -> bool {
        matches!(self, Self::Envelope | Self::Stream { .. })
    }
}

/// Routes an event to a handler of type `H`: implemented by `#[events]` for `dyn Trait`, for every `H: Trait`.
#[diagnostic::on_unimplemented(
    message = "`{H}` does not handle the events of `{Self}`",
    label = "this session does not implement the namespace's server trait",
    note = "implement the trait for `{H}`: one `async fn` an event"
)]
pub trait Dispatch<H>: Events {
    /// Decodes the arguments of `event` and calls its handler; `None` if the set has no such event.
    ///
    /// # Errors
    /// The arguments do not fit, or the packet is malformed. The handler was not called.
    fn dispatch(handler: &Arc<H>, event: &str, args: &mut Args<'_>, reply: Reply) -> Result<Option<Handling>, ArgError>;
}

/// What a handler of an event returns: a future of the event's value. `async fn` is the way to write one.
///
/// `impl Handled<Output = T>` says the same as `impl Future<Output = T>`, with its own words for a handler that is no future; a future of
/// another type is still rustc's "expected `T`, found `U`".
#[diagnostic::on_unimplemented(
    message = "event handlers are `async fn`: make this an `async fn`",
    label = "this handler is not `async`",
    note = "the contract's `fn` and `async fn` tell whether the sender gets an answer; on the side that handles, both are `async fn`"
)]
pub trait Handled: Future {}

#[diagnostic::do_not_recommend]
impl<F: Future> Handled for F {}

/// What a handler of a stream returns: a stream of the event's items.
///
/// `impl Streamed<Item = T>` says the same as `impl Stream<Item = T>`, with its own words for a handler that returns something else.
#[diagnostic::on_unimplemented(
    message = "the handler of a stream is a plain `fn` that returns a stream",
    label = "not a stream",
    note = "write `fn …(&self, …) -> impl ackord::Stream<Item = …>`, as in the contract"
)]
pub trait Streamed: Stream {}

#[diagnostic::do_not_recommend]
impl<S: Stream> Streamed for S {}

/// A set that was written with `#[events]`, and not [`NoEvents`]: there are closures to register.
pub trait SomeEvents: Events {}

/// The set without events, for a namespace whose `server` or `client` is not given.
pub trait NoEvents {}

impl Events for dyn NoEvents {
    const EVENTS: &'static [EventMeta] = &[];
    type Emit<T: Target> = std::marker::PhantomData<fn() -> (T, Never)>;

    fn emit<T: Target>(_: T) -> Self::Emit<T> {
        std::marker::PhantomData
    }

    type On<'a> = std::marker::PhantomData<&'a Registry>;

    fn on(_: &Registry) -> Self::On<'_> {
        std::marker::PhantomData
    }

    #[cfg(feature = "codegen")]
    fn describe(_: &mut crate::describe::Describer) {}
}

impl<H> Dispatch<H> for dyn NoEvents {
    fn dispatch(_: &Arc<H>, _: &str, _: &mut Args<'_>, _: Reply) -> Result<Option<Handling>, ArgError> {
        Ok(None)
    }
}
