//! The generated TypeScript and the lock files: one generator binary per contract, each with its explicit list of namespaces.

use crate::{
    Result,
    shell::{cargo, show},
};
use std::process::Command;

/// Package and binary of every generator in the workspace; it must build with its feature `typings`.
const GENERATORS: &[(&str, &str)] = &[("chat-server", "typings")];

pub(crate) fn write() -> Result<()> {
    commands(&[]).into_iter().try_for_each(show)
}

/// Writes what breaks those who have the contracts of the lock files.
pub(crate) fn write_breaking() -> Result<()> {
    commands(&["--allow-breaking"]).into_iter().try_for_each(show)
}

pub(crate) fn check() -> Result<()> {
    commands(&["--check"]).into_iter().try_for_each(show).map_err(|error| {
        format!("{error}: run `cargo xtask typings` and commit what it wrote; `--allow-breaking` accepts what breaks")
    })
}

/// One command per generator.
pub(crate) fn commands(args: &[&'static str]) -> Vec<Command> {
    let run = |&(package, binary): &(&'static str, &'static str)| {
        let fixed = ["run", "--quiet", "--package", package, "--features", "typings", "--bin", binary, "--"];
        cargo(fixed.into_iter().chain(args.iter().copied()))
    };
    GENERATORS.iter().map(run).collect()
}
