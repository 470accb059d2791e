//! When to try again. `contrib/backo2.js` and `manager.js` of `socket.io-client` 4.8.4, but saturating: there, after 1015 attempts,
//! the delay overflows and about half of the further attempts come without any.

use std::time::Duration;

use crate::net::clock::LONGEST;

/// Whether, how often and how soon a client comes back after its connection has broken.
///
/// The `n`-th delay is `delay · 2ⁿ`, more or less a random part of up to `randomization`, and never more than `delay_max`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reconnection {
    pub(super) attempts: Option<u32>,
    delay: Duration,
    delay_max: Duration,
    randomization: f64,
}

impl Default for Reconnection {
    /// The reference's: no end of attempts, 1 s, 5 s at most, randomized by a half.
    fn default() -> Self {
        Self { attempts: None, delay: Duration::from_secs(1), delay_max: Duration::from_secs(5), randomization: 0.5 }
    }
}

impl Reconnection {
    /// No reconnection: the first disconnect is the last.
    pub fn never() -> Self {
        Self { attempts: Some(0), ..Self::default() }
    }

    /// So many attempts, counted anew when the server has let the client into a namespace.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts);
        self
    }

    /// The first delay and the longest.
    pub fn delay(mut self, first: Duration, max: Duration) -> Self {
        (self.delay, self.delay_max) = (first, max.min(LONGEST));
        self
    }

    /// How large a part of a delay is random, from 0 to 1. Anything else is 0, as in the reference.
    pub fn randomization(mut self, factor: f64) -> Self {
        self.randomization = if (0.0..=1.0).contains(&factor) { factor } else { 0.0 };
        self
    }
}

/// The delays since the last connection.
#[derive(Debug)]
pub(super) struct Backoff {
    options: Reconnection,
    attempt: u32,
}

impl Backoff {
    pub(super) fn new(options: Reconnection) -> Self {
        Self { options, attempt: 0 }
    }

    pub(super) fn reset(&mut self) {
        self.attempt = 0;
    }

    /// How long to wait before the next attempt; `None` if there is none. `random` is in `0.0..1.0`.
    pub(super) fn next(&mut self, random: f64) -> Option<Duration> {
        let Reconnection { attempts, delay, delay_max, randomization } = self.options;
        if attempts.is_some_and(|most| self.attempt >= most) {
            return None;
        }
        // A doubling beyond the longest delay changes nothing: the smallest part of it that jitter leaves is zero or still beyond.
        let base = delay.saturating_mul(1_u32.checked_shl(self.attempt.min(31)).unwrap_or(u32::MAX));
        self.attempt = self.attempt.saturating_add(1);
        let deviation = base.as_secs_f64() * randomization * random;
        // One random number decides both how far and in which direction.
        let shorter = (random * 10.0).floor() % 2.0 < 1.0;
        let seconds = if shorter { base.as_secs_f64() - deviation } else { base.as_secs_f64() + deviation };
        Some(Duration::try_from_secs_f64(seconds).map_or(delay_max, |delay| delay.min(delay_max)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn delays_double_up_to_the_longest_and_stay_there() {
        let mut backoff = Backoff::new(Reconnection::default().randomization(0.0));
        let seconds: Vec<_> = (0..5).map(|_| backoff.next(0.7).unwrap().as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 5, 5]);
        // The reference overflows at attempt 1015.
        for _ in 0..100_000 {
            assert_eq!(backoff.next(0.99), Some(5 * SECOND));
        }
        backoff.reset();
        assert_eq!(backoff.next(0.0), Some(SECOND));
    }

    #[test]
    fn a_random_part_is_added_or_taken_away() {
        let first = |random| Backoff::new(Reconnection::default()).next(random).unwrap().as_millis();
        // backo2's own numbers: floor(r * 10) even is shorter, odd longer.
        assert_eq!([first(0.0), first(0.15), first(0.2), first(0.95), first(0.8)], [1000, 1075, 900, 1475, 600]);
    }

    #[test]
    fn whatever_the_options_no_delay_is_too_long() {
        let huge = Reconnection::default().delay(Duration::MAX, SECOND);
        let mut backoff = Backoff::new(huge);
        for attempt in 0..100 {
            assert!(backoff.next(f64::from(attempt) / 100.0).unwrap() <= SECOND);
        }
        assert_eq!(Reconnection::default().randomization(f64::NAN), Reconnection::default().randomization(0.0));
    }

    #[test]
    fn attempts_are_counted() {
        let mut backoff = Backoff::new(Reconnection::default().attempts(2));
        assert!(backoff.next(0.5).is_some() && backoff.next(0.5).is_some());
        assert_eq!(backoff.next(0.5), None);
        assert_eq!(Backoff::new(Reconnection::never()).next(0.5), None);
    }
}
