//! The server that all clients talk to. Says on stdout which port it has.

use std::{net::TcpListener, sync::Arc};

use ackord::{Binary, Server, Socket};
use clients::contract::{Root, Up};

struct Session(Arc<Socket<Root>>);

impl Up for Session {
    async fn echo(&self, text: String) -> String {
        text
    }

    async fn blob(&self, data: Binary) -> Binary {
        data
    }

    async fn count(&self, to: u32) {
        for n in 0..to {
            self.0.emit().number(n);
        }
    }
}

fn main() -> clients::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (io, _layer) = Server::builder().build();
        io.namespace::<Root>().connect(async |conn| Ok(Session(Arc::new(conn.accept()))));
        // A port that is free; `serve` binds it again.
        let addr = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        println!("{}", addr.port());
        Ok(ackord::serve(addr, &io).await?)
    })
}
