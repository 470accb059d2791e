use std::sync::Arc;

use crate::contract::SocketId;

/// The name of a room. Cheap to clone.
pub type Room = Arc<str>;

/// One room or several, as an argument: `"lobby"`, a `String`, a [`SocketId`] (every socket is in the room of its id), an array or a
/// `Vec` of those.
pub trait Rooms {
    /// Gives each room to `add`.
    fn each(self, add: &mut dyn FnMut(Room));
}

macro_rules! one {
    ($($t:ty),*) => { $(impl Rooms for $t {
        fn each(self, add: &mut dyn FnMut(Room)) {
            add(self.into());
        }
    })* };
}
one!(&str, String, Room);

impl Rooms for &String {
    fn each(self, add: &mut dyn FnMut(Room)) {
        add(self.as_str().into());
    }
}

impl Rooms for &Room {
    fn each(self, add: &mut dyn FnMut(Room)) {
        add(Arc::clone(self));
    }
}

impl Rooms for SocketId {
    fn each(self, add: &mut dyn FnMut(Room)) {
        add(self.as_str().into());
    }
}

impl<R: Rooms, const N: usize> Rooms for [R; N] {
    fn each(self, add: &mut dyn FnMut(Room)) {
        for room in self {
            room.each(add);
        }
    }
}

impl<R: Rooms> Rooms for Vec<R> {
    fn each(self, add: &mut dyn FnMut(Room)) {
        for room in self {
            room.each(add);
        }
    }
}

impl<R: Clone> Rooms for &[R]
where
    R: Rooms,
{
    fn each(self, add: &mut dyn FnMut(Room)) {
        self.iter().cloned().for_each(|room| room.each(add));
    }
}
