//! Writes the page's typings and the contract's lock file: `cargo xtask typings`.

use std::process::ExitCode;

use ackord_codegen::{BinaryType, Codegen, TypeScript};
use chat_contract::Chat;

fn main() -> ExitCode {
    typings().run()
}

fn typings() -> Codegen {
    let page = TypeScript::default().binary(BinaryType::Browser);
    Codegen::new().namespace::<Chat>().typescript("../web/src/chat.gen.ts", page).lock("../contract.lock.json")
}

#[cfg(test)]
mod tests {
    #[test]
    fn typings_are_current() {
        super::typings().check().expect("run `cargo xtask typings`");
    }
}
