//! Names that two things would share, or that mean something already.

use std::collections::BTreeMap;

use super::super::{
    TypeScript, calls,
    names::{Unusable, check_type_name},
    namespace, server,
};
use crate::contract::Contract;

const RENAME: &str = ", or only its name in TypeScript with `#[serde(rename = \"…\")]`";

/// Who would have a name: what tells one owner from another, and how a message calls it.
type Owners = BTreeMap<String, String>;

pub(super) fn check(contract: &Contract, options: TypeScript) -> Vec<String> {
    let mut owners: BTreeMap<String, Owners> = BTreeMap::new();
    let mut own = |name: &str, owner: String, called: String| {
        owners.entry(name.to_owned()).or_default().insert(owner, called);
    };
    for (_, info) in options.types(contract) {
        if let Some(declaration) = &info.declaration {
            let path = info.path.split('<').next().unwrap_or(info.path);
            own(&declaration.name, info.family.to_owned(), format!("`{path}`"));
        }
    }
    let client = options.client && !options.is_server();
    for set in options.sets(contract) {
        own(set.name, set.path.to_owned(), format!("the events of `{}`", set.path));
        if set.has_streams() {
            own(&set.items(), format!("{} items", set.path), format!("the items of `{}`", set.path));
        }
    }
    for set in contract.sets.iter().filter(|set| client && !set.events.is_empty()) {
        let names = [set.up.then(|| calls::calls_name(set)), set.down.then(|| calls::handlers_name(set))];
        for name in names.into_iter().flatten() {
            own(&name, format!("{} methods", set.path), format!("the methods of `{}`", set.path));
        }
    }
    for (i, space) in contract.namespaces.iter().enumerate() {
        let mut names = if options.is_server() { server::exports(space) } else { namespace::exports(space) };
        if client {
            names.push(calls::api_name(space));
        }
        for name in names {
            own(&name, format!("{} {i}", space.path), format!("namespace `{}`", space.path));
        }
    }
    owners.iter().flat_map(|(name, owners)| unusable(name, owners, options).into_iter().chain(shared(name, owners))).collect()
}

fn shared(name: &str, owners: &Owners) -> Option<String> {
    let called: Vec<_> = owners.values().map(String::as_str).collect();
    let [first, .., last] = &called[..] else { return None };
    if first == last {
        return Some(format!("{first} is registered twice"));
    }
    // Only payloads are called by their path alone.
    let payload = if called.iter().any(|called| called.starts_with('`')) { RENAME } else { "" };
    Some(format!("{first} and {last} would both be `{name}` in TypeScript: rename one{payload}"))
}

fn unusable(name: &str, owners: &Owners, options: TypeScript) -> Vec<String> {
    let Err(why) = check_type_name(name, options) else { return Vec::new() };
    let why = match why {
        Unusable::Invalid => "which cannot be the name of a type",
        Unusable::Global => "which would hide the global of that name",
        Unusable::Own => "a name that the generated file needs itself",
    };
    owners.values().map(|called| format!("{called} would be `{name}` in TypeScript, {why}: rename it{RENAME}")).collect()
}
