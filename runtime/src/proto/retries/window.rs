//! The sender's side: what is unacknowledged, and when it is sent again.

use std::time::{Duration, Instant};

use super::SLOTS;

/// Settings of a [`Window`].
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many times a packet is sent again.
    pub retries: u32,
    /// How long a packet may be unacknowledged before it is sent again.
    pub ack_timeout: Duration,
    /// The most packets that may be unacknowledged at once, 1 to [`SLOTS`].
    pub window: usize,
}

/// What [`Window::poll`] wants done.
#[derive(Debug, PartialEq, Eq)]
pub enum Due<'a, T> {
    /// Send this once more, with the same ack id.
    Again(&'a T),
    /// The tries of this one are used up. It is no longer in the window.
    Exhausted(T),
}

/// The packets of one sender that are not acknowledged.
#[derive(Debug)]
pub struct Window<T> {
    settings: Settings,
    connected: bool,
    /// In order of their first sending, in which they are also sent again.
    entries: Vec<Entry<T>>,
    /// Those that were ever used, by number. The lowest that is free is taken, so that a receiver has few to remember.
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Entry<T> {
    id: u64,
    item: T,
    sent: u32,
    /// When its patience ends. None: it was not yet sent over this connection.
    due: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    next: u64,
    taken: bool,
}

impl<T> Window<T> {
    /// An empty one, without a connection.
    pub fn new(mut settings: Settings) -> Self {
        settings.window = settings.window.clamp(1, SLOTS as usize);
        Self { settings, connected: false, entries: Vec::new(), slots: Vec::new() }
    }

    /// Whether nothing is unacknowledged.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is unacknowledged, in order of its first sending.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().map(|entry| &entry.item)
    }

    /// Whether there is something that was sent over an earlier connection only, and can be sent over this one.
    pub fn is_behind(&self) -> bool {
        self.connected && self.entries.iter().any(|entry| entry.due.is_none())
    }

    /// How much that is new may be sent now: nothing without a connection, or while something older has to go first.
    pub fn free(&self) -> usize {
        let may = self.connected && !self.is_behind();
        if may { self.settings.window - self.entries.len() } else { 0 }
    }

    /// Something new that is being sent: `item` makes it of its ack id. None, and nothing done, unless there is
    /// [room](Self::free) for it.
    pub fn push(&mut self, now: Instant, item: impl FnOnce(u64) -> T) -> Option<&T> {
        if self.free() == 0 {
            return None;
        }
        let id = self.take_slot();
        let due = Some(now + self.settings.ack_timeout);
        self.entries.push(Entry { id, item: item(id), sent: 1, due });
        self.entries.last().map(|entry| &entry.item)
    }

    fn take_slot(&mut self) -> u64 {
        let free = self.slots.iter().position(|slot| !slot.taken);
        let at = free.unwrap_or_else(|| {
            self.slots.push(Slot { next: self.slots.len() as u64, taken: false });
            self.slots.len() - 1
        });
        let slot = &mut self.slots[at];
        slot.taken = true;
        let id = slot.next;
        slot.next += SLOTS;
        id
    }

    /// This id is acknowledged. None for one that is not in the window: late, doubled, made up.
    pub fn acked(&mut self, id: u64) -> Option<T> {
        let at = self.entries.iter().position(|entry| entry.id == id)?;
        Some(self.remove(at))
    }

    /// Nobody wants an answer to this one any more. It will not be sent again; whether it arrived stays unknown.
    pub fn forget(&mut self, which: impl Fn(&T) -> bool) -> Option<T> {
        let at = self.entries.iter().position(|entry| which(&entry.item))?;
        Some(self.remove(at))
    }

    fn remove(&mut self, at: usize) -> T {
        let entry = self.entries.remove(at);
        self.slots[(entry.id % SLOTS) as usize].taken = false;
        entry.item
    }

    /// There is a new connection: [`poll`](Self::poll) now yields everything that was sent over the last one.
    pub fn connected(&mut self) {
        self.connected = true;
    }

    /// The connection is gone. What has been sent for the last time keeps its deadline: an answer may come over the next connection by
    /// itself.
    pub fn disconnected(&mut self) {
        self.connected = false;
        for entry in &mut self.entries {
            if entry.sent <= self.settings.retries {
                entry.due = None;
            }
        }
    }

    /// What is to be done now. Call it until there is nothing more, and before anything new is sent.
    ///
    /// If the connection takes nothing now (`takes`), patience is not at its end: what is due waits in the connection's own queue.
    pub fn poll(&mut self, now: Instant, takes: bool) -> Option<Due<'_, T>> {
        let Self { settings: Settings { retries, ack_timeout, .. }, connected, .. } = *self;
        let mut at = 0;
        loop {
            let entry = self.entries.get_mut(at)?;
            let is_last = entry.sent > retries;
            match entry.due {
                Some(due) if due > now => at += 1,
                Some(_) if is_last => return Some(Due::Exhausted(self.remove(at))),
                None if !connected || !takes => at += 1,
                Some(_) if !takes => entry.due = Some(now + ack_timeout),
                Some(_) | None => {
                    entry.due = Some(now + ack_timeout);
                    entry.sent += 1;
                    return self.entries.get(at).map(|entry| Due::Again(&entry.item));
                }
            }
        }
    }

    /// When [`poll`](Self::poll) has something to do next, if nothing else happens.
    pub fn deadline(&self) -> Option<Instant> {
        self.entries.iter().filter_map(|entry| entry.due).min()
    }

    /// Empties the window: there will be no connection any more.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        self.slots.iter_mut().for_each(|slot| slot.taken = false);
        std::mem::take(&mut self.entries).into_iter().map(|entry| entry.item)
    }
}
