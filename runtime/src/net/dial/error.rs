use std::{error::Error, fmt};

use http::StatusCode;

use super::tls;

/// Why there is no way to the server: what happened, for a person, and what a caller can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DialError {
    /// The name of the host has no address.
    Resolve { host: String, why: String },
    /// No connection to this address.
    Connect { address: String, why: String },
    /// No tunnel through this proxy.
    Proxy { address: String, why: String },
    /// No secure connection: a certificate that is not trusted, or one that the server refuses.
    Tls(String),
    /// The server answered something else than was asked for.
    Status(Box<Answer>),
    /// An answer has more bytes than this.
    TooLarge(usize),
    /// The connection broke.
    Broken(String),
    /// What came is no HTTP, or no WebSocket.
    Protocol(String),
}

/// An answer that was not hoped for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Its beginning.
    pub(crate) body: String,
    /// Where a redirect points.
    pub(crate) location: Option<String>,
}

impl DialError {
    /// The answer, if there was one: `{"code":0,"message":"Transport unknown"}` is one of an Engine.IO server's.
    #[cfg(test)]
    pub(crate) fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Status(answer) => Some(answer),
            _ => None,
        }
    }

    /// Whether somebody was there: then another transport may fare better.
    pub(crate) fn is_of_transport(&self) -> bool {
        matches!(self, Self::Status(_) | Self::TooLarge(_) | Self::Broken(_) | Self::Protocol(_))
    }

    pub(super) fn http(error: &hyper::Error) -> Self {
        let why = chain(error);
        if tls::is_behind(error) {
            Self::Tls(why)
        } else if error.is_parse() {
            Self::Protocol(why)
        } else {
            Self::Broken(why)
        }
    }
}

/// An error with what is behind it: hyper's own text says as little as `connection error`.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let more = source.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        next = source.source();
    }
    text
}

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resolve { host, why } => write!(f, "{host} has no address: {why}"),
            Self::Connect { address, why } => write!(f, "{address}: {why}"),
            Self::Proxy { address, why } => write!(f, "the proxy {address}: {why}"),
            Self::Tls(why) => write!(f, "TLS: {why}"),
            Self::Status(answer) if answer.status == StatusCode::NOT_FOUND => {
                write!(f, "{answer}; there is no Socket.IO server at this path")
            }
            Self::Status(answer) => answer.fmt(f),
            Self::TooLarge(limit) => write!(f, "the answer has more than {limit} bytes"),
            Self::Broken(why) => write!(f, "the connection broke: {why}"),
            Self::Protocol(why) => write!(f, "not understood: {why}"),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "answered {}", self.status)?;
        match &self.location {
            Some(location) => write!(f, ", which points to {location} and is not followed"),
            // A page for a browser: its beginning says nothing.
            None if self.body.is_empty() || self.body.trim_start().starts_with('<') => Ok(()),
            None => write!(f, ": {}", self.body),
        }
    }
}

impl Error for DialError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_as_far_as_it_says_something() {
        let error =
            |status, body: &str| DialError::Status(Box::new(Answer { status, body: body.into(), location: None })).to_string();
        assert_eq!(error(StatusCode::BAD_GATEWAY, " <html> <head>"), "answered 502 Bad Gateway");
        assert_eq!(error(StatusCode::FORBIDDEN, "go away"), "answered 403 Forbidden: go away");
        let no_server = "; there is no Socket.IO server at this path";
        assert_eq!(error(StatusCode::NOT_FOUND, "<!DOCTYPE html>"), format!("answered 404 Not Found{no_server}"));
        assert_eq!(error(StatusCode::NOT_FOUND, "nope"), format!("answered 404 Not Found: nope{no_server}"));
    }
}
