//! The recipe for continuous integration, run as it is in the documentation: in a Git repository with a main branch and a pull request.
//!
//! Without the test harness: the recipe's `cargo run` is this program, which then is a generator.

#![allow(dead_code, unreachable_pub, reason = "contracts are all there is")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use ackord::{Namespace, events};
use ackord_codegen::Codegen;

/// Names the version of the contract that the generator has.
const VERSION: &str = "ACKORD_RECIPE_VERSION";

macro_rules! versions {
    ($($name:ident { $($event:item)* })*) => {
        $(
            mod $name {
                use super::*;

                #[events]
                pub trait Server { $($event)* }

                #[derive(Namespace, Clone)]
                #[namespace(path = "/", server = dyn Server)]
                pub struct Space;
            }
        )*

        fn codegen(version: &str) -> Codegen {
            match version {
                $(stringify!($name) => Codegen::new().namespace::<$name::Space>(),)*
                other => unreachable!("{other}"),
            }
        }
    };
}

versions! {
    first { fn say(&self, text: String); }
    more { fn say(&self, text: String, loud: Option<bool>); }
    broken { fn say(&self, text: String, loud: bool); }
}

fn main() -> ExitCode {
    if let Ok(version) = env::var(VERSION) {
        return codegen(&version).lock(env::current_dir().unwrap_or_default().join("contract.lock.json")).run();
    }
    if cfg!(unix) {
        let scratch = Scratch::new();
        first_pull_request_brings_the_lock_file(&scratch);
        additions_pass(&scratch);
        what_breaks_needs_a_label(&scratch);
    }
    ExitCode::SUCCESS
}

fn first_pull_request_brings_the_lock_file(scratch: &Scratch) {
    scratch.git("origin", "switch --quiet -c pull");
    assert_eq!(scratch.step("check", "first"), 1, "there is no file yet");
    assert_eq!(scratch.generate("first", ""), 0);
    assert_eq!(scratch.step("check", "first"), 0);
    assert_eq!(scratch.step("against", "first"), 0, "main has none");
    scratch.merge();
}

fn additions_pass(scratch: &Scratch) {
    assert_eq!(scratch.step("check", "more"), 1, "forgotten");
    assert_eq!(scratch.generate("more", ""), 0);
    assert_eq!(scratch.step("check", "more"), 0);
    assert_eq!(scratch.step("against", "more"), 0);
    scratch.merge();
}

fn what_breaks_needs_a_label(scratch: &Scratch) {
    assert_eq!(scratch.step("check", "broken"), 3);
    assert_eq!(scratch.generate("broken", ""), 3);
    assert_eq!(scratch.generate("broken", "--allow-breaking"), 0);
    assert_eq!(scratch.step("check", "broken"), 0, "it is current");
    assert_eq!(scratch.step("against", "broken"), 3, "and breaks");
}

/// A repository, a clone of it that is the pull request's, and a `cargo` that runs this program.
struct Scratch {
    folder: PathBuf,
    check: String,
    against: String,
}

impl Scratch {
    fn new() -> Self {
        let folder = env::temp_dir().join(format!("ackord-recipe-{}", std::process::id()));
        fs::create_dir_all(folder.join("bin")).expect("a folder");
        let [check, against] = recipe();
        let scratch = Self { folder, check, against };
        let cargo = scratch.folder.join("bin/cargo");
        fs::write(&cargo, "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$RECIPE_EXE\" \"$@\"\n")
            .expect("a script");
        assert!(Command::new("chmod").arg("+x").arg(&cargo).status().expect("chmod").success());
        scratch.git("", "init --quiet -b main origin");
        scratch.git("origin", "commit --quiet --allow-empty -m begin");
        scratch.git("", "clone --quiet origin clone");
        scratch
    }

    fn git(&self, folder: &str, args: &str) {
        let who = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"];
        let status = Command::new("git").args(who).args(args.split_whitespace()).current_dir(self.folder.join(folder)).status();
        assert!(status.expect("git").success(), "git {args}");
    }

    /// Runs a step of the recipe in the clone, as the runner does, and yields its exit code.
    fn step(&self, step: &str, version: &str) -> i32 {
        self.shell(if step == "check" { &self.check } else { &self.against }, version)
    }

    fn generate(&self, version: &str, args: &str) -> i32 {
        self.shell(&format!("cargo run --package typings -- {args}"), version)
    }

    fn shell(&self, script: &str, version: &str) -> i32 {
        let path = format!("{}:{}", self.folder.join("bin").display(), env::var("PATH").unwrap_or_default());
        let exe = env::current_exe().expect("this program");
        let mut shell = Command::new("bash");
        shell.args(["-e", "-o", "pipefail", "-c", script]).current_dir(self.folder.join("clone"));
        shell.env("PATH", path).env("RECIPE_EXE", exe).env(VERSION, version);
        let output = shell.env("BASE", "main").env("RUNNER_TEMP", &self.folder).output().expect("bash");
        output.status.code().unwrap_or(-1)
    }

    /// What is in the clone becomes the main branch.
    fn merge(&self) {
        self.git("clone", "add contract.lock.json");
        self.git("clone", "commit --quiet -m contract");
        self.git("clone", "push --quiet origin HEAD:main");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The scripts of the recipe's two steps.
fn recipe() -> [String; 2] {
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/docs/lock.md")).expect("the documentation");
    let yaml = docs.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a recipe");
    let steps: Vec<_> = yaml.split("        run: ").skip(1).map(|step| step.split("\n      - ").next().unwrap_or(step)).collect();
    let script = |step: &&str| {
        step.trim_start_matches("|\n").lines().map(|line| line.trim_start_matches("          ").to_owned() + "\n").collect()
    };
    steps.iter().map(script).collect::<Vec<String>>().try_into().expect("two steps")
}
