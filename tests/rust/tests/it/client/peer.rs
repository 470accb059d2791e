//! A Socket.IO client over either transport.

use std::{collections::VecDeque, net::SocketAddr};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use super::{ENDPOINT, Frame, Http, Ws, soon, ws};

/// How a test talks to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Via {
    Polling,
    WebSocket,
    /// Polling, upgraded to WebSocket before anything else.
    Upgraded,
}

impl Via {
    pub(crate) fn is_polling(self) -> bool {
        self == Self::Polling
    }
}

/// An Engine.IO packet: a text with its type digit, or binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Packet {
    Text(String),
    Binary(Vec<u8>),
}

impl From<&str> for Packet {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Packet {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

pub(crate) struct Peer {
    addr: SocketAddr,
    pub(crate) sid: String,
    link: Link,
    inbox: VecDeque<Packet>,
}

enum Link {
    Polling { target: String, get: Http, post: Http },
    WebSocket(Ws),
}

impl Peer {
    pub(crate) async fn open(addr: SocketAddr, via: Via) -> Self {
        Self::open_with(addr, via, "").await
    }

    /// `query` is appended to the handshake's.
    pub(crate) async fn open_with(addr: SocketAddr, via: Via, query: &str) -> Self {
        if via == Via::WebSocket {
            return Self::over(addr, Ws::open(addr, &format!("{ENDPOINT}websocket{query}")).await).await;
        }
        let mut get = Http::connect(addr).await;
        let opened = get.get(&format!("{ENDPOINT}polling{query}")).await;
        assert_eq!(opened.status, 200, "{opened:?}");
        let sid = sid(&opened.body);
        let link = Link::Polling { target: format!("{ENDPOINT}polling&sid={sid}"), get, post: Http::connect(addr).await };
        let mut peer = Self { addr, sid, link, inbox: VecDeque::new() };
        if via == Via::Upgraded {
            peer.upgrade().await;
        }
        peer
    }

    /// Takes over a WebSocket that has not read its handshake.
    pub(crate) async fn over(addr: SocketAddr, mut ws: Ws) -> Self {
        let Frame::Text(opened) = ws.next().await else { panic!("no handshake") };
        Self { addr, sid: sid(&opened), link: Link::WebSocket(ws), inbox: VecDeque::new() }
    }

    /// Opens a connection and joins `/`.
    pub(crate) async fn join(addr: SocketAddr, via: Via) -> Self {
        let mut peer = Self::open(addr, via).await;
        peer.connect("/", "").await;
        peer
    }

    pub(crate) async fn upgrade(&mut self) {
        let mut ws = Ws::open(self.addr, &format!("{ENDPOINT}websocket&sid={}", self.sid)).await;
        ws.text("2probe").await;
        ws.expect_text("3probe").await;
        ws.text("5").await;
        self.link = Link::WebSocket(ws);
    }

    /// Joins a namespace; the id of its socket.
    pub(crate) async fn connect(&mut self, nsp: &str, auth: &str) -> String {
        let prefix = if nsp == "/" { String::new() } else { format!("{nsp},") };
        self.send(&format!("0{prefix}{auth}")).await;
        let answer = self.recv().await;
        let json = answer.strip_prefix(&*format!("0{prefix}")).unwrap_or_else(|| panic!("not connected: {answer}"));
        let id = json.strip_prefix("{\"sid\":\"").and_then(|rest| rest.strip_suffix("\"}")).unwrap();
        assert!(id.len() == 20 && id != self.sid, "{id}");
        id.to_owned()
    }

    /// Sends a Socket.IO packet.
    pub(crate) async fn send(&mut self, packet: &str) {
        self.transmit(&[format!("4{packet}").into()]).await;
    }

    /// Sends a packet and its attachments.
    pub(crate) async fn send_binary(&mut self, packet: &str, attachments: &[&[u8]]) {
        let mut packets = vec![Packet::Text(format!("4{packet}"))];
        packets.extend(attachments.iter().map(|data| Packet::Binary(data.to_vec())));
        self.transmit(&packets).await;
    }

    /// Sends Engine.IO packets, in one body or back to back.
    pub(crate) async fn transmit(&mut self, packets: &[Packet]) {
        match &mut self.link {
            Link::Polling { target, post, .. } => {
                let packets: Vec<_> = packets.iter().map(Packet::to_polling).collect();
                let response = post.post(target, packets.join("\x1e")).await;
                assert_eq!(response.parts(), (200, "ok"));
            }
            Link::WebSocket(ws) => {
                let mut bytes = Vec::new();
                for packet in packets {
                    bytes.extend(match packet {
                        Packet::Text(text) => ws::masked(ws::TEXT, text.as_bytes()),
                        Packet::Binary(data) => ws::masked(ws::BINARY, data),
                    });
                }
                ws.write(&bytes).await;
            }
        }
    }

    /// The next Engine.IO packet; none once the server has closed the session.
    pub(crate) async fn packet(&mut self) -> Option<Packet> {
        if self.inbox.is_empty() {
            match &mut self.link {
                Link::Polling { target, get, .. } => {
                    let response = get.get(target).await;
                    assert_eq!(response.status, 200, "{response:?}");
                    self.inbox.extend(response.body.split('\x1e').map(Packet::from_polling));
                }
                Link::WebSocket(ws) => self.inbox.push_back(match ws.next().await {
                    Frame::Text(text) => Packet::Text(text),
                    Frame::Binary(data) => Packet::Binary(data),
                    Frame::Close(None) => "1".into(),
                    other => panic!("{other:?}"),
                }),
            }
        }
        self.inbox.pop_front().filter(|packet| *packet != Packet::from("1"))
    }

    /// The next message, between pings and noops.
    async fn message(&mut self) -> Packet {
        loop {
            match self.packet().await.expect("the session is open") {
                Packet::Text(text) if text == "2" => self.transmit(&["3".into()]).await,
                Packet::Text(text) if text == "6" => {}
                packet => return packet,
            }
        }
    }

    /// The next Socket.IO packet, without Engine.IO's `4`.
    pub(crate) async fn recv(&mut self) -> String {
        match self.message().await {
            Packet::Text(text) => text.strip_prefix('4').unwrap_or_else(|| panic!("no message: {text}")).to_owned(),
            Packet::Binary(data) => panic!("{} stray bytes", data.len()),
        }
    }

    pub(crate) async fn recv_binary(&mut self) -> Vec<u8> {
        match self.message().await {
            Packet::Binary(data) => data,
            Packet::Text(text) => panic!("no attachment: {text}"),
        }
    }

    pub(crate) async fn expect(&mut self, packet: &str) {
        assert_eq!(self.recv().await, packet);
    }

    /// Sends a packet and reads one.
    pub(crate) async fn ask(&mut self, packet: &str) -> String {
        self.send(packet).await;
        self.recv().await
    }

    /// Nothing was sent to this client but what it has read: the connection is alive and its next packet answers a question of now.
    pub(crate) async fn expect_nothing(&mut self) {
        assert_eq!(self.ask("2999[\"touch\"]").await, "3999[]");
    }

    /// The server closes the session, as each transport does it, and says nothing before that.
    pub(crate) async fn expect_closed(&mut self) {
        let last = self.packet().await;
        assert_eq!(last, None);
    }

    /// Goes away without a word.
    pub(crate) fn abandon(self) {
        drop(self);
    }

    /// Ends the session in an orderly way; its reason is `transport close`.
    pub(crate) async fn leave(mut self) {
        match &mut self.link {
            Link::Polling { .. } => self.transmit(&["1".into()]).await,
            Link::WebSocket(ws) => {
                ws.write(&ws::masked(8, b"")).await;
                while !matches!(soon("the end", ws.next()).await, Frame::Close(_) | Frame::End) {}
            }
        }
    }

    pub(crate) fn ws(&mut self) -> &mut Ws {
        match &mut self.link {
            Link::WebSocket(ws) => ws,
            Link::Polling { .. } => panic!("a polling session has no WebSocket"),
        }
    }

    /// Where a polling session is polled.
    pub(crate) fn target(&self) -> String {
        format!("{ENDPOINT}polling&sid={}", self.sid)
    }
}

impl Packet {
    fn to_polling(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Binary(data) => format!("b{}", BASE64.encode(data)),
        }
    }

    fn from_polling(text: &str) -> Self {
        match text.strip_prefix('b') {
            Some(data) => Self::Binary(BASE64.decode(data).unwrap()),
            None => text.into(),
        }
    }
}

/// The session id of a handshake.
fn sid(handshake: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(handshake.strip_prefix('0').unwrap()).unwrap();
    json["sid"].as_str().unwrap().to_owned()
}
