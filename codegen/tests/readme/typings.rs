use super::contract;
// README.md
use ackord_codegen::{Codegen, TypeScript};
use contract::Chat;

fn main() -> std::process::ExitCode {
    typings().run()                                           // writes; `--check` tells drift, `--stdout` prints
}

fn typings() -> Codegen {
    Codegen::new()
        .namespace::<Chat>()
        .typescript("web/src/chat.gen.ts", TypeScript::default().client(true))   // with methods and promises: see below
        .lock("contract.lock.json")                           // a change that breaks open pages fails, and says for whom
}
