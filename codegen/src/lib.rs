//! TypeScript typings from [ackord] contracts: what the compiler knows of the events on the server, it knows in the browser. And
//! [JSON Schema and AsyncAPI](#json-schema-and-asyncapi), for everybody else.
//!
//! # Setting it up
//!
//! The generator is a small program of your own, beside the crate that has the contract. It lists the namespaces; nothing is found by
//! magic, so nothing is silently left out.
//!
//! ```text
//! contract/        the traits and payloads, shared with the server
//! typings/         this program: depends on contract and ackord-codegen
//! web/src/         chat.gen.ts is written here, and committed
//! ```
//!
//! ```no_run
//! // contract/src/lib.rs
//! # mod contract {
//! use ackord::{Namespace, events, payload};
//!
//! #[payload]
//! pub struct Login { pub token: String }
//!
//! #[payload]
//! pub struct Message { pub id: u32, pub text: String, pub reply_to: Option<u32> }
//!
//! #[payload]
//! #[serde(tag = "code", rename_all = "snake_case")]
//! pub enum SendError { NotInRoom, TooLong { max: u32 } }
//!
//! #[events(rename_all = "camelCase")]
//! pub trait ChatServer {
//!     /// Says `text` in `room`.
//!     async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError>;
//!     /// The user is typing.
//!     fn typing(&self, room: &str);
//! }
//!
//! #[events]
//! pub trait ChatClient {
//!     fn message(&self, room: &str, msg: &Message);
//! }
//!
//! #[derive(Namespace, Clone)]
//! #[namespace(path = "/chat", server = dyn ChatServer, client = dyn ChatClient, auth = Login)]
//! pub struct Chat;
//! # }
//! # use contract::Chat;
//!
//! // typings/src/main.rs
//! use std::process::ExitCode;
//!
//! use ackord_codegen::{Codegen, TypeScript};
//!
//! fn main() -> ExitCode {
//!     typings().run()
//! }
//!
//! fn typings() -> Codegen {
//!     Codegen::new().namespace::<Chat>().typescript("../web/src/chat.gen.ts", TypeScript::default())
//! }
//!
//! #[test]
//! fn typings_are_current() {
//!     typings().check().unwrap();
//! }
//! ```
//!
//! `cargo run -p typings` writes the file if it changed. The test fails, with a diff, for whoever changes the contract and forgets to
//! generate; `cargo run -p typings -- --check` does the same outside of tests, and `--stdout` prints the file. Only this program turns
//! on ackord's feature `codegen`: the server does not compile ts-rs and schemars. In a workspace, build the server with `-p`, or the
//! feature reaches it too.
//!
//! # Using it
//!
//! ```ts
//! import { connectChat } from "./chat.gen";
//!
//! const chat = connectChat("https://example.com", { token });
//! chat.on("message", (room, msg) => show(room, msg.text));
//! chat.emit("typing", "lobby");
//!
//! const res = await chat.timeout(5000).emitWithAck("send", "lobby", "hi", null);
//! if (res.ok) show("lobby", res.value.text);
//! else if (res.fault) retry(res.fault.code);             // the server could not run the handler
//! else if (res.error.code === "too_long") trim(res.error.max);
//! ```
//!
//! `chat` is the stock `socket.io-client` (4.x) and costs nothing at run time; only its type is stricter. `connectChat` puts the
//! namespace into the URL and asks for the `auth` of the contract; `paths` has the namespaces' paths for those who call `io`
//! themselves. Documentation and `#[deprecated]` of events, payloads and their fields are in the editor's tooltips, where links to types of the
//! contract are links; that of variants stands before them.
//!
//! # Methods instead of events
//!
//! With [`TypeScript::client`] the file also has a function that puts methods over the socket, written out one by one, with the
//! documentation of the contract:
//!
//! ```ts
//! import { CallError, chatClient, connectChat } from "./chat.gen";
//!
//! const chat = chatClient(connectChat("https://example.com", { token }));
//!
//! const off = chat.on.message((room, msg) => show(room, msg.text));      // off() removes the handler
//! chat.on.confirm((prompt) => ask(prompt));                              // answers with a value, or a promise of one
//!
//! chat.typing("lobby");                                                  // fire-and-forget
//! const msg = await chat.timeout(5000).send("lobby", "hi");              // a Message, or it rejects
//! chat.send("lobby", "hi").catch((e) => {                                // with a CallError<SendError>
//!   if (e.kind === "app" && e.error.code === "too_long") trim(e.error.max);
//! });
//! const res = await chat.try.send("lobby", "hi");                        // the same as a value: nothing is thrown
//!
//! for await (const tick of chat.ticks("ACME")) draw(tick);               // a stream; `break` stops it
//! ```
//!
//! - A call rejects with a `CallError`, an `Error` whose `kind` is `"app"` (the contract's error), `"fault"` (the other side could not run its
//!   handler), `"timeout"` or `"disconnected"`. The latter two do not tell whether the server has run it. In `catch` of a promise its type is known;
//!   in a `catch` block, where TypeScript knows none, `instanceof CallError` tells.
//! - Without a connection, calls wait for one. Without `timeout`, they wait for as long as that takes (or for the socket's `ackTimeout`).
//! - Handlers of events with a `Result` answer `{ ok: true, value }` or `{ ok: false, error }`. What a handler throws is told the server as a fault,
//!   without its words, and stays an unhandled rejection of the page. An answer that is ready when the connection is gone is not sent.
//! - A stream is subscribed to when it is first read, and stopped when its loop is left or its `return()` is called. Its error is thrown behind its
//!   last item. After a reconnection it is subscribed to again: it begins anew, without what came in between. When the socket is closed for good, it
//!   ends with `"disconnected"`; when more than 1 024 items wait to be read, with `"lagged"`. Items of a `window` are acknowledged as they are
//!   read, so that the server waits for who reads slowly.
//! - Streams of the client's own are async generators: `chat.on.readings(async function* () { … })`.
//! - `file:put` becomes `filePut`; names that mean something else, such as `then` and `on`, get a `_` at their end.
//! - `chat.socket` is the stock socket, for all else.
//!
//! All clients share 0.7 KB of code (minified; 1.5 KB with subscriptions, and 0.2 KB for handlers), of which bundlers leave out what a page does not
//! use. See [`recipes`] for React and Vue.
//!
//! # Servers in Node
//!
//! [`TypeScript::server`] writes the other side of the contract, for `socket.io`. The chat example has a server in Rust and one in Node, and the same
//! client in Rust sees the same at both.
//!
//! # How Rust becomes TypeScript
//!
//! | in the contract | in TypeScript |
//! |---|---|
//! | `fn typing(&self, room: &str)` | `typing: (room: string) => void` |
//! | `async fn leave(&self)` | `leave: (ack: () => void) => void` |
//! | `async fn count(&self) -> u32` | `count: (ack: (res: number) => void) => void` |
//! | `… -> Result<T, E>` | `ack: (res: Ack<T, E>) => void`, a union to match on `ok` |
//! | `… -> Result<T, E>` with `ack = "plain"` | `ack: (res: T \| E) => void` |
//! | `Option<T>` | `T \| null`; the last arguments of an event without an ack may be left out |
//! | [`Binary`](ackord::Binary) | `Binary`, and `BinaryInput` where it is sent: see [`BinaryType`]. A payload that has some is `Picture`, and `Picture<BinaryInput>` where it is sent |
//! | `#[payload]` with serde attributes | what serde writes: `rename_all`, `tag`, `flatten`, `skip`, `default`, … |
//!
//! What serde's attributes and the types of other crates become is [below](#serdes-attributes).

#![doc = include_str!("docs/types.md")]
#![doc = ""]
#![doc = include_str!("docs/schema.md")]
#![doc = ""]
#![doc = include_str!("docs/lock.md")]
#![allow(clippy::test_attr_in_doctest, reason = "the documentation shows the user's own test")]

mod args;
mod asyncapi;
mod contract;
mod diff;
mod error;
mod file;
mod links;
mod lock;
mod output;
mod paint;
mod problem;
mod run;
mod schema;
mod typescript;

use std::{any::type_name, path::PathBuf};

use ackord::{Namespace, describe::Describe};

use contract::Contract;
use error::{Breaking, Kind, Stale};
use lock::breaking;
use output::Output;
use problem::Problems;

#[doc = include_str!("recipes.md")]
pub mod recipes {}

pub use asyncapi::{AsyncApi, Info};
pub use error::Error;
pub use lock::{Breaks, Finding, Level, Lock, Place, Sender};
pub use typescript::{BinaryType, ImportExtension, Int64, TypeScript};

/// A list of namespaces and of the files to generate from them.
///
/// Relative paths belong to the package whose program or test runs (`CARGO_MANIFEST_DIR`), or to the working directory without Cargo.
#[derive(Debug, Default)]
#[must_use = "call `run`, `check` or `write`"]
pub struct Codegen {
    contract: Contract,
    outputs: Vec<(PathBuf, Output)>,
}

/// A file as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it belongs.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

impl Codegen {
    /// No namespaces, no files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a namespace, and all that its events carry.
    pub fn namespace<N: Namespace>(mut self) -> Self
    where
        N::Auth: Describe,
        N::Denied: Describe,
    {
        self.contract.add::<N>();
        self
    }

    /// Adds a TypeScript file with all namespaces; with [`TypeScript::javascript`], a `.js` and a `.d.ts` of this name.
    pub fn typescript(mut self, path: impl Into<PathBuf>, options: TypeScript) -> Self {
        self.outputs.push((path.into(), Output::TypeScript(options)));
        self
    }

    /// Adds a folder of TypeScript files: `chat.ts` and so on for each namespace, `index.ts` with all that is public, and what they share
    /// in files beside them. Pages that need one namespace import its file.
    ///
    /// Whatever else is in the folder is left alone, also the file of a namespace that was removed from the list.
    pub fn typescript_dir(self, path: impl Into<PathBuf>, options: TypeScript) -> Self {
        self.typescript(path, options.in_folder())
    }

    /// Adds a file with the JSON Schema (draft 2020-12) of everything that goes over the wire, to check values while a program runs: see the
    /// [crate's documentation](crate#json-schema).
    ///
    /// ```
    /// # use ackord::{Namespace, events};
    /// # #[events] pub trait Server { async fn count(&self, room: &str) -> u32; }
    /// # #[derive(Namespace, Clone)] #[namespace(path = "/chat", server = dyn Server)] pub struct Chat;
    /// use ackord_codegen::Codegen;
    /// let file = &Codegen::new().namespace::<Chat>().json_schema("docs/chat.schema.json").render()?[0];
    /// assert!(file.text.contains(r#""prefixItems": [{ "title": "room", "type": "string" }]"#));
    /// # Ok::<(), ackord_codegen::Error>(())
    /// ```
    pub fn json_schema(mut self, path: impl Into<PathBuf>) -> Self {
        self.outputs.push((path.into(), Output::JsonSchema));
        self
    }

    /// Adds a lock file: the contract as it was published, to which each run compares the contract as it is.
    ///
    /// See [the chapter on it](crate#the-lock-file); [`Lock`] has what can be set.
    pub fn lock(mut self, lock: impl Into<Lock>) -> Self {
        let lock = lock.into();
        self.outputs.push((lock.path.clone(), Output::Lock(lock)));
        self
    }

    /// Adds an AsyncAPI document, for tools of other languages and for people: see the [crate's documentation](crate#asyncapi).
    ///
    /// ```
    /// # use ackord::{Namespace, events};
    /// # #[events] pub trait Server { async fn count(&self, room: &str) -> u32; }
    /// # #[derive(Namespace, Clone)] #[namespace(path = "/chat", server = dyn Server)] pub struct Chat;
    /// use ackord_codegen::{Codegen, Info};
    /// let info = Info::cargo().title("Chat").server("wss://chat.example.com");
    /// let file = &Codegen::new().namespace::<Chat>().asyncapi("docs/asyncapi.json", info).render()?[0];
    /// assert!(file.text.contains(r#""address": "/chat""#));
    /// # Ok::<(), ackord_codegen::Error>(())
    /// ```
    pub fn asyncapi(mut self, path: impl Into<PathBuf>, info: Info) -> Self {
        self.outputs.push((path.into(), Output::AsyncApi(info)));
        self
    }

    /// Takes `T` as it is in TypeScript, although it has another shape when Rust writes it than when Rust reads it.
    ///
    /// TypeScript has one type for both directions. A type whose fields differ (`skip_serializing`, `skip_deserializing`, a `rename` for one
    /// direction, another type in one direction) is refused by default, because its TypeScript is untrue in one of them; a type for each
    /// direction is the better way out. This one is for types that one cannot change. It holds for all instances of a generic type, and
    /// only for `T` itself, not for what it contains. JSON Schema and AsyncAPI describe both shapes in any case.
    ///
    /// ```
    /// # use ackord::{Namespace, events, payload};
    /// /// The password goes in and never comes out.
    /// #[payload]
    /// pub struct User {
    ///     pub name: String,
    ///     #[serde(skip_serializing)]
    ///     pub password: String,
    /// }
    ///
    /// #[events]
    /// pub trait Users {
    ///     async fn add(&self, user: User) -> User;
    /// }
    /// # #[derive(Namespace, Clone)]
    /// # #[namespace(path = "/users", server = dyn Users)]
    /// # pub struct Api;
    ///
    /// use ackord_codegen::{Codegen, TypeScript};
    /// let codegen = Codegen::new().namespace::<Api>().typescript("users.gen.ts", TypeScript::default());
    /// assert!(codegen.render().unwrap_err().problems()[0].contains("field `password`"));
    /// assert!(codegen.allow_asymmetric::<User>().render().is_ok());
    /// ```
    pub fn allow_asymmetric<T: Describe>(mut self) -> Self {
        self.contract.asymmetric.insert(type_name::<T::WithoutGenerics>());
        self
    }

    /// The files as they should be.
    ///
    /// # Errors
    /// The contract cannot be written to some of them: [`Error::problems`] has all that is wrong, each problem once.
    pub fn render(&self) -> Result<Vec<File>, Error> {
        self.any()?;
        let (mut files, mut problems) = (Vec::new(), Problems::default());
        for (path, output) in &self.outputs {
            match output.render(path, &self.contract) {
                Ok(rendered) => files.extend(rendered.into_iter().map(|(path, text)| File { path: file::locate(&path), text })),
                Err(found) => problems.add(path, found),
            }
        }
        if problems.is_empty() { Ok(files) } else { Err(problems.into()) }
    }

    /// Whether there is anything to do.
    fn any(&self) -> Result<(), Error> {
        if self.contract.namespaces.is_empty() {
            return Err(Kind::Nothing("add a namespace with `Codegen::namespace`").into());
        }
        if self.outputs.is_empty() {
            return Err(Kind::Nothing("name a file, with `Codegen::typescript` for example").into());
        }
        Ok(())
    }

    /// The files as they should be, and what breaks somebody. What is wrong with one does not hide what is wrong with the other.
    fn render_and_compare(&self, allow_breaking: bool) -> Result<(Vec<File>, Option<Breaking>), Error> {
        self.any()?;
        let compared = self.changes().map(|findings| breaking(&findings).filter(|_| !allow_breaking));
        match (self.render(), compared) {
            (Ok(files), Ok(breaking)) => Ok((files, breaking)),
            (Ok(_), Err(error)) | (Err(error), Ok(None)) => Err(error),
            (Err(error), Ok(Some(breaking))) => Err(error.and(Kind::Breaking(breaking).into())),
            (Err(error), Err(other)) => Err(error.and(other)),
        }
    }

    /// Writes the files that changed, each in one step, and yields their paths.
    ///
    /// # Errors
    /// The contract cannot be written, or breaks those who have that of the [lock file](Self::lock) ([`Error::is_breaking`]), and then
    /// no file is touched; or a file cannot be written.
    pub fn write(&self) -> Result<Vec<PathBuf>, Error> {
        self.write_files(false)
    }

    fn write_files(&self, allow_breaking: bool) -> Result<Vec<PathBuf>, Error> {
        let (files, breaking) = self.render_and_compare(allow_breaking)?;
        if let Some(breaking) = breaking {
            return Err(Kind::Breaking(breaking).into());
        }
        let mut changed = Vec::new();
        for File { path, text } in files {
            match file::write(&path, &text) {
                Ok(true) => changed.push(path),
                Ok(false) => {}
                Err(e) => return Err(Kind::Io(path, e).into()),
            }
        }
        Ok(changed)
    }

    /// Compares the files on disk with the contract: a test of one line that fails when somebody forgot to generate.
    ///
    /// # Errors
    /// Files are out of date ([`Error::is_stale`]; the message has the differences), the contract breaks those who have that of the
    /// [lock file](Self::lock) ([`Error::is_breaking`]), it cannot be written, or a file cannot be read.
    pub fn check(&self) -> Result<(), Error> {
        self.check_files(false)
    }

    fn check_files(&self, allow_breaking: bool) -> Result<(), Error> {
        let (files, breaking) = self.render_and_compare(allow_breaking)?;
        let (mut stale, mut errors) = (Vec::new(), Vec::new());
        for File { path, text } in files {
            match file::read(&path).map(Option::unwrap_or_default) {
                Ok(found) if found == text => {}
                Ok(found) => stale.push(Stale { path, diff: diff::diff(&found, &text) }),
                Err(e) => errors.push(Kind::Io(path, e).into()),
            }
        }
        if let Some(breaking) = breaking {
            errors.push(Kind::Breaking(Breaking { stale, ..breaking }).into());
        } else if !stale.is_empty() {
            errors.push(Kind::Stale(stale).into());
        }
        Error::all(errors)
    }
}
