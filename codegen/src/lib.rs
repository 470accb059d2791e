//! TypeScript typings from [ackord] contracts: what the compiler knows of the events on the server, it knows in the browser.
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
//! themselves. Documentation and `#[deprecated]` of events, payloads and their fields are in the editor's tooltips.
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
//! | [`Binary`](ackord::Binary) | `Binary`, see [`BinaryType`] |
//! | `#[payload]` with serde attributes | what serde writes: `rename_all`, `tag`, `flatten`, `skip`, `default`, … |
//!
//! What serde's attributes and the types of other crates become is [below](#serdes-attributes).

#![doc = include_str!("docs/types.md")]
#![allow(clippy::test_attr_in_doctest, reason = "the documentation shows the user's own test")]

mod contract;
mod diff;
mod error;
mod file;
mod paint;
mod problem;
mod run;
mod typescript;

use std::path::PathBuf;

use ackord::{Namespace, describe::Describe};

use contract::Contract;
use error::{Kind, Stale};

pub use error::Error;
pub use typescript::{BinaryType, Int64, TypeScript};

/// A list of namespaces and of the files to generate from them.
///
/// Relative paths belong to the package whose program or test runs (`CARGO_MANIFEST_DIR`), or to the working directory without Cargo.
#[derive(Debug, Default)]
#[must_use = "call `run`, `check` or `write`"]
pub struct Codegen {
    contract: Contract,
    outputs: Vec<(PathBuf, TypeScript)>,
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

    /// Adds a TypeScript file with all namespaces.
    pub fn typescript(mut self, path: impl Into<PathBuf>, options: TypeScript) -> Self {
        self.outputs.push((path.into(), options));
        self
    }

    /// The files as they should be.
    ///
    /// # Errors
    /// The contract cannot be written: [`Error::problems`] says why.
    pub fn render(&self) -> Result<Vec<File>, Error> {
        if self.contract.namespaces.is_empty() {
            return Err(Error(Kind::Nothing("add a namespace with `Codegen::namespace`")));
        }
        if self.outputs.is_empty() {
            return Err(Error(Kind::Nothing("name a file with `Codegen::typescript`")));
        }
        let render = |(path, options): &(PathBuf, TypeScript)| match options.render(&self.contract) {
            Ok(text) => Ok(File { path: file::locate(path), text }),
            Err(problems) => Err(Error(Kind::Contract(path.clone(), problems))),
        };
        self.outputs.iter().map(render).collect()
    }

    /// Writes the files that changed, each in one step, and yields their paths.
    ///
    /// # Errors
    /// The contract cannot be written, and then no file is touched; or a file cannot.
    pub fn write(&self) -> Result<Vec<PathBuf>, Error> {
        let mut changed = Vec::new();
        for File { path, text } in self.render()? {
            match file::write(&path, &text) {
                Ok(true) => changed.push(path),
                Ok(false) => {}
                Err(e) => return Err(Error(Kind::Io(path, e))),
            }
        }
        Ok(changed)
    }

    /// Compares the files on disk with the contract: a test of one line that fails when somebody forgot to generate.
    ///
    /// # Errors
    /// Files are out of date ([`Error::is_stale`]; the message has the differences), the contract cannot be written, or a file cannot
    /// be read.
    pub fn check(&self) -> Result<(), Error> {
        let mut stale = Vec::new();
        for File { path, text } in self.render()? {
            let found = match file::read(&path) {
                Ok(found) => found.unwrap_or_default(),
                Err(e) => return Err(Error(Kind::Io(path, e))),
            };
            if found != text {
                stale.push(Stale { path, diff: diff::diff(&found, &text) });
            }
        }
        if stale.is_empty() { Ok(()) } else { Err(Error(Kind::Stale(stale))) }
    }
}
