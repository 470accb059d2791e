use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    time::{Duration, Instant},
};

use bytes::Bytes;

use super::super::{Answers, Arrival, Due, Settings, Window};
use crate::proto::{packet::Encoded, sim::Rng};

/// Enough for the answers of every slot.
const BUDGET: usize = 20_000;

/// Times are in milliseconds, and averages.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) messages: usize,
    /// Between two messages.
    pub(super) every: u64,
    /// How long a connection lasts, and how long there is none.
    pub(super) up: u64,
    pub(super) down: u64,
    pub(super) window: usize,
    pub(super) retries: u32,
    /// When a caller loses patience, if it does.
    pub(super) give_up: u64,
    /// Packets in a thousand that get lost although their connection lasts.
    pub(super) loss: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { messages: 500, every: 50, up: 1_000, down: 300, window: 32, retries: u32::MAX, give_up: 0, loss: 0 }
    }
}

enum Step {
    Emit(usize),
    GiveUp(usize),
    Connect,
    Cut,
    /// A packet arrives at the server, over this connection.
    Up(usize, u64, usize),
    /// A handler ends.
    Handled(u64, usize),
    /// An answer arrives at the client, over this connection.
    Down(usize, u64, Encoded),
    Wake,
}

struct At {
    time: u64,
    number: usize,
    step: Step,
}

pub(super) struct World {
    seed: u64,
    plan: Plan,
    rng: Rng,
    epoch: Instant,
    now: u64,
    steps: BinaryHeap<Reverse<At>>,
    number: usize,
    // The network.
    pub(super) cuts: usize,
    connection: usize,
    is_up: bool,
    /// When the last packet of each direction arrives: none overtakes another.
    last: [u64; 2],
    /// What is on its way when a connection breaks may arrive until then.
    late: u64,
    // The client.
    window: Window<(u64, usize)>,
    backlog: VecDeque<usize>,
    wakes: u64,
    answered: Vec<bool>,
    settled: Vec<bool>,
    open: usize,
    // The server.
    answers: Answers,
    handled: Vec<usize>,
}

impl World {
    pub(super) fn run(seed: u64, plan: Plan) -> Self {
        let settings = Settings { retries: plan.retries, ack_timeout: Duration::from_secs(2), window: plan.window };
        let mut world = Self {
            seed,
            plan,
            rng: Rng(seed),
            epoch: Instant::now(),
            now: 0,
            steps: BinaryHeap::new(),
            number: 0,
            cuts: 0,
            connection: 0,
            is_up: false,
            last: [0; 2],
            late: 0,
            window: Window::new(settings),
            backlog: VecDeque::new(),
            wakes: 0,
            answered: vec![false; plan.messages],
            settled: vec![false; plan.messages],
            open: plan.messages,
            answers: Answers::new(BUDGET),
            handled: Vec::new(),
        };
        world.after(0, Step::Connect);
        world.after(0, Step::Emit(0));
        while world.open > 0 {
            let Some(Reverse(at)) = world.steps.pop() else { panic!("seed {seed}: nothing will settle the rest") };
            world.now = at.time;
            world.step(at.step);
            world.check_bounds();
        }
        world
    }

    fn after(&mut self, delay: u64, step: Step) {
        self.number += 1;
        self.steps.push(Reverse(At { time: self.now + delay, number: self.number, step }));
    }

    /// Mostly below `average`, sometimes far above.
    fn about(&mut self, average: u64) -> u64 {
        let long = if self.rng.below(10) == 0 { 10 } else { 1 };
        1 + self.rng.below(average * long)
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Emit(n) => {
                self.backlog.push_back(n);
                if n + 1 < self.plan.messages {
                    let pause = self.about(self.plan.every);
                    self.after(pause, Step::Emit(n + 1));
                }
                if self.plan.give_up > 0 && self.rng.below(4) == 0 {
                    let patience = self.about(self.plan.give_up);
                    self.after(patience, Step::GiveUp(n));
                }
            }
            Step::GiveUp(n) => {
                self.backlog.retain(|waiting| *waiting != n);
                self.window.forget(|(_, message)| *message == n);
                self.settle(n);
            }
            Step::Connect => {
                (self.is_up, self.connection, self.last) = (true, self.connection + 1, [self.now; 2]);
                self.window.connected();
                let lasts = self.about(self.plan.up);
                self.after(lasts, Step::Cut);
            }
            Step::Cut => {
                self.is_up = false;
                self.cuts += 1;
                self.late = self.now + self.rng.below(200);
                self.window.disconnected();
                let pause = self.about(self.plan.down);
                self.after(pause, Step::Connect);
            }
            Step::Up(connection, id, n) => self.arrive(connection, id, n),
            Step::Handled(id, n) => {
                let answer = Encoded::from(Bytes::from(n.to_string()));
                if self.answers.answer(id, &answer) {
                    self.reply(id, answer);
                }
            }
            Step::Down(connection, id, answer) => self.acked(connection, id, &answer),
            Step::Wake => {}
        }
        self.client();
    }

    fn client(&mut self) {
        let now = self.epoch + Duration::from_millis(self.now);
        while let Some(due) = self.window.poll(now, true) {
            match due {
                Due::Again(&(id, n)) => self.send(id, n),
                Due::Exhausted((_, n)) => self.settle(n),
            }
        }
        while let Some(n) = self.backlog.front().copied() {
            let Some(&(id, _)) = self.window.push(now, |id| (id, n)) else { break };
            self.backlog.pop_front();
            self.send(id, n);
        }
        if let Some(at) = self.window.deadline() {
            let at = (at - self.epoch).as_millis() as u64;
            if at < self.wakes || self.wakes <= self.now {
                self.wakes = at;
                self.after(at - self.now, Step::Wake);
            }
        }
    }

    fn send(&mut self, id: u64, n: usize) {
        let step = Step::Up(self.connection, id, n);
        self.transmit(0, step);
    }

    fn transmit(&mut self, direction: usize, step: Step) {
        let latency = self.about(100);
        self.last[direction] = self.last[direction].max(self.now + latency);
        if self.rng.below(1000) >= self.plan.loss {
            self.after(self.last[direction] - self.now, step);
        }
    }

    fn arrive(&mut self, connection: usize, id: u64, n: usize) {
        // The server takes nothing from a connection after a newer one of the same client; before, what had been on its way.
        let arrives = connection == self.connection && (self.is_up || self.now <= self.late);
        if !arrives {
            return;
        }
        match self.answers.arrive(id) {
            Arrival::New => {
                self.handled.push(n);
                let takes = if self.rng.below(100) == 0 { 60_000 } else { self.about(100) };
                self.after(takes, Step::Handled(id, n));
            }
            Arrival::Answered(answer) => self.reply(id, answer),
            Arrival::Known | Arrival::Stale => {}
            Arrival::Forgotten => unreachable!("seed {}: the budget is enough", self.seed),
        }
    }

    fn reply(&mut self, id: u64, answer: Encoded) {
        if self.is_up {
            let step = Step::Down(self.connection, id, answer);
            self.transmit(1, step);
        }
    }

    fn acked(&mut self, connection: usize, id: u64, answer: &Encoded) {
        if connection == self.connection
            && self.is_up
            && let Some((_, n)) = self.window.acked(id)
        {
            assert_eq!(answer.text, n.to_string(), "seed {}: the answer to another message", self.seed);
            self.answered[n] = true;
            self.settle(n);
        }
    }

    fn settle(&mut self, n: usize) {
        self.open -= usize::from(!std::mem::replace(&mut self.settled[n], true));
    }

    fn check_bounds(&self) {
        let (waiting, most) = (self.window.iter().count(), self.plan.window);
        assert!(waiting <= most, "seed {}: {waiting} packets in a window of {most}", self.seed);
        let (cost, most) = (self.answers.cost(), BUDGET + 128 * self.plan.window.next_power_of_two().max(4));
        assert!(cost <= most, "seed {}: {cost} bytes of answers", self.seed);
    }

    pub(super) fn unanswered(&self) -> usize {
        self.answered.iter().filter(|answered| !**answered).count()
    }

    pub(super) fn assert_at_most_once_in_order(&self) {
        assert!(self.handled.is_sorted_by(|a, b| a < b), "seed {}: {:?}", self.seed, self.handled);
    }

    pub(super) fn assert_exactly_once(&self) {
        let mut handled = self.handled.clone();
        handled.sort_unstable();
        assert!(handled.into_iter().eq(0..self.plan.messages), "seed {}", self.seed);
        assert_eq!(self.unanswered(), 0, "seed {}", self.seed);
    }

    pub(super) fn assert_exactly_once_in_order(&self) {
        self.assert_exactly_once();
        self.assert_at_most_once_in_order();
    }
}

impl PartialEq for At {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for At {}

impl PartialOrd for At {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for At {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.time, self.number).cmp(&(other.time, other.number))
    }
}
