//! From what a user writes to the address of a server's endpoint and the targets of the requests to it.

use std::fmt::{self, Write as _};

use http::{HeaderValue, Uri, uri::Authority};

use super::{dial::TLS_AVAILABLE, random};
use crate::proto::engine::Transport;

/// Parameters of the protocol's own: a user's would be in their way.
const RESERVED: [&str; 3] = ["EIO", "transport", "sid"];

/// Where a server's endpoint is: `http://host:port/socket.io/?query`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    secure: bool,
    authority: Authority,
    /// `Host`.
    host_header: HeaderValue,
    /// `/socket.io/?x=1&`: whatever comes ahead of the protocol's own parameters.
    prefix: String,
}

impl Endpoint {
    /// From a URL and the path of the endpoint. The error says what is wrong, for a person.
    pub(crate) fn parse(url: &str, path: &str) -> Result<Self, String> {
        let uri: Uri = url.parse().map_err(|e| format!("{url}: {e}"))?;
        let secure = match uri.scheme_str() {
            Some("http" | "ws") => false,
            Some("https" | "wss") => true,
            _ => return Err(format!("{url}: expected http://, https://, ws:// or wss://")),
        };
        if secure && !TLS_AVAILABLE {
            return Err(format!("{url}: TLS needs the feature `rustls` or `native-tls` of the crate `ackord`"));
        }
        let authority = uri.authority().filter(|a| !a.host().is_empty()).cloned();
        let authority = authority.ok_or_else(|| format!("{url}: no host"))?;
        if authority.as_str().contains('@') {
            return Err(format!("{url}: user and password are not supported; an `Authorization` header can be set"));
        }
        if authority.as_str() != authority.host() && authority.port_u16().is_none() {
            return Err(format!("{url}: the port is not a number up to 65535"));
        }
        if !matches!(uri.path(), "" | "/") {
            return Err(format!(
                "{url}: the path must be empty; the namespace is the contract's, the endpoint's path is an option"
            ));
        }
        let host_header = HeaderValue::from_str(authority.as_str()).map_err(|e| format!("{url}: {e}"))?;
        let endpoint = Self { secure, authority, host_header, prefix: prefix(path, uri.query())? };
        endpoint.target(Transport::Polling, None).parse::<Uri>().map_err(|e| format!("{}: {e}", endpoint.prefix))?;
        Ok(endpoint)
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// The host as a resolver and TLS want it: an IPv6 address stands in brackets in a URL, and without them everywhere else.
    pub(crate) fn host(&self) -> &str {
        bare(self.authority.host())
    }

    pub(crate) fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(if self.secure { 443 } else { 80 })
    }

    /// `host:port`, as the URL has it.
    pub(crate) fn host_header(&self) -> &HeaderValue {
        &self.host_header
    }

    /// `https://host:port/`, always with a port.
    pub(crate) fn origin(&self) -> Uri {
        let scheme = if self.secure { "https" } else { "http" };
        let authority = format!("{}:{}", self.authority.host(), self.port());
        let uri = Uri::builder().scheme(scheme).authority(authority).path_and_query("/").build();
        uri.expect("host and port are from a URL")
    }

    /// What a request line names: `/socket.io/?x=1&EIO=4&transport=polling&sid=…&t=…`.
    ///
    /// `engine.io-client` 6.6.8, `uri()` in `transports/polling.js` and `transports/websocket.js`: only polling has the parameter that
    /// keeps caches away.
    pub(crate) fn target(&self, transport: Transport, sid: Option<&str>) -> String {
        let mut target = format!("{}EIO=4&transport={}", self.prefix, transport.as_str());
        if let Some(sid) = sid {
            target.push_str("&sid=");
            // The server's text, in a line of ours.
            for byte in sid.bytes() {
                match byte {
                    b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => target.push(byte.into()),
                    _ => write!(target, "%{byte:02X}").expect("a String takes everything"),
                }
            }
        }
        if transport == Transport::Polling {
            target.push_str("&t=");
            target.push_str(&random::word());
        }
        target
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.authority.host(), self.port())
    }
}

/// Without an IPv6 address's brackets.
pub(crate) fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

fn prefix(path: &str, query: Option<&str>) -> Result<String, String> {
    let query = query.unwrap_or_default();
    let mut names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    if let Some(name) = names.find(|name| RESERVED.contains(name)) {
        return Err(format!("the query's parameter `{name}` belongs to the protocol"));
    }
    let path = path.trim_matches('/');
    let slash = if path.is_empty() { "" } else { "/" };
    let and = if query.is_empty() { "" } else { "&" };
    Ok(format!("/{path}{slash}?{query}{and}"))
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, TLS_AVAILABLE, Transport};

    #[test]
    fn the_endpoint_is_built_from_url_and_path() {
        let table = [
            ("http://localhost:3000", "/socket.io", "localhost", 3000, "/socket.io/?EIO=4&transport=websocket"),
            ("ws://[::1]/", "a/b/", "::1", 80, "/a/b/?EIO=4&transport=websocket"),
            ("http://h?x=1&y=%20", "/", "h", 80, "/?x=1&y=%20&EIO=4&transport=websocket"),
        ];
        let secure = [
            ("wss://h", "/socket.io", "h", 443, "/socket.io/?EIO=4&transport=websocket"),
            ("https://h:8443", "/socket.io", "h", 8443, "/socket.io/?EIO=4&transport=websocket"),
        ];
        let table = table.into_iter().chain(secure.into_iter().filter(|_| TLS_AVAILABLE));
        for (url, path, host, port, target) in table {
            let endpoint = Endpoint::parse(url, path).unwrap();
            assert_eq!((endpoint.host(), endpoint.port()), (host, port));
            assert_eq!(endpoint.target(Transport::WebSocket, None), target);
            assert_eq!(endpoint.is_secure(), url.starts_with("https") || url.starts_with("wss"));
        }
        let six = Endpoint::parse("http://[::1]:1", "/").unwrap();
        assert_eq!((six.origin().to_string(), six.to_string()), ("http://[::1]:1/".into(), "[::1]:1".into()));
    }

    #[test]
    fn a_polling_request_is_never_the_same_twice() {
        let endpoint = Endpoint::parse("http://h", "/socket.io").unwrap();
        let target = endpoint.target(Transport::Polling, Some("a b&"));
        let (target, t) = target.split_at(target.len() - 8);
        assert_eq!(target, "/socket.io/?EIO=4&transport=polling&sid=a%20b%26&t=");
        assert!(t.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{t}");
        assert_ne!(endpoint.target(Transport::Polling, None), endpoint.target(Transport::Polling, None));
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_a_reason() {
        let table = [
            ("localhost", "expected http"),
            ("", ""),
            ("/chat", "expected http"),
            ("ftp://h", "expected http"),
            ("http://h/chat", "the path must be empty"),
            ("http://u:p@h", "user and password"),
            ("http://:80", ""),
            ("http://h:99999", "port"),
            ("http://h:", "port"),
            ("http://h h", ""),
            ("http://h?a=1&sid=2", "`sid`"),
            ("http://h?EIO=3", "`EIO`"),
        ];
        for (url, why) in table {
            let error = Endpoint::parse(url, "/socket.io").expect_err(url);
            assert!(error.contains(why), "{url}: {error}");
        }
        assert!(Endpoint::parse("http://h", "/a b").is_err());
        let without_tls = Endpoint::parse("wss://h", "/").map_err(|why| why.contains("feature `rustls` or `native-tls`"));
        assert!(if TLS_AVAILABLE { without_tls.is_ok() } else { without_tls == Err(true) });
    }
}
