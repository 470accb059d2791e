use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::{contract::AckData, server::core::SocketCore};

/// The stream of a subscription to come: what is said before waits for it.
pub(crate) struct Line {
    sub: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    socket: Option<Arc<SocketCore>>,
    early: Vec<(Bytes, Vec<Bytes>)>,
}

impl Line {
    pub(super) fn new(sub: u64) -> Self {
        Self { sub, state: Mutex::default() }
    }

    pub(crate) fn sub(&self) -> u64 {
        self.sub
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the subscription is answered with.
    pub(super) fn answer(&self) -> AckData {
        AckData::new(format!(r#"[{{"ok":true,"value":{}}}]"#, self.sub).into(), Vec::new())
    }

    pub(crate) fn is_subscribed(&self) -> bool {
        let socket = self.lock().socket.clone();
        socket.is_some_and(|socket| socket.streams.is_subscribed(self.sub))
    }

    /// It has been answered.
    pub(super) fn open(&self, socket: &Arc<SocketCore>) {
        let mut state = self.lock();
        state.socket = Some(Arc::clone(socket));
        let early = std::mem::take(&mut state.early);
        drop(state);
        for (data, attachments) in early {
            deliver(socket, &data, &attachments);
        }
    }

    pub(crate) fn say(&self, data: Bytes, attachments: Vec<Bytes>) {
        let mut state = self.lock();
        match state.socket.clone() {
            Some(socket) => {
                drop(state);
                deliver(&socket, &data, &attachments);
            }
            None => state.early.push((data, attachments)),
        }
    }
}

fn deliver(socket: &Arc<SocketCore>, data: &Bytes, attachments: &[Bytes]) {
    // It was made here: it is not malformed.
    let _ = socket.streams.deliver(&**socket, None, data, attachments);
}
