//! The client's side of one Engine.IO session: one connection attempt; whoever reconnects makes a new one.
//!
//! `engine.io-client` 6.6.8, `build/cjs/socket.js` and `transports/polling.js`. The files: this one has the interface
//! and the packets, `transport` the requests and the upgrade.

mod transport;

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use bytes::Bytes;

use self::transport::{Link, Upgrade};
use super::payload::Payload;
use super::{ExchangeId, Frame, Handshake, Message, Packet, PacketError, Transport, WsClosed, WsId};
use crate::proto::queue::Queue;
use crate::proto::{Backlog, DisconnectReason};

/// How a session is opened.
#[derive(Clone, Debug)]
pub struct Config {
    /// The first transport.
    pub transport: Transport,
    /// Whether to move from polling to WebSocket if the server offers it.
    pub upgrade: bool,
    /// How long the server may take to open the session.
    pub open_timeout: Duration,
    /// The most bytes of one message of the server; a larger one breaks the session.
    pub max_message: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { transport: Transport::Polling, upgrade: true, open_timeout: Duration::from_secs(20), max_message: usize::MAX }
    }
}

/// What the caller must do on the network. The session id for the URL is [`Session::sid`].
///
/// After [`Event::Closed`] whatever is still in flight is to be dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transmit {
    /// Send a GET; the answer goes to [`Session::handle_get_response`].
    Get(ExchangeId),
    /// Send a POST with this body; the answer goes to [`Session::handle_post_response`].
    Post(ExchangeId, Bytes),
    /// Open a WebSocket; then [`Session::handle_ws_open`] or [`Session::handle_ws_closed`].
    WsConnect(WsId),
    /// Close the WebSocket.
    WsClose(WsId),
}

/// What the layer above learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The session is open.
    Opened(Handshake),
    /// A message of the server.
    Message(Message),
    /// The session has moved to WebSocket.
    Upgraded,
    /// The session is over; the last event.
    Closed {
        /// Why.
        reason: DisconnectReason,
    },
}

/// What [`Session::poll_output`] yields.
pub type Output = crate::proto::Output<Transmit, Event>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Opening,
    Open,
    /// What is queued still goes out, then the close packet.
    Closing,
    Closed,
}

/// One Engine.IO session.
#[derive(Debug)]
pub struct Session {
    state: State,
    link: Link,
    upgrade: Upgrade,
    may_upgrade: bool,
    max_message: usize,
    handshake: Option<Handshake>,
    /// For the open packet, then for the next ping.
    deadline: Instant,
    /// A pong is to be written; it goes ahead of the queue.
    pong: bool,
    queue: Queue<Frame>,
    queued_bytes: usize,
    last_id: u64,
    /// Of the last poll: unpacked one at a time, so that a body of many small packets is never held unpacked.
    unread: Payload,
    paused: bool,
    /// When that came.
    polled: Instant,
    transmits: Queue<Transmit>,
    events: Queue<Event>,
}

impl Session {
    /// Begins to open a session.
    pub fn open(now: Instant, cfg: &Config) -> Self {
        let mut session = Self {
            state: State::Opening,
            link: Link::default(),
            upgrade: Upgrade::None,
            may_upgrade: cfg.upgrade,
            max_message: cfg.max_message,
            handshake: None,
            deadline: now + cfg.open_timeout,
            pong: false,
            queue: Queue::default(),
            queued_bytes: 0,
            last_id: 0,
            unread: Payload::default(),
            paused: false,
            polled: now,
            transmits: Queue::default(),
            events: Queue::default(),
        };
        session.open_transport(cfg.transport);
        session
    }

    /// The session id, once the server has told it.
    pub fn sid(&self) -> Option<&str> {
        self.handshake.as_ref().map(|handshake| handshake.sid.as_str())
    }

    /// The most bytes that the server takes in one message; 0 while it has not told, and if it has no limit.
    pub fn max_payload(&self) -> u64 {
        self.handshake.as_ref().map_or(0, |handshake| handshake.max_payload)
    }

    /// The transport in use.
    pub fn transport(&self) -> Transport {
        match self.link {
            Link::Polling(_) => Transport::Polling,
            Link::WebSocket { .. } => Transport::WebSocket,
        }
    }

    /// Whether the session is open in both directions.
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Whether the session is over. Outputs may still have to be drained.
    pub fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    /// What waits to be sent.
    pub fn queued(&self) -> Backlog {
        Backlog { frames: self.queue.len(), bytes: self.queued_bytes }
    }

    /// Queues a message frame; false, and nothing done, if the session is closing or closed.
    pub fn send(&mut self, frame: Frame) -> bool {
        let accepted = matches!(self.state, State::Opening | State::Open);
        if accepted {
            self.queued_bytes += frame.len();
            self.queue.push(frame);
        }
        accepted
    }

    /// Whether the answer to a poll still holds packets.
    pub fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Holds back what is left of the answer to a poll, and with it the next poll. Frames of a WebSocket are held back by not reading them.
    pub fn pause(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Closes the session after what is queued has gone out; at once if it is not open yet.
    pub fn close(&mut self) {
        match self.state {
            State::Opening => self.finish(DisconnectReason::ForcedClose),
            State::Open => {
                self.state = State::Closing;
                self.abandon_upgrade();
            }
            State::Closing | State::Closed => {}
        }
    }

    /// The answer to a GET: the body of a 200, or nothing for everything else.
    pub fn handle_get_response(&mut self, now: Instant, id: ExchangeId, body: Option<Bytes>) {
        if !self.link.take_get(id) {
            return;
        }
        match body.map(Payload::new) {
            Some(Ok(packets)) => {
                (self.unread, self.polled) = (packets, now);
                self.unpack();
            }
            Some(Err(error)) => self.packet(now, Err(error)),
            None => self.finish(DisconnectReason::TransportError),
        }
    }

    /// The answer to a POST: whether it was a 200.
    pub fn handle_post_response(&mut self, id: ExchangeId, ok: bool) {
        if self.link.take_post(id) && !ok {
            self.finish(DisconnectReason::TransportError);
        }
    }

    /// The WebSocket is open.
    pub fn handle_ws_open(&mut self, ws: WsId) {
        if self.upgrade == Upgrade::Connecting(ws) {
            self.upgrade = Upgrade::Probing { ws, probe: true };
        }
    }

    /// A frame from a WebSocket.
    pub fn handle_ws_frame(&mut self, now: Instant, ws: WsId, frame: Frame) {
        if self.link.is_ws(ws) {
            self.packet(now, Packet::decode(frame));
        } else if self.upgrade.ws() == Some(ws) {
            self.candidate_frame(frame);
        }
    }

    /// A WebSocket could not be opened, or is gone.
    pub fn handle_ws_closed(&mut self, ws: WsId, how: WsClosed) {
        if self.link.is_ws(ws) {
            self.finish(match how {
                WsClosed::Clean => DisconnectReason::TransportClose,
                WsClosed::Error => DisconnectReason::TransportError,
            });
        } else if self.upgrade.ws() == Some(ws) {
            // A failed probe leaves polling intact.
            self.upgrade = Upgrade::None;
        }
    }

    /// The time that [`Output::Timeout`](crate::proto::Output::Timeout) asked for has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.deadline <= now {
            self.finish(match self.state {
                State::Opening => DisconnectReason::TransportError,
                _ => DisconnectReason::PingTimeout,
            });
        }
    }

    /// The next frame to write on this WebSocket: call it whenever the WebSocket can take one.
    pub fn poll_ws_frame(&mut self, ws: WsId) -> Option<Frame> {
        if !self.link.is_ws(ws) {
            return self.upgrade.take_probe(ws);
        }
        if self.link.take_upgrade() {
            return Some(Frame::UPGRADE);
        }
        // The server speaks first.
        if self.state == State::Opening { None } else { self.pop() }
    }

    /// The next output; drain it until it says `Timeout`.
    pub fn poll_output(&mut self) -> Output {
        while self.events.is_empty() && !self.paused && self.unpack() {}
        if self.unread.is_empty() {
            self.advance();
        } else if self.paused {
            // What is to be sent may be what makes room.
            self.post();
        }
        if let Some(event) = self.events.pop() {
            return Output::Event(event);
        }
        if let Some(transmit) = self.transmits.pop() {
            return Output::Transmit(transmit);
        }
        Output::Timeout((!self.is_closed()).then_some(self.deadline))
    }

    /// The next packet of a poll; false if there is none.
    fn unpack(&mut self) -> bool {
        let Some(packet) = self.unread.next() else { return false };
        self.packet(self.polled, packet);
        true
    }

    fn packet(&mut self, now: Instant, packet: Result<Packet, PacketError>) {
        match (self.state, packet) {
            (State::Closed, _) => {}
            (State::Opening, Ok(Packet::Open(json))) => match Handshake::decode(&json) {
                Some(handshake) => self.opened(now, handshake),
                None => self.finish(DisconnectReason::ParseError),
            },
            (_, Ok(Packet::Close)) => self.finish(DisconnectReason::TransportClose),
            // The reference reports "server error", a transport error, for a malformed packet.
            (State::Opening, _) | (_, Err(_)) => self.finish(DisconnectReason::TransportError),
            (_, Ok(Packet::Ping { .. })) => self.ping(now),
            // A WebSocket refuses it by itself; an answer to a poll may hold several.
            (State::Open, Ok(Packet::Message(message))) if message.len() > self.max_message => {
                self.finish(DisconnectReason::TransportError);
            }
            (State::Open, Ok(Packet::Message(message))) => {
                self.events.push(Event::Message(message));
            }
            (_, Ok(_)) => {}
        }
    }

    fn opened(&mut self, now: Instant, handshake: Handshake) {
        self.state = State::Open;
        self.deadline = now + handshake.ping_deadline();
        self.handshake = Some(handshake.clone());
        if self.may_upgrade && handshake.upgrades.iter().any(|name| name == "websocket") {
            self.begin_upgrade();
        }
        self.events.push(Event::Opened(handshake));
    }

    /// Only pings move the deadline (`_resetPingTimeout`).
    fn ping(&mut self, now: Instant) {
        self.pong = true;
        if let Some(handshake) = &self.handshake {
            self.deadline = now + handshake.ping_deadline();
        }
    }

    fn pop(&mut self) -> Option<Frame> {
        if std::mem::take(&mut self.pong) {
            return Some(Frame::PONG);
        }
        let frame = self.queue.pop()?;
        self.queued_bytes -= frame.len();
        Some(frame)
    }

    fn finish(&mut self, reason: DisconnectReason) {
        if self.is_closed() {
            return;
        }
        let reason = if self.state == State::Closing { DisconnectReason::ForcedClose } else { reason };
        self.state = State::Closed;
        self.queue.clear();
        self.queued_bytes = 0;
        self.unread = Payload::default();
        self.abandon_upgrade();
        if let Link::WebSocket { ws, .. } = self.link {
            self.transmits.push(Transmit::WsClose(ws));
        }
        self.events.push(Event::Closed { reason });
    }
}
