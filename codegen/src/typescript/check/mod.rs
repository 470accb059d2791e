//! What a contract must not contain for its TypeScript to be true. Every message names the place in Rust and the way out.

mod asymmetric;
mod auth;
mod content;
mod fields;
mod kinds;
mod naming;
mod sound;

use ackord::describe::TypeRef;

use super::{TypeScript, body, tokens::parse};
use crate::{
    contract::{Contract, brief},
    problem::Problem,
};

/// All that is wrong with `contract`.
pub(crate) fn check(contract: &Contract, options: TypeScript) -> Vec<Problem> {
    let mut problems: Vec<Problem> = contract.broken.clone();
    let types = &contract.types;
    problems.extend(naming::check(contract, options));
    let declared = kinds::declared(options.types(contract));
    for (_, info) in options.types(contract) {
        if let Some(why) = &info.undescribed {
            let help = "describe it, or the field that it cannot, with `#[ts(as = \"…\")]` or `#[ts(type = \"…\")]`";
            problems.push(Problem::new(format!("ts-rs cannot describe a type: {why}"), format!("`{}`", brief(info.path)), help));
        }
        if let Some(declaration) = &info.declaration {
            problems.extend(content::declared(types, info, declaration, options.int64));
            let at = format!("`{}`", brief(info.path));
            problems.extend(sound::check(&declared, &body(&parse(&declaration.text)).1, &at));
            problems.extend(sound::circular(&declared, &declaration.name, &at));
        }
    }
    let uses = uses(contract, options);
    for Use { place, ty, .. } in &uses {
        // A type that only a cluster has is among its own.
        let types = if types.get(ty.id).is_some() { types } else { &contract.cluster_types };
        problems.extend(content::used(types, place, ty, options.int64));
        problems.extend(sound::check(&declared, &parse(&ty.text), place));
    }
    let asymmetric = asymmetric::check(contract);
    problems.extend(fields::check(&declared, &uses).into_iter().filter(|problem| !asymmetric.explains(problem)));
    problems.extend(asymmetric.problems);
    problems.extend(contract.namespaces.iter().filter_map(|space| auth::check(types, space)));
    problems
}

/// A place that names a type outside of another type.
struct Use<'a> {
    /// How a message calls it.
    place: String,
    ty: &'a TypeRef,
    /// Whether a server writes its values.
    sent: bool,
    /// Whether a server reads its values.
    received: bool,
}

fn uses(contract: &Contract, options: TypeScript) -> Vec<Use<'_>> {
    let mut uses = Vec::new();
    for set in options.sets(contract) {
        for event in &set.events {
            let of = format!("event `{}` of `{}`", event.meta.name, set.path);
            for arg in &event.args {
                uses.push(Use {
                    place: format!("argument `{}` of {of}", arg.name),
                    ty: &arg.ty,
                    sent: set.down,
                    received: set.up,
                });
            }
            let results = [("answer", &event.answer), ("error", &event.error)];
            for (name, ty) in results.into_iter().filter_map(|(name, ty)| Some((name, ty.as_ref()?))) {
                // An answer goes the other way.
                uses.push(Use { place: format!("the {name} of {of}"), ty, sent: set.up, received: set.down });
            }
        }
    }
    for space in &contract.namespaces {
        let of = |what: &str| format!("`{what}` of namespace `{}`", space.path);
        uses.push(Use { place: of("auth"), ty: &space.auth, sent: false, received: true });
        uses.push(Use { place: of("denied"), ty: &space.denied, sent: true, received: false });
    }
    uses
}
