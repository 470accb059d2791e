//! What the machines want, handed to the network and to the bookkeeping.

use super::engine::client::Transmit;
use super::{Output, Wire, World, WsClosed, client, engine, server};

impl World {
    pub(super) fn drain(&mut self) {
        self.drain_client();
        self.drain_server();
    }

    fn drain_client(&mut self) {
        let now = self.now;
        loop {
            match self.client.poll_output() {
                Output::Timeout(at) => break self.client_wakes = at,
                Output::Transmit(transmit) => match transmit {
                    Transmit::Get(id) => self.network.get(now, id),
                    Transmit::Post(id, body) => self.network.post(now, id, body),
                    Transmit::WsConnect(ws) => self.network.connect(now, ws),
                    Transmit::WsClose(ws) => {
                        self.network.in_order(now, Wire::ServerWsClosed(ws, WsClosed::Clean));
                    }
                },
                Output::Event(event) => {
                    assert!(self.client_closed.is_none(), "seed {}: {event:?} after the last", self.seed);
                    self.client_event(event);
                }
            }
        }
        for ws in self.network.sockets() {
            while let Some(frame) = self.client.poll_ws_frame(ws) {
                self.network.in_order(now, Wire::ToServer(ws, frame));
            }
        }
        // The last frame may have completed a close.
        if let Output::Event(event) = self.client.poll_output() {
            self.client_event(event);
            self.drain_client();
        }
    }

    fn client_event(&mut self, event: client::Event) {
        match event {
            client::Event::Opened => drop(self.client.connect("/", Some(b"{\"token\":1}"))),
            client::Event::Connected { id, sid, .. } => {
                assert_eq!(sid, "id", "seed {}", self.seed);
                self.client_nsp = Some(id);
                for number in std::mem::take(&mut self.client_backlog) {
                    self.client_says(id, number);
                }
            }
            client::Event::Event { id, data, attachments, .. } => {
                assert_eq!(self.client_nsp, Some(id), "seed {}", self.seed);
                self.at_client.take_event(self.seed, &data, attachments);
            }
            client::Event::Closed { reason, error } => {
                assert_eq!(error, None, "seed {}", self.seed);
                assert_eq!(self.client_nsp, None, "seed {}: the namespace was told before", self.seed);
                self.client_closed = Some((self.elapsed(), reason));
            }
            client::Event::Disconnected { .. } => self.client_nsp = None,
            client::Event::Upgraded => {}
            other @ (client::Event::Refused { .. } | client::Event::Ack { .. }) => panic!("seed {}: {other:?}", self.seed),
        }
    }

    pub(super) fn drain_server(&mut self) {
        if self.server.is_none() {
            return;
        }
        loop {
            match self.server().poll_output() {
                Output::Timeout(at) => {
                    self.server_wakes = at;
                    if !self.write_ws() {
                        break;
                    }
                }
                Output::Transmit(transmit) => self.server_transmit(transmit),
                Output::Event(event) => {
                    assert!(self.server_closed.is_none(), "seed {}: {event:?} after the last", self.seed);
                    self.server_event(event);
                }
            }
        }
    }

    fn server_transmit(&mut self, transmit: engine::server::Transmit) {
        use engine::server::Transmit as T;
        let now = self.now;
        let (T::PollResponse(id, _) | T::PostOk(id) | T::Reject(id, _) | T::DropExchange(id)) = &transmit else {
            let T::WsClose(ws) = transmit else { unreachable!() };
            if self.server_ws.remove(&ws) {
                self.network.in_order(now, Wire::ClientWsClosed(ws, WsClosed::Clean));
            }
            return;
        };
        assert!(self.unanswered.remove(id), "seed {}: answered twice: {transmit:?}", self.seed);
        match transmit {
            T::PollResponse(id, body) => {
                let packets = body.split(|byte| *byte == engine::payload::SEPARATOR).count();
                assert!(packets <= engine::payload::MAX_PACKETS, "seed {}", self.seed);
                self.network.get_response(now, id, Some(body));
            }
            T::PostOk(id) => self.network.post_response(now, id, true),
            T::Reject(id, _) | T::DropExchange(id) => {
                self.network.get_response(now, id, None);
                self.network.post_response(now, id, false);
            }
            T::WsClose(_) => {}
        }
    }

    fn server_event(&mut self, event: server::Event) {
        match event {
            server::Event::ConnectRequested { id, .. } => {
                let at = self.network.later(self.now);
                self.network.schedule(at, Wire::Join(id));
            }
            server::Event::Event { data, attachments, .. } => {
                self.at_server.take_event(self.seed, &data, attachments);
            }
            server::Event::Closed { reason, error } => {
                assert_eq!(error, None, "seed {}", self.seed);
                assert_eq!(self.nsp, None, "seed {}: the namespace was told before", self.seed);
                self.server_closed = Some((self.elapsed(), reason));
            }
            server::Event::Disconnected { .. } => self.nsp = None,
            server::Event::Ack { .. } | server::Event::Upgraded => {}
        }
    }

    /// Writes one frame if the WebSocket takes it; true if outputs must be looked at again.
    fn write_ws(&mut self) -> bool {
        if !self.ws_writable {
            return false;
        }
        for ws in self.server_ws.clone() {
            if let Some(frame) = self.server().poll_ws_frame(ws) {
                self.network.in_order(self.now, Wire::ToClient(ws, frame));
                if let Some(at) = self.network.stall(self.now) {
                    self.ws_writable = false;
                    self.network.schedule(at, Wire::Writable);
                }
                return true;
            }
        }
        false
    }
}
