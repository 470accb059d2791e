//! What was measured, beside what it may be.

use crate::Result;

/// Whether a number is within its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Kept,
    Missed,
    /// A number without a budget.
    Told,
    /// It could not be measured on this machine.
    Skipped,
}

const VERDICTS: [(Verdict, &str); 4] =
    [(Verdict::Kept, "ok"), (Verdict::Missed, "MISSED"), (Verdict::Told, ""), (Verdict::Skipped, "SKIPPED")];

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Row {
    what: String,
    value: String,
    budget: String,
    verdict: Verdict,
}

impl Row {
    /// `value` may be at most `limit`, in `unit`.
    pub(crate) fn at_most(what: impl Into<String>, value: f64, limit: f64, unit: &str) -> Self {
        let verdict = if value <= limit { Verdict::Kept } else { Verdict::Missed };
        Self { what: what.into(), value: number(value, unit), budget: format!("≤ {}", number(limit, unit)), verdict }
    }

    /// A number that has no budget, but explains those that have.
    pub(crate) fn told(what: impl Into<String>, value: f64, unit: &str) -> Self {
        Self { what: what.into(), value: number(value, unit), budget: String::new(), verdict: Verdict::Told }
    }

    pub(crate) fn skipped(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), value: why.into(), budget: String::new(), verdict: Verdict::Skipped }
    }

    /// A measurement that ended without a result, which is worse than a bad one.
    pub(crate) fn failed(what: &str, why: &str) -> Self {
        Self { what: what.to_owned(), value: format!("failed: {why}"), budget: "a result".to_owned(), verdict: Verdict::Missed }
    }

    pub(crate) fn is_missed(&self) -> bool {
        self.verdict == Verdict::Missed
    }

    /// For the process that prints the table.
    pub(crate) fn line(&self) -> String {
        [&self.what, &self.value, &self.budget, self.mark()].join("\t")
    }

    pub(crate) fn parse(line: &str) -> Result<Self> {
        let cells: Vec<_> = line.split('\t').collect();
        let &[what, value, budget, mark] = cells.as_slice() else { return Err(format!("not a row: {line}").into()) };
        let verdict = VERDICTS.iter().find(|(_, known)| *known == mark).ok_or_else(|| format!("not a verdict: {mark}"))?.0;
        Ok(Self { what: what.to_owned(), value: value.to_owned(), budget: budget.to_owned(), verdict })
    }

    fn mark(&self) -> &'static str {
        VERDICTS.iter().find(|(known, _)| *known == self.verdict).map_or("", |(_, mark)| mark)
    }
}

/// As many digits as mean something.
fn number(value: f64, unit: &str) -> String {
    let digits = if value.fract() == 0.0 || value.abs() >= 1000.0 { 0 } else { 2 };
    format!("{value:.digits$} {unit}").trim_end().to_owned()
}

/// The table, as Markdown, and under it what was missed.
pub(crate) fn print(rows: &[Row]) {
    let widths = [
        rows.iter().map(|row| row.what.chars().count()).max().unwrap_or(0),
        rows.iter().map(|row| row.value.chars().count()).max().unwrap_or(0),
        rows.iter().map(|row| row.budget.chars().count()).max().unwrap_or(0).max("budget".len()),
    ];
    let [what, value, budget] = widths;
    println!("| {:what$} | {:>value$} | {:>budget$} | {:7} |", "what", "measured", "budget", "");
    println!("|{:-<what$}--|{:-<value$}-:|{:-<budget$}-:|---------|", "", "", "");
    for row in rows {
        println!("| {:what$} | {:>value$} | {:>budget$} | {:7} |", row.what, row.value, row.budget, row.mark());
    }
    for row in rows.iter().filter(|row| row.is_missed()) {
        println!("\nmissed: {}: {}, budget {}", row.what, row.value, row.budget);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_survives_the_way_to_the_other_process() {
        for row in [
            Row::at_most("a", 4.0, 4.0, "B"),
            Row::at_most("a", 4.01, 4.0, "B"),
            Row::told("b", 1.5, "ms"),
            Row::skipped("c", "why"),
        ] {
            let line = row.line();
            assert_eq!(Row::parse(&line).unwrap().line(), line);
        }
    }

    #[test]
    fn only_above_its_limit_a_value_is_missed() {
        assert!(!Row::at_most("a", 4.0, 4.0, "").is_missed());
        assert!(Row::at_most("a", 4.1, 4.0, "").is_missed());
        assert!(Row::at_most("a", f64::NAN, 4.0, "").is_missed());
        assert!(Row::failed("a", "exit code 1").is_missed());
    }
}
