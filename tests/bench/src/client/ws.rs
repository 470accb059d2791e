//! A WebSocket client over a blocking TCP stream, just able to talk to this server.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

use crate::Result;

const REQUEST: &str = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                       Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
/// A whole text message.
const TEXT: u8 = 0x81;
const MASKED: u8 = 0x80;
/// In the place of a length: two bytes of length follow.
const LONGER: u8 = 0x7e;
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A connection that has joined `/`.
pub(crate) struct Ws {
    stream: BufReader<TcpStream>,
    payload: Vec<u8>,
}

impl Ws {
    pub(crate) fn join(addr: SocketAddr) -> Result<Self> {
        let mut stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        stream.write_all(REQUEST.as_bytes())?;
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 101 ") {
            return Err(format!("no WebSocket: {line}").into());
        }
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line)?;
        }
        let mut ws = Self { stream, payload: Vec::new() };
        ws.expect("0{")?;
        ws.send(&frame("40"))?;
        ws.expect("40{")?;
        Ok(ws)
    }

    /// Frames, made with [`frame`].
    pub(crate) fn send(&mut self, frames: &[u8]) -> Result<()> {
        Ok(self.stream.get_mut().write_all(frames)?)
    }

    /// The next message. Pings are answered in passing.
    pub(crate) fn next(&mut self) -> Result<&str> {
        loop {
            self.read()?;
            if self.payload != b"2" {
                break;
            }
            self.send(&frame("3"))?;
        }
        Ok(std::str::from_utf8(&self.payload)?)
    }

    /// The next message has to begin like this.
    pub(crate) fn expect(&mut self, start: &str) -> Result<()> {
        let message = self.next()?;
        if message.starts_with(start) { Ok(()) } else { Err(format!("{message} instead of {start}").into()) }
    }

    fn read(&mut self) -> Result<()> {
        let mut head = [0; 2];
        self.stream.read_exact(&mut head)?;
        let length = match head {
            [TEXT, LONGER] => {
                let mut length = [0; 2];
                self.stream.read_exact(&mut length)?;
                u16::from_be_bytes(length).into()
            }
            [TEXT, length @ 0..LONGER] => length.into(),
            _ => return Err(format!("not a short text frame: {head:x?}").into()),
        };
        self.payload.resize(length, 0);
        Ok(self.stream.read_exact(&mut self.payload)?)
    }
}

/// A masked text frame.
pub(crate) fn frame(text: &str) -> Vec<u8> {
    let mut frame = vec![TEXT];
    if let Ok(short @ 0..LONGER) = u8::try_from(text.len()) {
        frame.push(MASKED | short);
    } else {
        frame.push(MASKED | LONGER);
        frame.extend((text.len() as u16).to_be_bytes());
    }
    frame.extend(MASK);
    frame.extend(text.bytes().zip(MASK.into_iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}
