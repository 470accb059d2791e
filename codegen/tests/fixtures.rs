//! Generated files, whole. `UPDATE_FIXTURES=1 cargo test -p ackord-codegen` writes them; `tests/typescript` compiles them.

mod contracts;

use ackord_codegen::{BinaryType, Codegen, Error, Int64, TypeScript};
use contracts::{chat, feed, shapes, small};

fn current(name: &str, contract: Codegen, options: TypeScript) -> Result<(), Error> {
    let codegen = contract.typescript(format!("tests/fixtures/{name}.ts"), options);
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        codegen.write()?;
    }
    codegen.check()
}

#[test]
fn chat() -> Result<(), Error> {
    current("chat", Codegen::new().namespace::<chat::Chat>().namespace::<chat::Org>(), TypeScript::default())
}

#[test]
fn shapes() -> Result<(), Error> {
    current("shapes", Codegen::new().namespace::<shapes::Api>(), TypeScript::default().int64(Int64::Number))
}

#[test]
fn feed() -> Result<(), Error> {
    current("feed", Codegen::new().namespace::<feed::Market>(), TypeScript::default())
}

#[test]
fn browser() -> Result<(), Error> {
    current("browser", Codegen::new().namespace::<small::Root>(), TypeScript::default().binary(BinaryType::Browser))
}

#[test]
fn node() -> Result<(), Error> {
    current("node", Codegen::new().namespace::<small::Root>(), TypeScript::default().binary(BinaryType::Node))
}
