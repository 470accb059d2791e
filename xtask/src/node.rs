//! Node and npm: are they there, are they new enough, and are a project's packages installed?

use crate::{
    Result,
    shell::{command, show, stdout},
};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// Vite's own floor: `^20.19.0 || >=22.12.0`.
const WANTED: &str = "20.19 or newer (22.12 or newer on version 22)";
const WHERE: &str = "install it from https://nodejs.org or with your package manager";

/// The version of Node, if there is one that is new enough, with an npm beside it.
pub(crate) fn version() -> Result<String> {
    let here = Path::new(".");
    let missing = |what: &str| format!("{what} was not found: Node {WANTED} is needed, {WHERE}");
    let version = stdout(command("node", ["--version"], here)).map_err(|_| missing("`node`"))?;
    let version = version.trim();
    if !new_enough(version) {
        return Err(format!("Node {version} is too old: {WANTED} is needed, {WHERE}"));
    }
    stdout(npm(["--version"], here)).map_err(|_| missing("`npm`"))?;
    Ok(version.to_owned())
}

fn new_enough(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    match (parts.next(), parts.next()) {
        (Some(20), Some(minor)) => minor >= 19,
        (Some(22), Some(minor)) => minor >= 12,
        (Some(major), _) => major > 22,
        _ => false,
    }
}

/// Installs what `package-lock.json` in `folder` says, unless that was done already.
pub(crate) fn install(folder: &Path) -> Result<()> {
    let version = version()?;
    let lock = fs::read_to_string(folder.join("package-lock.json"))
        .map_err(|error| format!("{}/package-lock.json: {error}", folder.display()))?;
    // Packages with binaries differ between versions of Node, so that the version is part of what was installed.
    let wanted = format!("{version}\n{lock}");
    let stamp = folder.join("node_modules/.xtask-installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut command = npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder);
    command.stdout(Stdio::null());
    show(command).map_err(|error| format!("{error} in {}: is the npm registry within reach?", folder.display()))?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}

pub(crate) fn npm<'a>(args: impl IntoIterator<Item = &'a str>, folder: &Path) -> Command {
    // Windows has npm as a script, which `Command` finds by its whole name only.
    command(if cfg!(windows) { "npm.cmd" } else { "npm" }, args, folder)
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn versions_that_vite_refuses_are_too_old() {
        for version in ["v18.20.8", "v20.18.3", "v21.7.3", "v22.11.0", "nonsense", ""] {
            assert!(!new_enough(version), "{version}");
        }
        for version in ["v20.19.0", "v22.12.0", "v24.0.0", "23.1.0"] {
            assert!(new_enough(version), "{version}");
        }
    }
}
