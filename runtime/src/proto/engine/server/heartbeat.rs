//! Pings of the server, pongs of the client.

use std::time::Instant;

use super::{Config, Frame, Session};
use crate::proto::DisconnectReason;

#[derive(Debug)]
enum Phase {
    /// The next ping is due at `until`.
    Resting { until: Instant },
    /// A ping was queued; the pong is due at `deadline`.
    Awaiting { deadline: Instant, refreshed: bool },
}

#[derive(Debug)]
pub(super) struct Heartbeat {
    phase: Phase,
    /// A ping is to be written. It is no queue entry: one is enough, and it may overtake messages.
    ping: bool,
}

impl Heartbeat {
    /// The first ping comes after `ping_interval`; a ping right after the open breaks the engine.io test suite.
    pub(super) fn new(now: Instant, cfg: &Config) -> Self {
        Self { phase: Phase::Resting { until: now + cfg.ping_interval }, ping: false }
    }

    pub(super) fn next(&self) -> Instant {
        match self.phase {
            Phase::Resting { until } => until,
            Phase::Awaiting { deadline, .. } => deadline,
        }
    }

    pub(super) fn wants_ping(&self) -> bool {
        self.ping
    }

    pub(super) fn take_ping(&mut self) -> bool {
        std::mem::take(&mut self.ping)
    }

    /// Also an unsolicited pong restarts the interval (`socket.js`, `onPacket`: `pingIntervalTimer.refresh()`).
    pub(super) fn pong(&mut self, now: Instant, cfg: &Config) {
        self.phase = Phase::Resting { until: now + cfg.ping_interval };
    }

    /// While a pong is awaited, the first other packet moves the deadline, once per ping (engine.io 6.6.12).
    pub(super) fn refresh_once(&mut self, now: Instant, cfg: &Config) {
        if let Phase::Awaiting { deadline, refreshed: refreshed @ false } = &mut self.phase {
            *deadline = now + cfg.ping_timeout;
            *refreshed = true;
        }
    }
}

impl Session {
    pub(super) fn heartbeat_timeout(&mut self) {
        if self.now < self.heartbeat.next() {
            return;
        }
        match self.heartbeat.phase {
            Phase::Resting { .. } => {
                self.heartbeat.ping = true;
                let deadline = self.now + self.cfg.ping_timeout;
                self.heartbeat.phase = Phase::Awaiting { deadline, refreshed: false };
            }
            Phase::Awaiting { .. } => self.finish(DisconnectReason::PingTimeout, &Frame::CLOSE),
        }
    }
}
