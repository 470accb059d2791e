//! What a document says of itself, which no contract knows.

use std::env;

use serde_json::{Map, Value, json};

use crate::problem::Problem;

/// What an AsyncAPI document says of the application, and the version of AsyncAPI that it is written in.
///
/// ```
/// use ackord_codegen::{AsyncApi, Info};
/// let info = Info::cargo().title("Chat").server("wss://chat.example.com");
/// let older = Info::new("Chat", "1.2.0").description("Rooms, and people in them.").asyncapi(AsyncApi::V3_0);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Info {
    title: Option<String>,
    version: Option<String>,
    description: Option<String>,
    license: Option<String>,
    servers: Vec<String>,
    asyncapi: AsyncApi,
}

/// A version of AsyncAPI. What is written is the same; tools may know only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AsyncApi {
    /// 3.0.
    V3_0,
    /// 3.1, the default.
    #[default]
    V3_1,
}

impl Info {
    /// An application of this name and version.
    pub fn new(title: impl Into<String>, version: impl Into<String>) -> Self {
        Self { title: Some(title.into()), version: Some(version.into()), ..Self::default() }
    }

    /// The name, version, description and license of the package whose program or test runs, as Cargo has them.
    ///
    /// They are read when the program runs, by `cargo run` or `cargo test`: whoever starts it in another way is told to use
    /// [`Info::new`].
    pub fn cargo() -> Self {
        let of = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            title: of("CARGO_PKG_NAME"),
            version: of("CARGO_PKG_VERSION"),
            description: of("CARGO_PKG_DESCRIPTION"),
            license: of("CARGO_PKG_LICENSE"),
            ..Self::default()
        }
    }

    /// The name of the application.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The version of the application: of the contract, not of AsyncAPI.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// What the application is, in Markdown.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds a server: `wss://chat.example.com`, or with the path at which it is mounted if that is not `/socket.io/`. `https` and `http` are
    /// `wss` and `ws`. Without one the host is a variable of the document.
    pub fn server(mut self, url: impl Into<String>) -> Self {
        self.servers.push(url.into());
        self
    }

    /// The version of AsyncAPI: 3.1 by default.
    pub fn asyncapi(mut self, version: AsyncApi) -> Self {
        self.asyncapi = version;
        self
    }

    pub(super) fn spec(&self) -> &'static str {
        match self.asyncapi {
            AsyncApi::V3_0 => "3.0.0",
            AsyncApi::V3_1 => "3.1.0",
        }
    }

    /// What the document says of itself, and then what there is to connect to.
    pub(super) fn about(&self, connecting: &str) -> Result<Value, Problem> {
        let (Some(title), Some(version)) = (&self.title, &self.version) else {
            let help = "run the generator with Cargo, or name them with `Info::new`";
            return Err(Problem::new("the document has no title and version", "", help));
        };
        let mut about = Map::new();
        about.insert("title".to_owned(), title.clone().into());
        about.insert("version".to_owned(), version.clone().into());
        let description = self.description.as_deref().map_or_else(String::new, |text| format!("{text}\n\n")) + connecting;
        about.insert("description".to_owned(), description.into());
        if let Some(license) = &self.license {
            about.insert("license".to_owned(), json!({ "name": license }));
        }
        Ok(about.into())
    }

    pub(super) fn servers(&self) -> Value {
        let numbered =
            |(i, url): (usize, &String)| (if i == 0 { "server".to_owned() } else { format!("server{}", i + 1) }, server(url));
        let named: Map<_, _> = self.servers.iter().enumerate().map(numbered).collect();
        if !named.is_empty() {
            return named.into();
        }
        let mut any = server("wss://{host}");
        any["variables"] = json!({ "host": { "description": "Where the server is: a name, and a port if it is not 443." } });
        json!({ "server": any })
    }
}

fn server(url: &str) -> Value {
    let (scheme, rest) = url.split_once("://").unwrap_or(("wss", url));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let protocol = if matches!(scheme, "http" | "ws") { "ws" } else { "wss" };
    let path = if path.is_empty() { "socket.io/" } else { path };
    json!({
        "host": host,
        "protocol": protocol,
        "pathname": format!("/{path}"),
        "description": "Socket.IO 4: protocol 5 over Engine.IO 4. Clients may begin with HTTP long-polling.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        for (url, want) in [
            ("wss://a.example", ("a.example", "wss", "/socket.io/")),
            ("https://a.example/", ("a.example", "wss", "/socket.io/")),
            ("http://localhost:3000/ws/", ("localhost:3000", "ws", "/ws/")),
            ("a.example:8443", ("a.example:8443", "wss", "/socket.io/")),
        ] {
            let server = server(url);
            assert_eq!(
                (&server["host"], &server["protocol"], &server["pathname"]),
                (&want.0.into(), &want.1.into(), &want.2.into())
            );
        }
        let servers = Info::new("a", "1").server("wss://a").server("wss://b").servers();
        assert_eq!((&servers["server"]["host"], &servers["server2"]["host"]), (&"a".into(), &"b".into()));
        assert_eq!(Info::new("a", "1").servers()["server"]["host"], "{host}");
    }

    #[test]
    fn cargo_knows_the_package() {
        let about = Info::cargo().about("").unwrap();
        assert_eq!(about["title"], "ackord-codegen");
        assert_eq!(about["version"], env!("CARGO_PKG_VERSION"));
        assert!(Info::default().about("").unwrap_err().help.contains("Info::new"));
    }
}
