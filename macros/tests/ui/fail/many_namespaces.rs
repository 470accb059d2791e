//! A namespace with parameters is many: what is emitted needs the name of one.
use ackord::{Namespace, NamespaceHandle, RawArgs, Server};

#[derive(Namespace, Clone)]
#[namespace(path = "/org-{id}")]
pub struct Org {
    id: u64,
}

fn main() {
    let (io, _layer) = Server::builder().build();
    let orgs = io.namespace::<Org>().connect(async |conn| Ok(conn.accept()));
    orgs.emit();
    orgs.to("lobby").emit();
    orgs.emit_raw("hello", &RawArgs::new());
    let _: &NamespaceHandle<Org> = &orgs;
    let _: &NamespaceHandle<Org> = &io.of(&Org { id: 7 });
}
