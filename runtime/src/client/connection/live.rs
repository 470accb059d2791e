//! One attempt to connect and the connection that comes of it: the protocol machine and its transports.

use std::{
    collections::VecDeque,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use super::{
    End, LINGER,
    link::{Done, Links, Socket},
    member::Limit,
};
use crate::{
    client::{error::Failure, hub::Options},
    contract::BoxFuture,
    net::{dial::DialError, ws::WsEnd},
    proto::{
        DisconnectReason,
        engine::{Transport, WsClosed, WsId, payload},
        packet::DecodeError,
        session::client as machine,
    },
};

/// So much is taken from the outboxes at a time; the rest stays where the overflow policy can reach it.
const ROOM: usize = 64 * 1024;

pub(super) struct Live {
    pub(super) machine: machine::Connection,
    pub(super) machine_deadline: Option<Instant>,
    /// For the attempt to open; later, for a close.
    pub(super) deadline: Option<Instant>,
    config: machine::Config,
    /// Those that were not tried yet.
    transports: VecDeque<Transport>,
    pub(super) links: Links,
    pub(super) stage: Progress,
    /// The first that was heard of.
    reason: Option<DisconnectReason>,
    pub(super) failure: Option<Failure>,
    /// The failure is only that a connection broke.
    vague: bool,
    pub(super) by_us: bool,
    pub(super) goodbye: Option<BoxFuture<'static, ()>>,
    /// Who writes first; it changes with every turn.
    pub(super) first: usize,
}

/// How far a connection has come; it never goes back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Progress {
    Opening,
    Open,
    Closing,
    Closed,
}

impl Live {
    /// Begins with the first of `transports`.
    pub(super) fn new(now: Instant, options: &Options, mut transports: VecDeque<Transport>) -> Self {
        let mut config = options.machine.clone();
        config.engine.open_timeout = share(options.timeout, &transports);
        if let Some(transport) = transports.pop_front() {
            config.engine.transport = transport;
        }
        Self {
            machine: machine::Connection::open(now, config.clone()),
            machine_deadline: None,
            deadline: Some(now + options.timeout),
            config,
            transports,
            links: Links::default(),
            stage: Progress::Opening,
            reason: None,
            failure: None,
            vague: false,
            by_us: false,
            goodbye: None,
            first: 0,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.stage == Progress::Open
    }

    pub(super) fn is_over(&self) -> bool {
        self.stage == Progress::Closed
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline.into_iter().chain(self.machine_deadline).min()
    }

    pub(super) fn into_end(self) -> End {
        End {
            by_us: self.by_us,
            reason: self.reason.unwrap_or(DisconnectReason::TransportError),
            failure: self.failure,
            goodbye: self.goodbye,
        }
    }

    /// Closes behind what the machine has been given.
    pub(super) fn close(&mut self, now: Instant) {
        if self.stage < Progress::Closing {
            self.stage = Progress::Closing;
            self.by_us = true;
            self.deadline = Some(now + LINGER);
            self.machine.close();
        }
    }

    /// Makes room for another connection.
    pub(super) fn give_up(&mut self, now: Instant) {
        if self.stage < Progress::Closing {
            self.stage = Progress::Closing;
            self.reason = Some(DisconnectReason::TransportError);
            self.deadline = Some(now + LINGER);
            self.machine.close();
        }
    }

    /// The machine has found a packet malformed and closes behind what it was given: a server that does not read must not stop it, even
    /// if it goes on sending pings.
    pub(super) fn note_closing(&mut self, now: Instant) {
        if let Some(reason) = self.machine.closing().filter(|_| self.stage < Progress::Closing) {
            self.stage = Progress::Closing;
            self.reason = Some(reason);
            self.deadline = Some(now + LINGER);
        }
    }

    pub(super) fn end(&mut self, reason: DisconnectReason) {
        self.reason.get_or_insert(reason);
        self.stage = Progress::Closed;
    }

    pub(super) fn malformed(&mut self, error: DecodeError) {
        self.machine.handle_malformed(error);
    }

    /// Tries the next transport; false if there is none, or if it would not help.
    pub(super) fn shift(&mut self, now: Instant) -> bool {
        let passing = self.failure.as_ref().is_none_or(Failure::is_passing);
        if self.stage != Progress::Opening || !passing {
            return false;
        }
        let left = self.deadline.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        self.config.engine.open_timeout = share(left, &self.transports);
        let Some(transport) = self.transports.pop_front() else { return false };
        self.config.engine.transport = transport;
        self.machine = machine::Connection::open(now, self.config.clone());
        self.links = Links::default();
        true
    }

    fn failed(&mut self, error: &DialError) {
        // Once the session is open, a failure is told by the reason, and a failed upgrade is none.
        if self.stage == Progress::Opening {
            // The first transport's tells the most; but at a wrong path Node breaks a WebSocket off and answers a poll.
            if self.failure.is_none() || self.vague && matches!(error, DialError::Status(_)) {
                self.failure = Some(Failure::Transport(error.to_string()));
                self.vague = matches!(error, DialError::Broken(_));
            }
            if !error.is_of_transport() {
                // A server that is not there is not there for any.
                self.transports.clear();
            }
        }
    }

    /// A request has failed. Whoever is not in its namespace yet wants to know more than the reason: behind a load balancer it is
    /// `Session ID unknown`.
    fn lost(&mut self, error: &DialError) {
        self.failed(error);
        self.failure.get_or_insert_with(|| Failure::Transport(error.to_string()));
    }

    pub(super) fn done(&mut self, now: Instant, done: Done) {
        match done {
            Done::Dialed(id, Ok(ws)) => {
                self.links.ws = Socket::Open(id, ws);
                self.machine.handle_ws_open(id);
            }
            Done::Dialed(id, Err(error)) => {
                self.failed(&error);
                self.machine.handle_ws_closed(id, WsClosed::Error);
            }
            Done::Got(id, Ok(body)) => {
                let opening = self.stage == Progress::Opening;
                self.machine.handle_get_response(now, id, Some(body.clone()));
                if opening && self.machine.sid().is_none() {
                    self.failure = Some(no_session(&body));
                }
            }
            Done::Got(id, Err(error)) => {
                self.lost(&error);
                self.machine.handle_get_response(now, id, None);
            }
            Done::Posted(id, result) => {
                if let Err(error) = &result {
                    self.lost(error);
                }
                self.machine.handle_post_response(id, result.is_ok());
            }
        }
    }

    pub(super) fn ws_lost(&mut self, id: WsId, end: WsEnd) {
        if let Socket::Open(_, ws) = std::mem::take(&mut self.links.ws) {
            match end {
                WsEnd::Violation(code) => ws.close(Some(code), ()),
                WsEnd::Closed => ws.end(),
                WsEnd::Broken => drop(ws),
            }
        }
        let how = if end == WsEnd::Closed { WsClosed::Clean } else { WsClosed::Error };
        self.machine.handle_ws_closed(id, how);
    }

    /// Gives the WebSocket what it takes, and flushes once. Without one: ready when every POST is answered.
    pub(super) fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WsEnd>> {
        let Socket::Open(id, ws) = &mut self.links.ws else {
            let polling = self.machine.transport() == Transport::Polling && !self.links.is_posting();
            return if polling { Poll::Ready(Ok(())) } else { Poll::Pending };
        };
        loop {
            ready!(ws.poll_ready(cx))?;
            if let Some(frame) = self.machine.poll_ws_frame(*id) {
                ws.send(frame)?;
                continue;
            }
            ready!(ws.poll_flush(cx))?;
            // A candidate carries nothing yet.
            let posting = self.machine.transport() == Transport::Polling && self.links.is_posting();
            return if posting { Poll::Pending } else { Poll::Ready(Ok(())) };
        }
    }

    /// How many bytes the network takes now.
    pub(super) fn room(&self) -> usize {
        ROOM.saturating_sub(self.machine.queued().bytes)
    }

    /// What the server would not take: it would break the connection instead.
    pub(super) fn limit(&self) -> Limit {
        let max = usize::try_from(self.machine.max_payload()).ok().filter(|max| *max > 0);
        Limit { max: max.unwrap_or(usize::MAX), base64: self.machine.transport() == Transport::Polling }
    }
}

/// What the answer to the first request is, if it opens no session.
fn no_session(body: &[u8]) -> Failure {
    if payload::is_of_protocol_3(body) {
        return Failure::OldServer;
    }
    let told: String = String::from_utf8_lossy(body).chars().take(100).collect();
    Failure::Transport(format!("there is no Engine.IO server at this path: it answers {told:?}"))
}

/// So long may one transport take, so that the time is enough for all: one that is blocked often just hangs.
fn share(time: Duration, transports: &VecDeque<Transport>) -> Duration {
    time / u32::try_from(transports.len()).unwrap_or(u32::MAX).max(1)
}
