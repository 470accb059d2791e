//! HTTP/1.1 on one TCP connection.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::{ENDPOINT, soon};

/// A kept-alive connection: requests one after the other.
pub(crate) struct Http {
    stream: BufReader<TcpStream>,
}

/// A response as it came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    /// A header's value, empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn parts(&self) -> (u16, &str) {
        (self.status, &self.body)
    }
}

impl Http {
    pub(crate) async fn connect(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Writes a request without a body; `headers` are whole lines.
    pub(crate) async fn send(&mut self, method: &str, target: &str, headers: &str) {
        self.write(format!("{method} {target} HTTP/1.1\r\nHost: test\r\n{headers}\r\n")).await;
    }

    pub(crate) async fn get(&mut self, target: &str) -> Response {
        self.send("GET", target, "").await;
        self.response().await
    }

    pub(crate) async fn post(&mut self, target: &str, body: impl AsRef<[u8]>) -> Response {
        self.start_post(target, body.as_ref().len()).await;
        self.write(body).await;
        self.response().await
    }

    /// Only the head of a POST: its body is to follow.
    pub(crate) async fn start_post(&mut self, target: &str, length: usize) {
        self.send("POST", target, &format!("Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {length}\r\n")).await;
    }

    pub(crate) async fn response(&mut self) -> Response {
        soon("a response", self.read_response()).await.expect("a response, not the end of the connection")
    }

    async fn read_response(&mut self) -> Option<Response> {
        let status = self.line().await?;
        let status = status.strip_prefix("HTTP/1.1 ").unwrap_or_else(|| panic!("no HTTP/1.1 response: {status:?}"));
        let status = status[..3].parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut response = Response { status, headers, body: String::new() };
        let mut body = vec![0; response.header("content-length").parse().unwrap_or(0)];
        self.stream.read_exact(&mut body).await.ok()?;
        response.body = String::from_utf8(body).unwrap();
        Some(response)
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end().to_owned()),
        }
    }

    /// Whether the server has closed the connection, which it is expected to do.
    pub(crate) async fn is_ended(&mut self) -> bool {
        soon("the end of the connection", self.read_response()).await.is_none()
    }

    /// What comes next is no HTTP.
    pub(crate) fn into_stream(self) -> BufReader<TcpStream> {
        self.stream
    }
}

/// One GET on a connection of its own.
pub(crate) async fn get(addr: SocketAddr, target: &str) -> Response {
    Http::connect(addr).await.get(target).await
}

/// One POST on a connection of its own.
pub(crate) async fn post(addr: SocketAddr, target: &str, body: impl AsRef<[u8]>) -> Response {
    Http::connect(addr).await.post(target, body).await
}

/// Opens a polling session and returns its address.
pub(crate) async fn open(addr: SocketAddr) -> String {
    let opened = get(addr, &format!("{ENDPOINT}polling")).await;
    assert_eq!(opened.status, 200, "{opened:?}");
    let handshake: serde_json::Value = serde_json::from_str(opened.body.strip_prefix('0').unwrap()).unwrap();
    format!("{ENDPOINT}polling&sid={}", handshake["sid"].as_str().unwrap())
}

impl From<TcpStream> for Http {
    fn from(stream: TcpStream) -> Self {
        Self { stream: BufReader::new(stream) }
    }
}
