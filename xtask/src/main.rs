//! The project's own commands: `cargo xtask demo | test | typings | bench`.
//!
//! Nothing here asks a question or reads stdin; `CI=true` turns skipped steps into failed ones.
// This program's output is its purpose.
#![allow(clippy::print_stdout)]

mod bench;
mod demo;
mod node;
mod shell;
mod steps;
mod suite;
mod typings;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  demo                 build the chat example and serve it (PORT, default 3000) until interrupted
  test [step…]         run every check, or only the steps named; --list names them
  typings [--check]    write what is generated from the contracts, or see that it is current; --allow-breaking writes what
                       breaks those who have the contract of a lock file
  bench                measure the budgets
  bench clients […]    measure the client beside rust_socketio and socket.io-client; --rounds N, or names of peers";

/// What went wrong, in words for the user, with what to do about it.
type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["demo"] => demo::run(),
        ["test", "--list"] => {
            suite::list();
            Ok(())
        }
        ["test", steps @ ..] => return suite::run(steps),
        ["typings"] => typings::write(),
        ["typings", "--allow-breaking"] => typings::write_breaking(),
        ["typings", "--check"] => typings::check(),
        ["bench"] => bench::run(),
        ["bench", "clients", args @ ..] => bench::clients(args),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("no such command: {}\n\n{USAGE}", args.join(" "))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
