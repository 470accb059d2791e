//! What servers of one cluster send each other. While they are replaced, some have the old contract and some the new one: each sends
//! what it knows to all others, and waits for what it knows.

use std::collections::BTreeMap;

use super::{
    check::{Check, handler, place},
    difference::Difference,
    exchange::Found,
    file::{Ack, Event},
    version::Party,
};

const OLD: Party = Party { server: true, new: false, cluster: true };
const NEW: Party = Party { server: true, new: true, cluster: true };

impl Check<'_> {
    pub(super) fn cluster(&mut self, pattern: &str, old: &BTreeMap<String, Event>, new: &BTreeMap<String, Event>) {
        if !self.versions.old.file.knows_clusters() {
            return;
        }
        for (name, event) in old {
            if let Some(handled) = handler(name, new) {
                self.exchange(pattern, OLD, (name, event), handled);
            }
            if !new.contains_key(name) {
                let by_alias = new.iter().find(|(_, event)| event.aliases.contains(name)).map(|(name, _)| &**name);
                self.add(OLD, place(pattern, name, OLD), gone(name, by_alias));
            }
        }
        for (name, event) in new {
            match handler(name, old) {
                Some(handled) => self.exchange(pattern, NEW, (name, event), handled),
                // Of a new name for an old event is told already.
                None if event.aliases.iter().any(|alias| old.contains_key(alias)) => {}
                None => self.add(NEW, place(pattern, name, NEW), added(name, event)),
            }
        }
        self.aliases(pattern, OLD, old, new);
    }
}

fn gone(name: &str, renamed: Option<&str>) -> Found {
    let (what, why) = match renamed {
        Some(new) => (
            format!("event `{name}` was renamed to `{new}`"),
            "old servers wait for it, and new servers send it under a name that they do not know",
        ),
        None => (format!("event `{name}` was removed"), "old servers send it and wait for it, and new servers do not know it"),
    };
    let help = "deprecate it, and keep sending and handling it until all servers are new";
    Found { difference: Difference::whole(what, why, help), mild: false }
}

/// Servers that do not know an event ignore it: whoever adds one cannot but live with that for a while.
fn added(name: &str, event: &Event) -> Found {
    let never = if event.ack == Ack::None { "" } else { "; every call ends in its timeout" };
    let why = format!("old servers do not know it{never}");
    let help = "do not count on it until all servers are new";
    Found { difference: Difference::whole(format!("event `{name}` was added"), why, help), mild: true }
}
