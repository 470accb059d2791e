//! The README's Rust client.

mod contract {
    pub(super) use super::super::contract::{Chat, ChatClient, Login, Message, SendError};
}

// README.md
use std::time::Duration;
use ackord::{CallError, Client};
use contract::{Chat, ChatClient, Login, Message, SendError};

struct Ui;

impl ChatClient for Ui {
    async fn message(&self, room: &str, msg: &Message) { println!("{room}: {} says {}", msg.from, msg.text) }
    async fn confirm(&self, prompt: &str) -> bool { prompt == "Really?" }                   // the server asks
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let login = Login { token: "secret".into() };
    let chat = Client::<Chat>::connect("http://127.0.0.1:3000").auth(login).handler(Ui).await?;
    chat.emit().join_room("lobby".into()).await?;
    match chat.emit().send("lobby", "hi".into(), None).timeout(Duration::from_secs(3)).await {
        Ok(msg) => println!("message {}", msg.id),
        Err(CallError::App(SendError::TooLong { max })) => println!("at most {max} characters"),
        Err(CallError::Timeout | CallError::Disconnected) => println!("perhaps it was sent"),
        Err(e) => println!("{e:?}"),
    }
    chat.disconnect().await;
    Ok(())
}
