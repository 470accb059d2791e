//! The server's side of one Engine.IO session.
//!
//! `engine.io` 6.6.12, `build/socket.js` and `build/transports/polling.js`; where it differs on purpose, the place says
//! so. The files: this one has the interface and the packets of an open session, `polling` the requests, `upgrade` the
//! WebSocket that wants to take over, `heartbeat` the pings.

mod heartbeat;
mod polling;
mod types;
mod upgrade;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use self::heartbeat::Heartbeat;
use self::polling::{Polling, Post};
pub use self::types::{Config, Event, Output, PostError, Transmit};
use self::upgrade::Candidate;
use super::payload::Payload;
use super::{ExchangeId, Frame, Handshake, Message, Packet, PacketError, Transport, WsClosed, WsId};
use crate::proto::queue::Queue;
use crate::proto::{Backlog, DisconnectReason};

/// How long an orderly close waits for the client to take what is queued (`polling.js`, `closeTimeout`).
pub const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Debug)]
enum State {
    Open,
    /// Nothing is accepted any more; what is queued still goes out.
    Closing {
        reason: DisconnectReason,
        deadline: Instant,
    },
    Closed,
}

#[derive(Debug)]
enum Link {
    Polling(Polling),
    WebSocket(WsId),
}

/// One Engine.IO session.
///
/// Inputs and commands may come at any time, also between two outputs; what counts is that the caller drains
/// [`poll_output`](Self::poll_output), and pulls frames for every WebSocket that can write, before it waits.
#[derive(Debug)]
pub struct Session {
    cfg: Arc<Config>,
    /// When the last input came: packets of a POST body are processed when they are polled.
    now: Instant,
    state: State,
    link: Link,
    candidate: Option<Candidate>,
    /// Packets of a POST body wait.
    paused: bool,
    heartbeat: Heartbeat,
    queue: Queue<Frame>,
    queued_bytes: usize,
    transmits: Queue<Transmit>,
    events: Queue<Event>,
}

impl Session {
    /// A GET without session id. The handshake is its answer.
    pub fn open_polling(now: Instant, sid: &str, request: ExchangeId, cfg: Arc<Config>) -> Self {
        let upgrades = cfg.allow_upgrades && cfg.websocket_offered;
        Self::open(now, sid, Link::Polling(Polling::new(request)), upgrades, cfg)
    }

    /// A WebSocket without session id. The handshake is its first frame.
    pub fn open_websocket(now: Instant, sid: &str, ws: WsId, cfg: Arc<Config>) -> Self {
        Self::open(now, sid, Link::WebSocket(ws), false, cfg)
    }

    fn open(now: Instant, sid: &str, link: Link, upgrades: bool, cfg: Arc<Config>) -> Self {
        let handshake = Handshake {
            sid: sid.to_owned(),
            upgrades: if upgrades { vec![Transport::WebSocket.as_str().to_owned()] } else { Vec::new() },
            ping_interval: cfg.ping_interval.as_millis() as u64,
            ping_timeout: cfg.ping_timeout.as_millis() as u64,
            max_payload: cfg.max_payload as u64,
        };
        let mut session = Self {
            now,
            state: State::Open,
            link,
            candidate: None,
            paused: false,
            heartbeat: Heartbeat::new(now, &cfg),
            queue: Queue::default(),
            queued_bytes: 0,
            transmits: Queue::default(),
            events: Queue::default(),
            cfg,
        };
        session.push(Frame::Text(handshake.encode()));
        session
    }

    /// When the last input came.
    pub(crate) fn now(&self) -> Instant {
        self.now
    }

    /// The transport in use.
    pub fn transport(&self) -> Transport {
        match self.link {
            Link::Polling(_) => Transport::Polling,
            Link::WebSocket(_) => Transport::WebSocket,
        }
    }

    /// Whether messages are accepted in both directions.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// Whether the session is over. Outputs may still have to be drained.
    pub fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed)
    }

    /// Whether the transport would take a packet at once; volatile packets are dropped when not.
    ///
    /// Polling: a GET is pending. WebSocket: the caller has pulled everything. With something queued it is always false,
    /// so of two volatile packets in one turn the second is dropped, as in the reference.
    pub fn writable(&self) -> bool {
        self.is_open()
            && self.queue.is_empty()
            && match &self.link {
                Link::Polling(polling) => polling.get.is_some(),
                Link::WebSocket(_) => true,
            }
    }

    /// What waits for the client to take it.
    pub fn queued(&self) -> Backlog {
        Backlog { frames: self.queue.len(), bytes: self.queued_bytes }
    }

    /// Queues a message frame (`4…` or binary) behind all others; false, and nothing done, if the session is not open.
    pub fn send(&mut self, frame: Frame) -> bool {
        if !self.is_open() {
            return false;
        }
        self.push(frame);
        true
    }

    /// Holds back what is left of a POST body, and with it the answer that the client waits for before its next POST. Frames of a
    /// WebSocket are held back by not reading them.
    pub fn pause(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// See [`pause`](Self::pause).
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// The next frame to write on this WebSocket: call it whenever the WebSocket can take one.
    ///
    /// Yields the session's packets for its transport and the answer to a probe for a candidate. Draining
    /// [`poll_output`](Self::poll_output) must follow, because the last frame may complete a close.
    pub fn poll_ws_frame(&mut self, ws: WsId) -> Option<Frame> {
        match self.link {
            Link::WebSocket(active) if active == ws => self.pop(),
            _ => self.candidate.as_mut().filter(|candidate| candidate.ws == ws)?.take_reply(),
        }
    }

    /// A frame from a WebSocket.
    pub fn handle_ws_frame(&mut self, now: Instant, ws: WsId, frame: Frame) {
        self.now = now;
        match self.link {
            Link::WebSocket(active) if active == ws => {
                let packet = Packet::decode(frame);
                self.packet(packet);
            }
            _ if self.candidate.as_ref().is_some_and(|candidate| candidate.ws == ws) => {
                self.candidate_frame(frame);
            }
            _ => {}
        }
    }

    /// A WebSocket has gone, for whatever reason but our own [`Transmit::WsClose`].
    ///
    /// If the session ends by it, [`Transmit::WsClose`] comes nevertheless.
    pub fn handle_ws_closed(&mut self, now: Instant, ws: WsId, how: WsClosed) {
        self.now = now;
        match self.link {
            Link::WebSocket(active) if active == ws => {
                let reason = match how {
                    WsClosed::Clean => DisconnectReason::TransportClose,
                    WsClosed::Error => DisconnectReason::TransportError,
                };
                self.finish(reason, &Frame::CLOSE);
            }
            // A failed upgrade leaves polling intact.
            _ => drop(self.candidate.take_if(|candidate| candidate.ws == ws)),
        }
    }

    /// The time that [`Output::Timeout`](crate::proto::Output::Timeout) asked for has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        match self.state {
            State::Open => self.heartbeat_timeout(),
            State::Closing { reason, deadline } if deadline <= now => {
                self.finish(reason, &Frame::CLOSE);
            }
            State::Closing { .. } | State::Closed => {}
        }
        self.upgrade_timeout();
    }

    /// Closes the session from this side.
    ///
    /// Without `discard` what is queued goes out first: at once if the transport takes it, otherwise within 30 s, or
    /// [`Config::shutdown_timeout`] if the server is shutting down. With `discard` it is dropped. A pending GET gets a close
    /// packet. Of a closing session it is only the time that may become shorter.
    pub fn close(&mut self, now: Instant, reason: DisconnectReason, discard: bool) {
        self.now = now;
        let patience = if reason == DisconnectReason::ServerShuttingDown { self.cfg.shutdown_timeout } else { CLOSE_TIMEOUT };
        match &mut self.state {
            State::Open | State::Closing { .. } if discard => self.finish(reason, &Frame::CLOSE),
            State::Open => {
                self.state = State::Closing { reason, deadline: now + patience };
                self.advance();
            }
            State::Closing { deadline, .. } => *deadline = (now + patience).min(*deadline),
            State::Closed => {}
        }
    }

    /// The next output; drain it until it says `Timeout`.
    pub fn poll_output(&mut self) -> Output {
        loop {
            if let Some(transmit) = self.transmits.pop() {
                return Output::Transmit(transmit);
            }
            if let Some(event) = self.events.pop() {
                return Output::Event(event);
            }
            if !(self.paused && self.has_unread_packets()) && self.process_post() {
                continue;
            }
            self.advance();
            if self.transmits.is_empty() && self.events.is_empty() {
                return Output::Timeout(self.next_timeout());
            }
        }
    }

    fn next_timeout(&self) -> Option<Instant> {
        let own = match self.state {
            State::Open => self.heartbeat.next(),
            State::Closing { deadline, .. } => deadline,
            State::Closed => return None,
        };
        Some(self.candidate.as_ref().map_or(own, |candidate| own.min(candidate.next_timeout())))
    }

    /// A packet on the transport in use.
    fn packet(&mut self, packet: Result<Packet, PacketError>) {
        match self.state {
            State::Open => {}
            // The client closes as well, instead of fetching the close packet.
            State::Closing { reason, .. } if packet == Ok(Packet::Close) => return self.finish(reason, &Frame::NOOP),
            State::Closing { .. } | State::Closed => return,
        }
        if !matches!(packet, Ok(Packet::Pong { .. })) {
            self.heartbeat.refresh_once(self.now, &self.cfg);
        }
        match packet {
            Ok(Packet::Message(message)) => self.events.push(Event::Message(message)),
            Ok(Packet::Pong { .. }) => self.heartbeat.pong(self.now, &self.cfg),
            // "invalid heartbeat direction"
            Ok(Packet::Ping { .. }) => self.finish(DisconnectReason::TransportError, &Frame::CLOSE),
            // Over WebSocket the reference ignores it and waits for the ping timeout.
            Ok(Packet::Close) => self.finish(DisconnectReason::TransportClose, &Frame::NOOP),
            // Ignored once the session is open, as the reference does.
            Ok(Packet::Open(_) | Packet::Upgrade | Packet::Noop) => {}
            Err(_) => self.finish(DisconnectReason::ParseError, &Frame::CLOSE),
        }
    }

    fn push(&mut self, frame: Frame) {
        self.queued_bytes += frame.len();
        self.queue.push(frame);
    }

    /// The next frame to write. A ping goes ahead of the queue, so that a slow client is not taken for a dead one; but
    /// nothing goes ahead of the handshake.
    fn pop(&mut self) -> Option<Frame> {
        let opening = matches!(self.queue.front(), Some(Frame::Text(text)) if text.first() == Some(&b'0'));
        if !opening && self.heartbeat.take_ping() {
            return Some(Frame::PING);
        }
        let frame = self.queue.pop()?;
        self.queued_bytes -= frame.len();
        Some(frame)
    }

    /// Answers a pending GET if there is something to say, and completes a close that waited for the queue.
    fn advance(&mut self) {
        match (&self.link, &self.state) {
            (Link::Polling(_), _) => self.answer_poll(),
            (Link::WebSocket(_), State::Closing { reason, .. }) if self.queue.is_empty() => {
                self.finish(*reason, &Frame::CLOSE);
            }
            _ => {}
        }
    }

    /// Ends the session, whatever its state. A pending GET gets `farewell`.
    fn finish(&mut self, reason: DisconnectReason, farewell: &Frame) {
        if self.is_closed() {
            return;
        }
        // A close that has begun keeps its reason.
        let (reason, orderly) = match self.state {
            State::Closing { reason, .. } => (reason, true),
            State::Open | State::Closed => (reason, false),
        };
        self.state = State::Closed;
        self.queue.clear();
        self.queued_bytes = 0;
        self.drop_candidate();
        match &mut self.link {
            Link::Polling(polling) => {
                let Polling { get, mut post } = std::mem::take(polling);
                // As all that arrives during the close: taken and ignored. The reference destroys the connection, and the
                // client may see that error before the last payload.
                if let (true, Post::Receiving(request)) = (orderly, &post) {
                    post = Post::Processing(*request, Payload::default());
                }
                self.let_go(get, &post, farewell);
            }
            Link::WebSocket(ws) => self.transmits.push(Transmit::WsClose(*ws)),
        }
        self.events.push(Event::Closed { reason });
    }

    /// Answers the requests of a polling transport that is no longer used.
    fn let_go(&mut self, get: Option<ExchangeId>, post: &Post, farewell: &Frame) {
        if let Some(get) = get {
            self.transmits.push(Transmit::PollResponse(get, farewell.bytes().clone()));
        }
        match post {
            Post::None => {}
            Post::Receiving(post) => self.transmits.push(Transmit::DropExchange(*post)),
            Post::Processing(post, _) => self.transmits.push(Transmit::PostOk(*post)),
        }
    }
}
