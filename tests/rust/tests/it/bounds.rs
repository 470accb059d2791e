//! R11: what users keep in their state may be cloned, sent and shared.

use ackord::{
    Call, NamespaceHandle, RawArgs, Replies, Server, Socket, SocketId,
    server::{Broadcast, EventFault, Handshake, ServerBuilder, ServerLayer, ServerService},
};

use crate::lab::{Root, Wrong};

fn shared<T: Clone + Send + Sync + 'static>() {}
fn sent<T: Send + 'static>() {}
fn unpinned<T: Unpin>() {}

#[test]
fn handles_are_clone_send_and_sync() {
    shared::<Server>();
    shared::<Socket<Root>>();
    shared::<NamespaceHandle<Root>>();
    shared::<Broadcast<Root>>();
    shared::<ServerLayer>();
    shared::<ServerService<axum::Router>>();
    shared::<RawArgs>();
    shared::<SocketId>();
    shared::<EventFault>();
    shared::<Handshake>();
    sent::<ServerBuilder>();
    sent::<Call<bool>>();
    sent::<Replies<u32, Wrong>>();
    unpinned::<Replies<u32, Wrong>>();
}

#[test]
fn futures_are_send() {
    fn is_send<T: Send>(_: T) {}
    let (socket, _out) = Socket::<Root>::mock();
    let (io, _layer) = Server::builder().build();
    is_send(socket.flushed());
    is_send(io.close());
    is_send(socket.emit().judge().into_future());
    is_send(ackord::serve("127.0.0.1:0", &io));
}
