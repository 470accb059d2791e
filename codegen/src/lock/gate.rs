//! The lock files of a generator: what its runs find in them.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{Changes, Finding, Level, Lock};
use crate::{
    Codegen, Error,
    error::{Breaking, Kind},
    file,
    output::{Output, sound},
    problem::Problems,
};

/// What has changed since one lock file was written.
#[derive(Debug)]
pub(crate) struct Report {
    /// Where the file is.
    pub(crate) path: PathBuf,
    pub(crate) changes: Changes,
}

impl Codegen {
    /// What the contract changes since its lock files were written, the worst first.
    ///
    /// Empty if there are no lock files yet, or if everybody understands what has changed.
    ///
    /// # Errors
    /// The contract has no lock file, one cannot be read, or it is none.
    pub fn changes(&self) -> Result<Vec<Finding>, Error> {
        Ok(self.reports()?.into_iter().flat_map(|report| report.changes.findings).collect())
    }

    /// What the contract changes since the lock file at `path` was written, the worst first: that of a release, or of another branch.
    ///
    /// A relative path belongs to the working directory, as it comes from a command line.
    ///
    /// # Errors
    /// The contract has no lock file, or the one at `path` cannot be read, or is none.
    pub fn changes_since(&self, path: impl AsRef<Path>) -> Result<Vec<Finding>, Error> {
        let path = path.as_ref();
        self.sound([path])?;
        let lock = self.locks().next().cloned().unwrap_or_else(|| Lock::new(path));
        match self.compared(&lock, path)? {
            Some(changes) => Ok(changes.findings),
            None => Err(Kind::Io(path.to_owned(), io::Error::new(io::ErrorKind::NotFound, "no such file")).into()),
        }
    }

    fn locks(&self) -> impl Iterator<Item = &Lock> {
        self.outputs.iter().filter_map(|(_, output)| if let Output::Lock(lock) = output { Some(lock) } else { None })
    }

    /// What has changed since each lock file that exists was written.
    pub(crate) fn reports(&self) -> Result<Vec<Report>, Error> {
        self.sound(self.locks().map(|lock| &*lock.path))?;
        let (mut reports, mut errors) = (Vec::new(), Vec::new());
        for lock in self.locks() {
            let path = file::locate(&lock.path);
            match self.compared(lock, &path) {
                Ok(changes) => reports.extend(changes.map(|changes| Report { path, changes })),
                Err(error) => errors.push(error),
            }
        }
        Error::all(errors).map(|()| reports)
    }

    /// Whether a lock file can be written at all.
    fn sound<'a>(&self, paths: impl IntoIterator<Item = &'a Path>) -> Result<(), Error> {
        let mut problems = Problems::default();
        if let Err(found) = sound(&self.contract) {
            paths.into_iter().for_each(|path| problems.add(path, found.iter().cloned()));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
    }

    /// `None` if there is no file.
    fn compared(&self, lock: &Lock, path: &Path) -> Result<Option<Changes>, Error> {
        let old = file::read(path).map_err(|e| Kind::Io(path.to_owned(), e))?;
        let changes = old.map(|old| lock.changes(&old, &self.contract)).transpose();
        changes.map_err(|why| Kind::Lock(path.to_owned(), why).into())
    }
}

/// The error that findings are, if any of them is breaking.
pub(crate) fn breaking<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Option<Breaking> {
    let findings: Vec<_> = findings.into_iter().filter(|finding| finding.level == Level::Breaking).cloned().collect();
    (!findings.is_empty()).then(|| Breaking { findings, stale: Vec::new() })
}
