//! Test kit for the handlers of an application, without a network (feature `testing`).
//!
//! A [mock socket](Socket::mock) tests the handlers of one session by themselves. [`pair`] and [`Network`] connect real clients to a real
//! server in memory, under a clock that a test may stop.
//!
//! ```
//! # use ackord::{Namespace, Socket, events};
//! #[events] trait Up { async fn greet(&self, name: String) -> String; }
//! #[events] trait Down { fn greeted(&self, name: &str); async fn sure(&self) -> bool; }
//! #[derive(Namespace, Clone)] #[namespace(path = "/", server = dyn Up, client = dyn Down)] struct Root;
//!
//! struct Session { socket: Socket<Root> }
//! impl Up for Session {
//!     async fn greet(&self, name: String) -> String {
//!         if self.socket.emit().sure().await != Ok(true) { return "not sure".into() }
//!         self.socket.broadcast().emit().greeted(&name);
//!         format!("hello {name}")
//!     }
//! }
//!
//! # futures_util::FutureExt::now_or_never(async {
//! let (socket, mut out) = Socket::<Root>::mock();
//! out.answer("sure", &true);
//! let session = Session { socket };
//! assert_eq!(session.greet("ann".into()).await, "hello ann");
//! assert_eq!(out.next().unwrap().event(), "sure");
//! let greeted = out.next().unwrap();
//! assert_eq!((greeted.event(), greeted.arg::<String>(0)), ("greeted", Ok("ann".into())));
//! # }).unwrap();
//! ```

mod feed;
mod network;
mod script;

pub use feed::Feed;
pub use network::{Network, pair};

use std::{fmt, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    adapter::Room,
    contract::{ArgError, Args, Events, Namespace, SocketId},
    net::{clock, random},
    proto::{engine::Transport, session::server::NspId},
    server::{Handshake, Socket, SocketCore, tap},
};

impl<N: Namespace> Socket<N> {
    /// A socket without a client, and what is emitted to it and through it.
    ///
    /// It is connected, alone in its namespace, and joins rooms like any other. For a namespace with parameters the path is its pattern.
    pub fn mock() -> (Self, Outbox) {
        let tap = Arc::<tap::Tap>::default();
        let nsp = crate::server::recorded(N::PATTERN, &tap);
        let handshake =
            Handshake { headers: http::HeaderMap::new(), uri: http::Uri::default(), peer: None, time: clock::time_of_day() };
        let mailbox = crate::server::unconnected(Transport::WebSocket);
        let core = SocketCore::new(random::socket_id(), nsp, NspId::default(), mailbox, Arc::new(handshake), 0);
        let core = Arc::new(core);
        core.enter();
        (Self::new(core), Outbox { tap, events: N::Client::EVENTS })
    }
}

/// What went out of a mock socket, in order.
pub struct Outbox {
    tap: Arc<tap::Tap>,
    events: &'static [crate::contract::EventMeta],
}

impl Outbox {
    /// The next event that was emitted and not yet looked at.
    #[expect(clippy::should_implement_trait, reason = "not an iterator: it goes on after `None`")]
    pub fn next(&mut self) -> Option<Emitted> {
        self.tap.next().map(Emitted)
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").finish_non_exhaustive()
    }
}

/// An event that went out of a mock socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emitted(tap::Sent);

impl Emitted {
    /// Its name on the wire.
    pub fn event(&self) -> &str {
        &self.0.event
    }

    /// Whether it may get lost.
    pub fn is_volatile(&self) -> bool {
        self.0.volatile
    }

    /// The socket that it was for; `None` for a broadcast.
    pub fn socket(&self) -> Option<SocketId> {
        match self.0.to {
            tap::SentTo::Socket(id) => Some(id),
            tap::SentTo::Rooms { .. } => None,
        }
    }

    /// The rooms of a broadcast; empty for one to everybody, and for an event to one socket.
    pub fn rooms(&self) -> &[Room] {
        match &self.0.to {
            tap::SentTo::Socket(_) => &[],
            tap::SentTo::Rooms { rooms, .. } => rooms,
        }
    }

    /// The rooms that a broadcast left out.
    pub fn except(&self) -> &[Room] {
        match &self.0.to {
            tap::SentTo::Socket(_) => &[],
            tap::SentTo::Rooms { except, .. } => except,
        }
    }

    /// The argument at `index`.
    ///
    /// # Errors
    /// What is wrong, if there is none or it has another type.
    pub fn arg<T: DeserializeOwned + Serialize + Send + 'static>(&self, index: usize) -> Result<T, String> {
        let read = || {
            let (_, mut args) = Args::event(&self.0.data, &self.0.attachments)?;
            for _ in 0..index {
                args.next::<serde_json::Value>("(skipped)")?;
            }
            args.next("argument")
        };
        read().map_err(|e| match e {
            ArgError::Malformed => "malformed".into(),
            ArgError::Bad(bad) => bad.to_string(),
        })
    }
}
