//! What a contract must not contain for its TypeScript to be true. Every message names the place in Rust and the way out.

mod auth;
mod content;
mod naming;

use std::collections::BTreeSet;

use ackord::describe::TypeRef;

use super::TypeScript;
use crate::contract::Contract;

/// All that is wrong with `contract`, sorted.
pub(crate) fn check(contract: &Contract, options: TypeScript) -> Vec<String> {
    let mut problems: BTreeSet<String> = contract.broken.iter().cloned().collect();
    let types = &contract.types;
    problems.extend(naming::check(contract));
    for (_, info) in types.types() {
        if let Some(declaration) = &info.declaration {
            problems.extend(content::declared(types, info, declaration, options.int64));
        }
    }
    for (place, ty) in uses(contract) {
        problems.extend(content::used(types, &place, ty, options.int64));
    }
    problems.extend(contract.namespaces.iter().filter_map(|space| auth::check(types, space)));
    problems.into_iter().collect()
}

/// Every place that names a type outside of another type.
fn uses(contract: &Contract) -> Vec<(String, &TypeRef)> {
    let mut uses = Vec::new();
    for set in &contract.sets {
        for event in &set.events {
            let of = format!("event `{}` of `{}`", event.meta.name, set.path);
            uses.extend(event.args.iter().map(|arg| (format!("argument `{}` of {of}", arg.name), &arg.ty)));
            uses.extend(event.answer.iter().map(|ty| (format!("the answer of {of}"), ty)));
            uses.extend(event.error.iter().map(|ty| (format!("the error of {of}"), ty)));
        }
    }
    for space in &contract.namespaces {
        uses.push((format!("`auth` of namespace `{}`", space.path), &space.auth));
        uses.push((format!("`denied` of namespace `{}`", space.path), &space.denied));
    }
    uses
}

/// A path as people write it: without the modules of the standard library.
fn brief(path: &str) -> String {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let (mut out, mut rest) = (String::new(), path);
    while !rest.is_empty() {
        let (name, after) = rest.split_at(rest.find(|c| !is_path(c)).unwrap_or(rest.len()));
        let std = ["core::", "alloc::", "std::"].iter().any(|std| name.starts_with(std));
        out += if std { name.rsplit("::").next().unwrap_or(name) } else { name };
        let between = after.find(is_path).unwrap_or(after.len());
        out += &after[..between];
        rest = &after[between..];
    }
    out
}
