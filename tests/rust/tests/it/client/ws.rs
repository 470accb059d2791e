//! WebSocket frames, well-formed and other (RFC 6455).

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpSocket, TcpStream},
};

use super::{Http, Response, soon};

/// The key of RFC 6455, section 1.3, and what it is to be answered with.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

pub(crate) const TEXT: u8 = 1;
pub(crate) const BINARY: u8 = 2;

pub(crate) const UPGRADE: &str = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                                  Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Text(String),
    Binary(Vec<u8>),
    /// With its code, if it has one. A close frame without code is what other implementations report as 1005.
    Close(Option<u16>),
    Pong(Vec<u8>),
    /// The TCP connection has ended.
    End,
}

pub(crate) struct Ws {
    stream: BufReader<TcpStream>,
}

impl Ws {
    /// The server's answer to an upgrade: a WebSocket, or the response that refuses it.
    pub(crate) async fn try_open(addr: SocketAddr, target: &str) -> Result<Self, Response> {
        Self::handshake(Http::connect(addr).await, target).await
    }

    pub(crate) async fn open(addr: SocketAddr, target: &str) -> Self {
        Self::try_open(addr, target).await.unwrap_or_else(|refused| panic!("refused: {refused:?}"))
    }

    /// A client with as small a receive buffer as the kernel allows, whose stalling the server soon feels.
    pub(crate) async fn open_small(addr: SocketAddr, target: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let http = Http::from(socket.connect(addr).await.unwrap());
        Self::handshake(http, target).await.unwrap_or_else(|refused| panic!("refused: {refused:?}"))
    }

    async fn handshake(mut http: Http, target: &str) -> Result<Self, Response> {
        assert!(UPGRADE.contains(KEY));
        http.send("GET", target, UPGRADE).await;
        let response = http.response().await;
        if response.status != 101 {
            return Err(response);
        }
        assert_eq!(response.header("upgrade"), "websocket");
        assert_eq!(response.header("connection"), "Upgrade");
        assert_eq!(response.header("sec-websocket-accept"), ACCEPT);
        Ok(Self { stream: http.into_stream() })
    }

    pub(crate) async fn text(&mut self, text: &str) {
        self.write(&masked(TEXT, text.as_bytes())).await;
    }

    /// Bytes as they are. The server may have closed meanwhile.
    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    pub(crate) async fn next(&mut self) -> Frame {
        soon("a frame", self.read()).await.unwrap_or(Frame::End)
    }

    async fn read(&mut self) -> Option<Frame> {
        let [first, second] = self.bytes().await?;
        assert_eq!(first & 0xf0, 0x80, "frames of the server are whole and without extensions");
        assert_eq!(second & 0x80, 0, "frames of the server are not masked");
        let length = match second {
            126 => u64::from(u16::from_be_bytes(self.bytes().await?)),
            127 => u64::from_be_bytes(self.bytes().await?),
            length => u64::from(length),
        };
        let mut payload = vec![0; length as usize];
        self.stream.read_exact(&mut payload).await.ok()?;
        Some(match first & 0b1111 {
            TEXT => Frame::Text(String::from_utf8(payload).unwrap()),
            BINARY => Frame::Binary(payload),
            8 => Frame::Close(payload.get(..2).map(|code| u16::from_be_bytes([code[0], code[1]]))),
            10 => Frame::Pong(payload),
            opcode => panic!("opcode {opcode}"),
        })
    }

    async fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes).await.ok()?;
        Some(bytes)
    }

    pub(crate) async fn expect_text(&mut self, text: &str) {
        assert_eq!(self.next().await, Frame::Text(text.to_owned()));
    }

    /// The server says goodbye with this code.
    pub(crate) async fn expect_close(&mut self, code: Option<u16>) {
        assert_eq!(self.next().await, Frame::Close(code));
    }
}

/// A whole frame as a client has to send it.
pub(crate) fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(0x80 | opcode, 0x80, payload.len());
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// A frame's first bytes: `second` is the mask bit.
pub(crate) fn head(first: u8, second: u8, length: usize) -> Vec<u8> {
    let mut head = vec![first];
    match length {
        0..126 => head.push(second | length as u8),
        126..0x1_0000 => {
            head.push(second | 0x7e);
            head.extend((length as u16).to_be_bytes());
        }
        _ => {
            head.push(second | 0x7f);
            head.extend((length as u64).to_be_bytes());
        }
    }
    head
}
