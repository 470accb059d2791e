//! Where lines go: the standard streams, or above the prompt while there is one.

use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use anstream::ColorChoice;
use anstyle::{AnsiColor, Color, Style};
use rustyline::ExternalPrinter;

pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const NAME: Style = Style::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Cyan)));
pub(crate) const ACK: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Green)));
pub(crate) const ERROR: Style = Style::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Red)));

type Prompt = Box<dyn ExternalPrinter + Send>;

/// Cheap to clone. Colours go only where they are seen: not to a file or a pipe, and not with `NO_COLOR`.
#[derive(Clone, Default)]
pub(crate) struct Screen {
    prompt: Arc<Mutex<Option<Prompt>>>,
    /// There is a line on stderr that is to be written over.
    passing: Arc<AtomicBool>,
}

impl Screen {
    /// From now on all lines go above a prompt; with `None` to the standard streams again.
    pub(crate) fn set_prompt(&self, prompt: Option<Prompt>) {
        *self.prompt.lock().unwrap_or_else(PoisonError::into_inner) = prompt;
    }

    /// A line of output.
    ///
    /// # Errors
    /// Nobody reads it.
    pub(crate) fn out(&self, line: &str) -> io::Result<()> {
        if self.above_prompt(line) {
            return Ok(());
        }
        if self.passing.load(Relaxed) {
            self.passed();
        }
        let mut out = anstream::stdout().lock();
        writeln!(out, "{line}")?;
        out.flush()
    }

    /// A line for whoever watches. If nobody does, that is no reason to stop.
    pub(crate) fn err(&self, line: &str) {
        if !self.above_prompt(line) {
            let _ = writeln!(anstream::stderr().lock(), "{}{line}", self.clear());
        }
    }

    /// A line that the next one is written over. Only for a terminal.
    pub(crate) fn pass(&self, line: &str) {
        let clear = self.clear();
        self.passing.store(true, Relaxed);
        let _ = write!(anstream::stderr().lock(), "{clear}{line}");
    }

    /// Nothing passes any more.
    pub(crate) fn passed(&self) {
        let _ = write!(anstream::stderr().lock(), "{}", self.clear());
    }

    fn clear(&self) -> &'static str {
        if self.passing.swap(false, Relaxed) { "\r\x1b[K" } else { "" }
    }

    fn above_prompt(&self, line: &str) -> bool {
        let mut prompt = self.prompt.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(printer) = prompt.as_mut() else { return false };
        let colours = anstream::AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let line = if colours { line.to_owned() } else { anstream::adapter::strip_str(line).to_string() };
        printer.print(line + "\n").is_ok()
    }
}
