//! HTTP/1.1 over our own streams, with hyper: requests one at a time, connections kept while they are fresh.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Request, Response, header, response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    body::Incoming,
    client::conn::http1::{Builder, Connection, SendRequest},
};
use hyper_util::rt::TokioIo;

use super::{
    connect::Connector,
    error::{Answer, DialError, chain},
};
use crate::net::{clock, io::Io};

/// How long an idle connection is used again. Node closes one after five seconds, and a POST that meets the close is lost.
const FRESH: Duration = Duration::from_secs(4);
/// One poll and one POST at a time.
const KEPT: usize = 2;
/// The headers of an answer, and with them hyper's read buffer.
const MAX_HEAD: usize = 64 * 1024;
/// How much of an unwelcome answer is read, and how much of it is told.
const MAX_REFUSAL: usize = 16 * 1024;
const MAX_REFUSAL_TOLD: usize = 200;

type Sender = SendRequest<Full<Bytes>>;

/// Idle connections, the latest last.
#[derive(Default)]
pub(super) struct Pool(Mutex<Vec<(Sender, Instant)>>);

impl Pool {
    /// Sends a request and waits for the head of the answer.
    ///
    /// A request is repeated only if not a byte of it was written. The connection is to be given back with [`put`](Self::put) when the
    /// body was read; in no other case can it be used again.
    pub(super) async fn send(
        &self,
        connector: &Connector,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(Response<Incoming>, Sender), DialError> {
        while let Some(mut kept) = self.take() {
            if kept.ready().await.is_err() {
                continue;
            }
            match kept.try_send_request(request).await {
                Ok(answer) => return Ok((answer, kept)),
                Err(mut e) => match e.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(DialError::http(e.error())),
                },
            }
        }
        let (mut sender, connection) = handshake(connector.connect().await?).await?;
        tokio::spawn(connection);
        let answer = sender.send_request(request).await.map_err(|e| DialError::http(&e))?;
        Ok((answer, sender))
    }

    pub(super) fn put(&self, connection: Sender) {
        let mut idle = self.idle();
        if idle.len() == KEPT {
            idle.remove(0);
        }
        idle.push((connection, clock::now()));
    }

    fn take(&self) -> Option<Sender> {
        let mut idle = self.idle();
        let now = clock::now();
        idle.retain(|(sender, since)| !sender.is_closed() && now.duration_since(*since) < FRESH);
        idle.pop().map(|(sender, _)| sender)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<(Sender, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn handshake(io: Io) -> Result<(Sender, Connection<TokioIo<Io>, Full<Bytes>>), DialError> {
    // Some servers look for `Host` and nothing else.
    let mut http = Builder::new();
    http.title_case_headers(true).max_buf_size(MAX_HEAD);
    http.handshake(TokioIo::new(io)).await.map_err(|e| DialError::http(&e))
}

/// One request on a connection of its own, which it may switch to another protocol.
pub(super) async fn once(io: Io, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, DialError> {
    let (mut sender, connection) = handshake(io).await?;
    tokio::spawn(connection.with_upgrades());
    sender.send_request(request).await.map_err(|e| DialError::http(&e))
}

/// All of a body, up to `limit` bytes.
pub(super) async fn body(body: Incoming, limit: usize) -> Result<Bytes, DialError> {
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(e) if e.is::<LengthLimitError>() => Err(DialError::TooLarge(limit)),
        Err(e) => Err(e.downcast::<hyper::Error>().map_or_else(|e| DialError::Broken(chain(&*e)), |e| DialError::http(&e))),
    }
}

/// What a server says that does not do what it was asked is worth more than its status alone.
pub(super) async fn refusal(head: &response::Parts, answer: Incoming) -> DialError {
    let text = body(answer, MAX_REFUSAL).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let location = head.headers.get(header::LOCATION).filter(|_| head.status.is_redirection());
    DialError::Status(Box::new(Answer {
        status: head.status,
        body: text.trim().chars().take(MAX_REFUSAL_TOLD).collect(),
        location: location.map(|location| String::from_utf8_lossy(location.as_bytes()).into_owned()),
    }))
}
