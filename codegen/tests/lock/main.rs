//! Contracts that change, and what the lock file says: with real contracts, and with real values.

#![allow(dead_code, unreachable_pub, reason = "written as in a crate of its own, without sessions and handlers")]

mod changes;
mod values;
mod versions;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
};

use ackord::{Namespace, describe::Describe};
use ackord_codegen::{Codegen, Finding};

/// A lock file of its own, gone with the test.
struct LockFile(PathBuf);

impl LockFile {
    fn new(name: &str) -> Self {
        Self(env::temp_dir().join(format!("ackord-lock-{}-{name}.json", process::id())))
    }

    /// A contract with this lock file.
    fn codegen<N: Namespace>(&self) -> Codegen
    where
        N::Auth: Describe,
        N::Denied: Describe,
    {
        Codegen::new().namespace::<N>().lock(&*self.0)
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.0).expect("a lock file")
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn texts(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}
