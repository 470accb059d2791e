//! The Rust client that sends again what is not acknowledged: over connections that break at every byte.

use std::{future::IntoFuture, time::Duration};

use ackord::{
    CallError, Client,
    client::{Connect, FaultKind, Retries, State},
};
use serde_json::json;
use tokio::{sync::mpsc, task::JoinHandle};

use crate::{
    client::{Via, soon},
    client_lab::{Network, Page, bytes},
    lab::{Lab, Root, Wrong},
};

fn many(connect: Connect<Root>) -> Connect<Root> {
    connect.retries(Retries::new(1000))
}

fn wait(client: &Client<Root>, key: &str) -> JoinHandle<Result<String, CallError>> {
    tokio::spawn(client.emit().wait(key.into()).into_future())
}

async fn connected(page: &mut Page) {
    page.state("the connection", |state| matches!(state, State::Connected { .. })).await;
}

over_all_transports!(an_answer_may_break_at_every_byte, async |via| {
    let mut lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let mut page = Page::with(via, network.addr, many).await;
    for n in 0..40 {
        connected(&mut page).await;
        network.cut_after(n);
        let name = format!("{n}");
        assert_eq!(soon("the answer", page.client.emit().put(&name, bytes(b"abc")).into_future()).await, Ok(3), "{n}");
        lab.expect_seen(&format!("put {n}")).await;
        page.client.emit().note(n as u64);
        lab.expect_seen(&format!("note {n}")).await;
    }
    assert!(network.cuts() > 10, "{}", network.cuts());
    page.client.disconnect().await;
    assert_eq!(lab.unseen(), Vec::<String>::new());
});

over_all_transports!(whatever_breaks_everything_is_handled_once_and_in_order, async |via| {
    for seed in 0..3 {
        let mut lab = Lab::new().await;
        let network = Network::to(lab.addr).await;
        let page = Page::with(via, network.addr, many).await;
        network.flap(Some(seed));
        let calls: Vec<_> = (0..300)
            .map(|n| {
                page.client.emit().first(n);
                let (client, name) = (page.client.clone(), n.to_string());
                tokio::spawn(async move { client.emit().put(&name, bytes(b"abc")).await })
            })
            .collect();
        for call in calls {
            assert_eq!(soon("an answer", call).await.unwrap(), Ok(3), "seed {seed}");
        }
        network.flap(None);
        // The last event is behind everything.
        page.client.emit().note(0);
        let mut seen = Vec::new();
        while seen.last().is_none_or(|last| last != "note 0") {
            seen.push(lab.seen().await);
        }
        let events = seen.iter().filter(|what| what.starts_with("1 "));
        assert!(events.eq(&(0..300).map(|n| format!("1 {n}")).collect::<Vec<_>>()), "seed {seed}: {seen:?}");
        let calls = seen.iter().filter(|what| what.starts_with("put "));
        assert!(calls.eq(&(0..300).map(|n| format!("put {n}")).collect::<Vec<_>>()), "seed {seed}: {seen:?}");
        assert!(network.cuts() > 3, "seed {seed}: {} cuts", network.cuts());
    }
});

over_all_transports!(a_handler_may_outlast_connections, async |via| {
    let mut lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let page = Page::with(via, network.addr, many).await;
    let call = wait(&page.client, "a");
    lab.expect_seen("a waits").await;
    for n in 0..3 {
        let before = page.client.id();
        // A polling session does not notice what breaks between two polls.
        while page.client.id().is_none_or(|id| Some(id) == before) {
            network.cut(Some(lab.addr));
            assert_eq!(soon("an answer", page.client.emit().echo(json!(n)).into_future()).await, Ok(json!(n)));
        }
    }
    lab.gate.add_permits(1);
    assert_eq!(soon("the answer", call).await.unwrap(), Ok("a".into()));
    lab.expect_seen("a passes").await;
    page.client.disconnect().await;
    assert_eq!(lab.unseen(), Vec::<String>::new());
});

over_all_transports!(a_slow_handler_holds_up_only_its_own_place, async |via| {
    let mut lab = Lab::new().await;
    let mut page = Page::with(via, lab.addr, |connect| connect.retries(Retries::new(3).window(4))).await;
    let mut slow = vec![wait(&page.client, "slow")];
    for n in 0..500 {
        assert_eq!(soon("an answer", page.client.emit().echo(json!(n)).into_future()).await, Ok(json!(n)));
    }
    slow.extend(["b", "c", "d"].map(|key| wait(&page.client, key)));
    for what in ["slow waits", "b waits", "c waits", "d waits"] {
        lab.expect_seen(what).await;
    }
    // There is no place left, but for answers and what is volatile.
    page.client.emit().note(1);
    let socket = lab.socket().await;
    assert_eq!(soon("judge", socket.emit().judge().into_future()).await, Err(CallError::App(Wrong::TooLong { max: 3 })));
    // A POST on its way would be a reason to drop it.
    if !via.is_polling() {
        page.client.volatile().emit().note(2);
        lab.expect_seen("note 2").await;
    }
    lab.gate.add_permits(4);
    for call in slow {
        assert!(soon("an answer", call).await.unwrap().is_ok());
    }
    while lab.seen().await != "note 1" {}
    connected(&mut page).await;
});

over_all_transports!(tries_are_used_up, async |via| {
    let mut lab = Lab::new().await;
    let (fault, mut faults) = mpsc::unbounded_channel();
    let page = Page::with(via, lab.addr, |connect| {
        let retries = Retries::new(2).ack_timeout(Duration::from_millis(30)).window(1);
        connect.retries(retries).on_fault(move |event| drop(fault.send((event.event.clone(), event.kind.clone()))))
    })
    .await;
    assert_eq!(soon("the call", wait(&page.client, "a")).await.unwrap(), Err(CallError::Timeout));
    page.client.emit().linger("b".into());
    assert_eq!(soon("a fault", faults.recv()).await, Some(("linger".into(), FaultKind::Unacknowledged)));
    // The place is free again.
    assert_eq!(soon("the answer", page.client.emit().echo(json!(1)).into_future()).await, Ok(json!(1)));
    // Each was handled once.
    lab.gate.add_permits(2);
    for what in ["a waits", "b waits", "a passes", "b passes"] {
        lab.expect_seen(what).await;
    }
    assert_eq!(lab.unseen(), Vec::<String>::new());
});

#[tokio::test]
async fn a_call_that_is_given_up_leaves_its_place_at_once() {
    let mut lab = Lab::new().await;
    let page = Page::with(Via::WebSocket, lab.addr, |connect| connect.retries(Retries::new(1000).window(1))).await;
    let echo = async |n| assert_eq!(soon("the answer", page.client.emit().echo(json!(n)).into_future()).await, Ok(json!(n)));
    let own = page.client.emit().wait("a".into()).timeout(Duration::from_millis(30));
    assert_eq!(soon("the call", own.into_future()).await, Err(CallError::Timeout));
    echo(1).await;
    let dropped = wait(&page.client, "b");
    lab.expect_seen("a waits").await;
    lab.expect_seen("b waits").await;
    dropped.abort();
    echo(2).await;
    // Before it was sent.
    let blocks = wait(&page.client, "c");
    lab.expect_seen("c waits").await;
    let unsent = page.client.emit().wait("d".into()).timeout(Duration::from_millis(1));
    assert_eq!(soon("the call", unsent.into_future()).await, Err(CallError::Timeout));
    blocks.abort();
    echo(3).await;
    assert_eq!(lab.unseen(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_acknowledged_at_the_end_is_told() {
    let mut lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let (fault, mut faults) = mpsc::unbounded_channel();
    let mut page = Page::with(Via::WebSocket, network.addr, |connect| {
        many(connect).on_fault(move |event| drop(fault.send((event.event.clone(), event.kind.clone()))))
    })
    .await;
    page.client.emit().linger("a".into());
    lab.expect_seen("a waits").await;
    network.cut(None);
    page.offline().await;
    page.client.emit().note(1);
    let call = tokio::spawn(page.client.emit().touch().into_future());
    page.client.volatile().emit().note(2);
    soon("the end", page.client.disconnect()).await;
    assert!(soon("the call", call).await.unwrap().is_err());
    for event in ["linger", "note"] {
        assert_eq!(soon("a fault", faults.recv()).await, Some((event.into(), FaultKind::Unacknowledged)));
    }
    assert!(faults.try_recv().is_err());
}

#[tokio::test]
async fn who_leaves_waits_for_what_is_acknowledged_soon() {
    let mut lab = Lab::new().await;
    let (fault, mut faults) = mpsc::unbounded_channel();
    let page = Page::with(Via::WebSocket, lab.addr, |connect| {
        connect.retries(Retries::new(1).window(2)).on_fault(move |event| drop(fault.send(event.clone())))
    })
    .await;
    for n in 0..100 {
        page.client.emit().note(n);
    }
    soon("the end", page.client.disconnect()).await;
    for n in 0..100 {
        lab.expect_seen(&format!("note {n}")).await;
    }
    assert!(faults.try_recv().is_err());
    lab.expect_left("client namespace disconnect").await;
}

#[tokio::test]
async fn another_server_handles_it_again() {
    let (mut before, mut after) = (Lab::new().await, Lab::new().await);
    let network = Network::to(before.addr).await;
    let page = Page::with(Via::WebSocket, network.addr, many).await;
    // More than is given to the network at once.
    let keys: Vec<_> = (0..30).map(|n| format!("{n} {}", "x".repeat(10_000))).collect();
    let calls: Vec<_> = keys.iter().map(|key| wait(&page.client, key)).collect();
    for key in &keys {
        before.expect_seen(&format!("{key} waits")).await;
    }
    network.cut(Some(after.addr));
    for key in &keys {
        after.expect_seen(&format!("{key} waits")).await;
    }
    after.gate.add_permits(30);
    for (call, key) in calls.into_iter().zip(keys) {
        assert_eq!(soon("the answer", call).await.unwrap(), Ok(key));
    }
}

#[tokio::test]
async fn what_is_too_large_takes_no_place() {
    let lab = Lab::with(|builder| builder.max_payload(1000)).await;
    let page = Page::with(Via::WebSocket, lab.addr, |connect| connect.retries(Retries::new(3).window(1))).await;
    // The ack id is what makes the difference.
    for len in [987, 2000] {
        let call = page.client.emit().echo(json!("x".repeat(len))).into_future();
        assert!(matches!(soon("the call", call).await, Err(CallError::TooLarge(_))), "{len}");
    }
    assert_eq!(soon("the answer", page.client.emit().echo(json!(1)).into_future()).await, Ok(json!(1)));
}
