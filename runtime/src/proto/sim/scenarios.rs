//! What must hold on any network.

use std::time::Duration;

use super::{DisconnectReason, Fault, Rng, Transport, Wire, World};

const MESSAGES: u32 = 12;

/// Both sides send, at times of the seed, from the opening until well after the upgrade.
fn chatty(seed: u64, transport: Transport) -> World {
    let mut world = World::new(seed, Duration::from_millis(1 + seed % 200), transport);
    let mut rng = Rng(!seed);
    for client in [false, true] {
        let mut times: Vec<u64> = (0..MESSAGES).map(|_| rng.below(2_500)).collect();
        times.sort_unstable();
        for (number, at) in (0..).zip(times) {
            let wire = if client { Wire::ClientSays } else { Wire::ServerSays };
            world.at(Duration::from_millis(at), wire(number));
        }
    }
    world
}

fn assert_prefixes(world: &World) {
    for received in [&world.at_client, &world.at_server] {
        let expected: Vec<u32> = (0..received.numbers.len() as u32).collect();
        assert_eq!(received.numbers, expected, "seed {}", world.seed);
    }
}

fn assert_everything_arrived(world: &World) {
    let expected: Vec<u32> = (0..MESSAGES).collect();
    assert_eq!(world.at_client.numbers, expected, "seed {}: server to client", world.seed);
    assert_eq!(world.at_server.numbers, expected, "seed {}: client to server", world.seed);
    assert_eq!(world.client_closed, None, "seed {}", world.seed);
    assert_eq!(world.server_closed, None, "seed {}", world.seed);
}

#[test]
fn nothing_is_lost_reordered_or_doubled_across_the_upgrade() {
    for seed in 0..10_000 {
        let mut world = chatty(seed, Transport::Polling);
        world.run(Duration::from_secs(12));
        assert_everything_arrived(&world);
        assert_eq!(world.client.transport(), Transport::WebSocket, "seed {seed}");
        assert_eq!(world.server().transport(), Transport::WebSocket, "seed {seed}");
        // Once it is quiet only the heartbeat is left: nobody polls in circles.
        assert!(world.steps < 400, "seed {seed}: {} steps", world.steps);
        world.at(Duration::from_secs(12), Wire::ClientCloses);
        world.run(Duration::from_secs(13));
        assert_eq!(world.server_closed.map(|(_, reason)| reason), Some(DisconnectReason::TransportClose));
        world.assert_over();
    }
}

#[test]
fn nothing_is_lost_without_an_upgrade() {
    for seed in 0..1_000 {
        let mut world = chatty(seed, Transport::WebSocket);
        world.run(Duration::from_secs(12));
        assert_everything_arrived(&world);
    }
}

#[test]
fn an_orderly_close_loses_nothing_that_was_sent_before() {
    let (mut on_polling, mut refused) = (0, 0);
    for seed in 0..6_000 {
        let mut world = chatty(seed, Transport::Polling);
        let by_client = seed % 2 == 0;
        let wire = if by_client { Wire::ClientCloses } else { Wire::ServerCloses };
        // Slow networks are still upgrading then.
        let at = Duration::from_millis(100 + Rng(seed ^ 0xc105e).below(1_000));
        world.run(at);
        if !world.client.is_open() {
            continue;
        }
        world.at(at, wire);
        on_polling += u32::from(world.server().transport() == Transport::Polling);
        world.run(Duration::from_mins(2));
        assert_prefixes(&world);
        let (said, arrived, closed) = if by_client {
            (world.client_said, &world.at_server, world.server_closed)
        } else {
            (world.server_said, &world.at_client, world.client_closed)
        };
        let reason = closed.map(|(_, reason)| reason);
        if !by_client && reason == Some(DisconnectReason::TransportError) {
            // Its POST came when the session was gone, and failed before the last payload had arrived.
            refused += 1;
        } else {
            assert_eq!(arrived.numbers.len(), said, "seed {seed}");
            assert_eq!(reason, Some(DisconnectReason::TransportClose), "seed {seed}");
        }
        world.assert_over();
    }
    assert!(on_polling > 300, "only {on_polling} were not upgraded");
    assert!(refused < 300, "{refused} clients had a request refused");
}

#[test]
fn a_broken_connection_ends_both_sides_and_loses_only_the_end() {
    for seed in 0..3_000 {
        let mut world = chatty(seed, Transport::Polling);
        let at = 1 + Rng(seed ^ 0xc07).below(3_000);
        world.at(Duration::from_millis(at), Wire::Happens(Fault::Cut));
        world.run(Duration::from_mins(1));
        if world.server.is_some() {
            world.assert_over();
        }
        assert_prefixes(&world);
    }
}

#[test]
fn a_websocket_that_breaks_before_it_takes_over_costs_nothing() {
    let mut broken = 0;
    for seed in 0..3_000 {
        let mut world = chatty(seed, Transport::Polling);
        let at = Rng(seed ^ 0xbad).below(1_000);
        world.at(Duration::from_millis(at), Wire::Happens(Fault::BreakCandidate));
        world.run(Duration::from_secs(12));
        assert_everything_arrived(&world);
        broken += u32::from(world.server().transport() == Transport::Polling);
    }
    assert!(broken > 500, "only {broken} upgrades were prevented");
}

#[test]
fn a_silent_network_is_noticed_by_both_heartbeats() {
    for seed in 0..1_000 {
        let mut world = chatty(seed, Transport::Polling);
        // Late enough for the upgrade to be over.
        let silent = Duration::from_millis(4_000 + Rng(seed).below(60_000));
        world.at(silent, Wire::Happens(Fault::Silence));
        world.run(silent + Duration::from_secs(66));
        assert_everything_but_the_end(&world, silent);
        world.assert_over();
    }
}

fn assert_everything_but_the_end(world: &World, silent: Duration) {
    assert_prefixes(world);
    for closed in [world.client_closed, world.server_closed] {
        let (at, reason) = closed.expect("closed");
        assert_eq!(reason, DisconnectReason::PingTimeout, "seed {}", world.seed);
        // pingInterval + pingTimeout, and the pingTimeout once more for the one-shot refresh
        assert!(at > silent && at <= silent + Duration::from_secs(65), "seed {}: {at:?}", world.seed);
    }
}

#[test]
fn a_doubled_poll_ends_the_session_on_both_sides() {
    let mut ended = 0;
    for seed in 0..2_000 {
        let mut world = chatty(seed, Transport::Polling);
        let at = Duration::from_millis(Rng(seed).below(300));
        world.at(at, Wire::Happens(Fault::DuplicateGet));
        world.run(Duration::from_secs(100));
        assert_prefixes(&world);
        if let Some(closed) = world.server_closed {
            assert_eq!(closed, (at, DisconnectReason::TransportError), "seed {seed}");
            world.assert_over();
            ended += 1;
        }
    }
    assert!(ended > 200, "a GET was pending only {ended} times");
}

#[test]
fn a_day_of_heartbeats() {
    let mut world = World::new(7, Duration::from_millis(50), Transport::Polling);
    world.run(Duration::from_hours(24));
    assert!(world.client.is_open() && world.server().is_open());
    assert_eq!(world.client.transport(), Transport::WebSocket);
    // 3456 times a timer, a ping and a pong; now and then the WebSocket is full for a moment.
    assert!((10_368..12_000).contains(&world.steps), "{}", world.steps);
}

#[test]
fn the_ping_deadline_is_exact() {
    for transport in [Transport::Polling, Transport::WebSocket] {
        let mut world = World::new(3, Duration::ZERO, transport);
        world.at(Duration::from_secs(2), Wire::Happens(Fault::Silence));
        world.run(Duration::from_secs(200));
        let expected = Some((Duration::from_secs(45), DisconnectReason::PingTimeout));
        assert_eq!((world.client_closed, world.server_closed), (expected, expected), "{transport:?}");
    }
}
