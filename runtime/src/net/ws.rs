//! One WebSocket: frames in, frames out, and an end with the right close code. The only file that knows tungstenite.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

#[cfg(feature = "server")]
use bytes::Bytes;
use futures_util::{Sink, SinkExt, Stream, StreamExt};
#[cfg(feature = "server")]
use hyper::upgrade::Upgraded;
#[cfg(feature = "server")]
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        protocol::{
            CloseFrame, WebSocketConfig,
            frame::{
                Frame as WsFrame,
                coding::{CloseCode, Data, OpCode},
            },
        },
    },
};

use crate::proto::engine::Frame;

/// tungstenite allocates its read buffer at once; its default of 128 KiB would be most of an idle connection's memory.
const READ_BUFFER: usize = 4 * 1024;
/// Frames are collected up to this size before a write to the socket.
const WRITE_BUFFER: usize = 32 * 1024;
/// How long, and for how many bytes, a closed connection is still read, so that the peer gets the close frame and not a reset.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: u64 = 16 * 1024 * 1024;

/// The server's answer to a client's `Sec-WebSocket-Key` (RFC 6455, 4.2.2).
#[cfg(feature = "server")]
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
    /// Takes over an upgraded HTTP connection.
    #[cfg(feature = "server")]
    pub(crate) async fn new(upgraded: Upgraded, max_payload: usize) -> Self {
        // axum and our own server hand over a plain TCP stream; unwrapping it saves a dynamic call per read and write.
        let (io, read) = match upgraded.downcast::<TokioIo<TcpStream>>() {
            Ok(parts) => (Io::Tcp(parts.io.into_inner()), parts.read_buf),
            Err(other) => (Io::Other(Box::new(TokioIo::new(other))), Bytes::new()),
        };
        // A copy, of nearly always nothing: converting would hand the HTTP server's larger buffer on to the WebSocket.
        let stream = WebSocketStream::from_partially_read(
            io,
            read.to_vec(),
            tokio_tungstenite::tungstenite::protocol::Role::Server,
            Some(config(max_payload)),
        )
        .await;
        Self::over(stream)
    }

    /// Opens a WebSocket over a connection to a server. The error says what happened, for a person.
    #[cfg(feature = "client")]
    pub(crate) async fn connect(io: TcpStream, uri: http::Uri, max_payload: usize) -> Result<Self, String> {
        let opened = tokio_tungstenite::client_async_with_config(uri, Io::Tcp(io), Some(config(max_payload))).await;
        let (stream, _) = opened.map_err(|e| refused(&e))?;
        Ok(Self::over(stream))
    }

    fn over(stream: WebSocketStream<Io>) -> Self {
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

/// What a server says that refuses the WebSocket is worth more than its status alone: `{"code":0,"message":"Transport unknown"}`.
#[cfg(feature = "client")]
fn refused(error: &Error) -> String {
    match error {
        Error::Http(response) => match response.body().as_deref().and_then(|body| std::str::from_utf8(body).ok()) {
            Some(body) if !body.is_empty() => format!("{error}: {}", body.chars().take(200).collect::<String>()),
            _ => error.to_string(),
        },
        _ => error.to_string(),
    }
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

/// The stream below a WebSocket.
enum Io {
    Tcp(TcpStream),
    #[cfg(feature = "server")]
    Other(Box<TokioIo<Upgraded>>),
}

impl Io {
    /// Ready if a read may find something, where that can be told.
    fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<()> {
        match self {
            // An error is for the read to report.
            Self::Tcp(io) => io.poll_read_ready(cx).map(drop),
            #[cfg(feature = "server")]
            Self::Other(_) => Poll::Ready(()),
        }
    }
}

macro_rules! each {
    ($self:ident, $io:ident => $call:expr) => {
        match $self.get_mut() {
            Io::Tcp(io) => {
                let $io = Pin::new(io);
                $call
            }
            #[cfg(feature = "server")]
            Io::Other(io) => {
                let $io = Pin::new(&mut **io);
                $call
            }
        }
    };
}

impl AsyncRead for Io {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        each!(self, io => io.poll_read(cx, buf))
    }
}

impl AsyncWrite for Io {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        each!(self, io => io.poll_write(cx, buf))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, io => io.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, io => io.poll_shutdown(cx))
    }
}
