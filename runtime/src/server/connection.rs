//! One connection, one task, one owner: the protocol machine, the transports and the handlers in flight.
//!
//! The order of a turn is fixed: timers, what HTTP brought, inbound frames (a bounded batch), handlers, the outbox, one coalesced write.
//! Nothing in it waits: a peer that does not read stalls neither the heartbeat nor the goodbye.

mod call;
mod dispatch;
mod handlers;
mod transport;

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use tokio::sync::oneshot;

use self::{
    handlers::Handlers,
    transport::{Links, Read},
};
use super::{
    Alive, Handshake, ServerCore,
    connect::Session,
    mailbox::{Answer, Input, Mailbox, Outgoing},
};
use crate::{
    net::{
        clock::{self, Alarm},
        random::SessionId,
        ws::Ws,
    },
    proto::{
        DisconnectReason, Output,
        engine::{ExchangeId, server::Transmit},
        session::server::{self as machine, Event, NspId},
    },
};

/// So much is taken from the outbox at a time; the rest stays where the overflow policy can reach it.
const ROOM: usize = 64 * 1024;
/// Turns before the task lets others run.
const TURNS: usize = 32;

/// The state of a connection's task.
pub(super) struct Connection {
    server: Arc<ServerCore>,
    sid: SessionId,
    handshake: Arc<Handshake>,
    mailbox: Arc<Mailbox>,
    machine: machine::Connection,
    sockets: Vec<Joined>,
    handlers: Handlers,
    links: Links,
    exchanges: Vec<(ExchangeId, oneshot::Sender<Answer>)>,
    outgoing: VecDeque<Outgoing>,
    inputs: VecDeque<Input>,
    alarm: Alarm,
    deadline: Option<Instant>,
    _alive: Alive,
}

struct Joined {
    id: NspId,
    session: Arc<dyn Session>,
}

impl Connection {
    /// A connection that began with a GET.
    pub(super) fn polling(
        server: Arc<ServerCore>,
        handshake: Arc<Handshake>,
        request: ExchangeId,
        answer: oneshot::Sender<Answer>,
    ) -> Self {
        let sid = SessionId::random();
        let machine = machine::Connection::open_polling(clock::now(), sid.as_str(), request, Arc::clone(&server.config.session));
        let mut connection = Self::new(server, sid, handshake, machine);
        connection.exchanges.push((request, answer));
        connection
    }

    /// A connection that began with a WebSocket.
    pub(super) fn websocket(server: Arc<ServerCore>, handshake: Arc<Handshake>, ws: Ws) -> Self {
        let sid = SessionId::random();
        let links = Links::with(ws);
        let machine =
            machine::Connection::open_websocket(clock::now(), sid.as_str(), Links::FIRST, Arc::clone(&server.config.session));
        let mut connection = Self::new(server, sid, handshake, machine);
        connection.links = links;
        connection
    }

    fn new(server: Arc<ServerCore>, sid: SessionId, handshake: Arc<Handshake>, machine: machine::Connection) -> Self {
        let mailbox = Arc::new(Mailbox::new(&server.config, machine.transport()));
        let alive = server.opened(sid, &mailbox);
        Self {
            handlers: Handlers::new(server.config.max_in_flight),
            server,
            sid,
            handshake,
            mailbox,
            machine,
            sockets: Vec::new(),
            links: Links::default(),
            exchanges: Vec::new(),
            outgoing: VecDeque::new(),
            inputs: VecDeque::new(),
            alarm: Alarm::default(),
            deadline: None,
            _alive: alive,
        }
    }

    pub(super) fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }

    /// Everything there is to do now, once. True if there may be more that nothing will wake the task for.
    fn turn(&mut self, cx: &mut Context<'_>) -> bool {
        let now = clock::now();
        self.timers(now, cx);
        self.inputs(now, cx);
        let read = self.read(now, cx);
        self.handle(now, cx);
        self.outbox(now, cx);
        self.write(now, cx);
        match read {
            Read::All => false,
            Read::Batch => true,
            // Nothing was read, so nothing wakes the task when a frame comes.
            Read::Full => !self.is_saturated(),
        }
    }

    fn timers(&mut self, now: Instant, cx: &mut Context<'_>) {
        if self.deadline.is_none_or(|at| at <= now) {
            self.machine.handle_timeout(now);
            self.drain(now, cx);
        }
    }

    /// What HTTP brought.
    fn inputs(&mut self, now: Instant, cx: &mut Context<'_>) {
        self.mailbox.take_inputs(&mut self.inputs);
        if self.inputs.is_empty() {
            return;
        }
        while let Some(input) = self.inputs.pop_front() {
            match input {
                Input::Poll(id, answer) => {
                    self.exchanges.push((id, answer));
                    self.machine.handle_poll(now, id);
                }
                Input::PostStarted(id, answer) => {
                    self.exchanges.push((id, answer));
                    self.machine.handle_post_started(now, id);
                }
                Input::PostBody(id, body) => self.machine.handle_post_body(now, id, body),
                Input::Aborted(id) => self.aborted(now, id),
                Input::WebSocket(ws) => {
                    let id = self.links.add(*ws);
                    self.machine.handle_ws_open(now, id);
                }
            }
        }
        self.drain(now, cx);
    }

    /// The client has given a request up. If it was answered already, the answer is lost, and packets of the session with it.
    fn aborted(&mut self, now: Instant, id: ExchangeId) {
        let waiting = self.exchanges.len();
        self.exchanges.retain(|(exchange, _)| *exchange != id);
        if self.exchanges.len() < waiting {
            self.machine.handle_exchange_aborted(now, id);
        } else {
            self.machine.close(now, DisconnectReason::TransportError, true);
        }
    }

    fn room(&self) -> usize {
        // Under a small budget less, or there would be nothing left for the overflow policy.
        let most = ROOM.min(self.server.config.outbox / 2).max(1);
        most.saturating_sub(self.machine.queued().bytes)
    }

    /// Nothing more is taken from the client: too many events wait for handlers in flight to end, or too many answers of the protocol
    /// itself (to CONNECT packets), which do not pass through the outbox, wait for a client that does not read.
    fn is_saturated(&self) -> bool {
        self.handlers.is_full() || self.machine.queued().bytes > self.server.config.outbox.saturating_mul(2)
    }

    /// What others, and this connection's handlers, want sent.
    fn outbox(&mut self, now: Instant, cx: &mut Context<'_>) {
        // Also without room: a consumer that has become too slow is noticed here.
        let room = self.room();
        if self.mailbox.take_outgoing(&mut self.outgoing, room) {
            self.machine.close(now, DisconnectReason::SlowConsumer, true);
            self.drain(now, cx);
        }
        if self.outgoing.is_empty() {
            return;
        }
        while let Some(item) = self.outgoing.pop_front() {
            match item {
                Outgoing::Packet { nsp, packet, .. } => drop(self.machine.send(nsp, packet)),
                Outgoing::Leave(nsp) => drop(self.machine.disconnect(now, nsp)),
                Outgoing::Close(reason) => self.close(now, reason),
            }
        }
        self.drain(now, cx);
    }

    fn close(&mut self, now: Instant, reason: DisconnectReason) {
        if reason == DisconnectReason::ServerNamespaceDisconnect {
            // Node's `disconnect(true)`: every namespace is left with its packet before the transport closes.
            for Joined { id, .. } in &self.sockets {
                self.machine.disconnect(now, *id);
            }
        }
        self.machine.close(now, reason, false);
    }

    /// Carries out what the machine wants, until it wants nothing more.
    fn drain(&mut self, now: Instant, cx: &mut Context<'_>) {
        loop {
            self.machine.pause(self.is_saturated());
            match self.machine.poll_output() {
                Output::Transmit(transmit) => self.transmit(transmit),
                Output::Event(event) => self.event(now, event, cx),
                Output::Timeout(at) => {
                    self.deadline = at;
                    return;
                }
            }
        }
    }

    fn transmit(&mut self, transmit: Transmit) {
        let (id, answer) = match transmit {
            Transmit::PollResponse(id, payload) => (id, Answer::Payload(payload)),
            Transmit::PostOk(id) => (id, Answer::Ok),
            Transmit::Reject(id, status) => (id, Answer::Status(status)),
            Transmit::DropExchange(id) => return self.exchanges.retain(|(exchange, _)| *exchange != id),
            Transmit::WsClose(id) => return self.links.close(id, self.server.busy()),
        };
        if let Some(at) = self.exchanges.iter().position(|(exchange, _)| *exchange == id) {
            // Nobody there any more: the guard of the request reports it.
            let _ = self.exchanges.swap_remove(at).1.send(answer);
        }
    }

    fn event(&mut self, now: Instant, event: Event, cx: &mut Context<'_>) {
        match event {
            Event::Event { id, ack, data, attachments } => self.dispatch(now, id, ack, data, attachments, cx),
            Event::Ack { id, ack, data, attachments } => self.settle(now, id, ack, data, attachments),
            Event::ConnectRequested { id, nsp, auth } => self.connect(now, id, &nsp, auth, cx),
            Event::Disconnected { id, reason } => self.left(id, reason, cx),
            Event::Upgraded => self.mailbox.upgraded(),
            Event::Closed { reason, error } => {
                match error {
                    Some(error) => crate::trace::debug(format_args!("connection closed: {reason}: {error}")),
                    None => crate::trace::debug(format_args!("connection closed: {reason}")),
                }
                self.end();
            }
        }
    }

    fn left(&mut self, id: NspId, reason: DisconnectReason, cx: &mut Context<'_>) {
        self.handlers.abandon(id);
        if let Some(at) = self.sockets.iter().position(|joined| joined.id == id) {
            let Joined { session, .. } = self.sockets.swap_remove(at);
            session.disconnected(reason);
            session.core().close();
            self.cancel(session.core().id, cx);
        }
    }

    /// The connection is over for everybody else. The task may go on, for handlers that run to their end.
    fn end(&mut self) {
        self.server.closed(self.sid);
        for input in self.mailbox.close() {
            if let Input::WebSocket(ws) = input {
                ws.close(None, self.server.busy());
            }
        }
        self.exchanges.clear();
    }

    fn is_over(&self) -> bool {
        self.machine.is_closed() && self.handlers.is_empty()
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.mailbox.awake();
        for _ in 0..TURNS {
            if this.turn(cx) {
                continue;
            }
            if this.is_over() {
                return Poll::Ready(());
            }
            // The deadline may have moved in the last step of the turn, and somebody may have written since we looked.
            this.alarm.set(this.deadline);
            if this.alarm.poll(cx).is_pending() && this.mailbox.sleep(cx.waker(), this.room() > 0) {
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Connection {
    /// The runtime is being shut down, or a bug has panicked through the task: nobody must wait for this connection.
    fn drop(&mut self) {
        for Joined { session, .. } in &self.sockets {
            session.disconnected(DisconnectReason::ServerShuttingDown);
            session.core().close();
        }
        self.handlers.abandon_all();
        self.end();
    }
}
