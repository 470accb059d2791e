//! The contract of the documentation: every kind of ack, attachments, a namespace with a parameter.

use ackord::{Binary, Never, SocketId};

use super::{events, namespace, payload};

payload! {
    /// What a client shows.
    pub struct Login {
        /// From the login page.
        pub token: String,
    }

    pub enum Denied {
        BadToken,
        Full,
    }

    /// Something that somebody said.
    ///
    /// Never edited: see `src/**/*.rs`.
    pub struct Message {
        pub id: u32,
        /// Who said it.
        pub from: SocketId,
        pub text: String,
        /// The message that this one answers. */ export type Injected = 1; /*
        pub reply_to: Option<u32>,
        pub preview: Option<Binary>,
    }

    #[serde(tag = "code", rename_all = "snake_case")]
    pub enum SendError {
        NotInRoom,
        TooLong {
            /// In characters.
            max: u32,
        },
    }
}

events!(ChatServer {
    "send" Envelope { docs: &[" Says `text` in `room`."] }
        ("room": String) ("text": String) ("reply_to": Option<u32>) => Message, SendError;
    "typing" None { docs: &[" The user is typing.", "", " Sent at most once a second: `*/5` s is enough."] } ("room": String);
    "joinRoom" Plain ("room": String) => u32;
    "leave" Unit { deprecated: Some("close the\nsocket"), docs: &[" Leaves all rooms."] };
    "file:put" Envelope { aliases: &["upload"] } ("name": String) ("data": Binary) => u32, SendError;
    "search" None { deprecated: Some("") } ("text": Option<String>) ("room": String) ("after": Option<u32>) ("before": Option<u32>);
    "rate" Either ("id": u32) ("stars": u8) => f64, SendError;
    "find" Plain ("id": u32) => Option<Message>;
    "clear" Envelope ("room": String) => (), SendError;
});

events!(ChatClient {
    "message" None ("room": String) ("msg": Message);
    "confirm" Plain ("prompt": String) => bool;
    "closing" Unit;
});

namespace!(Chat "/chat", server: dyn ChatServer, client: dyn ChatClient, auth: Login, denied: Denied);

/// A namespace with parameters.
#[derive(Clone)]
pub struct Org {
    pub id: u32,
    pub team: String,
}

impl ackord::Namespace for Org {
    const PATTERN: &'static str = "/org-{id}/{team}";
    const NAME: &'static str = "Org";
    type Server = dyn ChatServer;
    type Client = dyn ChatClient;
    type Cluster = dyn ackord::contract::NoEvents;
    type Auth = Login;
    type Denied = Never;
    fn path(&self) -> std::borrow::Cow<'static, str> {
        format!("/org-{}/{}", self.id, self.team).into()
    }
    fn parse(_: &str) -> Option<Self> {
        None
    }
}
