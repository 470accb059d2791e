//! Generated files on disk.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process,
};

/// Where `path` is: a relative one belongs to the package whose program or test runs, so that both find the same file.
///
/// Cargo sets the variable for both; `cargo test` starts in the package's folder and `cargo run` wherever the user is.
pub(crate) fn locate(path: &Path) -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| path.to_owned(), |package| PathBuf::from(package).join(path))
}

/// `path` as one would say it: without detours, and from the working directory if it is below that.
pub(crate) fn shown(path: &Path) -> PathBuf {
    let below = || Some(path.canonicalize().ok()?.strip_prefix(env::current_dir().ok()?.canonicalize().ok()?).ok()?.to_owned());
    below().unwrap_or_else(|| path.to_owned())
}

/// The text of a file, with the line ends that the generator writes; `None` if there is no file.
pub(crate) fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        // Git may have put its own in place. What is no text is out of date, and nothing worse.
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// Puts `text` in place of the file in one step: whoever watches it never sees half of it. `false` if it was there already.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<bool> {
    if read(path)?.as_deref() == Some(text) {
        return Ok(false);
    }
    // A link stays, and leads to the new text.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"))?;
    let draft = folder.join(format!(".{}.{}.tmp", name.to_string_lossy(), process::id()));
    let written = fs::write(&draft, text).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&draft);
    }
    written.map(|()| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_without_detours() {
        let here = env::current_dir().unwrap();
        assert_eq!(shown(&here.join("tests/../src/file.rs")), Path::new("src/file.rs"));
        let (gone, elsewhere) = (here.join("tests/../gone"), here.join("../Cargo.toml"));
        assert_eq!((shown(&gone), shown(&elsewhere)), (gone, elsewhere));
    }
}
