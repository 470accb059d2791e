//! From what a user writes to the URI of the WebSocket.

use http::Uri;

/// `ws://host:port/socket.io/?…&EIO=4&transport=websocket`.
pub(super) fn websocket(url: &str, path: &str) -> Result<Uri, String> {
    let uri: Uri = url.parse().map_err(|e| format!("{url}: {e}"))?;
    match uri.scheme_str() {
        Some("http" | "ws") => {}
        Some("https" | "wss") => return Err(format!("{url}: this version has no TLS")),
        _ => return Err(format!("{url}: expected http:// or ws://")),
    }
    let authority = uri.authority().map(http::uri::Authority::as_str).filter(|a| !a.is_empty() && !a.starts_with(':'));
    let authority = authority.ok_or_else(|| format!("{url}: no host"))?;
    if authority.contains('@') {
        return Err(format!("{url}: user and password are not supported"));
    }
    if !matches!(uri.path(), "" | "/") {
        return Err(format!("{url}: the path must be empty; the namespace is the contract's, the endpoint's path is an option"));
    }
    let query = uri.query().filter(|query| !query.is_empty()).map_or(String::new(), |query| format!("{query}&"));
    let path = path.trim_matches('/');
    let slash = if path.is_empty() { "" } else { "/" };
    let target = format!("ws://{authority}/{path}{slash}?{query}EIO=4&transport=websocket");
    target.parse().map_err(|e| format!("{target}: {e}"))
}

#[cfg(test)]
mod tests {
    use super::websocket;

    #[test]
    fn the_endpoint_is_built_from_url_and_path() {
        let table = [
            ("http://localhost:3000", "/socket.io", "ws://localhost:3000/socket.io/?EIO=4&transport=websocket"),
            ("ws://[::1]/", "a/b/", "ws://[::1]/a/b/?EIO=4&transport=websocket"),
            ("http://h?x=1&y=%20", "/", "ws://h/?x=1&y=%20&EIO=4&transport=websocket"),
        ];
        for (url, path, want) in table {
            assert_eq!(websocket(url, path).unwrap().to_string(), want);
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_a_reason() {
        let table = [
            ("localhost", "expected http"),
            ("", ""),
            ("/chat", "expected http"),
            ("ftp://h", "expected http"),
            ("https://h", "no TLS"),
            ("http://h/chat", "the path must be empty"),
            ("http://u:p@h", "user and password"),
            ("http://:80", ""),
            ("http://h h", ""),
        ];
        for (url, why) in table {
            let error = websocket(url, "/socket.io").expect_err(url);
            assert!(error.contains(why), "{url}: {error}");
        }
        assert!(websocket("http://h", "/a b").is_err());
    }
}
