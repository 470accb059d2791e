//! What a client does between two looks at its process: a line in, the work, a line out.
//!
//! | line | does | answers `done` and |
//! |---|---|---|
//! | `connect N` | connects clients until there are N | N |
//! | `acks C F S MS` | C clients with F calls in flight each, S bytes of text, for so long | calls, wrong answers, lost ones |
//! | `blobs S MS` | one client, one call in flight, S bytes as an attachment | the same |
//! | `calls N` | N calls, one after the other, 64 bytes | allocations, bytes allocated, bytes alive since before (`counted`) |
//! | `events N` | has the server send N events | those that came, those of them out of order, lost ones |

use std::{
    fmt::Write as _,
    io::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    Result,
    peer::{Numbers, Peer},
};

/// Allocations, bytes allocated and bytes alive since the start of the process.
pub type Heap = fn() -> [usize; 3];

/// What the numbers must have come in.
const EVENTS_WITHIN: Duration = Duration::from_secs(10);

/// Does what stdin says until it ends.
///
/// # Errors
/// The first thing that did not work.
pub async fn serve<P: Peer>(url: &str, heap: Option<Heap>) -> Result<()> {
    let mut steps = Steps::<P> { url: url.to_owned(), clients: Vec::new(), numbers: Arc::default(), heap };
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        let mut answer = "done".to_owned();
        for number in steps.step(&line).await? {
            write!(answer, " {number}")?;
        }
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// From a thread of its own, so that heartbeats are answered meanwhile.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (send, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || std::io::stdin().lines().map_while(std::io::Result::ok).try_for_each(|line| send.send(line)));
    lines
}

struct Steps<P> {
    url: String,
    clients: Vec<P>,
    numbers: Arc<Numbers>,
    heap: Option<Heap>,
}

impl<P: Peer> Steps<P> {
    async fn step(&mut self, line: &str) -> Result<Vec<u64>> {
        let (name, numbers) = line.split_once(' ').ok_or("an empty step")?;
        let numbers: Vec<u64> = numbers.split(' ').map(|n| Ok(n.parse()?)).collect::<Result<_>>()?;
        match (name, numbers.as_slice()) {
            ("connect", &[count]) => self.connect(count as usize).await,
            ("acks", &[clients, in_flight, size, ms]) => {
                self.acks(clients as usize, in_flight, size as usize, Duration::from_millis(ms)).await
            }
            ("blobs", &[size, ms]) => self.blobs(size as usize, Duration::from_millis(ms)).await,
            ("calls", &[count]) => self.calls(count).await,
            ("events", &[count]) => self.events(u32::try_from(count)?).await,
            _ => Err(format!("no such step: {line}").into()),
        }
    }

    fn first(&self) -> Result<&P> {
        Ok(self.clients.first().ok_or("no client is connected")?)
    }

    async fn connect(&mut self, count: usize) -> Result<Vec<u64>> {
        while self.clients.len() < count {
            // Some at a time: a client that waits for delayed TCP acks would take a minute otherwise.
            let connects = (self.clients.len()..count).take(50).map(|_| P::connect(&self.url, Arc::clone(&self.numbers)));
            self.clients.extend(futures_util::future::try_join_all(connects).await?);
        }
        Ok(vec![count as u64])
    }

    async fn acks(&self, clients: usize, in_flight: u64, size: usize, time: Duration) -> Result<Vec<u64>> {
        let until = Instant::now() + time;
        let mut callers = JoinSet::new();
        for (n, client) in self.clients.iter().take(clients).enumerate() {
            for caller in 0..in_flight {
                callers.spawn(call(client.clone(), (n as u64) * in_flight + caller, size, until));
            }
        }
        let all = callers.join_all().await;
        Ok((0..3).map(|column| all.iter().map(|row| row[column]).sum()).collect())
    }

    async fn blobs(&self, size: usize, time: Duration) -> Result<Vec<u64>> {
        let (client, until) = (self.first()?, Instant::now() + time);
        let data = Bytes::from(vec![0xA5; size]);
        let [mut calls, mut wrong, mut lost] = [0; 3];
        while Instant::now() < until {
            match client.blob(data.clone()).await {
                Some(answer) => wrong += u64::from(answer.len() != size),
                None => lost += 1,
            }
            calls += 1;
        }
        Ok(vec![calls, wrong, lost])
    }

    async fn calls(&self, count: u64) -> Result<Vec<u64>> {
        let (client, heap) = (self.first()?, self.heap.unwrap_or(|| [0; 3]));
        let text = "x".repeat(64);
        let before = heap();
        for _ in 0..count {
            client.echo(text.clone()).await.ok_or("no answer")?;
        }
        let after = heap();
        // The caller's own: one text a call, not the client's doing.
        let own = [count, count * 64, 0];
        Ok((0..3).map(|n| (after[n].saturating_sub(before[n]) as u64).saturating_sub(own[n])).collect())
    }

    async fn events(&self, count: u32) -> Result<Vec<u64>> {
        self.numbers.expect(count);
        self.first()?.count(count).await;
        let wrong = tokio::time::timeout(EVENTS_WITHIN, self.numbers.all()).await.unwrap_or_default();
        let came = self.numbers.count();
        Ok(vec![came.into(), wrong.into(), count.saturating_sub(came).into()])
    }
}

/// One call after the other, each with a text of its own, so that an answer to another call is seen.
async fn call(client: impl Peer, caller: u64, size: usize, until: Instant) -> [u64; 3] {
    let [mut calls, mut wrong, mut lost] = [0; 3];
    let mut text = "x".repeat(size);
    while Instant::now() < until {
        let head = format!("{caller:04} {calls:08} ");
        text.replace_range(..head.len(), &head);
        match client.echo(text.clone()).await {
            Some(answer) => wrong += u64::from(answer != text),
            None => lost += 1,
        }
        calls += 1;
    }
    [calls, wrong, lost]
}
