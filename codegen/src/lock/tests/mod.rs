//! Before, after, and what is said of it.

mod events;
mod reading;
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
    of_format(2, types, namespaces)
}

fn of_format(format: u32, types: &Value, namespaces: &Value) -> LockFile {
    LockFile::parse(&json!({ "format": format, "namespaces": namespaces, "types": types }).to_string()).expect("a lock file")
}

/// `C! what @ path` for what breaks old clients, `S? …` for a warning about old servers, `N…` for servers of one cluster.
fn brief(findings: &[Finding]) -> Vec<String> {
    let whom = |finding: &Finding| match finding.breaks {
        Breaks::OldClients => 'C',
        Breaks::OldServers => 'S',
        Breaks::Cluster => 'N',
    };
    let level = |finding: &Finding| if finding.level == Level::Breaking { '!' } else { '?' };
    let places = |finding: &Finding| finding.places.iter().map(|place| place.path.clone()).collect::<Vec<_>>().join(", ");
    findings.iter().map(|finding| format!("{}{} {} @ {}", whom(finding), level(finding), finding.what, places(finding))).collect()
}

fn told(old: &LockFile, new: &LockFile) -> Vec<String> {
    brief(&check(old, new, false))
}
