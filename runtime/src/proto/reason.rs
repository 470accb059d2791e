//! Why a connection or a namespace was left.

use std::fmt;

/// Why a socket was disconnected; prints the reference implementation's strings.
///
/// `socket.io` 4.8.4, `Socket#disconnect` event (`dist/socket.d.ts`, `DisconnectReason`), `socket.io-client` 4.8.4 (`socket.d.ts`) and the close reasons of
/// `engine.io` 6.6.12 (`build/socket.js`, `onClose`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The peer closed the transport.
    TransportClose,
    /// The transport failed: overlapping or aborted requests, a WebSocket error, a ping from the client.
    TransportError,
    /// No pong in time.
    PingTimeout,
    /// A malformed Engine.IO packet.
    ParseError,
    /// The server closed the connection at once: protocol violation, no namespace joined in time.
    ForcedClose,
    /// As [`ForcedClose`](Self::ForcedClose), when the transport could not be closed at once (polling without a pending
    /// GET, data not yet written).
    ForcedServerClose,
    /// The client left the namespace.
    ClientNamespaceDisconnect,
    /// The server removed the socket from the namespace.
    ServerNamespaceDisconnect,
    /// The server is being shut down.
    ServerShuttingDown,
    /// The client did not read what was queued for it. The reference has no such reason: it buffers without limit.
    SlowConsumer,
    /// On a client: the server removed the socket from the namespace. There is no reconnection.
    IoServerDisconnect,
    /// On a client: this side has left. There is no reconnection.
    IoClientDisconnect,
}

impl DisconnectReason {
    /// The reason as Node prints it, e.g. `transport close`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TransportClose => "transport close",
            Self::TransportError => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::ParseError => "parse error",
            Self::ForcedClose => "forced close",
            Self::ForcedServerClose => "forced server close",
            Self::ClientNamespaceDisconnect => "client namespace disconnect",
            Self::ServerNamespaceDisconnect => "server namespace disconnect",
            Self::ServerShuttingDown => "server shutting down",
            Self::SlowConsumer => "slow consumer",
            Self::IoServerDisconnect => "io server disconnect",
            Self::IoClientDisconnect => "io client disconnect",
        }
    }

    /// Whether connection state recovery may bring this socket back (`socket.io` 4.8.4, `RECOVERABLE_DISCONNECT_REASONS`).
    pub const fn is_recoverable(self) -> bool {
        matches!(
            self,
            Self::TransportClose
                | Self::TransportError
                | Self::PingTimeout
                | Self::ForcedClose
                | Self::ForcedServerClose
                | Self::ServerShuttingDown
        )
    }
}

impl fmt::Display for DisconnectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
