//! The HTTP side: a tower layer that answers the endpoint's requests and passes all others on.

use std::{
    convert::Infallible,
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
        UPGRADE,
    },
    request::Parts,
};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::upgrade::OnUpgrade;
use pin_project_lite::pin_project;
use tokio::sync::oneshot;
use tower_layer::Layer;
use tower_service::Service;

use super::{
    Handshake, Rejection, ServerCore,
    connection::Connection,
    mailbox::{Answer, Input, Mailbox},
};
use crate::{
    contract::BoxFuture,
    net::ws::{Ws, accept_key},
    proto::engine::{
        ExchangeId, Transport,
        request::{Request as Asked, RequestError, SessionInfo},
        server::PostError,
    },
};

/// Carries a [`Server`](super::Server) in any tower stack: `axum::Router::new().layer(layer)`.
#[derive(Clone)]
pub struct ServerLayer {
    core: Arc<ServerCore>,
}

impl ServerLayer {
    pub(super) fn new(core: Arc<ServerCore>) -> Self {
        Self { core }
    }

    /// The endpoint without an inner service: every other path is 404.
    pub fn into_service(self) -> ServerService<NotFound> {
        self.layer(NotFound)
    }
}

impl fmt::Debug for ServerLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerLayer").field("path", &self.core.config.path).finish_non_exhaustive()
    }
}

impl<S> Layer<S> for ServerLayer {
    type Service = ServerService<S>;

    fn layer(&self, inner: S) -> ServerService<S> {
        ServerService { core: Arc::clone(&self.core), inner }
    }
}

/// The service that [`ServerLayer`] makes of another one.
#[derive(Clone)]
pub struct ServerService<S> {
    core: Arc<ServerCore>,
    inner: S,
}

impl<S> fmt::Debug for ServerService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerService").field("path", &self.core.config.path).finish_non_exhaustive()
    }
}

impl<S, B, R> Service<Request<B>> for ServerService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture<S::Future> {
        let path = request.uri().path();
        let path = path.strip_suffix('/').unwrap_or(path);
        if path == self.core.config.path {
            ResponseFuture { answer: Answering::Ours { future: answer(&self.core, request) } }
        } else {
            ResponseFuture { answer: Answering::Inner { future: self.inner.call(request) } }
        }
    }
}

pin_project! {
    /// The future of [`ServerService`].
    pub struct ResponseFuture<F> {
        #[pin]
        answer: Answering<F>,
    }
}

pin_project! {
    #[project = AnsweringProject]
    enum Answering<F> {
        Inner { #[pin] future: F },
        Ours { future: BoxFuture<'static, Response<Bytes>> },
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

impl<F: Future<Output = Result<Response<R>, E>>, R, E> Future for ResponseFuture<F> {
    type Output = Result<Response<ResponseBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match self.project().answer.project() {
            AnsweringProject::Inner { future } => {
                ready!(future.poll(cx)).map(|response| response.map(|body| ResponseBody { body: Content::Inner { body } }))
            }
            AnsweringProject::Ours { future } => {
                Ok(ready!(future.as_mut().poll(cx)).map(|bytes| ResponseBody { body: Content::Ours { bytes: Some(bytes) } }))
            }
        })
    }
}

pin_project! {
    /// The body of a response: the inner service's or the endpoint's.
    #[derive(Debug)]
    pub struct ResponseBody<R> {
        #[pin]
        body: Content<R>,
    }
}

pin_project! {
    #[project = ContentProject]
    #[derive(Debug)]
    enum Content<R> {
        Inner { #[pin] body: R },
        Ours { bytes: Option<Bytes> },
    }
}

impl<R: Body<Data = Bytes>> Body for ResponseBody<R> {
    type Data = Bytes;
    type Error = R::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, R::Error>>> {
        match self.project().body.project() {
            ContentProject::Inner { body } => body.poll_frame(cx),
            ContentProject::Ours { bytes } => Poll::Ready(bytes.take().filter(Buf::has_remaining).map(|b| Ok(Frame::data(b)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.body {
            Content::Inner { body } => body.is_end_stream(),
            Content::Ours { bytes } => bytes.as_ref().is_none_or(Bytes::is_empty),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Content::Inner { body } => body.size_hint(),
            Content::Ours { bytes } => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
        }
    }
}

/// The inner service of a server that stands alone.
#[derive(Debug, Clone, Copy)]
pub struct NotFound;

impl<B> Service<Request<B>> for NotFound {
    type Response = Response<http_body_util::Empty<Bytes>>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<B>) -> Self::Future {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NOT_FOUND;
        std::future::ready(Ok(response))
    }
}

/// Answers one request to the endpoint.
fn answer<B>(core: &Arc<ServerCore>, request: Request<B>) -> BoxFuture<'static, Response<Bytes>>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (parts, body) = request.into_parts();
    let key = websocket_key(&parts).cloned();
    let query = parts.uri.query().unwrap_or_default();
    let mut session = None;
    let asked = Asked::parse(parts.method.as_str(), query, key.is_some(), |sid| {
        let mailbox = session.insert(core.session(sid)?);
        Some(SessionInfo { transport: mailbox.transport() })
    });
    let asked = match asked.and_then(|asked| permitted(core, &asked).map(|()| Step::from(&asked))) {
        Ok(asked) => asked,
        Err(e) => return now(refuse(e)),
    };
    let id = core.next_exchange();
    match (asked, session, key) {
        (Step::Open, None, None) => Box::pin(open(Arc::clone(core), parts, id)),
        (Step::Open, None, Some(key)) => Box::pin(open_websocket(Arc::clone(core), parts, key)),
        (Step::Poll, Some(mailbox), _) => poll(mailbox, id),
        (Step::Post, Some(mailbox), _) => Box::pin(post(mailbox, id, parts, body, core.config.engine().max_payload)),
        (Step::Upgrade, Some(mailbox), Some(key)) => now(upgrade(core, parts, mailbox, &key)),
        _ => now(refuse(RequestError::TransportHandshake)),
    }
}

fn now(response: Response<Bytes>) -> BoxFuture<'static, Response<Bytes>> {
    Box::pin(std::future::ready(response))
}

/// What is asked, without the session's id.
enum Step {
    Open,
    Poll,
    Post,
    Upgrade,
}

impl From<&Asked<'_>> for Step {
    fn from(asked: &Asked<'_>) -> Self {
        match asked {
            Asked::Handshake { .. } => Self::Open,
            Asked::Poll { .. } => Self::Poll,
            Asked::Post { .. } => Self::Post,
            Asked::Upgrade { .. } => Self::Upgrade,
        }
    }
}

/// Whether this server does what is asked: it may be closing, or not have the transport.
fn permitted(core: &ServerCore, asked: &Asked<'_>) -> Result<(), RequestError> {
    match asked {
        Asked::Handshake { .. } if core.is_closing() => Err(RequestError::Forbidden),
        Asked::Handshake { transport: Transport::Polling } if !core.config.polling => Err(RequestError::UnknownTransport),
        Asked::Handshake { transport: Transport::WebSocket } | Asked::Upgrade { .. } if !core.config.websocket => {
            Err(RequestError::UnknownTransport)
        }
        _ => Ok(()),
    }
}

/// Asks the application about a request that is all right as such.
async fn admit(core: &ServerCore, parts: &Parts) -> Result<Arc<Handshake>, Rejection> {
    let handshake = Arc::new(Handshake::new(parts, (core.peer)(parts)));
    core.gate.admit(&handshake).await?;
    Ok(handshake)
}

async fn open(core: Arc<ServerCore>, parts: Parts, id: ExchangeId) -> Response<Bytes> {
    let handshake = match admit(&core, &parts).await {
        Ok(handshake) => handshake,
        Err(why) => return reject(&why),
    };
    let (answer, answered) = oneshot::channel();
    let connection = Connection::polling(core, handshake, id, answer);
    let guard = Abort { mailbox: Arc::clone(connection.mailbox()), id, armed: true };
    tokio::spawn(connection);
    respond(guard, answered).await
}

/// Not when the future is polled first: who hangs up right behind the request has hyper drop it before, and the session must know.
fn poll(mailbox: Arc<Mailbox>, id: ExchangeId) -> BoxFuture<'static, Response<Bytes>> {
    let (answer, answered) = oneshot::channel();
    if mailbox.submit(Input::Poll(id, answer)).is_err() {
        return now(refuse(RequestError::UnknownSid));
    }
    Box::pin(respond(Abort { mailbox, id, armed: true }, answered))
}

async fn post<B>(mailbox: Arc<Mailbox>, id: ExchangeId, parts: Parts, body: B, max_payload: usize) -> Response<Bytes>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (answer, mut answered) = oneshot::channel();
    if mailbox.submit(Input::PostStarted(id, answer)).is_err() {
        return refuse(RequestError::UnknownSid);
    }
    let guard = Abort { mailbox, id, armed: true };
    tokio::select! {
        body = read_body(&parts, body, max_payload) => {
            // A session that ended meanwhile drops the answer.
            let _ = guard.mailbox.submit(Input::PostBody(id, body));
            respond(guard, answered).await
        }
        // The session has ended, and with it the interest in a body that may never come.
        early = &mut answered => finish(guard, early),
    }
}

async fn read_body<B>(parts: &Parts, body: B, max_payload: usize) -> Result<Bytes, PostError>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let header = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if header(CONTENT_TYPE).is_some_and(|value| value.starts_with("application/octet-stream")) {
        return Err(PostError::InvalidContent);
    }
    if header(CONTENT_LENGTH).and_then(|value| value.parse().ok()).is_some_and(|length: u64| length > max_payload as u64) {
        return Err(PostError::TooLarge);
    }
    match Limited::new(body, max_payload).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(e) if e.is::<LengthLimitError>() => Err(PostError::TooLarge),
        Err(_) => Err(PostError::Aborted),
    }
}

/// Waits for the connection's answer to a GET or POST.
async fn respond(guard: Abort, answered: oneshot::Receiver<Answer>) -> Response<Bytes> {
    let answer = answered.await;
    finish(guard, answer)
}

fn finish(mut guard: Abort, answer: Result<Answer, oneshot::error::RecvError>) -> Response<Bytes> {
    guard.armed = false;
    match answer {
        Ok(Answer::Payload(payload)) => response(StatusCode::OK, "text/plain; charset=UTF-8", payload),
        Ok(Answer::Ok) => response(StatusCode::OK, "text/html", Bytes::from_static(b"ok")),
        Ok(Answer::Status(status)) => status_only(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST)),
        // The session is over and has nothing to say. Node destroys the TCP connection; a service cannot.
        Err(_) => {
            let mut response = status_only(StatusCode::BAD_REQUEST);
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            response
        }
    }
}

/// Tells the connection when the client has given a request up, which drops the future that answers it.
struct Abort {
    mailbox: Arc<Mailbox>,
    id: ExchangeId,
    armed: bool,
}

impl Drop for Abort {
    fn drop(&mut self) {
        if self.armed {
            let _ = self.mailbox.submit(Input::Aborted(self.id));
        }
    }
}

/// The key of a complete WebSocket upgrade (RFC 6455, 4.2.1).
fn websocket_key(parts: &Parts) -> Option<&HeaderValue> {
    let wants = |name, token: &str| contains_token(&parts.headers, name, token);
    let complete = parts.method == Method::GET
        && wants(UPGRADE, "websocket")
        && wants(CONNECTION, "upgrade")
        && parts.headers.get(SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13");
    parts.headers.get(SEC_WEBSOCKET_KEY).filter(|_| complete)
}

fn contains_token(headers: &HeaderMap, name: http::HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(token))
}

/// A WebSocket that opens a connection of its own.
async fn open_websocket(core: Arc<ServerCore>, mut parts: Parts, key: HeaderValue) -> Response<Bytes> {
    let Some(upgrade) = take_upgrade(&mut parts) else {
        return refuse(RequestError::TransportHandshake);
    };
    let handshake = match admit(&core, &parts).await {
        Ok(handshake) => handshake,
        Err(why) => return reject(&why),
    };
    tokio::spawn(async move {
        if let Ok(upgraded) = upgrade.await {
            let ws = Ws::server(upgraded, core.config.engine().max_payload).await;
            Connection::websocket(core, handshake, ws).await;
        }
    });
    switching_protocols(&key)
}

/// A WebSocket for a session that wants to upgrade.
fn upgrade(core: &Arc<ServerCore>, mut parts: Parts, session: Arc<Mailbox>, key: &HeaderValue) -> Response<Bytes> {
    let Some(upgrade) = take_upgrade(&mut parts) else {
        return refuse(RequestError::TransportHandshake);
    };
    let core = Arc::clone(core);
    tokio::spawn(async move {
        if let Ok(upgraded) = upgrade.await {
            let ws = Box::new(Ws::server(upgraded, core.config.engine().max_payload).await);
            if let Err(Input::WebSocket(ws)) = session.submit(Input::WebSocket(ws)) {
                ws.close(None, core.busy());
            }
        }
    });
    switching_protocols(key)
}

/// Without it the connection cannot switch: HTTP/2, or a layer outside of us that takes the extension away.
fn take_upgrade(parts: &mut Parts) -> Option<OnUpgrade> {
    parts.extensions.remove()
}

fn switching_protocols(key: &HeaderValue) -> Response<Bytes> {
    let mut response = status_only(StatusCode::SWITCHING_PROTOCOLS);
    let headers = response.headers_mut();
    headers.remove(CACHE_CONTROL);
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&accept_key(key.as_bytes())) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

fn reject(why: &Rejection) -> Response<Bytes> {
    crate::trace::debug(format_args!("request refused: {why}"));
    response(why.http_status(), "application/json", why.json_body())
}

fn refuse(e: RequestError) -> Response<Bytes> {
    crate::trace::debug(format_args!("request refused: {e} ({})", e.context()));
    let status = StatusCode::from_u16(e.http_status()).unwrap_or(StatusCode::BAD_REQUEST);
    response(status, "application/json", e.json_body())
}

fn response(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = status_only(status);
    *response.body_mut() = body;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn status_only(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
