//! Clients that do the same under measurement, and the server that they do it to.
//!
//! - `server`: one for all of them, in a process of its own on a core of its own.
//! - `client PEER URL`: does what stdin says, see [`steps`]; `counted` is the same with a counting allocator, `node/client.mjs` the same
//!   again with `socket.io-client`.
//! - `runner`: starts them, looks at their CPU time and memory from outside, prints the tables.

pub mod contract;
pub mod peer;
pub mod steps;

/// For a person.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// `client` and `counted`: connects as `PEER` to `URL` and does what it is told.
///
/// # Errors
/// The first thing that did not work.
pub fn run(heap: Option<steps::Heap>) -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [peer, url] = args.as_slice() else { return Err("usage: client PEER URL".into()) };
    // One thread for all: what a second one would add is wake-ups between the two.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match peer.as_str() {
        "ackord" => runtime.block_on(steps::serve::<peer::Ackord<false>>(url, heap)),
        "ackord-polling" => runtime.block_on(steps::serve::<peer::Ackord<true>>(url, heap)),
        "rust_socketio" => runtime.block_on(steps::serve::<peer::RustSocketio<false>>(url, heap)),
        "rust_socketio-polling" => runtime.block_on(steps::serve::<peer::RustSocketio<true>>(url, heap)),
        other => Err(format!("no such peer: {other}").into()),
    }
}
