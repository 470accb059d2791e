//! The server's side of one connection: an Engine.IO session and the namespaces joined over it.
//!
//! `socket.io` 4.8.4, `dist/client.js`. Connecting a namespace is the caller's business:
//! [`Event::ConnectRequested`], then [`Connection::accept`] or [`Connection::reject`].

mod inbound;
mod namespaces;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use self::inbound::Partial;
use self::namespaces::{Namespaces, Stage};
use crate::proto::engine::server::{self as engine, PostError, Session, Transmit};
use crate::proto::engine::{ExchangeId, Frame, Transport, WsClosed, WsId};
use crate::proto::packet::{DecodeError, Encoded, Header, Kind, MAX_ATTACHMENTS};
use crate::proto::queue::Queue;
use crate::proto::{Backlog, DisconnectReason};

pub use self::namespaces::NspId;

/// Settings of a connection; all connections of a server share one.
#[derive(Clone, Debug)]
pub struct Config {
    /// The Engine.IO session's settings.
    pub engine: Arc<engine::Config>,
    /// A connection that has joined no namespace after this time is closed.
    pub connect_timeout: Duration,
    /// A connection that has left its last namespace, and is not on its way into one, is closed after this time; the reference keeps it
    /// forever.
    pub idle_timeout: Option<Duration>,
    /// The most namespaces on one connection; a CONNECT beyond closes it.
    pub max_namespaces: usize,
    /// The most attachments of one incoming packet.
    pub max_attachments: usize,
    /// The most bytes in all attachments of one incoming packet.
    pub max_attachment_bytes: usize,
    /// How long the next attachment of an incoming packet may take.
    pub attachment_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        let engine = engine::Config::default();
        Self {
            connect_timeout: Duration::from_secs(45),
            idle_timeout: None,
            max_namespaces: 100,
            max_attachments: MAX_ATTACHMENTS,
            max_attachment_bytes: engine.max_payload.saturating_mul(MAX_ATTACHMENTS),
            attachment_timeout: Duration::from_mins(1),
            engine: Arc::new(engine),
        }
    }
}

/// What the layer above learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The client wants to join a namespace: [`Connection::accept`] or [`Connection::reject`] it.
    ConnectRequested {
        /// This join.
        id: NspId,
        /// Its name, UTF-8, beginning with a slash.
        nsp: Bytes,
        /// A JSON object, unparsed.
        auth: Option<Bytes>,
    },
    /// An event for a joined namespace.
    Event {
        /// The join.
        id: NspId,
        /// The client asks for an acknowledgement with this id.
        ack: Option<u64>,
        /// The JSON array of name and arguments, unparsed; placeholders stand for the attachments.
        data: Bytes,
        /// As many as the packet announced.
        attachments: Vec<Bytes>,
    },
    /// The client acknowledges an event.
    Ack {
        /// The join.
        id: NspId,
        /// Which event; not necessarily one that asked.
        ack: u64,
        /// The JSON array of arguments, unparsed; placeholders stand for the attachments.
        data: Bytes,
        /// As many as the packet announced.
        attachments: Vec<Bytes>,
    },
    /// A namespace that was joined or connecting is no longer; the last event with this id.
    Disconnected {
        /// The join.
        id: NspId,
        /// Why.
        reason: DisconnectReason,
    },
    /// The connection has moved from polling to WebSocket.
    Upgraded,
    /// The connection is over; the last event.
    Closed {
        /// Why.
        reason: DisconnectReason,
        /// The malformed packet that was the cause, if one was.
        error: Option<DecodeError>,
    },
}

/// What [`Connection::poll_output`] yields.
pub type Output = crate::proto::Output<Transmit, Event>;

/// One connection.
///
/// Drive it as [`Session`]: drain [`poll_output`](Self::poll_output) and pull frames with
/// [`poll_ws_frame`](Self::poll_ws_frame) before waiting.
#[derive(Debug)]
pub struct Connection {
    cfg: Arc<Config>,
    engine: Session,
    namespaces: Namespaces,
    partial: Option<Box<Partial>>,
    /// When a connection without joined namespace is closed.
    vacant_until: Option<Instant>,
    /// It has been in a namespace: without one it is idle now, not late.
    has_joined: bool,
    /// Set once a close was begun here.
    closing: Option<(DisconnectReason, Option<DecodeError>)>,
    events: Queue<Event>,
}

impl Connection {
    /// A GET without session id.
    pub fn open_polling(now: Instant, sid: &str, request: ExchangeId, cfg: Arc<Config>) -> Self {
        let engine = Session::open_polling(now, sid, request, cfg.engine.clone());
        Self::open(now, engine, cfg)
    }

    /// A WebSocket without session id.
    pub fn open_websocket(now: Instant, sid: &str, ws: WsId, cfg: Arc<Config>) -> Self {
        let engine = Session::open_websocket(now, sid, ws, cfg.engine.clone());
        Self::open(now, engine, cfg)
    }

    fn open(now: Instant, engine: Session, cfg: Arc<Config>) -> Self {
        Self {
            engine,
            namespaces: Namespaces::default(),
            partial: None,
            vacant_until: Some(now + cfg.connect_timeout),
            has_joined: false,
            closing: None,
            events: Queue::default(),
            cfg,
        }
    }

    /// See [`Session::handle_poll`].
    pub fn handle_poll(&mut self, now: Instant, request: ExchangeId) {
        self.engine.handle_poll(now, request);
    }

    /// See [`Session::handle_post_started`].
    pub fn handle_post_started(&mut self, now: Instant, request: ExchangeId) {
        self.engine.handle_post_started(now, request);
    }

    /// See [`Session::handle_post_body`].
    pub fn handle_post_body(&mut self, now: Instant, request: ExchangeId, body: Result<Bytes, PostError>) {
        self.engine.handle_post_body(now, request, body);
    }

    /// See [`Session::handle_exchange_aborted`].
    pub fn handle_exchange_aborted(&mut self, now: Instant, request: ExchangeId) {
        self.engine.handle_exchange_aborted(now, request);
    }

    /// See [`Session::handle_ws_open`].
    pub fn handle_ws_open(&mut self, now: Instant, ws: WsId) {
        self.engine.handle_ws_open(now, ws);
    }

    /// See [`Session::handle_ws_frame`].
    pub fn handle_ws_frame(&mut self, now: Instant, ws: WsId, frame: Frame) {
        self.engine.handle_ws_frame(now, ws, frame);
    }

    /// See [`Session::handle_ws_closed`].
    pub fn handle_ws_closed(&mut self, now: Instant, ws: WsId, how: WsClosed) {
        self.engine.handle_ws_closed(now, ws, how);
    }

    /// The time that [`Output::Timeout`](crate::proto::Output::Timeout) asked for has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.engine.handle_timeout(now);
        if self.vacant_until.is_some_and(|until| until <= now) {
            self.vacant_until = None;
            self.force_close(now);
        }
        self.attachment_timeout(now);
    }

    /// See [`Session::pause`].
    pub fn pause(&mut self, paused: bool) {
        self.engine.pause(paused);
    }

    /// See [`Session::poll_ws_frame`].
    pub fn poll_ws_frame(&mut self, ws: WsId) -> Option<Frame> {
        self.engine.poll_ws_frame(ws)
    }

    /// See [`Session::transport`].
    pub fn transport(&self) -> Transport {
        self.engine.transport()
    }

    /// See [`Session::writable`].
    pub fn writable(&self) -> bool {
        self.engine.writable()
    }

    /// See [`Session::is_open`].
    pub fn is_open(&self) -> bool {
        self.engine.is_open()
    }

    /// See [`Session::is_closed`].
    pub fn is_closed(&self) -> bool {
        self.engine.is_closed()
    }

    /// What waits for the client to take it.
    pub fn queued(&self) -> Backlog {
        self.engine.queued()
    }

    /// What is held back for namespaces that are connecting.
    pub fn held(&self) -> Backlog {
        self.namespaces.held()
    }

    /// Lets the client into the namespace: sends `40{"sid":…}`, then what was [sent](Self::send) before.
    ///
    /// False if the join is no longer pending. The socket id must not be the Engine.IO session's, which is a secret.
    pub fn accept(&mut self, id: NspId, sid: &str) -> bool {
        let Some(entry) = self.namespaces.find_mut(id) else {
            return false;
        };
        let Stage::Connecting { held, leave } = &mut entry.stage else {
            return false;
        };
        let (held, leave) = (std::mem::take(held), *leave);
        entry.stage = Stage::Joined;
        let json = serde_json::json!({ "sid": sid }).to_string();
        let connect = Header::new(Kind::Connect, entry.name()).with_json(json.as_bytes());
        (self.vacant_until, self.has_joined) = (None, true);
        self.write(connect);
        for packet in held {
            self.write(packet);
        }
        if leave {
            self.disconnect(self.engine.now(), id);
        }
        true
    }

    /// Refuses the join with `44`; `error` is a JSON object with `message` and possibly `data`.
    ///
    /// The connection stays open. What was sent to the namespace is dropped. False if the join is no longer pending.
    pub fn reject(&mut self, id: NspId, error: &[u8]) -> bool {
        if !self.namespaces.find_mut(id).is_some_and(|entry| entry.is_connecting()) {
            return false;
        }
        if let Some(entry) = self.namespaces.remove(id) {
            self.write(Header::new(Kind::ConnectError, entry.name()).with_json(error));
        }
        self.vacate(self.engine.now());
        true
    }

    /// Sends an EVENT or ACK, encoded for this namespace; false, and nothing done, if it is not there any more.
    ///
    /// The packet's frames stay together and in order. Before [`accept`](Self::accept) they are held back.
    pub fn send(&mut self, id: NspId, packet: Encoded) -> bool {
        let Some(entry) = self.namespaces.find_mut(id) else {
            return false;
        };
        match &mut entry.stage {
            Stage::Connecting { held, .. } => held.push(packet),
            Stage::Joined => self.write(packet),
            Stage::Left => return false,
        }
        true
    }

    /// Removes the client from the namespace: sends `41`, and [`Event::Disconnected`] follows; before [`accept`](Self::accept), right
    /// after it.
    ///
    /// What the client had already sent to it is dropped. (The reference closes the connection on such a packet.)
    pub fn disconnect(&mut self, now: Instant, id: NspId) -> bool {
        let Some(entry) = self.namespaces.find_mut(id) else {
            return false;
        };
        match &mut entry.stage {
            Stage::Left => return false,
            // `41` cannot come before `40`.
            Stage::Connecting { leave, .. } => {
                *leave = true;
                return true;
            }
            Stage::Joined => {}
        }
        entry.stage = Stage::Left;
        let packet = Header::new(Kind::Disconnect, entry.name()).with_json(b"");
        self.write(packet);
        self.namespaces.forget_oldest_left(self.cfg.max_namespaces);
        self.events.push(Event::Disconnected { id, reason: DisconnectReason::ServerNamespaceDisconnect });
        self.vacate(now);
        true
    }

    /// The layer above found a packet malformed: closes the connection, as every malformed packet does.
    pub fn handle_malformed(&mut self, now: Instant, error: DecodeError) {
        if self.engine.is_open() {
            self.engine.close(now, DisconnectReason::ForcedClose, false);
            self.leave_all(DisconnectReason::ForcedClose, Some(error));
        }
    }

    /// Closes the connection: every namespace is left with `reason` at once, without a packet; see [`Session::close`].
    pub fn close(&mut self, now: Instant, reason: DisconnectReason, discard: bool) {
        if self.engine.is_open() {
            self.engine.close(now, reason, discard);
            self.leave_all(reason, None);
        } else {
            self.engine.close(now, reason, discard);
        }
    }

    /// The next output; drain it until it says `Timeout`.
    pub fn poll_output(&mut self) -> Output {
        loop {
            if let Some(event) = self.events.pop() {
                return Output::Event(event);
            }
            match self.engine.poll_output() {
                engine::Output::Transmit(transmit) => return Output::Transmit(transmit),
                engine::Output::Event(event) => self.engine_event(event),
                engine::Output::Timeout(at) => {
                    let attachment = self.partial.as_ref().map(|partial| partial.deadline);
                    return Output::Timeout(at.into_iter().chain(self.vacant_until).chain(attachment).min());
                }
            }
        }
    }

    fn engine_event(&mut self, event: engine::Event) {
        match event {
            engine::Event::Message(message) => self.message(message),
            engine::Event::Upgraded => self.events.push(Event::Upgraded),
            engine::Event::Closed { reason } => {
                let (reason, error) = self.closing.unwrap_or((reason, None));
                self.leave_all(reason, error);
                self.events.push(Event::Closed { reason, error });
            }
        }
    }

    fn write(&mut self, packet: Encoded) {
        self.engine.send(Frame::Text(packet.text));
        for data in packet.attachments {
            self.engine.send(Frame::Binary(data));
        }
    }

    /// Closes the connection from here without naming an error (`client.js`, `close`).
    fn force_close(&mut self, now: Instant) {
        if self.engine.is_open() {
            self.engine.close(now, DisconnectReason::ForcedClose, false);
            let reason =
                if self.engine.is_closed() { DisconnectReason::ForcedClose } else { DisconnectReason::ForcedServerClose };
            self.leave_all(reason, None);
        }
    }

    /// Every namespace learns `reason`; nothing is received any more.
    fn leave_all(&mut self, reason: DisconnectReason, error: Option<DecodeError>) {
        self.closing.get_or_insert((reason, error));
        self.partial = None;
        self.vacant_until = None;
        for id in self.namespaces.clear() {
            self.events.push(Event::Disconnected { id, reason });
        }
    }

    /// A namespace was left; if it was the last one the connection is idle.
    fn vacate(&mut self, now: Instant) {
        if self.vacant_until.is_none() && self.namespaces.live() == 0 {
            self.vacant_until = self.cfg.idle_timeout.map(|timeout| now + timeout);
        }
    }
}
