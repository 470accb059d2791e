//! From what people write to a URL as the library takes it, and a namespace.

/// Where to connect.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// `scheme://host:port?query`.
    pub(crate) url: String,
    pub(crate) namespace: String,
}

impl Address {
    /// The path of a URL is the namespace, as in `io("http://host/chat")`. A scheme that is missing is `http://`, a host that is
    /// missing is this one. What else may be wrong is for the library to tell.
    pub(crate) fn parse(text: &str, namespace: Option<&str>) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(at);
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let host = if authority.starts_with(':') { "localhost" } else { "" };
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let path = path.trim_end_matches('/');
        if path.ends_with("/socket.io") {
            return Err(format!("{text}: the path of a URL is the namespace; the endpoint's path is `--path {path}`"));
        }
        let namespace = match (namespace, path) {
            (Some(namespace), "") => namespace.to_owned(),
            (Some(namespace), path) => {
                return Err(format!("{text}: the namespace is `{path}` here and `{namespace}` in --namespace"));
            }
            (None, "") => "/".into(),
            (None, path) => path.to_owned(),
        };
        Ok(Self { url: format!("{scheme}://{host}{authority}{query}"), namespace })
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn the_path_is_the_namespace_and_what_is_missing_is_guessed() {
        let table = [
            ("http://h:1", None, "http://h:1", "/"),
            ("https://h/chat?x=1", None, "https://h?x=1", "/chat"),
            ("wss://h/a/b/", None, "wss://h", "/a/b"),
            ("http://h/#top", Some("/chat"), "http://h", "/chat"),
            ("localhost:3000", None, "http://localhost:3000", "/"),
            (":3000/chat", None, "http://localhost:3000", "/chat"),
            ("[::1]:3000?t=1", None, "http://[::1]:3000?t=1", "/"),
        ];
        for (text, option, url, namespace) in table {
            let expected = Address { url: url.into(), namespace: namespace.into() };
            assert_eq!(Address::parse(text, option), Ok(expected), "{text}");
        }
    }

    #[test]
    fn two_namespaces_and_an_endpoint_in_the_url_are_explained() {
        assert!(Address::parse("http://h/a", Some("/b")).unwrap_err().contains("`/a` here and `/b`"));
        assert!(Address::parse("http://h/x/socket.io/", None).unwrap_err().contains("`--path /x/socket.io`"));
    }
}
