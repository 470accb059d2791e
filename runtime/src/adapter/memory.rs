use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::Room;
use crate::contract::SocketId;

/// The sockets of one namespace and their rooms.
///
/// A socket's membership is part of the socket's own entry and goes with it: nothing can join a room for a socket that is gone. The
/// lists that broadcasts walk are made once after a change and shared from then on, so that no lock is held while sending.
#[derive(Debug)]
pub(crate) struct Memory<M> {
    inner: Mutex<Inner<M>>,
}

#[derive(Debug)]
struct Inner<M> {
    sockets: HashMap<SocketId, Entry<M>>,
    rooms: HashMap<Room, Members<M>>,
    everyone: Snapshot<M>,
}

#[derive(Debug)]
struct Entry<M> {
    member: M,
    rooms: Vec<Room>,
}

#[derive(Debug)]
struct Members<M> {
    by_id: HashMap<SocketId, M>,
    snapshot: Snapshot<M>,
}

type Snapshot<M> = Option<Arc<[(SocketId, M)]>>;

/// Whom a broadcast reaches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// Any of these rooms; everyone if empty.
    pub(crate) rooms: Vec<Room>,
    /// None of these rooms.
    pub(crate) except: Vec<Room>,
    /// Not the sender.
    pub(crate) sender: Option<SocketId>,
}

impl<M> Default for Memory<M> {
    fn default() -> Self {
        Self { inner: Mutex::new(Inner { sockets: HashMap::new(), rooms: HashMap::new(), everyone: None }) }
    }
}

impl<M: Clone> Memory<M> {
    fn lock(&self) -> MutexGuard<'_, Inner<M>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn insert(&self, id: SocketId, member: M) {
        let mut inner = self.lock();
        inner.everyone = None;
        inner.sockets.insert(id, Entry { member, rooms: Vec::new() });
    }

    /// Takes a socket out of the namespace and all its rooms.
    pub(crate) fn remove(&self, id: SocketId) {
        let mut inner = self.lock();
        let Some(entry) = inner.sockets.remove(&id) else { return };
        inner.everyone = None;
        for room in &entry.rooms {
            inner.leave(id, room);
        }
    }

    /// Whether the socket is in the room now: a socket that is gone joins nothing.
    pub(crate) fn join(&self, id: SocketId, room: Room) -> bool {
        let mut inner = self.lock();
        let Some(entry) = inner.sockets.get_mut(&id) else { return false };
        if entry.rooms.contains(&room) {
            return true;
        }
        entry.rooms.push(Arc::clone(&room));
        let member = entry.member.clone();
        let members = inner.rooms.entry(room).or_insert_with(|| Members { by_id: HashMap::new(), snapshot: None });
        members.snapshot = None;
        members.by_id.insert(id, member);
        true
    }

    pub(crate) fn leave(&self, id: SocketId, room: &str) {
        let mut inner = self.lock();
        let Some(entry) = inner.sockets.get_mut(&id) else { return };
        let before = entry.rooms.len();
        entry.rooms.retain(|r| **r != *room);
        if entry.rooms.len() < before {
            inner.leave(id, room);
        }
    }

    /// The rooms of a socket, without the one of its own id.
    pub(crate) fn rooms_of(&self, id: SocketId) -> Vec<Room> {
        self.lock().sockets.get(&id).map(|entry| entry.rooms.clone()).unwrap_or_default()
    }

    pub(crate) fn is_in(&self, id: SocketId, room: &str) -> bool {
        room == id.as_str() || self.lock().sockets.get(&id).is_some_and(|entry| entry.rooms.iter().any(|r| **r == *room))
    }

    pub(crate) fn get(&self, id: SocketId) -> Option<M> {
        self.lock().sockets.get(&id).map(|entry| entry.member.clone())
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().sockets.len()
    }

    /// Names of all rooms that have a member.
    pub(crate) fn rooms(&self) -> Vec<Room> {
        self.lock().rooms.keys().cloned().collect()
    }

    /// Calls `visit` for every socket that `filter` selects, once each, without holding the lock.
    pub(crate) fn each(&self, filter: &Filter, mut visit: impl FnMut(SocketId, &M)) {
        let (members, except) = {
            let mut inner = self.lock();
            (inner.select(&filter.rooms), inner.ids(&filter.except))
        };
        for (id, member) in &*members {
            if filter.sender != Some(*id) && !except.contains(id) {
                visit(*id, member);
            }
        }
    }
}

impl<M: Clone> Inner<M> {
    fn leave(&mut self, id: SocketId, room: &str) {
        let Some(members) = self.rooms.get_mut(room) else { return };
        members.by_id.remove(&id);
        members.snapshot = None;
        if members.by_id.is_empty() {
            self.rooms.remove(room);
        }
    }

    /// The socket whose own room this is.
    fn own(&self, room: &str) -> Option<(SocketId, M)> {
        let id = room.parse().ok()?;
        Some((id, self.sockets.get(&id)?.member.clone()))
    }

    fn select(&mut self, rooms: &[Room]) -> Arc<[(SocketId, M)]> {
        match rooms {
            [] => {
                let Self { sockets, everyone, .. } = self;
                let all = || sockets.iter().map(|(id, entry)| (*id, entry.member.clone())).collect();
                Arc::clone(everyone.get_or_insert_with(all))
            }
            [room] if self.own(room).is_none() => match self.rooms.get_mut(room) {
                Some(Members { by_id, snapshot }) => {
                    let all = || by_id.iter().map(|(id, member)| (*id, member.clone())).collect();
                    Arc::clone(snapshot.get_or_insert_with(all))
                }
                None => [].into(),
            },
            rooms => {
                let mut union = HashMap::new();
                for room in rooms {
                    union.extend(self.own(room));
                    if let Some(members) = self.rooms.get(room) {
                        union.extend(members.by_id.iter().map(|(id, member)| (*id, member.clone())));
                    }
                }
                union.into_iter().collect()
            }
        }
    }

    fn ids(&self, rooms: &[Room]) -> HashSet<SocketId> {
        let members = rooms.iter().filter_map(|room| self.rooms.get(room)).flat_map(|m| m.by_id.keys().copied());
        members.chain(rooms.iter().filter_map(|room| self.own(room)).map(|(id, _)| id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> SocketId {
        SocketId::from_random([n; 15])
    }

    fn reached(memory: &Memory<u8>, rooms: &[&str], except: &[&str], sender: Option<u8>) -> Vec<u8> {
        let names = |rooms: &[&str]| rooms.iter().map(|r| Room::from(*r)).collect();
        let filter = Filter { rooms: names(rooms), except: names(except), sender: sender.map(id) };
        let mut all = Vec::new();
        memory.each(&filter, |_, m| all.push(*m));
        all.sort_unstable();
        all
    }

    fn three() -> Memory<u8> {
        let memory = Memory::default();
        for n in 1..=3 {
            memory.insert(id(n), n);
        }
        memory.join(id(1), "a".into());
        memory.join(id(2), "a".into());
        memory.join(id(2), "b".into());
        memory
    }

    #[test]
    fn a_broadcast_reaches_each_socket_once() {
        let m = three();
        assert_eq!(reached(&m, &[], &[], None), [1, 2, 3]);
        assert_eq!(reached(&m, &["a", "b"], &[], None), [1, 2]);
        assert_eq!(reached(&m, &["a"], &[], Some(1)), [2]);
        assert_eq!(reached(&m, &[], &["b"], None), [1, 3]);
        assert!(reached(&m, &["nobody"], &[], None).is_empty());
    }

    #[test]
    fn every_socket_is_in_the_room_of_its_id() {
        let m = three();
        let own = id(3).to_string();
        assert_eq!(reached(&m, &[&own], &[], None), [3]);
        assert_eq!(reached(&m, &["a", &own], &["b"], None), [1, 3]);
        assert_eq!(reached(&m, &[], &[&own], None), [1, 2]);
        m.join(id(1), own.as_str().into());
        assert_eq!(reached(&m, &[&own], &[], None), [1, 3]);
        assert!(m.is_in(id(3), &own));
    }

    #[test]
    fn membership_dies_with_the_socket() {
        let m = three();
        m.remove(id(2));
        assert_eq!(reached(&m, &["a"], &[], None), [1]);
        assert_eq!(reached(&m, &[], &[], None), [1, 3]);
        assert!(!m.join(id(2), "a".into()));
        assert_eq!(m.rooms(), ["a".into()]);
        m.leave(id(1), "a");
        assert!(m.rooms().is_empty());
        assert_eq!(m.len(), 2);
    }

    #[test]
    fn a_cached_list_is_renewed_after_every_change() {
        let m = three();
        assert_eq!(reached(&m, &["a"], &[], None), [1, 2]);
        m.join(id(3), "a".into());
        assert_eq!(reached(&m, &["a"], &[], None), [1, 2, 3]);
        m.leave(id(1), "a");
        assert_eq!(reached(&m, &["a"], &[], None), [2, 3]);
        m.insert(id(4), 4);
        assert_eq!(reached(&m, &[], &[], None), [1, 2, 3, 4]);
    }
}
