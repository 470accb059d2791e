//! The server that the load generator measures beside its peers: `echo` (ack), `msg`, `join`, `bcast`, `room` on `/`.
//!
//! `PORT` (3000) and `PING_INTERVAL` (25000 ms) from the environment. `PAYLOAD=raw` passes arguments through untyped, `string` and
//! `json` are typed contracts for the generator's two payloads. `RT=current` uses one thread instead of tokio's default.

mod typed;

use std::{sync::Arc, time::Duration};

use ackord::{Namespace, RawArgs, Server, Socket, server::NamespaceSetup};

#[cfg(all(feature = "mimalloc", not(feature = "countalloc")))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(feature = "countalloc")]
#[global_allocator]
static ALLOCATOR: &stats_alloc::StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

#[derive(Namespace, Clone)]
#[namespace(path = "/")]
struct Root;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut runtime = match std::env::var("RT").as_deref() {
        Ok("current") => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    runtime.enable_all().build()?.block_on(run())
}

/// Prints `[allocations, bytes, frees, reallocations, bytes alive]` since the start on every SIGUSR1.
#[cfg(feature = "countalloc")]
async fn print_allocations() -> std::io::Result<()> {
    let mut asked = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::user_defined1())?;
    while asked.recv().await.is_some() {
        let all = ALLOCATOR.stats();
        let alive = all.bytes_allocated.saturating_sub(all.bytes_deallocated);
        eprintln!("[{}, {}, {}, {}, {alive}]", all.allocations, all.bytes_allocated, all.deallocations, all.reallocations);
    }
    Ok(())
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    #[cfg(feature = "countalloc")]
    tokio::spawn(print_allocations());
    let (io, _layer) =
        Server::builder().ping_interval(Duration::from_millis(number("PING_INTERVAL", 25_000)?)).max_payload(100_000_000).build();
    match std::env::var("PAYLOAD").as_deref() {
        Err(_) | Ok("raw") => drop(raw(&io)),
        Ok("string") => typed::strings(&io),
        Ok("json") => typed::json(&io),
        Ok(other) => return Err(format!("PAYLOAD={other}: expected raw, string or json").into()),
    }
    let port = u16::try_from(number("PORT", 3000)?)?;
    tokio::select! {
        served = ackord::serve(("127.0.0.1", port), &io) => served.map_err(|e| format!("port {port}: {e}").into()),
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}

fn number(name: &str, default: u64) -> Result<u64, Box<dyn std::error::Error>> {
    match std::env::var(name) {
        Ok(value) => value.parse().map_err(|e| format!("{name}={value}: {e}").into()),
        Err(_) => Ok(default),
    }
}

fn raw(io: &Server) -> NamespaceSetup<Root, Socket<Root>> {
    let all = io.of(&Root);
    let rooms = all.clone();
    io.namespace::<Root>()
        .connect(async |conn| Ok(conn.accept()))
        .on_raw("echo", async |_, args| args)
        .on_raw("msg", async |socket: Arc<Socket<Root>>, args| {
            socket.emit_raw("msg", &args);
            RawArgs::new()
        })
        .on_raw("join", async |socket: Arc<Socket<Root>>, args| {
            if let Ok(room) = args.get::<String>(0) {
                socket.join(room);
            }
            RawArgs::new()
        })
        .on_raw("bcast", async move |_, args| {
            all.emit_raw("bcast", &args);
            RawArgs::new()
        })
        .on_raw("room", async move |_, args| {
            if let Ok(room) = args.get::<String>(0) {
                rooms.to(room).emit_raw("room", &args.skip(1));
            }
            RawArgs::new()
        })
}
