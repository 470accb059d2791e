//! The kinds of files that a contract is written to.

use std::path::{Path, PathBuf};

use crate::{
    Info, Lock, TypeScript, asyncapi,
    contract::{Contract, Space},
    problem::Problem,
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
    pub(crate) fn render(&self, path: &Path, contract: &Contract) -> Result<Vec<(PathBuf, String)>, Vec<Problem>> {
        let one = |text| vec![(path.to_owned(), text)];
        match self {
            Self::TypeScript(options) => options.render(path, contract),
            Self::JsonSchema => sound(contract).map(|()| one(schema::document::render(contract))),
            Self::AsyncApi(info) => match (sound(contract), asyncapi::render(contract, info)) {
                (Ok(()), Ok(text)) => Ok(one(text)),
                (sound, rendered) => Err(sound.err().into_iter().flatten().chain(rendered.err()).collect()),
            },
            Self::Lock(_) => Lock::render(contract).map(one),
        }
    }
}

/// What every output needs: all events described, every namespace once.
pub(crate) fn sound(contract: &Contract) -> Result<(), Vec<Problem>> {
    let problems: Vec<_> = contract.broken.iter().cloned().chain(namespaces(&contract.namespaces)).collect();
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

#[cfg(test)]
mod tests {
    use ackord::{Namespace, events};

    use crate::{Codegen, Info};

    #[events]
    trait Server {
        fn go(&self);
    }

    #[derive(Namespace, Clone)]
    #[namespace(path = "/a", server = dyn Server)]
    struct A;

    #[derive(Namespace, Clone)]
    #[namespace(path = "/a", server = dyn Server)]
    struct B;

    #[test]
    fn a_path_belongs_to_one_namespace() {
        let both = || Codegen::new().namespace::<A>().namespace::<B>();
        let told = "two namespaces have one path, `/a`\n  --> namespace `ackord_codegen::output::tests::A`\n  --> namespace \
                    `ackord_codegen::output::tests::B`\n   = help: change one";
        for codegen in [both().json_schema("x.json"), both().asyncapi("x.json", Info::new("x", "1"))] {
            assert_eq!(codegen.render().unwrap_err().problems(), [told]);
        }
        let twice = Codegen::new().namespace::<A>().namespace::<A>().json_schema("x.json");
        let told = "a namespace is registered twice\n  --> namespace `ackord_codegen::output::tests::A`";
        assert_eq!(twice.render().unwrap_err().problems(), [told]);
    }
}
