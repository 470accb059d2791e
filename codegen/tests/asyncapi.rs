//! AsyncAPI documents, whole. `UPDATE_FIXTURES=1 cargo test -p ackord-codegen` writes them; `tests/schema` has them read by AsyncAPI's own parser.

mod contracts;

use ackord_codegen::{AsyncApi, Codegen, Error, Info};
use contracts::{chat, feed, shapes, small};

fn current(name: &str, contract: Codegen, info: Info) -> Result<(), Error> {
    let codegen = contract.asyncapi(format!("tests/fixtures/{name}.asyncapi.json"), info);
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        codegen.write()?;
    }
    codegen.check()
}

#[test]
fn chat() -> Result<(), Error> {
    let info = Info::new("Chat", "1.0.0").description("Rooms, and people in them.").server("wss://chat.example.com");
    current("chat", Codegen::new().namespace::<chat::Chat>().namespace::<chat::Org>(), info)
}

#[test]
fn shapes() -> Result<(), Error> {
    current("shapes", Codegen::new().namespace::<shapes::Api>(), Info::new("Shapes", "1.0.0").asyncapi(AsyncApi::V3_0))
}

#[test]
fn feed() -> Result<(), Error> {
    current("feed", Codegen::new().namespace::<feed::Market>(), Info::new("Feed", "1.0.0"))
}

#[test]
fn small() -> Result<(), Error> {
    current("small", Codegen::new().namespace::<small::Root>(), Info::new("Small", "1.0.0").server("http://localhost:3000/ws/"))
}
