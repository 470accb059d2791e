//! The receiver's side: what was handled, and what it was answered.

use super::SLOTS;
use crate::proto::packet::Encoded;

/// What an answer costs beside its bytes.
const ENTRY: usize = 64;

/// What to do with an event that has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Handle it, and tell [`Answers::answer`], [`finish`](Answers::finish) or [`release`](Answers::release) how that ended.
    New,
    /// Nothing: it is being handled, or was and has no answer.
    Known,
    /// Send this answer again.
    Answered(Encoded),
    /// It was handled, but there was no room for its answer.
    Forgotten,
    /// Nothing: its sender has done with it.
    Stale,
}

/// The last event of each slot of one sender. Bounded: [`SLOTS`] events, and a budget of bytes.
#[derive(Debug)]
pub struct Answers {
    slots: Vec<Slot>,
    budget: usize,
    bytes: usize,
    running: usize,
    /// Counts answers, to know the oldest.
    stored: u64,
}

#[derive(Debug)]
struct Slot {
    /// The latest; what is older is stale.
    id: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Not handled, or not to its end.
    Vacant,
    Running,
    Answered {
        answer: Encoded,
        number: u64,
    },
    /// Handled, and there is no answer.
    Silent,
    Forgotten,
}

impl Answers {
    /// Nothing has arrived yet. `budget` is for the bytes of answers; the newest is kept whatever its size.
    pub fn new(budget: usize) -> Self {
        Self { slots: Vec::new(), budget, bytes: 0, running: 0, stored: 0 }
    }

    /// The memory that all this takes, in bytes.
    pub fn cost(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>() + self.bytes
    }

    /// Whether an event is being handled.
    pub fn is_running(&self) -> bool {
        self.running > 0
    }

    /// An event with this ack id has arrived.
    pub fn arrive(&mut self, id: u64) -> Arrival {
        let (at, turn) = ((id % SLOTS) as usize, id / SLOTS);
        // Slots are taken from the lowest, so that there are hardly ever gaps.
        while self.slots.len() <= at {
            let id = self.slots.len() as u64;
            self.slots.push(Slot { id, state: State::Vacant });
        }
        let latest = self.slots[at].id / SLOTS;
        if turn < latest {
            return Arrival::Stale;
        }
        if turn == latest {
            match &self.slots[at].state {
                State::Vacant => {}
                State::Running | State::Silent => return Arrival::Known,
                State::Answered { answer, .. } => return Arrival::Answered(answer.clone()),
                State::Forgotten => return Arrival::Forgotten,
            }
        }
        self.slots[at].id = id;
        self.set(at, State::Running);
        Arrival::New
    }

    /// An event was handled; false if its sender has done with it, and the answer is for nobody.
    pub fn answer(&mut self, id: u64, answer: &Encoded) -> bool {
        let Some(at) = self.running(id) else { return false };
        self.stored += 1;
        self.set(at, State::Answered { answer: answer.clone(), number: self.stored });
        while self.bytes > self.budget && self.forget_oldest() {}
        true
    }

    /// An event was handled, and there is no answer.
    pub fn finish(&mut self, id: u64) {
        if let Some(at) = self.running(id) {
            self.set(at, State::Silent);
        }
    }

    /// An event was not handled after all, or not to its end: should it come again, it is new.
    pub fn release(&mut self, id: u64) {
        if let Some(at) = self.running(id) {
            self.set(at, State::Vacant);
        }
    }

    fn running(&self, id: u64) -> Option<usize> {
        let at = (id % SLOTS) as usize;
        self.slots.get(at).filter(|slot| slot.id == id && matches!(slot.state, State::Running)).map(|_| at)
    }

    fn set(&mut self, at: usize, state: State) {
        self.bytes += state.cost();
        self.running += usize::from(matches!(state, State::Running));
        let before = std::mem::replace(&mut self.slots[at].state, state);
        self.bytes -= before.cost();
        self.running -= usize::from(matches!(before, State::Running));
    }

    /// Makes room; false if only the newest answer is left.
    fn forget_oldest(&mut self) -> bool {
        let newest = self.stored;
        let number = |slot: &Slot| match slot.state {
            State::Answered { number, .. } if number != newest => Some(number),
            _ => None,
        };
        let oldest = self.slots.iter().enumerate().filter_map(|(at, slot)| Some((number(slot)?, at))).min();
        let Some((_, at)) = oldest else { return false };
        self.set(at, State::Forgotten);
        true
    }
}

impl State {
    fn cost(&self) -> usize {
        match self {
            Self::Answered { answer, .. } => answer.size() + ENTRY * (1 + answer.attachments.len()),
            Self::Vacant | Self::Running | Self::Silent | Self::Forgotten => 0,
        }
    }
}
