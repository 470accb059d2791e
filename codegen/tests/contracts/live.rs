//! What is tried out over real connections: everything that there is, in both directions.

use ackord::{Binary, Namespace, Stream, events, payload};

#[payload]
pub struct Login {
    pub token: String,
}

#[payload]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Denied {
    BadToken { got: String },
}

#[payload]
pub struct Picture {
    pub name: String,
    pub data: Binary,
    pub thumbs: Vec<Thumb>,
}

#[payload]
pub struct Thumb {
    pub data: Option<Binary>,
}

#[payload]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum DivideError {
    ByZero { dividend: i32 },
}

#[events(rename_all = "camelCase")]
pub trait LiveServer {
    /// Says `text` to everybody in the namespace, and how many words it has.
    async fn say(&self, text: &str, to: Option<String>) -> u32;
    /// The quotient.
    async fn divide(&self, a: i32, b: i32) -> Result<i32, DivideError>;
    fn note(&self, text: &str, more: Option<u32>);
    async fn notes(&self) -> Vec<String>;
    /// Turned round.
    #[event(rename = "picture:turn")]
    async fn turn(&self, picture: Picture) -> Picture;
    /// Is never answered.
    async fn silence(&self);
    /// Cannot be run to the end.
    async fn crash(&self) -> Result<u32, String>;
    /// Asks the client whether it may, and then what is in `data` backwards.
    async fn ask(&self, prompt: &str, data: Binary) -> Option<Binary>;
    /// Asks the client for a quotient.
    async fn delegate(&self, a: i32, b: i32) -> String;
    /// Counts to `n`; if that is odd, it fails in the end.
    #[event(stream)]
    fn count(&self, n: u32) -> impl Stream<Item = Result<u32, DivideError>>;
    /// Counts for ever.
    #[event(stream, window = 4)]
    fn tick(&self) -> impl Stream<Item = u32>;
    /// How many streams are there that nobody has stopped?
    async fn open_streams(&self) -> u32;
    /// The sum of what the client's `readings` yields, and why it ended.
    async fn sum(&self, n: u32) -> String;
    fn then(&self);
}

#[events(rename_all = "camelCase")]
pub trait LiveClient {
    fn said(&self, text: &str);
    async fn confirm(&self, prompt: &str) -> bool;
    async fn flip(&self, data: &Binary) -> Binary;
    /// The quotient.
    async fn divide(&self, a: i32, b: i32) -> Result<i32, DivideError>;
    async fn closing(&self);
    /// The numbers up to `n`, and an error if that is odd.
    #[event(stream, window = 2)]
    fn readings(&self, n: u32) -> impl Stream<Item = Result<u32, DivideError>>;
}

#[payload]
pub struct Load {
    pub sockets: u32,
}

#[events]
pub trait LiveCluster {
    fn reload(&self);
    async fn load(&self) -> Load;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/live", server = dyn LiveServer, client = dyn LiveClient, cluster = dyn LiveCluster, auth = Login, denied = Denied)]
pub struct Live;

#[events]
pub trait RoomServer {
    async fn which(&self) -> String;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/room-{id}/{part}", server = dyn RoomServer)]
pub struct Room {
    pub id: u32,
    pub part: String,
}
