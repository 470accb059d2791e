//! `cargo xtask bench`: the budgets of ARCHITECTURE.md, measured. `cargo xtask bench clients`: the client beside its peers.

use crate::{
    Result, node,
    shell::{cargo, command, root, show, stdout},
};

/// Events in the contract that `cargo check` is timed with, and what one of them may cost, in milliseconds.
const CHECK_TIME: [&str; 3] = ["macros/benches/check-time.sh", "500", "2"];

/// The clients, with the peers that they are measured beside: a workspace of its own.
pub(crate) const CLIENTS: &str = "tests/bench/clients";

pub(crate) fn run() -> Result<()> {
    machine()?;
    let build = ["build", "--quiet", "--release", "--package", "benches"];
    println!("cargo {}", build.join(" "));
    show(cargo(build))?;
    let run = ["run", "--quiet", "--release", "--package", "benches"];
    println!("cargo {}\n", run.join(" "));
    // Seconds on a busy machine are no reason to fail, what the table holds is: its result is kept for the end.
    let budgets = show(cargo(run)).map_err(|_| "a budget was missed: see above".to_owned());
    println!("\nbash {}", CHECK_TIME.join(" "));
    if let Err(error) = show(command("bash", CHECK_TIME, &root())) {
        println!("*** the time of `cargo check` was not measured, or is above its budget: {error} ***");
    }
    budgets
}

/// `args` are the runner's: `--rounds N`, and the names of peers. Linux only.
pub(crate) fn clients(args: &[&str]) -> Result<()> {
    machine()?;
    let folder = root().join(CLIENTS);
    node::install(&folder.join("node"))?;
    let manifest = folder.join("Cargo.toml").display().to_string();
    show(cargo(["build", "--quiet", "--release", "--locked", "--manifest-path", &manifest]))?;
    let run = ["run", "--quiet", "--release", "--locked", "--manifest-path", &manifest, "--bin", "runner", "--"];
    show(cargo(run.into_iter().chain(args.iter().copied())))
}

fn machine() -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let rustc = stdout(command("rustc", ["--version"], &root())).map_err(|error| format!("rustc: {error}"))?;
    println!("{cores} cores, {} {}, {}", std::env::consts::OS, std::env::consts::ARCH, rustc.trim());
    Ok(())
}
