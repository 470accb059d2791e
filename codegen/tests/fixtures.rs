//! Generated files, whole. `UPDATE_FIXTURES=1 cargo test -p ackord-codegen` writes them; `tests/typescript` compiles them.

mod contracts;

use ackord_codegen::{BinaryType, Codegen, Int64, TypeScript};
use contracts::{chat, shapes, small};

fn current(name: &str, contract: Codegen, options: TypeScript) {
    let codegen = contract.typescript(format!("tests/fixtures/{name}.ts"), options);
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        codegen.write().unwrap();
    }
    codegen.check().unwrap();
}

#[test]
fn chat() {
    current("chat", Codegen::new().namespace::<chat::Chat>().namespace::<chat::Org>(), TypeScript::default());
}

#[test]
fn shapes() {
    current("shapes", Codegen::new().namespace::<shapes::Api>(), TypeScript::default().int64(Int64::Number));
}

#[test]
fn browser() {
    current("browser", Codegen::new().namespace::<small::Root>(), TypeScript::default().binary(BinaryType::Browser));
}

#[test]
fn node() {
    current("node", Codegen::new().namespace::<small::Root>(), TypeScript::default().binary(BinaryType::Node));
}
