//! Before, after, and what is said of it.

mod events;
mod schemas;
mod texts;

use serde_json::{Value, json};

use super::{check::check, file::LockFile, finding::Finding};

/// A lock file with one namespace, `/`.
fn lock(types: &Value, server: &Value, client: &Value) -> LockFile {
    file(types, &json!({ "/": { "server": server, "client": client } }))
}

fn file(types: &Value, namespaces: &Value) -> LockFile {
    LockFile::parse(&json!({ "format": 1, "namespaces": namespaces, "types": types }).to_string()).expect("a lock file")
}

/// `breaking old clients: what @ path`, a line a finding.
fn brief(findings: &[Finding]) -> Vec<String> {
    let level = |finding: &Finding| if finding.level == super::Level::Breaking { "breaking" } else { "warning" };
    let places = |finding: &Finding| finding.places.iter().map(|place| place.path.clone()).collect::<Vec<_>>().join(", ");
    findings.iter().map(|finding| format!("{} {}: {} @ {}", level(finding), finding.breaks, finding.what, places(finding))).collect()
}

fn told(old: &LockFile, new: &LockFile) -> Vec<String> {
    brief(&check(old, new, false))
}
