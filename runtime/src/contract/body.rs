use std::{cell::RefCell, fmt};

use bytes::Bytes;
use serde::Serialize;

use super::binary;
use crate::proto::packet::Encoded;

/// A scratch buffer above this size is not kept for the next message.
const KEEP: usize = 64 * 1024;

thread_local! {
    /// Messages are written here and then copied out at their exact size: one allocation a message, and none that grows.
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The JSON array of an event or an ack while it is written, with its attachments.
#[derive(Debug)]
pub struct Body {
    name: &'static str,
    json: Vec<u8>,
    attachments: Vec<Bytes>,
    error: Option<EncodeError>,
}

impl Body {
    fn open(name: &'static str) -> Self {
        let mut json = SCRATCH.take();
        json.clear();
        json.push(b'[');
        Self { name, json, attachments: Vec::new(), error: None }
    }

    /// An event of this name, without arguments yet.
    pub fn event(name: &'static str) -> Self {
        Self::open(name).arg(name)
    }

    /// The event's name.
    #[cfg_attr(not(any(feature = "server", feature = "client")), expect(dead_code, reason = "only a runtime sends"))]
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Arguments that more are added to.
    pub(super) fn resume(json: &[u8], attachments: Vec<Bytes>) -> Self {
        let mut body = Self::open("");
        body.attachments = attachments;
        body.json.extend_from_slice(json);
        body
    }

    /// An ack, without its value yet.
    pub(crate) fn ack() -> Self {
        Self::open("")
    }

    /// Adds an argument. An error is kept until the packet is made, so that calls chain.
    pub fn arg<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        if self.error.is_some() {
            return self;
        }
        if self.json.len() > 1 {
            self.json.push(b',');
        }
        let Self { json, attachments, .. } = &mut self;
        if let Err(e) = binary::writing(attachments, || serde_json::to_writer(json, value)) {
            self.error = Some(EncodeError::new(e));
        }
        self
    }

    /// The array and its attachments, behind what `header` writes when it is told the number of attachments.
    pub(crate) fn finish(mut self, header: impl FnOnce(usize, &mut Vec<u8>)) -> Result<Encoded, EncodeError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        self.json.push(b']');
        let attachments = std::mem::take(&mut self.attachments);
        // The header depends on what the arguments held. It is written behind them and copied in front, within the scratch buffer.
        let end = self.json.len();
        header(attachments.len(), &mut self.json);
        let mut text = Vec::with_capacity(self.json.len());
        text.extend_from_slice(&self.json[end..]);
        text.extend_from_slice(&self.json[..end]);
        Ok(Encoded { text: text.into(), attachments })
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        if self.json.capacity() <= KEEP {
            SCRATCH.set(std::mem::take(&mut self.json));
        }
    }
}

/// A value could not be written as JSON: its own `Serialize` refused, or a map's keys are not strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodeError(String);

impl EncodeError {
    pub(crate) fn new(why: impl fmt::Display) -> Self {
        Self(why.to_string())
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EncodeError {}
