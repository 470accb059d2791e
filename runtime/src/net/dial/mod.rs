//! The way to one endpoint, through proxy and TLS, for polling and WebSocket.

mod connect;
mod cookies;
mod error;
mod headers;
mod http1;
mod proxy;
#[cfg(test)]
mod tests;
mod tls;

use std::{fmt, io, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::Full;

use self::{connect::Connector, cookies::Jar, http1::Pool};
pub(crate) use self::{error::DialError, headers::check_header, tls::AVAILABLE as TLS_AVAILABLE};
pub use self::{
    proxy::{Proxy, ProxyError},
    tls::{Tls, TlsError},
};
use super::{
    endpoint::Endpoint,
    io::Io,
    ws::{self, Ws},
};
use crate::{contract::BoxFuture, proto::engine::Transport};

/// Makes a connection to the server in a way of the user's.
pub(crate) type OwnConnect = Arc<dyn Fn() -> BoxFuture<'static, io::Result<Io>> + Send + Sync>;

/// What connections are made of, below TLS.
#[derive(Clone, Default)]
pub(crate) enum Carrier {
    /// The network, perhaps by way of a proxy.
    #[default]
    Tcp,
    /// Whatever it is: memory, a Unix socket.
    Own(OwnConnect),
}

/// How to get to one endpoint.
pub(crate) struct DialOptions {
    /// Where it is.
    pub(crate) base: Endpoint,
    /// Go with every request. They have passed [`check_header`].
    pub(crate) headers: HeaderMap,
    /// Whether cookies that the server sets are sent back.
    pub(crate) cookies: bool,
    pub(crate) tls: Tls,
    pub(crate) proxy: Option<Proxy>,
    /// The largest message, in bytes; what an answer to a poll may have at most follows from it.
    pub(crate) max_payload: usize,
    pub(crate) carrier: Carrier,
}

/// Everything about the way to one endpoint. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Dialer(Arc<Inner>);

struct Inner {
    base: Endpoint,
    headers: HeaderMap,
    jar: Option<Jar>,
    max_payload: usize,
    connector: Connector,
    pool: Pool,
}

impl Dialer {
    pub(crate) fn new(options: DialOptions) -> Self {
        let DialOptions { base, headers, cookies, tls, proxy, max_payload, carrier } = options;
        let connector = Connector::new(base.clone(), carrier, proxy, tls);
        let jar = cookies.then(Jar::default);
        Self(Arc::new(Inner { base, headers, jar, max_payload, connector, pool: Pool::default() }))
    }

    /// Polls once: the body of a 200. Dropping the future cancels the request.
    pub(crate) fn get(&self, sid: Option<&str>) -> BoxFuture<'static, Result<Bytes, DialError>> {
        let request = self.0.request(Method::GET, Transport::Polling, sid, Bytes::new());
        let inner = Arc::clone(&self.0);
        Box::pin(async move { inner.poll(request?).await })
    }

    /// Sends a payload. It is never sent twice: after an error nobody knows whether the server has it.
    pub(crate) fn post(&self, sid: &str, body: Bytes) -> BoxFuture<'static, Result<(), DialError>> {
        let request = self.0.request(Method::POST, Transport::Polling, Some(sid), body);
        let inner = Arc::clone(&self.0);
        Box::pin(async move { inner.poll(request?).await.map(drop) })
    }

    /// Opens a WebSocket: of a new session, or to move the session `sid` to it.
    pub(crate) fn websocket(&self, sid: Option<&str>) -> BoxFuture<'static, Result<Ws, DialError>> {
        let request = self.0.request(Method::GET, Transport::WebSocket, sid, Bytes::new());
        let inner = Arc::clone(&self.0);
        Box::pin(async move { inner.websocket(request?).await })
    }
}

impl Inner {
    fn request(
        &self,
        method: Method,
        transport: Transport,
        sid: Option<&str>,
        body: Bytes,
    ) -> Result<Request<Full<Bytes>>, DialError> {
        let post = method == Method::POST;
        let request = Request::builder().method(method).uri(self.base.target(transport, sid)).body(Full::new(body));
        let mut request = request.map_err(|e| DialError::Protocol(e.to_string()))?;
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.base.host_header().clone());
        // `engine.io-client` 6.6.8, `Request.create` in `transports/polling-xhr.js`.
        if transport == Transport::Polling {
            headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
        }
        if post {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
        }
        headers::extend(headers, &self.headers);
        if let Some(jar) = &self.jar {
            jar.add(headers);
        }
        Ok(request)
    }

    async fn poll(&self, request: Request<Full<Bytes>>) -> Result<Bytes, DialError> {
        let (answer, connection) = self.pool.send(&self.connector, request).await?;
        self.keep_cookies(answer.headers());
        let (head, body) = answer.into_parts();
        if head.status != StatusCode::OK {
            return Err(http1::refusal(&head, body).await);
        }
        let body = http1::body(body, self.max_poll()).await?;
        self.pool.put(connection);
        Ok(body)
    }

    fn keep_cookies(&self, answer: &HeaderMap) {
        if let Some(jar) = &self.jar {
            jar.store(answer);
        }
    }

    /// The most that an answer to a poll may have. Several messages may share one: room for four of the largest, in base64.
    fn max_poll(&self) -> usize {
        self.max_payload.saturating_add(1024).saturating_mul(16) / 3
    }

    async fn websocket(&self, mut request: Request<Full<Bytes>>) -> Result<Ws, DialError> {
        let key = ws::key();
        let headers = request.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::try_from(&key).map_err(|e| DialError::Protocol(e.to_string()))?);
        let mut answer = http1::once(self.connector.connect().await?, request).await?;
        self.keep_cookies(answer.headers());
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            let (head, body) = answer.into_parts();
            return Err(http1::refusal(&head, body).await);
        }
        headers::check_switch(answer.headers(), &key)?;
        let upgraded = hyper::upgrade::on(&mut answer).await.map_err(|e| DialError::http(&e))?;
        Ok(Ws::client(upgraded, self.max_payload).await)
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dialer").field(&self.0.base).finish()
    }
}
