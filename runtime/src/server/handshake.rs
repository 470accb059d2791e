use std::{borrow::Cow, fmt, net::SocketAddr, time::SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Uri, request::Parts};

use crate::{net::clock, proto::engine::request::query_pairs};

/// The HTTP request that opened a connection.
#[derive(Clone)]
pub struct Handshake {
    pub(crate) headers: HeaderMap,
    pub(crate) uri: Uri,
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) time: SystemTime,
}

impl Handshake {
    /// Copies what it keeps: the values of a request share the HTTP server's read buffer, which would live as long as they do.
    pub(crate) fn new(parts: &Parts, peer: Option<SocketAddr>) -> Self {
        let values: Vec<u8> = parts.headers.values().flat_map(HeaderValue::as_bytes).copied().collect();
        let mut values = Bytes::from(values);
        let mut headers = HeaderMap::with_capacity(parts.headers.len());
        for (name, value) in &parts.headers {
            let copy = values.split_to(value.len());
            headers.append(name, HeaderValue::from_maybe_shared(copy).unwrap_or_else(|_| HeaderValue::from_static("")));
        }
        let uri = parts.uri.to_string().parse().unwrap_or_default();
        Self { headers, uri, peer, time: clock::time_of_day() }
    }

    /// Its headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Its URI, with `EIO`, `transport` and whatever the client added.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The value of a query parameter, percent-decoded; the first one if it is repeated.
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        query_pairs(self.uri.query()?).find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The address of the TCP peer: a proxy's, if there is one. Known under [`serve`](crate::serve) and under axum with
    /// `into_make_service_with_connect_info::<SocketAddr>()`.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// When it arrived.
    pub fn time(&self) -> SystemTime {
        self.time
    }
}

impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers hold cookies and tokens: not for a log.
        f.debug_struct("Handshake").field("uri", &self.uri).field("peer", &self.peer).finish_non_exhaustive()
    }
}
