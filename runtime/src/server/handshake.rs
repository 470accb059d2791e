use std::{
    borrow::Cow,
    fmt,
    net::SocketAddr,
    time::SystemTime,
};

use http::{HeaderMap, Uri};

use crate::proto::engine::request::query_pairs;

/// The HTTP request that opened a connection.
#[derive(Clone)]
pub struct Handshake {
    pub(crate) headers: HeaderMap,
    pub(crate) uri: Uri,
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) time: SystemTime,
}

impl Handshake {
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
