//! The running server, over TCP: every byte that a client sees, and everything that its user sees of it.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

/// Runs a test over polling, WebSocket, and polling that was upgraded to WebSocket.
macro_rules! over_all_transports {
    ($(#[doc = $doc:literal])* $name:ident, $test:expr) => {
        mod $name {
            use super::*;
            use crate::client::Via;

            #[tokio::test]
            async fn polling() {
                let test = $test;
                test(Via::Polling).await;
            }

            #[tokio::test]
            async fn websocket() {
                let test = $test;
                test(Via::WebSocket).await;
            }

            #[tokio::test]
            async fn upgraded() {
                let test = $test;
                test(Via::Upgraded).await;
            }
        }
    };
}

mod allow;
mod architecture;
mod bounds;
mod calls;
mod client;
mod client_calls;
mod client_chaos;
mod client_connect;
mod client_contract;
mod client_hostile;
mod client_lab;
mod client_manager;
mod client_network;
mod client_reconnect;
mod client_retries;
mod client_streams;
mod connect;
mod event_enums;
mod events;
mod feeds;
mod lab;
mod leaving;
mod malformed;
mod memory;
mod mock;
mod polling;
mod pressure;
mod raw;
mod requests;
mod retries;
mod rooms;
mod runs;
mod shutdown;
mod streams;
mod transports;
