//! Contracts that cannot be written in TypeScript, and what their authors are told: the texts are part of the product.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "a contract is all there is")]

use std::{
    collections::{BTreeMap, HashSet},
    num::NonZeroU64,
};

use ackord::{Binary, Namespace, describe::Describe, events, payload};
use ackord_codegen::{Codegen, Int64, TypeScript};

fn problems<N: Namespace>() -> Vec<String>
where
    N::Auth: Describe,
    N::Denied: Describe,
{
    told(Codegen::new().namespace::<N>(), TypeScript::default())
}

fn told(codegen: Codegen, options: TypeScript) -> Vec<String> {
    let rendered = codegen.typescript("x.ts", options).render();
    rendered.map_or_else(|e| e.problems().to_vec(), |_| Vec::new())
}

/// How messages end, by what the tables below have in their place.
const ENDS: [(&str, &str); 7] = [
    (
        "<asymmetric>",
        "asymmetric type: it has one shape when it is sent and another when it is received, and one type in TypeScript",
    ),
    ("<allow>", "\n   = help: use a type for each direction, or accept what TypeScript says with `Codegen::allow_asymmetric::<"),
    (
        "<int64>",
        ", of which a JavaScript number keeps only 53 bits: use `u32`, `i32`, `f64` or `String`, or accept the loss with \
         `TypeScript::default().int64(Int64::Number)`",
    ),
    ("<bytes>", ", which is sent as an array of numbers: use `ackord::Binary`, which is sent as bytes"),
    ("<rename>", ", or only its name in TypeScript with `#[serde(rename = \"…\")]`"),
    (
        "<sent>",
        " is not always there when it is sent, and its TypeScript says that it is: add `#[serde(default)]`, with which it may be missing \
         in TypeScript, or describe it with `#[ts(…)]`",
    ),
    (
        "<auth>",
        ", which is not always an object, and clients send nothing else: use a struct with named fields, or `()` for a namespace that \
         asks for nothing",
    ),
];

fn in_full(problem: &str) -> String {
    ENDS.iter().fold(problem.to_owned(), |text, (short, full)| text.replace(short, full))
}

macro_rules! table {
    ($($module:ident: [$($problem:literal),* $(,)?];)*) => { $(
        #[test]
        fn $module() {
            assert_eq!(problems::<$module::N>(), [$(in_full($problem)),*]);
        }
    )* };
}

macro_rules! namespace {
    ($auth:ty) => {
        #[derive(Namespace, Clone)]
        #[namespace(path = "/n", server = dyn Server, auth = $auth)]
        pub struct N;
    };
}

/// A module with a namespace that asks for `$auth`.
macro_rules! auth {
    ($module:ident: $auth:ty { $($payloads:item)* }) => {
        mod $module {
            use super::*;

            $($payloads)*

            #[events]
            pub trait Server {
                fn go(&self);
            }

            namespace!($auth);
        }
    };
}

mod large_integers {
    use super::*;

    #[payload]
    pub struct Account {
        pub id: u64,
        pub owner: Owner,
        pub seen: Option<Vec<i64>>,
        pub size: usize,
        #[ts(type = "number")]
        pub known_to_be_small: u64,
    }

    #[payload]
    pub struct Owner {
        pub keys: BTreeMap<String, (u8, i128)>,
    }

    #[payload]
    pub struct Wrapped(pub i64);

    #[events]
    pub trait Server {
        async fn open(&self, account: Account, since: Option<Vec<u64>>, wrapped: Wrapped) -> Result<usize, NonZeroU64>;
    }

    namespace!(());
}

mod generic_large_integers {
    use super::*;

    #[payload]
    pub struct Page<T> {
        pub items: Vec<T>,
    }

    #[events]
    pub trait Server {
        async fn list(&self) -> Page<u64>;
    }

    namespace!(());
}

mod bytes_in_events {
    use super::*;

    #[payload]
    pub struct Upload {
        pub name: String,
        pub data: Vec<u8>,
    }

    #[payload]
    pub struct Fine {
        pub data: Binary,
        pub small: [u8; 4],
        pub set: HashSet<u8>,
    }

    #[events]
    pub trait Server {
        async fn put(&self, upload: Upload, raw: &[u8], fine: Fine) -> Option<Vec<u8>>;
    }

    namespace!(());
}

mod other {
    #[ackord::payload]
    pub struct Message {
        pub id: u32,
    }
}

mod one_name_for_two_types {
    use super::*;

    #[payload]
    pub struct Message {
        pub id: u32,
    }

    #[payload]
    #[serde(rename = "Server")]
    pub struct Renamed {
        pub id: u32,
    }

    #[events]
    pub trait Server {
        async fn say(&self, a: Message, b: Renamed) -> other::Message;
    }

    namespace!(());
}

mod names_that_mean_something {
    use super::*;

    #[payload]
    pub struct Error {
        pub code: u32,
    }

    #[payload]
    pub struct Fault {
        pub code: u32,
    }

    #[payload]
    #[serde(rename = "my-type")]
    pub struct Dashed {
        pub code: u32,
    }

    #[payload]
    pub struct Array<T> {
        pub of: T,
    }

    #[events]
    pub trait Server {
        fn say(&self, a: Error, b: Fault, c: Dashed, d: Array<u8>);
    }

    namespace!(());
}

mod typescript_enum {
    use super::*;

    #[payload]
    #[ts(repr(enum))]
    pub enum Level {
        Low,
        High,
    }

    #[events]
    pub trait Server {
        fn set(&self, level: Level);
    }

    namespace!(());
}

/// What ts-rs does not understand of serde.
mod untrue_fields {
    use super::*;

    #[payload]
    pub struct Skipped {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
        #[serde(skip_serializing)]
        pub password: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub fine: Vec<u16>,
        #[serde(default)]
        pub also_fine: u8,
    }

    #[payload]
    #[serde(tag = "kind")]
    pub enum Renamed {
        Nothing,
        Something {
            #[serde(rename(serialize = "out", deserialize = "in"))]
            value: u8,
        },
    }

    #[payload]
    pub enum External {
        Object { a: Option<u8> },
        Nothing,
        Nested(Page<Skipped>),
    }

    #[payload]
    pub struct Page<T> {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub next: Option<T>,
    }

    /// The same, but optional where it must be there.
    #[payload]
    pub struct Described {
        #[ts(optional)]
        pub note: Option<String>,
        #[ts(optional = nullable)]
        pub count: u8,
    }

    #[payload]
    #[serde(into = "String", from = "String")]
    pub struct Stringly {
        pub text: String,
    }

    impl From<Stringly> for String {
        fn from(value: Stringly) -> Self {
            value.text
        }
    }

    impl From<String> for Stringly {
        fn from(text: String) -> Self {
            Self { text }
        }
    }

    #[payload]
    pub struct OnlyReceived {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub note: Option<String>,
    }

    #[events]
    pub trait Server {
        async fn both(
            &self,
            a: Skipped,
            b: Renamed,
            only: OnlyReceived,
            c: Described,
            d: Stringly,
        ) -> (Skipped, Renamed, External);
    }

    namespace!(());
}

auth!(auth_is_a_string: String {});
auth!(auth_is_a_list: Login { #[payload] pub struct Login(pub String, pub u8); });
auth!(auth_is_sometimes_nothing: Option<Login> { #[payload] pub struct Login { pub token: String } });
auth!(auth_is_sometimes_a_string: Login { #[payload] pub enum Login { Guest, Token { token: String } } });
auth!(auth_is_a_wrapped_number: Login { #[payload] pub struct Login(pub Inner); #[payload] pub struct Inner(pub u8); });
auth!(auth_has_a_large_integer: Login { #[payload] pub struct Login { pub id: u64 } });

auth!(auth_is_a_tagged_enum: Login { #[payload] #[serde(tag = "by")] pub enum Login { Guest, Token { token: String } } });
auth!(auth_is_wrapped: Login { #[payload] pub struct Login(pub Inner); #[payload] pub struct Inner { pub token: String } });
auth!(auth_is_empty: Login { #[payload] pub struct Login {} });
auth!(auth_is_flattened: Login {
    #[payload]
    pub struct Login { #[serde(flatten)] pub inner: Inner }
    #[payload]
    pub struct Inner { pub token: String }
});

table! {
    large_integers: [
        "`refusals::large_integers::Wrapped` has a 64-bit integer (`i64`)<int64>",
        "a field of `refusals::large_integers::Account` has a 64-bit integer (`usize`)<int64>",
        "argument `since` of event `open` of `refusals::large_integers::Server` has a 64-bit integer (`u64`)<int64>",
        "field `id` of `refusals::large_integers::Account` has a 64-bit integer<int64>",
        "field `keys` of `refusals::large_integers::Owner` has a 64-bit integer (`i128`)<int64>",
        "field `seen` of `refusals::large_integers::Account` has a 64-bit integer<int64>",
        "the answer of event `open` of `refusals::large_integers::Server` has a 64-bit integer (`usize`)<int64>",
        "the error of event `open` of `refusals::large_integers::Server` has a 64-bit integer (`NonZeroU64`)<int64>",
    ];
    generic_large_integers: [
        "the answer of event `list` of `refusals::generic_large_integers::Server` has a 64-bit integer<int64>",
    ];
    bytes_in_events: [
        "a field of `refusals::bytes_in_events::Upload` has `Vec<u8>`<bytes>",
        "argument `raw` of event `put` of `refusals::bytes_in_events::Server` has `Vec<u8>`<bytes>",
        "the answer of event `put` of `refusals::bytes_in_events::Server` has `Vec<u8>`<bytes>",
    ];
    one_name_for_two_types: [
        "`refusals::one_name_for_two_types::Message` and `refusals::other::Message` would both be `Message` in TypeScript: rename one<rename>",
        "`refusals::one_name_for_two_types::Renamed` and the events of `refusals::one_name_for_two_types::Server` would both be `Server` in TypeScript: rename one<rename>",
    ];
    names_that_mean_something: [
        "`refusals::names_that_mean_something::Array` would be `Array` in TypeScript, which would hide the global of that name: rename it<rename>",
        "`refusals::names_that_mean_something::Dashed` would be `my-type` in TypeScript, which cannot be the name of a type: rename it<rename>",
        "`refusals::names_that_mean_something::Error` would be `Error` in TypeScript, which would hide the global of that name: rename it<rename>",
        "`refusals::names_that_mean_something::Fault` would be `Fault` in TypeScript, a name that the generated file needs itself: rename it<rename>",
    ];
    untrue_fields: [
        "`refusals::untrue_fields::Stringly` is an object in TypeScript and not on the wire: describe it with `#[ts(as = \"…\")]`",
        "<asymmetric>\n  --> field `in` of `refusals::untrue_fields::Renamed` must be there when it is received, and is never sent\n  --> field `out` of `refusals::untrue_fields::Renamed` is sent, and not looked at when it is received<allow>Renamed>()`",
        "<asymmetric>\n  --> field `password` of `refusals::untrue_fields::Skipped` must be there when it is received, and is never sent<allow>Skipped>()`",
        "field `count` of `refusals::untrue_fields::Described` must be there when it is received, and its TypeScript says that it may be missing: use one shape for both directions, or describe it with `#[ts(…)]`",
        "field `next` of `refusals::untrue_fields::Page`<sent>",
        "field `note` of `refusals::untrue_fields::Skipped`<sent>",
    ];
    typescript_enum: [
        "`refusals::typescript_enum::Level` is a TypeScript `enum`, which is more than a type and cannot be erased: remove `#[ts(repr(enum))]`",
    ];
    auth_is_a_string: ["`auth` of namespace `refusals::auth_is_a_string::N` is `String`<auth>"];
    auth_is_a_list: ["`auth` of namespace `refusals::auth_is_a_list::N` is `refusals::auth_is_a_list::Login`<auth>"];
    auth_is_sometimes_nothing: [
        "`auth` of namespace `refusals::auth_is_sometimes_nothing::N` is `Option<refusals::auth_is_sometimes_nothing::Login>`<auth>",
    ];
    auth_is_sometimes_a_string: [
        "`auth` of namespace `refusals::auth_is_sometimes_a_string::N` is `refusals::auth_is_sometimes_a_string::Login`<auth>",
    ];
    auth_is_a_wrapped_number: [
        "`auth` of namespace `refusals::auth_is_a_wrapped_number::N` is `refusals::auth_is_a_wrapped_number::Login`<auth>",
    ];
    auth_has_a_large_integer: [
        "field `id` of `refusals::auth_has_a_large_integer::Login` has a 64-bit integer (`u64`)<int64>",
    ];
}

#[test]
fn every_kind_of_object_is_an_auth() {
    assert_eq!(problems::<auth_is_a_tagged_enum::N>(), [""; 0]);
    assert_eq!(problems::<auth_is_wrapped::N>(), [""; 0]);
    assert_eq!(problems::<auth_is_flattened::N>(), [""; 0]);
    assert_eq!(problems::<auth_is_empty::N>(), [""; 0]);
}

#[test]
fn large_integers_can_be_allowed() {
    let codegen = Codegen::new().namespace::<large_integers::N>();
    assert_eq!(told(codegen, TypeScript::default().int64(Int64::Number)), [""; 0]);
}

#[test]
fn namespaces_have_names_of_their_own() {
    let codegen = Codegen::new().namespace::<auth_is_wrapped::N>().namespace::<auth_is_empty::N>();
    let both = [
        "`refusals::auth_is_empty::Login` and `refusals::auth_is_wrapped::Login` would both be `Login` in TypeScript: rename one<rename>",
        "namespace `refusals::auth_is_empty::N` and namespace `refusals::auth_is_wrapped::N` would both be `NSocket` in TypeScript: rename one",
        "the events of `refusals::auth_is_empty::Server` and the events of `refusals::auth_is_wrapped::Server` would both be `Server` in TypeScript: rename one",
    ];
    assert_eq!(told(codegen, TypeScript::default()), both.map(in_full));
    let codegen = Codegen::new().namespace::<auth_is_wrapped::N>().namespace::<auth_is_wrapped::N>();
    assert_eq!(told(codegen, TypeScript::default()), ["namespace `refusals::auth_is_wrapped::N` is registered twice"]);
}

mod names_of_a_client {
    use super::*;

    #[payload]
    pub struct Call {
        pub id: u32,
    }

    #[payload]
    pub struct ServerCalls {
        pub of: Call,
    }

    #[events]
    pub trait Server {
        fn take(&self, all: ServerCalls);
    }

    namespace!(());
}

#[test]
fn a_client_has_names_of_its_own() {
    let codegen = || Codegen::new().namespace::<names_of_a_client::N>();
    assert_eq!(told(codegen(), TypeScript::default()), [""; 0]);
    let taken = [
        "`refusals::names_of_a_client::Call` would be `Call` in TypeScript, a name that the generated file needs itself: rename it<rename>",
        "`refusals::names_of_a_client::ServerCalls` and the methods of `refusals::names_of_a_client::Server` would both be `ServerCalls` in TypeScript: rename one<rename>",
    ];
    assert_eq!(told(codegen(), TypeScript::default().client(true)), taken.map(in_full));
    assert_eq!(told(codegen(), TypeScript::server().client(true)), [""; 0]);
}
