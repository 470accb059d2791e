//! A line diff for people to read.

use std::fmt::Write as _;

/// Unchanged lines around a change.
const CONTEXT: usize = 2;
/// Above this product of changed lines the changed part is shown as a whole, removed then added.
const EXHAUSTIVE: usize = 4_000_000;

#[derive(Clone, Copy, PartialEq)]
enum Edit<'a> {
    Keep(&'a str),
    Remove(&'a str),
    Add(&'a str),
}

/// What has to change for `old` to become `new`, as hunks of a unified diff.
pub(crate) fn diff(old: &str, new: &str) -> String {
    let edits = edits(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>());
    let near = |at: usize| {
        let around = at.saturating_sub(CONTEXT)..edits.len().min(at + CONTEXT + 1);
        edits[around].iter().any(|e| !matches!(e, Edit::Keep(_)))
    };
    let (mut out, mut line, mut in_hunk) = (String::new(), 1, false);
    for (at, edit) in edits.iter().enumerate() {
        let shown = near(at);
        if shown && !in_hunk {
            let _ = writeln!(out, "@@ line {line} @@");
        }
        in_hunk = shown;
        let (sign, text) = match edit {
            Edit::Keep(text) => (' ', text),
            Edit::Remove(text) => ('-', text),
            Edit::Add(text) => ('+', text),
        };
        if shown {
            let _ = writeln!(out, "{sign}{text}");
        }
        line += usize::from(sign != '+');
    }
    out
}

fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Edit<'a>> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (mid_old, mid_new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut edits: Vec<_> = old[..head].iter().map(|l| Edit::Keep(l)).collect();
    if mid_old.len().saturating_mul(mid_new.len()) > EXHAUSTIVE {
        edits.extend(mid_old.iter().map(|l| Edit::Remove(l)));
        edits.extend(mid_new.iter().map(|l| Edit::Add(l)));
    } else {
        longest_common(mid_old, mid_new, &mut edits);
    }
    edits.extend(old[old.len() - tail..].iter().map(|l| Edit::Keep(l)));
    edits
}

/// The edits with the most lines kept.
fn longest_common<'a>(old: &[&'a str], new: &[&'a str], edits: &mut Vec<Edit<'a>>) {
    let width = new.len() + 1;
    // At `i * width + j`: how many lines of `old[i..]` and `new[j..]` can be kept.
    let mut kept = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            kept[i * width + j] = if old[i] == new[j] {
                kept[(i + 1) * width + j + 1] + 1
            } else {
                kept[(i + 1) * width + j].max(kept[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            edits.push(Edit::Keep(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && kept[(i + 1) * width + j] >= kept[i * width + j + 1]) {
            edits.push(Edit::Remove(old[i]));
            i += 1;
        } else {
            edits.push(Edit::Add(new[j]));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn changes_are_shown_with_what_is_around_them() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";
        let new = "a\nb\nc\nD\ne\nf\ng\nh\ni\nj\nk\n";
        assert_eq!(diff(old, new), "@@ line 2 @@\n b\n c\n-d\n+D\n e\n f\n@@ line 9 @@\n i\n j\n+k\n");
        assert_eq!(diff(old, old), "");
        assert_eq!(diff("", "a\n"), "@@ line 1 @@\n+a\n");
        assert_eq!(diff("a\n", ""), "@@ line 1 @@\n-a\n");
    }

    #[test]
    fn large_changes_are_shown_as_a_whole() {
        let lines = |prefix: &str| (0..3000).map(|i| format!("{prefix}{i}")).collect::<Vec<_>>().join("\n");
        let text = diff(&lines("a"), &lines("b"));
        assert_eq!(text.lines().count(), 6001);
        assert!(text.lines().skip(1).take(3000).all(|l| l.starts_with('-')));
    }
}
