//! Several namespaces over one connection: what happens to one is nothing to the others.

use std::{
    collections::{HashMap, HashSet},
    future::{Future, IntoFuture},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use ackord::{
    CallError, Client, Namespace, Server, Socket,
    client::{Connect, ConnectError, EventFault, FaultKind, Manager, Reconnection, State},
    events, payload,
    server::Refuse,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc},
    task::JoinSet,
};

use super::{
    fake::Socket as Fake,
    lab::manager,
    proxy::{Cut, Proxy},
};
use crate::{
    client::{Via, soon},
    lab::{Root, serve},
};

#[payload]
#[derive(Default)]
struct Pass {
    turn: u32,
}

#[events]
trait Desk {
    async fn put(&self, n: u32) -> u32;
    fn mark(&self, n: u32);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/room-{id}", server = dyn Desk, auth = Pass)]
struct Room {
    id: u64,
}

/// What the server does with whom.
#[derive(Default)]
struct Rules {
    refused: Mutex<HashSet<u64>>,
    silent: Mutex<HashSet<u64>>,
    sockets: Mutex<HashMap<u64, Socket<Room>>>,
    marks: Mutex<Vec<(u64, u32)>>,
    turns: Mutex<Vec<u32>>,
    inside: AtomicUsize,
}

struct Clerk {
    id: u64,
    rules: Arc<Rules>,
    _socket: Socket<Room>,
}

impl Desk for Clerk {
    async fn put(&self, n: u32) -> u32 {
        n
    }

    async fn mark(&self, n: u32) {
        self.rules.marks.lock().unwrap().push((self.id, n));
    }
}

async fn house(rules: &Arc<Rules>) -> (SocketAddr, Server) {
    let (io, layer) = Server::builder().build();
    let (admitting, leaving) = (Arc::clone(rules), Arc::clone(rules));
    io.namespace::<Room>()
        .connect(async move |conn| {
            let (id, turn) = (conn.namespace().id, conn.auth().turn);
            admitting.turns.lock().unwrap().push(turn);
            if admitting.refused.lock().unwrap().contains(&id) {
                return Err(Refuse::message("no"));
            }
            if admitting.silent.lock().unwrap().contains(&id) {
                std::future::pending::<()>().await;
            }
            admitting.inside.fetch_add(1, SeqCst);
            let socket = conn.accept();
            admitting.sockets.lock().unwrap().insert(id, socket.clone());
            Ok(Clerk { id, rules: admitting, _socket: socket })
        })
        .on_disconnect(move |_, _| {
            leaving.inside.fetch_sub(1, SeqCst);
        });
    (serve(layer).await, io)
}

fn room(manager: &Manager, id: u64) -> Connect<Room> {
    Client::<Room>::connect(manager).namespace(Room { id }).auth(Pass::default())
}

async fn enter(manager: &Manager, id: u64) -> Client<Room> {
    soon("a room", room(manager, id).into_future()).await.unwrap()
}

async fn state(what: &str, client: &Client<Room>, wanted: impl Fn(&State) -> bool) -> State {
    soon(what, client.watch().wait_for(wanted)).await.unwrap().clone()
}

async fn connected(client: &Client<Room>) {
    state("the connection", client, |state| matches!(state, State::Connected { .. })).await;
}

async fn offline(client: &Client<Room>) {
    state("a disconnect", client, |state| !matches!(state, State::Connected { .. })).await;
}

async fn put(client: &Client<Room>, n: u32) -> Result<u32, CallError> {
    soon("an answer", client.emit().put(n).into_future()).await
}

/// Waits, without being told, for what is about to become so.
async fn until(what: &str, mut so: impl FnMut() -> bool) {
    soon(what, async {
        while !so() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

async fn nobody_inside(rules: &Rules) {
    until("everybody to leave", || rules.inside.load(SeqCst) == 0).await;
}

fn is_empty(manager: &Manager) -> bool {
    format!("{manager:?}").contains("namespaces: []")
}

/// Asks and tells till `done`; every call settles. The last question is answered.
async fn work(client: Client<Room>, done: Arc<AtomicUsize>) {
    let mut n = 0;
    while done.load(SeqCst) == 0 {
        n += 1;
        client.emit().mark(n);
        match put(&client, n).await {
            Ok(answer) => assert_eq!(answer, n),
            Err(CallError::Disconnected) => {}
            Err(e) => panic!("{e}"),
        }
    }
    until_answered(&client).await;
    soon("leaving", client.disconnect()).await;
    assert!(format!("{client:?}").contains("open_calls: 0"), "{client:?}");
}

async fn until_answered(client: &Client<Room>) {
    while put(client, 0).await.is_err() {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_comes_back_from_a_server_that_restarts_in_a_loop() {
    let rules = Arc::<Rules>::default();
    let (addr, mut server) = house(&rules).await;
    let proxy = Proxy::to(addr, None).await;
    let done = Arc::new(AtomicUsize::new(0));
    let (mut workers, mut managers) = (JoinSet::new(), Vec::new());
    for (n, via) in [Via::WebSocket, Via::Polling, Via::Upgraded].into_iter().enumerate() {
        let manager = manager(via, proxy.addr).build();
        for id in 0..3 {
            let client = enter(&manager, 10 * n as u64 + id).await;
            workers.spawn(work(client, Arc::clone(&done)));
        }
        managers.push(manager);
    }
    for round in 0..12 {
        let before = rules.marks.lock().unwrap().len();
        until("work", || rules.marks.lock().unwrap().len() > before + 50).await;
        match round % 3 {
            0 => soon("a close", server.close()).await,
            1 => proxy.cut(Cut::Reset, None),
            _ => {}
        }
        let (addr, next) = house(&rules).await;
        proxy.cut(if round % 2 == 0 { Cut::Fin } else { Cut::Reset }, Some(addr));
        server = next;
    }
    done.store(1, SeqCst);
    while let Some(worker) = soon("a worker", workers.join_next()).await {
        worker.unwrap();
    }
    assert!(managers.iter().all(is_empty));
    // Nothing came twice, and all in order.
    let mut last = HashMap::new();
    for (id, mark) in rules.marks.lock().unwrap().iter() {
        assert!(last.insert(*id, *mark).is_none_or(|last| last < *mark), "{id}: {mark}");
    }
}

/// Three rooms over one connection that breaks where the test likes.
struct Trio {
    rules: Arc<Rules>,
    addr: SocketAddr,
    proxy: Proxy,
    manager: Manager,
    rooms: Vec<Client<Room>>,
}

impl Trio {
    async fn open(via: Via) -> Self {
        let rules = Arc::<Rules>::default();
        let (addr, _) = house(&rules).await;
        let proxy = Proxy::to(addr, None).await;
        let manager = manager(via, proxy.addr).timeout(Duration::from_millis(300)).build();
        let mut rooms = Vec::new();
        for id in 0..3 {
            rooms.push(enter(&manager, id).await);
        }
        Self { rules, addr, proxy, manager, rooms }
    }

    /// The first and the last room work.
    async fn expect_others(&self) {
        for n in [0, 2] {
            connected(&self.rooms[n]).await;
            until_answered(&self.rooms[n]).await;
        }
    }
}

over_all_transports!(who_is_kicked_leaves_the_others_where_they_are, async |via| {
    let trio = Trio::open(via).await;
    let ids: Vec<_> = trio.rooms.iter().map(Client::id).collect();
    let mut client = trio.rooms[1].clone();
    for _ in 0..5 {
        let kicked = trio.rules.sockets.lock().unwrap()[&1].clone();
        assert_eq!(client.id().as_deref(), Some(kicked.id().as_str()));
        kicked.disconnect();
        state("the end", &client, State::is_over).await;
        assert_eq!(put(&client, 1).await, Err(CallError::Disconnected));
        trio.expect_others().await;
        assert_eq!((trio.rooms[0].id(), trio.rooms[2].id()), (ids[0].clone(), ids[2].clone()));
        client = enter(&trio.manager, 1).await;
    }
});

over_all_transports!(who_is_refused_when_it_comes_back_is_over_alone, async |via| {
    let trio = Trio::open(via).await;
    trio.rules.refused.lock().unwrap().insert(1);
    let waiting = tokio::spawn({
        let client = trio.rooms[1].clone();
        async move { while put(&client, 1).await.is_ok() {} }
    });
    trio.proxy.cut(Cut::Reset, Some(trio.addr));
    let end = state("the end", &trio.rooms[1], State::is_over).await;
    assert!(matches!(&end, State::Refused(refusal) if refusal.message() == "no"), "{end:?}");
    soon("the calls", waiting).await.unwrap();
    trio.expect_others().await;
    // Let in again, as a new client.
    trio.rules.refused.lock().unwrap().clear();
    let again = enter(&trio.manager, 1).await;
    assert_eq!(put(&again, 7).await, Ok(7));
});

over_all_transports!(what_waited_for_a_connection_that_never_came_is_reported, async |via| {
    let trio = Trio::open(via).await;
    let (told, mut faults) = mpsc::unbounded_channel();
    let fault = move |fault: &EventFault| drop(told.send((fault.event.clone(), fault.kind.clone())));
    let client = soon("a room", room(&trio.manager, 7).on_fault(fault).into_future()).await.unwrap();
    trio.rules.refused.lock().unwrap().insert(7);
    trio.proxy.cut(Cut::Reset, None);
    offline(&client).await;
    client.emit().mark(1);
    client.volatile().emit().mark(2);
    trio.proxy.cut(Cut::Reset, Some(trio.addr));
    state("the end", &client, State::is_over).await;
    let offline = ("mark".to_owned(), FaultKind::Offline);
    assert_eq!(soon("a fault", faults.recv()).await.unwrap(), offline);
    // Nor does anything else.
    client.emit().mark(3);
    client.volatile().emit().mark(4);
    assert_eq!((faults.recv().await.unwrap(), faults.try_recv().is_err()), (offline, true));
});

over_all_transports!(who_leaves_without_a_connection_is_not_brought_back, async |via| {
    let trio = Trio::open(via).await;
    trio.proxy.cut(Cut::Fin, None);
    for client in &trio.rooms {
        offline(client).await;
    }
    trio.rooms[1].emit().mark(1);
    soon("leaving", trio.rooms[1].disconnect()).await;
    let turns = trio.rules.turns.lock().unwrap().len();
    trio.proxy.cut(Cut::Fin, Some(trio.addr));
    trio.expect_others().await;
    assert_eq!(trio.rules.turns.lock().unwrap().len(), turns + 2);
    assert!(trio.rules.marks.lock().unwrap().is_empty());
});

over_all_transports!(one_that_is_not_answered_does_not_hold_up_the_others, async |via| {
    let trio = Trio::open(via).await;
    let (told, mut errors) = mpsc::unbounded_channel();
    trio.rules.silent.lock().unwrap().extend([1, 3]);
    // One that never was inside, and waits for it.
    let failing = soon("a timeout", room(&trio.manager, 3).into_future()).await;
    assert_eq!(failing.unwrap_err(), ConnectError::Timeout);
    let fourth =
        room(&trio.manager, 3).on_connect_error(move |error, again| drop(told.send((error.clone(), again)))).start().unwrap();
    for _ in 0..2 {
        assert_eq!(soon("an error", errors.recv()).await.unwrap(), (ConnectError::Timeout, true));
        trio.expect_others().await;
    }
    // One that comes back.
    let ids: Vec<_> = trio.rooms.iter().map(Client::id).collect();
    trio.proxy.cut(Cut::Reset, Some(trio.addr));
    trio.expect_others().await;
    assert!(trio.rooms[0].id() != ids[0] && !trio.rooms[1].is_connected());
    trio.rules.silent.lock().unwrap().clear();
    // The server still owes its answers on this connection, and nothing may be asked twice.
    trio.proxy.cut(Cut::Reset, Some(trio.addr));
    connected(&trio.rooms[1]).await;
    connected(&fourth).await;
    assert_eq!(put(&fourth, 1).await, Ok(1));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_is_used_again_at_the_moment_when_its_task_ends() {
    let rules = Arc::<Rules>::default();
    let (addr, _server) = house(&rules).await;
    for via in [Via::WebSocket, Via::Polling, Via::Upgraded] {
        let manager = manager(via, addr).build();
        let mut visitors = JoinSet::new();
        for id in 0..3 {
            let manager = manager.clone();
            visitors.spawn(async move {
                for n in 0..60 {
                    let client = enter(&manager, id).await;
                    if n % 3 > 0 {
                        assert_eq!(put(&client, n).await, Ok(n));
                    }
                    // Left, or let go of: then there is no telling when the namespace is free.
                    if n % 2 == 0 {
                        soon("leaving", client.disconnect()).await;
                    } else {
                        let mut states = client.watch();
                        drop(client);
                        soon("the end", states.wait_for(State::is_over)).await.unwrap();
                    }
                }
            });
        }
        while let Some(visitor) = visitors.join_next().await {
            visitor.unwrap();
        }
        assert!(is_empty(&manager), "{manager:?}");
        nobody_inside(&rules).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_survives_its_runtime() {
    let rules = Arc::<Rules>::default();
    let (addr, _server) = house(&rules).await;
    for via in [Via::WebSocket, Via::Polling, Via::Upgraded] {
        let manager = manager(via, addr).build();
        for n in 0..5 {
            let manager = manager.clone();
            let other = tokio::task::spawn_blocking(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                let clients = runtime.block_on(async {
                    let clients = [enter(&manager, 0).await, enter(&manager, 1).await];
                    assert_eq!(put(&clients[0], n).await, Ok(n));
                    clients
                });
                let asked = clients[0].emit().put(1).into_future();
                drop(runtime);
                (clients, asked)
            });
            let (clients, asked) = other.await.unwrap();
            assert!(clients.iter().all(|client| client.state().is_over()));
            assert_eq!(soon("the call", asked).await, Err(CallError::Disconnected));
            soon("leaving", clients[0].disconnect()).await;
        }
        let client = enter(&manager, 0).await;
        assert_eq!(put(&client, 1).await, Ok(1));
        soon("leaving", client.disconnect()).await;
    }
    // Without a runtime there is a panic, and nothing else.
    let manager = manager(Via::WebSocket, addr).build();
    let without = manager.clone();
    let panic = std::thread::spawn(move || drop(room(&without, 0).start())).join();
    assert!(panic.is_err());
    assert_eq!(put(&enter(&manager, 0).await, 1).await, Ok(1));
}

fn passes(manager: &Manager, id: u64, auth: impl Fn(u32) -> Auth + Send + Sync + 'static) -> Connect<Room> {
    let turn = AtomicU32::new(0);
    Client::<Room>::connect(manager).namespace(Room { id }).auth_with(move || auth(turn.fetch_add(1, SeqCst)))
}

type Auth = std::pin::Pin<Box<dyn Future<Output = Pass> + Send>>;

over_all_transports!(an_auth_that_panics_is_the_end_of_its_client_alone, async |via| {
    let trio = Trio::open(via).await;
    for late in [false, true] {
        let panics = move |first: u32| -> Auth { move_on(late, first) };
        let error = soon("an error", passes(&trio.manager, 5, move |_| panics(0)).into_future()).await.unwrap_err();
        assert!(matches!(&error, ConnectError::Auth(_)), "{error:?}");
        // The second time.
        let client =
            passes(&trio.manager, 5, move |turn| if turn == 0 { Box::pin(async { Pass { turn: 77 } }) } else { panics(turn) });
        let client = soon("a client", client.into_future()).await.unwrap();
        trio.proxy.cut(Cut::Reset, Some(trio.addr));
        state("the end", &client, State::is_over).await;
        trio.expect_others().await;
    }
});

fn move_on(late: bool, turn: u32) -> Auth {
    assert!(late, "no auth in turn {turn}");
    Box::pin(async {
        tokio::task::yield_now().await;
        panic!("no auth after all")
    })
}

over_all_transports!(an_auth_that_never_comes_is_asked_for_again, async |via| {
    let trio = Trio::open(via).await;
    let error = soon("an error", passes(&trio.manager, 5, |_| Box::pin(std::future::pending())).into_future()).await;
    assert_eq!(error.unwrap_err(), ConnectError::Timeout);
    let never =
        |turn| -> Auth { if turn < 2 { Box::pin(std::future::pending()) } else { Box::pin(async { Pass { turn: 200 } }) } };
    let client = passes(&trio.manager, 5, never).start().unwrap();
    trio.expect_others().await;
    connected(&client).await;
    assert_eq!(put(&client, 3).await, Ok(3));
});

over_all_transports!(an_auth_that_comes_late_is_not_shown_to_the_next_connection, async |via| {
    let rules = Arc::<Rules>::default();
    let (addr, _server) = house(&rules).await;
    let proxy = Proxy::to(addr, None).await;
    let manager = manager(via, proxy.addr).build();
    let (asked, gate) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (asking, passing) = (Arc::clone(&asked), Arc::clone(&gate));
    let auth = move |turn| -> Auth {
        let (asking, passing) = (Arc::clone(&asking), Arc::clone(&passing));
        Box::pin(async move {
            asking.add_permits(1);
            passing.acquire().await.unwrap().forget();
            Pass { turn }
        })
    };
    let client = passes(&manager, 5, auth).start().unwrap();
    for _ in 0..3 {
        soon("the question", asked.acquire()).await.unwrap().forget();
        proxy.cut(Cut::Fin, Some(addr));
    }
    soon("the question", asked.acquire()).await.unwrap().forget();
    gate.add_permits(1);
    connected(&client).await;
    assert_eq!(*rules.turns.lock().unwrap(), [3]);
});

/// How far a client gets before it is let go of.
#[tokio::test]
async fn a_client_is_let_go_of_at_every_stage() {
    for stage in 0..5 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let manager = manager(Via::WebSocket, listener.local_addr().unwrap()).build();
        let client = Client::<Root>::connect(&manager).start().unwrap();
        let mut states = client.watch();
        let mut fake = None;
        match stage {
            0 => {}
            1 => drop(soon("a connection", listener.accept()).await.unwrap()),
            2 => fake = Some(Fake::accept_with(&listener, "2").await),
            3 => fake = Some(Fake::accept(&listener).await),
            _ => {
                fake = Some(Fake::welcome(&listener, "1").await);
                soon("the connection", states.wait_for(|state| matches!(state, State::Connected { .. }))).await.unwrap();
            }
        }
        if stage == 3 {
            fake.as_mut().unwrap().expect("40").await;
        }
        client.emit().note(1);
        drop(client);
        // Its goodbye is answered by the fake, which has to read for that.
        if let Some(fake) = fake.as_mut().filter(|_| stage >= 3) {
            while !fake.next().await.contains("Close") {}
        }
        drop(fake);
        soon("the end", states.wait_for(State::is_over)).await.unwrap();
        let listening = tokio::spawn(async move {
            // What was begun before is still in the backlog.
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let Ok(ws) = tokio_tungstenite::accept_async(stream).await else { continue };
                let mut fake = Fake { ws };
                fake.send(&[super::fake::OPEN]).await;
                if fake.next().await == "40" {
                    fake.send(&[r#"40{"sid":"again"}"#]).await;
                    while fake.next().await != "41" {}
                }
            }
        });
        let client = soon("a client", Client::<Root>::connect(&manager).into_future()).await.unwrap();
        assert_eq!(client.id().as_deref(), Some("again"), "{stage}");
        listening.abort();
    }
}

/// The server takes its time to say goodbye, and meanwhile somebody comes.
#[tokio::test]
async fn a_newcomer_comes_in_while_the_connection_is_being_closed() {
    let hour = Duration::from_hours(1);
    let never = Reconnection::default().delay(hour, hour).randomization(0.0);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let manager = manager(Via::WebSocket, listener.local_addr().unwrap()).reconnection(never).build();
    let mut client = Client::<Root>::connect(&manager).start().unwrap();
    let mut fake = Fake::welcome(&listener, "0").await;
    for n in 1..10 {
        soon("the connection", client.watch().wait_for(|state| matches!(state, State::Connected { .. }))).await.unwrap();
        let leaving = client.clone();
        let leaving = tokio::spawn(async move { leaving.disconnect().await });
        fake.expect("41").await;
        // It has gone, and nobody else may have come in yet.
        let next = Client::<Root>::connect(&manager).start();
        client = next.expect("who leaves does not stand in the way");
        while !fake.next().await.contains("Close") {}
        drop(fake);
        fake = Fake::welcome(&listener, &n.to_string()).await;
        soon("leaving", leaving).await.unwrap();
    }
}
