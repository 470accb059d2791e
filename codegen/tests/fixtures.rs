//! Generated files, whole. `UPDATE_FIXTURES=1 cargo test -p ackord-codegen` writes them; `tests/typescript` compiles them.

mod contracts;

use ackord_codegen::{BinaryType, Codegen, Error, ImportExtension, Int64, TypeScript};
use contracts::{chat, feed, live, shapes, small};

fn current(name: &str, contract: Codegen, options: TypeScript) -> Result<(), Error> {
    checked(contract.typescript(format!("tests/fixtures/{name}.ts"), options))
}

#[expect(clippy::needless_pass_by_value, reason = "a chain of settings ends here")]
fn checked(codegen: Codegen) -> Result<(), Error> {
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

fn live() -> Codegen {
    Codegen::new().namespace::<live::Live>().namespace::<live::Room>()
}

fn client() -> TypeScript {
    TypeScript::default().client(true)
}

#[test]
fn clients() -> Result<(), Error> {
    current("client/chat", Codegen::new().namespace::<chat::Chat>().namespace::<chat::Org>(), client())?;
    current("client/feed", Codegen::new().namespace::<feed::Market>(), client())?;
    current("client/shapes", Codegen::new().namespace::<shapes::Api>(), client().int64(Int64::Number))?;
    // What this one does not need, such as what answers, is not in its file.
    current("client/small", Codegen::new().namespace::<small::Root>(), client())?;
    current("client/live", live(), client().binary(BinaryType::Node))
}

#[test]
fn servers() -> Result<(), Error> {
    current("server/chat", Codegen::new().namespace::<chat::Chat>().namespace::<chat::Org>(), TypeScript::server())?;
    current("server/small", Codegen::new().namespace::<small::Root>(), TypeScript::server())?;
    current("server/live", live(), TypeScript::server())
}

/// The same as one file, as a folder, and as JavaScript: `tests/typescript` compares the languages.
#[test]
fn layouts() -> Result<(), Error> {
    let everything = || live().namespace::<feed::Market>();
    let extension = client().import_extension(ImportExtension::Ts);
    checked(everything().typescript_dir("tests/fixtures/folder", extension))?;
    checked(everything().typescript("tests/fixtures/everything.ts", client()))?;
    checked(everything().typescript("tests/fixtures/javascript/everything.ts", client().javascript(true)))?;
    checked(everything().typescript_dir("tests/fixtures/javascript/many", client().javascript(true)))?;
    checked(live().typescript_dir("tests/fixtures/javascript/server", TypeScript::server().javascript(true)))
}
