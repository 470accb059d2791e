//! The budgets of the architecture that do not depend on a machine's speed, measured: `cargo xtask bench`.
//!
//! Each measurement is a process of its own, so that none inherits another's heap. It runs the server, counts its allocations, and has
//! the client as its child: the client's memory and allocations are nobody's concern here. Server and client agree over the child's
//! stdin and stdout (see [`link`]) on when the steady state begins and ends.
//!
//! `benches` runs them all and prints a table; `benches NAME…` only those named; the exit code tells whether a budget was missed.
// This program's output is its purpose.
#![allow(clippy::print_stdout)]

mod client;
mod counted;
mod link;
mod measure;
mod report;
mod server;

use std::{
    error::Error,
    process::{Command, ExitCode, Stdio},
};

use report::Row;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["client", address, role @ ..] => client::run(address, role).map(|()| true),
        ["measure", name] => measure::run(name).map(|()| true),
        names => all(names),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {}: {error}", args.join(" "));
            ExitCode::FAILURE
        }
    }
}

/// Whether all budgets were kept.
fn all(names: &[&str]) -> Result<bool> {
    if let Some(unknown) = names.iter().find(|name| measure::ALL.iter().all(|(known, _)| known != *name)) {
        let known: Vec<_> = measure::ALL.iter().map(|(name, _)| *name).collect();
        return Err(format!("no such measurement: {unknown}; there are {}", known.join(", ")).into());
    }
    let mut rows = Vec::new();
    for (name, _) in measure::ALL.iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        rows.extend(in_own_process(name)?);
    }
    report::print(&rows);
    Ok(!rows.iter().any(Row::is_missed))
}

fn in_own_process(name: &str) -> Result<Vec<Row>> {
    let output =
        Command::new(std::env::current_exe()?).args(["measure", name]).stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Ok(vec![Row::failed(name, &output.status.to_string())]);
    }
    String::from_utf8(output.stdout)?.lines().map(Row::parse).collect()
}
