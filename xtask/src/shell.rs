//! Running other programs: always without stdin, always from a known folder.

use crate::Result;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The workspace's folder, wherever the user called from.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// `cargo`, the one that runs us, from the workspace's folder.
pub(crate) fn cargo<'a>(args: impl IntoIterator<Item = &'a str>) -> Command {
    // `rustup` exports the toolchain, so that this is the same cargo even below another `rust-toolchain.toml`.
    command(std::env::var("CARGO").as_deref().unwrap_or("cargo"), args, &root())
}

pub(crate) fn command<'a>(program: &str, args: impl IntoIterator<Item = &'a str>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs `command` with its output on ours.
pub(crate) fn show(mut command: Command) -> Result<()> {
    let status = command.status().map_err(|error| format!("{}: {error}", words(&command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", words(&command))) }
}

/// Runs `command` and returns whether it succeeded, with all it wrote.
pub(crate) fn capture(mut command: Command) -> (bool, String) {
    command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1").env("FORCE_COLOR", "0");
    match command.output() {
        Ok(output) => {
            let mut text = format!("$ {}\n", words(&command));
            text.push_str(&String::from_utf8_lossy(&output.stdout));
            text.push_str(&String::from_utf8_lossy(&output.stderr));
            (output.status.success(), text)
        }
        Err(error) => (false, format!("{}: {error}\n", words(&command))),
    }
}

/// What `command` wrote to stdout, or everything it wrote if it failed.
pub(crate) fn stdout(mut command: Command) -> Result<String> {
    let output = command.output().map_err(|error| format!("{}: {error}", words(&command)))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("`{}` failed:\n{}", words(&command), String::from_utf8_lossy(&output.stderr)))
    }
}

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let args = command.get_args().map(|arg| format!(" {}", arg.to_string_lossy()));
    format!("{}{}", program.to_string_lossy(), args.collect::<String>())
}
