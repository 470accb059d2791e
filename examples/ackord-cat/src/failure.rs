//! What can go wrong, and the exit code of each.

use std::{fmt, process::ExitCode};

use ackord::{
    CallError, DisconnectReason,
    client::{ConnectError, Refusal, State},
};
use serde_json::Value;

use crate::data::Clean;

/// Why the tool did not do what it was told to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The server does not want us, or what we have to say.
    Refused(String),
    /// The command line, a file, a line of the input.
    Usage(String),
    /// No way to a Socket.IO 5 server, or none any more.
    Unreachable(String),
    Timeout(String),
    Interrupted,
}

impl Failure {
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::Unreachable(_) => 3,
            Self::Timeout(_) => 4,
            Self::Interrupted => 130,
        })
    }

    /// Why the client is over, if it is and not by itself.
    pub(crate) fn of_state(state: &State) -> Option<Self> {
        match state {
            State::Refused(refusal) => Some(Self::Refused(refusal_text(refusal))),
            State::Disconnected { reason: DisconnectReason::IoServerDisconnect, .. } => {
                Some(Self::Refused("the server has disconnected us (io server disconnect)".into()))
            }
            State::Disconnected { reason: DisconnectReason::IoClientDisconnect, .. } => None,
            State::Disconnected { reason, will_reconnect: false } => {
                Some(Self::Unreachable(format!("the connection is lost: {reason}")))
            }
            _ => None,
        }
    }

    pub(crate) fn of_call(error: &CallError) -> Self {
        match error {
            CallError::Timeout => Self::Timeout(error.to_string()),
            CallError::TooLarge(_) | CallError::Fault(_) => Self::Refused(error.to_string()),
            CallError::Encode(_) => Self::Usage(error.to_string()),
            _ => Self::Unreachable(error.to_string()),
        }
    }
}

impl From<ConnectError<Value>> for Failure {
    fn from(error: ConnectError<Value>) -> Self {
        let text = connect_error_text(&error);
        match error {
            ConnectError::Denied { .. } | ConnectError::Refused { .. } => Self::Refused(text),
            ConnectError::Timeout => Self::Timeout(text),
            ConnectError::InvalidUrl(_) | ConnectError::Auth(_) => Self::Usage(text),
            _ => Self::Unreachable(text),
        }
    }
}

/// `Display` shows the data of a refusal as Rust does; whoever looks at a server wants its JSON.
pub(crate) fn connect_error_text(error: &ConnectError<Value>) -> String {
    match error {
        ConnectError::Denied { data, message } => format!("the server denies the connection: {message} {data}"),
        error => error.to_string(),
    }
}

fn refusal_text(refusal: &Refusal) -> String {
    let data = refusal.data::<Value>().map(|data| format!(" {data}")).unwrap_or_default();
    format!("the server refuses the connection: {}{data}", refusal.message())
}

/// For the terminal: half of these texts are the server's.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) | Self::Usage(why) | Self::Unreachable(why) | Self::Timeout(why) => Clean(why).fmt(f),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}
