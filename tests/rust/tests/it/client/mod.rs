//! A client of the tests' own, without a library in between: it writes and reads bytes, and knows just enough of the protocol to get there.

pub(crate) mod http;
mod peer;
pub(crate) mod ws;

use std::{future::Future, time::Duration};

pub(crate) use self::{
    http::{Http, Response, get},
    peer::{Packet, Peer, Via},
    ws::{Frame, Ws},
};

/// The endpoint with the query that every client sends; the transport's name is to follow.
pub(crate) const ENDPOINT: &str = "/socket.io/?EIO=4&transport=";

/// Fails a test that would hang otherwise. Never the means to wait for something.
pub(crate) async fn soon<F: Future>(what: &str, future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(20), future).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
