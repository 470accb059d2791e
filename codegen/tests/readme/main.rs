//! What the README shows is what compiles here, and what the generator writes.

#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, reason = "written as in a crate of its own")]
mod contract;
#[rustfmt::skip]
#[expect(dead_code, clippy::cast_possible_truncation, clippy::print_stdout, clippy::print_stderr, reason = "an example that nobody runs")]
mod server;
#[rustfmt::skip]
#[expect(dead_code, clippy::print_stdout, reason = "an example that nobody runs")]
mod client;
#[rustfmt::skip]
#[expect(dead_code, reason = "an example that nobody runs")]
mod typings;

use std::{fs, path::Path};

use ackord_codegen::{Codegen, Error, TypeScript};
use contract::Chat;

/// In the files that are compiled, what stands below is in the README.
const MARK: &str = "// README.md\n";

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The README's blocks of code in `language`.
fn blocks(language: &str) -> Vec<String> {
    let readme = read("../README.md");
    let fence = format!("```{language}\n");
    readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

fn compiled(path: &str) -> String {
    let text = read(path);
    let (_, below) = text.split_once(MARK).unwrap_or_else(|| panic!("{path} has no mark"));
    below.to_owned()
}

#[test]
fn rust_is_what_compiles() {
    let files = ["contract", "server", "client", "typings"].map(|name| compiled(&format!("tests/readme/{name}.rs")));
    assert_eq!(blocks("rust"), files);
}

#[test]
fn typings_are_what_the_generator_writes() -> Result<(), Error> {
    let codegen = Codegen::new().namespace::<Chat>().typescript("tests/fixtures/readme.ts", TypeScript::default().client(true));
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        codegen.write()?;
    }
    codegen.check()?;
    let [typings, _] = &blocks("ts")[..] else { panic!("the README has two blocks of TypeScript") };
    assert!(read("tests/fixtures/readme.ts").contains(typings.as_str()), "not in tests/fixtures/readme.ts:\n{typings}");
    Ok(())
}

/// `tests/typescript` compiles it.
#[test]
fn the_page_is_what_type_checks() {
    let page = compiled("tests/typescript/use/readme.ts").replace("../../fixtures/readme.ts", "./chat.gen");
    assert_eq!(blocks("ts")[1], page);
}
