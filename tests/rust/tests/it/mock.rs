//! `ackord::testing`: handlers without a network.

use std::{sync::Arc, time::Duration};

use ackord::{Binary, CallError, Fault, FaultCode, Namespace, RawArgs, Socket, Stream, events};
use futures_util::{FutureExt, StreamExt};

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

/// Without a runtime: nothing here waits.
#[test]
fn a_broadcast_asks_too() {
    let (socket, mut out) = Socket::<Root>::mock();
    let everyone = socket.to(socket.id());
    let ask = || everyone.emit().confirm("?").collect::<Vec<_>>().now_or_never().unwrap();
    assert!(ask().is_empty());
    let sent = out.next().unwrap();
    assert_eq!((sent.event(), sent.rooms()), ("confirm", &[Arc::from(socket.id().as_str())][..]));
    out.answer("confirm", &true);
    out.fail("confirm", CallError::Timeout);
    let (from, answers): (Vec<_>, Vec<_>) = ask().into_iter().unzip();
    assert_eq!(answers, [Ok(true), Err(CallError::Timeout)]);
    assert!(from[0] != from[1] && !from.contains(&socket.id()));
    assert!(ask().is_empty());
    out.answer_with("confirm", |args| args.get::<String>(0).unwrap() == "?");
    assert_eq!(ask()[0].1, Ok(true));
    assert_eq!(std::iter::from_fn(|| out.next()).count(), 3);
}

#[test]
fn answers_are_made_from_the_arguments() {
    let (socket, mut out) = Socket::<Root>::mock();
    out.answer_with("confirm", |args| args.get::<String>(0).unwrap() == "yes?");
    let ask = |prompt: &str| socket.emit().confirm(prompt).into_future().now_or_never().unwrap();
    assert_eq!((ask("yes?"), ask("no?"), ask("yes?")), (Ok(true), Ok(false), Ok(true)));
    // A single answer goes first.
    out.answer("confirm", &false);
    assert_eq!((ask("yes?"), ask("yes?")), (Ok(false), Ok(true)));
    out.answer_with("judge", |_| Err::<u32, _>(Wrong::Empty));
    assert_eq!(socket.emit().judge().into_future().now_or_never(), Some(Err(CallError::App(Wrong::Empty))));
}

#[test]
fn questions_come_to_nothing_as_the_script_says() {
    let (socket, mut out) = Socket::<Root>::mock();
    let fault = Fault { code: FaultCode::Overloaded, message: "busy".into() };
    out.fail("judge", CallError::Fault(fault.clone()));
    out.fail("judge", CallError::Disconnected);
    out.fail("confirm", CallError::Timeout);
    let judge = || socket.emit().judge().into_future().now_or_never().unwrap();
    assert_eq!((judge(), judge()), (Err(CallError::Fault(fault)), Err(CallError::Disconnected)));
    assert_eq!(socket.emit().confirm("?").into_future().now_or_never(), Some(Err(CallError::Timeout)));
}

#[events]
trait Files {
    async fn get(&self, name: &str) -> Result<Binary, Picture>;
    async fn plain(&self) -> Picture;
}

#[events(ack = "plain")]
trait Either {
    async fn either(&self) -> Result<Binary, u8>;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/files", client = dyn Files)]
struct FileSpace;

#[derive(Namespace, Clone)]
#[namespace(path = "/either", client = dyn Either)]
struct EitherSpace;

/// Attachments of a scripted answer are attachments.
#[test]
fn scripted_answers_may_be_binary() {
    let (socket, mut out) = Socket::<FileSpace>::mock();
    let picture =
        Picture { name: "n".into(), data: Binary::from(vec![1, 2]), layers: vec![Binary::from(vec![3]), Binary::default()] };
    out.answer("get", &Ok::<_, ()>(Binary::from(vec![7; 3])));
    out.answer("get", &Err::<(), _>(&picture));
    out.answer("plain", &picture);
    let sent = picture.clone();
    out.answer_with("get", move |args| match &*args.get::<String>(0).unwrap() {
        "bytes" => Ok(Binary::from(vec![9])),
        _ => Err(sent.clone()),
    });
    let get = |name: &str| socket.emit().get(name).into_future().now_or_never().unwrap();
    assert_eq!(get(""), Ok(Binary::from(vec![7; 3])));
    assert_eq!(get(""), Err(CallError::App(picture.clone())));
    assert_eq!(get("bytes"), Ok(Binary::from(vec![9])));
    assert_eq!(get("picture"), Err(CallError::App(picture.clone())));
    assert_eq!(socket.emit().plain().into_future().now_or_never(), Some(Ok(picture)));

    let (socket, mut out) = Socket::<EitherSpace>::mock();
    out.answer("either", &Ok::<_, ()>(Binary::from(vec![7])));
    out.answer("either", &Err::<(), _>(4));
    let either = || socket.emit().either().into_future().now_or_never().unwrap();
    assert_eq!((either(), either()), (Ok(Binary::from(vec![7])), Err(CallError::App(4))));
}

#[events]
trait Camera {
    #[event(stream, window = 2)]
    fn frames(&self, n: u32) -> impl Stream<Item = Result<Binary, Wrong>>;
    #[event(stream)]
    fn film(&self) -> impl Stream<Item = u32>;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/camera", client = dyn Camera)]
struct CameraSpace;

#[test]
fn subscriptions_are_fed() {
    let (socket, mut out) = Socket::<CameraSpace>::mock();
    let bytes = |byte: u8| Binary::from(vec![byte; 3]);
    let (first, second) = (out.feed("frames"), out.feed("frames"));
    first.send(&bytes(1));
    let mut frames = socket.emit().frames(7);
    assert!(!first.is_subscribed() && out.next().is_none(), "it subscribes when it is polled");
    assert_eq!(frames.next().now_or_never(), Some(Some(Ok(bytes(1)))));
    let subscribed = out.next().unwrap();
    assert_eq!((subscribed.event(), subscribed.arg::<u32>(0)), ("frames", Ok(7)));
    assert!(first.is_subscribed() && !second.is_subscribed());
    assert_eq!(frames.next().now_or_never(), None);
    // More than two windows at once: a test need not wait for who reads.
    for n in 2..10 {
        first.send(&bytes(n));
    }
    for n in 2..10 {
        assert_eq!(frames.next().now_or_never(), Some(Some(Ok(bytes(n)))));
    }
    first.send("no bytes");
    assert!(matches!(frames.next().now_or_never(), Some(Some(Err(CallError::Decode(_))))));
    first.fail(&Wrong::Empty);
    assert_eq!(frames.next().now_or_never(), Some(Some(Err(CallError::App(Wrong::Empty)))));
    assert_eq!(frames.next().now_or_never(), Some(None));
    assert!(!first.is_subscribed());

    // Each subscription has its own, and who does not read any more has none.
    let mut frames = socket.emit().frames(8);
    assert_eq!(frames.next().now_or_never(), None);
    assert!(second.is_subscribed());
    drop(frames);
    assert!(!second.is_subscribed());
    second.send(&bytes(1));

    let film = out.feed("film");
    film.end();
    assert_eq!(socket.emit().film().next().now_or_never(), Some(None));
    let fault = Fault { code: FaultCode::Internal, message: "the handler failed".into() };
    out.feed("film").fault(&fault);
    assert_eq!(socket.emit().film().next().now_or_never(), Some(Some(Err(CallError::Fault(fault)))));
    out.fail("film", CallError::Disconnected);
    assert_eq!(socket.emit().film().once().next().now_or_never(), Some(Some(Err(CallError::Disconnected))));
    // Nobody has said anything.
    assert_eq!(socket.emit().film().next().now_or_never(), None);
}

#[test]
#[should_panic(expected = "`touch` is no stream: script it with `answer`")]
fn a_feed_of_what_is_no_stream_is_noticed() {
    #[events]
    trait Down {
        async fn touch(&self);
    }
    #[derive(Namespace, Clone)]
    #[namespace(path = "/", client = dyn Down)]
    struct Touched;
    Socket::<Touched>::mock().1.feed("touch");
}

#[test]
fn raw_questions_are_answered_from_the_script() {
    let (socket, mut out) = Socket::<Root>::mock();
    let values = RawArgs::new().arg("a").unwrap().arg(&Binary::from(vec![1])).unwrap();
    out.answer_raw("legacy", &values);
    let answer = socket.call_raw("legacy", &RawArgs::new().arg(&1).unwrap()).into_future().now_or_never().unwrap().unwrap();
    assert_eq!((answer.get::<String>(0), answer.get::<Binary>(1)), (Ok("a".into()), Ok(Binary::from(vec![1]))));
    assert_eq!(out.next().unwrap().arg::<u8>(0), Ok(1));
}

#[test]
#[should_panic(expected = "only an event that returns a `Result` has a way to answer with a fault")]
fn a_fault_without_a_way_to_say_it_is_noticed() {
    let fault = Fault { code: FaultCode::Internal, message: String::new() };
    Socket::<Root>::mock().1.fail("confirm", CallError::Fault(fault));
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
