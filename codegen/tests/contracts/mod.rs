//! Contracts, with the impls that the macros would write.

#![allow(dead_code, reason = "every test binary uses some of these")]

pub mod chat;
pub mod shapes;
pub mod small;

/// `Events` for `dyn $set`: per event its name, kind of ack, optional metadata and what it carries.
macro_rules! events {
    ($set:ident { $($name:literal $ack:ident $({ $($meta:ident: $value:expr),* })? $(($arg:literal: $ty:ty))* $(=> $answer:ty $(, $error:ty)?)?;)* }) => {
        pub trait $set {}

        impl ackord::Events for dyn $set {
            const EVENTS: &'static [ackord::contract::EventMeta] = &[$(ackord::contract::EventMeta {
                name: $name,
                ack: ackord::contract::AckKind::$ack,
                args: &[$(ackord::contract::ArgMeta { name: $arg }),*],
                $($($meta: $value,)*)?
                ..$crate::contracts::BARE
            }),*];
            type Emit<T: ackord::contract::Target> = std::marker::PhantomData<fn() -> T>;
            fn emit<T: ackord::contract::Target>(_: T) -> Self::Emit<T> {
                std::marker::PhantomData
            }
            type On<'a> = ();
            fn on(_: &ackord::contract::Registry) {}
            fn describe(describer: &mut ackord::describe::Describer) {
                let _ = &describer;
                $(let _ = describer.event($name)$(.arg::<$ty>($arg))* $(.answer::<$answer>() $(.error::<$error>())?)?;)*
            }
        }
    };
}

/// A namespace without fields.
macro_rules! namespace {
    ($name:ident $pattern:literal, server: $up:ty, client: $down:ty, auth: $auth:ty, denied: $denied:ty) => {
        #[derive(Clone)]
        pub struct $name;

        impl ackord::Namespace for $name {
            const PATTERN: &'static str = $pattern;
            const NAME: &'static str = stringify!($name);
            type Server = $up;
            type Client = $down;
            type Cluster = dyn ackord::contract::NoEvents;
            type Auth = $auth;
            type Denied = $denied;
            fn path(&self) -> std::borrow::Cow<'static, str> {
                $pattern.into()
            }
            fn parse(path: &str) -> Option<Self> {
                (path == $pattern).then_some(Self)
            }
        }
    };
}

/// What `#[payload]` derives.
macro_rules! payload {
    ($($item:item)*) => { $(
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, ts_rs::TS, schemars::JsonSchema)]
        $item
    )* };
}

pub(crate) use {events, namespace, payload};

pub const BARE: ackord::contract::EventMeta = ackord::contract::EventMeta {
    name: "",
    aliases: &[],
    ack: ackord::contract::AckKind::None,
    args: &[],
    docs: &[],
    deprecated: None,
};
