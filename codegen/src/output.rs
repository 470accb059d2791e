//! The kinds of files that a contract is written to.

use crate::{
    Info, Lock, TypeScript, asyncapi,
    contract::{Contract, Space},
    problem::{self, Problem},
    schema,
};

/// What a file has in it.
#[derive(Debug, Clone)]
pub(crate) enum Output {
    TypeScript(TypeScript),
    JsonSchema,
    AsyncApi(Info),
    Lock(Lock),
}

impl Output {
    /// The file, or all that is wrong with the contract.
    pub(crate) fn render(&self, contract: &Contract) -> Result<String, Vec<String>> {
        match self {
            Self::TypeScript(options) => options.render(contract),
            Self::JsonSchema => sound(contract).map(|()| schema::document::render(contract)),
            Self::AsyncApi(info) => {
                sound(contract)?;
                asyncapi::render(contract, info).map_err(|problem| vec![problem])
            }
            Self::Lock(_) => Lock::render(contract),
        }
    }
}

/// What every output needs: all events described, every namespace once.
pub(crate) fn sound(contract: &Contract) -> Result<(), Vec<String>> {
    let problems = problem::texts(contract.broken.iter().cloned().chain(namespaces(&contract.namespaces)));
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Namespaces that are there twice, and those that are in one place.
pub(crate) fn namespaces(spaces: &[Space]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (i, space) in spaces.iter().enumerate() {
        let Some(other) = spaces[..i].iter().find(|other| other.pattern == space.pattern) else { continue };
        if other.path == space.path {
            problems.push(Problem::new("a namespace is registered twice", format!("namespace `{}`", space.path), ""));
            continue;
        }
        let what = format!("two namespaces have one path, `{}`", space.pattern);
        let problem = |space: &Space| Problem::new(&what, format!("namespace `{}`", space.path), "change one");
        problems.extend([other, space].map(problem));
    }
    problems
}
