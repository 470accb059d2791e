//! `ackord-cat`: what `socat` is for sockets, for Socket.IO. Looks at and talks to any server of protocol 5.

mod address;
mod cli;
mod connect;
mod data;
mod failure;
mod interrupts;
mod modes;
mod notices;
mod output;
mod screen;
mod words;

use std::{io::IsTerminal, process::ExitCode};

use ackord::{Client, RawArgs, client::Untyped};
use clap::Parser;

use crate::{
    cli::{Cli, Command},
    connect::connect,
    failure::Failure,
    interrupts::Interrupts,
    modes::{
        listen, once, pipe,
        prompt::{self, Prompt, Questions},
        show_events,
    },
    notices::Notices,
    output::Output,
    screen::{ERROR, Screen},
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let screen = Screen::default();
    let done = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let done = runtime.block_on(run(&cli, &screen));
            // A read of the standard input cannot be taken back.
            runtime.shutdown_background();
            done
        }
        Err(e) => Err(Failure::Usage(e.to_string())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            screen.err(&format!("{ERROR}error:{ERROR:#} {failure}"));
            failure.code()
        }
    }
}

/// What to do, read from the command line: whatever is wrong there is told before anything is connected.
enum Mode<'a> {
    Emit(&'a str, RawArgs),
    Call(&'a str, RawArgs),
    Listen(Vec<String>, Option<RawArgs>),
    Pipe,
    Prompt(Questions),
}

impl<'a> Mode<'a> {
    fn new(command: Option<&'a Command>) -> Result<Self, Failure> {
        let arguments = |words: &[String]| words::arguments(words.iter().map(|word| &**word)).map_err(Failure::Usage);
        Ok(match command {
            Some(Command::Emit { event, args }) => Self::Emit(event, arguments(args)?),
            Some(Command::Call { event, args }) => Self::Call(event, arguments(args)?),
            Some(Command::Listen { events, ack }) => {
                Self::Listen(events.clone(), ack.as_ref().map(|ack| arguments(std::slice::from_ref(ack))).transpose()?)
            }
            None if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() => Self::Prompt(Questions::default()),
            None => Self::Pipe,
        })
    }

    /// Whether an interruption is the usual end of it.
    fn is_endless(&self) -> bool {
        matches!(self, Self::Listen(..) | Self::Prompt(_))
    }
}

async fn run(cli: &Cli, screen: &Screen) -> Result<(), Failure> {
    let mut mode = Mode::new(cli.command.as_ref())?;
    let notices = Notices::new(screen.clone(), &cli.output);
    let output = Output::start(screen.clone(), &cli.output)?;
    let setup = events(&mut mode, &output);
    let mut interrupts = Interrupts::new().map_err(|e| Failure::Usage(format!("signals: {e}")))?;
    let connected = interrupts.or(connect(&cli.url, &cli.server, &notices, setup)).await;
    let client = connected.ok_or(Failure::Interrupted)??;

    let work = async {
        tokio::select! {
            biased;
            done = work(cli, &mode, &client, &output, &notices, screen) => done,
            () = output.enough() => Ok(()),
            over = end(&client) => Err(over),
        }
    };
    let done = match interrupts.or(work).await {
        // Everything that has failed because the client is over has failed for that reason.
        Some(Err(failure)) => Err(Failure::of_state(&client.state()).unwrap_or(failure)),
        Some(Ok(())) => Ok(()),
        None if mode.is_endless() => Ok(()),
        None => Err(Failure::Interrupted),
    };
    // Whoever interrupts once more does not want to wait for it.
    let leave = async {
        client.disconnect().await;
        output.finish().await
    };
    let left = interrupts.or(leave).await.unwrap_or(Err(Failure::Interrupted));
    done.and(left).and(notices.all_sent())
}

/// What the client has to know before anything arrives.
fn events(mode: &mut Mode<'_>, output: &Output) -> impl FnOnce(&Client<Untyped>) + Send + 'static {
    type Setup = Box<dyn FnOnce(&Client<Untyped>) + Send>;
    let lines = output.lines();
    let setup: Setup = match mode {
        Mode::Emit(..) | Mode::Call(..) => Box::new(|_| {}),
        Mode::Listen(events, ack) => {
            let (events, ack) = (std::mem::take(events), ack.take());
            Box::new(move |client| listen::setup(client, lines, events, ack))
        }
        Mode::Pipe => Box::new(move |client| show_events(client, lines)),
        Mode::Prompt(questions) => {
            let questions = questions.clone();
            Box::new(move |client| prompt::setup(client, lines, questions))
        }
    };
    setup
}

async fn work(
    cli: &Cli,
    mode: &Mode<'_>,
    client: &Client<Untyped>,
    output: &Output,
    notices: &Notices,
    screen: &Screen,
) -> Result<(), Failure> {
    let (lines, timeout) = (output.lines(), cli.server.timeout);
    match mode {
        Mode::Emit(event, args) => once::emit(client, event, args).await,
        Mode::Call(event, args) => once::call(client, lines, event, args, timeout).await,
        Mode::Listen(..) => std::future::pending().await,
        Mode::Pipe => {
            pipe::run(client, lines, timeout).await?;
            if cli.output.stay || cli.output.count.is_some() { std::future::pending().await } else { Ok(()) }
        }
        Mode::Prompt(questions) => {
            let questions = questions.clone();
            Prompt { client, lines, questions, notices, screen, timeout }.run().await
        }
    }
}

/// Waits until the client is over, and not because we have left.
async fn end(client: &Client<Untyped>) -> Failure {
    let mut state = client.watch();
    let over = state.wait_for(|state| state.is_over() && Failure::of_state(state).is_some()).await;
    let failure = over.ok().and_then(|state| Failure::of_state(&state));
    failure.unwrap_or_else(|| Failure::Unreachable("the connection is lost".into()))
}

#[cfg(test)]
mod tests {
    use ackord::client::State;

    use super::*;

    #[test]
    fn what_ends_a_client_has_an_exit_code() {
        let lost = State::Disconnected { reason: ackord::DisconnectReason::PingTimeout, will_reconnect: false };
        assert_eq!(Failure::of_state(&lost), Some(Failure::Unreachable("the connection is lost: ping timeout".into())));
        assert_eq!(Failure::of_state(&State::Connecting), None);
    }
}
