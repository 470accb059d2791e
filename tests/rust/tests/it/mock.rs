//! `ackord::testing`: handlers without a network.

use std::{sync::Arc, time::Duration};

use ackord::{Binary, CallError, RawArgs, Socket};
use futures_util::StreamExt;

use crate::lab::{Counted, Picture, Root, Wrong};

#[test]
fn emits_are_recorded_in_order() {
    let (socket, mut out) = Socket::<Root>::mock();
    assert!(socket.is_connected());
    assert_eq!((socket.namespace(), socket.transport()), ("/", "websocket"));
    socket.emit().news(1);
    socket.volatile().emit().bulk(2, "p");
    let picture = Picture { name: "n".into(), data: Binary::from(vec![1]), layers: vec![Binary::from(vec![2])] };
    socket.emit().picture(&picture);
    socket.emit_raw("raw", &RawArgs::new().arg("a").unwrap());

    let news = out.next().unwrap();
    assert_eq!((news.event(), news.socket(), news.is_volatile()), ("news", Some(socket.id()), false));
    assert_eq!(news.arg::<u64>(0), Ok(1));
    assert_eq!(news.arg::<u64>(1), Err("argument: missing".into()));
    assert!(news.arg::<String>(0).unwrap_err().starts_with("argument: invalid type"));
    let bulk = out.next().unwrap();
    assert!(bulk.is_volatile());
    assert_eq!((bulk.arg::<u64>(0), bulk.arg::<String>(1)), (Ok(2), Ok("p".into())));
    assert_eq!(out.next().unwrap().arg::<Picture>(0), Ok(picture));
    let raw = out.next().unwrap();
    assert_eq!((raw.event(), raw.arg::<String>(0)), ("raw", Ok("a".into())));
    assert_eq!(out.next(), None);
    socket.emit().news(2);
    assert_eq!(out.next().unwrap().arg::<u64>(0), Ok(2));
}

#[test]
fn broadcasts_are_recorded_with_their_rooms_and_written_once() {
    let (socket, mut out) = Socket::<Root>::mock();
    socket.join(["a", "b"]);
    assert!(socket.in_room("a") && socket.rooms().len() == 2);
    let value = Counted::default();
    socket.to("a").to("c").except("d").emit().counted(&value);
    assert_eq!(value.writes(), 1);
    let sent = out.next().unwrap();
    assert_eq!((sent.event(), sent.socket()), ("counted", None));
    assert_eq!(sent.rooms(), ["a".into(), "c".into()]);
    assert_eq!(sent.except(), ["d".into()]);
    socket.broadcast().volatile().emit().news(1);
    let sent = out.next().unwrap();
    assert!(sent.is_volatile() && sent.rooms().is_empty());
    // Nobody else is there, and the sender is left out.
    assert_eq!(out.next(), None);
}

#[tokio::test]
async fn questions_are_answered_from_the_script() {
    let (socket, mut out) = Socket::<Root>::mock();
    out.answer("confirm", &true);
    out.answer("confirm", &false);
    out.answer("judge", &Ok::<u32, Wrong>(5));
    out.answer("judge", &Err::<u32, _>(Wrong::TooLong { max: 1 }));
    out.answer("nudge", &());
    assert_eq!(socket.emit().confirm("1").await, Ok(true));
    assert_eq!(socket.emit().judge().await, Ok(5));
    assert_eq!(socket.emit().confirm("2").await, Ok(false));
    assert_eq!(socket.emit().judge().await, Err(CallError::App(Wrong::TooLong { max: 1 })));
    assert_eq!(socket.emit().nudge().await, Ok(()));
    let asked: Vec<_> = std::iter::from_fn(|| out.next()).map(|sent| sent.event().to_owned()).collect();
    assert_eq!(asked, ["confirm", "judge", "confirm", "judge", "nudge"]);
}

#[tokio::test(start_paused = true)]
async fn a_question_without_an_answer_waits_for_its_timeout() {
    let (socket, mut out) = Socket::<Root>::mock();
    let began = tokio::time::Instant::now();
    let timeout = Duration::from_hours(1);
    assert_eq!(socket.emit().confirm("?").timeout(timeout).await, Err(CallError::Timeout));
    assert_eq!(began.elapsed(), timeout);
    assert_eq!(out.next().unwrap().event(), "confirm");
    assert_eq!(out.next(), None);
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_asks_too() {
    let (socket, mut out) = Socket::<Root>::mock();
    out.answer("confirm", &true);
    let everyone = socket.to(socket.id());
    assert!(everyone.emit().confirm("?").collect::<Vec<_>>().await.is_empty());
    let sent = out.next().unwrap();
    assert_eq!((sent.event(), sent.rooms()), ("confirm", &[Arc::from(socket.id().as_str())][..]));
}

#[test]
#[should_panic(expected = "the contract has no event `confrim`")]
fn a_misspelt_script_is_noticed() {
    Socket::<Root>::mock().1.answer("confrim", &true);
}

#[test]
#[should_panic(expected = "script `Ok::<_, ()>(…)` or `Err::<(), _>(…)`")]
fn a_bare_answer_to_a_result_is_noticed() {
    Socket::<Root>::mock().1.answer("judge", &5);
}
