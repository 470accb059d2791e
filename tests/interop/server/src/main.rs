//! The server side of the interop tests: what `../reference.mjs` does with the npm package, done with ackord.
// Its standard output is what the tests read.
#![allow(clippy::print_stdout)]

mod admin;
mod contract;
mod root;

use std::time::Duration;

use ackord::{Server, SocketId, proto::DisconnectReason, server::Rejection};
use axum::Router;
use serde_json::json;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (io, layer) = Server::builder()
        .ping_interval(millis("PING_INTERVAL", 25_000))
        .ping_timeout(millis("PING_TIMEOUT", 20_000))
        .allow_request(async |handshake| match handshake.query("banned") {
            Some(_) => Err(Rejection::new("not you")),
            None => Ok(()),
        })
        .build();
    root::serve(&io);
    admin::serve(&io);

    let port = std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(0);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("{}", json!({ "listening": listener.local_addr()?.port() }));

    let mut terminated = signal(SignalKind::terminate())?;
    let stop = async move {
        terminated.recv().await;
        io.close().await;
    };
    axum::serve(listener, Router::new().layer(layer)).with_graceful_shutdown(stop).await
}

fn millis(name: &str, default: u64) -> Duration {
    Duration::from_millis(std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default))
}

fn print_connected(nsp: &str, id: SocketId) {
    println!("{}", json!({ "connected": nsp, "id": id.as_str() }));
}

fn print_disconnected(nsp: &str, id: SocketId, reason: DisconnectReason) {
    println!("{}", json!({ "disconnected": nsp, "id": id.as_str(), "reason": reason.as_str() }));
}
