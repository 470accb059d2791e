//! GET and POST of a session.

use std::time::Instant;

use bytes::Bytes;

use super::{ExchangeId, Frame, Link, PostError, Session, State, Transmit};
use crate::proto::DisconnectReason;
use crate::proto::engine::payload::{self, Payload};

/// The requests of a polling transport: at most one of each kind.
#[derive(Debug, Default)]
pub(super) struct Polling {
    pub(super) get: Option<ExchangeId>,
    pub(super) post: Post,
}

#[derive(Debug, Default)]
pub(super) enum Post {
    #[default]
    None,
    /// The body is on its way.
    Receiving(ExchangeId),
    /// Packets of the body are still to be processed; the answer comes after the last.
    Processing(ExchangeId, Payload),
}

impl Post {
    fn is_receiving(&self, id: ExchangeId) -> bool {
        matches!(self, Self::Receiving(current) if *current == id)
    }
}

impl Polling {
    pub(super) fn new(get: ExchangeId) -> Self {
        Self { get: Some(get), post: Post::None }
    }
}

impl Session {
    /// A GET for this session.
    pub fn handle_poll(&mut self, now: Instant, request: ExchangeId) {
        self.now = now;
        if self.is_closed() {
            return self.reject(request);
        }
        let Link::Polling(polling) = &mut self.link else {
            return self.reject(request);
        };
        if polling.get.is_some() {
            self.reject(request);
            // "overlap from client": the first GET gets a close packet.
            return self.finish(DisconnectReason::TransportError, &Frame::CLOSE);
        }
        polling.get = Some(request);
        self.poll_during_upgrade();
    }

    /// The head of a POST for this session: its body follows, or not.
    pub fn handle_post_started(&mut self, now: Instant, request: ExchangeId) {
        self.now = now;
        if self.is_closed() {
            return self.reject(request);
        }
        let Link::Polling(polling) = &mut self.link else {
            return self.reject(request);
        };
        if matches!(polling.post, Post::None) {
            polling.post = Post::Receiving(request);
        } else {
            self.reject(request);
            // "data request overlap from client": the first POST's connection is destroyed.
            self.finish(DisconnectReason::TransportError, &Frame::CLOSE);
        }
    }

    /// The whole body of a POST, at most `max_payload` bytes, or why there is none.
    pub fn handle_post_body(&mut self, now: Instant, request: ExchangeId, body: Result<Bytes, PostError>) {
        self.now = now;
        let Link::Polling(polling) = &mut self.link else {
            return;
        };
        if !polling.post.is_receiving(request) {
            return;
        }
        match body.map(Payload::new) {
            Ok(Ok(packets)) => polling.post = Post::Processing(request, packets),
            Ok(Err(error)) => {
                polling.post = Post::Processing(request, Payload::default());
                self.packet(Err(error));
            }
            Err(PostError::TooLarge) => {
                polling.post = Post::None;
                self.transmits.push(Transmit::Reject(request, 413));
            }
            Err(PostError::InvalidContent) => {
                polling.post = Post::None;
                self.reject(request);
                self.finish(DisconnectReason::TransportError, &Frame::CLOSE);
            }
            Err(PostError::Aborted) => self.handle_exchange_aborted(now, request),
        }
    }

    /// The client went away while its GET was pending or its POST in flight: that closes the session.
    pub fn handle_exchange_aborted(&mut self, now: Instant, request: ExchangeId) {
        self.now = now;
        let Link::Polling(polling) = &mut self.link else {
            return;
        };
        if polling.get == Some(request) {
            polling.get = None;
        } else if polling.post.is_receiving(request) {
            polling.post = Post::None;
        } else {
            return;
        }
        // "poll connection closed prematurely" and "data request connection closed prematurely"
        self.finish(DisconnectReason::TransportError, &Frame::CLOSE);
    }

    /// Processes one packet of a POST body; false if there is no body.
    pub(super) fn process_post(&mut self) -> bool {
        let Link::Polling(Polling { post: Post::Processing(request, packets), .. }) = &mut self.link else {
            return false;
        };
        let request = *request;
        // Once the session is over the rest is dropped, also what follows a malformed packet.
        let next = if matches!(self.state, State::Closed) { None } else { packets.next() };
        match next {
            Some(packet) => self.packet(packet),
            None => self.post_done(request),
        }
        true
    }

    /// Whether a POST body still holds packets. One that was read to its end is answered, also while the session is paused.
    pub(super) fn has_unread_packets(&self) -> bool {
        matches!(&self.link, Link::Polling(Polling { post: Post::Processing(_, packets), .. }) if !packets.is_empty())
    }

    fn post_done(&mut self, request: ExchangeId) {
        if let Link::Polling(polling) = &mut self.link {
            polling.post = Post::None;
        }
        self.transmits.push(Transmit::PostOk(request));
    }

    /// Answers the pending GET if there is something to say.
    pub(super) fn answer_poll(&mut self) {
        let Link::Polling(polling) = &mut self.link else {
            return;
        };
        let Some(get) = polling.get else { return };
        let waiting = self.queue.len() + usize::from(self.heartbeat.wants_ping());
        match self.state {
            State::Open | State::Closing { .. } if waiting > 0 => {
                polling.get = None;
                let body = self.take_payload();
                self.transmits.push(Transmit::PollResponse(get, body));
            }
            // The close packet goes alone, as in the reference: the stock client acts on it at once and on all other packets a tick
            // later, so what shared a payload with it would come too late.
            State::Closing { reason, .. } => self.finish(reason, &Frame::CLOSE),
            _ => {}
        }
    }

    /// Encodes as many packets as one payload may have.
    fn take_payload(&mut self) -> Bytes {
        if self.queue.len() == 1 && !self.heartbeat.wants_ping() {
            return self.pop().map_or_else(Bytes::new, |frame| payload::encode(&[frame]));
        }
        let mut frames = Vec::with_capacity(payload::MAX_PACKETS.min(self.queue.len() + 1));
        while frames.len() < payload::MAX_PACKETS {
            let Some(frame) = self.pop() else { break };
            frames.push(frame);
        }
        payload::encode(&frames)
    }

    fn reject(&mut self, request: ExchangeId) {
        self.transmits.push(Transmit::Reject(request, 400));
    }

    /// A polling transport that is being replaced: the rest of a body comes first, then its requests are answered.
    pub(super) fn retire_polling(&mut self) {
        while self.process_post() {}
        if let Link::Polling(polling) = &mut self.link {
            let Polling { get, post } = std::mem::take(polling);
            // A close packet, as the reference's discarded transport sends it: the client has left polling.
            self.let_go(get, &post, &Frame::CLOSE);
        }
    }
}
