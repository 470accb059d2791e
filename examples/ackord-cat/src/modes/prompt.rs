//! A person at a terminal: a line is an event, what comes is printed above the prompt.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ackord::{Client, RawArgs, client::Untyped};
use rustyline::{DefaultEditor, error::ReadlineError};
use tokio::sync::{mpsc, oneshot};

use crate::{
    failure::Failure,
    notices::Notices,
    output::{Asks, Shown},
    screen::Screen,
    words,
};

const HELP: &str = "\
event arg…        sends an event: send lobby {\"text\": \"hi there\"} 3 true @photo.png base64:aGk=
/call event arg…  sends an event and prints its ack
/ack n arg…       answers the question of this number
/help  /quit      or Ctrl-D
";

/// So many questions of the server wait for an answer; of more, the oldest is left unanswered.
const QUESTIONS: usize = 100;

/// Questions that nobody has answered yet.
#[derive(Clone, Default)]
pub(crate) struct Questions(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    last: u64,
    open: VecDeque<(u64, oneshot::Sender<RawArgs>)>,
}

impl Questions {
    fn ask(&self) -> (u64, oneshot::Receiver<RawArgs>) {
        let (answer, answered) = oneshot::channel();
        let mut questions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        questions.last += 1;
        let n = questions.last;
        questions.open.push_back((n, answer));
        if questions.open.len() > QUESTIONS {
            questions.open.pop_front();
        }
        (n, answered)
    }

    fn answer(&self, n: &str, args: RawArgs) -> Result<(), String> {
        let mut questions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = questions.open.iter().position(|(number, _)| number.to_string() == n);
        let (_, answer) = at.and_then(|at| questions.open.remove(at)).ok_or_else(|| format!("/ack {n}: no such question"))?;
        answer.send(args).map_err(|_| format!("/ack {n}: the connection of the question is gone"))
    }
}

/// Prints all events, and lets those that ask be answered.
pub(crate) fn setup(client: &Client<Untyped>, lines: mpsc::Sender<Shown>, questions: Questions) {
    client.on_fallback(async move |event| {
        let (asks, answered) = match event.wants_ack.then(|| questions.ask()) {
            Some((n, answered)) => (Asks::Here(n), Some(answered)),
            None => (Asks::No, None),
        };
        lines.send(Shown::Event { name: event.name, args: event.args, asks }).await.ok()?;
        answered?.await.ok()
    });
}

/// The prompt, until it is left.
pub(crate) struct Prompt<'a> {
    pub(crate) client: &'a Client<Untyped>,
    pub(crate) lines: mpsc::Sender<Shown>,
    pub(crate) questions: Questions,
    pub(crate) notices: &'a Notices,
    pub(crate) screen: &'a Screen,
    pub(crate) timeout: Duration,
}

impl Prompt<'_> {
    /// # Errors
    /// The terminal does not work.
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let _terminal = Terminal::keep(self.screen);
        let mut typed = self.open().map_err(|e| Failure::Usage(format!("the terminal: {e}")))?;
        while let Some(line) = typed.recv().await {
            match self.obey(&line) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(why) => self.notices.complain(&why),
            }
        }
        Ok(())
    }

    /// A thread reads, as a terminal cannot be read without one.
    fn open(&self) -> rustyline::Result<mpsc::Receiver<String>> {
        let mut editor = DefaultEditor::new()?;
        self.screen.set_prompt(Some(Box::new(editor.create_external_printer()?)));
        let (lines, typed) = mpsc::channel(1);
        let notices = self.notices.clone();
        std::thread::spawn(move || {
            loop {
                match editor.readline("> ") {
                    Ok(line) => {
                        let _ = editor.add_history_entry(&line);
                        if lines.blocking_send(line).is_err() {
                            return;
                        }
                    }
                    Err(ReadlineError::Eof | ReadlineError::Interrupted) => return,
                    Err(e) => return notices.complain(&e.to_string()),
                }
            }
        });
        Ok(typed)
    }

    /// Does what a line says; false if it is the last.
    fn obey(&self, line: &str) -> Result<bool, String> {
        let words = words::split(line)?;
        match *words {
            [] => {}
            ["/quit"] => return Ok(false),
            ["/help"] => HELP.lines().for_each(|line| self.screen.err(line)),
            ["/ack", n, ref args @ ..] => self.questions.answer(n, words::arguments(args.iter().copied())?)?,
            ["/call", event, ref args @ ..] => self.ask(event, &words::arguments(args.iter().copied())?)?,
            [command, ..] if command.starts_with('/') => return Err(format!("{command}: /help lists what there is")),
            [event, ref args @ ..] => self.client.emit_raw(&name(event)?, &words::arguments(args.iter().copied())?),
        }
        Ok(true)
    }

    /// The ack comes when it comes: the prompt does not wait.
    fn ask(&self, event: &str, args: &RawArgs) -> Result<(), String> {
        let of = name(event)?;
        let call = self.client.call_raw(&of, args).timeout(self.timeout).into_future();
        let (lines, notices) = (self.lines.clone(), self.notices.clone());
        tokio::spawn(async move {
            match call.await {
                Ok(args) => drop(lines.send(Shown::Ack { of, args }).await),
                Err(e) => notices.complain(&format!("{of}: {e}")),
            }
        });
        Ok(())
    }
}

/// A name with blanks in it is written as a JSON string.
fn name(word: &str) -> Result<String, String> {
    if word.starts_with('"') { serde_json::from_str(word).map_err(|e| format!("{word}: {e}")) } else { Ok(word.to_owned()) }
}

/// The terminal as it was: whoever reads a line has changed it, and still reads when the connection ends.
struct Terminal<'a> {
    screen: &'a Screen,
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl<'a> Terminal<'a> {
    fn keep(screen: &'a Screen) -> Self {
        Self {
            screen,
            #[cfg(unix)]
            before: rustix::termios::tcgetattr(std::io::stdin()).ok(),
        }
    }
}

impl Drop for Terminal<'_> {
    fn drop(&mut self) {
        self.screen.set_prompt(None);
        #[cfg(unix)]
        if let Some(before) = &self.before {
            let _ = rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Now, before);
        }
    }
}
