use std::{borrow::Cow, sync::Arc};

use serde_json::Value;

use crate::contract::{Namespace, NoEvents};

/// A namespace of a server whose contract one does not have: everything goes by name and [`RawArgs`](crate::RawArgs).
///
/// Auth and the `data` of a refusal are JSON; no auth is `null`. Without [`namespace`](super::Connect::namespace) it is `/`.
///
/// ```no_run
/// use ackord::{Client, RawArgs, client::Untyped};
/// use serde_json::json;
/// use std::time::Duration;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let chat = Client::<Untyped>::connect("http://localhost:3000")
///     .namespace(Untyped::new("/chat"))
///     .auth(json!({ "token": "t" }))
///     .setup(|chat| {
///         chat.on_any(|event, args| println!("{event} {args:?}"));
///         chat.on_raw("confirm", async |args: RawArgs| args);
///     })
///     .await?;
/// chat.emit_raw("typing", &RawArgs::new().arg("lobby")?);
/// let answer = chat.call_raw("count", &RawArgs::new()).timeout(Duration::from_secs(3)).await?;
/// println!("{} there", answer.get::<u32>(0)?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untyped {
    path: Arc<str>,
}

impl Untyped {
    /// The namespace of this path. As in the reference, a `/` that is missing at its start is added.
    pub fn new(path: &str) -> Self {
        Self { path: if path.starts_with('/') { path.into() } else { format!("/{path}").into() } }
    }
}

impl Default for Untyped {
    fn default() -> Self {
        Self::new(Self::PATTERN)
    }
}

impl Namespace for Untyped {
    const PATTERN: &'static str = "/";
    const NAME: &'static str = "Untyped";
    type Server = dyn NoEvents;
    type Client = dyn NoEvents;
    type Cluster = dyn NoEvents;
    type Auth = Value;
    type Denied = Value;

    fn path(&self) -> Cow<'static, str> {
        String::from(&*self.path).into()
    }

    fn parse(path: &str) -> Option<Self> {
        Some(Self::new(path))
    }
}
