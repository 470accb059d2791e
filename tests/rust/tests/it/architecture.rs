//! Who may name whom in `runtime/src`, and what a build depends on.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// From the bottom up; modules of one row may name each other. `describe` belongs to the contract: `Events` names it, with the feature
/// `codegen`.
const LAYERS: [&[&str]; 7] =
    [&["proto", "trace"], &["contract", "describe"], &["adapter"], &["net"], &["server", "client"], &["testing"], &["lib"]];

struct Source {
    /// The module right below the crate's root.
    module: String,
    path: PathBuf,
    /// Without comments and tests.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime/src");
    let (mut files, mut tests) = (Vec::new(), Vec::new());
    collect(&root, &mut files, &mut tests);
    files.retain(|(path, _)| !tests.iter().any(|test: &PathBuf| path.starts_with(test) || *path == test.with_extension("rs")));
    let module = |path: &Path| {
        let first = path.strip_prefix(&root).unwrap().iter().next().unwrap();
        Path::new(first).file_stem().unwrap().to_str().unwrap().to_owned()
    };
    files.into_iter().map(|(path, code)| Source { module: module(&path), path, code }).collect()
}

/// All files below `dir`, and the modules that are compiled only for tests.
fn collect(dir: &Path, files: &mut Vec<(PathBuf, String)>, tests: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files, tests);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
        let code = lines.collect::<Vec<_>>().join("\n");
        let home = if path.ends_with("mod.rs") { dir.to_owned() } else { path.with_extension("") };
        let code = code.replace("#[cfg(test)]\n#[cfg(feature = \"macros\")]", "#[cfg(test)]");
        let mut parts = code.split("#[cfg(test)]\nmod ");
        let mut kept = parts.next().unwrap().to_owned();
        for part in parts {
            // `mod tests;` is a file; `mod tests {` is the end of this one.
            let Some((name, rest)) = part.split_once(';').filter(|(name, _)| !name.contains('{')) else { break };
            tests.push(home.join(name));
            kept += rest;
        }
        files.push((path, kept));
    }
}

/// The modules that follow `crate::`; of a list the first segment of each.
fn references(code: &str) -> Vec<&str> {
    let ident = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$')) {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let Some(list) = rest.strip_prefix('{') else {
            found.push(&rest[..ident(rest)]);
            continue;
        };
        let (mut depth, mut begins) = (0, true);
        for (at, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                c if begins && depth == 0 && !c.is_whitespace() => {
                    found.push(&list[at..at + ident(&list[at..])]);
                    begins = false;
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn references_are_found() {
    let code =
        "use crate::{a::{b, c::{d}}, e, f as g};\nfn x() { crate::h::i(); my_crate::j(); $crate::k!() } pub(crate) use super::l;";
    assert_eq!(references(code), ["a", "e", "f", "h"]);
}

#[test]
fn modules_name_only_what_is_below_them() {
    let layer = |module: &str| LAYERS.iter().position(|row| row.contains(&module));
    let (mut seen, mut wrong) = (0, Vec::new());
    for Source { module, path, code } in sources() {
        let own = layer(&module).unwrap_or_else(|| panic!("a new module, `{module}`: give it a layer"));
        for named in references(&code) {
            seen += 1;
            // What is no module is an item of the crate's root, which is on top of everything.
            if layer(named).unwrap_or(LAYERS.len() - 1) > own {
                wrong.push(format!("{}: crate::{named}", path.display()));
            }
        }
    }
    assert!(seen > 50, "{seen}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Files below these modules whose code has one of these in it.
fn files_with(modules: &[&str], needles: &[&str]) -> Vec<String> {
    let all = sources().into_iter().filter(|source| modules.is_empty() || modules.contains(&&*source.module));
    let hit = all.filter(|source| needles.iter().any(|needle| source.code.contains(needle)));
    hit.map(|source| source.path.iter().rev().take(2).map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join(" of "))
        .collect()
}

#[test]
fn server_and_client_do_not_know_each_other() {
    for (one, other) in [("server", "client"), ("client", "server")] {
        let named = |source: &Source| source.module == one && references(&source.code).contains(&other);
        let wrong: Vec<_> = sources().into_iter().filter(named).map(|source| source.path).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn protocol_and_contract_know_neither_network_nor_clock() {
    let forbidden = ["tokio::", "http::", "hyper::", "Instant::now", "SystemTime::now", "getrandom", "std::net"];
    assert_eq!(files_with(&["proto", "contract"], &forbidden), [""; 0]);
    // The search finds them where they belong.
    assert!(files_with(&["net"], &forbidden).len() >= 3);
}

#[test]
fn one_file_knows_tungstenite() {
    assert_eq!(files_with(&[], &["tungstenite"]), ["ws.rs of net"]);
}

/// The packages of a build of `ackord`, as `name`.
fn dependencies(features: &[&str]) -> Vec<String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime/Cargo.toml");
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{lib}", "--manifest-path"])
        .arg(manifest)
        .args(features)
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let mut names: Vec<_> = String::from_utf8(tree.stdout).unwrap().split_whitespace().map(str::to_owned).collect();
    names.sort();
    names.dedup();
    assert!(names.iter().any(|name| name == "serde_json"), "{names:?}");
    names
}

#[test]
fn the_core_is_free_of_io() {
    let core = dependencies(&["--no-default-features"]);
    for name in ["tokio", "hyper", "http", "tokio_tungstenite", "tungstenite", "getrandom", "rand", "mio", "ts_rs", "schemars"] {
        assert!(!core.iter().any(|dependency| dependency == name), "{name}");
    }
}

#[test]
fn a_server_has_no_code_generator() {
    let server = dependencies(&[]);
    assert!(server.iter().any(|name| name == "tokio"));
    for name in ["ts_rs", "schemars"] {
        assert!(!server.iter().any(|dependency| dependency == name), "{name}");
    }
    assert!(dependencies(&["--features", "codegen"]).iter().any(|name| name == "ts_rs"));
}
