//! The Rust client and the rest of the contract: serial and cancelled handlers, events as values, events without a contract.

use std::{future::IntoFuture, sync::Arc};

use ackord::{
    Binary, CallError, Client, FaultCode, Namespace, NamespaceHandle, RawArgs, Server, Socket,
    client::{Connect, ConnectError, FaultKind, Manager, Offline, RawEvent, State, Untyped},
    events, payload,
    server::Refuse,
};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};

use crate::{
    client::{Via, soon},
    client_lab::{Network, manager},
    lab::serve,
};

#[payload]
pub(crate) struct Login {
    pub(crate) token: String,
}

#[payload]
pub(crate) enum Denied {
    BadToken { hint: String },
}

#[events]
trait Up {
    async fn double(&self, n: u32) -> u32;
    fn note(&self, text: String);
}

#[events(enum)]
trait Down {
    #[event(serial)]
    async fn step(&self, n: u32) -> u32;
    #[event(cancel_on_disconnect)]
    fn follow(&self, n: u32);
    #[event(serial, cancel_on_disconnect)]
    async fn watch(&self, n: u32) -> u32;
    async fn judge(&self, n: u32) -> Result<u32, String>;
    fn tell(&self, text: &str);
}

#[derive(Namespace, Clone)]
#[namespace(path = "/chat", server = dyn Up, client = dyn Down, auth = Login, denied = Denied)]
struct Chat;

struct Session {
    socket: Socket<Chat>,
    see: mpsc::UnboundedSender<String>,
}

impl Up for Session {
    async fn double(&self, n: u32) -> u32 {
        2 * n
    }
    async fn note(&self, text: String) {
        drop(self.see.send(text));
        let _ = &self.socket;
    }
}

/// A server that greets everybody in the moment of the connection.
struct Lab {
    addr: std::net::SocketAddr,
    chat: NamespaceHandle<Chat>,
    sockets: mpsc::UnboundedReceiver<Socket<Chat>>,
    seen: mpsc::UnboundedReceiver<String>,
}

impl Lab {
    async fn new() -> Self {
        let (io, layer) = Server::builder().build();
        let (give, sockets) = mpsc::unbounded_channel();
        let (see, seen) = mpsc::unbounded_channel();
        let chat = io
            .namespace::<Chat>()
            .connect(async move |conn| {
                match &*conn.auth().token {
                    "" => return Err(Refuse::message("who?")),
                    "bad" => return Err(Denied::BadToken { hint: "good".into() }.into()),
                    _ => {}
                }
                let socket = conn.accept();
                socket.emit().tell("welcome");
                drop(give.send(socket.clone()));
                Ok(Session { socket, see })
            })
            .on_raw("legacy", async |session: Arc<Session>, args: RawArgs| {
                session.socket.emit_raw("legacy back", &args);
                args
            });
        let chat = NamespaceHandle::clone(&chat);
        Self { addr: serve(layer).await, chat, sockets, seen }
    }

    async fn socket(&mut self) -> Socket<Chat> {
        soon("a socket", self.sockets.recv()).await.unwrap()
    }

    async fn expect_seen(&mut self, what: &str) {
        assert_eq!(soon(what, self.seen.recv()).await.unwrap(), what);
    }
}

fn connect(via: Via, addr: std::net::SocketAddr) -> Connect<Chat> {
    Client::connect(manager(via, addr)).auth(Login { token: "t".into() })
}

/// A client with closures that pass a gate, and its notes.
struct Page {
    client: Client<Chat>,
    gate: Arc<Semaphore>,
    seen: mpsc::UnboundedReceiver<String>,
}

/// Says that it is dropped, unless it was defused.
struct Fuse(Option<mpsc::UnboundedSender<String>>, u32);

impl Drop for Fuse {
    fn drop(&mut self) {
        if let Some(see) = self.0.take() {
            drop(see.send(format!("{} dropped", self.1)));
        }
    }
}

async fn pass(gate: Arc<Semaphore>, see: mpsc::UnboundedSender<String>, n: u32) -> u32 {
    drop(see.send(format!("{n} waits")));
    let mut fuse = Fuse(Some(see.clone()), n);
    gate.acquire().await.unwrap().forget();
    fuse.0 = None;
    drop(see.send(format!("{n} passes")));
    n
}

impl Page {
    async fn open(via: Via, addr: std::net::SocketAddr) -> Self {
        let (see, seen) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let pass = {
            let gate = Arc::clone(&gate);
            move |n| pass(Arc::clone(&gate), see.clone(), n)
        };
        let setup = move |client: &Client<Chat>| {
            let (step, follow, watch, judge) = (pass.clone(), pass.clone(), pass.clone(), pass);
            client
                .on()
                .step(async move |n| step(n).await)
                .follow(async move |n| {
                    follow(n).await;
                })
                .watch(async move |n| watch(n).await)
                .judge(async move |n| Ok(judge(n).await));
        };
        let client = soon("the client", connect(via, addr).setup(setup).into_future()).await.unwrap();
        Self { client, gate, seen }
    }

    async fn expect(&mut self, what: &str) {
        assert_eq!(soon(what, self.seen.recv()).await.unwrap(), what);
    }
}

async fn serial_handlers_wait_for_one_another(via: Via) {
    let mut lab = Lab::new().await;
    let mut page = Page::open(via, lab.addr).await;
    let socket = lab.socket().await;
    let first = tokio::spawn(socket.emit().step(1).into_future());
    page.expect("1 waits").await;
    let second = tokio::spawn(socket.emit().watch(2).into_future());
    let free = tokio::spawn(socket.emit().judge(3).into_future());
    page.expect("3 waits").await;
    assert!(page.seen.try_recv().is_err());
    // The first in line for the gate is the serial one.
    page.gate.add_permits(1);
    page.expect("1 passes").await;
    page.expect("2 waits").await;
    assert_eq!(soon("an answer", first).await.unwrap(), Ok(1));
    page.gate.add_permits(2);
    assert_eq!(soon("an answer", second).await.unwrap(), Ok(2));
    assert_eq!(soon("an answer", free).await.unwrap(), Ok(3));
}
over_all_transports!(serial, serial_handlers_wait_for_one_another);

/// R3: with the connection, and not with the client; whatever else runs goes on.
async fn handlers_go_with_their_connection_if_they_want_to(via: Via) {
    let mut lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let mut page = Page::open(via, network.addr).await;
    let socket = lab.socket().await;
    socket.emit().follow(1);
    page.expect("1 waits").await;
    let watched = tokio::spawn(socket.emit().watch(2).into_future());
    page.expect("2 waits").await;
    let judged = tokio::spawn(socket.emit().judge(3).into_future());
    page.expect("3 waits").await;
    // Behind the one that will be cancelled, and not to be cancelled itself.
    let stepped = tokio::spawn(socket.emit().step(4).into_future());
    let never = tokio::spawn(socket.emit().watch(5).into_future());
    let heard = tokio::spawn(page.client.emit().double(1).into_future());
    assert_eq!(soon("an answer", heard).await.unwrap(), Ok(2));
    network.cut(Some(lab.addr));
    let mut dropped = [soon("one", page.seen.recv()).await.unwrap(), soon("another", page.seen.recv()).await.unwrap()];
    dropped.sort();
    assert_eq!(dropped, ["1 dropped", "2 dropped"]);
    page.expect("4 waits").await;
    let again = lab.socket().await;
    // A new connection, and the same order: 4 still runs.
    let last = tokio::spawn(again.emit().step(6).into_future());
    page.gate.add_permits(1);
    page.expect("3 passes").await;
    page.gate.add_permits(1);
    page.expect("4 passes").await;
    page.expect("6 waits").await;
    page.gate.add_permits(1);
    assert_eq!(soon("an answer", last).await.unwrap(), Ok(6));
    // A poll that breaks off tells the server nothing: it waits for the next one.
    if via.is_polling() {
        return;
    }
    for gone in [soon("a", watched).await.unwrap(), soon("b", stepped).await.unwrap(), soon("c", never).await.unwrap()] {
        assert_eq!(gone, Err(CallError::Disconnected));
    }
    assert_eq!(soon("d", judged).await.unwrap(), Err(CallError::Disconnected));
}
over_all_transports!(cancelled, handlers_go_with_their_connection_if_they_want_to);

/// Leaving by oneself is leaving as well, and nothing else has to happen for it.
async fn handlers_go_when_the_client_leaves(via: Via) {
    for by_server in [false, true] {
        let mut lab = Lab::new().await;
        let mut page = Page::open(via, lab.addr).await;
        let socket = lab.socket().await;
        socket.emit().follow(1);
        page.expect("1 waits").await;
        let judged = tokio::spawn(socket.emit().judge(2).into_future());
        page.expect("2 waits").await;
        if by_server {
            socket.disconnect();
        } else {
            page.client.disconnect().await;
        }
        page.expect("1 dropped").await;
        page.gate.add_permits(1);
        page.expect("2 passes").await;
        assert_eq!(soon("the end", judged).await.unwrap(), Err(CallError::Disconnected));
    }
}
over_all_transports!(leaving, handlers_go_when_the_client_leaves);

async fn events_are_values_from_the_first_one_on(via: Via) {
    let mut lab = Lab::new().await;
    let (fault, mut faults) = mpsc::unbounded_channel();
    let (connect, mut events) = connect(via, lab.addr).events(2);
    let connect = connect.on_fault(move |event| drop(fault.send((event.event.clone(), event.kind.clone()))));
    let client = soon("the client", connect.into_future()).await.unwrap();
    let socket = lab.socket().await;
    // It was sent before the server said that the client is connected.
    assert!(matches!(soon("an event", events.next()).await, Some(DownEvent::Tell { text }) if text == "welcome"));
    let judged = tokio::spawn(socket.emit().judge(4).into_future());
    let Some(DownEvent::Judge { n: 4, reply }) = soon("an event", events.next()).await else { panic!("another event") };
    reply.send(Err("no".into()));
    assert_eq!(soon("an answer", judged).await.unwrap(), Err(CallError::App("no".into())));

    // Full: neither acks nor anything else waits for it.
    socket.emit().tell("a");
    socket.emit().tell("b");
    socket.emit().tell("c");
    assert_eq!(soon("a fault", faults.recv()).await, Some(("tell".into(), FaultKind::Overloaded)));
    let refused = soon("an answer", socket.emit().judge(5).into_future()).await;
    assert!(matches!(refused, Err(CallError::Fault(fault)) if fault.code == FaultCode::Overloaded));
    assert_eq!(soon("a fault", faults.recv()).await, Some(("judge".into(), FaultKind::Overloaded)));
    assert_eq!(soon("an answer", client.emit().double(2).into_future()).await, Ok(4));
    for text in ["a", "b"] {
        assert!(matches!(soon("an event", events.next()).await, Some(DownEvent::Tell { text: told }) if told == text));
    }

    let judged = tokio::spawn(socket.emit().judge(6).into_future());
    drop(soon("an event", events.next()).await);
    let cancelled = soon("an answer", judged).await.unwrap();
    assert!(matches!(cancelled, Err(CallError::Fault(fault)) if fault.code == FaultCode::Cancelled));
    assert_eq!(soon("a fault", faults.recv()).await, Some(("judge".into(), FaultKind::Dropped)));
    socket.emit().tell("last");
    socket.disconnect();
    assert!(matches!(soon("an event", events.next()).await, Some(DownEvent::Tell { text }) if text == "last"));
    assert!(soon("the end", events.next()).await.is_none());
    // A stream of a client that is over has nothing in it.
    assert!(soon("the end", client.on().events(3).next()).await.is_none());
}
over_all_transports!(values, events_are_values_from_the_first_one_on);

/// The stream goes on over connections.
async fn a_stream_outlives_connections(via: Via) {
    let mut lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let (connect, mut events) = connect(via, network.addr).events(8);
    let client = soon("the client", connect.into_future()).await.unwrap();
    for _ in 0..3 {
        lab.socket().await;
        assert!(matches!(soon("an event", events.next()).await, Some(DownEvent::Tell { .. })));
        network.cut(Some(lab.addr));
    }
    lab.socket().await;
    assert!(matches!(soon("an event", events.next()).await, Some(DownEvent::Tell { .. })));
    drop(client);
    // Nobody is left to talk to the server; the stream keeps nothing alive.
    assert!(soon("the end", events.next()).await.is_none());
}
over_all_transports!(streams, a_stream_outlives_connections);

fn listener(name: &'static str, see: &mpsc::UnboundedSender<String>) -> impl Fn(&str, &RawArgs) + Send + Sync + use<> {
    let see = see.clone();
    move |event, args| drop(see.send(format!("{name} {event} {args:?}")))
}

async fn listeners_hear_of_everything(via: Via) {
    let mut lab = Lab::new().await;
    let (see, mut seen) = mpsc::unbounded_channel();
    let (fault, mut faults) = mpsc::unbounded_channel();
    let (incoming, outgoing) = (listener("in", &see), listener("out", &see));
    let connect = connect(via, lab.addr)
        .setup(move |client| {
            client.on_any(incoming);
            client.on_any_outgoing(outgoing);
            client.on_any(|event, _| assert_ne!(event, "step", "no steps"));
            client.on().tell(async |_| {}).step(async |n| n);
        })
        .on_fault(move |event| drop(fault.send((event.event.clone(), event.kind.clone()))));
    let client = soon("the client", connect.into_future()).await.unwrap();
    let socket = lab.socket().await;
    let mut heard = async |what: &str| assert_eq!(soon(what, seen.recv()).await.unwrap(), what);
    heard(r#"in tell RawArgs(["welcome"], 0 attachments)"#).await;
    // Its panic is reported, and the handler called.
    assert_eq!(soon("an answer", socket.emit().step(1).into_future()).await, Ok(1));
    heard("in step RawArgs([1], 0 attachments)").await;
    assert!(matches!(soon("a fault", faults.recv()).await, Some((event, FaultKind::Panic(_))) if event == "step"));
    socket.emit_raw("unknown", &RawArgs::new());
    heard("in unknown RawArgs([], 0 attachments)").await;
    assert_eq!(soon("a fault", faults.recv()).await, Some(("unknown".into(), FaultKind::UnknownEvent)));

    client.emit().note("n".into());
    heard(r#"out note RawArgs(["n"], 0 attachments)"#).await;
    assert_eq!(soon("an answer", client.emit().double(3).into_future()).await, Ok(6));
    heard("out double RawArgs([3], 0 attachments)").await;
    client.emit_raw("legacy", &RawArgs::new().arg(&1).unwrap());
    heard("out legacy RawArgs([1], 0 attachments)").await;
    heard("in legacy back RawArgs([1], 0 attachments)").await;
    lab.expect_seen("n").await;
    client.disconnect().await;
    // What is not sent is not heard of.
    assert_eq!(client.emit().double(3).await, Err(CallError::Disconnected));
    assert!(seen.try_recv().is_err());
}
over_all_transports!(any, listeners_hear_of_everything);

async fn raw_questions_settle_like_any_other(via: Via) {
    let mut lab = Lab::new().await;
    let client = soon("the client", connect(via, lab.addr).into_future()).await.unwrap();
    let socket = lab.socket().await;
    let args = RawArgs::new().arg("a").unwrap().arg(&Binary::from(vec![1, 2])).unwrap();
    let answer = soon("an answer", client.call_raw("legacy", &args).into_future()).await.unwrap();
    assert_eq!((answer.get::<String>(0), answer.get::<Binary>(1)), (Ok("a".into()), Ok(Binary::from(vec![1, 2]))));
    let timeout = std::time::Duration::from_millis(1);
    assert_eq!(client.call_raw("nobody", &args).timeout(timeout).await, Err(CallError::Timeout));
    let open = tokio::spawn(client.call_raw("nobody", &args).into_future());
    assert_eq!(soon("an answer", client.emit().double(2).into_future()).await, Ok(4));
    socket.disconnect();
    assert_eq!(soon("the end", open).await.unwrap(), Err(CallError::Disconnected));
    let offline = client.offline(Offline::Fail);
    assert_eq!(offline.call_raw("legacy", &args).await, Err(CallError::Disconnected));
    assert_eq!(lab.chat.len(), 0);
}
over_all_transports!(questions, raw_questions_settle_like_any_other);

fn untyped(via: Via, addr: std::net::SocketAddr, auth: Value) -> Connect<Untyped> {
    Client::<Untyped>::connect(manager(via, addr)).namespace(Untyped::new("chat")).auth(auth)
}

async fn a_server_can_be_used_without_its_contract(via: Via) {
    let mut lab = Lab::new().await;
    let (see, mut seen) = mpsc::unbounded_channel();
    let setup = move |client: &Client<Untyped>| {
        client.on_any(listener("any", &see));
        client.on_raw("tell", async move |args: RawArgs| {
            drop(see.send(args.get::<String>(0).unwrap()));
            RawArgs::new()
        });
        client.on_raw("step", async |args: RawArgs| RawArgs::new().arg(&(args.get::<u32>(0).unwrap() + 1)).unwrap());
    };
    let client = soon("the client", untyped(via, lab.addr, json!({ "token": "t" })).setup(setup).into_future()).await.unwrap();
    let socket = lab.socket().await;
    assert_eq!(soon("an event", seen.recv()).await.unwrap(), r#"any tell RawArgs(["welcome"], 0 attachments)"#);
    assert_eq!(soon("an event", seen.recv()).await.unwrap(), "welcome");
    assert_eq!(soon("an answer", socket.emit().step(4).into_future()).await, Ok(5));
    client.emit_raw("note", &RawArgs::new().arg("raw").unwrap());
    lab.expect_seen("raw").await;
    let answer = soon("an answer", client.call_raw("double", &RawArgs::new().arg(&4).unwrap()).into_future()).await.unwrap();
    assert_eq!(answer.get::<u32>(0), Ok(8));

    let denied = soon("a refusal", untyped(via, lab.addr, json!({ "token": "bad" })).into_future()).await.unwrap_err();
    let (data, message) = (json!({ "BadToken": { "hint": "good" } }), "denied".to_owned());
    assert_eq!(denied, ConnectError::Denied { data, message });
    let refused = soon("a refusal", untyped(via, lab.addr, json!({ "token": "" })).into_future()).await.unwrap_err();
    assert_eq!(refused, ConnectError::Refused { message: "who?".into() });
    // No auth is none on the wire.
    let none = soon("a refusal", untyped(via, lab.addr, Value::Null).into_future()).await.unwrap_err();
    assert!(matches!(none, ConnectError::Refused { message } if message.contains("missing field `token`")));
    // Without a path it is `/`, over the same connection.
    let shared = Manager::from(manager(via, lab.addr));
    let root = soon("the client", Client::<Untyped>::connect(&shared).into_future()).await.unwrap();
    let chat = Client::<Untyped>::connect(&shared).namespace(Untyped::new("/chat")).auth(json!({ "token": "t" }));
    let chat = soon("the client", chat.into_future()).await.unwrap();
    assert!(matches!((root.state(), chat.state()), (State::Connected { .. }, State::Connected { .. })));
}
over_all_transports!(untyped_clients, a_server_can_be_used_without_its_contract);

async fn a_fallback_gets_what_nobody_else_knows(via: Via) {
    let mut lab = Lab::new().await;
    let (see, mut seen) = mpsc::unbounded_channel();
    let (note, mut faults) = mpsc::unbounded_channel();
    let setup = move |client: &Client<Untyped>| {
        client.on_raw("step", async |args: RawArgs| args);
        client.on_fallback(async move |event: RawEvent| {
            drop(see.send(format!("{} {:?} {}", event.name, event.args, event.wants_ack)));
            // A question of another name is left unanswered.
            (event.name == "watch").then_some(event.args)
        });
    };
    let client = untyped(via, lab.addr, json!({ "token": "t" })).setup(setup);
    let client = client.on_fault(move |fault| drop(note.send(fault.clone())));
    let client = soon("the client", client.into_future()).await.unwrap();
    let socket = lab.socket().await;
    let mut expect = async |what: &str| assert_eq!(soon(what, seen.recv()).await.unwrap(), what);
    expect(r#"tell RawArgs(["welcome"], 0 attachments) false"#).await;
    assert_eq!(soon("an answer", socket.emit().step(4).into_future()).await, Ok(4));
    assert_eq!(soon("an answer", socket.emit().watch(5).into_future()).await, Ok(5));
    expect("watch RawArgs([5], 0 attachments) true").await;
    let silent = socket.call_raw("other", &RawArgs::new()).timeout(std::time::Duration::from_millis(1));
    assert_eq!(silent.await, Err(CallError::Timeout));
    expect("other RawArgs([], 0 attachments) true").await;
    client.disconnect().await;
    assert_eq!(soon("the end", seen.recv()).await, None, "the fallback is let go of");
    assert!(faults.try_recv().is_err(), "nothing was unknown");
}
over_all_transports!(fallbacks, a_fallback_gets_what_nobody_else_knows);
