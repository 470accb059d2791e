//! One person's session: the contract, implemented.

use std::sync::Arc;

use ackord::{Binary, NamespaceHandle, Socket};
use chat_contract::{Chat, ChatServer, ClearError, JoinError, Message, PictureError, RoomInfo, SendError, Tally, Welcome};

use crate::{
    hub::{Draft, Hub},
    picture::media_type,
    seats::Seat,
    vote,
};

/// In characters.
const MAX_TEXT: usize = 500;
/// In bytes.
const MAX_PICTURE: usize = 2_000_000;
const MAX_FILE_NAME: usize = 100;

pub(crate) struct Session {
    pub(crate) chat: NamespaceHandle<Chat>,
    pub(crate) socket: Socket<Chat>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) seat: Seat,
}

impl Session {
    /// Called when the client has left; it is still in its rooms.
    pub(crate) fn end(&self) {
        for room in self.socket.rooms() {
            self.depart(&room);
        }
        self.hub.seats().free(&self.seat.name, self.socket.id());
        self.tell_rooms();
    }

    fn depart(&self, room: &str) {
        if self.hub.leave(room, &self.seat.name, self.socket.id()) {
            self.socket.to(room).emit().presence(room, &self.seat.name, false);
        }
    }

    fn tell_rooms(&self) {
        self.chat.emit().rooms(&self.hub.summaries());
    }
}

impl ChatServer for Session {
    async fn hello(&self) -> Welcome {
        Welcome { name: self.seat.name.clone(), token: self.seat.token.clone(), rooms: self.hub.summaries() }
    }

    async fn join_room(&self, room: String) -> Result<RoomInfo, JoinError> {
        let info = self.hub.enter(&room, &self.seat.name, self.socket.id())?;
        if !self.socket.in_room(&room) {
            self.socket.join(&room);
            self.socket.to(&room).emit().presence(&room, &self.seat.name, true);
            self.tell_rooms();
        }
        Ok(info)
    }

    async fn leave_room(&self, room: String) {
        self.socket.leave(&room);
        self.depart(&room);
        self.tell_rooms();
    }

    async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError> {
        if !self.socket.in_room(room) {
            return Err(SendError::NotInRoom);
        }
        if text.trim().is_empty() {
            return Err(SendError::Empty);
        }
        if text.chars().count() > MAX_TEXT {
            return Err(SendError::TooLong { max: MAX_TEXT as u32 });
        }
        let message = self.hub.say(Draft { from: &self.seat.name, room, text, reply_to, picture: None });
        self.socket.to(room).emit().message(&message);
        Ok(message)
    }

    async fn typing(&self, room: &str) {
        if self.socket.in_room(room) {
            self.socket.to(room).volatile().emit().typing(room, &self.seat.name);
        }
    }

    async fn put(&self, room: &str, name: &str, data: Binary) -> Result<Message, SendError> {
        if !self.socket.in_room(room) {
            return Err(SendError::NotInRoom);
        }
        if data.len() > MAX_PICTURE {
            return Err(SendError::TooLarge { max: MAX_PICTURE as u32 });
        }
        let media = media_type(&data).ok_or(SendError::NotAnImage)?;
        let text = name.chars().take(MAX_FILE_NAME).collect();
        let picture = Some((media, data.clone()));
        let message = self.hub.say(Draft { from: &self.seat.name, room, text, reply_to: None, picture });
        self.socket.to(room).emit().image(&message, &data);
        Ok(message)
    }

    async fn picture(&self, room: &str, id: u32) -> Result<Binary, PictureError> {
        if !self.socket.in_room(room) {
            return Err(PictureError::NotInRoom);
        }
        self.hub.picture(room, id).ok_or(PictureError::Gone)
    }

    async fn clear_room(&self, room: &str) -> Result<Tally, ClearError> {
        vote::clear_room(self, room).await
    }
}
