//! Names that two things would share, or that mean something already.

use std::collections::BTreeMap;

use ackord::describe::TypeInfo;

use super::super::{
    TypeScript, body, calls,
    names::{Unusable, camel, check_type_name},
    namespace, parameters, server,
    tokens::parse,
};
use crate::{
    contract::{Contract, Space},
    output::namespaces,
    problem::Problem,
};

const RENAME: &str = ", or only its name in TypeScript with `#[serde(rename = \"…\")]`";

/// Who would have a name: what tells one owner from another, and how a message calls it.
type Owners = BTreeMap<String, String>;

pub(super) fn check(contract: &Contract, options: TypeScript) -> Vec<Problem> {
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
    let names = owners.iter().flat_map(|(name, owners)| unusable(name, owners, options).into_iter().chain(shared(name, owners)));
    let hidden = options.types(contract).flat_map(|(_, info)| hidden(info, &owners));
    names.chain(hidden).chain(paths(&contract.namespaces)).chain(namespaces(&contract.namespaces)).collect()
}

/// Parameters of a generic type that have the name of a type: TypeScript would know them apart, readers and this crate would not.
fn hidden(info: &TypeInfo, owners: &BTreeMap<String, Owners>) -> Vec<Problem> {
    let Some(declaration) = &info.declaration else { return Vec::new() };
    let (head, _) = body(&parse(&declaration.text));
    let is_taken = |name: &&str| owners.contains_key(*name) || *name == "Binary";
    let path = info.path.split('<').next().unwrap_or(info.path);
    let what = |name| format!("a type parameter has the name of the type `{name}`");
    let problem = |name| Problem::new(what(name), format!("`{path}`"), "rename the parameter");
    parameters(&head).into_iter().filter(is_taken).map(problem).collect()
}

/// Namespaces that have one name in `paths`.
fn paths(spaces: &[Space]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (i, space) in spaces.iter().enumerate() {
        let name = camel(space.name);
        let mut others = spaces[i + 1..].iter();
        // Of one name they have other things in common too.
        if let Some(other) = others.find(|other| other.name != space.name && camel(other.name) == name) {
            let what = format!("`paths.{name}` would be two namespaces in TypeScript");
            problems.extend([space, other].map(|space| Problem::new(&what, format!("namespace `{}`", space.path), "rename one")));
        }
    }
    problems
}

fn shared(name: &str, owners: &Owners) -> Vec<Problem> {
    let called: Vec<_> = owners.values().collect();
    let [first, .., last] = &called[..] else { return Vec::new() };
    if first == last {
        // A namespace that is there twice, which is told once.
        return Vec::new();
    }
    // Only payloads are called by their path alone.
    let payload = if called.iter().any(|called| called.starts_with('`')) { RENAME } else { "" };
    let what = format!("`{name}` would be the name of {} things in TypeScript", called.len());
    called.into_iter().map(|called| Problem::new(&what, called, format!("rename one{payload}"))).collect()
}

fn unusable(name: &str, owners: &Owners, options: TypeScript) -> Vec<Problem> {
    let Err(why) = check_type_name(name, options) else { return Vec::new() };
    let why = match why {
        Unusable::Invalid => "cannot be the name of a type in TypeScript",
        Unusable::Global => "would hide the global of that name in TypeScript",
        Unusable::Own => "is a name that the generated file needs itself",
    };
    let problem = |called: &String| Problem::new(format!("`{name}` {why}"), called, format!("rename it{RENAME}"));
    owners.values().map(problem).collect()
}
