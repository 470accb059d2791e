use std::{collections::BTreeSet, fmt, io, path::PathBuf};

use crate::{
    Finding, file,
    problem::{Problems, list, names},
};

/// Why nothing was generated, or what is not as it should be: all of it at once.
///
/// Its `Debug` is its `Display`: a test that ends in `.check().unwrap()` fails with a text to read.
pub struct Error(Vec<Kind>);

pub(crate) enum Kind {
    /// The contract cannot be written to these files.
    Contract(Vec<PathBuf>, Vec<String>),
    /// Files that differ from what the contract says.
    Stale(Vec<Stale>),
    /// Somebody does not understand the contract any more.
    Breaking(Breaking),
    /// A lock file that is none.
    Lock(PathBuf, String),
    /// A file could not be read or written.
    Io(PathBuf, io::Error),
    /// There is nothing to do, and what is missing.
    Nothing(&'static str),
}

/// A file that is not up to date.
pub(crate) struct Stale {
    pub(crate) path: PathBuf,
    pub(crate) diff: String,
}

/// What breaks, and what is out of date besides.
pub(crate) struct Breaking {
    pub(crate) findings: Vec<Finding>,
    pub(crate) stale: Vec<Stale>,
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self(vec![kind])
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Kind::Contract(problems.files().to_vec(), problems.texts()).into()
    }
}

impl Error {
    /// Whether files are out of date and nothing else is wrong, as opposed to a contract that cannot be written or a file that cannot be
    /// read.
    pub fn is_stale(&self) -> bool {
        matches!(self.0[..], [Kind::Stale(_)])
    }

    /// Whether the contract breaks those who have the one of the lock file.
    pub fn is_breaking(&self) -> bool {
        self.0.iter().any(|kind| matches!(kind, Kind::Breaking(_)))
    }

    /// What breaks, each with its place; empty for other errors.
    pub fn findings(&self) -> &[Finding] {
        let found =
            self.0.iter().find_map(|kind| if let Kind::Breaking(breaking) = kind { Some(&breaking.findings) } else { None });
        found.map_or(&[], Vec::as_slice)
    }

    /// The files that are out of date.
    pub(crate) fn stale(&self) -> &[Stale] {
        let found = self.0.iter().find_map(|kind| match kind {
            Kind::Stale(stale) | Kind::Breaking(Breaking { stale, .. }) => Some(stale),
            _ => None,
        });
        found.map_or(&[], Vec::as_slice)
    }

    /// What is wrong with the contract: one text a problem, of several lines, with all its places; empty for other errors.
    pub fn problems(&self) -> &[String] {
        let found = self.0.iter().find_map(|kind| if let Kind::Contract(_, problems) = kind { Some(problems) } else { None });
        found.map_or(&[], Vec::as_slice)
    }

    /// This error and `other`. What is wrong with the contract is in the first that says it.
    pub(crate) fn and(mut self, other: Self) -> Self {
        let told = !self.problems().is_empty();
        self.0.extend(other.0.into_iter().filter(|kind| !(told && matches!(kind, Kind::Contract(..)))));
        self
    }

    /// `Ok` if there are none, or all of them.
    pub(crate) fn all(errors: impl IntoIterator<Item = Self>) -> Result<(), Self> {
        errors.into_iter().reduce(Self::and).map_or(Ok(()), Err)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, kind) in self.0.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { "\n\nerror: " })?;
            kind.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contract(files, problems) => {
                let (count, s) = (problems.len(), if problems.len() == 1 { "" } else { "s" });
                write!(f, "the contract cannot be written to {}: {count} problem{s}", list(&names(files)))?;
                problems.iter().try_for_each(|problem| write!(f, "\n\nerror: {problem}"))
            }
            Self::Stale(files) => {
                for stale in files {
                    writeln!(f, "{} is out of date:\n{}", file::shown(&stale.path).display(), stale.diff)?;
                }
                f.write_str("run the generator without `--check` to write it")
            }
            Self::Breaking(breaking) => breaking.fmt(f),
            Self::Lock(path, why) => write!(
                f,
                "{} is no lock file: {why}\nrestore it with Git, or delete it to begin with the contract as it is",
                path.display()
            ),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Nothing(missing) => write!(f, "nothing to generate: {missing}"),
        }
    }
}

impl fmt::Display for Breaking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whom: BTreeSet<_> = self.findings.iter().map(|finding| finding.breaks).collect();
        let whom: Vec<_> = whom.iter().map(ToString::to_string).collect();
        writeln!(f, "the contract breaks {}\n", list(&whom))?;
        self.findings.iter().try_for_each(|finding| writeln!(f, "{finding}\n"))?;
        for stale in &self.stale {
            writeln!(f, "{} is out of date", file::shown(&stale.path).display())?;
        }
        f.write_str("soften what breaks, or accept it with `--allow-breaking`, which writes the lock file anew")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.iter().find_map(|kind| if let Kind::Io(_, error) = kind { Some(error as _) } else { None })
    }
}
