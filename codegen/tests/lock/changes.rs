//! A chat, before and after: what its lock file is, and what is said of the change.

use ackord_codegen::{Codegen, Level, Lock};
use expect_test::{ExpectFile, expect_file};

use super::{LockFile, texts};

mod before {
    use ackord::{Namespace, Stream, events, payload};

    #[payload]
    pub struct Login {
        pub token: String,
    }

    #[payload]
    pub struct Message {
        pub id: u32,
        pub from: String,
        pub text: String,
        pub reply_to: Option<u32>,
    }

    #[payload]
    #[serde(tag = "code", rename_all = "snake_case")]
    pub enum SendError {
        NotInRoom,
        TooLong { max: u32 },
    }

    #[events(rename_all = "camelCase")]
    pub trait Server {
        async fn send(&self, room: &str, text: String, reply_to: Option<u32>) -> Result<Message, SendError>;
        fn typing(&self, room: &str);
        async fn leave_room(&self, room: &str);
        #[event(stream, window = 8, alias = "prices")]
        fn ticks(&self, symbol: &str) -> impl Stream<Item = f64>;
    }

    #[events]
    pub trait Client {
        fn message(&self, msg: &Message);
        fn history(&self, msgs: &[Message]);
        async fn confirm(&self, prompt: &str) -> bool;
    }

    #[payload]
    pub struct Load {
        pub sockets: u32,
    }

    #[events]
    pub trait Nodes {
        fn reload(&self, room: &str);
        async fn load(&self) -> Load;
    }

    #[derive(Namespace, Clone)]
    #[namespace(path = "/org-{id}", server = dyn Server, client = dyn Client, cluster = dyn Nodes, auth = Login)]
    pub struct Chat {
        pub id: u32,
    }
}

/// What everybody can live with.
mod additive {
    use ackord::{Namespace, Stream, events, payload};

    #[payload]
    pub struct Login {
        pub token: String,
        pub device: Option<String>,
    }

    /// What somebody said.
    #[payload]
    pub struct Message {
        pub id: u32,
        pub from: String,
        pub text: String,
        pub reply_to: Option<u32>,
        pub edited: Option<bool>,
    }

    #[payload]
    #[serde(tag = "code", rename_all = "snake_case")]
    pub enum SendError {
        NotInRoom,
        TooLong { max: u32 },
    }

    #[events(rename_all = "camelCase")]
    pub trait Server {
        async fn send(&self, room: &str, text: String, reply_to: Option<u32>, quiet: Option<bool>) -> Result<Message, SendError>;
        #[deprecated(note = "nobody looks")]
        fn typing(&self, room: &str);
        async fn leave_room(&self, room: &str);
        #[event(stream, window = 8, alias = "prices")]
        fn ticks(&self, symbol: &str) -> impl Stream<Item = f64>;
    }

    #[events]
    pub trait Client {
        fn message(&self, msg: &Message);
        fn history(&self, msgs: &[Message]);
        async fn confirm(&self, prompt: &str) -> bool;
        fn seen(&self, id: u32);
    }

    #[payload]
    pub struct Load {
        pub sockets: u32,
    }

    #[events]
    pub trait Nodes {
        fn reload(&self, room: &str);
        fn drain(&self);
        async fn load(&self) -> Load;
    }

    #[derive(Namespace, Clone)]
    #[namespace(path = "/org-{org}", server = dyn Server, client = dyn Client, cluster = dyn Nodes, auth = Login)]
    pub struct Chat {
        pub org: u32,
    }
}

/// One mistake of each kind.
mod breaking {
    use ackord::{Namespace, Stream, events, payload};

    #[payload]
    pub struct Login {
        pub token: String,
        pub device: String,
    }

    #[payload]
    pub struct Message {
        pub id: u32,
        pub author: String,
        pub text: String,
        pub reply_to: Option<u32>,
    }

    #[payload]
    #[serde(tag = "code", rename_all = "snake_case")]
    pub enum SendError {
        NotInRoom,
        TooLong { max: u32 },
        Muted,
    }

    #[events(rename_all = "camelCase")]
    pub trait Server {
        async fn send(&self, room: &str, text: String, reply_to: Option<u32>, quiet: bool) -> Result<Message, SendError>;
        async fn leave_room(&self, room: u32);
        #[event(stream, window = 8)]
        fn ticks(&self, symbol: &str) -> impl Stream<Item = f64>;
    }

    #[events]
    pub trait Client {
        fn message(&self, msg: &Message);
        fn history(&self, msgs: &[Message]);
        async fn confirm(&self, prompt: &str) -> String;
    }

    #[payload]
    pub struct Load {
        pub sockets: f64,
    }

    #[events]
    pub trait Nodes {
        async fn load(&self) -> Load;
    }

    #[derive(Namespace, Clone)]
    #[namespace(path = "/org-{id}", server = dyn Server, client = dyn Client, cluster = dyn Nodes, auth = Login)]
    pub struct Chat {
        pub id: u16,
    }
}

fn file(name: &str) -> ExpectFile {
    expect_file![format!("{}/tests/lock/{name}", env!("CARGO_MANIFEST_DIR"))]
}

#[test]
fn a_lock_file_is_read_by_people() {
    let lock = LockFile::new("text");
    lock.codegen::<before::Chat>().write().expect("written");
    file("chat.lock.json").assert_eq(&lock.text());
}

#[test]
fn what_only_adds_is_written() {
    let lock = LockFile::new("additive");
    lock.codegen::<before::Chat>().write().expect("written");
    let after = lock.codegen::<additive::Chat>();
    // Servers of both versions are there for a while, whatever one does.
    let told = [
        "warning: event `drain` was added\n  --> `/org-{org}`, event `drain` (server to server)\n   = breaks servers of both versions in one \
         cluster: old servers do not know it\n   = help: do not count on it until all servers are new",
    ];
    assert_eq!(texts(&after.changes().expect("compared")), told);
    assert!(after.check().expect_err("stale").is_stale());
    assert_eq!(after.write().expect("written"), [lock.path()]);
    after.check().expect("current");
}

#[test]
fn what_breaks_is_refused_and_told() {
    let lock = LockFile::new("breaking");
    lock.codegen::<before::Chat>().write().expect("written");
    let before = lock.text();
    let after = lock.codegen::<breaking::Chat>();
    let error = after.write().expect_err("breaking");
    assert!(error.is_breaking() && !error.is_stale());
    assert_eq!(lock.text(), before);
    file("breaking.txt").assert_eq(&(texts(error.findings()).join("\n\n") + "\n"));
    let told = error.to_string();
    assert!(
        told.starts_with("the contract breaks old clients and servers of both versions in one cluster\n\nbreaking: "),
        "{told}"
    );
    assert!(
        told.ends_with("\n\nsoften what breaks, or accept it with `--allow-breaking`, which writes the lock file anew"),
        "{told}"
    );
    let error = after.check().expect_err("breaking");
    assert!(error.to_string().contains(&format!("\n{} is out of date\n", lock.path().display())), "{error}");
    let warnings: Vec<_> =
        after.changes().expect("compared").into_iter().filter(|finding| finding.level == Level::Warning).collect();
    file("warnings.txt").assert_eq(&(texts(&warnings).join("\n\n") + "\n"));
}

#[test]
fn strictness_is_an_option() {
    let lock = LockFile::new("strict");
    lock.codegen::<before::Chat>().write().expect("written");
    let strict = Codegen::new().namespace::<breaking::Chat>().lock(Lock::new(lock.path()).strict());
    let error = strict.check().expect_err("breaking").to_string();
    assert!(
        error.starts_with("the contract breaks old clients, old servers and servers of both versions in one cluster\n"),
        "{error}"
    );
}

#[test]
fn files_of_older_formats_are_read() {
    let lock = LockFile::new("format");
    std::fs::write(lock.path(), include_str!("format1.lock.json")).expect("written");
    let same = lock.codegen::<before::Chat>();
    assert_eq!(texts(&same.changes().expect("compared")), [""; 0]);
    let after = lock.codegen::<breaking::Chat>();
    let told = texts(&after.changes().expect("compared"));
    assert!(told.iter().any(|told| told.starts_with("breaking: event `typing` was removed")), "{told:?}");
    assert!(!told.iter().any(|told| told.contains("cluster") || told.contains("parameter")), "{told:?}");
    // Written anew, it has what it did not have.
    assert_eq!(same.write().expect("written"), [lock.path()]);
    file("chat.lock.json").assert_eq(&lock.text());
}
