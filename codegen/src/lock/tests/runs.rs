//! The command line: exit codes, what is written and what is printed.

use std::{env, ffi::OsString, fs, path::PathBuf, process};

use ackord::{Namespace, events};
use serde_json::Value;

use crate::Codegen;

#[events]
trait Old {
    fn say(&self, text: String);
}

#[events]
trait More {
    fn say(&self, text: String, loud: Option<bool>);
    fn shout(&self);
}

#[events]
trait Broken {
    fn say(&self, text: u8);
    fn shout(&self);
}

macro_rules! spaces {
    ($($name:ident: $server:ident),*) => { $(
        #[derive(Namespace, Clone)]
        #[namespace(path = "/", server = dyn $server)]
        struct $name;
    )* };
}

spaces!(OldSpace: Old, MoreSpace: More, BrokenSpace: Broken);

/// A folder with a lock file, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Self(env::temp_dir().join(format!("ackord-lock-runs-{}-{name}", process::id())));
        assert_eq!(folder.run::<OldSpace>(&[]).0, 0);
        folder
    }

    fn file(&self) -> PathBuf {
        self.0.join("contract.lock.json")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).expect("a lock file")
    }

    /// The exit code, the standard output, the standard error.
    fn run<N: Namespace<Auth = (), Denied = ackord::Never>>(&self, args: &[&str]) -> (u8, String, String) {
        let args: Vec<_> = args.iter().map(OsString::from).collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = Codegen::new().namespace::<N>().lock(self.file()).run_with(&args, &mut out, &mut err);
        let text = |bytes| String::from_utf8(bytes).expect("text").replace(&self.0.display().to_string(), "F");
        (code, text(out), text(err))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const SHOUT: &str = "warning: event `shout` was added\n  --> `/`, event `shout` (client to server)\n   = breaks old servers: they do not know \
                     it\n   = help: deploy servers before clients\n\n";

#[test]
fn additions_are_written_and_said_in_one_line() {
    let folder = Folder::new("additions");
    let (code, out, err) = folder.run::<MoreSpace>(&["--check"]);
    assert_eq!((code, &*out), (1, ""));
    assert!(err.starts_with(&format!("{SHOUT}error: F/contract.lock.json is out of date:\n@@ ")), "{err}");
    let wrote = "wrote F/contract.lock.json: event `say` of `/` changed, event `shout` of `/` added\n";
    assert_eq!(folder.run::<MoreSpace>(&[]), (0, String::new(), format!("{SHOUT}{wrote}")));
    assert_eq!(folder.run::<MoreSpace>(&["--check"]), (0, String::new(), String::new()));
    assert_eq!(folder.run::<MoreSpace>(&[]), (0, String::new(), String::new()));
}

#[test]
fn what_breaks_has_an_exit_code_of_its_own() {
    let folder = Folder::new("breaks");
    let before = folder.text();
    for args in [&[][..], &["--check"]] {
        let (code, out, err) = folder.run::<BrokenSpace>(args);
        assert_eq!((code, &*out), (3, ""), "{err}");
        assert!(
            err.contains(
                "\nerror: the contract breaks old clients\n\nbreaking: argument `text` of `say` changed from string to uint8\n"
            ),
            "{err}"
        );
        assert_eq!(folder.text(), before);
    }
    // Accepting what breaks does not accept a stale file.
    let (code, _, err) = folder.run::<BrokenSpace>(&["--check", "--allow-breaking"]);
    assert_eq!(code, 1, "{err}");
    let (code, _, err) = folder.run::<BrokenSpace>(&["--allow-breaking"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("breaking: argument `text`") && err.ends_with("event `say` of `/` changed, event `shout` of `/` added\n"),
        "{err}"
    );
    assert_eq!(folder.run::<BrokenSpace>(&["--check"]), (0, String::new(), String::new()));
}

#[test]
fn another_lock_file_is_compared_and_nothing_is_written() {
    let folder = Folder::new("against");
    let main = folder.0.join("main.json");
    fs::write(&main, folder.text()).expect("written");
    assert_eq!(folder.run::<BrokenSpace>(&["--allow-breaking"]).0, 0);
    let main = main.to_str().expect("text");
    let (code, _, err) = folder.run::<BrokenSpace>(&["--against", main]);
    assert_eq!(code, 3, "{err}");
    assert_eq!(folder.run::<BrokenSpace>(&["--against", main, "--allow-breaking"]).0, 0);
    assert_eq!(folder.run::<OldSpace>(&["--against", main]), (0, String::new(), String::new()));
    let (code, _, err) = folder.run::<OldSpace>(&["--against", "nowhere.json"]);
    assert_eq!((code, &*err), (1, "error: nowhere.json: no such file\n"));
}

#[test]
fn json_is_for_programs() {
    let folder = Folder::new("json");
    let (code, out, err) = folder.run::<BrokenSpace>(&["--check", "--format", "json"]);
    assert_eq!((code, &*err), (3, ""));
    let told: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&told["breaking"], &told["stale"]), (&true.into(), &serde_json::json!(["F/contract.lock.json"])));
    let want = serde_json::json!({
        "level": "breaking",
        "breaks": "old-clients",
        "what": "argument `text` of `say` changed from string to uint8",
        "places": [{ "namespace": "/", "event": "say", "from": "client", "path": "text" }],
        "why": "old clients send what new servers do not accept",
        "help": "add a new field, argument or event of the new type beside the old one",
    });
    assert_eq!(told["findings"][0], want);
    let (code, out, _) = folder.run::<OldSpace>(&["--check", "--format=json"]);
    let told: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, told), (0, serde_json::json!({ "breaking": false, "error": null, "findings": [], "stale": [] })));
}

#[test]
fn a_broken_lock_file_is_named() {
    let folder = Folder::new("conflict");
    fs::write(folder.file(), "{\n<<<<<<< main\n").expect("written");
    let (code, _, err) = folder.run::<OldSpace>(&[]);
    let told = "error: F/contract.lock.json is no lock file: key must be a string at line 2 column 1; it has the marks of a merge\n\
                restore it with Git, or delete it to begin with the contract as it is\n";
    assert_eq!((code, &*err), (1, told));
}
