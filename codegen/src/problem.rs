//! What is wrong with a contract, as its author reads it: what, where, and what to do. The same mistake at ten places is told once, and
//! so is one that several files have.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// One thing that is wrong, at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// What is wrong, and why it matters.
    pub(crate) what: String,
    /// Where: a path in Rust, and what of it; nothing if it is the contract as a whole.
    pub(crate) at: String,
    /// What to do, a line for each way; nothing if `what` says it.
    pub(crate) help: String,
}

impl Problem {
    pub(crate) fn new(what: impl Into<String>, at: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), at: at.into(), help: help.into() }
    }
}

/// The problems of several files.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    /// The files that cannot be written, in the order of the program.
    files: Vec<PathBuf>,
    /// Which of them have a problem.
    found: BTreeMap<Problem, Vec<usize>>,
}

impl Problems {
    pub(crate) fn add(&mut self, file: &Path, problems: impl IntoIterator<Item = Problem>) {
        let at = self.files.len();
        self.files.push(file.to_owned());
        for problem in problems {
            let files = self.found.entry(problem).or_default();
            if files.last() != Some(&at) {
                files.push(at);
            }
        }
    }

    pub(crate) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// One text for each thing that is wrong, with all its places; sorted, so that it does not depend on the order of discovery.
    pub(crate) fn texts(&self) -> Vec<String> {
        let mut all: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for (Problem { what, at, help }, files) in &self.found {
            all.entry((what, help, files)).or_default().push(at);
        }
        all.into_iter().map(|((what, help, files), places)| self.text(what, &places, help, files)).collect()
    }

    fn text(&self, what: &str, places: &[&str], help: &str, files: &[usize]) -> String {
        let mut text = what.to_owned();
        for place in places.iter().filter(|place| !place.is_empty()) {
            // Writing to a string does not fail, here and below.
            let _ = write!(text, "\n  --> {place}");
        }
        if self.files.len() > 1 {
            let _ = write!(text, "\n   = note: in {}", list(&names(files.iter().map(|&file| &self.files[file]))));
        }
        for help in help.lines() {
            let _ = write!(text, "\n   = help: {help}");
        }
        text
    }
}

pub(crate) fn names<'a>(files: impl IntoIterator<Item = &'a PathBuf>) -> Vec<String> {
    files.into_iter().map(|file| file.display().to_string()).collect()
}

/// `a.ts, b.ts and c.json`.
pub(crate) fn list(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(of: &[(&str, &str, &str)]) -> Vec<Problem> {
        of.iter().map(|&(what, at, help)| Problem::new(what, at, help)).collect()
    }

    #[test]
    fn the_same_mistake_is_told_once() {
        let mut all = Problems::default();
        all.add(Path::new("a"), problems(&[("b", "y", "do"), ("a", "x", ""), ("b", "x", "do"), ("b", "y", "do")]));
        assert_eq!(all.texts(), ["a\n  --> x", "b\n  --> x\n  --> y\n   = help: do"]);
    }

    #[test]
    fn files_are_named_if_there_are_several() {
        let mut all = Problems::default();
        all.add(Path::new("a"), problems(&[("w", "x", ""), ("w", "y", "")]));
        all.add(Path::new("b"), problems(&[("w", "x", "")]));
        all.add(Path::new("c"), problems(&[("w", "x", "")]));
        assert_eq!(all.texts(), ["w\n  --> y\n   = note: in a", "w\n  --> x\n   = note: in a, b and c"]);
    }
}
