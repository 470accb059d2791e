//! Contracts that cannot be written in TypeScript, and what their authors are told: the texts are part of the product.

#![allow(clippy::needless_raw_string_hashes, reason = "`UPDATE_EXPECT` writes them")]
#![allow(dead_code, unreachable_pub, unused_imports, reason = "a contract is all there is")]

use std::{
    collections::{BTreeMap, HashSet},
    num::NonZeroU64,
};

use ackord::{Binary, Namespace, describe::Describe, events, payload};
use ackord_codegen::{Codegen, Info, Int64, TypeScript};
use expect_test::{Expect, expect};

/// The whole of what the author of a contract is told.
fn told(codegen: Codegen, options: TypeScript) -> String {
    codegen.typescript("api.ts", options).render().map_or_else(|e| format!("{e}"), |_| String::new()).replace(HOME, "")
}

/// Where relative paths are.
const HOME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/");

fn check<N: Namespace>(expected: &Expect)
where
    N::Auth: Describe,
    N::Denied: Describe,
{
    expected.assert_eq(&told(Codegen::new().namespace::<N>(), TypeScript::default()));
}

macro_rules! namespace {
    ($auth:ty) => {
        #[derive(Namespace, Clone)]
        #[namespace(path = "/n", server = dyn Server, auth = $auth)]
        pub struct N;
    };
}

mod all_at_once;
mod by_hand;

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

mod within_an_alias {
    use super::*;

    #[payload]
    #[serde(transparent)]
    pub struct Bytes {
        pub bytes: Vec<u8>,
    }

    #[payload]
    #[serde(transparent)]
    pub struct Sizes {
        pub sizes: Vec<usize>,
    }

    #[events]
    pub trait Server {
        fn put(&self, bytes: Bytes, sizes: Sizes);
    }

    namespace!(());
}

mod circular {
    use super::*;

    #[payload]
    pub struct Chain(pub Option<Box<Chain>>);

    #[payload]
    pub struct Hen(pub Box<Option<Egg>>);

    #[payload]
    #[serde(transparent)]
    pub struct Egg {
        pub of: Box<Hen>,
    }

    #[payload]
    pub struct Fine(pub Vec<Fine>);

    #[events]
    pub trait Server {
        fn go(&self, chain: Chain, hen: Hen, fine: Fine);
    }

    namespace!(());
}

mod inherited {
    use super::*;

    #[payload]
    pub struct Fields {
        pub constructor: u8,
        #[serde(default, skip_serializing_if = "Option::is_none", rename = "toString")]
        pub to_string: Option<u8>,
    }

    #[payload]
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    #[serde(rename_all = "camelCase")]
    pub enum Key {
        ValueOf,
        Other,
    }

    #[events]
    pub trait Server {
        fn go(&self, fields: Fields, keys: BTreeMap<Key, u8>);
    }

    namespace!(());
}

mod bytes_beside_json {
    use super::*;

    #[payload]
    pub struct Document {
        pub image: Image,
        #[serde(flatten)]
        pub rest: BTreeMap<String, serde_json::Value>,
    }

    #[payload]
    pub struct Image(pub Option<Binary>);

    #[events]
    pub trait Server {
        fn put(&self, document: Document);
    }

    namespace!(());
}

mod other {
    #[ackord::payload]
    pub struct Message {
        pub id: u32,
    }
}

mod type_parameters {
    use super::*;

    #[payload]
    pub struct Item {
        pub id: u32,
    }

    #[payload]
    pub struct Page<Item> {
        pub items: Vec<Item>,
    }

    #[events]
    pub trait Server {
        async fn page(&self, like: Item) -> Page<u32>;
    }

    namespace!(());
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

mod names_of_namespaces {
    use super::*;

    #[events]
    pub trait Server {
        fn constructor(&self, this: u8, constructor: u8, __proto__: u8);
        #[event(rename = "__proto__")]
        fn proto(&self);
    }

    #[derive(Namespace, Clone)]
    #[namespace(path = "/a", server = dyn Server)]
    pub struct HTTPApi;

    #[derive(Namespace, Clone)]
    #[namespace(path = "/b", server = dyn Server)]
    pub struct HttpApi;

    #[derive(Namespace, Clone)]
    #[namespace(path = "/b", server = dyn Server)]
    pub struct Third;
}

mod prototypes {
    use super::*;

    #[payload]
    pub struct Fields {
        pub constructor: u8,
        pub __proto__: Option<u8>,
    }

    #[events]
    pub trait Server {
        fn go(&self, fields: Fields);
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
        #[serde(skip_serializing_if = "String::is_empty")]
        pub note: String,
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
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub next: Vec<T>,
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
    pub struct OnlyReceived {
        #[serde(skip_serializing_if = "String::is_empty")]
        pub note: String,
    }

    #[events]
    pub trait Server {
        async fn both(&self, a: Skipped, b: Renamed, only: OnlyReceived, c: Described) -> (Skipped, Renamed, External);
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

#[test]
fn large_integers() {
    check::<large_integers::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: 64-bit integers, of which a JavaScript number keeps only 53 bits
          --> `refusals::large_integers::Wrapped`: `i64`
          --> a field of `refusals::large_integers::Account`: `usize`
          --> argument `since` of event `open` of `refusals::large_integers::Server`: `u64`
          --> field `id` of `refusals::large_integers::Account`
          --> field `keys` of `refusals::large_integers::Owner`: `i128`
          --> field `seen` of `refusals::large_integers::Account`
          --> the answer of event `open` of `refusals::large_integers::Server`: `usize`
          --> the error of event `open` of `refusals::large_integers::Server`: `NonZeroU64`
           = help: use `u32`, `i32` or `f64`, or `ackord::SafeInt` for integers up to 2^53
           = help: send it as a string: `#[serde(with = "ackord::int64_string")]`
           = help: accept the loss: `TypeScript::default().int64(Int64::Number)`"#]]);
}

#[test]
fn generic_large_integers() {
    check::<generic_large_integers::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: 64-bit integers, of which a JavaScript number keeps only 53 bits
          --> the answer of event `list` of `refusals::generic_large_integers::Server`
           = help: use `u32`, `i32` or `f64`, or `ackord::SafeInt` for integers up to 2^53
           = help: send it as a string: `#[serde(with = "ackord::int64_string")]`
           = help: accept the loss: `TypeScript::default().int64(Int64::Number)`"#]]);
}

#[test]
fn bytes_in_events() {
    check::<bytes_in_events::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: bytes that are sent as an array of numbers
          --> a field of `refusals::bytes_in_events::Upload`: `Vec<u8>`
          --> argument `raw` of event `put` of `refusals::bytes_in_events::Server`: `Vec<u8>`
          --> the answer of event `put` of `refusals::bytes_in_events::Server`: `Vec<u8>`
           = help: use `ackord::Binary`, which is sent as bytes"#]]);
}

#[test]
fn within_an_alias() {
    check::<within_an_alias::N>(&expect![[r#"
        the contract cannot be written to api.ts: 2 problems

        error: 64-bit integers, of which a JavaScript number keeps only 53 bits
          --> a field of `refusals::within_an_alias::Sizes`: `usize`
           = help: use `u32`, `i32` or `f64`, or `ackord::SafeInt` for integers up to 2^53
           = help: send it as a string: `#[serde(with = "ackord::int64_string")]`
           = help: accept the loss: `TypeScript::default().int64(Int64::Number)`

        error: bytes that are sent as an array of numbers
          --> a field of `refusals::within_an_alias::Bytes`: `Vec<u8>`
           = help: use `ackord::Binary`, which is sent as bytes"#]]);
}

#[test]
fn circular() {
    check::<circular::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: a type would be an alias of itself, which TypeScript does not have
          --> `refusals::circular::Chain`
          --> `refusals::circular::Egg`
          --> `refusals::circular::Hen`
           = help: give it a field with a name, or put it into a list"#]]);
}

#[test]
fn inherited() {
    check::<inherited::N>(&expect![[r#"
        the contract cannot be written to api.ts: 2 problems

        error: `toString` may be missing, and is what every object of JavaScript inherits then
          --> field `toString` of `refusals::inherited::Fields`
           = help: rename it with `#[serde(rename = "…")]`, or let it always be there

        error: `valueOf` may be missing, and is what every object of JavaScript inherits then
          --> argument `keys` of event `go` of `refusals::inherited::Server`
           = help: rename it with `#[serde(rename = "…")]`, or let it always be there"#]]);
}

#[test]
fn bytes_beside_json() {
    check::<bytes_beside_json::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: a flattened map wants all fields beside it to be of its own type in TypeScript
          --> `refusals::bytes_beside_json::Document`
           = help: flatten a map of `serde_json::Value`, give it a field of its own, or enumerate its keys with an enum"#]]);
}

#[test]
fn a_type_parameter_with_the_name_of_a_type() {
    check::<type_parameters::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: a type parameter has the name of the type `Item`
          --> `refusals::type_parameters::Page`
           = help: rename the parameter"#]]);
}

#[test]
fn one_name_for_two_types() {
    check::<one_name_for_two_types::N>(&expect![[r#"
        the contract cannot be written to api.ts: 2 problems

        error: `Message` would be the name of 2 things in TypeScript
          --> `refusals::one_name_for_two_types::Message`
          --> `refusals::other::Message`
           = help: rename one, or only its name in TypeScript with `#[serde(rename = "…")]`

        error: `Server` would be the name of 2 things in TypeScript
          --> `refusals::one_name_for_two_types::Renamed`
          --> the events of `refusals::one_name_for_two_types::Server`
           = help: rename one, or only its name in TypeScript with `#[serde(rename = "…")]`"#]]);
}

#[test]
fn names_that_mean_something() {
    check::<names_that_mean_something::N>(&expect![[r#"
        the contract cannot be written to api.ts: 5 problems

        error: `Array` would hide the global of that name in TypeScript
          --> `refusals::names_that_mean_something::Array`
           = help: rename it, or only its name in TypeScript with `#[serde(rename = "…")]`

        error: `Error` would hide the global of that name in TypeScript
          --> `refusals::names_that_mean_something::Error`
           = help: rename it, or only its name in TypeScript with `#[serde(rename = "…")]`

        error: `Fault` is a name that the generated file needs itself
          --> `refusals::names_that_mean_something::Fault`
           = help: rename it, or only its name in TypeScript with `#[serde(rename = "…")]`

        error: `my-type` cannot be the name of a type in TypeScript
          --> `refusals::names_that_mean_something::Dashed`
           = help: rename it, or only its name in TypeScript with `#[serde(rename = "…")]`

        error: a type is an array in TypeScript, and an object on the wire
          --> argument `d` of event `say` of `refusals::names_that_mean_something::Server`
           = help: use one shape for both directions, or describe it with `#[ts(as = "…")]` or `#[ts(type = "…")]`"#]]);
}

#[test]
fn untrue_fields() {
    check::<untrue_fields::N>(&expect![[r#"
        the contract cannot be written to api.ts: 4 problems

        error: a field is not always there when it is sent, and its TypeScript says that it is
          --> field `next` of `refusals::untrue_fields::Page`
           = help: add `#[serde(default)]`, with which it may be missing in TypeScript, or describe it with `#[ts(…)]`

        error: a field must be there when it is received, and its TypeScript says that it may be missing
          --> field `count` of `refusals::untrue_fields::Described`
           = help: use one shape for both directions, or describe it with `#[ts(…)]`

        error: asymmetric type: it has one shape when it is sent and another when it is received, and one type in TypeScript
          --> field `in` of `refusals::untrue_fields::Renamed` must be there when it is received, and is never sent
          --> field `out` of `refusals::untrue_fields::Renamed` is sent, and not looked at when it is received
           = help: use a type for each direction, or accept what TypeScript says with `Codegen::allow_asymmetric::<Renamed>()`

        error: asymmetric type: it has one shape when it is sent and another when it is received, and one type in TypeScript
          --> field `note` of `refusals::untrue_fields::Skipped` must be there when it is received, and is not always sent
          --> field `password` of `refusals::untrue_fields::Skipped` must be there when it is received, and is never sent
           = help: use a type for each direction, or accept what TypeScript says with `Codegen::allow_asymmetric::<Skipped>()`"#]]);
}

#[test]
fn typescript_enum() {
    check::<typescript_enum::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: a TypeScript `enum` is more than a type and cannot be erased
          --> `refusals::typescript_enum::Level`
           = help: remove `#[ts(repr(enum))]`"#]]);
}

#[test]
fn auth_is_a_string() {
    check::<auth_is_a_string::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: `auth` is not always an object, and clients send nothing else
          --> `auth = String` of namespace `refusals::auth_is_a_string::N`
           = help: use a struct with named fields, or `()` for a namespace that asks for nothing"#]]);
}

#[test]
fn auth_is_a_list() {
    check::<auth_is_a_list::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: `auth` is not always an object, and clients send nothing else
          --> `auth = refusals::auth_is_a_list::Login` of namespace `refusals::auth_is_a_list::N`
           = help: use a struct with named fields, or `()` for a namespace that asks for nothing"#]]);
}

#[test]
fn auth_is_sometimes_nothing() {
    check::<auth_is_sometimes_nothing::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: `auth` is not always an object, and clients send nothing else
          --> `auth = Option<refusals::auth_is_sometimes_nothing::Login>` of namespace `refusals::auth_is_sometimes_nothing::N`
           = help: use a struct with named fields, or `()` for a namespace that asks for nothing"#]]);
}

#[test]
fn auth_is_sometimes_a_string() {
    check::<auth_is_sometimes_a_string::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: `auth` is not always an object, and clients send nothing else
          --> `auth = refusals::auth_is_sometimes_a_string::Login` of namespace `refusals::auth_is_sometimes_a_string::N`
           = help: use a struct with named fields, or `()` for a namespace that asks for nothing"#]]);
}

#[test]
fn auth_is_a_wrapped_number() {
    check::<auth_is_a_wrapped_number::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: `auth` is not always an object, and clients send nothing else
          --> `auth = refusals::auth_is_a_wrapped_number::Login` of namespace `refusals::auth_is_a_wrapped_number::N`
           = help: use a struct with named fields, or `()` for a namespace that asks for nothing"#]]);
}

#[test]
fn auth_has_a_large_integer() {
    check::<auth_has_a_large_integer::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: 64-bit integers, of which a JavaScript number keeps only 53 bits
          --> field `id` of `refusals::auth_has_a_large_integer::Login`: `u64`
           = help: use `u32`, `i32` or `f64`, or `ackord::SafeInt` for integers up to 2^53
           = help: send it as a string: `#[serde(with = "ackord::int64_string")]`
           = help: accept the loss: `TypeScript::default().int64(Int64::Number)`"#]]);
}

#[test]
fn every_kind_of_object_is_an_auth() {
    check::<auth_is_a_tagged_enum::N>(&expect![[""]]);
    check::<auth_is_wrapped::N>(&expect![[""]]);
    check::<auth_is_flattened::N>(&expect![[""]]);
    check::<auth_is_empty::N>(&expect![[""]]);
}

#[test]
fn large_integers_can_be_allowed() {
    let codegen = Codegen::new().namespace::<large_integers::N>();
    expect![[""]].assert_eq(&told(codegen, TypeScript::default().int64(Int64::Number)));
}

#[test]
fn namespaces_have_names_of_their_own() {
    let codegen = Codegen::new().namespace::<auth_is_wrapped::N>().namespace::<auth_is_empty::N>();
    expect![[r#"
        the contract cannot be written to api.ts: 4 problems

        error: `Login` would be the name of 2 things in TypeScript
          --> `refusals::auth_is_empty::Login`
          --> `refusals::auth_is_wrapped::Login`
           = help: rename one, or only its name in TypeScript with `#[serde(rename = "…")]`

        error: `NSocket` would be the name of 2 things in TypeScript
          --> namespace `refusals::auth_is_empty::N`
          --> namespace `refusals::auth_is_wrapped::N`
           = help: rename one

        error: `Server` would be the name of 2 things in TypeScript
          --> the events of `refusals::auth_is_empty::Server`
          --> the events of `refusals::auth_is_wrapped::Server`
           = help: rename one

        error: two namespaces have one path, `/n`
          --> namespace `refusals::auth_is_empty::N`
          --> namespace `refusals::auth_is_wrapped::N`
           = help: change one"#]]
    .assert_eq(&told(codegen, TypeScript::default()));
    let codegen = Codegen::new().namespace::<auth_is_wrapped::N>().namespace::<auth_is_wrapped::N>();
    expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: a namespace is registered twice
          --> namespace `refusals::auth_is_wrapped::N`"#]]
    .assert_eq(&told(codegen, TypeScript::default()));
}

#[test]
fn prototypes() {
    check::<prototypes::N>(&expect![[r#"
        the contract cannot be written to api.ts: 1 problem

        error: `__proto__` is no field in JavaScript: an object literal with it has another prototype
          --> field `__proto__` of `refusals::prototypes::Fields`
           = help: rename it with `#[serde(rename = "…")]`"#]]);
}

#[test]
fn names_of_namespaces() {
    use names_of_namespaces::{HTTPApi, HttpApi, Third};
    let codegen = Codegen::new().namespace::<Third>().namespace::<HttpApi>().namespace::<HTTPApi>();
    expect![[r#"
        the contract cannot be written to api.ts: 2 problems

        error: `paths.httpApi` would be two namespaces in TypeScript
          --> namespace `refusals::names_of_namespaces::HTTPApi`
          --> namespace `refusals::names_of_namespaces::HttpApi`
           = help: rename one

        error: two namespaces have one path, `/b`
          --> namespace `refusals::names_of_namespaces::HttpApi`
          --> namespace `refusals::names_of_namespaces::Third`
           = help: change one"#]]
    .assert_eq(&told(codegen, TypeScript::default()));
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
    expect![[""]].assert_eq(&told(codegen(), TypeScript::default()));
    expect![[r#"
        the contract cannot be written to api.ts: 2 problems

        error: `Call` is a name that the generated file needs itself
          --> `refusals::names_of_a_client::Call`
           = help: rename it, or only its name in TypeScript with `#[serde(rename = "…")]`

        error: `ServerCalls` would be the name of 2 things in TypeScript
          --> `refusals::names_of_a_client::ServerCalls`
          --> the methods of `refusals::names_of_a_client::Server`
           = help: rename one, or only its name in TypeScript with `#[serde(rename = "…")]`"#]]
    .assert_eq(&told(codegen(), TypeScript::default().client(true)));
    expect![[""]].assert_eq(&told(codegen(), TypeScript::server()));
}
