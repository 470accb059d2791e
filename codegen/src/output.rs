//! The kinds of files that a contract is written to.

use std::path::{Path, PathBuf};

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
    /// The files at `path`, or all that is wrong with the contract.
    pub(crate) fn render(&self, path: &Path, contract: &Contract) -> Result<Vec<(PathBuf, String)>, Vec<String>> {
        let one = |text| vec![(path.to_owned(), text)];
        match self {
            Self::TypeScript(options) => options.render(path, contract),
            Self::JsonSchema => sound(contract).map(|()| one(schema::document::render(contract))),
            Self::AsyncApi(info) => {
                sound(contract)?;
                asyncapi::render(contract, info).map(one).map_err(|problem| vec![problem])
            }
            Self::Lock(_) => Lock::render(contract).map(one),
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
