//! A polling client over one kept-alive connection.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

use crate::Result;

/// A client that has joined `/` and whose poll is open.
pub(crate) struct Polling {
    stream: BufReader<TcpStream>,
    sid: String,
}

impl Polling {
    pub(crate) fn join(addr: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        let mut polling = Self { stream: BufReader::new(stream), sid: String::new() };
        polling.request("GET", "")?;
        let open = polling.response()?;
        let sid = open.split_once("\"sid\":\"").and_then(|(_, rest)| rest.split_once('"')).ok_or("no sid")?.0;
        polling.sid = format!("&sid={sid}");
        polling.request("POST", "40")?;
        polling.response()?;
        polling.request("GET", "")?;
        let joined = polling.response()?;
        if !joined.starts_with("40{") {
            return Err(format!("not joined: {joined}").into());
        }
        polling.request("GET", "")?;
        Ok(polling)
    }

    fn request(&mut self, method: &str, body: &str) -> Result<()> {
        let Self { stream, sid } = self;
        let head = format!(
            "{method} /socket.io/?EIO=4&transport=polling{sid} HTTP/1.1\r\nHost: bench\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Ok(stream.get_mut().write_all(head.as_bytes())?)
    }

    fn response(&mut self) -> Result<String> {
        let (mut line, mut length) = (String::new(), 0);
        self.stream.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 200 ") {
            return Err(format!("refused: {line}").into());
        }
        while line != "\r\n" {
            line.clear();
            self.stream.read_line(&mut line)?;
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(String::from_utf8(body)?)
    }
}
