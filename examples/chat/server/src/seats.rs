//! Who is here under which name.

use std::{
    collections::HashMap,
    fmt::Write,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ackord::SocketId;
use chat_contract::{Denied, Login};

/// How many people there may be at once.
const MAX: usize = 500;

#[derive(Debug, Default)]
pub(crate) struct Seats(Mutex<HashMap<String, Taken>>);

#[derive(Debug)]
struct Taken {
    token: String,
    socket: Option<SocketId>,
}

/// A name that one may chat under.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) name: String,
    pub(crate) token: String,
}

impl Seats {
    /// Whether somebody may come in. The right token takes a name back from a connection that is not known to be dead yet.
    pub(crate) fn admit(&self, login: &Login) -> Result<Seat, Denied> {
        if !is_name(&login.name) {
            return Err(Denied::BadName);
        }
        let mut seats = self.lock();
        let full = seats.len() >= MAX;
        match seats.get(&key(&login.name)) {
            Some(taken) if login.token.as_ref() != Some(&taken.token) => return Err(Denied::NameTaken),
            Some(_) => {}
            None if full => return Err(Denied::Full),
            None => {
                seats.insert(key(&login.name), Taken { token: random_token(), socket: None });
            }
        }
        let token = seats[&key(&login.name)].token.clone();
        Ok(Seat { name: login.name.clone(), token })
    }

    /// Gives the seat to `socket`; returns the one that had it.
    pub(crate) fn sit(&self, seat: &Seat, socket: SocketId) -> Option<SocketId> {
        self.lock().get_mut(&key(&seat.name))?.socket.replace(socket)
    }

    /// Frees the seat, unless another socket has it by now.
    pub(crate) fn free(&self, name: &str, socket: SocketId) {
        let mut seats = self.lock();
        if seats.get(&key(name)).is_some_and(|taken| taken.socket == Some(socket)) {
            seats.remove(&key(name));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Taken>> {
        // No step in here leaves the map half changed, so that a panic elsewhere is no reason to close the chat.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `Ada` and `ada` are one name.
fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn is_name(name: &str) -> bool {
    (2..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn random_token() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    bytes.iter().fold(String::new(), |mut token, byte| {
        // Writing to a string cannot fail.
        let _ = write!(token, "{byte:02x}");
        token
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(name: &str, token: Option<&str>) -> Login {
        Login { name: name.into(), token: token.map(Into::into) }
    }

    fn id(byte: u8) -> SocketId {
        String::from_utf8(vec![byte; SocketId::LEN]).unwrap().parse().unwrap()
    }

    #[test]
    fn names_are_checked_and_unique_whatever_their_case() {
        let seats = Seats::default();
        for bad in ["", "a", "a b", "ä-ö", "x".repeat(21).as_str()] {
            assert_eq!(seats.admit(&login(bad, None)).unwrap_err(), Denied::BadName);
        }
        seats.admit(&login("Ada", None)).unwrap();
        assert_eq!(seats.admit(&login("ada", None)).unwrap_err(), Denied::NameTaken);
        assert_eq!(seats.admit(&login("ada", Some("guess"))).unwrap_err(), Denied::NameTaken);
    }

    #[test]
    fn the_token_takes_a_name_back_and_the_old_socket_cannot_free_it() {
        let seats = Seats::default();
        let seat = seats.admit(&login("ada", None)).unwrap();
        assert_eq!(seats.sit(&seat, id(b'a')), None);
        let again = seats.admit(&login("ada", Some(&seat.token))).unwrap();
        assert_eq!(seats.sit(&again, id(b'b')), Some(id(b'a')));
        seats.free("ada", id(b'a'));
        assert_eq!(seats.admit(&login("ada", None)).unwrap_err(), Denied::NameTaken);
        seats.free("ada", id(b'b'));
        seats.admit(&login("ada", None)).unwrap();
    }

    #[test]
    fn there_is_an_end_to_the_seats() {
        let seats = Seats::default();
        for n in 0..MAX {
            seats.admit(&login(&format!("user-{n}"), None)).unwrap();
        }
        assert_eq!(seats.admit(&login("one-more", None)).unwrap_err(), Denied::Full);
    }
}
