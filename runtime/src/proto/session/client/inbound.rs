//! What the server sends.
//!
//! `socket.js`, `onpacket`; `socket.io-parser` 4.2.7, `Decoder#add` and `BinaryReconstructor`. Packets for a namespace that is not
//! there are dropped: every socket of the reference looks only at its own.

use bytes::Bytes;
use serde::Deserialize;

use super::{Connection, Entry, Event, Next, NspId, Refusal, Stage};
use crate::proto::DisconnectReason;
use crate::proto::engine::Message;
use crate::proto::packet::{DecodeError, Header, Kind};

/// What an event that is held costs beside its bytes.
const ENTRY: usize = 64;

/// A packet whose attachments have not all arrived.
#[derive(Debug)]
pub(super) struct Partial {
    packet: Incoming,
    missing: usize,
    bytes: usize,
}

/// An EVENT or ACK.
#[derive(Debug)]
pub(super) struct Incoming {
    /// `None` when it is to be dropped.
    nsp: Option<NspId>,
    is_ack: bool,
    ack: Option<u64>,
    data: Bytes,
    attachments: Vec<Bytes>,
}

impl Incoming {
    pub(super) fn size(&self) -> usize {
        ENTRY + self.data.len() + self.attachments.iter().map(|data| ENTRY + data.len()).sum::<usize>()
    }
}

/// The JSON of a `CONNECT` from the server.
#[derive(Deserialize)]
struct Joined {
    sid: Option<String>,
    pid: Option<String>,
}

impl Joined {
    fn decode(payload: &[u8]) -> Result<Self, DecodeError> {
        let payload = if payload.is_empty() { b"{}" } else { payload };
        serde_json::from_slice(payload).map_err(|_| DecodeError::InvalidPayload)
    }
}

impl Connection {
    pub(super) fn message(&mut self, message: Message) {
        if self.closing.is_some() {
            return;
        }
        let result = match message {
            Message::Text(text) => self.text(&text),
            Message::Binary(data) => self.attachment(data),
        };
        if let Err(error) = result {
            self.handle_malformed(error);
        }
    }

    fn text(&mut self, text: &Bytes) -> Result<(), DecodeError> {
        if self.partial.is_some() {
            return Err(DecodeError::UnexpectedText);
        }
        let (header, payload) = Header::decode(text, self.cfg.max_attachments)?;
        let payload = text.slice_ref(payload);
        if self.entries.iter().any(|entry| entry.nsp == header.nsp && matches!(entry.stage, Stage::Left { .. })) {
            match header.kind {
                Kind::Connect | Kind::ConnectError | Kind::Disconnect => return self.left(header.kind, header.nsp, &payload),
                Kind::Event | Kind::Ack | Kind::BinaryEvent | Kind::BinaryAck => return self.data(&header, None, payload),
            }
        }
        let entry = self.entries.iter().find(|entry| entry.nsp == header.nsp);
        let connecting = entry.filter(|entry| matches!(entry.stage, Stage::Connecting { .. })).map(|entry| entry.id);
        let entry = entry.map(|entry| entry.id);
        match (header.kind, entry, connecting) {
            (Kind::Connect, _, Some(id)) => return self.connected(id, &payload),
            (Kind::ConnectError, _, Some(id)) => self.refused(id, Refusal::ByServer(payload)),
            (Kind::Disconnect, Some(id), _) => {
                self.remove(id);
                self.events.push(Event::Disconnected { id, reason: DisconnectReason::IoServerDisconnect });
            }
            // Such a server lets everybody into `/` unasked, and does not answer who asks.
            (Kind::Connect, None, _) if payload.is_empty() => self.is_old = true,
            // For nobody here, or the answer to what was answered already.
            (Kind::Connect | Kind::ConnectError | Kind::Disconnect, ..) => {}
            (Kind::Event | Kind::Ack | Kind::BinaryEvent | Kind::BinaryAck, nsp, _) => return self.data(&header, nsp, payload),
        }
        Ok(())
    }

    fn connected(&mut self, id: NspId, payload: &[u8]) -> Result<(), DecodeError> {
        let Joined { sid, pid } = Joined::decode(payload)?;
        let Some(sid) = sid else {
            self.refused(id, Refusal::OldServer);
            return Ok(());
        };
        self.events.push(Event::Connected { id, sid, pid });
        if let Some(entry) = self.entry(id)
            && let Stage::Connecting { early } = std::mem::replace(&mut entry.stage, Stage::Joined)
        {
            for packet in early {
                self.early_bytes -= packet.size();
                self.deliver(packet)?;
            }
        }
        Ok(())
    }

    /// The answer to a join that was left meanwhile: the next one has waited for it.
    fn left(&mut self, kind: Kind, nsp: &str, payload: &[u8]) -> Result<(), DecodeError> {
        if kind == Kind::Connect && Joined::decode(payload)?.sid.is_some() {
            self.write(Header::new(Kind::Disconnect, nsp).with_json(b""));
        }
        let Some(at) = self.entries.iter().position(|entry| entry.nsp == nsp) else { return Ok(()) };
        let Entry { nsp, stage, .. } = self.entries.swap_remove(at);
        if let Stage::Left { next: Some(Next { id, connect }) } = stage {
            self.entries.push(Entry { id, nsp, stage: Stage::Connecting { early: Vec::new() } });
            self.write(connect);
        }
        Ok(())
    }

    fn refused(&mut self, id: NspId, why: Refusal) {
        self.remove(id);
        self.events.push(Event::Refused { id, why });
    }

    fn data(&mut self, header: &Header<'_>, nsp: Option<NspId>, data: Bytes) -> Result<(), DecodeError> {
        let is_ack = matches!(header.kind, Kind::Ack | Kind::BinaryAck);
        let attachments = Vec::with_capacity(header.attachments);
        let packet = Incoming { nsp, is_ack, ack: header.id, data, attachments };
        if header.attachments == 0 {
            return self.deliver(packet);
        }
        self.partial = Some(Box::new(Partial { packet, missing: header.attachments, bytes: 0 }));
        Ok(())
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
            return self.deliver(partial.packet);
        }
        self.partial = Some(partial);
        Ok(())
    }

    fn deliver(&mut self, packet: Incoming) -> Result<(), DecodeError> {
        // It may have been left while attachments were on their way.
        let Some(entry) = packet.nsp.and_then(|id| self.entry(id)) else { return Ok(()) };
        let id = entry.id;
        if let Stage::Connecting { early } = &mut entry.stage {
            if !packet.is_ack {
                let size = packet.size();
                early.push(packet);
                self.early_bytes += size;
            }
            return if self.early_bytes > self.cfg.max_early_bytes { Err(DecodeError::TooEarly) } else { Ok(()) };
        }
        let Incoming { is_ack, ack, data, attachments, .. } = packet;
        match (is_ack, ack) {
            (false, ack) => self.events.push(Event::Event { id, ack, data, attachments }),
            (true, Some(ack)) => self.events.push(Event::Ack { id, ack, data, attachments }),
            // An acknowledgement of nothing is tolerated.
            (true, None) => {}
        }
        Ok(())
    }

    fn entry(&mut self, id: NspId) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.is(id))
    }
}
