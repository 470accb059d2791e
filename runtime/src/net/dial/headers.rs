//! Headers: which of a user's may go along, and whether a server has really switched to WebSocket.

use http::{HeaderMap, HeaderName, header};

use super::DialError;
use crate::net::ws;

/// Headers that a connection is made of; another value breaks it.
const OWN: [HeaderName; 9] = [
    header::HOST,
    header::CONNECTION,
    header::UPGRADE,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::TRANSFER_ENCODING,
    header::TE,
    header::EXPECT,
    // Nothing here reads compressed answers.
    header::ACCEPT_ENCODING,
];

/// Whether a user's header can go with every request. The error says why not, for a person.
pub(crate) fn check_header(name: &HeaderName) -> Result<(), String> {
    if OWN.contains(name) || name.as_str().starts_with("sec-websocket-") {
        return Err(format!("the header `{name}` belongs to the connection and cannot be set"));
    }
    Ok(())
}

/// Sets a user's headers, which may have several values each.
pub(super) fn extend(headers: &mut HeaderMap, with: &HeaderMap) {
    for name in with.keys() {
        headers.remove(name);
        for value in with.get_all(name) {
            headers.append(name, value.clone());
        }
    }
}

/// RFC 6455, 4.1: what the answer to a WebSocket's opening must have.
pub(super) fn check_switch(headers: &HeaderMap, key: &str) -> Result<(), DialError> {
    let has = |name: HeaderName, token: &str| {
        let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(token))
    };
    let accept = headers.get(header::SEC_WEBSOCKET_ACCEPT).map(http::HeaderValue::as_bytes);
    let wrong = if !has(header::UPGRADE, "websocket") {
        "Upgrade"
    } else if !has(header::CONNECTION, "upgrade") {
        "Connection"
    } else if accept != Some(ws::accept_key(key.as_bytes()).as_bytes()) {
        "Sec-WebSocket-Accept"
    } else if headers.contains_key(header::SEC_WEBSOCKET_EXTENSIONS) {
        // None was asked for.
        "Sec-WebSocket-Extensions"
    } else {
        return Ok(());
    };
    Err(DialError::Protocol(format!("the server switches to WebSocket with a wrong header `{wrong}`")))
}
