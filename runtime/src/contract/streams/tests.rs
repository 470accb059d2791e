//! The subscribing side against a producer that the test plays, in memory.

use std::{
    future::Future,
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;

use super::{Answered, Peer, Source, StreamNames, Streams, Subscription};
use crate::{
    contract::{AckData, Body, BoxFuture, CallError, Fault, FaultCode, NoAck, fault::FaultKind},
    proto::packet::{DecodeError, Encoded},
};

const NAMES: &[StreamNames] = &[StreamNames { event: "ticks", next: "ticks:next", end: "ticks:end", stop: "ticks:stop" }];

/// Notes what is sent, and asks nobody.
struct Fake {
    streams: Streams,
    sent: Mutex<Vec<String>>,
    asked: Mutex<Vec<(u64, Answered)>>,
    faults: Mutex<Vec<String>>,
    over: Mutex<bool>,
}

impl Fake {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            streams: Streams::new(1),
            sent: Mutex::default(),
            asked: Mutex::default(),
            faults: Mutex::default(),
            over: Mutex::new(false),
        })
    }

    fn ticks(self: &Arc<Self>) -> Subscription<u8, String> {
        let source = Source::<Result<u8, String>, u8, String>::fallible(NAMES, Some(2), false);
        Subscription::new(Arc::<Self>::clone(self), Body::event("ticks").arg("A"), &source)
    }

    /// Answers the oldest question.
    fn answer(&self, json: &'static str) {
        let (_, answered) = self.asked.lock().unwrap().remove(0);
        answered(Ok(data(json)));
    }

    fn deliver(&self, ack: Option<u64>, json: &'static str) -> Result<bool, DecodeError> {
        self.streams.deliver(self, ack, &Bytes::from_static(json.as_bytes()), &[])
    }

    fn sent(&self) -> Vec<String> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }
}

fn data(json: &'static str) -> AckData {
    AckData { data: Bytes::from_static(json.as_bytes()), attachments: Vec::new() }
}

fn text(packet: &Encoded) -> String {
    String::from_utf8(packet.text.to_vec()).unwrap()
}

impl Peer for Fake {
    fn path(&self) -> &'static str {
        "/"
    }
    fn streams(&self) -> &Streams {
        &self.streams
    }
    fn epoch(&self) -> u64 {
        7
    }
    fn is_connected(&self) -> bool {
        true
    }
    fn next_ack(&self) -> u64 {
        3
    }
    fn send(&self, epoch: u64, packet: Encoded) {
        assert_eq!(epoch, 7);
        self.sent.lock().unwrap().push(text(&packet));
    }
    fn ask(&self, id: u64, packet: Encoded, answered: Answered) -> Result<(), NoAck> {
        if *self.over.lock().unwrap() {
            return Err(NoAck::Disconnected);
        }
        self.sent.lock().unwrap().push(text(&packet));
        self.asked.lock().unwrap().push((id, answered));
        Ok(())
    }
    fn recall(&self, _: u64) -> bool {
        false
    }
    fn forget(&self, _: u64) {}
    fn room(&self, _: usize) -> Option<BoxFuture<'static, ()>> {
        None
    }
    fn fault(&self, event: &str, kind: FaultKind) {
        self.faults.lock().unwrap().push(format!("{event} {kind:?}"));
    }
}

type Next = Poll<Option<Result<u8, CallError<String>>>>;

fn next(ticks: &mut Subscription<u8, String>) -> Next {
    pin!(ticks.next()).poll(&mut Context::from_waker(Waker::noop()))
}

fn item(n: u8) -> Next {
    Poll::Ready(Some(Ok(n)))
}

fn failed(why: CallError<String>) -> Next {
    Poll::Ready(Some(Err(why)))
}

#[test]
fn items_are_read_in_order_and_acked_as_they_are_read() {
    let fake = Fake::new();
    let mut ticks = fake.ticks();
    assert!(fake.sent().is_empty(), "nothing before it is polled");
    assert_eq!(next(&mut ticks), Poll::Pending);
    assert_eq!(fake.sent(), [r#"423["ticks","A"]"#]);
    fake.answer(r#"[{"ok":true,"value":9}]"#);
    assert_eq!(fake.deliver(None, r#"["ticks:next",9,1]"#), Ok(true));
    assert_eq!(fake.deliver(Some(40), r#"["ticks:next",9,2,"offset"]"#), Ok(true));
    assert_eq!(fake.deliver(None, r#"["ticks:end",9,{"ok":false,"error":"e"}]"#), Ok(true));
    assert_eq!(next(&mut ticks), item(1));
    assert!(fake.sent().is_empty());
    assert_eq!(next(&mut ticks), item(2));
    assert_eq!(fake.sent(), ["4340[]"]);
    assert_eq!(next(&mut ticks), failed(CallError::App("e".into())));
    assert_eq!((next(&mut ticks), next(&mut ticks)), (Poll::Ready(None), Poll::Ready(None)));
    drop(ticks);
    assert!(fake.sent().is_empty(), "there is nothing to stop any more");
}

#[test]
fn what_does_not_fit_is_told() {
    let fake = Fake::new();
    // Before anything was subscribed to, it is an event like any other.
    assert_eq!(fake.deliver(None, r#"["ticks:next",9,1]"#), Ok(false));
    let mut ticks = fake.ticks();
    assert_eq!(next(&mut ticks), Poll::Pending);
    fake.answer(r#"[{"ok":true,"value":9}]"#);
    for other in [r#"["ticks",9]"#, r#"["ticks:stop",9]"#, r#"["other:next",9,1]"#] {
        assert_eq!(fake.deliver(None, other), Ok(false), "{other}");
    }
    // Of another subscription: nobody's.
    assert_eq!(fake.deliver(Some(1), r#"["ticks:next",8,1]"#), Ok(true));
    assert_eq!(fake.deliver(None, r#"["ticks:next","9",1]"#), Ok(true));
    assert_eq!(fake.faults.lock().unwrap().len(), 1);
    for broken in [r#"["ticks:next",9,1"#, r#"["ticks:next",9,]"#, r#"["ticks:next",9,{]"#] {
        assert_eq!(fake.deliver(None, broken), Err(DecodeError::InvalidPayload), "{broken}");
    }
    assert_eq!(next(&mut ticks), Poll::Pending);
    // An item that does not fit is one error, and no end.
    assert_eq!(fake.deliver(None, r#"["ticks:next",9,"one"]"#), Ok(true));
    assert_eq!(fake.deliver(None, r#"["ticks:next",9]"#), Ok(true));
    assert_eq!(fake.deliver(None, r#"["ticks:next",9,1]"#), Ok(true));
    assert!(matches!(next(&mut ticks), Poll::Ready(Some(Err(CallError::Decode(_))))));
    assert_eq!(next(&mut ticks), failed(CallError::Decode("item: missing".into())));
    assert_eq!(next(&mut ticks), item(1));
    assert_eq!(fake.deliver(None, r#"["ticks:end",9]"#), Ok(true));
    assert!(matches!(next(&mut ticks), Poll::Ready(Some(Err(CallError::Decode(_))))));
    assert_eq!(next(&mut ticks), Poll::Ready(None));
}

#[test]
fn a_subscription_may_be_refused() {
    let fake = Fake::new();
    let mut ticks = fake.ticks();
    assert_eq!(next(&mut ticks), Poll::Pending);
    fake.answer(r#"[{"ok":false,"fault":{"code":"overloaded","message":"m"}}]"#);
    assert_eq!(next(&mut ticks), failed(CallError::Fault(Fault { code: FaultCode::Overloaded, message: "m".into() })));
    assert_eq!(next(&mut ticks), Poll::Ready(None));
    // By a peer that knows no streams.
    let mut ticks = fake.ticks();
    assert_eq!(next(&mut ticks), Poll::Pending);
    fake.answer("[]");
    assert!(matches!(next(&mut ticks), Poll::Ready(Some(Err(CallError::Decode(_))))));
}

#[test]
fn an_id_is_given_away_once() {
    let fake = Fake::new();
    let (mut one, mut two) = (fake.ticks(), fake.ticks());
    for ticks in [&mut one, &mut two] {
        assert_eq!(next(ticks), Poll::Pending);
        fake.answer(r#"[{"ok":true,"value":9}]"#);
    }
    assert_eq!(next(&mut two), failed(CallError::Decode("the peer gives the id 9 to two subscriptions".into())));
    drop(two);
    assert_eq!(fake.deliver(None, r#"["ticks:next",9,1]"#), Ok(true));
    assert_eq!(next(&mut one), item(1));
}

#[test]
fn what_is_not_read_makes_room_and_is_counted() {
    let fake = Fake::new();
    let mut ticks = fake.ticks().buffer(1);
    assert_eq!(next(&mut ticks), Poll::Pending);
    fake.answer(r#"[{"ok":true,"value":9}]"#);
    fake.sent();
    // Two windows of two always fit; this producer does not care.
    for (ack, json) in [
        (None, r#"["ticks:next",9,1]"#),
        (Some(50), r#"["ticks:next",9,2]"#),
        (None, r#"["ticks:next",9,3]"#),
        (Some(51), r#"["ticks:next",9,4]"#),
        (None, r#"["ticks:next",9,5]"#),
    ] {
        assert_eq!(fake.deliver(ack, json), Ok(true));
    }
    assert!(fake.sent().is_empty());
    assert_eq!(fake.deliver(None, r#"["ticks:next",9,6]"#), Ok(true));
    // Who asked for an ack of what is lost does not wait for ever.
    assert_eq!(fake.sent(), ["4350[]"]);
    assert_eq!(next(&mut ticks), failed(CallError::Lagged(2)));
    assert_eq!([3, 4, 5, 6].map(item), [(); 4].map(|()| next(&mut ticks)));
    assert_eq!(next(&mut ticks), Poll::Pending);
}

#[test]
fn dropping_it_stops_it_sooner_or_later() {
    let fake = Fake::new();
    let mut ticks = fake.ticks();
    assert_eq!(next(&mut ticks), Poll::Pending);
    fake.answer(r#"[{"ok":true,"value":9}]"#);
    fake.sent();
    drop(ticks);
    assert_eq!(fake.sent(), [r#"42["ticks:stop",9]"#]);
    let mut early = fake.ticks();
    assert_eq!(next(&mut early), Poll::Pending);
    drop(early);
    fake.sent();
    fake.answer(r#"[{"ok":true,"value":10}]"#);
    assert_eq!(fake.sent(), [r#"42["ticks:stop",10]"#]);
    assert_eq!(fake.deliver(None, r#"["ticks:next",10,1]"#), Ok(true));
}

#[test]
fn it_asks_again_until_there_is_nobody_to_ask() {
    let fake = Fake::new();
    let (mut ticks, mut once) = (fake.ticks(), fake.ticks().once());
    for (ticks, answer) in [(&mut ticks, r#"[{"ok":true,"value":1}]"#), (&mut once, r#"[{"ok":true,"value":2}]"#)] {
        assert_eq!(next(ticks), Poll::Pending);
        fake.answer(answer);
    }
    assert_eq!(fake.deliver(None, r#"["ticks:next",1,5]"#), Ok(true));
    fake.sent();
    fake.streams.end(false);
    assert_eq!(fake.sent(), [r#"423["ticks","A"]"#]);
    assert_eq!(next(&mut once), failed(CallError::Disconnected));
    // Of the old connection, and then of the new one.
    assert_eq!(fake.deliver(None, r#"["ticks:next",1,6]"#), Ok(true));
    fake.answer(r#"[{"ok":true,"value":1}]"#);
    assert_eq!(fake.deliver(None, r#"["ticks:next",1,7]"#), Ok(true));
    assert_eq!((next(&mut ticks), next(&mut ticks), next(&mut ticks)), (item(5), item(7), Poll::Pending));
    *fake.over.lock().unwrap() = true;
    fake.streams.close();
    assert_eq!((next(&mut ticks), next(&mut ticks)), (failed(CallError::Disconnected), Poll::Ready(None)));
    let mut late = fake.ticks();
    assert_eq!(next(&mut late), failed(CallError::Disconnected));
}
