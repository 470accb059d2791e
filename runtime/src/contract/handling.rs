//! A handler that runs, how it wants to be run, and who waits for whom.

#[cfg(any(test, feature = "server", feature = "client"))]
use std::collections::VecDeque;
use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::{Answer, BoxFuture};

/// The future of a running handler, and how it is to be run. It yields the ack, if one was asked for.
#[must_use = "a handler runs when it is polled"]
pub struct Handling {
    work: BoxFuture<'static, Answer>,
    run: Run,
}

impl Handling {
    /// A handler that runs beside all others, and to its end.
    pub fn new(work: impl Future<Output = Answer> + Send + 'static) -> Self {
        Self { work: Box::pin(work), run: Run::default() }
    }

    /// The same handler, run as its event says.
    pub fn run(self, run: Run) -> Self {
        Self { run, ..self }
    }

    /// How it is to be run.
    #[cfg(any(feature = "server", feature = "client"))]
    pub(crate) fn how(&self) -> Run {
        self.run
    }
}

impl Future for Handling {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        self.work.as_mut().poll(cx)
    }
}

impl fmt::Debug for Handling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handling").field("run", &self.run).finish_non_exhaustive()
    }
}

/// How the handler of an event is run: what `#[event(serial)]` and `#[event(cancel_on_disconnect)]` ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Run {
    pub(crate) serial: bool,
    pub(crate) cancel_on_disconnect: bool,
}

impl Run {
    /// Beside all others, and to its end.
    pub const fn new() -> Self {
        Self { serial: false, cancel_on_disconnect: false }
    }

    /// After the serial handlers of the socket that came before it.
    pub const fn serial(self) -> Self {
        Self { serial: true, ..self }
    }

    /// As long as the socket is connected.
    pub const fn cancel_on_disconnect(self) -> Self {
        Self { cancel_on_disconnect: true, ..self }
    }
}

/// The serial handlers of several sockets: of each socket one runs and the others wait, in the order of arrival (R2).
///
/// A queue and no lock: what waits was not polled yet, so that no wake-up can change the order.
#[cfg(any(test, feature = "server", feature = "client"))]
pub(crate) struct Turns<K, J> {
    /// Sockets with a serial handler that runs. Few: they are the namespaces of one connection.
    running: Vec<(K, VecDeque<J>)>,
}

#[cfg(any(test, feature = "server", feature = "client"))]
impl<K: PartialEq, J> Turns<K, J> {
    pub(crate) fn new() -> Self {
        Self { running: Vec::new() }
    }

    /// Gives the job back if it is its turn; keeps it otherwise.
    pub(crate) fn enter(&mut self, key: K, job: J) -> Option<J> {
        if let Some((_, waiting)) = self.running.iter_mut().find(|(running, _)| *running == key) {
            waiting.push_back(job);
            return None;
        }
        self.running.push((key, VecDeque::new()));
        Some(job)
    }

    /// The job that runs has ended: the one whose turn it is now.
    pub(crate) fn next(&mut self, key: &K) -> Option<J> {
        let at = self.running.iter().position(|(running, _)| running == key)?;
        let next = self.running[at].1.pop_front();
        if next.is_none() {
            self.running.swap_remove(at);
        }
        next
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.running.iter().map(|(_, waiting)| waiting.len()).sum()
    }

    /// Takes out jobs that wait, of whichever socket.
    pub(crate) fn take_if(&mut self, mut unwanted: impl FnMut(&J) -> bool) -> Vec<J> {
        let mut out = Vec::new();
        for (_, waiting) in &mut self.running {
            let (unwanted, kept) = waiting.drain(..).partition::<VecDeque<_>, _>(&mut unwanted);
            *waiting = kept;
            out.extend(unwanted);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_socket_one_runs_and_the_others_wait_in_order() {
        let mut turns = Turns::new();
        assert_eq!(turns.enter("a", 1), Some(1));
        assert_eq!((turns.enter("a", 2), turns.enter("a", 3)), (None, None));
        assert_eq!(turns.enter("b", 4), Some(4));
        assert_eq!(turns.waiting(), 2);
        assert_eq!((turns.next(&"a"), turns.next(&"b")), (Some(2), None));
        assert_eq!(turns.enter("a", 5), None);
        assert_eq!((turns.next(&"a"), turns.next(&"a"), turns.next(&"a")), (Some(3), Some(5), None));
        assert_eq!(turns.enter("a", 6), Some(6));
        assert_eq!(turns.next(&"c"), None);
    }

    #[test]
    fn what_waits_can_be_taken_out() {
        let mut turns = Turns::new();
        for n in 0..6 {
            turns.enter((), n);
        }
        assert_eq!(turns.take_if(|n| n % 2 == 0), [2, 4]);
        assert_eq!((turns.next(&()), turns.next(&()), turns.next(&()), turns.next(&())), (Some(1), Some(3), Some(5), None));
        assert_eq!(turns.take_if(|_| true), [0; 0]);
    }
}
