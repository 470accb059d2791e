//! The client's side of one connection: an Engine.IO session and the namespaces joined over it.
//!
//! `socket.io-client` 4.8.4, `build/cjs/manager.js` and `socket.js`. One connection attempt, as the session below it: whoever reconnects
//! makes a new one. What is emitted before a namespace is joined is the caller's to keep; what arrives too early is kept here.

mod inbound;

#[cfg(test)]
mod tests;

use std::time::Instant;

use bytes::Bytes;

use self::inbound::{Incoming, Partial};
use crate::proto::engine::client::{self as engine, Session, Transmit};
use crate::proto::engine::{ExchangeId, Frame, Transport, WsClosed, WsId};
use crate::proto::packet::{DecodeError, Encoded, Header, Kind, MAX_ATTACHMENTS};
use crate::proto::queue::Queue;
use crate::proto::{Backlog, DisconnectReason};

/// Settings of a connection.
#[derive(Clone, Debug)]
pub struct Config {
    /// The Engine.IO session's settings.
    pub engine: engine::Config,
    /// The most attachments of one incoming packet.
    pub max_attachments: usize,
    /// The most bytes in all attachments of one incoming packet.
    pub max_attachment_bytes: usize,
    /// The most bytes of events that come before their namespace is joined; more close the connection.
    pub max_early_bytes: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            engine: engine::Config::default(),
            max_attachments: MAX_ATTACHMENTS,
            max_attachment_bytes: 64 * 1024 * 1024,
            max_early_bytes: 16 * 1024 * 1024,
        }
    }
}

/// One attempt to join a namespace. Not used again within a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NspId(u64);

/// Why a namespace could not be joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The server says no: the JSON of its `CONNECT_ERROR`, an object or a string, unparsed.
    ByServer(Bytes),
    /// The server's answer has no socket id: it speaks protocol 4 (Socket.IO 2) or older.
    OldServer,
}

/// What the layer above learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The session is open: [`Connection::connect`] the namespaces.
    Opened,
    /// A namespace is joined.
    Connected {
        /// The join.
        id: NspId,
        /// The socket's id over there.
        sid: String,
        /// The private session id of connection state recovery, if the server offers that.
        pid: Option<String>,
    },
    /// A namespace cannot be joined; the last event with this id. The connection stays open.
    Refused {
        /// The join.
        id: NspId,
        /// Why.
        why: Refusal,
    },
    /// An event for a joined namespace.
    Event {
        /// The join.
        id: NspId,
        /// The server asks for an acknowledgement with this id.
        ack: Option<u64>,
        /// The JSON array of name and arguments, unparsed; placeholders stand for the attachments.
        data: Bytes,
        /// As many as the packet announced.
        attachments: Vec<Bytes>,
    },
    /// The server acknowledges an event.
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

#[derive(Debug)]
enum Stage {
    /// `receiveBuffer` of the reference: events that came ahead of the `CONNECT` they belong to.
    Connecting {
        early: Vec<Incoming>,
    },
    Joined,
    /// Left before the server has answered. Till it does nothing may be sent there: a `41` or a second `CONNECT` would cost the whole
    /// connection (`socket.io` 4.8.4, `client.js`, `ondecoded`: "invalid state").
    Left {
        next: Option<Next>,
    },
}

/// A join that waits for the end of an earlier one.
#[derive(Debug)]
struct Next {
    id: NspId,
    connect: Encoded,
}

#[derive(Debug)]
struct Entry {
    id: NspId,
    nsp: String,
    stage: Stage,
}

impl Entry {
    fn is(&self, id: NspId) -> bool {
        self.id == id && !matches!(self.stage, Stage::Left { .. })
    }
}

/// One connection.
///
/// Drive it as [`Session`]: drain [`poll_output`](Self::poll_output) and pull frames with [`poll_ws_frame`](Self::poll_ws_frame) before
/// waiting.
#[derive(Debug)]
pub struct Connection {
    cfg: Config,
    engine: Session,
    entries: Vec<Entry>,
    last_id: u64,
    partial: Option<Box<Partial>>,
    early_bytes: usize,
    /// The server speaks protocol 4 or older.
    is_old: bool,
    /// Set once a close was begun here.
    closing: Option<(DisconnectReason, Option<DecodeError>)>,
    events: Queue<Event>,
}

impl Connection {
    /// Begins to open a connection.
    pub fn open(now: Instant, cfg: Config) -> Self {
        Self {
            engine: Session::open(now, &cfg.engine),
            cfg,
            entries: Vec::new(),
            last_id: 0,
            partial: None,
            early_bytes: 0,
            is_old: false,
            closing: None,
            events: Queue::default(),
        }
    }

    /// See [`Session::handle_get_response`].
    pub fn handle_get_response(&mut self, now: Instant, id: ExchangeId, body: Option<Bytes>) {
        self.engine.handle_get_response(now, id, body);
    }

    /// See [`Session::has_unread`].
    pub fn has_unread(&self) -> bool {
        self.engine.has_unread()
    }

    /// See [`Session::pause`].
    pub fn pause(&mut self, paused: bool) {
        self.engine.pause(paused);
    }

    /// See [`Session::handle_post_response`].
    pub fn handle_post_response(&mut self, id: ExchangeId, ok: bool) {
        self.engine.handle_post_response(id, ok);
    }

    /// See [`Session::handle_ws_open`].
    pub fn handle_ws_open(&mut self, ws: WsId) {
        self.engine.handle_ws_open(ws);
    }

    /// See [`Session::handle_ws_frame`].
    pub fn handle_ws_frame(&mut self, now: Instant, ws: WsId, frame: Frame) {
        self.engine.handle_ws_frame(now, ws, frame);
    }

    /// See [`Session::handle_ws_closed`].
    pub fn handle_ws_closed(&mut self, ws: WsId, how: WsClosed) {
        self.engine.handle_ws_closed(ws, how);
    }

    /// The time that [`Output::Timeout`](crate::proto::Output::Timeout) asked for has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.engine.handle_timeout(now);
    }

    /// See [`Session::poll_ws_frame`].
    pub fn poll_ws_frame(&mut self, ws: WsId) -> Option<Frame> {
        self.engine.poll_ws_frame(ws)
    }

    /// See [`Session::sid`].
    pub fn sid(&self) -> Option<&str> {
        self.engine.sid()
    }

    /// See [`Session::max_payload`].
    pub fn max_payload(&self) -> u64 {
        self.engine.max_payload()
    }

    /// See [`Session::transport`].
    pub fn transport(&self) -> Transport {
        self.engine.transport()
    }

    /// See [`Session::is_open`].
    pub fn is_open(&self) -> bool {
        self.engine.is_open()
    }

    /// See [`Session::is_closed`].
    pub fn is_closed(&self) -> bool {
        self.engine.is_closed()
    }

    /// Why the connection is about to close, if it was closed here or by a malformed packet: what was queued still goes out.
    pub fn closing(&self) -> Option<DisconnectReason> {
        self.closing.map(|(reason, _)| reason)
    }

    /// See [`Session::queued`].
    pub fn queued(&self) -> Backlog {
        self.engine.queued()
    }

    /// Asks to join a namespace; `auth` is a JSON object. [`Event::Connected`], [`Event::Refused`] or [`Event::Disconnected`] follows.
    ///
    /// If the server still owes the answer to a join that was left, this one waits for it.
    ///
    /// `None`, and nothing done, if the connection is not open or the namespace is joined or connecting already.
    pub fn connect(&mut self, nsp: &str, auth: Option<&[u8]>) -> Option<NspId> {
        if !self.is_open() {
            return None;
        }
        let id = NspId(self.last_id + 1);
        let connect = Header::new(Kind::Connect, nsp).with_json(auth.unwrap_or_default());
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.nsp == nsp) {
            let Stage::Left { next: next @ None } = &mut entry.stage else { return None };
            *next = Some(Next { id, connect });
            self.last_id += 1;
            return Some(id);
        }
        self.last_id += 1;
        if self.is_old {
            self.events.push(Event::Refused { id, why: Refusal::OldServer });
            return Some(id);
        }
        self.entries.push(Entry { id, nsp: nsp.to_owned(), stage: Stage::Connecting { early: Vec::new() } });
        self.write(connect);
        Some(id)
    }

    /// Sends an EVENT or ACK, encoded for this namespace; false, and nothing done, unless it is joined.
    ///
    /// The packet's frames stay together and in order.
    pub fn send(&mut self, id: NspId, packet: Encoded) -> bool {
        let joined = self.entries.iter().any(|entry| entry.id == id && matches!(entry.stage, Stage::Joined));
        if joined {
            self.write(packet);
        }
        joined
    }

    /// Leaves the namespace: sends `41` behind everything else, and [`Event::Disconnected`] follows. What the server still sends to it
    /// is dropped. False if it was not there any more.
    ///
    /// One that is still connecting says so when the server has let it in (the reference does not and leaves a socket behind over there).
    pub fn disconnect(&mut self, id: NspId) -> bool {
        if !self.forget_next(id) {
            let Some(entry) = self.remove(id) else { return false };
            if let Stage::Connecting { .. } = entry.stage {
                self.entries.push(Entry { stage: Stage::Left { next: None }, ..entry });
            } else {
                self.write(Header::new(Kind::Disconnect, &entry.nsp).with_json(b""));
            }
        }
        self.events.push(Event::Disconnected { id, reason: DisconnectReason::IoClientDisconnect });
        true
    }

    /// Closes the connection after what is queued has gone out: every namespace is left at once, without a packet.
    pub fn close(&mut self) {
        self.close_with(DisconnectReason::IoClientDisconnect, None);
    }

    /// The layer above found a packet malformed: closes the connection, as every malformed packet does (`manager.js`, `ondata`).
    pub fn handle_malformed(&mut self, error: DecodeError) {
        self.close_with(DisconnectReason::ParseError, Some(error));
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
                engine::Output::Timeout(at) => return Output::Timeout(at),
            }
        }
    }

    fn engine_event(&mut self, event: engine::Event) {
        match event {
            engine::Event::Opened(_) => self.events.push(Event::Opened),
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

    fn close_with(&mut self, reason: DisconnectReason, error: Option<DecodeError>) {
        if self.closing.is_none() && !self.is_closed() {
            self.leave_all(reason, error);
            self.engine.close();
        }
    }

    /// Every namespace learns `reason`; nothing is received any more.
    fn leave_all(&mut self, reason: DisconnectReason, error: Option<DecodeError>) {
        self.closing.get_or_insert((reason, error));
        self.partial = None;
        self.early_bytes = 0;
        for entry in std::mem::take(&mut self.entries) {
            let id = match entry.stage {
                Stage::Left { next } => next.map(|next| next.id),
                Stage::Connecting { .. } | Stage::Joined => Some(entry.id),
            };
            if let Some(id) = id {
                self.events.push(Event::Disconnected { id, reason });
            }
        }
    }

    /// A join that waits is taken back; false if this one does not wait.
    fn forget_next(&mut self, id: NspId) -> bool {
        self.entries.iter_mut().any(|entry| match &mut entry.stage {
            Stage::Left { next } => next.take_if(|next| next.id == id).is_some(),
            Stage::Connecting { .. } | Stage::Joined => false,
        })
    }

    fn remove(&mut self, id: NspId) -> Option<Entry> {
        let index = self.entries.iter().position(|entry| entry.is(id))?;
        let entry = self.entries.remove(index);
        if let Stage::Connecting { early } = &entry.stage {
            self.early_bytes -= early.iter().map(Incoming::size).sum::<usize>();
        }
        Some(entry)
    }
}
