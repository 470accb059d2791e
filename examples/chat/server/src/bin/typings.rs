//! Writes the typings of the page and of the server in Node, the contract for readers, and its lock file: `cargo xtask typings`.

use std::process::ExitCode;

use ackord_codegen::{BinaryType, Codegen, Info, TypeScript};
use chat_contract::Chat;

fn main() -> ExitCode {
    typings().run()
}

const ABOUT: &str =
    "What a page and the chat server say to each other, as the contract in Rust has it. The server *receives* what a page sends.";

fn typings() -> Codegen {
    let page = TypeScript::default().binary(BinaryType::Browser).client(true);
    let about = Info::cargo().title("Chat").description(ABOUT).server("ws://127.0.0.1:3000");
    Codegen::new()
        .namespace::<Chat>()
        .typescript("../web/src/chat.gen.ts", page)
        .typescript("../node/src/chat.gen.ts", TypeScript::server())
        .asyncapi("../web/src/chat.asyncapi.json", about)
        .lock("../contract.lock.json")
}

#[cfg(test)]
mod tests {
    #[test]
    fn typings_are_current() {
        super::typings().check().expect("run `cargo xtask typings`");
    }
}
