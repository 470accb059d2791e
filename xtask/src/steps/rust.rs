//! What cargo can say.

use std::process::Command;

use super::{Tally, check, libtest};
use crate::{
    Result,
    bench::CLIENTS,
    shell::{capture, cargo, command, root, stdout},
    suite::Outcome,
    typings as generators,
};

pub(super) fn fmt() -> Outcome {
    let mut tally = Tally::default();
    tally.check(cargo(["fmt", "--all", "--check"]));
    tally.check(cargo(["fmt", "--check", "--manifest-path", &clients()]));
    tally.done()
}

/// The manifest of the clients that are measured, a workspace of its own.
fn clients() -> String {
    format!("{CLIENTS}/Cargo.toml")
}

pub(super) fn clippy() -> Outcome {
    const STRICT: [&str; 3] = ["--", "-D", "warnings"];
    with_all_features(&["clippy", "--workspace", "--keep-going", "--all-targets"], &STRICT, |command| {
        let mut tally = Tally::default();
        tally.check(command);
        // They are for Linux, and one of the peers needs OpenSSL.
        if cfg!(target_os = "linux") && has_openssl() {
            let clients = clients();
            let args = ["clippy", "--locked", "--all-targets", "--target-dir", "target", "--manifest-path", &clients];
            tally.check(cargo(args.into_iter().chain(STRICT)));
        }
        tally.done()
    })
}

/// Unit tests, integration tests and doc tests of every package.
pub(super) fn test() -> Outcome {
    with_all_features(&["test", "--workspace", "--no-fail-fast"], &[], |command| {
        let mut tally = Tally::default();
        tally.tests(command, libtest);
        tally.done()
    })
}

pub(super) fn doc() -> Outcome {
    with_all_features(&["doc", "--workspace", "--no-deps"], &[], |mut command| {
        command.env("RUSTDOCFLAGS", "-D warnings");
        check(command)
    })
}

/// The client's tests with the system's TLS library and nothing else; the other steps leave the feature out where it cannot be built.
pub(super) fn native_tls() -> Outcome {
    if !has_openssl() {
        return Outcome::Missing("the feature `native-tls` needs OpenSSL: install `libssl-dev` and `pkg-config`".to_owned());
    }
    let mut tally = Tally::default();
    let features = ["--no-default-features", "--features", "client,server,native-tls"];
    tally.tests(cargo(["test", "--package", "ackord", "--lib"].into_iter().chain(features).chain(["net::"])), libtest);
    tally.done()
}

/// Whether `native-tls` can be built: where the system has no library of its own it is OpenSSL.
fn has_openssl() -> bool {
    if cfg!(any(windows, target_vendor = "apple")) || std::env::var_os("OPENSSL_DIR").is_some() {
        return true;
    }
    capture(command("pkg-config", ["--exists", "openssl"], &root())).0
}

/// A cargo command with every feature that can be built here.
fn with_all_features(args: &[&str], rest: &[&str], run: impl FnOnce(Command) -> Outcome) -> Outcome {
    let features = if has_openssl() { Ok(vec!["--all-features".to_owned()]) } else { named_features() };
    match features {
        Ok(features) => run(cargo(args.iter().copied().chain(features.iter().map(String::as_str)).chain(rest.iter().copied()))),
        Err(error) => {
            let mut tally = Tally::default();
            tally.note(false, &error);
            tally.done()
        }
    }
}

/// `--features` with all features of all packages but `native-tls`.
fn named_features() -> Result<Vec<String>> {
    let all = features()?;
    let named = all.iter().filter(|(_, feature)| feature != "native-tls");
    let list: Vec<_> = named.map(|(package, feature)| format!("{package}/{feature}")).collect();
    Ok(vec!["--features".to_owned(), list.join(",")])
}

/// No feature may need another one that it does not name.
pub(super) fn each_feature() -> Outcome {
    let mut tally = Tally::default();
    tally.check(cargo(["check", "--package", "ackord"]));
    tally.check(cargo(["check", "--package", "ackord", "--no-default-features"]));
    match features() {
        Ok(all) => {
            let can = |feature: &str| feature != "default" && (feature != "native-tls" || has_openssl());
            for (_, feature) in all.iter().filter(|(package, feature)| package == "ackord" && can(feature)) {
                tally.check(cargo(["check", "--package", "ackord", "--no-default-features", "--features", feature]));
            }
            // Only together are they more than what the features alone are.
            for features in ["client,rustls", "client,testing"] {
                tally.check(cargo(["check", "--package", "ackord", "--no-default-features", "--features", features]));
            }
        }
        Err(error) => tally.note(false, &error),
    }
    tally.done()
}

/// The features of the workspace, as (package, feature).
fn features() -> Result<Vec<(String, String)>> {
    let text = stdout(cargo(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let mut all = Vec::new();
    for package in packages {
        let name = package["name"].as_str().ok_or("cargo metadata has a package without a name")?;
        let features = package["features"].as_object().ok_or("cargo metadata names no features")?;
        all.extend(features.keys().map(|feature| (name.to_owned(), feature.clone())));
    }
    Ok(all)
}

/// What must not be in a build: (what is built, packages that must be absent).
const ABSENT: &[(&[&str], &[&str])] = &[
    (&["--package", "ackord", "--no-default-features"], &["tokio", "tokio-tungstenite", "hyper", "ts-rs", "schemars"]),
    (&["--package", "ackord"], &["ts-rs", "schemars", "axum", "cookie", "rustls", "native-tls"]),
    (&["--package", "ackord", "--features", "client"], &["rustls", "native-tls"]),
    (&["--package", "ackord", "--features", "client,rustls"], &["native-tls", "openssl-sys", "aws-lc-rs"]),
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
