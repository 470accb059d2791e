//! Which HTTP requests may open a connection.

use std::{
    borrow::Cow,
    fmt,
    future::{Future, poll_fn},
    sync::Arc,
};

use bytes::Bytes;
use http::{StatusCode, header::ORIGIN};
use serde::Serialize;

use super::{
    Handshake,
    fault::{panic_message, poll_caught},
};
use crate::{contract::BoxFuture, proto::engine::request::RequestError};

/// Why a request may not open a connection: what [`allow_request`](super::ServerBuilder::allow_request) answers it with.
///
/// The client gets the status and `{"code":4,"message":…}`, as from Node. The stock client tries again later. Its `connect_error` says
/// `xhr poll error`, with the status as `err.description` and the answer as `err.context.responseText`; or `websocket error`, as no browser
/// tells how a WebSocket was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    status: StatusCode,
    message: Cow<'static, str>,
}

impl Rejection {
    /// 403, with this message.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self { status: StatusCode::FORBIDDEN, message: message.into() }
    }

    /// Another status than 403.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    pub(super) fn http_status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn json_body(&self) -> Bytes {
        #[derive(Serialize)]
        struct Refused<'a> {
            code: u8,
            message: &'a str,
        }
        let refused = Refused { code: RequestError::Forbidden.code(), message: &self.message };
        serde_json::to_vec(&refused).map_or_else(|_| RequestError::Forbidden.json_body(), Bytes::from)
    }
}

/// 403 `Forbidden`.
impl Default for Rejection {
    fn default() -> Self {
        Self::new(RequestError::Forbidden.message())
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.status.as_u16())
    }
}

impl std::error::Error for Rejection {}

type AllowRequest = Box<dyn Fn(Arc<Handshake>) -> BoxFuture<'static, Result<(), Rejection>> + Send + Sync>;

/// What a request has to pass; nothing by default, as in Node.
#[derive(Default)]
pub(super) struct Gate {
    origins: Option<Vec<String>>,
    allow_request: Option<AllowRequest>,
}

impl Gate {
    /// # Panics
    /// If one of them is no origin.
    #[track_caller]
    pub(super) fn allow_origins<O: Into<String>>(&mut self, origins: impl IntoIterator<Item = O>) {
        let origins: Vec<String> = origins.into_iter().map(Into::into).collect();
        if let Some(wrong) = origins.iter().find(|origin| !is_origin(origin)) {
            panic!("`{wrong}` is no origin: write `https://host` or `https://host:port`, as browsers do");
        }
        self.origins = Some(origins);
    }

    pub(super) fn allow_request<F, R>(&mut self, hook: F)
    where
        F: FnOnce(Arc<Handshake>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Result<(), Rejection>> + Send + 'static,
    {
        self.allow_request = Some(Box::new(move |handshake| {
            let hook = hook.clone();
            // The call is in it as well: whatever panics does so where it is caught.
            Box::pin(async move { hook(handshake).await })
        }));
    }

    pub(super) async fn admit(&self, handshake: &Arc<Handshake>) -> Result<(), Rejection> {
        if !self.accepts_origin(handshake) {
            return Err(Rejection::new("Origin not allowed"));
        }
        let Some(allow_request) = &self.allow_request else { return Ok(()) };
        let mut work = allow_request(Arc::clone(handshake));
        poll_fn(|cx| poll_caught(&mut work, cx)).await.unwrap_or_else(|panic| {
            crate::trace::warn(format_args!("`allow_request` panicked: {}", panic_message(&*panic)));
            Err(Rejection::default().status(StatusCode::INTERNAL_SERVER_ERROR))
        })
    }

    /// Browsers name the origin of every WebSocket, and of other requests if they are to another origin. Who sends none is no page, or asks
    /// its own server.
    fn accepts_origin(&self, handshake: &Handshake) -> bool {
        let Some(accepted) = &self.origins else { return true };
        handshake
            .headers()
            .get_all(ORIGIN)
            .iter()
            .all(|origin| accepted.iter().any(|accepted| accepted.as_bytes() == origin.as_bytes()))
    }
}

/// Whether a browser would write it so (RFC 6454, 6.2): scheme, host and perhaps a port, in lower case, and nothing else.
fn is_origin(text: &str) -> bool {
    let rest = text.split_once("://").map(|(scheme, rest)| if scheme.is_empty() { "" } else { rest });
    let plain = |c: char| c.is_ascii_graphic() && !c.is_ascii_uppercase() && !matches!(c, '/' | '?' | '#' | '*' | '@');
    text == "null" || rest.is_some_and(|host| !host.is_empty() && host.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_browsers_send() {
        for origin in ["https://a.example", "http://127.0.0.1:3000", "http://[::1]:3000", "null", "tauri://localhost"] {
            assert!(is_origin(origin), "{origin}");
        }
        for other in ["", "*", "a.example", "https://", "://a", "https://a.example/", "https://*.a.example", "https://A.example"]
        {
            assert!(!is_origin(other), "{other}");
        }
    }

    #[test]
    fn a_rejection_is_json() {
        let rejection = Rejection::new("say \"please\"").status(StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(rejection.json_body(), r#"{"code":4,"message":"say \"please\""}"#);
        assert_eq!(rejection.to_string(), "say \"please\" (429)");
        assert_eq!(Rejection::default().json_body(), RequestError::Forbidden.json_body());
    }
}
