//! What the arguments of a generator say.

use std::{ffi::OsString, path::PathBuf};

/// The text of `--help`.
pub(crate) const USAGE: &str = "\
Generates code from the contract.

Usage: [--check | --stdout | --against FILE] [--allow-breaking] [--format text|json]

  without arguments   write the files that changed
  --check             write nothing; fail and show the differences if files are out of date
  --stdout            write nothing; print the files
  --against FILE      write nothing; compare the contract with FILE, a lock file of a release or of another branch
  --allow-breaking    accept changes that break those who have the contract of the lock file
  --format json       print what was found as JSON, on the standard output

Exit codes:

  0   all is well
  1   files are out of date, or nothing could be generated
  2   the arguments were not understood
  3   the contract breaks those who have the one of the lock file
";

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Mode {
    #[default]
    Write,
    Check,
    Stdout,
    Against(PathBuf),
    Help,
}

/// What to do, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Options {
    pub(crate) mode: Mode,
    pub(crate) allow_breaking: bool,
    pub(crate) json: bool,
}

impl Options {
    /// `None` if they are not understood.
    pub(crate) fn parse(args: &[OsString]) -> Option<Self> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.to_str()? {
                "--check" => options.set(Mode::Check)?,
                "--stdout" => options.set(Mode::Stdout)?,
                "--against" => options.set(Mode::Against(args.next()?.into()))?,
                "--help" | "-h" => return Some(Self { mode: Mode::Help, ..options }),
                "--allow-breaking" => options.allow_breaking = true,
                "--format" => options.json = json(args.next()?.to_str()?)?,
                "--format=json" => options.json = true,
                "--format=text" => options.json = false,
                _ => return None,
            }
        }
        // What is printed is either the files or what was found.
        let two = options.mode == Mode::Stdout && (options.json || options.allow_breaking);
        (!two).then_some(options)
    }

    /// One mode and no other.
    fn set(&mut self, mode: Mode) -> Option<()> {
        let first = self.mode == Mode::Write;
        self.mode = mode;
        first.then_some(())
    }
}

fn json(format: &str) -> Option<bool> {
    match format {
        "json" => Some(true),
        "text" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &str) -> Option<Options> {
        Options::parse(&args.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn arguments_are_understood_in_any_order() {
        let options = |mode, allow_breaking, json| Some(Options { mode, allow_breaking, json });
        assert_eq!(parse(""), options(Mode::Write, false, false));
        assert_eq!(parse("--allow-breaking"), options(Mode::Write, true, false));
        assert_eq!(parse("--check --format json"), options(Mode::Check, false, true));
        assert_eq!(parse("--format=json --check"), options(Mode::Check, false, true));
        assert_eq!(parse("--against main.json --allow-breaking"), options(Mode::Against("main.json".into()), true, false));
        assert_eq!(parse("--check --help"), options(Mode::Help, false, false));
    }

    #[test]
    fn what_makes_no_sense_is_not_guessed() {
        for args in
            ["--check --stdout", "--check --check", "--against", "--format yaml", "--format", "x", "--stdout --format json"]
        {
            assert_eq!(parse(args), None, "{args}");
        }
    }
}
