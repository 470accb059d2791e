//! What is different, in one line.

use std::collections::BTreeMap;

use super::file::{Event, LockFile};

/// So many changes are named, the others counted.
const NAMED: usize = 4;

/// Everything that has changed; empty if nothing has.
pub(super) fn summary(old: &LockFile, new: &LockFile) -> String {
    let mut all = Vec::new();
    if old.format != new.format {
        all.push(format!("format {}", new.format));
    }
    entries("namespace", "", &old.namespaces, &new.namespaces, &mut all, |_, _| false);
    for (path, space) in &new.namespaces {
        let Some(was) = old.namespaces.get(path) else { continue };
        if (&was.auth, &was.denied) != (&space.auth, &space.denied) {
            all.push(format!("`auth` or `denied` of `{path}` changed"));
        }
        let of = format!(" of `{path}`");
        if was.parameters != space.parameters {
            all.push(format!("parameters{of} changed"));
        }
        for (was, is) in [(&was.server, &space.server), (&was.client, &space.client), (&was.cluster, &space.cluster)] {
            entries("event", &of, was, is, &mut all, |was: &Event, is: &Event| was != is);
        }
    }
    entries("type", "", &old.types, &new.types, &mut all, |was, is| was != is);
    let more = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    if more > 0 {
        all.push(format!("{more} more"));
    }
    all.join(", ")
}

fn entries<T>(
    kind: &str,
    of: &str,
    old: &BTreeMap<String, T>,
    new: &BTreeMap<String, T>,
    all: &mut Vec<String>,
    changed: fn(&T, &T) -> bool,
) {
    for (name, is) in new {
        match old.get(name) {
            None => all.push(format!("{kind} `{name}`{of} added")),
            Some(was) if changed(was, is) => all.push(format!("{kind} `{name}`{of} changed")),
            Some(_) => {}
        }
    }
    all.extend(old.keys().filter(|name| !new.contains_key(*name)).map(|name| format!("{kind} `{name}`{of} removed")));
}
