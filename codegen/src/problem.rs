//! What is wrong with a contract, as its author reads it: what, where, and what to do. The same mistake at ten places is told once.

use std::{collections::BTreeMap, fmt::Write as _};

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

/// One text for each thing that is wrong, with all its places; sorted, so that it does not depend on the order of discovery.
pub(crate) fn texts(problems: impl IntoIterator<Item = Problem>) -> Vec<String> {
    let mut all: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for Problem { what, at, help } in problems {
        all.entry((what, help)).or_default().push(at);
    }
    let text = |((what, help), mut places): ((String, String), Vec<String>)| {
        places.sort();
        places.dedup();
        let mut text = what;
        for place in places.iter().filter(|place| !place.is_empty()) {
            // Writing to a string does not fail, here and below.
            let _ = write!(text, "\n  --> {place}");
        }
        for help in help.lines() {
            let _ = write!(text, "\n   = help: {help}");
        }
        text
    };
    all.into_iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_mistake_is_told_once() {
        let problems = [("b", "y", "do"), ("a", "x", ""), ("b", "x", "do"), ("b", "y", "do")]
            .map(|(what, at, help)| Problem::new(what, at, help));
        assert_eq!(texts(problems), ["a\n  --> x", "b\n  --> x\n  --> y\n   = help: do"]);
    }
}
