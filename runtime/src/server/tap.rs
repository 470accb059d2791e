//! What stands in for the network of a mock socket: it records, and answers from a script.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;

use super::core::SocketCore;
use crate::{
    adapter::{Filter, Room},
    contract::{AckData, Args, SocketId},
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
    answers: HashMap<String, VecDeque<AckData>>,
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
        let answer = self.lock().answers.get_mut(&event).and_then(VecDeque::pop_front);
        if let (Some(answer), Some(id)) = (answer, id) {
            socket.calls.settle(socket.id, id, answer);
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
    pub(crate) fn next(&self) -> Option<Sent> {
        self.lock().sent.pop_front()
    }

    pub(crate) fn answer(&self, event: &str, ack: AckData) {
        self.lock().answers.entry(event.to_owned()).or_default().push_back(ack);
    }
}
