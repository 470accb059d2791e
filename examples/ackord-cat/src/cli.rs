//! The command line.

use std::{path::PathBuf, time::Duration};

use ackord::client::Transport;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Looks at and talks to a Socket.IO server (protocol 5: Socket.IO 3 and later).
///
/// Without a command: a prompt on a terminal; otherwise every line of the input is emitted, `["event", arg…]` or
/// `{"event": …, "args": […], "ack": true}`, and what comes is printed.
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER_HELP, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Where the server is: `https://host:port/namespace?query`; `host:port` and `:port` are http:// on that host and on this one
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

const AFTER_HELP: &str = "\
Arguments of events are JSON, or bare words: `message lobby 3 '{\"a\": [1]}' '\"3\"'`. `@path` is the content of a file and
`base64:aGk=` the bytes behind it, as attachments; anywhere in JSON that is {\"base64\": \"aGk=\"}.

Exit codes:
  0  done
  1  the server refuses the connection, throws the client out, or would not take a message
  2  the command line, a file or a line of the input cannot be used
  3  the server cannot be reached, is no Socket.IO 5 server, or the connection is lost for good
  4  no connection or no ack in time
  130  interrupted before it was done";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sends one event, and ends when it is with the server
    Emit {
        /// The event's name
        event: String,
        /// Its arguments: JSON, bare words, `@file`, `base64:…`
        #[arg(allow_negative_numbers = true)]
        args: Vec<String>,
    },
    /// Sends one event and prints the ack as one JSON value a line
    Call {
        /// The event's name
        event: String,
        /// Its arguments: JSON, bare words, `@file`, `base64:…`
        #[arg(allow_negative_numbers = true)]
        args: Vec<String>,
    },
    /// Prints events as they come, until interrupted
    Listen {
        /// Only these events; all without any
        events: Vec<String>,
        /// Answers questions with this ack: a JSON value or a bare word. Without it they are left unanswered
        #[arg(long, value_name = "VALUE")]
        ack: Option<String>,
    },
}

/// How to get to the server.
#[derive(Debug, Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct ServerArgs {
    /// The namespace, in place of the URL's path [default: /]
    #[arg(short, long, global = true, value_name = "PATH")]
    pub(crate) namespace: Option<String>,
    /// The auth payload: a JSON object, or `@file` with one (nobody sees that in a list of processes)
    #[arg(short, long, global = true, value_name = "JSON")]
    pub(crate) auth: Option<String>,
    /// A header of every request; may be repeated
    #[arg(short = 'H', long = "header", global = true, value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
    /// The path of the server's endpoint
    #[arg(short, long, global = true, value_name = "PATH", default_value = "/socket.io")]
    pub(crate) path: String,
    /// The transports, in the order of trying; `polling` alone stays there, `polling,websocket` upgrades
    #[arg(short, long, global = true, value_name = "LIST", value_delimiter = ',', default_value = "websocket,polling")]
    pub(crate) transport: Vec<TransportArg>,
    /// Accepts any certificate of the server. Dangerous: whoever is in between can read and change everything
    #[arg(short = 'k', long, global = true)]
    pub(crate) insecure: bool,
    /// Trusts the authorities in this PEM file, beside those of the system
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,
    /// Shows the certificate in this PEM file
    #[arg(long, global = true, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,
    /// The private key of --cert, in PEM
    #[arg(long, global = true, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// `http://` or `socks5://`, or `none` [default: `HTTP_PROXY` and so on, as curl reads them]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// Sends back the cookies that the server sets
    #[arg(long, global = true)]
    pub(crate) cookies: bool,
    /// Ends when the connection breaks, in place of coming back
    #[arg(long, global = true)]
    pub(crate) no_reconnect: bool,
    /// How long the connection may take, then the server to let us in, and then an ack
    #[arg(long, global = true, value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TransportArg {
    Polling,
    Websocket,
}

impl From<TransportArg> for Transport {
    fn from(transport: TransportArg) -> Self {
        match transport {
            TransportArg::Polling => Self::Polling,
            TransportArg::Websocket => Self::WebSocket,
        }
    }
}

/// What is told, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
#[expect(clippy::struct_excessive_bools, reason = "flags, each of which is a matter of its own")]
pub(crate) struct OutputArgs {
    /// One JSON object a line: {"event", "args", "ack", "time"}
    #[arg(short, long, global = true)]
    pub(crate) json: bool,
    /// Puts the time in front (RFC 3339, UTC); JSON has it anyway
    #[arg(long, global = true)]
    pub(crate) time: bool,
    /// Shows attachments in hexadecimal
    #[arg(long, global = true, conflicts_with = "json")]
    pub(crate) hex: bool,
    /// Writes attachments into this directory, as 0001.bin and so on, and shows the files
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) save_binary: Option<PathBuf>,
    /// Ends after so many printed events; until then the end of the input is no reason to leave
    #[arg(short = 'c', long, global = true, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
    /// Stays when the input has ended
    #[arg(long, global = true)]
    pub(crate) stay: bool,
    /// Tells nothing but what goes wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Also tells what is sent, and how the connection was made
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("expected a positive number of seconds".into()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_stand_anywhere_and_numbers_may_be_negative() {
        let cli = Cli::parse_from(["ackord-cat", "-q", "http://h", "call", "add", "-5", "2", "--timeout", "0.5", "--", "-x"]);
        assert!(cli.output.quiet);
        assert_eq!(cli.server.timeout, Duration::from_millis(500));
        assert!(matches!(cli.command, Some(Command::Call { event, args }) if event == "add" && args == ["-5", "2", "-x"]));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for args in [&["emit"][..], &["http://h", "--timeout", "0"], &["http://h", "--timeout=-1"], &["http://h", "--cert", "c"]]
        {
            assert!(Cli::try_parse_from(["ackord-cat"].iter().chain(args)).is_err(), "{args:?}");
        }
    }
}
