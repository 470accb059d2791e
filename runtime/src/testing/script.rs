//! What a mock socket's client says when it is asked.

use serde::{Serialize, Serializer, ser::Error};
use serde_json::Value;

use super::Outbox;
use crate::contract::{AckData, AckKind, Body, CallError, Fault, NoAck, RawArgs};

impl Outbox {
    /// Answers the next `event` that asks with `value`: for `-> Result<T, E>` a `Result`, otherwise the bare value.
    ///
    /// Scripted answers are used up in order. A question without one waits until its timeout. A broadcast that asks uses up all that
    /// there are at once: each comes from another socket.
    ///
    /// # Panics
    /// If the contract has no such event, or `value` cannot be encoded: the test is wrong.
    pub fn answer<T: Serialize + ?Sized>(&mut self, event: &str, value: &T) {
        let ack = encode(event, self.ack_kind(event), value);
        self.tap.answer(event, Ok(ack));
    }

    /// Answers every `event` that asks and for which no single answer is scripted with what `answer` makes of its arguments: a value as
    /// for [`answer`](Self::answer). A broadcast that asks has one such answer.
    ///
    /// ```
    /// # use ackord::{Namespace, RawArgs, Socket, events};
    /// # #[events] trait Down { async fn double(&self, n: u32) -> u32; }
    /// # #[derive(Namespace, Clone)] #[namespace(path = "/", client = dyn Down)] struct Root;
    /// # futures_util::FutureExt::now_or_never(async {
    /// let (socket, mut out) = Socket::<Root>::mock();
    /// out.answer_with("double", |args| 2 * args.get::<u32>(0).unwrap());
    /// assert_eq!(socket.emit().double(4).await, Ok(8));
    /// # }).unwrap();
    /// ```
    ///
    /// # Panics
    /// If the contract has no such event; later, where the question is asked, if a value cannot be encoded.
    pub fn answer_with<T: Serialize>(&mut self, event: &str, answer: impl Fn(&RawArgs) -> T + Send + Sync + 'static) {
        let (kind, name) = (self.ack_kind(event), event.to_owned());
        self.tap.answer_with(event, Box::new(move |args| encode(&name, kind, &answer(args))));
    }

    /// Answers the next `event` that asks with these values, whether the contract has it or not: for
    /// [`call_raw`](crate::Socket::call_raw).
    pub fn answer_raw(&mut self, event: &str, values: &RawArgs) {
        self.tap.answer(event, Ok(values.to_ack()));
    }

    /// Lets the next `event` that asks come to nothing, at once: with a timeout, a disconnect, or a fault of an event that has a
    /// `Result` for its answer.
    ///
    /// ```
    /// # use ackord::{CallError, Namespace, Socket, events};
    /// # #[events] trait Down { async fn sure(&self) -> bool; }
    /// # #[derive(Namespace, Clone)] #[namespace(path = "/", client = dyn Down)] struct Root;
    /// # futures_util::FutureExt::now_or_never(async {
    /// let (socket, mut out) = Socket::<Root>::mock();
    /// out.fail("sure", CallError::Timeout);
    /// assert_eq!(socket.emit().sure().await, Err(CallError::Timeout));
    /// # }).unwrap();
    /// ```
    ///
    /// # Panics
    /// If the contract has no such event, or its answer cannot say this: the test is wrong.
    pub fn fail(&mut self, event: &str, why: CallError) {
        let kind = self.ack_kind(event);
        let answer = match why {
            CallError::Timeout => Err(NoAck::Timeout),
            CallError::Disconnected => Err(NoAck::Disconnected),
            CallError::Encode(e) => Err(NoAck::Encode(e)),
            CallError::TooLarge(why) => Err(NoAck::TooLarge(why)),
            CallError::Fault(fault) if kind.is_envelope() => Ok(faulted(&fault)),
            CallError::Fault(_) => {
                panic!("only an event that returns a `Result` has a way to answer with a fault: `{event}` has none")
            }
            CallError::Decode(_) => panic!("script an answer of another type to `{event}`, with `answer_raw`"),
            CallError::Lagged(_) => {
                panic!("what a subscription to `{event}` loses is what it does not read in time: feed it more with `feed`")
            }
            CallError::App(never) => match never {},
        };
        self.tap.answer(event, answer);
    }

    pub(super) fn ack_kind(&self, event: &str) -> AckKind {
        let meta = self.events.iter().find(|meta| meta.name == event);
        meta.unwrap_or_else(|| panic!("the contract has no event `{event}`")).ack
    }
}

fn faulted(fault: &Fault) -> AckData {
    #[derive(Serialize)]
    struct Faulted<'a> {
        ok: bool,
        fault: &'a Fault,
    }
    finish("?", Body::ack().arg(&Faulted { ok: false, fault }))
}

fn encode<T: Serialize + ?Sized>(event: &str, kind: AckKind, value: &T) -> AckData {
    finish(
        event,
        match kind {
            AckKind::Envelope | AckKind::Either => Body::ack().arg(&Answer { kind, result: value }),
            AckKind::None | AckKind::Unit | AckKind::Plain => Body::ack().arg(value),
            AckKind::Stream { .. } => panic!("`{event}` is a stream: feed it with `feed`"),
        },
    )
}

fn finish(event: &str, body: Body) -> AckData {
    let ack = body.finish(|_, _| {}).unwrap_or_else(|e| panic!("the answer to `{event}` cannot be encoded: {e}"));
    AckData::new(ack.text, ack.attachments)
}

/// `Ok(v)` and `Err(e)` as serde writes them, in the form of a `Result`'s ack. Taken apart while it is written, so that binary values
/// become attachments of the ack.
struct Answer<'a, T: ?Sized> {
    kind: AckKind,
    result: &'a T,
}

impl<T: Serialize + ?Sized> Serialize for Answer<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = serde_json::to_value(self.result).map_err(S::Error::custom)?;
        let (ok, value) = match written {
            Value::Object(mut result) if result.len() == 1 => match (result.remove("Ok"), result.remove("Err")) {
                (Some(value), _) => (true, value),
                (_, Some(error)) => (false, error),
                _ => return Err(S::Error::custom(NO_RESULT)),
            },
            _ => return Err(S::Error::custom(NO_RESULT)),
        };
        match (self.kind, ok) {
            (AckKind::Either, _) => value.serialize(serializer),
            (_, true) => serde_json::json!({ "ok": true, "value": value }).serialize(serializer),
            (_, false) => serde_json::json!({ "ok": false, "error": value }).serialize(serializer),
        }
    }
}

const NO_RESULT: &str = "this event answers with a `Result`: script `Ok::<_, ()>(…)` or `Err::<(), _>(…)`";
