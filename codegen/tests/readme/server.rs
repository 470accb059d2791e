use super::contract;
// README.md
use ackord::{Binary, Server, Socket};
use contract::{Chat, ChatServer, Denied, Message, SendError};

struct Session { socket: Socket<Chat>, user: String }

impl ChatServer for Session {
    async fn send(&self, room: &str, text: String, _reply_to: Option<u32>) -> Result<Message, SendError> {
        if !self.socket.in_room(room) { return Err(SendError::NotInRoom) }
        if text.len() > 500 { return Err(SendError::TooLong { max: 500 }) }
        let msg = Message { id: 1, from: self.user.clone(), text };
        self.socket.to(room).emit().message(room, &msg);     // everyone else in the room; encoded once
        Ok(msg)
    }
    async fn typing(&self, _room: &str) {}
    async fn join_room(&self, room: String) -> u32 {
        if self.socket.emit().confirm("Really?").await == Ok(true) { self.socket.join(room); }   // the client must answer
        self.socket.rooms().len() as u32
    }
    async fn put(&self, _name: &str, data: Binary) -> Result<u32, SendError> { Ok(data.len() as u32) }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (io, layer) = Server::builder().build();
    let chat = io
        .namespace::<Chat>()
        .connect(async |conn| {                               // who gets in, and with which session
            let user = match conn.auth().token.as_str() {
                "secret" => "ann".to_owned(),
                _ => return Err(Denied::BadToken.into()),     // connect_error, with typed data
            };
            Ok(Session { socket: conn.accept(), user })
        })
        .on_disconnect(|session, reason| println!("{} left: {reason}", session.user))
        .on_fault(|fault| eprintln!("{fault}"));              // bad arguments, panics, unknown events

    chat.to("lobby").emit().message("lobby", &Message { id: 0, from: "server".into(), text: "hi".into() }); // from anywhere

    let app = axum::Router::new().layer(layer);               // or, without a framework: ackord::serve(addr, &io)
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, app).await
}
