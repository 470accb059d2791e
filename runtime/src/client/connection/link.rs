//! The transports of one connection: a WebSocket that is open or on its way, and two requests at the most.

use std::task::{Context, Poll};

use bytes::Bytes;

use crate::{
    contract::BoxFuture,
    net::{
        dial::{DialError, Dialer},
        ws::Ws,
    },
    proto::engine::{ExchangeId, WsId},
};

#[derive(Default)]
pub(super) struct Links {
    pub(super) ws: Socket,
    get: Option<Exchange<Bytes>>,
    post: Option<Exchange<()>>,
    /// Something was begun, and nothing wakes the task for it yet.
    begun: bool,
}

/// There is never more than one: the one that a session began with, or the one that it moves to.
#[derive(Default)]
pub(super) enum Socket {
    #[default]
    None,
    Dialing(WsId, BoxFuture<'static, Result<Ws, DialError>>),
    Open(WsId, Box<Ws>),
}

type Exchange<T> = (ExchangeId, BoxFuture<'static, Result<T, DialError>>);

/// What a request or a dial came to.
pub(super) enum Done {
    Dialed(WsId, Result<Box<Ws>, DialError>),
    Got(ExchangeId, Result<Bytes, DialError>),
    Posted(ExchangeId, Result<(), DialError>),
}

impl Links {
    pub(super) fn dial(&mut self, id: WsId, dialer: &Dialer, sid: Option<&str>) {
        self.ws = Socket::Dialing(id, dialer.websocket(sid));
        self.begun = true;
    }

    pub(super) fn get(&mut self, id: ExchangeId, dialer: &Dialer, sid: Option<&str>) {
        self.get = Some((id, dialer.get(sid)));
        self.begun = true;
    }

    pub(super) fn post(&mut self, id: ExchangeId, dialer: &Dialer, sid: &str, body: Bytes) {
        self.post = Some((id, dialer.post(sid, body)));
        self.begun = true;
    }

    /// Whether a POST is on its way: nothing more is written till it is answered.
    pub(super) fn is_posting(&self) -> bool {
        self.post.is_some()
    }

    /// Whether [`poll`](Self::poll) has to be called before the task waits.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Something that was waited for has come. What brings messages is left alone unless `reading`.
    pub(super) fn poll(&mut self, reading: bool, cx: &mut Context<'_>) -> Option<Done> {
        self.begun = false;
        if let Some((id, result)) = poll_exchange(&mut self.post, cx) {
            return Some(Done::Posted(id, result));
        }
        if reading && let Some((id, result)) = poll_exchange(&mut self.get, cx) {
            return Some(Done::Got(id, result));
        }
        let Socket::Dialing(id, dial) = &mut self.ws else { return None };
        let Poll::Ready(dialed) = dial.as_mut().poll(cx) else { return None };
        let id = *id;
        self.ws = Socket::None;
        Some(Done::Dialed(id, dialed.map(Box::new)))
    }
}

fn poll_exchange<T>(slot: &mut Option<Exchange<T>>, cx: &mut Context<'_>) -> Option<(ExchangeId, Result<T, DialError>)> {
    let (id, exchange) = slot.as_mut()?;
    let Poll::Ready(result) = exchange.as_mut().poll(cx) else { return None };
    let id = *id;
    *slot = None;
    Some((id, result))
}
