//! What is told of the connection's life, on stderr.

use std::{
    future::Future,
    io::IsTerminal,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use ackord::client::{ConnectError, EventFault, FaultKind};
use serde_json::Value;

use crate::{
    cli::OutputArgs,
    data::Clean,
    failure::{Failure, connect_error_text},
    screen::{DIM, ERROR, Screen},
};

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Quiet,
    Normal,
    Verbose,
}

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Notices {
    screen: Screen,
    level: Level,
    time: bool,
    /// The first event that was not sent.
    unsent: Arc<Mutex<Option<String>>>,
}

impl Notices {
    pub(crate) fn new(screen: Screen, output: &OutputArgs) -> Self {
        let level = match (output.quiet, output.verbose) {
            (true, _) => Level::Quiet,
            (false, false) => Level::Normal,
            (false, true) => Level::Verbose,
        };
        Self { screen, level, time: output.time, unsent: Arc::default() }
    }

    /// Something about the connection.
    pub(crate) fn tell(&self, text: &str) {
        self.at(Level::Normal, text);
    }

    /// Something that only `--verbose` wants to know.
    pub(crate) fn detail(&self, text: &str) {
        self.at(Level::Verbose, text);
    }

    pub(crate) fn is_verbose(&self) -> bool {
        self.level == Level::Verbose
    }

    /// Something that went wrong and is not the end.
    pub(crate) fn complain(&self, text: &str) {
        self.screen.err(&format!("{ERROR}error:{ERROR:#} {}", Clean(text)));
    }

    fn at(&self, level: Level, text: &str) {
        if self.level >= level {
            let time = if self.time { time() + " " } else { String::new() };
            self.screen.err(&format!("{DIM}{time}* {}{DIM:#}", Clean(text)));
        }
    }

    pub(crate) fn attempt_failed(&self, error: &ConnectError<Value>, will_retry: bool) {
        // If there is no other attempt it is the end, and told as such.
        if will_retry {
            self.tell(&format!("{}; trying again", connect_error_text(error)));
        }
    }

    /// Events that nobody handles are no faults here; events that were not sent are.
    pub(crate) fn fault(&self, fault: &EventFault) {
        if fault.kind == FaultKind::UnknownEvent {
            return;
        }
        let text = fault.to_string();
        self.complain(&text);
        self.unsent.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
    }

    /// # Errors
    /// An event was not sent. It was told at its time.
    pub(crate) fn all_sent(&self) -> Result<(), Failure> {
        match self.unsent.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            Some(why) => Err(Failure::Refused(why)),
            None => Ok(()),
        }
    }

    /// Awaits `work`, and on a terminal shows that something is going on.
    pub(crate) async fn spin<T>(&self, text: &str, work: impl Future<Output = T>) -> T {
        if self.level != Level::Normal || !std::io::stderr().is_terminal() {
            self.detail(text);
            return work.await;
        }
        let mut work = std::pin::pin!(work);
        let mut frames = ["-", "\\", "|", "/"].into_iter().cycle();
        let mut every = tokio::time::interval(Duration::from_millis(120));
        let done = loop {
            tokio::select! {
                done = &mut work => break done,
                _ = every.tick() => {
                    let frame = frames.next().unwrap_or_default();
                    self.screen.pass(&format!("{DIM}{frame} {}{DIM:#}", Clean(text)));
                }
            }
        };
        self.screen.passed();
        done
    }
}

/// RFC 3339 with milliseconds, UTC.
pub(crate) fn time() -> String {
    humantime::format_rfc3339_millis(SystemTime::now()).to_string()
}
