//! The Rust client when the connection breaks.

use std::future::IntoFuture;

use ackord::{
    CallError, FaultCode,
    client::{FaultKind, Overflow, Reconnection, State},
};
use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    client::{Via, soon},
    client_lab::{Network, Page, manager, soon_again},
    lab::Lab,
};

over_all_transports!(after_a_restart_of_the_server_what_was_emitted_meanwhile_arrives_in_order, async |via| {
    let mut before = Lab::new().await;
    let network = Network::to(before.addr).await;
    let mut page = Page::open(via, network.addr).await;
    let first = page.client.id();
    let sent = tokio::spawn(page.client.emit().wait("lost".into()).into_future());
    before.expect_seen("lost waits").await;
    network.cut(None);
    // What went over the old connection has no answer any more.
    assert_eq!(soon("the call", sent).await.unwrap(), Err(CallError::Disconnected));
    page.offline().await;
    assert!(!page.client.is_connected() && page.client.id().is_none());
    for n in 0..100 {
        page.client.emit().note(n);
        page.client.volatile().emit().note(1000 + n);
    }
    let question = tokio::spawn(page.client.emit().echo(json!("later")).into_future());
    let gone = page.client.emit().echo(json!("gone")).timeout(std::time::Duration::from_millis(1)).into_future();
    assert_eq!(soon("the timeout", gone).await, Err(CallError::Timeout));
    let mut after = Lab::new().await;
    network.cut(Some(after.addr));
    for n in 0..100 {
        after.expect_seen(&format!("note {n}")).await;
    }
    assert_eq!(soon("the question", question).await.unwrap(), Ok(json!("later")));
    page.state("the connection", |state| matches!(state, State::Connected { .. })).await;
    assert_ne!(page.client.id(), first);
    // The new socket has the handler of the old one.
    let socket = after.socket().await;
    assert_eq!(soon("confirm", socket.emit().confirm("yes").into_future()).await, Ok(true));
    after.expect_quiet();
});

over_all_transports!(it_comes_back_again_and_again, async |via| {
    let mut lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let mut page = Page::open(via, network.addr).await;
    for n in 0..20 {
        let socket = lab.socket().await;
        page.state("the connection", |state| matches!(state, State::Connected { id, .. } if **id == *socket.id().as_str())).await;
        page.client.emit().note(n);
        lab.expect_seen(&format!("note {n}")).await;
        network.cut(Some(lab.addr));
    }
});

over_all_transports!(every_end_has_the_name_that_node_gives_it, async |via| {
    let mut lab = Lab::new().await;
    // Told by the server: no way back.
    let mut page = Page::open(via, lab.addr).await;
    lab.socket().await.disconnect();
    assert_eq!(page.end().await, "io server disconnect");
    let mut page = Page::open(via, lab.addr).await;
    lab.socket().await.disconnect_transport();
    assert_eq!(page.end().await, "io server disconnect");
    // The server goes away.
    let mut page = Page::over(manager(via, lab.addr).reconnection(Reconnection::never())).await;
    lab.io.close().await;
    assert_eq!(page.end().await, "transport close");
});

over_all_transports!(a_silent_server_is_a_ping_timeout, async |via| {
    let ms = std::time::Duration::from_millis;
    let lab = Lab::with(|builder| builder.ping_interval(ms(20)).ping_timeout(ms(20))).await;
    let network = Network::to(lab.addr).await;
    let mut page = Page::over(manager(via, network.addr).reconnection(Reconnection::never())).await;
    network.freeze();
    assert_eq!(page.end().await, "ping timeout");
});

#[tokio::test]
async fn attempts_are_used_up() {
    let lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let mut page = Page::over(manager(Via::WebSocket, network.addr).reconnection(soon_again().attempts(3))).await;
    page.client.emit().note(1);
    network.cut(None);
    let waiting = tokio::spawn(page.client.emit().touch().into_future());
    assert!(page.end().await.starts_with("transport "));
    assert_eq!(soon("the call", waiting).await.unwrap(), Err(CallError::Disconnected));
    assert_eq!(network.refused(), 3);
}

over_all_transports!(disconnecting_without_a_connection_is_immediate, async |via| {
    let lab = Lab::new().await;
    let network = Network::to(lab.addr).await;
    let mut page = Page::open(via, network.addr).await;
    network.cut(None);
    page.offline().await;
    page.client.emit().note(1);
    soon("the end", page.client.disconnect()).await;
    assert_eq!(page.end().await, "io client disconnect");
});

over_all_transports!(the_outbox_is_bounded_and_says_what_it_drops, async |via| {
    for overflow in [Overflow::DropNewest, Overflow::DropOldest] {
        let mut lab = Lab::new().await;
        let network = Network::to(lab.addr).await;
        let (fault, mut faults) = mpsc::unbounded_channel();
        // Between a hundred and two hundred of these events.
        let mut page = Page::with(via, network.addr, |connect| {
            connect.outbox(12_000, overflow).on_fault(move |event| drop(fault.send(event.kind.clone())))
        })
        .await;
        network.cut(None);
        page.offline().await;
        for n in 0..1000 {
            page.client.emit().note(n);
        }
        if overflow == Overflow::DropNewest {
            let full = soon("a call", page.client.emit().echo(json!("x".repeat(500))).into_future()).await;
            assert!(matches!(&full, Err(CallError::Fault(fault)) if fault.code == FaultCode::Overloaded), "{full:?}");
        }
        network.cut(Some(lab.addr));
        let faults: Vec<_> = std::iter::from_fn(|| faults.try_recv().ok()).collect();
        assert!((800..1000).contains(&faults.len()), "{}", faults.len());
        assert!(faults.iter().all(|kind| *kind == FaultKind::Overflow));
        let mut notes = Vec::new();
        while notes.last() != Some(&1000) {
            notes.push(lab.seen().await.trim_start_matches("note ").parse::<usize>().unwrap());
            if notes.len() == 1 {
                // There is room again.
                page.client.emit().note(1000);
            }
        }
        // One event may cost two older ones their place: the numbers grow longer.
        let kept = notes.len() - 1;
        let first = if overflow == Overflow::DropNewest { 0 } else { 1000 - kept };
        assert!((80..200).contains(&kept), "{kept}");
        assert!(notes[..kept].iter().copied().eq(first..first + kept), "{notes:?}");
    }
});
