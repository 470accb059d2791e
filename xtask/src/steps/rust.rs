//! What cargo can say.

use super::{Tally, check, libtest};
use crate::{
    Result,
    shell::{cargo, stdout},
    suite::Outcome,
    typings as generators,
};

pub(super) fn fmt() -> Outcome {
    check(cargo(["fmt", "--all", "--check"]))
}

pub(super) fn clippy() -> Outcome {
    check(cargo(["clippy", "--workspace", "--keep-going", "--all-targets", "--all-features", "--", "-D", "warnings"]))
}

/// Unit tests, integration tests and doc tests of every package.
pub(super) fn test() -> Outcome {
    let mut tally = Tally::default();
    tally.tests(cargo(["test", "--workspace", "--all-features", "--no-fail-fast"]), libtest);
    tally.done()
}

pub(super) fn doc() -> Outcome {
    let mut command = cargo(["doc", "--workspace", "--no-deps", "--all-features"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    check(command)
}

/// No feature may need another one that it does not name.
pub(super) fn features() -> Outcome {
    let mut tally = Tally::default();
    tally.check(cargo(["check", "--package", "ackord"]));
    tally.check(cargo(["check", "--package", "ackord", "--no-default-features"]));
    match features_of("ackord") {
        Ok(features) => {
            for feature in features.iter().filter(|feature| *feature != "default") {
                tally.check(cargo(["check", "--package", "ackord", "--no-default-features", "--features", feature]));
            }
        }
        Err(error) => tally.note(false, &error),
    }
    tally.done()
}

fn features_of(package: &str) -> Result<Vec<String>> {
    let text = stdout(cargo(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let found = packages.iter().find(|found| found["name"] == package).ok_or_else(|| format!("no package {package}"))?;
    let features = found["features"].as_object().ok_or("cargo metadata names no features")?;
    Ok(features.keys().cloned().collect())
}

/// What must not be in a build: (what is built, packages that must be absent).
const ABSENT: &[(&[&str], &[&str])] = &[
    (&["--package", "ackord", "--no-default-features"], &["tokio", "tokio-tungstenite", "hyper", "ts-rs", "schemars"]),
    (&["--package", "ackord"], &["ts-rs", "schemars", "axum"]),
    (&["--package", "chat-server"], &["ts-rs", "schemars"]),
];

pub(super) fn deps() -> Outcome {
    let mut tally = Tally::default();
    for (what, absent) in ABSENT {
        let tree = ["tree", "--edges", "normal", "--prefix", "none", "--format", "{p}"].into_iter().chain(what.iter().copied());
        match stdout(cargo(tree)) {
            Ok(tree) => {
                for name in *absent {
                    let there = tree.lines().any(|line| line.split(' ').next() == Some(*name));
                    tally.note(!there, &format!("`cargo tree {}` has {name}\n", what.join(" ")));
                }
            }
            Err(error) => tally.note(false, &error),
        }
    }
    tally.done()
}

pub(super) fn typings() -> Outcome {
    let mut tally = Tally::default();
    for command in generators::commands(&["--check"]) {
        tally.check(command);
    }
    tally.done()
}
