//! What Node, tsc and a browser can say.

use super::{Tally, node_test};
use crate::{
    node,
    shell::{capture, cargo, root},
    suite::Outcome,
};
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// Folders whose `npm test` checks what is generated, TypeScript, JSON Schema and `AsyncAPI`, and the documentation's workflow.
const TYPESCRIPT: &[&str] = &["codegen/tests/typescript", "codegen/tests/schema"];
/// Where the random contracts are written to; the first of these folders compiles them.
const RANDOM: &str = "codegen/tests/typescript/random";
/// Goldens made with pinned npm packages: the folder whose `npm run generate` writes the file.
const GOLDENS: &[(&str, &str)] = &[("tests/goldens", "goldens.json")];
/// Where distributions put Chromium; `CHROMIUM` names another one.
const CHROMIUM: &[&str] = &[
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

pub(super) fn page() -> Outcome {
    let folder = root().join("examples/chat/web");
    with_packages(&folder, |tally| {
        tally.check(node::npm(["run", "--silent", "check"], &folder));
        tally.check(node::npm(["run", "--silent", "build"], &folder));
    })
}

/// Generated clients talk to a server in Rust, generated servers to a client; values of random contracts have the types that are generated.
pub(super) fn typescript() -> Outcome {
    let folder = root().join(RANDOM);
    if let Err(error) = fs::remove_dir_all(&folder).or_else(|e| if e.kind() == ErrorKind::NotFound { Ok(()) } else { Err(e) }) {
        return failed(&format!("{}: {error}\n", folder.display()));
    }
    let peer = cargo(["build", "--quiet", "--package", "ackord-codegen", "--example", "typescript-peer"]);
    let mut random = cargo(["run", "--quiet", "--package", "random-contracts", "--"]);
    random.arg(&folder);
    for command in [peer, random] {
        if let (false, text) = capture(command) {
            return failed(&text);
        }
    }
    each(TYPESCRIPT)
}

fn failed(text: &str) -> Outcome {
    let mut tally = Tally::default();
    tally.note(false, text);
    tally.done()
}

/// The chat's server in Rust and the one in Node, seen by the same client.
pub(super) fn chat() -> Outcome {
    let folder = root().join("examples/chat/node");
    let build = cargo(["build", "--quiet", "--package", "chat-server", "--package", "chat-check", "--bins"]);
    with_packages(&folder, |tally| {
        let (done, text) = capture(build);
        if !done {
            return tally.note(false, &text);
        }
        tally.tests(node::npm(["test", "--silent"], &folder), node_test);
    })
}

/// Makes the goldens again; they must come out as they are committed.
pub(super) fn goldens() -> Outcome {
    let mut tally = Tally::default();
    for (folder, file) in GOLDENS {
        let folder = root().join(folder);
        let path = folder.join(file);
        let before = fs::read(&path).ok();
        if let Err(error) = node::install(&folder) {
            tally.note(false, &error);
            continue;
        }
        let (done, text) = capture(node::npm(["run", "--silent", "generate"], &folder));
        let same = before.is_some() && before == fs::read(&path).ok();
        tally.note(done && same, &format!("{text}{} came out differently: see `git diff`\n", path.display()));
    }
    tally.done()
}

/// The npm client against a server of ours.
pub(super) fn interop() -> Outcome {
    let folder = root().join("tests/interop");
    let build = cargo(["build", "--quiet", "--package", "interop-server", "--bins"]);
    with_packages(&folder, |tally| {
        let (done, text) = capture(build);
        if !done {
            return tally.note(false, &text);
        }
        // The reference after ours, whatever became of ours: it tells a wrong test from a defect.
        for script in ["test:ackord", "test:reference"] {
            tally.tests(node::npm(["run", "--silent", script], &folder), node_test);
        }
    })
}

/// The chat in a real browser.
pub(super) fn browser() -> Outcome {
    let Some(chromium) = chromium() else {
        return Outcome::Missing("no Chromium: install the package `chromium`, or name one with CHROMIUM=/path".to_owned());
    };
    let folder = root().join("tests/browser");
    let web = root().join("examples/chat/web");
    let build = cargo(["build", "--quiet", "--package", "chat-server", "--bin", "chat-server"]);
    with_packages(&folder, |tally| {
        if let Err(error) = node::install(&web) {
            return tally.note(false, &error);
        }
        for command in [build, node::npm(["run", "--silent", "build"], &web)] {
            let (done, text) = capture(command);
            if !done {
                return tally.note(false, &text);
            }
        }
        let mut test = node::npm(["test", "--silent"], &folder);
        test.env("CHROMIUM", &chromium);
        tally.tests(test, node_test);
    })
}

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    named.or_else(|| CHROMIUM.iter().map(PathBuf::from).find(|path| path.exists())).filter(|path| path.exists())
}

/// `npm test` in each folder; one check each.
fn each(folders: &[&str]) -> Outcome {
    let mut tally = Tally::default();
    for folder in folders.iter().map(|folder| root().join(folder)).filter(|folder| folder.join("package.json").exists()) {
        if let Err(error) = node::install(&folder) {
            tally.note(false, &error);
            continue;
        }
        tally.check(node::npm(["test", "--silent"], &folder));
    }
    if tally.count == crate::suite::Count::default() {
        return Outcome::Missing(format!("none of these folders is in this checkout: {}", folders.join(", ")));
    }
    tally.done()
}

/// Without Node nothing of this can run: that is a machine's lack, not a defect.
fn with_packages(folder: &Path, run: impl FnOnce(&mut Tally)) -> Outcome {
    if let Err(error) = node::version() {
        return Outcome::Missing(error);
    }
    let mut tally = Tally::default();
    match node::install(folder) {
        Ok(()) => run(&mut tally),
        Err(error) => tally.note(false, &error),
    }
    tally.done()
}
