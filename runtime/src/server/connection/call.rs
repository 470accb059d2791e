//! An event of a client, from its arrival to its answer.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;

use crate::{
    contract::{AckKind, Answer, Args, EventMeta, FaultCode, Reply, streams::Line},
    proto::packet::Encoded,
    server::{
        connect::Session,
        core::SocketCore,
        fault::{FaultKind, panic_message},
        retries::Running,
    },
};

/// What an event that waits costs beside its bytes.
const ENTRY: usize = 256;

/// An event that has arrived.
pub(super) struct Incoming {
    pub(super) session: Arc<dyn Session>,
    pub(super) ack: Option<u64>,
    pub(super) data: Bytes,
    pub(super) attachments: Vec<Bytes>,
    pub(super) running: Option<Running>,
}

impl Incoming {
    pub(super) fn cost(&self) -> usize {
        ENTRY + self.data.len() + self.attachments.iter().map(Bytes::len).sum::<usize>()
    }
}

/// An event that is being handled.
pub(super) struct Call {
    pub(super) session: Arc<dyn Session>,
    /// The packet's JSON: only a failure needs the event's name.
    pub(super) data: Bytes,
    pub(super) reply: Reply,
    /// Of a client that retries: the way of the answer.
    pub(super) running: Option<Running>,
}

impl Call {
    pub(super) fn new(session: Arc<dyn Session>, data: Bytes, ack: Option<u64>, running: Option<Running>) -> Self {
        let core = session.core();
        let line = Line::new(Arc::<SocketCore>::clone(core), 0);
        let reply = Reply::new(Arc::clone(&core.nsp.path), ack).over(line);
        Self { session, data, reply, running }
    }

    fn name(&self) -> Cow<'_, str> {
        Args::event(&self.data, &[]).map_or_else(|_| "?".into(), |(name, _)| name)
    }

    pub(super) fn fault(&self, kind: FaultKind) {
        let core = self.session.core();
        core.nsp.fault(Some(core.id), &self.name(), kind);
    }

    pub(super) fn finish(self, result: std::thread::Result<Answer>) {
        match result {
            Ok(Ok(Some(ack))) => self.answer(ack),
            Ok(Ok(None)) => self.end(),
            Ok(Err(why)) => {
                let (kind, code, message) = why.into_fault();
                // An event stream ends with its socket: who has not answered by then is not to blame.
                if kind == FaultKind::Dropped && self.session.core().is_closed() {
                    return;
                }
                self.fault(kind);
                self.fail(code, message);
            }
            Err(panic) => {
                self.fault(FaultKind::Panic(panic_message(&*panic)));
                // What it says may be nobody else's business.
                self.fail(FaultCode::Internal, "the handler failed");
            }
        }
    }

    fn answer(self, ack: Encoded) {
        match self.running {
            Some(running) => running.answer(ack),
            None => self.session.core().send_kept(ack),
        }
    }

    /// It is not answered, and should it come again, it is not handled again.
    pub(super) fn end(self) {
        if let Some(running) = self.running {
            running.finish();
        }
    }

    fn ack_kind(&self) -> Option<AckKind> {
        let name = self.name();
        let known = |meta: &&EventMeta| meta.name == name || meta.aliases.contains(&&*name);
        self.session.events().iter().find(known).map(|meta| meta.ack)
    }

    /// Answers with the fault arm, if the event has one and somebody waits.
    pub(super) fn fail(self, code: FaultCode, message: &str) {
        match self.ack_kind() {
            Some(kind)
                if kind.is_envelope()
                    && let Ok(Some(ack)) = self.reply.clone().fault(code, message) =>
            {
                self.answer(ack);
            }
            _ => self.end(),
        }
    }

    /// It was handled before, and its answer is gone, unless that says nothing.
    pub(super) fn forgotten(self) {
        match self.ack_kind() {
            Some(AckKind::None | AckKind::Unit) => {
                let ack = self.reply.clone().unit();
                self.finish(Ok(ack));
            }
            _ => self.fail(FaultCode::Internal, "it was handled, but the answer is not known any more"),
        }
    }
}
