//! The rooms: who is in them and what was said lately. No network in here, and a limit on everything.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use ackord::{Binary, SocketId};
use chat_contract::{Image, JoinError, Message, RoomInfo, RoomSummary};

use crate::seats::Seats;

/// Rooms that are there even when nobody is in them.
const FIXED: [&str; 3] = ["lobby", "design", "rust"];
const MAX_ROOMS: u32 = 30;
/// Messages kept for those who come later, of each room.
const HISTORY: usize = 100;
/// Pictures kept, of all rooms together.
const PICTURES: usize = 32;

/// What the sessions share.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    seats: Seats,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rooms: Vec<Room>,
    pictures: VecDeque<Picture>,
    last_id: u32,
}

#[derive(Debug)]
struct Room {
    name: String,
    /// The socket tells a returned member from the dead connection that is cleaned up later.
    members: BTreeMap<String, SocketId>,
    history: VecDeque<Message>,
    voting: bool,
}

#[derive(Debug)]
struct Picture {
    room: String,
    id: u32,
    data: Binary,
}

/// What somebody says: everything of a [`Message`] that the hub does not know better.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) from: &'a str,
    pub(crate) room: &'a str,
    pub(crate) text: String,
    pub(crate) reply_to: Option<u32>,
    pub(crate) picture: Option<(&'static str, Binary)>,
}

impl Default for State {
    fn default() -> Self {
        Self { rooms: FIXED.into_iter().map(Room::new).collect(), pictures: VecDeque::new(), last_id: 0 }
    }
}

impl Hub {
    pub(crate) fn seats(&self) -> &Seats {
        &self.seats
    }

    pub(crate) fn summaries(&self) -> Vec<RoomSummary> {
        let count = |room: &Room| u32::try_from(room.members.len()).unwrap_or(u32::MAX);
        self.lock().rooms.iter().map(|room| RoomSummary { name: room.name.clone(), members: count(room) }).collect()
    }

    /// Lets `who` into a room, which is made if need be.
    pub(crate) fn enter(&self, room: &str, who: &str, socket: SocketId) -> Result<RoomInfo, JoinError> {
        let mut state = self.lock();
        let room = state.room_or_new(room)?;
        room.members.insert(who.to_owned(), socket);
        Ok(RoomInfo { members: room.members.keys().cloned().collect(), history: room.history.iter().cloned().collect() })
    }

    /// Takes `who` out; false if they were not in it with this socket. A room of their own making goes with the last one.
    pub(crate) fn leave(&self, name: &str, who: &str, socket: SocketId) -> bool {
        let mut state = self.lock();
        let Some(room) = state.room(name) else { return false };
        if room.members.get(who) != Some(&socket) {
            return false;
        }
        room.members.remove(who);
        if room.members.is_empty() && !FIXED.contains(&name) {
            state.rooms.retain(|room| room.name != name);
            state.pictures.retain(|picture| picture.room != name);
        }
        true
    }

    /// Takes down what was said. A room that is gone forgets it at once.
    pub(crate) fn say(&self, draft: Draft<'_>) -> Message {
        let mut state = self.lock();
        state.last_id = state.last_id.wrapping_add(1);
        let id = state.last_id;
        let image = draft.picture.map(|(media, data)| {
            let bytes = u32::try_from(data.len()).unwrap_or(u32::MAX);
            state.keep(Picture { room: draft.room.to_owned(), id, data });
            Image { media: media.to_owned(), bytes }
        });
        let message = Message {
            id,
            from: draft.from.to_owned(),
            at: now(),
            room: draft.room.to_owned(),
            text: draft.text,
            reply_to: draft.reply_to,
            image,
        };
        if let Some(room) = state.room(draft.room) {
            if room.history.len() == HISTORY {
                room.history.pop_front();
            }
            room.history.push_back(message.clone());
        }
        message
    }

    pub(crate) fn picture(&self, room: &str, id: u32) -> Option<Binary> {
        let state = self.lock();
        state.pictures.iter().find(|picture| picture.id == id && picture.room == room).map(|picture| picture.data.clone())
    }

    pub(crate) fn clear(&self, name: &str) {
        let mut state = self.lock();
        state.pictures.retain(|picture| picture.room != name);
        if let Some(room) = state.room(name) {
            room.history.clear();
        }
    }

    /// Starts a vote: how many others there are to ask, or `None` if one is running.
    pub(crate) fn begin_vote(&self, name: &str) -> Option<u32> {
        let mut state = self.lock();
        let room = state.room(name)?;
        let others = u32::try_from(room.members.len()).unwrap_or(u32::MAX).saturating_sub(1);
        (!std::mem::replace(&mut room.voting, true)).then_some(others)
    }

    pub(crate) fn end_vote(&self, name: &str) {
        if let Some(room) = self.lock().room(name) {
            room.voting = false;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // As in `Seats`: nothing is left half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn room(&mut self, name: &str) -> Option<&mut Room> {
        self.rooms.iter_mut().find(|room| room.name == name)
    }

    fn room_or_new(&mut self, name: &str) -> Result<&mut Room, JoinError> {
        if !is_room_name(name) {
            return Err(JoinError::BadName);
        }
        let index = self.rooms.iter().position(|room| room.name == name);
        let index = match index {
            Some(index) => index,
            None if self.rooms.len() >= MAX_ROOMS as usize => return Err(JoinError::TooManyRooms { max: MAX_ROOMS }),
            None => {
                self.rooms.push(Room::new(name));
                self.rooms.len() - 1
            }
        };
        Ok(&mut self.rooms[index])
    }

    fn keep(&mut self, picture: Picture) {
        if self.pictures.len() == PICTURES {
            self.pictures.pop_front();
        }
        self.pictures.push_back(picture);
    }
}

impl Room {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), members: BTreeMap::new(), history: VecDeque::new(), voting: false }
    }
}

fn is_room_name(name: &str) -> bool {
    (1..=24).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn now() -> u32 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u32::try_from(since.as_secs()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
