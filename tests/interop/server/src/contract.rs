//! One event for each thing that has to work over the wire.

use ackord::{Binary, Namespace, Stream, events, payload};
use serde_json::Value;

#[payload]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum DivideError {
    ByZero { dividend: i32 },
}

#[payload]
pub(crate) struct Pair {
    pub(crate) first: Binary,
    pub(crate) second: Binary,
}

#[events]
pub(crate) trait RootServer {
    async fn echo(&self, value: Value) -> Value;
    async fn nothing(&self);
    async fn greet(&self, name: String, more: Option<String>) -> String;
    async fn divide(&self, a: i32, b: i32) -> Result<i32, DivideError>;
    async fn reverse(&self, data: Binary) -> Binary;
    async fn swap(&self, first: Binary, second: Binary) -> Pair;
    fn push(&self, data: Binary);
    fn one(&self, n: u32);
    fn two(&self, n: u32);
    fn three(&self, n: u32);
    async fn ask(&self, prompt: &str) -> Option<bool>;
    #[event(rename = "ask:bytes")]
    async fn ask_bytes(&self, data: Binary) -> Option<Binary>;
    #[event(rename = "ask:nobody")]
    async fn ask_nobody(&self, ms: u32) -> String;
    async fn join(&self, room: &str);
    async fn leave(&self, room: &str);
    fn say(&self, room: &str, text: &str);
    fn shout(&self, text: &str);
    async fn poll(&self, room: &str) -> u32;
    fn burst(&self, n: u32);
    fn farewell(&self, n: u32);
    fn kick(&self);
    #[event(rename = "kick:all")]
    fn kick_all(&self);
    /// Counts to `n`; if that is odd, it fails in the end.
    #[event(stream)]
    fn count(&self, n: u32) -> impl Stream<Item = Result<u32, String>>;
    /// Counts for ever, and says so when it is dropped.
    #[event(stream, window = 4)]
    fn tick(&self) -> impl Stream<Item = u32>;
}

#[events]
pub(crate) trait RootClient {
    fn pushed(&self, len: u32, data: &Binary);
    fn seen(&self, name: &str, n: u32);
    async fn confirm(&self, prompt: &str) -> bool;
    async fn flip(&self, data: &Binary) -> Binary;
    async fn silence(&self);
    fn said(&self, room: &str, text: &str);
    fn maybe(&self, n: u32);
    fn surely(&self, n: u32);
}

#[derive(Namespace, Clone, Debug)]
#[namespace(path = "/", server = dyn RootServer, client = dyn RootClient)]
pub(crate) struct Root;

#[payload]
pub(crate) struct Credentials {
    pub(crate) token: String,
}

#[payload]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum Denied {
    BadToken { got: String },
}

#[payload]
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) token: String,
}

#[events]
pub(crate) trait AdminServer {
    async fn whoami(&self) -> Identity;
    fn kick(&self);
}

#[derive(Namespace, Clone, Debug)]
#[namespace(path = "/admin", server = dyn AdminServer, auth = Credentials, denied = Denied)]
pub(crate) struct Admin;
