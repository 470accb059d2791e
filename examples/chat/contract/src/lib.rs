//! What a browser and the chat server say to each other.
//!
//! The server implements [`ChatServer`], the page's typings are generated from both traits, and neither side can drift
//! from the other without a compiler saying so.

use ackord::{Binary, Namespace, events, payload};

/// Who wants to come in.
#[payload]
#[derive(PartialEq, Eq)]
pub struct Login {
    /// The name to chat under.
    pub name: String,
    /// The token of an earlier [`Welcome`]: it lets a returning page take its own name back from a dead connection.
    pub token: Option<String>,
}

/// Why somebody may not come in.
#[payload]
#[derive(PartialEq, Eq)]
pub enum Denied {
    /// Names are 2 to 20 letters, digits, `-` and `_`.
    BadName,
    /// Somebody else is chatting under this name.
    NameTaken,
    /// No more places.
    Full,
}

/// What a page needs to begin with.
#[payload]
#[derive(PartialEq, Eq)]
pub struct Welcome {
    /// The name as the server spells it.
    pub name: String,
    /// To be sent with the next [`Login`].
    pub token: String,
    /// The rooms there are.
    pub rooms: Vec<RoomSummary>,
}

/// One line of the list of rooms.
#[payload]
#[derive(PartialEq, Eq)]
pub struct RoomSummary {
    /// The room's name.
    pub name: String,
    /// How many people are in it.
    pub members: u32,
}

/// What somebody sees who enters a room.
#[payload]
#[derive(PartialEq, Eq)]
pub struct RoomInfo {
    /// Everybody in it, the one who asked included.
    pub members: Vec<String>,
    /// What was said lately, oldest first.
    pub history: Vec<Message>,
}

/// Something said in a room.
#[payload]
#[derive(PartialEq, Eq)]
pub struct Message {
    /// Counts up within the server.
    pub id: u32,
    /// Who said it.
    pub from: String,
    /// When, in seconds since 1970.
    pub at: u32,
    /// Where.
    pub room: String,
    /// The words; for a picture, its file name.
    pub text: String,
    /// The message that this one answers.
    pub reply_to: Option<u32>,
    /// Set when the message is a picture; [`ChatServer::picture`] has the bytes.
    pub image: Option<Image>,
}

/// What is known of a picture without its bytes.
#[payload]
#[derive(PartialEq, Eq)]
pub struct Image {
    /// The media type, found in the bytes rather than believed.
    pub media: String,
    /// How many bytes it has.
    pub bytes: u32,
}

/// Why a room could not be entered.
#[payload]
#[derive(PartialEq, Eq)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum JoinError {
    /// Rooms are named by 1 to 24 lower-case letters, digits and `-`.
    BadName,
    /// There are enough rooms already.
    TooManyRooms {
        /// How many there may be.
        max: u32,
    },
}

/// Why a message or picture was not taken.
#[payload]
#[derive(PartialEq, Eq)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SendError {
    /// Only members may speak.
    NotInRoom,
    /// There was nothing in it.
    Empty,
    /// Too many characters.
    TooLong {
        /// How many there may be.
        max: u32,
    },
    /// Too many bytes.
    TooLarge {
        /// How many there may be.
        max: u32,
    },
    /// The bytes are no PNG, JPEG, GIF or WebP.
    NotAnImage,
}

/// Why a picture cannot be had.
#[payload]
#[derive(PartialEq, Eq)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PictureError {
    /// Only members may look.
    NotInRoom,
    /// The server keeps the newest pictures only.
    Gone,
}

/// Why there was no vote on clearing a room.
#[payload]
#[derive(PartialEq, Eq)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ClearError {
    /// Only members may ask for it.
    NotInRoom,
    /// One vote at a time.
    VoteRunning,
}

/// How a vote stands.
#[payload]
#[derive(PartialEq, Eq)]
pub struct Tally {
    /// Who asked for it.
    pub by: String,
    /// Those in favour, the one who asked included.
    pub yes: u32,
    /// Those against.
    pub no: u32,
    /// Those who have not answered.
    pub open: u32,
    /// Unset while the vote is running; then whether the room was cleared.
    pub cleared: Option<bool>,
}

/// What a browser may ask of us.
#[events(rename_all = "camelCase")]
pub trait ChatServer {
    /// Who am I here, and which rooms are there? Asked once after every connect.
    async fn hello(&self) -> Welcome;
    /// Enters `room`, which is made if there is none of this name.
    async fn join_room(&self, room: String) -> Result<RoomInfo, JoinError>;
    /// Leaves `room`.
    async fn leave_room(&self, room: String);
    /// Says `text` in `room`. The answer is the message as everybody else sees it.
    async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError>;
    /// The user is typing.
    fn typing(&self, room: &str);
    /// Shows a picture in `room`.
    #[event(rename = "file:put")]
    async fn put(&self, room: &str, name: &str, data: Binary) -> Result<Message, SendError>;
    /// The bytes of a picture that was shown before this page came in.
    #[event(rename = "file:get")]
    async fn picture(&self, room: &str, id: u32) -> Result<Binary, PictureError>;
    /// Asks everybody in `room` whether it may be cleared, and does so if most agree.
    async fn clear_room(&self, room: &str) -> Result<Tally, ClearError>;
}

/// What we tell browsers.
#[events(rename_all = "camelCase")]
pub trait ChatClient {
    /// Somebody said something.
    fn message(&self, msg: &Message);
    /// Somebody showed a picture.
    fn image(&self, msg: &Message, data: &Binary);
    /// `who` is typing in `room`.
    fn typing(&self, room: &str, who: &str);
    /// `who` came into `room`, or left it.
    fn presence(&self, room: &str, who: &str, here: bool);
    /// The list of rooms has changed.
    fn rooms(&self, rooms: &[RoomSummary]);
    /// A vote has begun, moved or ended.
    fn tally(&self, room: &str, tally: &Tally);
    /// A question that only the user can answer, and that lapses after `seconds`.
    async fn confirm(&self, prompt: &str, seconds: u32) -> bool;
}

/// The chat's namespace.
#[derive(Namespace, Clone, Debug)]
#[namespace(path = "/chat", server = dyn ChatServer, client = dyn ChatClient, auth = Login, denied = Denied)]
pub struct Chat;
