//! What streams need of a socket, and subscriptions to those of its client.

use std::sync::Arc;

use super::{ToSocket, calls::Waiter, core::SocketCore, fault::FaultKind};
use crate::{
    contract::{
        Body, BoxFuture, NoAck, Source, Subscription, ToOne,
        streams::{Answered, Peer, Streams},
    },
    proto::packet::Encoded,
};

impl Peer for SocketCore {
    fn path(&self) -> &str {
        &self.nsp.path
    }

    fn streams(&self) -> &Streams {
        &self.streams
    }

    /// A socket has one connection.
    fn epoch(&self) -> u64 {
        0
    }

    fn is_connected(&self) -> bool {
        !self.is_closed()
    }

    fn next_ack(&self) -> u64 {
        self.nsp.next_ack()
    }

    fn send(&self, _: u64, packet: Encoded) {
        self.hear_outgoing(&packet);
        self.send_kept(packet);
    }

    fn ask(&self, id: u64, packet: Encoded, answered: Answered) -> Result<(), NoAck> {
        if !self.calls.add(id, Waiter::Call(answered)) {
            return Err(NoAck::Disconnected);
        }
        if self.send_question(packet) {
            return Ok(());
        }
        // Whoever takes the waiter out is the one to call it.
        if self.calls.remove(id) { Err(NoAck::Disconnected) } else { Ok(()) }
    }

    /// Everything is as good as sent.
    fn recall(&self, _: u64) -> bool {
        false
    }

    fn forget(&self, id: u64) {
        self.calls.remove(id);
    }

    fn room(&self, size: usize) -> Option<BoxFuture<'static, ()>> {
        self.wait_for_room(size)
    }

    fn fault(&self, event: &str, kind: FaultKind) {
        self.nsp.fault(Some(self.id), event, kind);
    }
}

impl ToOne for ToSocket {
    type Stream<A, E> = Subscription<A, E>;

    fn subscribe<I, A, E>(self, body: Body, source: Source<I, A, E>) -> Subscription<A, E> {
        let core: Arc<SocketCore> = self.core;
        Subscription::new(core, body, &source)
    }
}
