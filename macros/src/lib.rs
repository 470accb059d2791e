//! The macros of [ackord](https://docs.rs/ackord), which re-exports them: [`events`](macro@events), [`payload`](macro@payload) and
//! [`Namespace`](derive@Namespace).
//!
//! Knows syn and no runtime: what an expansion needs lives in `ackord::__private`. Each macro goes attribute → model → check →
//! expand; errors are collected, so that one build shows all of them, and something is expanded also after an error.

mod attr;
mod case;
mod errors;
mod events;
mod namespace;
mod payload;

use proc_macro::TokenStream;

/// Makes a trait a set of events: its methods are the events that one side may send and the other handles.
///
/// ```
/// use ackord::{events, payload};
///
/// #[payload]
/// pub struct Message {
///     pub from: String,
///     pub text: String,
/// }
///
/// #[payload]
/// pub enum SendError {
///     NotInRoom,
///     TooLong { max: u32 },
/// }
///
/// /// What a browser may ask of us.
/// #[events(rename_all = "camelCase")]
/// pub trait ChatServer {
///     /// The user is typing.
///     fn typing(&self, room: &str);
///     /// How many are in `room`?
///     async fn count_users(&self, room: String) -> u32;
///     /// Says `text` in `room`.
///     async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError>;
/// }
/// # fn main() {}
/// ```
///
/// # The rules
///
/// | in the contract | is |
/// |---|---|
/// | `fn typing(&self, …);` | fire-and-forget: the sender does not learn what became of it |
/// | `async fn leave(&self, …);` | acknowledged, with no value |
/// | `async fn count_users(&self, …) -> u32;` | acknowledged with a value |
/// | `async fn send(&self, …) -> Result<T, E>;` | acknowledged with a value or a typed error |
/// | `#[event(stream)] fn watch(&self, …) -> impl Stream<Item = T>;` | subscribed to: see [Streams](#streams) |
///
/// The trait that is written is the trait that is implemented, and **every handler is an `async fn`**, those of `fn` events too:
///
/// ```
/// # use ackord::{events, payload};
/// # #[payload] pub struct Message { pub from: String, pub text: String }
/// # #[payload] pub enum SendError { NotInRoom, TooLong { max: u32 } }
/// # #[events(rename_all = "camelCase")]
/// # pub trait ChatServer {
/// #     fn typing(&self, room: &str);
/// #     async fn count_users(&self, room: String) -> u32;
/// #     async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError>;
/// # }
/// struct Session {
///     user: String,
/// }
///
/// impl ChatServer for Session {
///     async fn typing(&self, room: &str) {
///         println!("{} types in {room}", self.user);
///     }
///     async fn count_users(&self, _room: String) -> u32 {
///         1
///     }
///     async fn send(&self, _room: &str, text: String, _reply_to: Option<u32>) -> Result<Message, SendError> {
///         if text.len() > 280 {
///             return Err(SendError::TooLong { max: 280 });
///         }
///         Ok(Message { from: self.user.clone(), text })
///     }
/// }
/// # fn main() {}
/// ```
///
/// Arguments are owned, or borrowed as `&T`, `&str`, `&[T]` or an `Option` of these: a borrowed argument saves the sender a clone. There
/// are at most sixteen. A trailing `Option` may be left out by the sender. Every type is a payload: see
/// [`#[payload]`](macro@payload).
///
/// # What becomes of it
///
/// For `trait ChatServer`, beside the trait itself:
/// - `dyn ChatServer` names the set where a type is wanted, as in [`#[namespace(server = dyn ChatServer)]`](derive@Namespace);
/// - `ChatServerEmit` has a method an event, with the arguments of the contract; it is what `socket.emit()` gives, so that
///   `socket.emit().typing("lobby")` sends;
/// - `ChatServerOn` has a method an event that takes a closure instead, for handlers that are not worth an `impl`;
/// - with `#[events(enum)]` also `ChatServerEvent`, an enum of the events: see [below](#events-as-values).
///
/// They are as visible as the trait, and have its documentation, `#[deprecated]` and `#[cfg]`.
///
/// ```
/// # use ackord::{Events, contract::{Registry, Target}, events};
/// # #[events] pub trait ChatServer { fn typing(&self, room: &str); async fn count_users(&self, room: String) -> u32; }
/// // What `socket.emit()` and `socket.on()` do:
/// fn emit<T: Target>(target: T) -> T::Sent {
///     <dyn ChatServer as Events>::emit(target).typing("lobby")
/// }
/// fn on(registry: &Registry) {
///     <dyn ChatServer as Events>::on(registry)
///         .typing(async |room: String| println!("somebody types in {room}"))
///         .count_users(async |_room| 1);
/// }
/// # fn main() {}
/// ```
///
/// # Options of the trait
///
/// | `#[events(…)]` | |
/// |---|---|
/// | `rename_all = "camelCase"` | The case of names on the wire, as in serde: `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case`, `SCREAMING-KEBAB-CASE`. Default: the name in Rust. |
/// | `prefix = "chat:"` | Stands before every name, but not before one that `rename` gives. |
/// | `ack = "plain"` | A `Result` is acknowledged with the bare value or the bare error, for peers that were not made with ackord. Default: `{ok: true, value}` or `{ok: false, error}`. |
/// | `enum`, `enum = Name` | An enum of the events, for those who take them in a loop. Default name: the trait's and `Event`. |
/// | `crate = "path"` | Where `ackord` is, if it is not `::ackord`. |
///
/// # Options of an event
///
/// | `#[event(…)]` | |
/// |---|---|
/// | `rename = "file:put"` | The whole name on the wire. |
/// | `alias = "put"` | Another name under which the event is received, and never sent. May be given several times. |
/// | `serial` | Its handlers run one after another. |
/// | `cancel_on_disconnect` | Its handlers end when their socket leaves. |
/// | `stream` | It is subscribed to, and yields items: see [Streams](#streams). |
/// | `window = 16` | Of a stream: every 16th item wants an ack, and at most 32 are without one. Default: no acks. |
/// | `overflow = "latest"` | Of a stream: what happens when its subscriber is too slow. Default: `"wait"`. |
///
/// ```
/// use ackord::{Binary, Events, events};
///
/// #[events(rename_all = "kebab-case", prefix = "files:")]
/// pub trait Files {
///     async fn list_all(&self) -> Vec<String>;
///     #[event(rename = "file:put", alias = "upload")]
///     fn put(&self, name: &str, data: Binary);
///     #[deprecated(note = "use `list_all`")]
///     async fn list(&self) -> Vec<String>;
/// }
///
/// let names: Vec<_> = <dyn Files as Events>::EVENTS.iter().map(|event| event.name).collect();
/// assert_eq!(names, ["files:list-all", "file:put", "files:list"]);
/// ```
///
/// # How handlers run
///
/// Handlers begin in the order in which their events arrive, and then run concurrently, to their end, also when the socket has left.
/// - The handlers of all `serial` events of one socket run one after another, in the order of arrival: one begins when the one before it has
///   ended. Events without `serial` run beside them. One that waits for its turn counts as a handler in flight.
/// - The future of a `cancel_on_disconnect` event is dropped as soon as its socket leaves, for whatever reason; nothing is answered, and one
///   that has not begun does not begin. On a client the socket leaves with each connection, also when the client connects again.
///
/// ```
/// # use ackord::events;
/// #[events]
/// pub trait Editor {
///     /// Every change is made to the outcome of the one before.
///     #[event(serial)]
///     async fn change(&self, at: u32, text: String) -> u32;
///     /// Goes on for as long as there is somebody to tell.
///     #[event(cancel_on_disconnect)]
///     fn follow(&self, document: String);
/// }
/// # fn main() {}
/// ```
///
/// # Streams
///
/// An event with `#[event(stream)]` is subscribed to. Its handler is a plain `fn` that returns a stream, which may borrow the session and
/// the arguments; whoever subscribes gets a `Subscription`, which is a stream as well:
///
/// ```
/// use ackord::{Stream, events, payload};
/// # use std::{pin::Pin, task::{Context, Poll}};
///
/// #[payload] pub struct Tick { pub price: f64 }
/// #[payload] pub enum TickError { UnknownSymbol, Halted }
///
/// #[events]
/// pub trait Feed {
///     /// The last item may be an error.
///     #[event(stream, overflow = "latest")]
///     fn ticks(&self, symbol: &str) -> impl Stream<Item = Result<Tick, TickError>>;
///     #[event(stream, window = 16)]
///     fn log(&self) -> impl Stream<Item = String>;
/// }
///
/// struct Session;
///
/// # struct Once<T>(Option<T>);
/// # impl<T: Unpin> Stream for Once<T> {
/// #     type Item = T;
/// #     fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> { Poll::Ready(self.0.take()) }
/// # }
/// # mod stream { pub(super) fn once<T>(item: T) -> super::Once<T> { super::Once(Some(item)) } }
/// impl Feed for Session {
///     fn ticks(&self, _symbol: &str) -> impl Stream<Item = Result<Tick, TickError>> {
///         stream::once(Err(TickError::Halted))
///     }
///     fn log(&self) -> impl Stream<Item = String> {
///         stream::once("began".to_owned())
///     }
/// }
/// # fn main() {}
/// ```
///
/// It is made and polled in the task of the connection, like a handler. It is dropped when it ends, when an error was its item, when its
/// subscriber stops, and when the socket leaves.
///
/// - **Pace.** It is polled only while the connection's outbox holds little. With `window = n` also the subscriber's reading counts: every
///   n-th item wants an ack, and at most 2 n items are not acked. With `overflow = "latest"` the stream is polled on all the same, and
///   of what cannot be sent only the newest item is kept: for prices and positions, not for logs.
/// - **On the wire** it is made of plain events, so that the stock client can use it: `ticks` is acked with `{ok: true, value: sub}`, or with a
///   `fault` as the acks of results are; then come `ticks:next (sub, item)` and `ticks:end (sub, result)`, where the result is `{ok: true}`,
///   `{ok: false, error}` or `{ok: false, fault}`; the subscriber may emit `ticks:stop (sub)`, after which nothing more comes. The id `sub` is a
///   number that the socket never uses again. An `alias` has these three events too. No other event can have their names.
/// - One socket may have 100 subscriptions, unless a setting says otherwise; the next is refused with the fault `overloaded`.
///
/// # Events as values
///
/// `#[events(enum)]` makes an enum with a variant an event, for whoever would rather take events in a loop, or beside other things in a
/// `select!`, than implement the trait. The arguments are its fields, owned; an `async fn` event has one more, `reply`, which answers it.
/// `on().events(capacity)` of a socket or a client gives an `EventStream` of them. A [stream](#streams) is no variant: it needs a closure.
///
/// ```
/// # use ackord::{Events, contract::Registry};
/// use ackord::{EventStream, events};
///
/// #[events(enum)]
/// pub trait ChatClient {
///     fn message(&self, room: &str, text: &str);
///     async fn confirm(&self, prompt: &str) -> bool;
/// }
///
/// async fn take(mut events: EventStream<ChatClientEvent>) {
///     while let Some(event) = events.next().await {
///         match event {
///             ChatClientEvent::Message { room, text } => println!("{room}: {text}"),
///             ChatClientEvent::Confirm { prompt, reply } => reply.send(prompt.ends_with('?')),
///         }
///     }
/// }
///
/// # fn on(registry: &Registry) -> impl Future<Output = ()> {
/// # let on = || <dyn ChatClient as Events>::on(registry);
/// // `on` is `client.on()`, or the `on()` of a socket that is its own session:
/// take(on().events(64))
/// # }
/// # fn main() {}
/// ```
///
/// A stream holds up to `capacity` events. Whoever takes them too slowly holds nothing up: further `fn` events are dropped and `async fn`
/// events are answered with the fault `overloaded`; `on_fault` hears of each. A `reply` that is dropped answers with the fault `cancelled`.
/// Both faults can be told only by events that return a `Result`, as ever.
///
/// # Names that cannot be
///
/// Socket.IO keeps `connect`, `connect_error`, `disconnect`, `disconnecting`, `newListener` and `removeListener` for itself: a peer
/// refuses to emit them. Two events of a set cannot have one name, unless `#[cfg]` keeps them apart.
#[proc_macro_attribute]
pub fn events(options: TokenStream, item: TokenStream) -> TokenStream {
    events::events(options.into(), &item.into()).into()
}

/// Derives what a struct or an enum needs to travel in an event.
///
/// That is `Debug`, `Clone`, `serde::Serialize` and `serde::Deserialize`; and, where ackord's feature `codegen` is on, also `ts_rs::TS` and
/// `schemars::JsonSchema`, from which the generator writes TypeScript and JSON Schema. The crate that is written in needs none of
/// these crates among its dependencies.
///
/// ```
/// use ackord::{Binary, payload};
///
/// /// A message, as everybody sees it.
/// #[payload]
/// #[derive(PartialEq)]
/// pub struct Message {
///     pub id: u32,
///     pub text: String,
///     /// Shown above the text.
///     #[serde(default)]
///     pub reply_to: Option<u32>,
///     /// Travels as an attachment and not as text.
///     pub image: Option<Binary>,
/// }
///
/// #[payload]
/// #[serde(tag = "code", rename_all = "snake_case")]
/// pub enum SendError {
///     NotInRoom,
///     TooLong { max: u32 },
/// }
///
/// let error = serde_json::to_string(&SendError::TooLong { max: 280 }).unwrap();
/// assert_eq!(error, r#"{"code":"too_long","max":280}"#);
/// ```
///
/// Attributes for serde work as ever, and the generator knows what they mean: see the table in the documentation of `ackord-codegen`. A field
/// that functions write and read (`with`) needs a word on what they make of it, where `codegen` is on: `#[ts(as = "String")]`. Those for ts-rs and schemars (`#[ts(…)]`, `#[schemars(…)]`) may be there without the feature
/// `codegen`, and then do nothing.
///
/// Further derives are written below `#[payload]`. One of the above that is there already is not added again: this is how to get a derive
/// of another crate's (`Serialize_repr` of `serde_repr` counts as `Serialize`), or with a condition of one's own. What is derived above
/// `#[payload]` is not seen: the compiler takes those away first, and then says that there are two implementations.
///
/// | `#[payload(…)]` | |
/// |---|---|
/// | `skip(Debug)` | Does not derive this: for an implementation by hand. Also `Clone`, `Serialize`, `Deserialize`, `TS`, `JsonSchema`. |
/// | `crate = "path"` | Where `ackord` is, if it is not `::ackord`. |
///
/// ```
/// # use ackord::payload;
/// #[payload(skip(Debug))]
/// pub struct Login {
///     pub token: String,
/// }
///
/// impl std::fmt::Debug for Login {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("Login { token: *** }")
///     }
/// }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn payload(options: TokenStream, item: TokenStream) -> TokenStream {
    payload::payload(options.into(), &item.into()).into()
}

/// Makes a struct a namespace: it says who may send what, and how one connects.
///
/// ```
/// use ackord::{Namespace, events, payload};
///
/// #[events] pub trait ChatServer { async fn send(&self, text: String) -> u32; }
/// #[events] pub trait ChatClient { fn message(&self, text: &str); }
///
/// #[payload] pub struct Login { pub token: String }
/// #[payload] pub enum Denied { BadToken, Full }
///
/// #[derive(Namespace, Clone)]
/// #[namespace(path = "/chat", server = dyn ChatServer, client = dyn ChatClient, auth = Login, denied = Denied)]
/// pub struct Chat;
///
/// assert_eq!(Chat.path(), "/chat");
/// ```
///
/// | `#[namespace(…)]` | | default |
/// |---|---|---|
/// | `path = "/chat"` | Where clients connect. Starts with `/`. | required |
/// | `server = dyn Trait` | The events that a client may send. | none |
/// | `client = dyn Trait` | The events that the server may send. | none |
/// | `cluster = dyn Trait` | The events that the nodes of a cluster send each other. | none |
/// | `auth = Type` | What a client shows when it connects: a payload that is an object. | `()` |
/// | `denied = Type` | Why a client may be refused: a payload, the `data` of its `connect_error`. | [`Never`](https://docs.rs/ackord/latest/ackord/enum.Never.html) |
/// | `crate = "path"` | Where `ackord` is. | `"::ackord"` |
///
/// The struct has to be `Clone`.
///
/// # Dynamic namespaces
///
/// A `{parameter}` in the path is a field of the struct, and every field is a parameter. It is read with `FromStr` and written with
/// `Display`; a path that does not parse is no namespace. A parameter is never empty and never holds a `/`, and ends where the text behind it
/// begins: two parameters need something between them.
///
/// ```
/// use ackord::Namespace;
///
/// #[derive(Namespace, Clone, Debug, PartialEq)]
/// #[namespace(path = "/org-{id}/{team}")]
/// pub struct Team {
///     pub id: u64,
///     pub team: String,
/// }
///
/// let red = Team { id: 7, team: "red".into() };
/// assert_eq!(red.path(), "/org-7/red");
/// assert_eq!(Team::parse("/org-7/red"), Some(red));
/// assert_eq!(Team::parse("/org-seven/red"), None);
/// ```
#[proc_macro_derive(Namespace, attributes(namespace))]
pub fn namespace(item: TokenStream) -> TokenStream {
    namespace::namespace(item.into()).into()
}
