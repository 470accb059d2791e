//! DOC

mod contract;
mod diff;
mod error;
mod file;
mod run;
mod typescript;

use std::path::PathBuf;

use ackord::{Namespace, describe::Describe};

use contract::Contract;
use error::{Kind, Stale};

pub use error::Error;
pub use typescript::{BinaryType, Int64, TypeScript};

/// A list of namespaces and of the files to generate from them.
///
/// Relative paths belong to the package whose program or test runs (`CARGO_MANIFEST_DIR`), or to the working directory without Cargo.
#[derive(Debug, Default)]
#[must_use = "call `run`, `check` or `write`"]
pub struct Codegen {
    contract: Contract,
    outputs: Vec<(PathBuf, TypeScript)>,
}

/// A file as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it belongs.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

impl Codegen {
    /// No namespaces, no files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a namespace, and all that its events carry.
    pub fn namespace<N: Namespace>(mut self) -> Self
    where
        N::Auth: Describe,
        N::Denied: Describe,
    {
        self.contract.add::<N>();
        self
    }

    /// Adds a TypeScript file with all namespaces.
    pub fn typescript(mut self, path: impl Into<PathBuf>, options: TypeScript) -> Self {
        self.outputs.push((path.into(), options));
        self
    }

    /// The files as they should be.
    ///
    /// # Errors
    /// The contract cannot be written: [`Error::problems`] says why.
    pub fn render(&self) -> Result<Vec<File>, Error> {
        if self.outputs.is_empty() {
            return Err(Error(Kind::NoOutput));
        }
        let render = |(path, options): &(PathBuf, TypeScript)| match options.render(&self.contract) {
            Ok(text) => Ok(File { path: file::locate(path), text }),
            Err(problems) => Err(Error(Kind::Contract(path.clone(), problems))),
        };
        self.outputs.iter().map(render).collect()
    }

    /// Writes the files that changed, each in one step, and yields their paths.
    ///
    /// # Errors
    /// The contract cannot be written, and then no file is touched; or a file cannot.
    pub fn write(&self) -> Result<Vec<PathBuf>, Error> {
        let mut changed = Vec::new();
        for File { path, text } in self.render()? {
            match file::write(&path, &text) {
                Ok(true) => changed.push(path),
                Ok(false) => {}
                Err(e) => return Err(Error(Kind::Io(path, e))),
            }
        }
        Ok(changed)
    }

    /// Compares the files on disk with the contract: a test of one line that fails when somebody forgot to generate.
    ///
    /// # Errors
    /// Files are out of date ([`Error::is_stale`]; the message has the differences), the contract cannot be written, or a file cannot
    /// be read.
    pub fn check(&self) -> Result<(), Error> {
        let mut stale = Vec::new();
        for File { path, text } in self.render()? {
            let found = match file::read(&path) {
                Ok(found) => found.unwrap_or_default(),
                Err(e) => return Err(Error(Kind::Io(path, e))),
            };
            if found != text {
                stale.push(Stale { path, diff: diff::diff(&found, &text) });
            }
        }
        if stale.is_empty() { Ok(()) } else { Err(Error(Kind::Stale(stale))) }
    }
}
