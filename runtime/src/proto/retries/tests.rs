//! Both sides over a network made of a seed, in virtual time: connections break at any moment, what is on its way is lost or late.

mod world;

use std::time::{Duration, Instant};

use bytes::Bytes;

use self::world::{Plan, World};
use super::{Answers, Arrival, Due, SLOTS, Settings, Window};
use crate::proto::packet::Encoded;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn window(size: usize) -> (Instant, Window<u64>) {
    let mut window = Window::new(Settings { retries: 2, ack_timeout: seconds(10), window: size });
    window.connected();
    (Instant::now(), window)
}

fn answer(len: usize) -> Encoded {
    Bytes::from(vec![b'x'; len]).into()
}

#[test]
fn a_day_of_flapping() {
    let plan = Plan { messages: 86_400, every: 1_000, up: 6_000, down: 2_000, ..Plan::default() };
    let world = World::run(1, plan);
    assert!(world.cuts > 10_000, "{}", world.cuts);
    world.assert_exactly_once_in_order();
}

#[test]
fn whatever_the_seed_everything_is_handled_once_and_in_order() {
    for seed in 0..300 {
        World::run(seed, Plan::default()).assert_exactly_once_in_order();
    }
}

#[test]
fn whatever_the_window_too() {
    for window in [1, 2, 7, 256] {
        for seed in 0..30 {
            World::run(seed, Plan { window, ..Plan::default() }).assert_exactly_once_in_order();
        }
    }
}

#[test]
fn nothing_is_handled_twice_when_callers_give_up_or_tries_are_used_up() {
    let mut unanswered = 0;
    for seed in 0..300 {
        let world = World::run(seed, Plan { retries: 2, give_up: 4_000, ..Plan::default() });
        world.assert_at_most_once_in_order();
        unanswered += world.unanswered();
    }
    assert!(unanswered > 100, "{unanswered}");
}

#[test]
fn nothing_is_handled_twice_when_single_packets_get_lost() {
    for seed in 0..100 {
        let world = World::run(seed, Plan { loss: 10, ..Plan::default() });
        world.assert_exactly_once();
    }
}

#[test]
fn a_slow_one_holds_up_nobody_else() {
    let (now, mut window) = window(4);
    let slow = *window.push(now, |id| id).unwrap();
    for _ in 0..10_000 {
        let others: Vec<_> = std::iter::from_fn(|| window.push(now, |id| id).copied()).collect();
        assert_eq!(others.len(), 3);
        for id in others {
            assert_eq!(window.acked(id), Some(id));
        }
    }
    assert_eq!(window.acked(slow), Some(slow));
    assert!(window.is_empty());
}

#[test]
fn one_at_a_time_takes_one_slot() {
    let (now, mut window) = window(32);
    for turn in 0..100 {
        assert_eq!(window.push(now, |id| id), Some(&(turn * SLOTS)));
        assert_eq!(window.acked(turn * SLOTS), Some(turn * SLOTS));
        assert_eq!(window.acked(turn * SLOTS), None);
    }
}

#[test]
fn what_is_sent_again_goes_first_and_in_order() {
    let (now, mut window) = window(4);
    for _ in 0..3 {
        window.push(now, |id| id);
    }
    window.acked(0);
    window.push(now, |id| id);
    window.disconnected();
    assert!(window.free() == 0 && window.poll(now, true).is_none() && window.deadline().is_none());
    window.connected();
    assert_eq!(window.free(), 0);
    let again: Vec<_> = std::iter::from_fn(|| window.poll(now, true).map(|due| format!("{due:?}"))).collect();
    assert_eq!(again, ["Again(1)", "Again(2)", "Again(256)"]);
    assert_eq!(window.free(), 1);
}

#[test]
fn the_last_try_has_its_time_also_without_a_connection() {
    let (now, mut window) = window(4);
    window.push(now, |id| id);
    assert_eq!(window.deadline(), Some(now + seconds(10)));
    assert_eq!(window.poll(now + seconds(9), true), None);
    assert_eq!(window.poll(now + seconds(10), true), Some(Due::Again(&0)));
    window.disconnected();
    window.connected();
    assert_eq!(window.poll(now + seconds(11), true), Some(Due::Again(&0)));
    window.disconnected();
    assert_eq!(window.poll(now + seconds(20), true), None);
    window.connected();
    assert_eq!(window.poll(now + seconds(20), true), None);
    window.disconnected();
    assert_eq!(window.deadline(), Some(now + seconds(21)));
    assert_eq!(window.poll(now + seconds(21), true), Some(Due::Exhausted(0)));
    assert!(window.is_empty());
}

#[test]
fn a_slot_that_was_given_up_makes_its_old_id_stale() {
    let (now, mut window) = window(1);
    let mut answers = Answers::new(1000);
    let first = *window.push(now, |id| id).unwrap();
    assert_eq!(answers.arrive(first), Arrival::New);
    assert_eq!(window.forget(|id| *id == first), Some(first));
    let second = *window.push(now, |id| id).unwrap();
    assert_eq!(answers.arrive(second), Arrival::New);
    assert_eq!(answers.arrive(first), Arrival::Stale);
    assert!(!answers.answer(first, &answer(1)));
    assert!(answers.answer(second, &answer(1)));
    assert!(!answers.is_running());
}

#[test]
fn what_comes_again_gets_what_the_first_one_got() {
    let mut answers = Answers::new(1000);
    for id in 0..4 {
        assert_eq!(answers.arrive(id), Arrival::New);
        assert_eq!(answers.arrive(id), Arrival::Known);
    }
    answers.answer(0, &answer(1));
    answers.finish(1);
    answers.release(2);
    assert_eq!(answers.arrive(0), Arrival::Answered(answer(1)));
    assert_eq!(answers.arrive(1), Arrival::Known);
    assert_eq!(answers.arrive(2), Arrival::New);
    assert_eq!(answers.arrive(3), Arrival::Known);
}

#[test]
fn the_oldest_answers_are_forgotten_and_the_newest_never() {
    let mut answers = Answers::new(1000);
    for id in 0..10 {
        answers.arrive(id);
        assert!(answers.answer(id, &answer(236)));
    }
    for id in 0..10 {
        let expected = if id < 7 { Arrival::Forgotten } else { Arrival::Answered(answer(236)) };
        assert_eq!(answers.arrive(id), expected);
    }
    answers.arrive(10);
    answers.answer(10, &answer(5000));
    assert_eq!(answers.arrive(9), Arrival::Forgotten);
    assert_eq!(answers.arrive(10), Arrival::Answered(answer(5000)));
    // Its slot's next event lets go of it.
    answers.arrive(10 + SLOTS);
    assert!(answers.cost() < 5000);
}

#[test]
fn ids_that_no_sender_of_ours_makes_are_harmless() {
    let mut answers = Answers::new(1000);
    for id in [u64::MAX, 0, u64::MAX, 255, 1 << 53, u64::MAX - 1] {
        answers.arrive(id);
        answers.answer(id, &answer(1));
        answers.finish(7);
        answers.release(8);
    }
    assert!(answers.cost() < 100_000);
}

#[test]
fn a_connection_that_takes_nothing_is_no_reason_to_try_again() {
    let (now, mut window) = window(4);
    window.push(now, |id| id);
    assert_eq!(window.poll(now + seconds(10), false), None);
    assert_eq!(window.deadline(), Some(now + seconds(20)));
    for at in [20, 30] {
        assert_eq!(window.poll(now + seconds(at), true), Some(Due::Again(&0)));
    }
    assert_eq!(window.poll(now + seconds(40), false), Some(Due::Exhausted(0)));
    window.push(now, |id| id);
    window.disconnected();
    window.connected();
    assert_eq!(window.poll(now, false), None);
    assert_eq!(window.deadline(), None);
    assert_eq!(window.poll(now, true), Some(Due::Again(&SLOTS)));
}
