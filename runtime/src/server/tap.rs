//! What stands in for the network of a mock socket: it records, and answers from a script.

#[cfg(feature = "testing")]
mod line;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;

#[cfg(feature = "testing")]
pub(crate) use self::line::Line;
use super::core::SocketCore;
use crate::{
    adapter::{Filter, Room},
    contract::{AckData, Args, NoAck, RawArgs, SocketId},
    proto::packet::{Encoded, Header},
};

/// Something that was emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) to: SentTo,
    pub(crate) volatile: bool,
    pub(crate) event: String,
    /// The JSON array with name and arguments.
    pub(crate) data: Bytes,
    pub(crate) attachments: Vec<Bytes>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SentTo {
    Socket(SocketId),
    Rooms { rooms: Vec<Room>, except: Vec<Room> },
}

#[derive(Default)]
pub(crate) struct Tap {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    sent: VecDeque<Sent>,
    scripts: HashMap<String, Script>,
    #[cfg(feature = "testing")]
    feeds: Feeds,
}

/// Streams that wait for their subscriptions.
#[cfg(feature = "testing")]
#[derive(Default)]
struct Feeds {
    last: u64,
    waiting: HashMap<String, VecDeque<Arc<Line>>>,
}

/// What becomes of a question.
pub(crate) type Scripted = Result<AckData, NoAck>;
/// Makes an answer from the arguments of a question.
pub(crate) type AnswerWith = Box<dyn Fn(&RawArgs) -> AckData + Send + Sync>;

/// What becomes of the questions of one event.
#[derive(Default)]
struct Script {
    next: VecDeque<Scripted>,
    otherwise: Option<Arc<AnswerWith>>,
}

impl Tap {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn event(&self, to: SocketId, packet: &Encoded, volatile: bool) {
        self.record(SentTo::Socket(to), packet, volatile);
    }

    pub(super) fn broadcast(&self, filter: &Filter, packet: &Encoded, volatile: bool) {
        self.record(SentTo::Rooms { rooms: filter.rooms.clone(), except: filter.except.clone() }, packet, volatile);
    }

    /// Records a question and answers it, if the script has an answer.
    pub(super) fn question(&self, socket: &SocketCore, packet: &Encoded) {
        let Some((event, id)) = self.record(SentTo::Socket(socket.id), packet, false) else { return };
        #[cfg(feature = "testing")]
        if let (Some(line), Some(id)) = (self.next_feed(&event), id) {
            socket.calls.settle(socket.id, id, Ok(line.answer()));
            if let Some(socket) = socket.nsp.sockets.get(socket.id) {
                line.open(&socket);
            }
            return;
        }
        if let (Some(answer), Some(id)) = (self.answers(&event, packet, 1).pop(), id) {
            socket.calls.settle(socket.id, id, answer);
        }
    }

    /// Records a question to many, and answers it with everything that the script has.
    pub(super) fn questions(&self, filter: &Filter, packet: &Encoded) -> Vec<Scripted> {
        let to = SentTo::Rooms { rooms: filter.rooms.clone(), except: filter.except.clone() };
        self.record(to, packet, false).map_or_else(Vec::new, |(event, _)| self.answers(&event, packet, usize::MAX))
    }

    fn answers(&self, event: &str, packet: &Encoded, most: usize) -> Vec<Scripted> {
        let (scripted, otherwise) = {
            let mut inner = self.lock();
            let Some(script) = inner.scripts.get_mut(event) else { return Vec::new() };
            let scripted = script.next.drain(..most.min(script.next.len())).collect::<Vec<_>>();
            (scripted, script.otherwise.clone())
        };
        match otherwise {
            Some(answer) if scripted.is_empty() => {
                RawArgs::of_event(packet).map_or_else(Vec::new, |(_, args)| vec![Ok(answer(&args))])
            }
            _ => scripted,
        }
    }

    fn record(&self, to: SentTo, packet: &Encoded, volatile: bool) -> Option<(String, Option<u64>)> {
        let text = packet.text.slice(1..);
        let (header, data) = Header::decode(&text, usize::MAX).ok()?;
        let data = text.slice_ref(data);
        let (event, _) = Args::event(&data, &packet.attachments).ok()?;
        let event = event.into_owned();
        let (id, attachments) = (header.id, packet.attachments.clone());
        self.lock().sent.push_back(Sent { to, volatile, event: event.clone(), data, attachments });
        Some((event, id))
    }
}

#[cfg(feature = "testing")]
impl Tap {
    /// The stream of the next subscription to `event` that has none yet.
    pub(crate) fn feed(&self, event: &str) -> Arc<Line> {
        let feeds = &mut self.lock().feeds;
        feeds.last += 1;
        let line = Arc::new(Line::new(feeds.last));
        feeds.waiting.entry(event.to_owned()).or_default().push_back(Arc::clone(&line));
        line
    }

    fn next_feed(&self, event: &str) -> Option<Arc<Line>> {
        self.lock().feeds.waiting.get_mut(event)?.pop_front()
    }

    pub(crate) fn next(&self) -> Option<Sent> {
        self.lock().sent.pop_front()
    }

    pub(crate) fn answer(&self, event: &str, answer: Scripted) {
        self.lock().scripts.entry(event.to_owned()).or_default().next.push_back(answer);
    }

    pub(crate) fn answer_with(&self, event: &str, answer: AnswerWith) {
        let answer = Some(Arc::new(answer));
        let unused = std::mem::replace(&mut self.lock().scripts.entry(event.to_owned()).or_default().otherwise, answer);
        drop(unused);
    }
}
