//! Requests, the WebSocket, and the way from the one to the other.

use bytes::Bytes;

use super::{Event, ExchangeId, Frame, Packet, Session, State, Transmit, Transport, WsId};
use crate::proto::DisconnectReason;
use crate::proto::engine::payload;

#[derive(Debug)]
pub(super) enum Link {
    Polling(Polling),
    WebSocket {
        ws: WsId,
        /// `5` is to be written before anything else.
        upgrade: bool,
    },
}

/// At most one request of each kind is in flight.
#[derive(Debug, Default)]
pub(super) struct Polling {
    get: Option<ExchangeId>,
    post: Option<ExchangeId>,
    close_sent: bool,
}

impl Default for Link {
    fn default() -> Self {
        Self::Polling(Polling::default())
    }
}

impl Link {
    pub(super) fn is_ws(&self, id: WsId) -> bool {
        matches!(self, Self::WebSocket { ws, .. } if *ws == id)
    }

    pub(super) fn take_upgrade(&mut self) -> bool {
        match self {
            Self::Polling(_) => false,
            Self::WebSocket { upgrade, .. } => std::mem::take(upgrade),
        }
    }

    pub(super) fn take_get(&mut self, id: ExchangeId) -> bool {
        match self {
            Self::Polling(polling) => polling.get.take_if(|get| *get == id).is_some(),
            Self::WebSocket { .. } => false,
        }
    }

    pub(super) fn take_post(&mut self, id: ExchangeId) -> bool {
        match self {
            Self::Polling(polling) => polling.post.take_if(|post| *post == id).is_some(),
            Self::WebSocket { .. } => false,
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Upgrade {
    None,
    Connecting(WsId),
    /// `2probe` is to be written, or was; `3probe` is awaited.
    Probing {
        ws: WsId,
        probe: bool,
    },
    /// No new request is made; those in flight are awaited.
    Pausing(WsId),
}

impl Upgrade {
    pub(super) fn ws(&self) -> Option<WsId> {
        match self {
            Self::None => None,
            Self::Connecting(ws) | Self::Probing { ws, .. } | Self::Pausing(ws) => Some(*ws),
        }
    }

    pub(super) fn take_probe(&mut self, id: WsId) -> Option<Frame> {
        match self {
            Self::Probing { ws, probe } if *ws == id => std::mem::take(probe).then_some(Frame::PING_PROBE),
            _ => None,
        }
    }
}

impl Session {
    pub(super) fn open_transport(&mut self, transport: Transport) {
        if transport == Transport::WebSocket {
            let ws = WsId(next_id(&mut self.last_id));
            self.link = Link::WebSocket { ws, upgrade: false };
            self.transmits.push(Transmit::WsConnect(ws));
        }
    }

    pub(super) fn begin_upgrade(&mut self) {
        if let Link::Polling(_) = self.link {
            let ws = WsId(next_id(&mut self.last_id));
            self.upgrade = Upgrade::Connecting(ws);
            self.transmits.push(Transmit::WsConnect(ws));
        }
    }

    pub(super) fn candidate_frame(&mut self, frame: Frame) {
        match (&self.upgrade, Packet::decode(frame)) {
            (Upgrade::Probing { ws, .. }, Ok(Packet::Pong { probe: true })) => {
                self.upgrade = Upgrade::Pausing(*ws);
            }
            _ => self.abandon_upgrade(),
        }
    }

    pub(super) fn abandon_upgrade(&mut self) {
        if let Some(ws) = std::mem::replace(&mut self.upgrade, Upgrade::None).ws() {
            self.transmits.push(Transmit::WsClose(ws));
        }
    }

    /// The one place where the transport moves on: completes a pause, polls, posts, completes a close.
    pub(super) fn advance(&mut self) {
        if self.is_closed() {
            return;
        }
        self.complete_upgrade();
        match self.link {
            Link::Polling(_) if matches!(self.upgrade, Upgrade::Pausing(_)) => {}
            Link::Polling(_) => {
                self.poll();
                self.post();
            }
            // Not before the server knows that this is the transport, or the session would live on over there.
            Link::WebSocket { upgrade: false, .. } if self.state == State::Closing && self.queue.is_empty() => {
                self.finish(DisconnectReason::ForcedClose);
            }
            Link::WebSocket { .. } => {}
        }
    }

    fn complete_upgrade(&mut self) {
        if let (Upgrade::Pausing(ws), Link::Polling(Polling { get: None, post: None, .. })) = (&self.upgrade, &self.link) {
            self.link = Link::WebSocket { ws: *ws, upgrade: true };
            self.upgrade = Upgrade::None;
            self.events.push(Event::Upgraded);
        }
    }

    fn poll(&mut self) {
        let Link::Polling(polling) = &mut self.link else {
            return;
        };
        if polling.get.is_none() && self.state != State::Closing {
            let id = ExchangeId(next_id(&mut self.last_id));
            polling.get = Some(id);
            self.transmits.push(Transmit::Get(id));
        }
    }

    pub(super) fn post(&mut self) {
        match &self.link {
            Link::Polling(Polling { post: None, close_sent: true, .. }) => {
                return self.finish(DisconnectReason::ForcedClose);
            }
            Link::Polling(Polling { post: None, .. }) if self.state != State::Opening => {}
            _ => return,
        }
        let Some((body, closes)) = self.take_payload() else {
            return;
        };
        if let Link::Polling(polling) = &mut self.link {
            let id = ExchangeId(next_id(&mut self.last_id));
            (polling.post, polling.close_sent) = (Some(id), closes);
            self.transmits.push(Transmit::Post(id, body));
        }
    }

    /// The next POST body, and whether it has the close packet. At least one packet, and no more than the server takes:
    /// `_getWritablePackets`.
    fn take_payload(&mut self) -> Option<(Bytes, bool)> {
        let max = self.max_payload();
        let max = if max == 0 { usize::MAX } else { usize::try_from(max).unwrap_or(usize::MAX) };
        let mut frames = Vec::new();
        let mut size = 0;
        while frames.len() < payload::MAX_PACKETS - 1 {
            let next = if self.pong { Some(&Frame::PONG) } else { self.queue.front() };
            let Some(next) = next else { break };
            size += payload::encoded_len(next) + usize::from(!frames.is_empty());
            if size > max && !frames.is_empty() {
                break;
            }
            frames.extend(self.pop());
        }
        // Alone in its payload, as in the reference: a server that closes drops what it has not yet looked at.
        let closes = self.state == State::Closing && frames.is_empty();
        frames.extend(closes.then_some(Frame::CLOSE));
        (!frames.is_empty()).then(|| (payload::encode(&frames), closes))
    }
}

fn next_id(last: &mut u64) -> u64 {
    *last += 1;
    *last
}
