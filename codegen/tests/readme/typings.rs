use super::contract;
// README.md
use ackord_codegen::{Codegen, TypeScript};
use contract::Chat;

fn main() -> std::process::ExitCode {
    typings().run()                                           // writes; `--check` tells drift, `--stdout` prints
}

fn typings() -> Codegen {
    Codegen::new().namespace::<Chat>().typescript("web/src/chat.gen.ts", TypeScript::default())
}
