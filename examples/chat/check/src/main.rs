//! What every server of the chat's contract has to do, in Rust or in Node: `chat-check URL TRANSPORT SCENE`, for a server that nobody has
//! used yet. What is wrong is a panic, which the tests see as the exit code.

mod entering;
mod messages;
mod page;
mod pictures;
mod rooms;
mod votes;

use std::time::Duration;

use ackord::client::Transport;

use page::Server;

/// A scene waits for events that may never come.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let [url, transport, scene] = &args[..] else { panic!("URL TRANSPORT SCENE: {args:?}") };
    let transport = match &**transport {
        "websocket" => Transport::WebSocket,
        "polling" => Transport::Polling,
        other => panic!("no such transport: {other}"),
    };
    let server = Server::new(url, transport);
    let scene = async {
        match &**scene {
            "denials" => entering::denials(&server).await,
            "returning" => entering::returning(&server).await,
            "full" => entering::full(&server).await,
            "rooms" => rooms::rooms(&server).await,
            "messages" => messages::messages(&server).await,
            "typing" => messages::typing(&server).await,
            "pictures" => pictures::pictures(&server).await,
            "alone" => votes::alone(&server).await,
            "votes" => votes::votes(&server).await,
            other => panic!("no such scene: {other}"),
        }
    };
    tokio::time::timeout(PATIENCE, scene).await.expect("the scene to end");
}
