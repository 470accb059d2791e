//! Days of a bad network, in virtual time: the whole client and the whole server, in memory. A failure names its seed.

use std::{
    collections::{HashMap, HashSet},
    io,
    ops::Range,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use ackord::{
    CallError, Client, Namespace, Server, Socket,
    client::{Manager, ManagerBuilder, Reconnection, Retries, Transport},
    events,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf},
    sync::watch,
    time::{Instant, sleep},
};

use super::proxy::Cut;
use crate::client::Via;

const HOUR: Duration = Duration::from_hours(1);

/// `SplitMix64`.
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

/// A way to a server, in memory.
#[derive(Clone)]
struct Net {
    server: Arc<Mutex<Option<Server>>>,
    /// What happens to the connections that there are.
    cut: Arc<watch::Sender<Option<Cut>>>,
    latency: Duration,
    attempts: Arc<AtomicUsize>,
}

impl Net {
    fn new(latency: Duration) -> Self {
        Self { server: Arc::default(), cut: Arc::new(watch::Sender::new(None)), latency, attempts: Arc::default() }
    }

    fn manager(&self, via: Via) -> ManagerBuilder {
        let net = self.clone();
        let transport = if via == Via::WebSocket { Transport::WebSocket } else { Transport::Polling };
        Manager::builder("http://memory")
            .transports([transport])
            .upgrade(via == Via::Upgraded)
            // The same with the same seed.
            .reconnection(Reconnection::default().randomization(0.0))
            .connector(move || std::future::ready(net.dial()))
    }

    fn dial(&self) -> io::Result<DuplexStream> {
        self.attempts.fetch_add(1, SeqCst);
        let Some(server) = self.server.lock().unwrap().clone() else { return Err(io::ErrorKind::ConnectionRefused.into()) };
        let (client, near) = tokio::io::duplex(64 * 1024);
        let (far, end) = tokio::io::duplex(64 * 1024);
        tokio::spawn(async move { ackord::serve_stream(end, None, &server).await });
        let (mut cut, latency) = (self.cut.subscribe(), self.latency);
        tokio::spawn(async move {
            let ((from_client, to_client), (from_server, to_server)) = (tokio::io::split(near), tokio::io::split(far));
            let both = async { tokio::join!(pipe(from_client, to_server, latency), pipe(from_server, to_client, latency)) };
            let frozen = tokio::select! {
                _ = cut.changed() => *cut.borrow() == Some(Cut::Freeze),
                _ = both => false,
            };
            if frozen {
                // Both sides find out by themselves, long before.
                sleep(HOUR).await;
            }
        });
        Ok(client)
    }
}

async fn pipe(mut from: ReadHalf<DuplexStream>, mut to: WriteHalf<DuplexStream>, latency: Duration) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(len @ 1..) = from.read(&mut buffer).await {
        sleep(latency).await;
        if to.write_all(&buffer[..len]).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

#[events]
trait Up {
    fn mark(&self, n: u32);
    async fn put(&self, n: u32) -> u32;
}

/// Numbered from 1 on every connection.
#[events]
trait Down {
    fn tick(&self, n: u32);
    async fn ask(&self, n: u32) -> u32;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/day", server = dyn Up, client = dyn Down)]
struct Day;

/// What has reached the server: by socket.
#[derive(Default)]
struct Book {
    sockets: AtomicU32,
    inside: AtomicUsize,
    most_inside: AtomicUsize,
    marks: Mutex<Vec<(u32, u32)>>,
    puts: Mutex<Vec<u32>>,
}

struct Seat {
    socket: Socket<Day>,
    number: u32,
    count: AtomicU32,
    book: Arc<Book>,
}

impl Seat {
    fn next(&self) -> u32 {
        self.count.fetch_add(1, SeqCst) + 1
    }
}

impl Up for Seat {
    async fn mark(&self, n: u32) {
        self.book.marks.lock().unwrap().push((self.number, n));
        self.socket.emit().tick(self.next());
    }

    async fn put(&self, n: u32) -> u32 {
        self.book.puts.lock().unwrap().push(n);
        if n.is_multiple_of(3) {
            let asked = self.next();
            let answer = self.socket.emit().ask(asked).await;
            assert!(answer.is_err() || answer == Ok(asked));
        }
        if n.is_multiple_of(4) {
            // The connection may be another one by then, or the caller gone.
            sleep(Duration::from_secs(20)).await;
        }
        n
    }
}

fn server(book: &Arc<Book>) -> Server {
    // Outages may follow one another.
    let (io, _layer) = Server::builder().retry_memory(HOUR, 100, 1024 * 1024).build();
    let (entering, leaving) = (Arc::clone(book), Arc::clone(book));
    io.namespace::<Day>()
        .connect(async move |conn| {
            let inside = entering.inside.fetch_add(1, SeqCst) + 1;
            entering.most_inside.fetch_max(inside, SeqCst);
            let number = entering.sockets.fetch_add(1, SeqCst);
            Ok(Seat { socket: conn.accept(), number, count: AtomicU32::new(0), book: entering })
        })
        .on_disconnect(move |_, _| {
            leaving.inside.fetch_sub(1, SeqCst);
        });
    io
}

struct Ear {
    client: Client<Day>,
    /// The last number over each connection.
    seen: Arc<Mutex<HashMap<Arc<str>, u32>>>,
    seed: u64,
}

impl Ear {
    fn see(&self, n: u32) {
        let id = self.client.id().expect("the connection that it came over is there");
        let mut seen = self.seen.lock().unwrap();
        let last = seen.entry(id).or_default();
        assert_eq!(n, *last + 1, "seed {}", self.seed);
        *last = n;
    }
}

impl Down for Ear {
    async fn tick(&self, n: u32) {
        self.see(n);
    }

    async fn ask(&self, n: u32) -> u32 {
        self.see(n);
        n
    }
}

/// Breaks the network again and again, in every way, till `end`. With `restarts` the server as well.
async fn flap(net: Net, book: Arc<Book>, mut rng: Rng, end: Instant, restarts: bool) {
    while Instant::now() < end {
        sleep(Duration::from_millis(rng.below(300_000))).await;
        let (how, outage) = (rng.below(if restarts { 6 } else { 4 }), Duration::from_millis(rng.below(100_000)));
        match how {
            0 => drop(net.cut.send_replace(Some(Cut::Reset))),
            1 => drop(net.cut.send_replace(Some(Cut::Freeze))),
            // Nobody there for a while; or somebody who has forgotten everything.
            2 | 3 => {
                let away = net.server.lock().unwrap().take();
                net.cut.send_replace(Some(if how == 2 { Cut::Reset } else { Cut::Freeze }));
                sleep(outage).await;
                *net.server.lock().unwrap() = away;
            }
            4 => {
                let old = net.server.lock().unwrap().replace(server(&book));
                old.unwrap().close().await;
            }
            _ => {
                let old = net.server.lock().unwrap().take();
                old.unwrap().close().await;
                sleep(outage).await;
                *net.server.lock().unwrap() = Some(server(&book));
            }
        }
    }
}

/// Asks till `end`; returns what was answered, and how many questions were lost with their connection.
async fn talk(client: Client<Day>, mut rng: Rng, end: Instant, retries: bool, seed: u64) -> (HashSet<u32>, u32) {
    let (mut answered, mut lost, mut n) = (HashSet::new(), 0, 0);
    while Instant::now() < end {
        sleep(Duration::from_millis(rng.below(60_000))).await;
        n += 1;
        client.emit().mark(n);
        let call = client.emit().put(n);
        let call = if rng.below(2) == 0 && !retries { call.timeout(Duration::from_secs(30)) } else { call };
        match call.await {
            Ok(answer) => {
                assert_eq!(answer, n, "seed {seed}");
                answered.insert(n);
            }
            Err(CallError::Disconnected) => lost += 1,
            Err(CallError::Timeout) => {}
            Err(e) => panic!("seed {seed}: {e}"),
        }
    }
    (answered, lost)
}

async fn a_day(via: Via, retries: bool, seed: u64) {
    let mut rng = Rng(seed);
    let net = Net::new(Duration::from_millis(rng.below(200)));
    let book = Arc::<Book>::default();
    *net.server.lock().unwrap() = Some(server(&book));
    let mut client = Client::<Day>::connect(net.manager(via));
    if retries {
        client = client.retries(Retries::new(1000));
    }
    let client = client
        .handler_with(move |client| Ear { client: client.clone(), seen: Arc::default(), seed })
        .on_fault(move |fault| panic!("seed {seed}: {fault}"))
        .await
        .unwrap();
    let end = Instant::now() + 24 * HOUR;
    let flapping = tokio::spawn(flap(net.clone(), Arc::clone(&book), Rng(rng.below(u64::MAX)), end, !retries));
    let talking = tokio::spawn(talk(client.clone(), Rng(rng.below(u64::MAX)), end, retries, seed));
    for hour in 1..=24 {
        sleep(HOUR).await;
        // Frozen connections are held for an hour.
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        assert!(tasks < 150, "seed {seed}: {tasks} tasks after {hour} hours");
        assert!(net.attempts.swap(0, SeqCst) < 3000, "seed {seed}");
    }
    flapping.await.unwrap();
    let talked = tokio::time::timeout(2 * HOUR, talking).await;
    let (answered, lost) = talked.unwrap_or_else(|_| panic!("seed {seed}: a call does not settle")).unwrap();
    // Once more at the most, if the connection is frozen and nobody knows it yet.
    let once = client.emit().put(1_000_000).await;
    assert!(once.is_ok() || client.emit().put(1_000_001).await.is_ok(), "seed {seed}");
    // Whatever was answered was handled, and nothing was handled twice.
    let puts = book.puts.lock().unwrap().clone();
    let handled: HashSet<_> = puts.iter().copied().collect();
    assert_eq!(handled.len(), puts.len(), "seed {seed}");
    assert!(answered.is_subset(&handled) && answered.len() > 1000, "seed {seed}: {}", answered.len());
    let marks = book.marks.lock().unwrap().clone();
    if retries {
        // All of them, in the order of emission, whatever the connection.
        assert_eq!((lost, answered.len()), (0, marks.len()), "seed {seed}");
        assert!(marks.iter().map(|(_, n)| *n).eq(1..=u32::try_from(marks.len()).unwrap()), "seed {seed}");
    } else {
        assert!(lost > 10, "seed {seed}: {lost}");
    }
    assert_eq!(marks.iter().map(|(_, n)| n).collect::<HashSet<_>>().len(), marks.len(), "seed {seed}");
    let mut newest = HashMap::new();
    for (socket, n) in marks {
        assert!(newest.insert(socket, n).is_none_or(|before| before < n), "seed {seed}");
    }
    // Two at the most: one whose end the server has yet to notice.
    assert!(book.most_inside.load(SeqCst) <= 3, "seed {seed}: {}", book.most_inside.load(SeqCst));
    assert!(format!("{client:?}").contains("open_calls: 0"), "seed {seed}: {client:?}");
    client.disconnect().await;
    sleep(2 * HOUR).await;
    assert_eq!(book.inside.load(SeqCst), 0, "seed {seed}");
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert_eq!(tasks, 0, "seed {seed}: nothing is left behind");
}

/// `ACKORD_SEEDS=7..8`: other days than the usual one.
fn seeds() -> Range<u64> {
    let told = std::env::var("ACKORD_SEEDS").ok();
    told.as_deref().and_then(|seeds| seeds.split_once("..")).map_or(1..2, |(from, to)| from.parse().unwrap()..to.parse().unwrap())
}

fn days(retries: bool) {
    for via in [Via::WebSocket, Via::Polling, Via::Upgraded] {
        for seed in seeds() {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
            runtime.block_on(a_day(via, retries, seed));
        }
    }
}

#[test]
fn a_day_of_a_flapping_network_loses_nothing_that_was_acknowledged_and_leaves_nothing_behind() {
    days(false);
}

#[test]
fn a_day_with_retries_loses_nothing_at_all() {
    days(true);
}
