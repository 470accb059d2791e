//! Colours for those who read a generator's messages on a terminal.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

const RESET: &str = "\x1b[0m";

/// Gives lines their colours on the way to `W`: each line is written when it is complete, and what is left of one at the end.
pub(crate) struct Painted<W: Write> {
    to: W,
    line: Vec<u8>,
}

/// Whether there is somebody at `stream` who wants colours: see <https://no-color.org>.
pub(crate) fn wanted(stream: &impl IsTerminal) -> bool {
    stream.is_terminal()
        && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && env::var_os("TERM").is_none_or(|t| t != "dumb")
}

impl<W: Write> Painted<W> {
    pub(crate) fn new(to: W) -> Self {
        Self { to, line: Vec::new() }
    }

    fn finish(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let body = text.trim_end_matches('\n');
        let Some((colour, painted)) = colour(body) else { return self.to.write_all(&line) };
        let (before, after) = body.split_at(painted.start);
        let (inside, after) = after.split_at(painted.len());
        write!(self.to, "{before}{colour}{inside}{RESET}{after}{}", &text[body.len()..])
    }
}

impl<W: Write> Write for Painted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend(part);
            if part.ends_with(b"\n") {
                self.finish()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl<W: Write> Drop for Painted<W> {
    fn drop(&mut self) {
        // A reader that went away is nobody to report to.
        let _ = self.finish();
    }
}

/// The colour of a line, and which part of it has it.
fn colour(line: &str) -> Option<(&'static str, std::ops::Range<usize>)> {
    let marks = [
        ("error:", "\x1b[1;31m"),
        ("breaking:", "\x1b[1;31m"),
        ("warning:", "\x1b[1;33m"),
        ("  -->", "\x1b[1;34m"),
        ("   =", "\x1b[1;34m"),
        ("@@", "\x1b[36m"),
        ("wrote", "\x1b[1;32m"),
    ];
    if let Some((mark, colour)) = marks.into_iter().find(|(mark, _)| line.starts_with(mark)) {
        // Of a hunk's head the whole line.
        return Some((colour, 0..if mark == "@@" { line.len() } else { mark.len() }));
    }
    let colour = match line.as_bytes().first()? {
        b'+' => "\x1b[32m",
        b'-' => "\x1b[31m",
        _ => return None,
    };
    Some((colour, 0..line.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_pieces_is_painted_by_lines() {
        let mut out = Vec::new();
        let mut to = Painted::new(&mut out);
        for part in ["err", "or: wr", "ong\n  --> here\n   = help: do\n+a\n", " same\nend"] {
            to.write_all(part.as_bytes()).unwrap();
        }
        drop(to);
        let text = String::from_utf8(out).unwrap();
        let expected = "\x1b[1;31merror:\x1b[0m wrong\n\x1b[1;34m  -->\x1b[0m here\n\x1b[1;34m   =\x1b[0m help: do\n\x1b[32m+a\x1b[0m\n same\nend";
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_is_added_to_plain_text() {
        let mut out = Vec::new();
        Painted::new(&mut out).write_all("plain text\n\nend".as_bytes()).unwrap();
        assert_eq!(out, b"plain text\n\nend");
    }
}
