//! The connection is cut at every byte of a conversation.

use std::{
    collections::HashMap,
    future::Future,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use ackord::{Binary, CallError, Client, client::State};
use tokio::task::JoinSet;

use super::{
    lab::{Ear, Lab, Seen, Talk, Who, manager},
    proxy::{Cut, Plan, Proxy, Way},
};
use crate::client::{Via, soon};

/// Conversations at a time.
const AT_ONCE: usize = 12;
/// What is noted in the hook for the end of a connection.
const LOST: u32 = 1000;

/// Asks till there is an answer: every question settles.
async fn answered<T, F>(what: &str, plan: Option<Plan>, ask: impl Fn() -> F) -> T
where
    F: IntoFuture<Output = Result<T, CallError>>,
{
    loop {
        match soon(&format!("{what}, {plan:?}"), ask().into_future()).await {
            Ok(answer) => return answer,
            Err(CallError::Disconnected) => {}
            Err(e) => panic!("{what}: {e}"),
        }
    }
}

/// What was cut, and what it cost.
struct Run {
    lab: Arc<Lab>,
    via: Via,
    number: u32,
    plan: Option<Plan>,
}

impl Run {
    async fn go(self) -> Proxy {
        let proxy = Proxy::to(self.lab.addr, self.plan).await;
        let (seen, lost, me) = (Seen::default(), Arc::new(AtomicU32::new(0)), Arc::new(OnceLock::<Client<Talk>>::new()));
        let (ear, losing, myself) = (Arc::clone(&seen), Arc::clone(&lost), Arc::clone(&me));
        let frozen = self.plan.is_some_and(|plan| matches!(plan.how, Cut::Freeze | Cut::Stall));
        let manager = manager(self.via, proxy.addr).timeout(Duration::from_millis(if frozen { 300 } else { 20_000 }));
        let client = Client::<Talk>::connect(manager)
            .auth(Who { run: self.number })
            .setup(move |client| me.set(client.clone()).unwrap())
            .handler_with(move |client| Ear { client: client.clone(), seen: ear })
            .on_disconnect(move |_, again| {
                if again {
                    // Waits for the next connection.
                    myself.get().unwrap().emit().mark(LOST + losing.fetch_add(1, SeqCst));
                }
            })
            .start()
            .unwrap();
        client.emit().mark(1);
        client.emit().mark(2);
        assert_eq!(answered("double", self.plan, || client.emit().double(21)).await, 42);
        client.emit().blob(3, Binary::from(vec![7; 300]));
        // The server gives up a quiz when it loses the client, and the answer is lost as well.
        let answer = answered("quiz", self.plan, || client.emit().quiz()).await;
        assert!(answer.is_some_and(|answer| answer > 100), "{answer:?}");
        let before = lost.load(SeqCst);
        client.emit().mark(4);
        answered("double", self.plan, || client.emit().double(1)).await;
        let (after, notes) = (lost.load(SeqCst), self.lab.notes(self.number));
        self.check_notes(&notes, before == after, frozen, before);
        soon("a connection", client.watch().wait_for(|state| matches!(state, State::Connected { .. }))).await.unwrap();
        soon("the end", client.disconnect()).await;
        assert!(client.state().is_over());
        self.check_seen(&seen.lock().unwrap());
        assert!(format!("{client:?}").contains("open_calls: 0"), "{client:?}");
        proxy
    }

    fn check_notes(&self, notes: &[(u32, u32)], undisturbed: bool, frozen: bool, lost: u32) {
        let plan = self.plan;
        let marks: Vec<_> = notes.iter().map(|(_, mark)| *mark).collect();
        for mark in &marks {
            assert_eq!(marks.iter().filter(|other| *other == mark).count(), 1, "{mark} twice in {notes:?}, {plan:?}");
        }
        for (n, (socket, mark)) in notes.iter().enumerate() {
            let earlier = notes[..n].iter().filter(|(other, _)| other == socket);
            // Those of the hook are mixed with the others.
            let earlier = earlier.filter(|(_, other)| (*other < LOST) == (*mark < LOST));
            assert!(earlier.clone().all(|(_, other)| other < mark), "{notes:?}, {plan:?}");
        }
        if undisturbed {
            assert!(marks.contains(&4), "{notes:?}, {plan:?}");
        }
        // A slow machine may take more than one connection for frozen.
        for lost in (LOST..LOST + lost).filter(|_| !frozen) {
            assert!(marks.contains(&lost), "{notes:?}, {plan:?}");
        }
        if plan.is_none() {
            assert_eq!(marks, [1, 2, 3, 4]);
        }
    }

    /// On each connection everything from the first on, in order, once.
    fn check_seen(&self, seen: &[(String, u32)]) {
        let mut last = HashMap::<&str, u32>::new();
        for (id, n) in seen {
            let last = last.entry(id).or_default();
            assert_eq!(*n, *last + 1, "{seen:?}, {:?}", self.plan);
            *last = *n;
        }
        assert!(last.values().any(|last| *last >= 4), "{seen:?}");
    }
}

/// Where to cut: the first and the last byte of everything that passed in one piece, and every `step`-th.
fn places(proxy: &Proxy, way: Way, step: usize) -> Vec<usize> {
    let (bytes, pieces) = proxy.passed(way);
    let around = pieces.iter().flat_map(|at| [at.saturating_sub(1), *at, at + 1]);
    let mut places: Vec<_> = around.chain((0..bytes).step_by(step)).filter(|at| *at < bytes).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// How fine the cuts are: `ACKORD_CUTS=1` is every byte.
fn step(usual: usize) -> usize {
    std::env::var("ACKORD_CUTS").ok().and_then(|step| step.parse().ok()).unwrap_or(usual)
}

async fn all(runs: impl IntoIterator<Item = impl Future<Output = Proxy> + Send + 'static>) {
    let mut going = JoinSet::new();
    for run in runs {
        if going.len() == AT_ONCE {
            going.join_next().await.unwrap().unwrap();
        }
        going.spawn(run);
    }
    while let Some(run) = going.join_next().await {
        run.unwrap();
    }
}

async fn everywhere(via: Via, lab: Lab, how: Cut, step: usize) {
    let lab = Arc::new(lab);
    let numbers = AtomicU32::new(100_000);
    let run = |plan| Run { lab: Arc::clone(&lab), via, number: numbers.fetch_add(1, SeqCst), plan }.go();
    let undisturbed = run(None).await;
    let plans = [Way::Up, Way::Down]
        .into_iter()
        .flat_map(|way| places(&undisturbed, way, step).into_iter().map(move |at| Plan { way, at, how }));
    all(plans.map(|plan| run(Some(plan)))).await;
}

async fn reset(via: Via) {
    everywhere(via, Lab::with(|builder| builder).await, Cut::Reset, step(29)).await;
}

async fn closed(via: Via) {
    everywhere(via, Lab::with(|builder| builder).await, Cut::Fin, step(29)).await;
}

/// Finds out soon.
async fn lively() -> Lab {
    let ms = Duration::from_millis;
    Lab::with(|builder| builder.ping_interval(ms(100)).ping_timeout(ms(100))).await
}

async fn frozen(via: Via) {
    everywhere(via, lively().await, Cut::Freeze, step(97)).await;
}

async fn stalled(via: Via) {
    everywhere(via, lively().await, Cut::Stall, step(97)).await;
}

macro_rules! over_all {
    ($($test:ident)*) => {
        $(mod $test {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn polling() {
                super::$test(Via::Polling).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn websocket() {
                super::$test(Via::WebSocket).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn upgraded() {
                super::$test(Via::Upgraded).await;
            }
        })*
    };
}

over_all!(reset closed frozen stalled);
