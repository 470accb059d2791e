//! Streams between the Rust client and the server, in both directions.

use std::{future::IntoFuture, net::SocketAddr, sync::atomic::Ordering::SeqCst};

use ackord::{
    CallError, Client, FaultCode, Stream, Subscription,
    client::{Offline, Retries, State},
};
use futures_util::{FutureExt, StreamExt, stream};

use crate::{
    client::{Via, soon},
    client_lab::{Network, manager},
    feeds::{Feeds, Root, Tick, TickError},
};

async fn join(via: Via, addr: SocketAddr) -> Client<Root> {
    let setup = |client: &Client<Root>| {
        client.on().frames(|n| stream::iter((1..=n).map(Ok).chain([Err("broken".to_owned())]))).film(|| stream::repeat(7));
    };
    soon("the client", Client::connect(manager(via, addr)).setup(setup).into_future()).await.unwrap()
}

async fn next<A, E>(subscription: &mut Subscription<A, E>) -> Option<Result<A, CallError<E>>> {
    soon("an item", subscription.next()).await
}

/// Subscribes without waiting for an item.
fn start<A, E>(subscription: &mut Subscription<A, E>) {
    assert!(subscription.next().now_or_never().is_none());
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with what was read")]
fn tick(price: u32) -> Option<Result<Tick, CallError<TickError>>> {
    Some(Ok(Tick { price }))
}

over_all_transports!(a_subscription_yields_what_the_handler_does, async |via| {
    let mut feeds = Feeds::new().await;
    let client = join(via, feeds.addr).await;
    let mut ticks = client.emit().ticks("ACME");
    start(&mut ticks);
    let source = feeds.source().await;
    assert_eq!(source.symbol, "our ACME");
    source.send(1);
    source.send(2);
    assert_eq!((next(&mut ticks).await, next(&mut ticks).await), (tick(1), tick(2)));
    source.items.send(Err(TickError::Halted)).unwrap();
    assert_eq!(next(&mut ticks).await, Some(Err(CallError::App(TickError::Halted))));
    assert_eq!((next(&mut ticks).await, next(&mut ticks).await), (None, None));

    let mut ticks = client.emit().ticks("ACME");
    start(&mut ticks);
    feeds.source().await.send(3);
    assert_eq!((next(&mut ticks).await, next(&mut ticks).await), (tick(3), None));
    feeds.expect_no_fault();
});

over_all_transports!(all_items_come_in_order, async |via| {
    let feeds = Feeds::new().await;
    let client = join(via, feeds.addr).await;
    let n = if via == Via::Polling { 2000 } else { 50_000 };
    let paced: Vec<_> = soon("all", client.emit().paced(n).map(Result::unwrap).collect()).await;
    assert!(paced.into_iter().eq(1..=n));
});

#[tokio::test]
async fn dropping_a_subscription_drops_the_stream() {
    let mut feeds = Feeds::new().await;
    let client = join(Via::WebSocket, feeds.addr).await;
    // Never polled, never subscribed.
    drop(client.emit().ticks("A"));
    // While it is being subscribed to, and after.
    let mut asked = client.emit().ticks("B");
    start(&mut asked);
    drop(asked);
    let mut open = client.emit().ticks("C");
    start(&mut open);
    // What was not even sent is taken back: the client had no turn yet.
    let source = feeds.source().await;
    assert_eq!(source.symbol, "our C");
    source.send(1);
    assert_eq!(next(&mut open).await, tick(1));
    feeds.expect_seen("Ok(Tick { price: 1 })").await;
    drop(open);
    feeds.expect_seen("our C dropped").await;
    // An item that comes behind is nobody's, and no unknown event.
    assert_eq!(soon("an answer", client.emit().touch().into_future()).await, Ok(()));
    feeds.expect_no_fault();
}

#[tokio::test]
async fn a_subscription_that_is_dropped_before_its_answer_is_stopped_with_it() {
    let mut feeds = Feeds::new().await;
    let network = Network::to(feeds.addr).await;
    let client = join(Via::WebSocket, network.addr).await;
    let mut ticks = client.emit().ticks("A");
    start(&mut ticks);
    soon("the network", client.flushed()).await.unwrap();
    drop(ticks);
    let source = feeds.source().await;
    feeds.expect_seen("our A dropped").await;
    assert!(source.items.is_closed());
}

#[tokio::test]
async fn a_window_holds_the_producer() {
    let feeds = Feeds::new().await;
    let client = join(Via::WebSocket, feeds.addr).await;
    let mut paced = client.emit().paced(1000).buffer(1);
    for n in 1..=1000 {
        assert_eq!(next(&mut paced).await, Some(Ok(n)));
        // Its answer is behind all that the producer could send.
        if n % 100 == 1 {
            soon("an answer", client.emit().touch().into_future()).await.unwrap();
            soon("an answer", client.emit().touch().into_future()).await.unwrap();
            assert!(feeds.counted.load(SeqCst) <= u64::from(n) + 9, "{n}: {:?}", feeds.counted);
        }
    }
    assert_eq!(next(&mut paced).await, None);
}

/// Without a window a slow reader loses items, and is told how many.
#[tokio::test]
async fn what_is_not_read_in_time_is_counted() {
    const N: u64 = 20_000;
    let feeds = Feeds::new().await;
    let client = join(Via::WebSocket, feeds.addr).await;
    let mut count = client.emit().count(N, 10).buffer(100);
    start(&mut count);
    soon("the source", async {
        while feeds.counted.load(SeqCst) < N - 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // Others were not held up.
    soon("an answer", client.emit().touch().into_future()).await.unwrap();
    let (mut expected, mut lost, mut read) = (0, 0, 0);
    while let Some(item) = next(&mut count).await {
        match item {
            Ok((n, _)) => {
                assert_eq!(n, expected);
                (expected, read) = (expected + 1, read + 1);
            }
            Err(CallError::Lagged(n)) => (expected, lost) = (expected + n, lost + n),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(expected, N);
    assert!(lost > 0 && read >= 100, "{lost} lost, {read} read");
}

over_all_transports!(it_subscribes_again_after_a_reconnection, async |via| {
    let mut feeds = Feeds::new().await;
    let network = Network::to(feeds.addr).await;
    let client = join(via, network.addr).await;
    let mut ticks = client.emit().ticks("A");
    let mut once = client.emit().ticks("B").once();
    start(&mut ticks);
    start(&mut once);
    let (before, other) = (feeds.source().await, feeds.source().await);
    before.send(1);
    other.send(2);
    assert_eq!((next(&mut ticks).await, next(&mut once).await), (tick(1), tick(2)));
    before.send(3);
    for _ in 0..3 {
        feeds.seen.recv().await.unwrap();
    }
    network.cut(Some(feeds.addr));
    assert_eq!((next(&mut once).await), Some(Err(CallError::Disconnected)));
    assert_eq!(next(&mut once).await, None);
    let after = feeds.source().await;
    assert_eq!(after.symbol, "our A");
    after.send(4);
    let mut item = next(&mut ticks).await;
    // Perhaps this one got through in time.
    if item == tick(3) {
        item = next(&mut ticks).await;
    }
    assert_eq!(item, tick(4));
    // Its stop is for the stream of now.
    drop(ticks);
    soon("the end of the stream", after.items.closed()).await;
    if via != Via::Polling {
        // Over polling the server notices later that nobody polls any more.
        soon("the end of the stream", before.items.closed()).await;
    }
});

over_all_transports!(a_client_that_retries_subscribes_again_as_well, async |via| {
    let mut feeds = Feeds::new().await;
    let network = Network::to(feeds.addr).await;
    let connect = Client::<Root>::connect(manager(via, network.addr)).retries(Retries::new(10));
    let client = soon("the client", connect.into_future()).await.unwrap();
    for turn in 1..4 {
        // The id that an earlier connection has given it means nothing on this one.
        let mut ticks = client.emit().ticks("A");
        start(&mut ticks);
        let before = feeds.source().await;
        before.send(turn);
        assert_eq!(next(&mut ticks).await, tick(turn));
        network.cut(Some(feeds.addr));
        let after = feeds.source().await;
        after.send(10 * turn);
        assert_eq!(next(&mut ticks).await, tick(10 * turn));
        drop(ticks);
        soon("the end of the stream", after.items.closed()).await;
    }
    feeds.expect_no_fault();
});

#[tokio::test]
async fn without_a_connection_it_waits_or_fails() {
    let mut feeds = Feeds::new().await;
    let network = Network::to(feeds.addr).await;
    let client = join(Via::WebSocket, network.addr).await;
    network.cut(None);
    soon("a disconnect", client.watch().wait_for(|state| matches!(state, State::Disconnected { .. }))).await.unwrap();
    let mut failing = client.offline(Offline::Fail).emit().ticks("A");
    assert_eq!(next(&mut failing).await, Some(Err(CallError::Disconnected)));
    assert_eq!(next(&mut failing).await, None);
    let mut dropped = client.emit().ticks("B");
    start(&mut dropped);
    drop(dropped);
    let mut waiting = client.emit().ticks("C");
    start(&mut waiting);
    network.cut(Some(feeds.addr));
    let source = feeds.source().await;
    assert_eq!(source.symbol, "our C");
    source.send(1);
    assert_eq!(next(&mut waiting).await, tick(1));
    // The end of the client is the end of its subscriptions.
    soon("the goodbye", client.disconnect()).await;
    assert_eq!(next(&mut waiting).await, Some(Err(CallError::Disconnected)));
    let mut late = client.emit().ticks("D");
    assert_eq!(next(&mut late).await, Some(Err(CallError::Disconnected)));
}

#[tokio::test]
async fn what_keeps_a_stream_from_going_on_is_its_last_item() {
    let feeds = Feeds::with(|builder| builder.max_subscriptions(1)).await;
    let client = join(Via::WebSocket, feeds.addr).await;
    let mut panics = client.emit().panics(false);
    assert_eq!(next(&mut panics).await, Some(Ok(1)));
    assert!(matches!(next(&mut panics).await, Some(Err(CallError::Fault(fault))) if fault.code == FaultCode::Internal));
    assert_eq!(next(&mut panics).await, None);
    let (mut one, mut two) = (client.emit().ticks("A"), client.emit().ticks("B"));
    start(&mut one);
    assert!(matches!(next(&mut two).await, Some(Err(CallError::Fault(fault))) if fault.code == FaultCode::Overloaded));
}

over_all_transports!(a_server_may_subscribe_as_well, async |via| {
    let mut feeds = Feeds::new().await;
    let client = join(via, feeds.addr).await;
    let socket = feeds.socket().await;
    let mut frames = socket.emit().frames(1000);
    for n in 1..=1000 {
        assert_eq!(next(&mut frames).await, Some(Ok(n)));
    }
    assert_eq!(next(&mut frames).await, Some(Err(CallError::App("broken".into()))));
    assert_eq!(next(&mut frames).await, None);
    // One that is always ready is paced by the connection, and stops.
    let mut film = socket.emit().film();
    assert_eq!(next(&mut film).await, Some(Ok(7)));
    drop(film);
    soon("an answer", client.emit().touch().into_future()).await.unwrap();
    let mut film = socket.emit().film();
    assert_eq!(next(&mut film).await, Some(Ok(7)));
    soon("the goodbye", client.disconnect()).await;
    while next(&mut film).await != Some(Err(CallError::Disconnected)) {}
    feeds.expect_no_fault();
});

#[test]
fn subscriptions_go_anywhere() {
    fn everywhere<T: Send + Sync + Unpin + 'static>() {}
    fn is_stream<T: Stream>() {}
    everywhere::<Subscription<Tick, TickError>>();
    is_stream::<Subscription<Tick, TickError>>();
}
