//! A chat for the browser: the page in `../web`, the contract in `../contract`.
// What a server prints when it starts and stops is for whoever started it.
#![allow(clippy::print_stdout)]

mod hub;
mod picture;
mod seats;
mod session;
mod vote;

use std::{
    io::{Error, ErrorKind},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use ackord::Server;
use axum::Router;
use chat_contract::Chat;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

use crate::{hub::Hub, session::Session};

/// A picture may have 2 MB; above that its sender gets a typed error, and far above that the connection ends.
const MAX_PAYLOAD: usize = 4 << 20;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let listener = listen(port()?).await?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let page = page();

    let (io, layer) = Server::builder().max_payload(MAX_PAYLOAD).build();
    let hub = Arc::new(Hub::default());
    let chat = io.of(&Chat);
    io.namespace::<Chat>()
        .connect(async move |conn| {
            let seat = hub.seats().admit(conn.auth())?;
            let socket = conn.accept();
            if let Some(former) = hub.seats().sit(&seat, socket.id()).and_then(|id| chat.socket(id)) {
                former.disconnect();
            }
            Ok(Session { chat, socket, hub, seat })
        })
        .on_disconnect(|session, _reason| session.end());

    let app = Router::new().fallback_service(ServeDir::new(&page)).layer(layer);
    println!("listening on http://{address}");
    let stop = async move {
        interrupted().await;
        println!("shutting down");
        io.close().await;
    };
    axum::serve(listener, app).with_graceful_shutdown(stop).await.map_err(|error| error.to_string())
}

/// `PORT`, or 3000; 0 lets the system choose one.
fn port() -> Result<u16, String> {
    match std::env::var("PORT") {
        Ok(text) => text.parse().map_err(|_| format!("PORT={text} is no port: choose a number up to 65535")),
        Err(_) => Ok(3000),
    }
}

async fn listen(port: u16) -> Result<TcpListener, String> {
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| explain(port, &error))
}

fn explain(port: u16, error: &Error) -> String {
    let other = port.checked_add(1).unwrap_or(port - 1);
    match error.kind() {
        ErrorKind::AddrInUse => {
            format!("port {port} is in use: stop the other program or choose another with PORT={other}")
        }
        _ => format!("port {port} cannot be used ({error}): choose another with PORT={other}"),
    }
}

/// The built page: `CHAT_PAGE`, or where `npm run build` leaves it.
fn page() -> PathBuf {
    let page =
        std::env::var_os("CHAT_PAGE").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist"), PathBuf::from);
    if !page.join("index.html").exists() {
        eprintln!("there is no page at {}: `cargo xtask demo` builds it", page.display());
    }
    page
}

/// Waits for Ctrl-C or SIGTERM.
async fn interrupted() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminated => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_explained() {
        let error = Error::from(ErrorKind::AddrInUse);
        let expected = "port 3000 is in use: stop the other program or choose another with PORT=3001";
        assert_eq!(explain(3000, &error), expected);
        assert!(explain(u16::MAX, &error).ends_with("PORT=65534"));
    }
}
