//! The Rust side of the tests at run time: `serve` is the server for generated clients, `check URL` a client for generated servers.
// Its standard output is what the tests read.
#![allow(clippy::print_stdout)]

#[path = "../../contracts/live.rs"]
#[allow(dead_code, unreachable_pub, reason = "written as in a crate of its own")]
mod contract;

#[path = "../../contracts/chat.rs"]
#[allow(dead_code, unreachable_pub, reason = "written as in a crate of its own")]
mod chat_contract;

mod chat;
mod client;
mod server;

use ackord::Server;
use axum::Router;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    match &args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve().await,
        ["check", url] => {
            client::check(url).await;
            println!("ok");
            Ok(())
        }
        other => panic!("serve, or check URL: {other:?}"),
    }
}

async fn serve() -> std::io::Result<()> {
    let (io, layer) = Server::builder().build();
    server::serve(&io);
    chat::serve(&io);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, Router::new().layer(layer)).await
}
