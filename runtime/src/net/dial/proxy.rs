//! Proxies: a tunnel through one, by HTTP `CONNECT` or SOCKS 5.

use std::{
    fmt,
    future::{Ready, ready},
    io,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Method, Request, Uri, header};
use http_body_util::Full;
use hyper_util::{
    client::{
        legacy::connect::proxy::SocksV5,
        proxy::matcher::{Intercept, Matcher},
    },
    rt::TokioIo,
};
use tower_service::Service;

use super::{DialError, connect::tcp, http1, tls};
use crate::net::{
    endpoint::{Endpoint, bare},
    io::Io,
};

const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

/// A proxy on the way to a server: HTTP (`CONNECT`, for `http://` servers too) or SOCKS 5.
///
/// The proxy resolves the name of the server.
///
/// ```
/// use ackord::client::Proxy;
///
/// let proxy = Proxy::parse("http://user:secret@proxy.example:3128")?;
/// let tor = Proxy::parse("socks5://127.0.0.1:9050")?;
/// # Ok::<(), ackord::client::ProxyError>(())
/// ```
#[derive(Clone)]
pub struct Proxy(pub(super) Arc<Matcher>);

impl Proxy {
    /// The proxy at `http://[user:password@]host[:port]`, `https://…` (TLS to the proxy itself), or `socks5://…`, for every connection.
    ///
    /// User and password are percent-encoded where a URL needs it. The default ports are 80, 443 and 1080.
    ///
    /// # Errors
    /// The URL is malformed, or of another scheme.
    pub fn parse(url: &str) -> Result<Self, ProxyError> {
        let wrong = |why: String| ProxyError(format!("invalid proxy: {why}"));
        // Never with the URL in it: there may be a password in the URL.
        let uri: Uri = url.parse().map_err(|e: http::uri::InvalidUri| wrong(e.to_string()))?;
        check_scheme(&uri).map_err(wrong)?;
        if uri.host().is_none_or(str::is_empty) {
            return Err(wrong("no host".into()));
        }
        let matcher = Matcher::builder().all(url).build();
        let any = Uri::from_static("http://server/");
        if matcher.intercept(&any).is_none() {
            return Err(wrong("the address cannot be used".into()));
        }
        Ok(Self(Arc::new(matcher)))
    }

    /// What the environment says: `HTTPS_PROXY` for `https://` and `wss://` servers, `HTTP_PROXY` for others, else `ALL_PROXY`; none for
    /// servers in `NO_PROXY`. Names in small letters count as well. As curl reads them.
    ///
    /// Read now; later changes of the environment are not seen. Without any of them there is no proxy, and no error.
    pub fn from_env() -> Self {
        Self(Arc::new(Matcher::from_env()))
    }

    /// The proxy on the way to `server`, if there is one.
    pub(super) fn towards(&self, server: &Endpoint) -> Option<Intercept> {
        self.0.intercept(&server.origin())
    }
}

/// Without passwords.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").finish_non_exhaustive()
    }
}

/// Why a proxy's address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyError(String);

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ProxyError {}

fn check_scheme(uri: &Uri) -> Result<(), String> {
    match uri.scheme_str() {
        Some("https") if !tls::AVAILABLE => {
            Err("https:// needs the feature `rustls` or `native-tls` of the crate `ackord`".into())
        }
        Some(scheme) if SCHEMES.contains(&scheme) => Ok(()),
        _ => Err("expected http://, https:// or socks5://".into()),
    }
}

/// A connection through `proxy` to `server`.
pub(super) async fn tunnel(proxy: &Intercept, tls: &tls::Connector, server: &Endpoint) -> Result<Io, DialError> {
    let through = || async {
        check_scheme(proxy.uri()).map_err(DialError::Protocol)?;
        let scheme = proxy.uri().scheme_str().unwrap_or_default();
        let port = match scheme {
            "http" => 80,
            "https" => 443,
            _ => 1080,
        };
        let host = bare(proxy.uri().host().unwrap_or_default());
        let io = Io::Tcp(tcp(host, proxy.uri().port_u16().unwrap_or(port)).await?);
        match scheme {
            "http" => connect(proxy, io, server).await,
            "https" => connect(proxy, tls.secure(host, io).await?, server).await,
            _ => socks(proxy, io, server).await,
        }
    };
    let address = proxy.uri().authority().map_or_else(String::new, ToString::to_string);
    through().await.map_err(|why| DialError::Proxy { address, why: why.to_string() })
}

/// RFC 9110, 9.3.6.
async fn connect(proxy: &Intercept, io: Io, server: &Endpoint) -> Result<Io, DialError> {
    let target = server.to_string();
    let mut request = Request::builder().method(Method::CONNECT).uri(&target).header(header::HOST, &target);
    if let Some(auth) = proxy.basic_auth() {
        request = request.header(header::PROXY_AUTHORIZATION, auth);
    }
    let request = request.body(Full::new(Bytes::new())).map_err(|e| DialError::Protocol(e.to_string()))?;
    let mut answer = http1::once(io, request).await?;
    if !answer.status().is_success() {
        let (head, body) = answer.into_parts();
        return Err(http1::refusal(&head, body).await);
    }
    let tunnel = hyper::upgrade::on(&mut answer).await.map_err(|e| DialError::http(&e))?;
    Ok(Io::other(TokioIo::new(tunnel)))
}

async fn socks(proxy: &Intercept, io: Io, server: &Endpoint) -> Result<Io, DialError> {
    let mut socks = SocksV5::new(proxy.uri().clone(), Connected(Some(TokioIo::new(io))));
    if let Some((user, password)) = proxy.raw_auth() {
        socks = socks.with_auth(user.into(), password.into());
    }
    match socks.call(server.origin()).await {
        Ok(io) => Ok(io.into_inner()),
        Err(e) => Err(DialError::Protocol(e.to_string())),
    }
}

/// The "connector" of a connection that is there already.
struct Connected(Option<TokioIo<Io>>);

impl Service<Uri> for Connected {
    type Response = TokioIo<Io>;
    type Error = io::Error;
    type Future = Ready<io::Result<TokioIo<Io>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| io::ErrorKind::NotConnected.into()))
    }
}
