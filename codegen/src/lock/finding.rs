use std::fmt;

use serde_json::{Value, json};

/// What a change of the contract does to those who do not have it yet.
///
/// Its `Display` is a text of a few lines, in the manner of rustc: what, where, whom it breaks and why, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Whether it fails the generator.
    pub level: Level,
    /// Who cannot talk to whom.
    pub breaks: Breaks,
    /// What has changed.
    pub what: String,
    /// Where: at least one place, several if a type is used by several events.
    pub places: Vec<Place>,
    /// Why the two sides do not understand each other.
    pub why: String,
    /// What to do instead.
    pub help: Option<String>,
}

/// How bad a [`Finding`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// The generator fails, unless it is told `--allow-breaking`.
    Breaking,
    /// It is told and nothing more.
    Warning,
}

/// Who has the contract as it was, and cannot talk to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breaks {
    /// Clients with the old contract, on a server with the new one.
    OldClients,
    /// Servers with the old contract, for clients with the new one: what happens if clients are deployed first.
    OldServers,
    /// Servers of one cluster with the old contract and with the new one, which are there side by side while servers are replaced.
    Cluster,
}

/// Who sends an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// A client, to the server.
    Client,
    /// The server, to clients.
    Server,
    /// A server, to the others of its cluster.
    Cluster,
}

/// Where something has changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Place {
    /// The namespace's path in the contract.
    pub namespace: String,
    /// The event's name on the wire; `None` for what belongs to the namespace itself.
    pub event: Option<String>,
    /// Who sends the event.
    pub from: Sender,
    /// Where in the event: `msg.replies[].id`, `answer`, `error(too_long).max`; or `auth.token`, `denied`, `{id}`. Empty for the whole.
    pub path: String,
}

impl Finding {
    /// The finding as `--format json` prints it.
    pub(crate) fn to_json(&self) -> Value {
        let level = match self.level {
            Level::Breaking => "breaking",
            Level::Warning => "warning",
        };
        let breaks = match self.breaks {
            Breaks::OldClients => "old-clients",
            Breaks::OldServers => "old-servers",
            Breaks::Cluster => "cluster",
        };
        let place = |place: &Place| {
            let event = place.event.as_ref();
            let from = event.map(|_| match place.from {
                Sender::Client => "client",
                Sender::Server => "server",
                Sender::Cluster => "cluster",
            });
            json!({ "namespace": place.namespace, "event": event, "from": from, "path": place.path })
        };
        let places: Vec<_> = self.places.iter().map(place).collect();
        json!({ "level": level, "breaks": breaks, "what": self.what, "places": places, "why": self.why, "help": self.help })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = if self.level == Level::Breaking { "breaking" } else { "warning" };
        write!(f, "{level}: {}", self.what)?;
        self.places.iter().try_for_each(|place| write!(f, "\n  --> {place}"))?;
        let breaks = self.breaks.to_string();
        let why = self.why.strip_prefix(&breaks).map_or_else(|| self.why.clone(), |why| format!("they{why}"));
        write!(f, "\n   = breaks {breaks}: {why}")?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n   = help: {help}"))
    }
}

impl fmt::Display for Breaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OldClients => "old clients",
            Self::OldServers => "old servers",
            Self::Cluster => "servers of both versions in one cluster",
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.namespace)?;
        if let Some(event) = &self.event {
            let from = match self.from {
                Sender::Client => "client to server",
                Sender::Server => "server to client",
                Sender::Cluster => "server to server",
            };
            write!(f, ", event `{event}` ({from})")?;
        }
        if self.path.is_empty() { Ok(()) } else { write!(f, ", `{}`", self.path) }
    }
}
