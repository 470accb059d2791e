//! Expansions set off no lint in a user's crate, however strict it is. (`cargo clippy --all-targets` runs clippy's over this file.)

#![deny(warnings, unused, rust_2018_idioms, future_incompatible, nonstandard_style, refining_impl_trait)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::unwrap_used, clippy::missing_docs_in_private_items)]
#![deny(
    absolute_paths_not_starting_with_crate,
    async_fn_in_trait,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_debug_implementations,
    missing_docs,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]
#![forbid(unsafe_code)]
// `pub(crate)` is one of the things under test.
#![allow(clippy::redundant_pub_crate)]

/// What users of a library see.
pub mod public {
    use ackord::{Binary, Namespace, Stream, events, payload};

    /// A message.
    #[payload]
    pub struct Message {
        /// What was said.
        pub text: String,
        /// A picture.
        pub image: Option<Binary>,
    }

    /// Why not.
    #[payload]
    #[derive(PartialEq, Eq)]
    #[serde(tag = "code", rename_all = "snake_case")]
    pub enum SendError {
        /// Come in first.
        NotInRoom,
        /// Too much.
        TooLong {
            /// At most this.
            max: u32,
        },
    }

    /// Everything an event can look like.
    #[events(rename_all = "camelCase", enum)]
    pub trait Server {
        /// An envelope.
        async fn send(&self, room: &str, message: Message, reply_to: Option<u32>) -> Result<Message, SendError>;
        /// Borrows.
        fn lent(
            &self,
            text: &str,
            bytes: &[u8],
            list: &[Message],
            message: &Message,
            maybe: Option<&Message>,
            word: Option<&str>,
            all: Option<&[Message]>,
        );
        /// Plain.
        async fn count(&self, pair: (u8, String), image: Binary) -> u32;
        /// Nothing at all.
        #[event(serial, cancel_on_disconnect)]
        async fn leave(&self);
        /// Nothing, in fewer words.
        fn ping(&self);
        /// Old.
        #[deprecated(since = "0.1.0", note = "say `ping`")]
        fn pong(&self, r#type: u8);
        /// Many.
        #[event(stream, window = 8)]
        fn watch(&self, room: &str) -> impl Stream<Item = Result<Message, SendError>>;
        /// Not here.
        #[cfg(any())]
        fn never(&self, value: Missing);
    }

    /// Nothing yet.
    #[events]
    pub trait Client {}

    /// The namespace.
    #[derive(Namespace, Debug, Clone)]
    #[namespace(path = "/org-{id}/{name}", server = dyn Server, client = dyn Client, auth = Message, denied = SendError)]
    #[non_exhaustive]
    pub struct Org {
        /// Which one.
        pub id: u64,
        /// What it is called.
        pub name: String,
    }

    /// Another.
    #[derive(Namespace, Debug, Clone, Copy)]
    #[namespace(path = "/", server = dyn Server)]
    pub struct Root;
}

/// What nobody sees.
mod private {
    use ackord::{Namespace, events, payload};

    /// Unused, and that is fine.
    #[events(enum)]
    pub(crate) trait InCrate {
        /// An envelope.
        async fn send(&self, text: &str) -> Result<u8, String>;
        /// A notice.
        fn ping(&self);
    }

    /// As private as can be.
    #[events(enum = Seen)]
    trait Hidden {
        /// A notice.
        fn ping(&self, payload: Payload);
    }

    /// A private namespace of it.
    #[derive(Namespace, Clone)]
    #[namespace(path = "/private", server = dyn Hidden, auth = Payload)]
    struct Private;

    /// A payload.
    #[payload]
    struct Payload {
        /// A field.
        field: u8,
    }

    /// A namespace.
    #[derive(Namespace, Clone)]
    #[namespace(path = "/hidden", server = dyn InCrate)]
    pub(crate) struct Nsp;

    /// Names the namespace, as `io.namespace::<Private>()` would.
    pub(crate) const PATTERN: &str = <Private as Namespace>::PATTERN;

    /// A session.
    pub(crate) struct Session;

    impl InCrate for Session {
        async fn send(&self, text: &str) -> Result<u8, String> {
            Err(text.to_owned())
        }
        async fn ping(&self) {}
    }
}

/// A session.
struct Session;

impl public::Server for Session {
    async fn send(&self, room: &str, message: public::Message, _: Option<u32>) -> Result<public::Message, public::SendError> {
        if room.is_empty() { Err(public::SendError::NotInRoom) } else { Ok(message) }
    }
    async fn lent(
        &self,
        _: &str,
        _: &[u8],
        _: &[public::Message],
        _: &public::Message,
        _: Option<&public::Message>,
        _: Option<&str>,
        _: Option<&[public::Message]>,
    ) {
    }
    async fn count(&self, _: (u8, String), _: ackord::Binary) -> u32 {
        1
    }
    async fn leave(&self) {}
    async fn ping(&self) {}
    async fn pong(&self, _: u8) {}
    fn watch(&self, _: &str) -> impl ackord::Stream<Item = Result<public::Message, public::SendError>> {
        Nothing
    }
}

/// No messages.
struct Nothing;

impl ackord::Stream for Nothing {
    type Item = Result<public::Message, public::SendError>;

    fn poll_next(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(None)
    }
}

/// A session is handled.
const fn handles<S: ackord::contract::Dispatch<H> + ?Sized, H>(_: &H) {}

#[test]
fn sessions_are_handled() {
    use ackord::Namespace as _;

    handles::<dyn public::Server, _>(&Session);
    handles::<dyn private::InCrate, _>(&private::Session);
    assert_eq!((&*private::Nsp.path(), private::PATTERN), ("/hidden", "/private"));
}
