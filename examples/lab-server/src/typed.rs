//! Typed contracts for the two payloads of the load generator.

use ackord::{Namespace, NamespaceHandle, Server, Socket, events, payload};

/// One element of the generator's JSON payload.
#[payload]
pub(crate) struct Item {
    id: u32,
    name: String,
    tags: Vec<String>,
    pos: (f64, f64),
    ok: bool,
}

macro_rules! contract {
    ($module:ident, $payload:ty, $borrowed:ty) => {
        pub(crate) mod $module {
            use super::*;

            #[events]
            pub(crate) trait Up {
                async fn echo(&self, payload: $payload) -> $payload;
                fn msg(&self, payload: $payload);
                fn join(&self, room: String);
                fn bcast(&self, payload: $payload);
                fn room(&self, room: &str, payload: $payload);
            }

            #[events]
            pub(crate) trait Down {
                fn msg(&self, payload: &$borrowed);
                fn bcast(&self, payload: &$borrowed);
                fn room(&self, payload: &$borrowed);
            }

            #[derive(Namespace, Clone)]
            #[namespace(path = "/", server = dyn Up, client = dyn Down)]
            pub(crate) struct Lab;

            struct Session {
                socket: Socket<Lab>,
                all: NamespaceHandle<Lab>,
            }

            impl Up for Session {
                async fn echo(&self, payload: $payload) -> $payload {
                    payload
                }

                async fn msg(&self, payload: $payload) {
                    self.socket.emit().msg(&payload);
                }

                async fn join(&self, room: String) {
                    self.socket.join(room);
                }

                async fn bcast(&self, payload: $payload) {
                    self.all.emit().bcast(&payload);
                }

                async fn room(&self, room: &str, payload: $payload) {
                    self.all.to(room).emit().room(&payload);
                }
            }

            pub(crate) fn serve(io: &Server) {
                let all = io.of(&Lab);
                io.namespace::<Lab>().connect(async move |conn| Ok(Session { socket: conn.accept(), all }));
            }
        }
    };
}

contract!(string, String, str);
contract!(items, Vec<Item>, [Item]);

pub(crate) use items::serve as json;
pub(crate) use string::serve as strings;
