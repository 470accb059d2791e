//! Servers that are played by hand: an HTTP one, request by request, and a WebSocket one.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Mutex, mpsc, oneshot},
    task::{AbortHandle, JoinSet},
};
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};

use crate::client::soon;

/// What becomes of a request.
pub(super) enum Answer {
    /// A status line without `HTTP/1.1`, and a body.
    Says(&'static str, String),
    /// The same, and the connection is closed behind it without a word in the headers.
    SaysAndCloses(String),
    /// The connection is closed.
    Closes,
    /// These bytes, whatever they are, and nothing after them; the connection stays open.
    Bytes(Vec<u8>),
}

pub(super) struct Request {
    /// The path and the query.
    pub(super) target: String,
    pub(super) body: String,
    answer: oneshot::Sender<Answer>,
}

impl Request {
    pub(super) fn answer(self, answer: Answer) {
        // The client may have given up.
        let _ = self.answer.send(answer);
    }

    pub(super) fn ok(self, body: impl Into<String>) {
        self.answer(Answer::Says("200 OK", body.into()));
    }
}

/// Polling.
pub(super) struct Polls {
    pub(super) addr: SocketAddr,
    gets: Mutex<mpsc::UnboundedReceiver<Request>>,
    posts: Mutex<mpsc::UnboundedReceiver<Request>>,
    task: AbortHandle,
}

impl Polls {
    pub(super) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (get, gets) = mpsc::unbounded_channel();
        let (post, posts) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, get.clone(), post.clone()));
            }
        });
        Self { addr, gets: Mutex::new(gets), posts: Mutex::new(posts), task: task.abort_handle() }
    }

    pub(super) async fn get(&self) -> Request {
        soon("a GET", async { self.gets.lock().await.recv().await }).await.unwrap()
    }

    pub(super) async fn post(&self) -> Request {
        soon("a POST", async { self.posts.lock().await.recv().await }).await.unwrap()
    }

    /// Opens a session that was asked for, and lets the client into `/`; the poll that follows is pending.
    pub(super) async fn open(&self, handshake: &str, sid: &str) -> Request {
        let first = self.get().await;
        assert!(!first.target.contains("sid="), "{}", first.target);
        first.ok(handshake);
        let connect = self.post().await;
        assert_eq!(connect.body, "40");
        connect.ok("ok");
        self.get().await.ok(format!(r#"40{{"sid":"{sid}"}}"#));
        self.get().await
    }
}

impl Drop for Polls {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, gets: mpsc::UnboundedSender<Request>, posts: mpsc::UnboundedSender<Request>) {
    let mut stream = BufReader::new(stream);
    while let Some((method, target, body)) = read(&mut stream).await {
        let (answer, answered) = oneshot::channel();
        let to = if method == "GET" { &gets } else { &posts };
        let _ = to.send(Request { target, body, answer });
        match answered.await.unwrap_or(Answer::Closes) {
            Answer::Says(status, body) => {
                let text = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                let _ = stream.write_all(text.as_bytes()).await;
            }
            Answer::SaysAndCloses(body) => {
                let text = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                let _ = stream.write_all(text.as_bytes()).await;
                return;
            }
            Answer::Closes => return,
            Answer::Bytes(bytes) => {
                let _ = stream.write_all(&bytes).await;
                // Till the client gives up.
                let _ = stream.read(&mut [0; 1]).await;
                return;
            }
        }
    }
}

/// Method, target and body of a request; none at the end of the connection.
pub(super) async fn read(stream: &mut BufReader<impl AsyncRead + Unpin>) -> Option<(String, String, String)> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok().filter(|len| *len > 0)?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut length = 0;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.ok()?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((method, target, String::from_utf8(body).ok()?))
}

pub(super) const OPEN: &str = r#"0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100000}"#;

/// The server's end of a WebSocket.
pub(super) struct Socket {
    pub(super) ws: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Opens the session, and nothing more.
    pub(super) async fn accept(listener: &TcpListener) -> Self {
        Self::accept_with(listener, OPEN).await
    }

    pub(super) async fn accept_with(listener: &TcpListener, handshake: &str) -> Self {
        let (stream, _) = soon("a connection", listener.accept()).await.unwrap();
        let ws = soon("a handshake", tokio_tungstenite::accept_async(stream)).await.unwrap();
        let mut socket = Self { ws };
        socket.send(&[handshake]).await;
        socket
    }

    /// Lets the client into `/` as well.
    pub(super) async fn welcome(listener: &TcpListener, sid: &str) -> Self {
        let mut socket = Self::accept(listener).await;
        socket.expect("40").await;
        socket.send(&[&format!(r#"40{{"sid":"{sid}"}}"#)]).await;
        socket
    }

    /// In one write.
    pub(super) async fn send(&mut self, texts: &[&str]) {
        for text in texts {
            soon("a write", self.ws.feed(Message::text((*text).to_owned()))).await.unwrap();
        }
        soon("a write", self.ws.flush()).await.unwrap();
    }

    /// The next text, or the end.
    pub(super) async fn next(&mut self) -> String {
        match soon("a frame", self.ws.next()).await {
            Some(Ok(Message::Text(text))) => text.to_string(),
            other => format!("{other:?}"),
        }
    }

    pub(super) async fn expect(&mut self, text: &str) {
        assert_eq!(self.next().await, text);
    }
}
