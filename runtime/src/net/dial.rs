//! The way from an address to an open WebSocket. TLS and HTTP polling belong here, beside [`websocket`], when they come.

use tokio::net::TcpStream;

use super::ws::Ws;

/// Connects, and opens a WebSocket at `uri`, whose scheme is `ws`. The error says what happened, for a person.
pub(crate) async fn websocket(uri: http::Uri, max_payload: usize) -> Result<Ws, String> {
    // An IPv6 address stands in brackets in a URI, and without them everywhere else.
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let io = TcpStream::connect((host, uri.port_u16().unwrap_or(80))).await.map_err(|e| e.to_string())?;
    // Small packets, each of which somebody waits for.
    let _ = io.set_nodelay(true);
    Ws::connect(io, uri, max_payload).await
}
