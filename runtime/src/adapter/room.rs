use std::sync::Arc;

use crate::contract::SocketId;

/// The name of a room. Cheap to clone.
pub type Room = Arc<str>;

/// One room or several, as an argument: `"lobby"`, a `String`, a [`SocketId`] (every socket is in the room of its id), an array, a
/// slice or a `Vec` of those. None at all is no room: `to([])` reaches everybody, as in Node.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a room",
    label = "not a room, nor several",
    note = "a room is a `&str`, a `String` or a `SocketId`; several are an array, a slice or a `Vec` of those"
)]
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

impl Rooms for &SocketId {
    fn each(self, add: &mut dyn FnMut(Room)) {
        (*self).each(add);
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

impl<R: Rooms + Clone> Rooms for &[R] {
    fn each(self, add: &mut dyn FnMut(Room)) {
        self.iter().cloned().for_each(|room| room.each(add));
    }
}

impl<R: Rooms + Clone, const N: usize> Rooms for &[R; N] {
    fn each(self, add: &mut dyn FnMut(Room)) {
        self.as_slice().each(add);
    }
}

impl<R: Rooms + Clone> Rooms for &Vec<R> {
    fn each(self, add: &mut dyn FnMut(Room)) {
        self.as_slice().each(add);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(rooms: impl Rooms) -> Vec<String> {
        let mut names = Vec::new();
        rooms.each(&mut |room| names.push(room.to_string()));
        names
    }

    #[test]
    #[expect(clippy::needless_borrows_for_generic_args, reason = "references are what is under test")]
    fn rooms_are_named_by_whatever_is_at_hand() {
        let id = SocketId::from_random([7; 15]);
        assert_eq!(names("a"), ["a"]);
        assert_eq!(names(id), [id.as_str()]);
        assert_eq!(names(&id), names(id));
        let owned = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(names(&owned), ["a", "b"]);
        assert_eq!(names(&owned[1..]), ["b"]);
        assert_eq!(names(&["a", "b"]), names(["a", "b"]));
        assert_eq!(names(owned), ["a", "b"]);
    }
}
