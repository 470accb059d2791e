//! `cargo xtask test`: runs the steps, one line each, and counts. One step that fails does not hide the others.

use crate::{shell::is_ci, steps};
use std::{
    io::Write,
    process::ExitCode,
    time::{Duration, Instant},
};

/// Tests or checks, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// What became of one step.
pub(crate) enum Outcome {
    /// It ran; `log` is shown when something failed.
    Ran { count: Count, log: String },
    /// It could not run here: a skip for a user, a failure where `CI=true`.
    Missing(String),
}

pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) run: fn() -> Outcome,
}

pub(crate) fn list() {
    for step in steps::ALL {
        println!("{}", step.name);
    }
}

pub(crate) fn run(names: &[&str]) -> ExitCode {
    if let Some(unknown) = names.iter().find(|name| steps::ALL.iter().all(|step| step.name != **name)) {
        eprintln!("error: no such step: {unknown}; `cargo xtask test --list` names them");
        return ExitCode::FAILURE;
    }
    let chosen: Vec<&Step> = steps::ALL.iter().filter(|step| names.is_empty() || names.contains(&step.name)).collect();
    let mut total = Count::default();
    let mut bad = Vec::new();
    for step in &chosen {
        print!("{:<12} ", step.name);
        // The line is completed when the step ends; on a terminal one sees what is running. Not being able to is no failure.
        let _ = std::io::stdout().flush();
        let start = Instant::now();
        let count = report((step.run)(), start.elapsed());
        total += count;
        if count.failed > 0 {
            bad.push(step.name);
        }
    }
    if !bad.is_empty() {
        println!("\nfailed steps: {} – one alone: cargo xtask test {}", bad.join(", "), bad[0]);
    }
    println!("\n{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped);
    if bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(outcome: Outcome, time: Duration) -> Count {
    let time = time.as_secs_f64();
    match outcome {
        Outcome::Ran { count, log } if count.failed > 0 => {
            println!("FAILED {time:6.1} s  {} passed, {} failed\n{log}", count.passed, count.failed);
            count
        }
        Outcome::Ran { count, .. } => {
            let skipped = if count.skipped > 0 { format!(", {} SKIPPED", count.skipped) } else { String::new() };
            println!("ok     {time:6.1} s  {} passed{skipped}", count.passed);
            count
        }
        Outcome::Missing(why) if is_ci() => {
            println!("FAILED {time:6.1} s  {why} (CI=true: nothing may be skipped)");
            Count { failed: 1, ..Count::default() }
        }
        Outcome::Missing(why) => {
            println!("SKIPPED {time:5.1} s  *** {why} ***");
            Count { skipped: 1, ..Count::default() }
        }
    }
}
