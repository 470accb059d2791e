//! Writes random contracts as Rust source: `ACKORD_CONTRACTS` of them, from the seed `ACKORD_SEED` on.

#![allow(
    clippy::format_collect,
    clippy::struct_excessive_bools,
    clippy::unnecessary_debug_formatting,
    reason = "text is what is made here"
)]

mod write;

use std::{env, fmt::Write as _, fs, path::Path};

fn number(name: &str, default: u64) -> u64 {
    println!("cargo:rerun-if-env-changed={name}");
    env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|e| panic!("{name}={text}: {e}")))
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=write");
    let (first, count) = (number("ACKORD_SEED", 1), number("ACKORD_CONTRACTS", 24));
    let folder = env::var("OUT_DIR").expect("Cargo sets it");
    let mut modules = String::new();
    let mut all = String::new();
    for seed in first..first + count {
        let path = Path::new(&folder).join(format!("s{seed}.rs"));
        let source = write::contract(seed);
        if fs::read_to_string(&path).ok().as_ref() != Some(&source) {
            fs::write(&path, source).expect("the folder is ours");
        }
        let _ = writeln!(
            modules,
            "mod s{seed} {{\n    use crate::prelude::*;\n    const SOURCE: &str = include_str!({path:?});\n    include!({path:?});\n}}"
        );
        let _ = write!(all, "s{seed}::contract(), ");
    }
    let _ = writeln!(modules, "/// All contracts.\npub fn all() -> Vec<Contract> {{\n    vec![{all}]\n}}");
    fs::write(Path::new(&folder).join("contracts.rs"), modules).expect("the folder is ours");
}
