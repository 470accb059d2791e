//! The clients, as the steps want them.

mod ackord;
mod rust_socketio;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use bytes::Bytes;
use tokio::sync::Notify;

pub use self::{ackord::Ackord, rust_socketio::RustSocketio};
use crate::Result;

/// One connected client.
pub trait Peer: Clone + Send + Sync + 'static {
    /// Done when it is in the namespace.
    fn connect(url: &str, numbers: Arc<Numbers>) -> impl Future<Output = Result<Self>> + Send;

    /// `None` if no answer came.
    fn echo(&self, text: String) -> impl Future<Output = Option<String>> + Send;

    /// `None` if no answer came.
    fn blob(&self, data: Bytes) -> impl Future<Output = Option<Bytes>> + Send;

    fn count(&self, to: u32) -> impl Future<Output = ()> + Send;
}

/// The events that came.
#[derive(Debug, Default)]
pub struct Numbers {
    seen: AtomicU32,
    expected: AtomicU32,
    wrong: AtomicU32,
    all: Notify,
}

impl Numbers {
    pub fn expect(&self, count: u32) {
        self.seen.store(0, Relaxed);
        self.wrong.store(0, Relaxed);
        self.expected.store(count, Relaxed);
    }

    /// For the handlers.
    pub fn seen(&self, n: u32) {
        let at = self.seen.fetch_add(1, Relaxed);
        if at != n {
            self.wrong.fetch_add(1, Relaxed);
        }
        if at + 1 == self.expected.load(Relaxed) {
            self.all.notify_one();
        }
    }

    /// Waits for all of them; how many were out of order.
    pub async fn all(&self) -> u32 {
        self.all.notified().await;
        self.wrong.load(Relaxed)
    }

    pub fn count(&self) -> u32 {
        self.seen.load(Relaxed)
    }
}
