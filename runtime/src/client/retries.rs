//! Delivery that outlives connections, for a client that wants it: what is sent and not acknowledged.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::calls::Ticket;
use crate::{
    net::{clock::LONGEST, random::Secret},
    proto::{
        packet::{Encoded, Header, Kind},
        retries::{AUTH_KEY, Due, SLOTS, Settings, Window},
    },
};

/// Delivery that outlives connections: [`Connect::retries`](super::Connect::retries). As `retries` and `ackTimeout` of
/// `socket.io-client`, without what they cost.
///
/// Every event is sent with the wish to be acknowledged, also those that nobody answers, and every event and call is sent again when
/// its acknowledgement does not come in time, or its connection breaks before. [`volatile`](super::Client::volatile) events are not.
///
/// **A server of this crate handles nothing twice.** It knows what it has handled by a name that the client gives itself, and answers what
/// comes again with what it has answered before; a handler that takes longer than a connection answers over the next one. It
/// remembers a client for two minutes after it has left (`ServerBuilder::retry_memory`), and within one process. **Any other server, or one
/// that was restarted, may handle something several times**: with Node's it is what Node's own client gives. There an event's handler has to
/// call its acknowledgement, or it gets the event again until the tries are used up.
///
/// A handler that is cancelled when its socket leaves (`#[event(cancel_on_disconnect)]`) was not at its end and starts anew.
///
/// Handlers are started in the order of emission, also after a reconnection: what was sent before goes first. One that takes long holds up
/// nothing but its own place in the [window](Self::window).
///
/// When the tries are used up, a call settles with [`CallError::Timeout`](crate::CallError::Timeout), and an event is reported to
/// [`on_fault`](super::Connect::on_fault) as [`FaultKind::Unacknowledged`](super::FaultKind::Unacknowledged), as are those that are not
/// acknowledged when the client is over. Then, and for a call that is dropped or has its own
/// [`timeout`](crate::Call::timeout), it is not known whether the server has handled it. It will not be sent again, and its place in the
/// window is free at once.
///
/// ```
/// use std::time::Duration;
/// use ackord::client::Retries;
///
/// let retries = Retries::new(10).ack_timeout(Duration::from_secs(5)).window(64);
/// # let _ = retries;
/// ```
#[derive(Debug, Clone)]
pub struct Retries(Settings);

impl Retries {
    /// Up to `retries` further tries, after a timeout as after a reconnection. They are counted for each event and call, and do not run out
    /// while there is no connection.
    pub fn new(retries: u32) -> Self {
        Self(Settings { retries, ack_timeout: Duration::from_secs(10), window: 32 })
    }

    /// How long one try may take. Default: 10 s.
    ///
    /// A handler that takes longer does no harm as long as there are tries left.
    pub fn ack_timeout(mut self, timeout: Duration) -> Self {
        self.0.ack_timeout = timeout.min(LONGEST);
        self
    }

    /// How many events and calls may be unacknowledged at once, 1 to 256; others wait for one of them in the
    /// [outbox](super::Connect::outbox). Default: 32.
    ///
    /// Calls that wait for one another, through a handler on the other side, need a place each.
    pub fn window(mut self, window: usize) -> Self {
        self.0.window = window.clamp(1, SLOTS as usize);
        self
    }
}

/// An event that was sent.
pub(super) struct Sent {
    id: u64,
    packet: Encoded,
    /// Of a call: who waits for the answer.
    pub(super) ticket: Option<Ticket>,
}

/// What [`Unacked::poll`] wants done.
pub(super) enum Again {
    Send(u64, Encoded),
    Exhausted(Sent),
}

/// What was sent and is not acknowledged.
pub(super) struct Unacked {
    window: Mutex<Window<Sent>>,
    /// None where the operating system has no random numbers: then the server cannot know what it has handled.
    secret: Option<Secret>,
}

impl Unacked {
    pub(super) fn new(Retries(settings): Retries) -> Self {
        Self { window: Mutex::new(Window::new(settings)), secret: Secret::random() }
    }

    fn lock(&self) -> MutexGuard<'_, Window<Sent>> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client's name for itself, in front of what it shows: the field of a JSON object.
    pub(super) fn auth_field(&self) -> Option<String> {
        self.secret.as_ref().map(|secret| format!(r#""{AUTH_KEY}":"{}""#, secret.as_str()))
    }

    /// How much may be sent now, if no more than `budget` bytes are to be unacknowledged.
    pub(super) fn free(&self, budget: usize) -> usize {
        let window = self.lock();
        let bytes: usize = window.iter().map(|sent| sent.packet.size()).sum();
        if bytes < budget { window.free() } else { 0 }
    }

    /// See [`Window::is_behind`].
    pub(super) fn is_behind(&self) -> bool {
        self.lock().is_behind()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Something is being sent: its ack id, and the packet with it. None if there is no room.
    pub(super) fn push(&self, now: Instant, nsp: &Arc<str>, packet: &Encoded, ticket: Option<Ticket>) -> Option<(u64, Encoded)> {
        let mut window = self.lock();
        let sent = window.push(now, |id| Sent { id, packet: with_id(packet, nsp, id), ticket })?;
        Some((sent.id, sent.packet.clone()))
    }

    /// This one is acknowledged, or cannot be sent.
    pub(super) fn remove(&self, id: u64) -> Option<Sent> {
        self.lock().acked(id)
    }

    /// Nobody waits for the answer to this one any more.
    pub(super) fn forget(&self, ticket: Ticket) {
        let sent = self.lock().forget(|sent| sent.ticket == Some(ticket));
        drop(sent);
    }

    pub(super) fn connected(&self) {
        self.lock().connected();
    }

    pub(super) fn disconnected(&self) {
        self.lock().disconnected();
    }

    /// See [`Window::poll`].
    pub(super) fn poll(&self, now: Instant, takes: bool) -> Option<Again> {
        Some(match self.lock().poll(now, takes)? {
            Due::Again(sent) => Again::Send(sent.id, sent.packet.clone()),
            Due::Exhausted(sent) => Again::Exhausted(sent),
        })
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.lock().deadline()
    }

    /// The client is over.
    pub(super) fn drain(&self) -> Vec<Sent> {
        self.lock().drain().collect()
    }
}

impl Sent {
    pub(super) fn packet(&self) -> &Encoded {
        &self.packet
    }
}

/// An event that was encoded without an ack id, with one.
fn with_id(packet: &Encoded, nsp: &str, id: u64) -> Encoded {
    let attachments = packet.attachments.len();
    let kind = if attachments == 0 { Kind::Event } else { Kind::BinaryEvent };
    let header = |id| {
        let mut text = Vec::with_capacity(packet.text.len() + 20);
        Header { kind, attachments, nsp, id }.write(&mut text);
        text
    };
    let mut text = header(Some(id));
    text.extend_from_slice(&packet.text[header(None).len()..]);
    Encoded { text: text.into(), attachments: packet.attachments.clone() }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn an_id_is_put_into_a_packet() {
        for nsp in ["/", "/a[1]"] {
            for (kind, attachments) in [(Kind::Event, 0), (Kind::BinaryEvent, 2)] {
                let packet = |id| {
                    let text = Header { kind, attachments, nsp, id }.with_json(br#"["e",1]"#).text;
                    Encoded { text, attachments: vec![Bytes::from_static(b"x"); attachments] }
                };
                assert_eq!(with_id(&packet(None), nsp, 1234), packet(Some(1234)));
            }
        }
    }
}
