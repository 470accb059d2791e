//! The contract in Rust, for clients in TypeScript.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use ackord::{Binary, CallError, NamespaceHandle, Server, Socket, Stream};
use futures_util::{StreamExt, stream};

use crate::contract::{Denied, DivideError, Live, LiveServer, Picture, Room, RoomServer};

const PATIENCE: Duration = Duration::from_secs(5);

struct Session {
    everyone: NamespaceHandle<Live>,
    socket: Socket<Live>,
    notes: Mutex<Vec<String>>,
    streams: Arc<AtomicU32>,
}

pub(crate) fn serve(io: &Server) {
    let everyone = io.of(&Live);
    // Over all connections: a stream ends with its own.
    let streams = Arc::new(AtomicU32::new(0));
    io.namespace::<Live>().connect(async move |conn| {
        let token = conn.auth().token.clone();
        if token != "secret" {
            return Err(Denied::BadToken { got: token }.into());
        }
        Ok(Session { everyone, socket: conn.accept(), notes: Mutex::default(), streams })
    });
    io.namespace::<Room>().connect(async |conn| {
        let room = conn.namespace().clone();
        conn.accept();
        Ok(room)
    });
}

impl RoomServer for Room {
    async fn which(&self) -> String {
        format!("{}/{}", self.id, self.part)
    }
}

fn backwards(data: &[u8]) -> Binary {
    data.iter().rev().copied().collect::<Vec<_>>().into()
}

fn divide(a: i32, b: i32) -> Result<i32, DivideError> {
    a.checked_div(b).ok_or(DivideError::ByZero { dividend: a })
}

impl LiveServer for Session {
    async fn say(&self, text: &str, to: Option<String>) -> u32 {
        self.everyone.emit().said(&to.map_or_else(|| text.to_owned(), |to| format!("{text}, {to}")));
        text.split(' ').count() as u32
    }

    async fn divide(&self, a: i32, b: i32) -> Result<i32, DivideError> {
        divide(a, b)
    }

    async fn note(&self, text: &str, more: Option<u32>) {
        let note = format!("{text} {more:?}");
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
    }

    async fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn turn(&self, mut picture: Picture) -> Picture {
        picture.data = backwards(&picture.data);
        for thumb in &mut picture.thumbs {
            thumb.data = thumb.data.as_deref().map(|data| backwards(data));
        }
        picture
    }

    async fn silence(&self) {
        std::future::pending::<()>().await;
    }

    async fn crash(&self) -> Result<u32, String> {
        panic!("as it should")
    }

    async fn ask(&self, prompt: &str, data: Binary) -> Option<Binary> {
        let yes = self.socket.emit().confirm(prompt).timeout(PATIENCE).await.ok()?;
        if !yes {
            return None;
        }
        self.socket.emit().flip(&data).timeout(PATIENCE).await.ok()
    }

    async fn delegate(&self, a: i32, b: i32) -> String {
        match self.socket.emit().divide(a, b).timeout(PATIENCE).await {
            Ok(value) => value.to_string(),
            Err(CallError::App(DivideError::ByZero { dividend })) => format!("{dividend} by zero"),
            Err(CallError::Fault(fault)) => format!("fault: {}", fault.message),
            Err(error) => format!("{error:?}"),
        }
    }

    fn count(&self, n: u32) -> impl Stream<Item = Result<u32, DivideError>> {
        let error = (n % 2 == 1).then_some(Err(DivideError::ByZero { dividend: n.cast_signed() }));
        stream::iter((1..=n).map(Ok)).chain(stream::iter(error))
    }

    fn tick(&self) -> impl Stream<Item = u32> {
        let open = Open::new(&self.streams);
        stream::iter(1..).inspect(move |_| {
            let _ = &open;
        })
    }

    async fn open_streams(&self) -> u32 {
        self.streams.load(Relaxed)
    }

    async fn sum(&self, n: u32) -> String {
        let mut readings = self.socket.emit().readings(n);
        let mut sum = 0;
        while let Some(reading) = readings.next().await {
            match reading {
                Ok(value) => sum += value,
                Err(CallError::App(DivideError::ByZero { dividend })) => return format!("{sum}, {dividend} by zero"),
                Err(error) => return format!("{sum}, {error:?}"),
            }
            // One that is dropped is stopped.
            if sum > 1000 {
                return format!("{sum} is enough");
            }
        }
        sum.to_string()
    }

    async fn then(&self) {}
}

/// Counts the streams that are open.
struct Open(Arc<AtomicU32>);

impl Open {
    fn new(count: &Arc<AtomicU32>) -> Self {
        count.fetch_add(1, Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}
