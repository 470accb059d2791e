//! Before, after, and what is said of it.

mod events;
mod runs;
mod schemas;
mod texts;

use serde_json::{Value, json};

use super::{Breaks, Finding, Level, check::check, file::LockFile};

/// A lock file with one namespace, `/`.
fn lock(types: &Value, server: &Value, client: &Value) -> LockFile {
    file(types, &json!({ "/": { "server": server, "client": client } }))
}

fn file(types: &Value, namespaces: &Value) -> LockFile {
    LockFile::parse(&json!({ "format": 1, "namespaces": namespaces, "types": types }).to_string()).expect("a lock file")
}

/// `C! what @ path` for what breaks old clients, `S? …` for a warning about old servers.
fn brief(findings: &[Finding]) -> Vec<String> {
    let whom = |finding: &Finding| if finding.breaks == Breaks::OldClients { 'C' } else { 'S' };
    let level = |finding: &Finding| if finding.level == Level::Breaking { '!' } else { '?' };
    let places = |finding: &Finding| finding.places.iter().map(|place| place.path.clone()).collect::<Vec<_>>().join(", ");
    findings.iter().map(|finding| format!("{}{} {} @ {}", whom(finding), level(finding), finding.what, places(finding))).collect()
}

fn told(old: &LockFile, new: &LockFile) -> Vec<String> {
    brief(&check(old, new, false))
}
