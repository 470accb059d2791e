//! `rust_socketio`, asynchronous.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::FutureExt;
use rust_socketio::{
    Event, Payload, TransportType,
    asynchronous::{Client, ClientBuilder},
};
use serde_json::Value;
use tokio::sync::{Notify, oneshot};

use super::{Numbers, Peer};
use crate::Result;

/// After this an answer counts as lost: it takes ids at random from a thousand, and an answer may go to another call.
const LOST: Duration = Duration::from_secs(1);

/// Over polling, or over WebSocket.
#[derive(Clone)]
pub struct RustSocketio<const POLLING: bool>(Client);

impl<const POLLING: bool> Peer for RustSocketio<POLLING> {
    async fn connect(url: &str, numbers: Arc<Numbers>) -> Result<Self> {
        let connected = Arc::new(Notify::new());
        let joined = Arc::clone(&connected);
        let client = ClientBuilder::new(url)
            .transport_type(if POLLING { TransportType::Polling } else { TransportType::Websocket })
            .on(Event::Connect, move |_, _| {
                joined.notify_one();
                async {}.boxed()
            })
            .on("number", move |payload, _| {
                if let Payload::Text(args) = payload
                    && let Some(n) = args.first().and_then(Value::as_u64)
                {
                    numbers.seen(u32::try_from(n).unwrap_or(u32::MAX));
                }
                async {}.boxed()
            })
            .connect()
            .await?;
        // `connect` returns before the server has let it in.
        connected.notified().await;
        Ok(Self(client))
    }

    async fn echo(&self, text: String) -> Option<String> {
        self.ask("echo", Payload::Text(vec![Value::String(text)]), |answer| match answer {
            // An ack's arguments come as one array.
            Payload::Text(mut args) => match args.pop() {
                Some(Value::Array(mut args)) => args.pop(),
                value => value,
            }
            .and_then(|value| value.as_str().map(str::to_owned)),
            _ => None,
        })
        .await
    }

    async fn blob(&self, data: Bytes) -> Option<Bytes> {
        // Never answered in 0.6.0: with an ack id it makes a BINARY_ACK of the event (`Packet::new_from_payload`).
        self.ask("blob", Payload::Binary(data), |answer| match answer {
            Payload::Binary(data) => Some(data),
            _ => None,
        })
        .await
    }

    async fn count(&self, to: u32) {
        if let Err(error) = self.0.emit("count", Value::from(to)).await {
            eprintln!("rust_socketio: {error}");
        }
    }
}

impl<const POLLING: bool> RustSocketio<POLLING> {
    /// It has callbacks only.
    async fn ask<T: Send + 'static>(&self, event: &str, args: Payload, read: fn(Payload) -> Option<T>) -> Option<T> {
        let (settle, answer) = oneshot::channel();
        let settle = Mutex::new(Some(settle));
        let callback = move |answer, _: Client| {
            if let Some(value) = read(answer)
                && let Some(settle) = settle.lock().unwrap_or_else(PoisonError::into_inner).take()
            {
                let _ = settle.send(value);
            }
            async {}.boxed()
        };
        let answered = async {
            self.0.emit_with_ack(event, args, LOST, callback).await.ok()?;
            answer.await.ok()
        };
        // Its own timeout only drops the answer; nobody would be told.
        tokio::time::timeout(LOST, answered).await.ok().flatten()
    }
}
