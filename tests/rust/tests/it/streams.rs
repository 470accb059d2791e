//! `#[event(stream)]` on the wire, and what becomes of the streams themselves.

use std::{
    pin::pin,
    sync::{Arc, atomic::Ordering::SeqCst},
};

use ackord::{Server, Socket, server::FaultKind};
use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::{
    client::{ENDPOINT, Packet, Peer, Via, Ws, soon},
    feeds::{Feed, Feeds, Root, Session, Tick, TickError},
    lab,
};

over_all_transports!(a_stream_is_items_and_an_end, items_and_an_end);

async fn items_and_an_end(via: Via) {
    let mut feeds = Feeds::new().await;
    let mut peer = Peer::join(feeds.addr, via).await;
    assert_eq!(peer.ask(r#"27["ticks","ACME"]"#).await, r#"37[{"ok":true,"value":1}]"#);
    let source = feeds.source().await;
    assert_eq!(source.symbol, "our ACME");
    source.send(10);
    peer.expect(r#"2["ticks:next",1,{"price":10}]"#).await;
    source.send(11);
    peer.expect(r#"2["ticks:next",1,{"price":11}]"#).await;
    drop(source);
    peer.expect(r#"2["ticks:end",1,{"ok":true}]"#).await;

    // Under its other name, with an error that ends it whatever comes behind.
    assert_eq!(peer.ask(r#"28["prices","X"]"#).await, r#"38[{"ok":true,"value":2}]"#);
    let source = feeds.source().await;
    source.send(1);
    source.items.send(Err(TickError::Halted)).unwrap();
    source.send(2);
    peer.expect(r#"2["prices:next",2,{"price":1}]"#).await;
    peer.expect(r#"2["prices:end",2,{"ok":false,"error":"Halted"}]"#).await;
    peer.expect_nothing().await;
    feeds.expect_no_fault();
}

#[tokio::test]
async fn a_stopped_stream_is_dropped_at_once_and_says_nothing() {
    let mut feeds = Feeds::new().await;
    let mut peer = Peer::join(feeds.addr, Via::WebSocket).await;
    peer.ask(r#"20["ticks","A"]"#).await;
    peer.ask(r#"21["ticks","B"]"#).await;
    let (a, b) = (feeds.source().await, feeds.source().await);
    // With an ack, as for every other event.
    assert_eq!(peer.ask(r#"22["ticks:stop",1]"#).await, "32[]");
    feeds.expect_seen("our A dropped").await;
    assert!(a.items.is_closed());
    b.send(5);
    peer.expect(r#"2["ticks:next",2,{"price":5}]"#).await;
    // Stopped again, and one that never was.
    peer.send(r#"2["ticks:stop",1]"#).await;
    peer.send(r#"2["ticks:stop",77]"#).await;
    peer.send(r#"2["prices:stop",2]"#).await;
    peer.expect_nothing().await;
    assert!(b.items.is_closed());
    feeds.expect_no_fault();
    // Ids are not used again.
    assert_eq!(peer.ask(r#"23["ticks","C"]"#).await, r#"33[{"ok":true,"value":3}]"#);
}

#[tokio::test]
async fn streams_end_with_their_socket() {
    let mut feeds = Feeds::new().await;
    let mut peer = Peer::join(feeds.addr, Via::WebSocket).await;
    peer.ask(r#"20["ticks","A"]"#).await;
    peer.send("1").await;
    feeds.expect_seen("our A dropped").await;

    let mut peer = Peer::join(feeds.addr, Via::WebSocket).await;
    assert_eq!(peer.ask(r#"20["ticks","B"]"#).await, r#"30[{"ok":true,"value":1}]"#);
    peer.abandon();
    feeds.expect_seen("our B dropped").await;

    let mut peer = Peer::join(feeds.addr, Via::WebSocket).await;
    peer.ask(r#"20["ticks","C"]"#).await;
    soon("the shutdown", feeds.io.close()).await;
    feeds.expect_seen("our C dropped").await;
    feeds.expect_no_fault();
}

#[tokio::test]
async fn a_panic_is_the_end_of_its_stream_only() {
    let mut feeds = Feeds::new().await;
    let mut peer = Peer::join(feeds.addr, Via::WebSocket).await;
    peer.ask(r#"20["panics",true]"#).await;
    peer.expect(r#"2["panics:end",1,{"ok":false,"fault":{"code":"internal","message":"the stream failed"}}]"#).await;
    feeds.expect_fault("panics", FaultKind::Panic("at once".into())).await;
    peer.ask(r#"21["panics",false]"#).await;
    peer.expect(r#"2["panics:next",2,1]"#).await;
    peer.expect(r#"2["panics:end",2,{"ok":false,"fault":{"code":"internal","message":"the stream failed"}}]"#).await;
    feeds.expect_fault("panics", FaultKind::Panic("later".into())).await;
    peer.expect_nothing().await;
}

#[tokio::test]
async fn an_item_that_cannot_be_written_ends_its_stream() {
    let mut feeds = Feeds::new().await;
    let mut peer = Peer::join(feeds.addr, Via::WebSocket).await;
    peer.ask(r#"20["unwritable"]"#).await;
    peer.expect(r#"2["unwritable:end",1,{"ok":false,"fault":{"code":"internal","message":"an item cannot be encoded"}}]"#).await;
    let fault = soon("a fault", feeds.faults.recv()).await.unwrap();
    assert!(matches!(fault.kind, FaultKind::Encode(_)), "{fault:?}");
    peer.expect_nothing().await;
}

#[tokio::test]
async fn what_cannot_be_subscribed_to_is_told() {
    let mut feeds = Feeds::new().await;
    let mut peer = Peer::join(feeds.addr, Via::WebSocket).await;
    let refused = peer.ask(r#"20["ticks",7]"#).await;
    assert!(refused.starts_with(r#"30[{"ok":false,"fault":{"code":"bad_args","message":"symbol: "#), "{refused}");
    assert_eq!(feeds.faults.recv().await.unwrap().event, "ticks");
    // Without an ack nobody could tell its items from others.
    peer.send(r#"2["ticks","A"]"#).await;
    peer.expect_nothing().await;
    let fault = feeds.faults.recv().await.unwrap();
    assert_eq!(fault.to_string(), "event `ticks` of /: bad argument ack: missing: it tells the subscription's id");
    peer.send(r#"2["ticks:stop","x"]"#).await;
    peer.expect_nothing().await;
    assert_eq!(feeds.faults.recv().await.unwrap().event, "ticks:stop");
    assert!(feeds.opened.try_recv().is_err());
}

#[tokio::test]
async fn a_socket_has_only_so_many() {
    let mut feeds = Feeds::with(|builder| builder.max_subscriptions(2).max_in_flight(1)).await;
    let mut peer = Peer::join(feeds.addr, Via::WebSocket).await;
    let full = r#"[{"ok":false,"fault":{"code":"overloaded","message":"too many subscriptions"}}]"#;
    for id in [1, 2] {
        assert_eq!(peer.ask(&format!(r#"2{id}["ticks","A"]"#)).await, format!(r#"3{id}[{{"ok":true,"value":{id}}}]"#));
    }
    assert_eq!(peer.ask(r#"23["ticks","A"]"#).await, format!("33{full}"));
    // Streams are no handlers in flight.
    peer.expect_nothing().await;
    peer.send(r#"2["ticks:stop",1]"#).await;
    assert_eq!(peer.ask(r#"24["ticks","A"]"#).await, r#"34[{"ok":true,"value":3}]"#);
    assert_eq!(peer.ask(r#"25["ticks","A"]"#).await, format!("35{full}"));
    // One that has come to its end makes room as well.
    drop(feeds.source().await);
    drop(feeds.source().await);
    peer.expect(r#"2["ticks:end",2,{"ok":true}]"#).await;
    assert_eq!(peer.ask(r#"26["ticks","A"]"#).await, r#"36[{"ok":true,"value":4}]"#);
    // Another socket has its own.
    let mut other = Peer::join(feeds.addr, Via::Polling).await;
    assert_eq!(other.ask(r#"20["ticks","A"]"#).await, r#"30[{"ok":true,"value":1}]"#);
}

/// The id of the ack that an item asks for, and the item.
fn asked(packet: &str) -> (Option<u64>, u64) {
    let (id, rest) = packet[1..].split_once('[').unwrap();
    let items: Vec<Value> = serde_json::from_str(&format!("[{rest}")).unwrap();
    (id.parse().ok(), items[2].as_u64().unwrap())
}

#[tokio::test]
async fn a_window_is_acked_by_the_subscriber() {
    let feeds = Feeds::new().await;
    let mut peer = Peer::join(feeds.addr, Via::WebSocket).await;
    peer.ask(r#"20["paced",13]"#).await;
    // Two windows go out; every fourth item asks.
    let mut ids = Vec::new();
    for n in 1..=8 {
        let (id, item) = asked(&peer.recv().await);
        assert_eq!((item, id.is_some()), (n, n % 4 == 0));
        ids.extend(id);
    }
    peer.expect_nothing().await;
    peer.send(&format!("3{}[]", ids[0])).await;
    for n in 9..=12 {
        let (id, item) = asked(&peer.recv().await);
        assert_eq!((item, id.is_some()), (n, n == 12));
        ids.extend(id);
    }
    peer.expect_nothing().await;
    // Acking what is behind acks what is ahead of it.
    peer.send(&format!("3{}[]", ids[2])).await;
    peer.expect(r#"2["paced:next",1,13]"#).await;
    peer.expect(r#"2["paced:end",1,{"ok":true}]"#).await;
    peer.expect_nothing().await;
}

#[tokio::test]
async fn the_latest_item_is_what_is_kept() {
    let mut feeds = Feeds::new().await;
    let mut peer = Peer::join(feeds.addr, Via::WebSocket).await;
    peer.ask(r#"20["latestPrice"]"#).await;
    let source = feeds.source().await;
    for price in 1..=5 {
        source.send(price);
        feeds.expect_seen(&format!("Ok(Tick {{ price: {price} }})")).await;
    }
    let first = peer.recv().await;
    let id = first[1..].split_once('[').unwrap().0;
    assert_eq!(first, format!(r#"2{id}["latestPrice:next",1,{{"price":1}}]"#));
    let second = peer.recv().await;
    assert!(second.ends_with(r#"["latestPrice:next",1,{"price":2}]"#), "{second}");
    peer.expect_nothing().await;
    peer.send(&format!("3{id}[]")).await;
    let latest = peer.recv().await;
    assert!(latest.ends_with(r#"["latestPrice:next",1,{"price":5}]"#), "{latest}");
    peer.expect_nothing().await;
    // The last item is not lost to the end.
    source.send(6);
    feeds.expect_seen("Ok(Tick { price: 6 })").await;
    source.items.send(Err(TickError::Halted)).unwrap();
    feeds.expect_seen("Err(Halted)").await;
    peer.expect_nothing().await;
    let id = second[1..].split_once('[').unwrap().0;
    peer.send(&format!("3{id}[]")).await;
    let last = peer.recv().await;
    assert!(last.ends_with(r#"["latestPrice:next",1,{"price":6}]"#), "{last}");
    peer.expect(r#"2["latestPrice:end",1,{"ok":false,"error":"Halted"}]"#).await;
}

/// How far a source that is always ready may run ahead of a client that reads slowly: the outbox and what the kernel holds.
const LEAD: u64 = 1024 * 1024;

#[tokio::test]
async fn a_source_is_no_faster_than_its_subscriber() {
    const PADDING: usize = 200;
    let feeds = Feeds::new().await;
    let ws = Ws::open_small(feeds.addr, &format!("{ENDPOINT}websocket")).await;
    let mut peer = Peer::over(feeds.addr, ws).await;
    peer.connect("/", "").await;
    peer.ask(&format!(r#"20["count",100000,{PADDING}]"#)).await;
    let padding = "x".repeat(PADDING);
    for n in 0..100_000 {
        assert_eq!(peer.packet().await, Some(Packet::Text(format!(r#"42["count:next",1,[{n},"{padding}"]]"#))));
        let lead = feeds.counted.load(SeqCst).saturating_sub(n);
        assert!(lead < LEAD / PADDING as u64, "{lead} ahead of {n}");
    }
    peer.expect(r#"2["count:end",1,{"ok":true}]"#).await;
}

/// Neither the other streams of a connection nor its handlers wait for one that is always ready.
#[tokio::test]
async fn a_stream_that_is_not_read_holds_nobody_up() {
    let mut feeds = Feeds::new().await;
    let mut peer = Peer::join(feeds.addr, Via::Polling).await;
    peer.ask(r#"20["count",1000000000,100]"#).await;
    peer.send(r#"21["ticks","A"]"#).await;
    let source = feeds.source().await;
    source.send(3);
    soon("the other stream", async { while peer.recv().await != r#"2["ticks:next",2,{"price":3}]"# {} }).await;
    peer.send(r#"2["count:stop",1]"#).await;
    peer.send(r#"22["touch"]"#).await;
    while peer.recv().await != "32[]" {}
    peer.expect_nothing().await;
}

/// Closures yield streams as methods do.
#[tokio::test]
async fn a_closure_may_be_a_stream() {
    let (io, layer) = Server::builder().build();
    io.namespace::<Root>().connect(async |conn| {
        let socket: Socket<Root> = conn.accept();
        socket
            .on()
            .ticks(|symbol: String| stream::iter([Ok(Tick { price: symbol.len() as u32 }), Err(TickError::Halted)]))
            .touch(async || {});
        Ok(socket)
    });
    let mut peer = Peer::join(lab::serve(layer).await, Via::WebSocket).await;
    assert_eq!(peer.ask(r#"20["prices","ABC"]"#).await, r#"30[{"ok":true,"value":1}]"#);
    peer.expect(r#"2["prices:next",1,{"price":3}]"#).await;
    peer.expect(r#"2["prices:end",1,{"ok":false,"error":"Halted"}]"#).await;
    peer.send(r#"2["prices:stop",1]"#).await;
    peer.expect_nothing().await;
}

/// Handlers of streams are called without a network as any other.
#[tokio::test]
async fn a_session_is_tested_by_itself() {
    let (opened, _opened) = mpsc::unbounded_channel();
    let (seen, _seen) = mpsc::unbounded_channel();
    let session = Session { name: "my".into(), opened, seen, counted: Arc::default() };
    let mut paced = pin!(session.paced(2));
    assert_eq!((paced.next().await, paced.next().await, paced.next().await), (Some(1), Some(2), None));
}
