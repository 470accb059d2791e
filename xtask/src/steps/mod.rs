//! The steps of `cargo xtask test`, in the order in which they run: quick and most often broken first.

mod rust;
mod web;

use crate::{
    shell::capture,
    suite::{Count, Outcome, Step},
};
use std::process::Command;

pub(crate) const ALL: &[Step] = &[
    Step { name: "fmt", run: rust::fmt },
    Step { name: "clippy", run: rust::clippy },
    Step { name: "test", run: rust::test },
    Step { name: "doc", run: rust::doc },
    Step { name: "features", run: rust::each_feature },
    Step { name: "native-tls", run: rust::native_tls },
    Step { name: "deps", run: rust::deps },
    Step { name: "typings", run: rust::typings },
    Step { name: "web", run: web::page },
    Step { name: "typescript", run: web::typescript },
    Step { name: "chat", run: web::chat },
    Step { name: "goldens", run: web::goldens },
    Step { name: "interop", run: web::interop },
    Step { name: "browser", run: web::browser },
];

/// What the parts of one step come to.
#[derive(Default)]
struct Tally {
    count: Count,
    log: String,
}

impl Tally {
    /// One command is one check.
    fn check(&mut self, command: Command) {
        let (ok, text) = capture(command);
        self.note(ok, &text);
    }

    /// One command that reports tests; `read` finds their numbers in its output.
    fn tests(&mut self, command: Command, read: fn(&str) -> Count) {
        let (ok, text) = capture(command);
        let mut count = read(&text);
        if count == Count::default() {
            // Nothing ran, which is what a wrong filter or a lost folder looks like: never a success.
            return self.note(false, &format!("{text}no test ran\n"));
        }
        if !ok && count.failed == 0 {
            count.failed = 1;
        }
        self.count += count;
        if count.failed > 0 {
            self.log.push_str(&text);
        }
    }

    fn note(&mut self, ok: bool, text: &str) {
        if ok {
            self.count.passed += 1;
        } else {
            self.count.failed += 1;
            self.log.push_str(text);
        }
    }

    fn done(self) -> Outcome {
        Outcome::Ran { count: self.count, log: self.log }
    }
}

fn check(command: Command) -> Outcome {
    let mut tally = Tally::default();
    tally.check(command);
    tally.done()
}

/// The sum of libtest's lines `test result: ok. 3 passed; 0 failed; 0 ignored; …`.
fn libtest(text: &str) -> Count {
    let mut sum = Count::default();
    for line in text.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
        let of = |word| number_before(line, word);
        sum += Count { passed: of(" passed"), failed: of(" failed"), skipped: of(" ignored") };
    }
    sum
}

fn number_before(line: &str, word: &str) -> u64 {
    let before = line.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The closing lines of Node's test runner, `ℹ pass 3` or `# pass 3`.
fn node_test(text: &str) -> Count {
    let of = |word| {
        let lines = text.lines().filter_map(|line| line.trim_start_matches(['ℹ', '#', ' ']).strip_prefix(word));
        lines.filter_map(|rest| rest.trim().parse::<u64>().ok()).sum()
    };
    Count { passed: of("pass "), failed: of("fail ") + of("cancelled "), skipped: of("skipped ") }
}

#[cfg(test)]
mod tests {
    use super::{Count, libtest, node_test};

    #[test]
    fn the_lines_of_libtest_are_summed() {
        let text = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                    test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(libtest(text), Count { passed: 15, failed: 2, skipped: 1 });
    }

    #[test]
    fn both_reporters_of_node_are_read() {
        for text in
            ["ℹ tests 9\nℹ pass 6\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\n", "# pass 6\n# fail 1\n# cancelled 1\n# skipped 1\n"]
        {
            assert_eq!(node_test(text), Count { passed: 6, failed: 2, skipped: 1 });
        }
    }

    #[test]
    fn a_text_without_results_counts_nothing() {
        assert_eq!(libtest("error: could not compile"), Count::default());
        assert_eq!(node_test("bash: node: command not found"), Count::default());
    }
}
