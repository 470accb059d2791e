//! What expansions of the macros do with the types of a contract, behind bounds that make one mistake one error.
//!
//! Many places of an expansion need an argument's type to be a payload, and rustc would report each of them. It drops an error that it
//! has already written word for word, so every expansion names a type as `<T as Wire>::…` and nothing else has a bound. [`Wire`] has no
//! supertraits for the same reason: each would be an error of its own.

use std::fmt;

use super::{AckData, Answer, ArgError, Args, Body, CallError, Decode, Never, Payload, Reply, Source, StreamNames, ack};
#[cfg(feature = "codegen")]
use crate::describe::{Describe, EventDescriber};

/// What a type of a contract has to be: with the feature `codegen` also described, so that both mistakes are one error.
#[cfg(not(feature = "codegen"))]
use super::Payload as Carried;

/// What a type of a contract has to be. rustc names it instead of [`Wire`] here and there, so it says the same.
#[cfg(feature = "codegen")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used in an event: it is not a payload",
    label = "not a payload",
    note = "a payload is `Serialize + DeserializeOwned + Send + 'static`: put `#[ackord::payload]` on the type, or derive both serde traits",
    note = "for the code generator it is `TS + JsonSchema` too, and so is what it contains: `ackord-codegen` has features for common crates"
)]
pub trait Carried: Payload + Describe {}

#[cfg(feature = "codegen")]
#[diagnostic::do_not_recommend]
impl<T: Payload + Describe> Carried for T {}

/// Implemented for every [`Payload`]: decodes and encodes it where the expansion of a contract has to.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used in an event: it is not a payload",
    label = "not a payload",
    note = "a payload is `Serialize + DeserializeOwned + Send + 'static`: put `#[ackord::payload]` on the type, or derive both serde traits"
)]
#[cfg_attr(
    feature = "codegen",
    diagnostic::on_unimplemented(
        note = "for the code generator it is `TS + JsonSchema` too, and so is what it contains: `ackord-codegen` has features for common crates"
    )
)]
#[expect(clippy::missing_errors_doc, reason = "they fail as the methods of `Args`, `Reply` and `AckData` that they call")]
pub trait Wire: Sized {
    /// The type itself, known to be a payload.
    type Is: Payload;

    /// The next argument.
    fn next(args: &mut Args<'_>, name: &'static str) -> Result<Self, ArgError>;
    /// The next argument, for a handler that takes `&[T]`.
    fn next_vec(args: &mut Args<'_>, name: &'static str) -> Result<Vec<Self>, ArgError>;
    /// The next argument, for a handler that takes `Option<&T>`.
    fn next_option(args: &mut Args<'_>, name: &'static str) -> Result<Option<Self>, ArgError>;
    /// The next argument, for a handler that takes `Option<&[T]>`.
    fn next_option_vec(args: &mut Args<'_>, name: &'static str) -> Result<Option<Vec<Self>>, ArgError>;

    /// Appends an argument.
    fn put(body: Body, value: &Self) -> Body;
    /// Appends an argument that is a slice.
    fn put_slice(body: Body, values: &[Self]) -> Body;
    /// Appends an argument that is a borrowed option.
    fn put_option(body: Body, value: Option<&Self>) -> Body;
    /// Appends an argument that is an optional slice.
    fn put_option_slice(body: Body, values: Option<&[Self]>) -> Body;

    /// The ack that is this value.
    fn reply(reply: Reply, value: &Self) -> Answer;
    /// This value from an ack.
    fn decode<E>(ack: &AckData) -> Result<Self, CallError<E>>;
    /// The ack of a `Result`: `{ok: true, value}` or `{ok: false, error}`.
    fn envelope<E: Wire>() -> ResultAck<Self, E::Is>;
    /// The ack of a `Result` under `ack = "plain"`: the bare value or the bare error.
    fn either<E: Wire>() -> ResultAck<Self, E::Is>;

    /// A stream of this type.
    fn stream(names: &'static [StreamNames], window: Option<u32>, latest: bool) -> Source<Self, Self, Never>;
    /// A stream of results.
    fn try_stream<E: Wire>(
        names: &'static [StreamNames],
        window: Option<u32>,
        latest: bool,
    ) -> Source<Result<Self, E::Is>, Self, E::Is>;

    /// Describes it as the next argument.
    #[cfg(feature = "codegen")]
    fn describe<'d>(event: EventDescriber<'d>, name: &'static str) -> EventDescriber<'d>;
    /// Describes a list of it as the next argument.
    #[cfg(feature = "codegen")]
    fn describe_vec<'d>(event: EventDescriber<'d>, name: &'static str) -> EventDescriber<'d>;
    /// Describes an option of it as the next argument.
    #[cfg(feature = "codegen")]
    fn describe_option<'d>(event: EventDescriber<'d>, name: &'static str) -> EventDescriber<'d>;
    /// Describes an optional list of it as the next argument.
    #[cfg(feature = "codegen")]
    fn describe_option_vec<'d>(event: EventDescriber<'d>, name: &'static str) -> EventDescriber<'d>;
    /// Describes it as what the ack carries.
    #[cfg(feature = "codegen")]
    fn describe_answer(event: EventDescriber<'_>) -> EventDescriber<'_>;
    /// Describes it as what the ack carries if the handler fails.
    #[cfg(feature = "codegen")]
    fn describe_error(event: EventDescriber<'_>) -> EventDescriber<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: Carried> Wire for T {
    type Is = T;

    fn next(args: &mut Args<'_>, name: &'static str) -> Result<T, ArgError> {
        args.next(name)
    }

    fn next_vec(args: &mut Args<'_>, name: &'static str) -> Result<Vec<T>, ArgError> {
        args.next(name)
    }

    fn next_option(args: &mut Args<'_>, name: &'static str) -> Result<Option<T>, ArgError> {
        args.next(name)
    }

    fn next_option_vec(args: &mut Args<'_>, name: &'static str) -> Result<Option<Vec<T>>, ArgError> {
        args.next(name)
    }

    fn put(body: Body, value: &T) -> Body {
        body.arg(value)
    }

    fn put_slice(body: Body, values: &[T]) -> Body {
        body.arg(values)
    }

    fn put_option(body: Body, value: Option<&T>) -> Body {
        body.arg(&value)
    }

    fn put_option_slice(body: Body, values: Option<&[T]>) -> Body {
        body.arg(&values)
    }

    fn reply(reply: Reply, value: &T) -> Answer {
        reply.plain(value)
    }

    fn decode<E>(ack: &AckData) -> Result<T, CallError<E>> {
        ack::decode_plain(ack)
    }

    fn envelope<E: Wire>() -> ResultAck<T, E::Is> {
        ResultAck { reply: Reply::result, decode: ack::decode_result }
    }

    fn either<E: Wire>() -> ResultAck<T, E::Is> {
        ResultAck { reply: Reply::either, decode: ack::decode_either }
    }

    fn stream(names: &'static [StreamNames], window: Option<u32>, latest: bool) -> Source<T, T, Never> {
        Source::plain(names, window, latest)
    }

    fn try_stream<E: Wire>(
        names: &'static [StreamNames],
        window: Option<u32>,
        latest: bool,
    ) -> Source<Result<T, E::Is>, T, E::Is> {
        Source::fallible(names, window, latest)
    }

    #[cfg(feature = "codegen")]
    fn describe<'d>(event: EventDescriber<'d>, name: &'static str) -> EventDescriber<'d> {
        event.arg::<T>(name)
    }

    #[cfg(feature = "codegen")]
    fn describe_vec<'d>(event: EventDescriber<'d>, name: &'static str) -> EventDescriber<'d> {
        event.arg::<Vec<T>>(name)
    }

    #[cfg(feature = "codegen")]
    fn describe_option<'d>(event: EventDescriber<'d>, name: &'static str) -> EventDescriber<'d> {
        event.arg::<Option<T>>(name)
    }

    #[cfg(feature = "codegen")]
    fn describe_option_vec<'d>(event: EventDescriber<'d>, name: &'static str) -> EventDescriber<'d> {
        event.arg::<Option<Vec<T>>>(name)
    }

    #[cfg(feature = "codegen")]
    fn describe_answer(event: EventDescriber<'_>) -> EventDescriber<'_> {
        event.answer::<T>()
    }

    #[cfg(feature = "codegen")]
    fn describe_error(event: EventDescriber<'_>) -> EventDescriber<'_> {
        event.error::<T>()
    }
}

/// How the ack of an event that returns `Result<A, E>` is written and read. No bounds: they were checked where it was made.
pub struct ResultAck<A, E> {
    /// The ack that is this result.
    pub reply: fn(Reply, &Result<A, E>) -> Answer,
    /// This result from an ack.
    pub decode: Decode<A, E>,
}

impl<A, E> fmt::Debug for ResultAck<A, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultAck").finish_non_exhaustive()
    }
}
