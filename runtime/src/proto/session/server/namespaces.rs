//! The namespaces of one connection: few, so a plain list.

use bytes::Bytes;

use crate::proto::Backlog;
use crate::proto::packet::{Encoded, ROOT};

/// One join of a namespace on a connection; never used again for another join.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NspId(u64);

#[derive(Debug)]
pub(super) enum Stage {
    /// The layer above is being asked; what it sends meanwhile follows the CONNECT.
    Connecting {
        held: Vec<Encoded>,
        /// Disconnect the client as soon as it is in.
        leave: bool,
    },
    Joined,
    /// The server has sent `41`. The client may not know yet: what it sends is dropped until it joins again.
    Left,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: NspId,
    nsp: Bytes,
    pub(super) stage: Stage,
}

impl Entry {
    pub(super) fn name(&self) -> &str {
        std::str::from_utf8(&self.nsp).expect("made from a str")
    }

    pub(super) fn is_connecting(&self) -> bool {
        matches!(self.stage, Stage::Connecting { .. })
    }
}

#[derive(Debug, Default)]
pub(super) struct Namespaces {
    entries: Vec<Entry>,
    last_id: u64,
}

impl Namespaces {
    /// Adds a pending join; the entry of one that was left makes room for it.
    pub(super) fn connect(&mut self, nsp: &str) -> (NspId, Bytes) {
        self.entries.retain(|entry| entry.nsp != nsp);
        self.last_id += 1;
        let id = NspId(self.last_id);
        // A copy: a slice would keep the whole CONNECT packet alive.
        let nsp = if nsp == ROOT { Bytes::from_static(ROOT.as_bytes()) } else { Bytes::copy_from_slice(nsp.as_bytes()) };
        // Nearly all clients join one namespace: no room for four.
        self.entries.reserve_exact(1);
        self.entries.push(Entry { id, nsp: nsp.clone(), stage: Stage::Connecting { held: Vec::new(), leave: false } });
        (id, nsp)
    }

    pub(super) fn find_mut(&mut self, id: NspId) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }

    pub(super) fn by_name(&self, nsp: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.nsp == nsp)
    }

    pub(super) fn is_joined(&self, id: NspId) -> bool {
        self.entries.iter().any(|entry| entry.id == id && matches!(entry.stage, Stage::Joined))
    }

    /// How many are joined or connecting.
    pub(super) fn live(&self) -> usize {
        self.entries.iter().filter(|entry| !matches!(entry.stage, Stage::Left)).count()
    }

    pub(super) fn remove(&mut self, id: NspId) -> Option<Entry> {
        let index = self.entries.iter().position(|entry| entry.id == id)?;
        Some(self.entries.remove(index))
    }

    /// Bounds what is remembered of namespaces that the server has left.
    pub(super) fn forget_oldest_left(&mut self, max: usize) {
        if self.entries.len() - self.live() > max
            && let Some(oldest) = self.entries.iter().position(|entry| matches!(entry.stage, Stage::Left))
        {
            self.entries.remove(oldest);
        }
    }

    pub(super) fn held(&self) -> Backlog {
        let held = self.entries.iter().filter_map(|entry| match &entry.stage {
            Stage::Connecting { held, .. } => Some(held),
            _ => None,
        });
        held.flatten().fold(Backlog::default(), |sum, packet| Backlog {
            frames: sum.frames + 1 + packet.attachments.len(),
            bytes: sum.bytes + packet.size(),
        })
    }

    /// Forgets everything; returns who was joined or connecting.
    pub(super) fn clear(&mut self) -> Vec<NspId> {
        let entries = std::mem::take(&mut self.entries);
        entries.into_iter().filter(|entry| !matches!(entry.stage, Stage::Left)).map(|entry| entry.id).collect()
    }
}
