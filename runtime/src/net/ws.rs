//! One WebSocket: frames in, frames out, and an end with the right close code. The only file that knows tungstenite.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt;
#[cfg(feature = "server")]
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        protocol::{
            CloseFrame, Role, WebSocketConfig,
            frame::{
                Frame as WsFrame,
                coding::{CloseCode, Data, OpCode},
            },
        },
    },
};

use super::io::Io;
use crate::proto::engine::Frame;

/// tungstenite allocates its read buffer at once; its default of 128 KiB would be most of an idle connection's memory.
const READ_BUFFER: usize = 4 * 1024;
/// Frames are collected up to this size before a write to the socket.
const WRITE_BUFFER: usize = 32 * 1024;
/// How long, and for how many bytes, a closed connection is still read, so that the peer gets the close frame and not a reset.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: u64 = 16 * 1024 * 1024;

/// A client's `Sec-WebSocket-Key` (RFC 6455, 4.1).
#[cfg(feature = "client")]
pub(crate) fn key() -> String {
    tokio_tungstenite::tungstenite::handshake::client::generate_key()
}

/// The server's answer to a client's `Sec-WebSocket-Key` (RFC 6455, 4.2.2).
pub(crate) fn accept_key(key: &[u8]) -> String {
    tokio_tungstenite::tungstenite::handshake::derive_accept_key(key)
}

/// A WebSocket of either side.
pub(crate) struct Ws {
    stream: WebSocketStream<Io>,
    unflushed: bool,
    /// Whatever had come was read.
    drained: bool,
}

/// Why a WebSocket ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WsEnd {
    /// The peer closed it.
    Closed,
    /// The connection broke.
    Broken,
    /// The peer broke a rule and is told so with this code.
    Violation(u16),
}

impl Ws {
    /// Takes over a connection that the server has upgraded.
    #[cfg(feature = "server")]
    pub(crate) async fn server(upgraded: Upgraded, max_payload: usize) -> Self {
        // axum and our own server hand over a plain TCP stream; unwrapping it saves a dynamic call per read and write.
        match upgraded.downcast::<TokioIo<TcpStream>>() {
            Ok(parts) => Self::over(Io::Tcp(parts.io.into_inner()), &parts.read_buf, Role::Server, max_payload).await,
            Err(other) => Self::over(Io::other(TokioIo::new(other)), &[], Role::Server, max_payload).await,
        }
    }

    /// Takes over a connection that a server has upgraded for this client.
    #[cfg(feature = "client")]
    pub(crate) async fn client(upgraded: Upgraded, max_payload: usize) -> Self {
        match upgraded.downcast::<TokioIo<Io>>() {
            Ok(parts) => Self::over(parts.io.into_inner(), &parts.read_buf, Role::Client, max_payload).await,
            Err(other) => Self::over(Io::other(TokioIo::new(other)), &[], Role::Client, max_payload).await,
        }
    }

    async fn over(io: Io, read: &[u8], role: Role, max_payload: usize) -> Self {
        // A copy, of nearly always nothing: converting would hand the HTTP side's larger buffer on to the WebSocket.
        let stream = WebSocketStream::from_partially_read(io, read.to_vec(), role, Some(config(max_payload))).await;
        Self { stream, unflushed: false, drained: false }
    }

    /// The next data frame. Control frames are answered on the way.
    pub(crate) fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Result<Frame, WsEnd>> {
        loop {
            // A task that woke up to write asks here too. tungstenite zeroes its read buffer before it finds nothing to read.
            if self.drained {
                std::task::ready!(self.stream.get_ref().poll_read_ready(cx));
                self.drained = false;
            }
            let Poll::Ready(next) = Pin::new(&mut self.stream).poll_next(cx) else {
                self.drained = true;
                return Poll::Pending;
            };
            return Poll::Ready(match next {
                Some(Ok(Message::Text(text))) => Ok(Frame::Text(text.into())),
                Some(Ok(Message::Binary(bytes))) => Ok(Frame::Binary(bytes)),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {
                    self.unflushed = true;
                    continue;
                }
                Some(Ok(Message::Close(_))) | None => Err(WsEnd::Closed),
                Some(Err(e)) => Err(WsEnd::from(&e)),
            });
        }
    }

    /// Whether one more frame can be given to [`send`](Self::send).
    pub(crate) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WsEnd>> {
        Pin::new(&mut self.stream).poll_ready(cx).map_err(|e| WsEnd::from(&e))
    }

    /// Queues a frame; after [`poll_ready`](Self::poll_ready).
    pub(crate) fn send(&mut self, frame: Frame) -> Result<(), WsEnd> {
        let (bytes, data) = match frame {
            Frame::Text(bytes) => (bytes, Data::Text),
            Frame::Binary(bytes) => (bytes, Data::Binary),
        };
        self.unflushed = true;
        // A raw frame: `Message::Text` would check the UTF-8 again.
        let frame = WsFrame::message(bytes, OpCode::Data(data), true);
        Pin::new(&mut self.stream).start_send(Message::Frame(frame)).map_err(|e| WsEnd::from(&e))
    }

    /// Writes what is queued. Ready when all of it is with the operating system.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WsEnd>> {
        if !self.unflushed {
            return Poll::Ready(Ok(()));
        }
        let flushed = std::task::ready!(Pin::new(&mut self.stream).poll_flush(cx));
        self.unflushed = false;
        Poll::Ready(flushed.map_err(|e| WsEnd::from(&e)))
    }

    /// Answers the peer's goodbye (RFC 6455, 5.5.1: a browser that gets no answer reports 1006), in a task of its own.
    pub(crate) fn end(mut self) {
        // tungstenite has queued the answer when it read the close frame; reading on sends it.
        tokio::spawn(tokio::time::timeout(LINGER, async move { while let Some(Ok(_)) = self.stream.next().await {} }));
    }

    /// Says goodbye in a task of its own, which ends by itself after [`LINGER`] at the latest. `busy` is dropped as soon as all is sent.
    pub(crate) fn close(self, code: Option<u16>, busy: impl Send + 'static) {
        tokio::spawn(self.goodbye(code, busy));
    }

    /// Says goodbye, and waits for the peer's; for [`LINGER`] at most. `busy` is dropped as soon as all is sent.
    pub(crate) async fn goodbye(mut self, code: Option<u16>, busy: impl Send + 'static) {
        let goodbye = async move {
            let frame = code.map(|code| CloseFrame { code: CloseCode::from(code), reason: "".into() });
            let sent = self.stream.send(Message::Close(frame)).await;
            drop(busy);
            if sent.is_ok() {
                let io = self.stream.get_mut();
                let _ = tokio::io::copy(&mut io.take(LINGER_BYTES), &mut tokio::io::sink()).await;
            }
        };
        let _ = tokio::time::timeout(LINGER, goodbye).await;
    }
}

fn config(max_payload: usize) -> WebSocketConfig {
    // A message of exactly `max_payload` bytes has the packet's type digit in front of it.
    let limit = Some(max_payload.saturating_add(1));
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_message_size(limit)
        .max_frame_size(limit)
}

impl std::fmt::Debug for Ws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ws").finish_non_exhaustive()
    }
}

impl From<&Error> for WsEnd {
    fn from(e: &Error) -> Self {
        match e {
            Error::ConnectionClosed | Error::AlreadyClosed => Self::Closed,
            Error::Capacity(_) => Self::Violation(1009),
            Error::Utf8(_) => Self::Violation(1007),
            Error::Protocol(p) if *p == tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake => {
                Self::Closed
            }
            Error::Protocol(_) => Self::Violation(1002),
            _ => Self::Broken,
        }
    }
}
