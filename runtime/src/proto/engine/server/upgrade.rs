//! A WebSocket that wants to take over a polling session.
//!
//! `socket.js`, `_maybeUpgrade`: `2probe` is answered with `3probe`, `5` completes; anything else closes the candidate
//! and leaves polling intact.

use std::time::{Duration, Instant};

use super::{Event, Frame, Link, Packet, Session, Transmit, WsId};

/// How often a GET is released while the client waits for it to end.
const NOOP_INTERVAL: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) ws: WsId,
    deadline: Instant,
    /// `3probe` is to be written; a client that repeats its probe does not make it two.
    reply: bool,
    probe: Option<Probe>,
}

/// The client has probed and now waits for its GET to end.
#[derive(Debug)]
struct Probe {
    /// When a pending GET is answered with a noop.
    noop_at: Instant,
    /// The first GET that arrives after the probe is answered at once: the client may have sent it before it saw the
    /// `3probe`. Later ones wait for `noop_at`, or a client that polls on would do so as fast as the network goes.
    on_arrival: bool,
}

impl Candidate {
    pub(super) fn take_reply(&mut self) -> Option<Frame> {
        std::mem::take(&mut self.reply).then_some(Frame::PONG_PROBE)
    }

    pub(super) fn next_timeout(&self) -> Instant {
        self.probe.as_ref().map_or(self.deadline, |probe| self.deadline.min(probe.noop_at))
    }
}

impl Session {
    /// A WebSocket with this session's id. Closed at once if there is another, or nothing to upgrade.
    pub fn handle_ws_open(&mut self, now: Instant, ws: WsId) {
        self.now = now;
        let polling = matches!(self.link, Link::Polling(_)) && !self.is_closed();
        if !polling || self.candidate.is_some() || !self.cfg.allow_upgrades {
            return self.transmits.push(Transmit::WsClose(ws));
        }
        let deadline = now + self.cfg.upgrade_timeout;
        self.candidate = Some(Candidate { ws, deadline, reply: false, probe: None });
    }

    pub(super) fn candidate_frame(&mut self, frame: Frame) {
        match Packet::decode(frame) {
            Ok(Packet::Ping { probe: true }) => self.probed(),
            // Also without a probe, as in the reference.
            Ok(Packet::Upgrade) => self.upgrade(),
            _ => self.drop_candidate(),
        }
    }

    fn probed(&mut self) {
        let Some(candidate) = &mut self.candidate else {
            return;
        };
        candidate.reply = true;
        if candidate.probe.is_none() {
            candidate.probe = Some(Probe { noop_at: self.now + NOOP_INTERVAL, on_arrival: true });
            self.release_poll();
        }
    }

    /// A GET has arrived; the client may be waiting for its end to upgrade.
    pub(super) fn poll_during_upgrade(&mut self) {
        let Some(Candidate { probe: Some(probe), .. }) = &mut self.candidate else {
            return;
        };
        if std::mem::take(&mut probe.on_arrival) {
            self.release_poll();
        }
    }

    pub(super) fn upgrade_timeout(&mut self) {
        let Some(candidate) = &mut self.candidate else {
            return;
        };
        if candidate.deadline <= self.now {
            return self.drop_candidate();
        }
        if let Some(probe) = candidate.probe.as_mut().filter(|probe| probe.noop_at <= self.now) {
            probe.noop_at = self.now + NOOP_INTERVAL;
            self.release_poll();
        }
    }

    /// Ends a pending GET: with what is queued, otherwise with a noop.
    fn release_poll(&mut self) {
        self.answer_poll();
        if let Link::Polling(polling) = &mut self.link
            && let Some(get) = polling.get.take()
        {
            self.transmits.push(Transmit::PollResponse(get, Frame::NOOP.bytes().clone()));
        }
    }

    fn upgrade(&mut self) {
        self.retire_polling();
        // The rest of a POST body may have closed the session, and the candidate with it.
        if let Some(candidate) = self.candidate.take() {
            self.link = Link::WebSocket(candidate.ws);
            self.events.push(Event::Upgraded);
        }
    }

    pub(super) fn drop_candidate(&mut self) {
        if let Some(candidate) = self.candidate.take() {
            self.transmits.push(Transmit::WsClose(candidate.ws));
        }
    }
}
