//! Clients and servers in memory, under a clock that stands still until everybody waits for it.

use std::time::Duration;

use ackord::{
    CallError, Client, Namespace, Server, Socket,
    client::{Offline, State, Transport},
    events,
    server::Connecting,
    testing::{self, Network},
};
use tokio::time::Instant;

use crate::client::soon;

#[events]
trait Up {
    async fn double(&self, n: u32) -> u32;
    /// Answers after an hour.
    async fn slow(&self) -> u32;
    /// Asks the client, and answers with its answer.
    async fn ask(&self) -> Option<bool>;
}

#[events]
trait Down {
    async fn sure(&self) -> bool;
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Up, client = dyn Down)]
struct Root;

#[derive(Namespace, Clone)]
#[namespace(path = "/other", server = dyn Up, client = dyn Down)]
struct Other;

struct Session<N>(Socket<N>);

impl<N: Namespace<Client = dyn Down>> Up for Session<N> {
    async fn double(&self, n: u32) -> u32 {
        2 * n
    }

    async fn slow(&self) -> u32 {
        tokio::time::sleep(Duration::from_hours(1)).await;
        1
    }

    async fn ask(&self) -> Option<bool> {
        self.0.emit().sure().timeout(Duration::from_mins(1)).await.ok()
    }
}

struct Ui;

impl Down for Ui {
    async fn sure(&self) -> bool {
        true
    }
}

async fn enter(conn: Connecting<Root>) -> Result<Session<Root>, ackord::server::Refuse> {
    Ok(Session(conn.accept()))
}

fn server() -> Server {
    let (io, _layer) = Server::builder().build();
    io.namespace::<Root>().connect(enter);
    io.namespace::<Other>().connect(async |conn| Ok(Session(conn.accept())));
    io
}

#[tokio::test(start_paused = true)]
async fn a_pair_speaks_in_both_directions() {
    let client = testing::pair(enter).handler(Ui).await.unwrap();
    assert_eq!(client.emit().double(4).await, Ok(8));
    assert_eq!(client.emit().ask().await, Ok(Some(true)));
}

#[tokio::test(start_paused = true)]
async fn hours_take_no_time() {
    let (client, begin) = (testing::pair(enter).handler(Ui).await.unwrap(), std::time::Instant::now());
    let before = Instant::now();
    assert_eq!(client.emit().slow().timeout(Duration::from_mins(1)).await, Err(CallError::Timeout));
    assert_eq!(before.elapsed(), Duration::from_mins(1));
    // Longer than many heartbeats.
    assert_eq!(client.emit().slow().await, Ok(1));
    assert!(before.elapsed() >= Duration::from_mins(61) && begin.elapsed() < Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn a_network_that_is_down_costs_few_attempts() {
    let io = server();
    let network = Network::to(&io);
    let manager = network.manager().build();
    let root = Client::<Root>::connect(&manager).await.unwrap();
    let other = Client::<Other>::connect(&manager).await.unwrap();
    network.down();
    root.watch().wait_for(|state| matches!(state, State::Disconnected { .. })).await.unwrap();
    let expired = root.offline(Offline::Expire(Duration::from_secs(100))).emit().double(1);
    assert_eq!(expired.await, Err(CallError::Timeout));
    let waiting = tokio::spawn(other.emit().double(2).into_future());
    // A day later.
    tokio::time::advance(Duration::from_hours(24)).await;
    network.up();
    assert_eq!(soon("the answer", waiting).await.unwrap(), Ok(4));
    assert_eq!(root.emit().double(3).await, Ok(6));
    assert_eq!(io.connections(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_suspended_computer_notices_at_once() {
    let network = Network::to(&server());
    let client = Client::<Root>::connect(network.manager().transports([Transport::WebSocket])).await.unwrap();
    let first = client.id();
    // Asleep: neither side has said anything for a week.
    tokio::time::advance(Duration::from_hours(7 * 24)).await;
    let mut states = client.watch();
    let back = |state: &State| matches!(state, State::Connected { id, .. } if Some(id) != first.as_ref());
    let before = Instant::now();
    states.wait_for(back).await.unwrap();
    assert!(before.elapsed() < Duration::from_secs(10), "{:?}", before.elapsed());
    assert_eq!(client.emit().double(1).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn every_transport_works_in_memory() {
    let network = Network::to(&server());
    for (transport, upgrade) in [(Transport::WebSocket, false), (Transport::Polling, false), (Transport::Polling, true)] {
        let client =
            Client::<Root>::connect(network.manager().transports([transport]).upgrade(upgrade)).handler(Ui).await.unwrap();
        for n in 0..100 {
            assert_eq!(client.emit().double(n).await, Ok(2 * n));
        }
        assert_eq!(client.emit().ask().await, Ok(Some(true)));
    }
}
