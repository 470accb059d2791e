//! What the client sends.
//!
//! `client.js`, `ondecoded`; `socket.io-parser` 4.2.7, `Decoder#add` and `BinaryReconstructor`.

use std::time::Instant;

use bytes::Bytes;

use super::{Connection, Event, NspId, Stage};
use crate::proto::DisconnectReason;
use crate::proto::engine::Message;
use crate::proto::packet::{DecodeError, Header, Kind, MAX_ATTACHMENTS};

/// The longest name of a namespace: each that is joined is kept.
const MAX_NAME: usize = 1024;

/// A packet whose attachments have not all arrived.
#[derive(Debug)]
pub(super) struct Partial {
    packet: Incoming,
    missing: usize,
    bytes: usize,
    /// When the next attachment is too late.
    pub(super) deadline: Instant,
}

/// An EVENT or ACK for a namespace.
#[derive(Debug)]
struct Incoming {
    /// `None` when it is to be dropped.
    nsp: Option<NspId>,
    is_ack: bool,
    id: Option<u64>,
    data: Bytes,
    attachments: Vec<Bytes>,
}

impl Connection {
    pub(super) fn message(&mut self, message: Message) {
        // Not "the engine is open": what came before its end still counts.
        if self.closing.is_some() {
            return;
        }
        let result = match message {
            Message::Text(text) => self.text(&text),
            Message::Binary(data) => self.attachment(data),
        };
        if let Err(error) = result {
            self.handle_malformed(self.engine.now(), error);
        }
    }

    fn text(&mut self, text: &Bytes) -> Result<(), DecodeError> {
        if self.partial.is_some() {
            return Err(DecodeError::UnexpectedText);
        }
        let (header, payload) = Header::decode(text, self.cfg.max_attachments)?;
        let payload = text.slice_ref(payload);
        match header.kind {
            Kind::Connect => self.connect_requested(header.nsp, payload),
            Kind::Disconnect => self.disconnected(header.nsp),
            Kind::ConnectError => self.out_of_place(),
            Kind::Event | Kind::Ack | Kind::BinaryEvent | Kind::BinaryAck => {
                self.data(&header, payload);
            }
        }
        Ok(())
    }

    fn connect_requested(&mut self, nsp: &str, auth: Bytes) {
        let present = self.namespaces.by_name(nsp).is_some_and(|entry| !matches!(entry.stage, Stage::Left));
        if present || nsp.len() > MAX_NAME || self.namespaces.live() >= self.cfg.max_namespaces {
            return self.out_of_place();
        }
        let (id, nsp) = self.namespaces.connect(nsp);
        if self.has_joined {
            self.vacant_until = None;
        }
        let auth = (!auth.is_empty()).then_some(auth);
        self.events.push(Event::ConnectRequested { id, nsp, auth });
    }

    fn disconnected(&mut self, nsp: &str) {
        let Some(entry) = self.namespaces.by_name(nsp) else {
            return self.out_of_place();
        };
        let id = entry.id;
        match entry.stage {
            Stage::Joined => {
                self.namespaces.remove(id);
                let reason = DisconnectReason::ClientNamespaceDisconnect;
                self.events.push(Event::Disconnected { id, reason });
                self.vacate(self.engine.now());
            }
            Stage::Connecting { .. } => self.out_of_place(),
            // Both sides have left at the same time.
            Stage::Left => drop(self.namespaces.remove(id)),
        }
    }

    fn data(&mut self, header: &Header<'_>, data: Bytes) {
        let nsp = match self.namespaces.by_name(header.nsp) {
            Some(entry) if !entry.is_connecting() => entry.id,
            _ => return self.out_of_place(),
        };
        let packet = Incoming {
            nsp: self.namespaces.is_joined(nsp).then_some(nsp),
            is_ack: matches!(header.kind, Kind::Ack | Kind::BinaryAck),
            id: header.id,
            data,
            // Announced only: no reason to make room for any number of them.
            attachments: Vec::with_capacity(header.attachments.min(MAX_ATTACHMENTS)),
        };
        if header.attachments == 0 {
            self.deliver(packet);
        } else {
            let deadline = self.engine.now() + self.cfg.attachment_timeout;
            self.partial = Some(Box::new(Partial { packet, missing: header.attachments, bytes: 0, deadline }));
        }
    }

    fn attachment(&mut self, data: Bytes) -> Result<(), DecodeError> {
        let mut partial = self.partial.take().ok_or(DecodeError::UnexpectedBinary)?;
        partial.missing -= 1;
        partial.bytes += data.len();
        if partial.bytes > self.cfg.max_attachment_bytes {
            return Err(DecodeError::AttachmentsTooLarge);
        }
        partial.packet.attachments.push(data);
        if partial.missing == 0 {
            self.deliver(partial.packet);
        } else {
            partial.deadline = self.engine.now() + self.cfg.attachment_timeout;
            self.partial = Some(partial);
        }
        Ok(())
    }

    /// What is half received must not stay for as long as its client likes.
    pub(super) fn attachment_timeout(&mut self, now: Instant) {
        let Some(partial) = self.partial.as_mut().filter(|partial| partial.deadline <= now) else { return };
        if self.engine.is_paused() {
            // It may be there already, and is not looked at.
            partial.deadline = now + self.cfg.attachment_timeout;
        } else {
            self.handle_malformed(now, DecodeError::MissingAttachments);
        }
    }

    fn deliver(&mut self, packet: Incoming) {
        let Incoming { nsp, is_ack, id: ack, data, attachments } = packet;
        // The server may have left the namespace while attachments were on their way.
        let Some(id) = nsp.filter(|id| self.namespaces.is_joined(*id)) else {
            return;
        };
        match (is_ack, ack) {
            (false, ack) => self.events.push(Event::Event { id, ack, data, attachments }),
            (true, Some(ack)) => self.events.push(Event::Ack { id, ack, data, attachments }),
            // An acknowledgement of nothing is tolerated.
            (true, None) => {}
        }
    }

    /// A packet that is well-formed but must not come now: the connection closes, no error is reported.
    fn out_of_place(&mut self) {
        self.force_close(self.engine.now());
    }
}
