//! Who is measured doing what.

/// A client program.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// The transport that `node/client.mjs` is told; other peers are Rust.
    pub(crate) node: Option<&'static str>,
}

const fn rust(name: &'static str) -> Peer {
    Peer { name, node: None }
}

pub(crate) const PEERS: &[Peer] =
    &[rust("ackord"), rust("rust_socketio"), Peer { name: "socket.io-client", node: Some("websocket") }];
/// `rust_socketio` over polling reads the answers to its requests in the order of a queue of its own, one request at a time.
pub(crate) const POLLING_PEERS: &[Peer] =
    &[rust("ackord-polling"), rust("rust_socketio-polling"), Peer { name: "socket.io-client-polling", node: Some("polling") }];

/// What is looked at around a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// CPU time, divided by the first number that the step answers with.
    Cpu,
    /// Resident memory, the same.
    Memory,
}

pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) what: What,
    /// In a process of its own.
    pub(crate) fresh: bool,
    /// It cannot be repeated in the same process.
    pub(crate) once: bool,
    /// Not measured.
    pub(crate) before: &'static [&'static str],
    pub(crate) step: &'static str,
}

const WARM: &[&str] = &["connect 1", "acks 1 1 64 200"];

const fn steady(name: &'static str, before: &'static [&'static str], step: &'static str) -> Scenario {
    Scenario { name, what: What::Cpu, fresh: false, once: false, before, step }
}

const fn connect(name: &'static str, what: What) -> Scenario {
    Scenario { name, what, fresh: true, once: true, before: WARM, step: "connect 1001" }
}

pub(crate) const WEBSOCKET: &[Scenario] = &[
    connect("1 000 clients: memory each", What::Memory),
    connect("1 000 clients: CPU to connect each", What::Cpu),
    steady("ack, 64 B, one in flight", WARM, "acks 1 1 64 400"),
    steady("ack, 1 KiB, one in flight", WARM, "acks 1 1 1024 400"),
    steady("event received, of 100 000", &["events 20000"], "events 100000"),
    steady("ack, 64 B, 100 clients, one in flight each", &["connect 100"], "acks 100 1 64 400"),
    // The last two break a peer: what it did before is not to suffer from it.
    steady("ack, 64 B, 16 in flight", WARM, "acks 1 16 64 400"),
    Scenario { fresh: true, ..steady("ack, 64 KiB binary, one in flight", WARM, "blobs 65536 400") },
];

pub(crate) const POLLING: &[Scenario] =
    &[steady("ack, 64 B, one in flight", WARM, "acks 1 1 64 400"), steady("ack, 64 B, 16 in flight", WARM, "acks 1 16 64 400")];
