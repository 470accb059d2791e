use std::{fmt, io, path::PathBuf};

/// Why nothing was generated, or what is not as it should be.
///
/// Its `Debug` is its `Display`: a test that ends in `.check().unwrap()` fails with a text to read.
pub struct Error(pub(crate) Kind);

pub(crate) enum Kind {
    /// The contract cannot be written in this language.
    Contract(PathBuf, Vec<String>),
    /// Files that differ from what the contract says.
    Stale(Vec<Stale>),
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

impl Error {
    /// Whether files are out of date, as opposed to a contract that cannot be written or a file that cannot be read.
    pub fn is_stale(&self) -> bool {
        matches!(self.0, Kind::Stale(_))
    }

    /// What is wrong with the contract: one text a problem, of several lines, with all its places; empty for other errors.
    pub fn problems(&self) -> &[String] {
        if let Kind::Contract(_, problems) = &self.0 { problems } else { &[] }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Contract(path, problems) => {
                let (count, s) = (problems.len(), if problems.len() == 1 { "" } else { "s" });
                write!(f, "the contract cannot be written to {}: {count} problem{s}", path.display())?;
                problems.iter().try_for_each(|problem| write!(f, "\n\nerror: {problem}"))
            }
            Kind::Stale(files) => {
                for stale in files {
                    writeln!(f, "{} is out of date:\n{}", stale.path.display(), stale.diff)?;
                }
                f.write_str("run the generator without `--check` to write it")
            }
            Kind::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Kind::Nothing(missing) => write!(f, "nothing to generate: {missing}"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Kind::Io(_, error) = &self.0 { Some(error) } else { None }
    }
}
