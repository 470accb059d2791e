//! JSON Schema documents, whole. `UPDATE_FIXTURES=1 cargo test -p ackord-codegen` writes them.

mod contracts;

use ackord_codegen::{Codegen, Error};
use contracts::{chat, feed, shapes, small};

fn current(name: &str, contract: Codegen) -> Result<(), Error> {
    let codegen = contract.json_schema(format!("tests/fixtures/{name}.schema.json"));
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        codegen.write()?;
    }
    codegen.check()
}

#[test]
fn chat() -> Result<(), Error> {
    current("chat", Codegen::new().namespace::<chat::Chat>().namespace::<chat::Org>())
}

#[test]
fn shapes() -> Result<(), Error> {
    current("shapes", Codegen::new().namespace::<shapes::Api>())
}

#[test]
fn feed() -> Result<(), Error> {
    current("feed", Codegen::new().namespace::<feed::Market>())
}

#[test]
fn small() -> Result<(), Error> {
    current("small", Codegen::new().namespace::<small::Root>())
}
