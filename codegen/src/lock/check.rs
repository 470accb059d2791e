//! Two versions of a contract: everything that somebody with the old one does not understand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{
    difference::{self, Difference},
    exchange::{Exchange, Found, found},
    file::{Ack, Event, LockFile, Locked},
    finding::{Finding, Level, Place, Sender},
    parameters,
    version::{Party, Versions},
};
use crate::contract::{Piece, pieces};

/// What the change from `old` to `new` breaks, the worst first. `strict`: what breaks old servers is breaking too.
pub(super) fn check(old: &LockFile, new: &LockFile, strict: bool) -> Vec<Finding> {
    let mut check = Check { versions: &Versions::new(old, new), strict, findings: Vec::new() };
    check.namespaces();
    let mut findings = check.findings;
    findings.sort_by_key(|finding| (finding.level, finding.breaks));
    findings
}

const OLD_CLIENT: Party = Party { server: false, new: false, cluster: false };
const NEW_CLIENT: Party = Party { server: false, new: true, cluster: false };
const OLD_SERVER: Party = Party { server: true, new: false, cluster: false };
const NEW_SERVER: Party = Party { server: true, new: true, cluster: false };

pub(super) struct Check<'a> {
    pub(super) versions: &'a Versions<'a>,
    strict: bool,
    findings: Vec<Finding>,
}

/// The path without the names of its parameters, which are not on the wire.
fn wire_path(pattern: &str) -> String {
    pieces(pattern).iter().map(|piece| if let Piece::Literal(text) = piece { *text } else { "{}" }).collect()
}

fn by_wire_path(file: &LockFile) -> BTreeMap<String, (&str, &Locked)> {
    file.namespaces.iter().map(|(pattern, space)| (wire_path(pattern), (&**pattern, space))).collect()
}

impl Check<'_> {
    fn namespaces(&mut self) {
        let (old, new) = (by_wire_path(self.versions.old.file), by_wire_path(self.versions.new.file));
        for (path, &(pattern, was)) in &old {
            if let Some(&(pattern, is)) = new.get(path) {
                self.namespace(pattern, was, is);
            } else {
                let what = format!("namespace `{pattern}` was removed");
                let help = "keep it until nobody connects to it; a namespace cannot be renamed";
                self.whole(pattern, OLD_CLIENT, what, "new servers refuse the connection".to_owned(), help);
            }
        }
        for (_, &(pattern, _)) in new.iter().filter(|(path, _)| !old.contains_key(*path)) {
            let what = format!("namespace `{pattern}` was added");
            self.whole(pattern, NEW_CLIENT, what, "old servers refuse the connection".to_owned(), SERVERS_FIRST);
        }
    }

    /// Tells of a namespace as a whole.
    fn whole(&mut self, namespace: &str, party: Party, what: String, why: String, help: &str) {
        let difference =
            Difference { path: String::new(), what, why, help: Some(help.to_owned()), variant: false, typescript: false };
        self.add(party, whole(namespace, ""), Found { difference, mild: false });
    }

    fn namespace(&mut self, pattern: &str, old: &Locked, new: &Locked) {
        for (client, written, read) in [(OLD_CLIENT, old, new), (NEW_CLIENT, new, old)] {
            for difference in parameters::compare(pattern, client, &written.parameters, &read.parameters) {
                self.add(client, whole(pattern, &difference.path), Found { difference, mild: false });
            }
        }
        self.connect(pattern, old, new);
        for (sender, sent, handled) in [
            (OLD_CLIENT, &old.server, &new.server),
            (NEW_CLIENT, &new.server, &old.server),
            (NEW_SERVER, &new.client, &old.client),
            (OLD_SERVER, &old.client, &new.client),
        ] {
            for (name, event) in sent {
                self.event(pattern, sender, (name, event), handled);
            }
        }
        self.silence(pattern, &old.client, &new.client);
        // Who is older still, and sends the names of then.
        self.aliases(pattern, OLD_CLIENT, &old.server, &new.server);
        self.aliases(pattern, OLD_SERVER, &old.client, &new.client);
        self.cluster(pattern, &old.cluster, &new.cluster);
    }

    fn connect(&mut self, pattern: &str, old: &Locked, new: &Locked) {
        let place = |path: &str| whole(pattern, path);
        for (client, shown, asked) in [(OLD_CLIENT, old, new), (NEW_CLIENT, new, old)] {
            // Who shows nothing shows an object without fields; who asks for nothing reads nothing.
            let Some(asked) = &asked.auth else { continue };
            let nothing = json!({ "type": "object", "properties": {} });
            let subject = difference::Place::new("auth", "`auth`");
            let differences = self.versions.compare(client, shown.auth.as_ref().unwrap_or(&nothing), asked, &subject);
            for found in found(differences) {
                self.add(client, place(&found.difference.path), found);
            }
        }
        for (server, told, known) in [(NEW_SERVER, new, old), (OLD_SERVER, old, new)] {
            // The connection is refused in any case; who does not know why has the message.
            let (Some(told), Some(known)) = (&told.denied, &known.denied) else { continue };
            for difference in self.versions.compare(server, told, known, &difference::Place::new("denied", "`denied`")) {
                self.add(
                    server,
                    place(&difference.path),
                    Found { mild: difference.variant || difference.typescript, difference },
                );
            }
        }
    }

    fn event(&mut self, pattern: &str, sender: Party, (name, sent): (&str, &Event), others: &BTreeMap<String, Event>) {
        match handler(name, others) {
            Some(handled) => self.exchange(pattern, sender, (name, sent), handled),
            None => {
                if let Some(found) = unknown(sender, name, sent) {
                    self.add(sender, place(pattern, name, sender), found);
                }
            }
        }
    }

    /// An event that both know.
    pub(super) fn exchange(&mut self, pattern: &str, sender: Party, (name, sent): (&str, &Event), handled: &Event) {
        let exchange = Exchange { versions: self.versions, sender, name, sent, handled, found: Vec::new() };
        for found in exchange.compare() {
            let place = Place { path: found.difference.path.clone(), ..place(pattern, name, sender) };
            self.add(sender, place, found);
        }
    }

    /// Events that old clients wait for in vain. An alias is no help: it is for who handles the event, and those are old.
    fn silence(&mut self, pattern: &str, old: &BTreeMap<String, Event>, new: &BTreeMap<String, Event>) {
        for name in old.keys().filter(|name| !new.contains_key(*name)) {
            let by_alias = new.iter().find(|(_, event)| event.aliases.contains(name));
            let what = by_alias.map_or_else(
                || format!("event `{name}` was removed"),
                |(renamed, _)| format!("event `{name}` was renamed to `{renamed}`"),
            );
            let difference = Difference {
                path: String::new(),
                what,
                why: "old clients wait for it, and new servers do not send it".to_owned(),
                help: Some("send both, the old one deprecated, until nobody waits for it".to_owned()),
                variant: false,
                typescript: false,
            };
            self.add(NEW_SERVER, place(pattern, name, NEW_SERVER), Found { difference, mild: false });
        }
    }

    pub(super) fn aliases(&mut self, pattern: &str, sender: Party, old: &BTreeMap<String, Event>, new: &BTreeMap<String, Event>) {
        let known: BTreeSet<_> = new.iter().flat_map(|(name, event)| event.aliases.iter().chain([name])).collect();
        for (name, event) in old {
            // The event is told of already if it is gone.
            for alias in event.aliases.iter().filter(|alias| !known.contains(alias) && new.contains_key(name)) {
                let difference = Difference {
                    path: String::new(),
                    what: format!("alias `{alias}` of `{name}` was removed"),
                    why: format!("peers from before `{alias}` was renamed send it still"),
                    help: Some(format!("keep `alias = \"{alias}\"` until nobody sends it")),
                    variant: false,
                    typescript: false,
                };
                self.add(sender, place(pattern, name, sender), Found { difference, mild: false });
            }
        }
    }

    /// `party` is one of the two that do not understand each other.
    pub(super) fn add(&mut self, party: Party, place: Place, Found { difference, mild }: Found) {
        let breaks = party.breaks();
        // In which order servers and clients are replaced is chosen; that servers are replaced one after another is not.
        let fails = !mild && (self.strict || breaks != super::Breaks::OldServers);
        let level = if fails { Level::Breaking } else { Level::Warning };
        let Difference { what, why, help, .. } = difference;
        let known = self
            .findings
            .iter_mut()
            .find(|known| (known.level, known.breaks, &known.what, &known.why) == (level, breaks, &what, &why));
        match known {
            Some(known) if known.places.contains(&place) => {}
            Some(known) => known.places.push(place),
            None => self.findings.push(Finding { level, breaks, what, places: vec![place], why, help }),
        }
    }
}

const SERVERS_FIRST: &str = "deploy servers before clients";

pub(super) fn place(pattern: &str, event: &str, sender: Party) -> Place {
    let from = match sender {
        Party { cluster: true, .. } => Sender::Cluster,
        Party { server: true, .. } => Sender::Server,
        _ => Sender::Client,
    };
    Place { namespace: pattern.to_owned(), event: Some(event.to_owned()), from, path: String::new() }
}

/// What belongs to a namespace itself.
fn whole(pattern: &str, path: &str) -> Place {
    Place { namespace: pattern.to_owned(), event: None, from: Sender::Client, path: path.to_owned() }
}

/// Who handles an event of this name.
pub(super) fn handler<'a>(name: &str, events: &'a BTreeMap<String, Event>) -> Option<&'a Event> {
    let by_alias = || events.values().find(|event| event.aliases.iter().any(|alias| alias == name));
    events.get(name).or_else(by_alias)
}

/// An event that the other side does not know (R7): it reaches `on_fault`, is not fatal, and gets no ack.
fn unknown(sender: Party, name: &str, event: &Event) -> Option<Found> {
    let asks = event.ack != Ack::None;
    let told = |what: &str, why: String, help: String, mild| {
        let what = format!("event `{name}` was {what}");
        Some(Found {
            difference: Difference { path: String::new(), what, why, help: Some(help), variant: false, typescript: false },
            mild,
        })
    };
    let never = if asks { "; every call ends in its timeout" } else { "" };
    match (sender.new, sender.server) {
        (false, false) => {
            let help = format!(
                "deprecate it and keep it until nobody sends it; if it was renamed, keep its old name with `#[event(alias = \"{name}\")]`"
            );
            told("removed", format!("old clients send it, and new servers do not know it{never}"), help, false)
        }
        (true, false) => told("added", format!("old servers do not know it{never}"), SERVERS_FIRST.to_owned(), false),
        // What nobody waits for is ignored.
        (true, true) if !asks => None,
        (true, true) => told(
            "added",
            format!("old clients do not answer it{never}"),
            "expect timeouts until all clients are new".to_owned(),
            true,
        ),
        (false, true) => {
            let why = format!("old servers send it, and new clients do not handle it{never}");
            let help = format!("if it was renamed, keep its old name with `#[event(alias = \"{name}\")]`");
            told("removed", why, help, !asks)
        }
    }
}
