//! The lock file: what the contract was when it was last published, and what has become of it.
//!
//! The file is in the repository, beside the contract. Each run of the generator compares the contract with it: what only adds is
//! written, what breaks is refused.

mod changes;
mod check;
mod cluster;
mod compare;
mod difference;
mod exchange;
mod file;
mod finding;
mod gate;
mod parameters;
mod schema;
mod shape;
#[cfg(test)]
mod tests;
mod version;
mod view;

use std::path::PathBuf;

use crate::{contract::Contract, output::sound, problem::Problem};
use file::LockFile;

pub(crate) use gate::breaking;

pub use finding::{Breaks, Finding, Level, Place, Sender};

/// A lock file, and how strictly the contract is held to it: see [`Codegen::lock`](crate::Codegen::lock).
///
/// ```
/// use ackord_codegen::{Codegen, Lock};
/// let default = Codegen::new().lock("contract.lock.json");
/// let strict = Codegen::new().lock(Lock::new("contract.lock.json").strict());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    pub(crate) path: PathBuf,
    strict: bool,
}

impl Lock {
    /// The lock file at `path`, relative as in [`Codegen`](crate::Codegen).
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), strict: false }
    }

    /// Fails for what breaks old servers too, where the default warns.
    ///
    /// By default servers are expected to be deployed before clients, as they are where a server delivers its page: then an event that
    /// old servers do not know is no problem. Say `strict` if clients are updated on their own, or talk to servers of others.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// The file's text, or what is wrong with the contract.
    pub(crate) fn render(contract: &Contract) -> Result<String, Vec<Problem>> {
        sound(contract).map(|()| LockFile::new(contract).print())
    }

    /// What has changed since the text of a lock file was written.
    ///
    /// # Errors
    /// It is no lock file; the text says why.
    pub(crate) fn changes(&self, old: &str, contract: &Contract) -> Result<Changes, String> {
        let (old, new) = (LockFile::parse(old)?, LockFile::new(contract));
        Ok(Changes { findings: check::check(&old, &new, self.strict), summary: changes::summary(&old, &new) })
    }
}

impl<P: Into<PathBuf>> From<P> for Lock {
    fn from(path: P) -> Self {
        Self::new(path)
    }
}

/// From one lock file to another.
#[derive(Debug)]
pub(crate) struct Changes {
    /// What somebody does not understand.
    pub(crate) findings: Vec<Finding>,
    /// Everything that has changed, in one line; empty if nothing has.
    pub(crate) summary: String,
}
