//! Every WebSocket of a connection: the one in use, and for the time of an upgrade a candidate.

use std::{
    task::{Context, Poll, ready},
    time::Instant,
};

use super::Connection;
use crate::{
    net::ws::{Ws, WsEnd},
    proto::engine::{WsClosed, WsId},
};

/// Frames that are read before handlers and writes get their turn.
const BATCH: usize = 64;

/// How far reading got.
pub(super) enum Read {
    /// There is nothing more for now.
    All,
    /// There may be more.
    Batch,
    /// There may be more, but it has to wait.
    Full,
}

#[derive(Default)]
pub(super) struct Links {
    open: Vec<Link>,
    next: u64,
}

struct Link {
    id: WsId,
    ws: Ws,
}

impl Links {
    /// The WebSocket that a connection began with.
    pub(super) const FIRST: WsId = WsId(0);

    pub(super) fn with(ws: Ws) -> Self {
        // `vec!` has room for one; an empty list that is pushed to would have room for four.
        Self { open: vec![Link { id: Self::FIRST, ws }], next: 1 }
    }

    pub(super) fn add(&mut self, ws: Ws) -> WsId {
        let id = WsId(self.next);
        self.next += 1;
        self.open.push(Link { id, ws });
        id
    }

    /// Says goodbye to a WebSocket that the machine has done with.
    pub(super) fn close(&mut self, id: WsId, busy: impl Send + 'static) {
        if let Some(link) = self.take(id) {
            link.ws.close(None, busy);
        }
    }

    fn take(&mut self, id: WsId) -> Option<Link> {
        let at = self.open.iter().position(|link| link.id == id)?;
        Some(self.open.swap_remove(at))
    }
}

impl Connection {
    /// Inbound frames, a bounded batch. A saturated connection reads nothing: the peer feels it.
    pub(super) fn read(&mut self, now: Instant, cx: &mut Context<'_>) -> Read {
        for _ in 0..BATCH {
            if self.is_saturated() {
                return Read::Full;
            }
            if !self.read_each(now, cx) {
                return Read::All;
            }
        }
        Read::Batch
    }

    /// One frame of each WebSocket that has one.
    fn read_each(&mut self, now: Instant, cx: &mut Context<'_>) -> bool {
        let mut any = false;
        for at in (0..self.links.open.len()).rev() {
            // A frame may have ended another link meanwhile.
            let Some(Link { id, ws }) = self.links.open.get_mut(at) else { continue };
            let id = *id;
            match ws.poll_frame(cx) {
                Poll::Ready(Ok(frame)) => self.machine.handle_ws_frame(now, id, frame),
                Poll::Ready(Err(end)) => self.lost(now, id, end),
                Poll::Pending => continue,
            }
            any = true;
            self.drain(now, cx);
        }
        any
    }

    fn lost(&mut self, now: Instant, id: WsId, end: WsEnd) {
        if let Some(link) = self.links.take(id) {
            match end {
                WsEnd::Violation(code) => link.ws.close(Some(code), self.server.busy()),
                WsEnd::Closed => link.ws.end(),
                WsEnd::Broken => drop(link),
            }
        }
        let how = if end == WsEnd::Closed { WsClosed::Clean } else { WsClosed::Error };
        self.machine.handle_ws_closed(now, id, how);
    }

    /// Gives each WebSocket what it takes, flushes once, and tells the outbox what is left.
    pub(super) fn write(&mut self, now: Instant, cx: &mut Context<'_>) {
        let (mut any, mut flushed) = (false, true);
        for at in (0..self.links.open.len()).rev() {
            let Some(id) = self.links.open.get(at).map(|link| link.id) else { continue };
            match self.write_one(at, &mut any, cx) {
                Poll::Pending => flushed = false,
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(end)) => {
                    any = true;
                    self.lost(now, id, end);
                }
            }
        }
        if any {
            // The last frame may have completed a close.
            self.drain(now, cx);
        }
        let backlog = self.machine.queued().bytes + usize::from(!flushed);
        self.mailbox.report(backlog, self.machine.held().bytes, flushed && self.machine.writable());
    }

    fn write_one(&mut self, at: usize, any: &mut bool, cx: &mut Context<'_>) -> Poll<Result<(), WsEnd>> {
        let Link { id, ws } = &mut self.links.open[at];
        loop {
            ready!(ws.poll_ready(cx))?;
            match self.machine.poll_ws_frame(*id) {
                Some(frame) => {
                    *any = true;
                    ws.send(frame)?;
                }
                None => return ws.poll_flush(cx),
            }
        }
    }
}
