//! How often a client tries, by the hour, and what it makes of a clock that jumps.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use ackord::{
    Client, Namespace, Server, Socket,
    client::{Manager, ManagerBuilder, Reconnection, State, Transport},
    events,
};
use tokio::{
    io::{AsyncWriteExt, BufReader, DuplexStream},
    time::{Instant, advance, sleep},
};

use super::fake::{OPEN, read};

const HOUR: Duration = Duration::from_hours(1);

#[events]
trait Nothing {}

#[derive(Namespace, Clone)]
#[namespace(path = "/", server = dyn Nothing)]
struct Root;

struct Seat {
    _socket: Socket<Root>,
}

impl Nothing for Seat {}

type Answers = fn(target: &str) -> Option<(&'static str, String)>;

/// Answers requests, or closes the connection.
async fn serve(stream: DuplexStream, sessions: Arc<AtomicUsize>, answers: Answers) {
    let mut stream = BufReader::new(stream);
    while let Some((_, target, _)) = read(&mut stream).await {
        if !target.contains("sid=") {
            sessions.fetch_add(1, SeqCst);
        }
        let Some((status, body)) = answers(&target) else { return };
        let text = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(text.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The default times, but for the chance in them.
fn manager(sessions: &Arc<AtomicUsize>, answers: Option<Answers>) -> ManagerBuilder {
    let sessions = Arc::clone(sessions);
    let connect = move || {
        let Some(answers) = answers else {
            sessions.fetch_add(1, SeqCst);
            return Err(io::Error::from(io::ErrorKind::ConnectionRefused));
        };
        let (near, far) = tokio::io::duplex(64 * 1024);
        tokio::spawn(serve(far, Arc::clone(&sessions), answers));
        Ok(near)
    };
    let times = Reconnection::default().randomization(0.0);
    Manager::builder("http://memory").reconnection(times).connector(move || std::future::ready(connect()))
}

/// Attempts in each of the first hours.
async fn by_the_hour(manager: ManagerBuilder, attempts: &AtomicUsize) -> Vec<usize> {
    let client = Client::<Root>::connect(manager).start().unwrap();
    let mut hours = Vec::new();
    for _ in 0..6 {
        sleep(HOUR).await;
        hours.push(attempts.swap(0, SeqCst));
    }
    client.disconnect().await;
    sleep(HOUR).await;
    assert_eq!(attempts.load(SeqCst), 0);
    hours
}

/// One in five seconds.
fn assert_calm(hours: &[usize]) {
    assert!(hours.iter().all(|attempts| (600..=725).contains(attempts)), "{hours:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_not_there_is_not_stormed() {
    let attempts = Arc::default();
    assert_calm(&by_the_hour(manager(&attempts, None), &attempts).await);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_answers_nonsense_is_not_stormed() {
    for answers in [(|_| None) as Answers, |_| Some(("502 Bad Gateway", String::new())), |_| Some(("200 OK", "<html>".into()))] {
        let attempts = Arc::default();
        assert_calm(&by_the_hour(manager(&attempts, Some(answers)).transports([Transport::Polling]), &attempts).await);
    }
}

/// A crash loop, or a load balancer that sends every request elsewhere: the session opens, and that is all.
#[tokio::test(start_paused = true)]
async fn a_server_that_opens_sessions_and_forgets_them_is_not_stormed() {
    let answers: Answers = |target| {
        Some(if target.contains("sid=") {
            ("400 Bad Request", r#"{"code":1,"message":"Session ID unknown"}"#.into())
        } else {
            ("200 OK", OPEN.into())
        })
    };
    let attempts = Arc::default();
    assert_calm(&by_the_hour(manager(&attempts, Some(answers)).transports([Transport::Polling]), &attempts).await);
    // Attempts that come to nothing are counted.
    let few =
        manager(&attempts, Some(answers)).transports([Transport::Polling]).reconnection(Reconnection::default().attempts(3));
    let client = Client::<Root>::connect(few).start().unwrap();
    client.watch().wait_for(State::is_over).await.unwrap();
    assert_eq!(attempts.load(SeqCst), 4);
}

/// One hour passes at once, again and again: every time the client has lost its connection, and makes one other.
#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_costs_one_connection_each_time() {
    let (io, _layer) = Server::builder().build();
    io.namespace::<Root>().connect(async |conn| Ok(Seat { _socket: conn.accept() }));
    let (dials, lost) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (dialing, losing) = (Arc::clone(&dials), Arc::clone(&lost));
    let dial = move || {
        dialing.fetch_add(1, SeqCst);
        let ((near, far), io) = (tokio::io::duplex(64 * 1024), io.clone());
        tokio::spawn(async move { ackord::serve_stream(far, None, &io).await });
        std::future::ready(Ok(near))
    };
    let client = Client::<Root>::connect(Manager::builder("http://memory").transports([Transport::WebSocket]).connector(dial))
        .on_disconnect(move |_, again| {
            assert!(again);
            losing.fetch_add(1, SeqCst);
        })
        .await
        .unwrap();
    for jump in 1..=20 {
        let (mut states, before) = (client.watch(), client.id());
        advance(HOUR).await;
        let woken = Instant::now();
        let back = |state: &State| matches!(state, State::Connected { id, .. } if Some(id) != before.as_ref());
        states.wait_for(back).await.unwrap();
        assert!(woken.elapsed() < Duration::from_secs(3), "{:?}", woken.elapsed());
        assert_eq!((dials.load(SeqCst), lost.load(SeqCst)), (jump + 1, jump));
    }
}
