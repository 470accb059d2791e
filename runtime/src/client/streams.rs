//! What streams need of a client, and subscriptions to those of its server.

use super::{
    Offline, ToServer,
    core::Core,
    outbox::{Item, Pushed},
};
use crate::{
    contract::{
        Body, BoxFuture, FaultKind, NoAck, Source, Subscription, ToOne,
        streams::{Answered, Peer, Streams},
    },
    proto::packet::Encoded,
};

impl Peer for Core {
    fn path(&self) -> &str {
        &self.path
    }

    fn streams(&self) -> &Streams {
        &self.streams
    }

    fn epoch(&self) -> u64 {
        Self::epoch(self)
    }

    fn is_connected(&self) -> bool {
        Self::is_connected(self)
    }

    fn next_ack(&self) -> u64 {
        self.next_untracked()
    }

    fn send(&self, epoch: u64, packet: Encoded) {
        self.hear_outgoing(&packet);
        self.outbox.push(Item::Ack { epoch, packet });
    }

    fn ask(&self, id: u64, packet: Encoded, answered: Answered) -> Result<(), NoAck> {
        if !self.calls.add_call(id, answered) {
            return Err(NoAck::Disconnected);
        }
        self.hear_outgoing(&packet);
        let why = match self.outbox.push(Item::Question { id, packet }) {
            Pushed::Queued => return Ok(()),
            Pushed::Dropped => NoAck::Overflow,
            Pushed::Closed => NoAck::Disconnected,
        };
        // Whoever takes the question out is the one to tell of it.
        if self.calls.remove(id).is_some() { Err(why) } else { Ok(()) }
    }

    fn recall(&self, id: u64) -> bool {
        let recalled = self.calls.remove_unsent(id);
        if recalled {
            self.outbox.forget(id);
        }
        recalled
    }

    fn forget(&self, id: u64) {
        if self.calls.remove(id) == Some(false) {
            self.outbox.forget(id);
        }
    }

    fn room(&self, size: usize) -> Option<BoxFuture<'static, ()>> {
        self.outbox.wait_for_room(size)
    }

    fn fault(&self, event: &str, kind: FaultKind) {
        Self::fault(self, event, kind);
    }
}

impl ToOne for ToServer {
    type Stream<A, E> = Subscription<A, E>;

    fn subscribe<I, A, E>(self, body: Body, source: Source<I, A, E>) -> Subscription<A, E> {
        let Self { core, offline } = self;
        let subscription = Subscription::new(core, body, &source);
        match offline {
            Offline::Queue | Offline::Expire(_) => subscription,
            Offline::Fail | Offline::Drop => subscription.online(),
        }
    }
}
