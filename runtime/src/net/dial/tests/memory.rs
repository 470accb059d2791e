//! Connections that are nothing but memory.

use super::*;

#[cfg(feature = "server")]
#[tokio::test(start_paused = true)]
async fn polling_and_websocket_need_no_network() {
    let (io, _) = crate::Server::builder().build();
    let server = io.clone();
    let connect: OwnConnect = Arc::new(move || {
        let (client, end) = tokio::io::duplex(1024);
        let io = server.clone();
        tokio::spawn(async move { crate::serve_stream(end, None, &io).await });
        Box::pin(async { Ok(Io::other(client)) })
    });
    let dialer = Dialer::new(DialOptions { carrier: Carrier::Own(connect), ..options("http://memory") });
    opens(&dialer).await;
    // What is open then is closed with the server, and a poll is answered.
    let open = dialer.get(None).await.unwrap();
    let sid = sid(&open);
    let poll = tokio::spawn(dialer.get(Some(&sid)));
    tokio::task::yield_now().await;
    io.close().await;
    let last = poll.await.unwrap();
    assert!(matches!(&last, Ok(body) if body == "1" || body == "6"), "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_not_trusted_for_long() {
    let (sender, mut seen) = unbounded_channel();
    let count = std::sync::atomic::AtomicUsize::new(0);
    let connect: OwnConnect = Arc::new(move || {
        let (client, end) = tokio::io::duplex(1024);
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        tokio::spawn(answer(end, number, Arc::new(|_| ok("ok")), sender.clone()));
        Box::pin(async { Ok(Io::other(client)) })
    });
    let dialer = Dialer::new(DialOptions { carrier: Carrier::Own(connect), ..options("http://memory") });
    for (pause, connection) in [(0, 0), (3, 0), (5, 1)] {
        tokio::time::advance(Duration::from_secs(pause)).await;
        dialer.post("s", Bytes::new()).await.unwrap();
        assert_eq!(seen.recv().await.unwrap().connection, connection);
    }
}

#[tokio::test]
async fn an_end_that_is_not_there_is_an_error() {
    let connect: OwnConnect = Arc::new(|| Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) }));
    let dialer = Dialer::new(DialOptions { carrier: Carrier::Own(connect), ..options("http://memory") });
    assert!(matches!(dialer.get(None).await.unwrap_err(), DialError::Connect { address, .. } if address == "memory:80"));
}
