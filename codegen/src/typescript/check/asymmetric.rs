//! Types that go both ways and have another shape in each: TypeScript has one type for both.
//!
//! What Rust writes must be what it reads, or more precise: a type in between is true for a client that gets a value and for one that makes
//! one. Fields that are always written and may be left out when they are read, which every `Option` is, are therefore no difference.

mod compare;

use std::collections::BTreeMap;

use super::brief;
use crate::{
    contract::Contract,
    problem::Problem,
    schema::{Dialect, model::collect},
};

pub(super) struct Asymmetric {
    pub(super) problems: Vec<Problem>,
    explained: Vec<Explained>,
}

/// Whose other problems are this one in other words.
struct Explained {
    /// A type as problems call it.
    ty: String,
    /// All problems that it has.
    all: bool,
    /// Those that it has as a whole.
    whole: bool,
    /// Those of these fields.
    fields: Vec<String>,
}

impl Asymmetric {
    /// Whether a problem with a type or a field has its cause here: the type differs, or may.
    pub(super) fn explains(&self, problem: &Problem) -> bool {
        let explains = |Explained { ty, all, whole, fields }: &Explained| {
            let mentions = |field: &String| problem.at.starts_with(&format!("field `{field}` of {ty}"));
            let is_whole = !problem.at.starts_with("field ");
            problem.at.contains(ty) && (*all || *whole && is_whole || fields.iter().any(mentions))
        };
        self.explained.iter().any(explains)
    }
}

pub(super) fn check(contract: &Contract) -> Asymmetric {
    let declared = contract.types.types().filter_map(|(_, info)| Some((&*info.declaration.as_ref()?.name, info)));
    let declared: BTreeMap<_, _> = declared.collect();
    let [written, read] = collect(contract, Dialect::TypeScript).sides();
    let mut found = Asymmetric { problems: unknown(contract), explained: Vec::new() };
    for (name, written) in &written {
        // schemars names an instance of a generic type `Page_for_Message`. A type without a declaration was described by hand.
        let family = name.split_once("_for_").map_or(&**name, |(name, _)| name);
        let (Some(read), Some(info)) = (read.get(name), declared.get(family)) else { continue };
        let path = brief(info.path.split('<').next().unwrap_or(info.path));
        let differences = compare::differences(written, read);
        let allowed = contract.asymmetric.contains(info.family);
        if !allowed && !differences.is_empty() {
            let generic = if info.path.contains('<') { "<…>" } else { "" };
            let name = format!("{family}{generic}");
            found.problems.extend(differences.iter().map(|difference| told(difference.told(&path), &name)));
        }
        if allowed || !differences.is_empty() {
            // Where names differ, TypeScript may have a third one.
            let all = allowed || differences.iter().any(compare::Difference::is_of_names);
            let fields = differences.iter().filter_map(|difference| difference.field.clone()).collect();
            let whole = differences.iter().any(|difference| difference.field.is_none());
            found.explained.push(Explained { ty: format!("`{path}`"), all, whole, fields });
        }
    }
    found
}

fn told(at: String, name: &str) -> Problem {
    Problem::new(
        "asymmetric type: it has one shape when it is sent and another when it is received, and one type in TypeScript",
        at,
        format!("use a type for each direction, or accept what TypeScript says with `Codegen::allow_asymmetric::<{name}>()`"),
    )
}

/// Types that are allowed and not there.
fn unknown(contract: &Contract) -> Vec<Problem> {
    let is_there = |family: &str| contract.types.types().any(|(_, info)| info.family == family);
    let missing = contract.asymmetric.iter().filter(|family| !is_there(family));
    let told = |family: &&str| {
        let path = brief(family.split('<').next().unwrap_or(family));
        Problem::new("`allow_asymmetric` names a type that the contract does not have", format!("`{path}`"), "remove it")
    };
    missing.map(told).collect()
}
