//! The command line of a generator.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use serde_json::json;

use crate::{
    Codegen, Error, Finding, Level,
    args::{Mode, Options, USAGE},
    error::Kind,
    file,
    lock::breaking,
    paint,
};

impl Codegen {
    /// Does what the program's arguments say: nothing writes the files that changed, `--check` fails with a diff if some are out of
    /// date, `--stdout` prints them, `--against FILE` compares the contract with another lock file.
    ///
    /// `--allow-breaking` accepts what breaks those who have the contract of the [lock file](Self::lock); `--format json` prints what was
    /// found for programs to read.
    ///
    /// The exit code is 0 for success, 1 for a failure or files that are out of date, 2 for arguments that are not understood, and 3 for a
    /// contract that breaks somebody.
    pub fn run(&self) -> ExitCode {
        let args: Vec<_> = env::args_os().skip(1).collect();
        let (mut out, err) = (io::stdout().lock(), io::stderr().lock());
        let code = if paint::wanted(&err) {
            self.run_with(&args, &mut out, &mut paint::Painted::new(err))
        } else {
            self.run_with(&args, &mut out, &mut { err })
        };
        ExitCode::from(code)
    }

    pub(crate) fn run_with(&self, args: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> u8 {
        // A reader that went away is nobody to report to, here and below.
        let Some(options) = Options::parse(args) else {
            let args: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
            let _ = writeln!(err, "unexpected arguments: {}\n\n{USAGE}", args.join(" "));
            return 2;
        };
        if options.mode == Mode::Help {
            let _ = out.write_all(USAGE.as_bytes());
            return 0;
        }
        let mut findings = Vec::new();
        let done = self.run_mode(&options, &mut findings, out, err);
        if options.json {
            let _ = writeln!(out, "{:#}", told(&findings, done.as_ref().err()));
        } else if let Err(error) = &done {
            let _ = writeln!(err, "error: {error}");
        }
        done.map_or_else(|error| if error.is_breaking() { 3 } else { 1 }, |()| 0)
    }

    fn run_mode(
        &self,
        options: &Options,
        findings: &mut Vec<Finding>,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<(), Error> {
        let allow = options.allow_breaking;
        if options.mode == Mode::Stdout {
            return self.print(out);
        }
        *findings = match &options.mode {
            Mode::Against(path) => self.changes_since(path)?,
            // Why they cannot be known is told below, with what else is wrong.
            _ => self.changes().unwrap_or_default(),
        };
        if !options.json {
            // What fails is told by the error.
            for finding in findings.iter().filter(|finding| allow || finding.level != Level::Breaking) {
                let _ = writeln!(err, "{finding}\n");
            }
        }
        match options.mode {
            Mode::Check => self.check_files(allow),
            Mode::Against(_) => {
                let breaking = breaking(&*findings).filter(|_| !allow);
                breaking.map_or(Ok(()), |breaking| Err(Kind::Breaking(breaking).into()))
            }
            _ => self.write_and_tell(allow, err),
        }
    }

    fn write_and_tell(&self, allow_breaking: bool, err: &mut dyn Write) -> Result<(), Error> {
        // As they are before they are written.
        let reports = self.reports().unwrap_or_default();
        let summary = |path: &Path| reports.iter().find(|report| report.path == path).map(|report| &*report.changes.summary);
        for path in self.write_files(allow_breaking)? {
            let changes = summary(&path).map(|summary| format!(": {summary}")).unwrap_or_default();
            let _ = writeln!(err, "wrote {}{changes}", file::shown(&path).display());
        }
        Ok(())
    }

    fn print(&self, out: &mut dyn Write) -> Result<(), Error> {
        let files = self.render()?;
        let many = files.len() > 1;
        for file in files {
            if many {
                let _ = writeln!(out, "// ==> {} <==", file.path.display());
            }
            let _ = out.write_all(file.text.as_bytes());
        }
        Ok(())
    }
}

/// What was found, for programs to read.
fn told(findings: &[Finding], error: Option<&Error>) -> serde_json::Value {
    let stale: Vec<_> = error.map(Error::stale).into_iter().flatten().map(|stale| stale.path.display().to_string()).collect();
    json!({
        "breaking": findings.iter().any(|finding| finding.level == Level::Breaking),
        "findings": findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
        "stale": stale,
        "error": error.map(ToString::to_string),
    })
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, env, fs, path::PathBuf};

    use ackord::{Namespace, Never, contract::NoEvents};

    use super::*;
    use crate::TypeScript;

    #[derive(Clone)]
    struct Quiet;

    impl Namespace for Quiet {
        const PATTERN: &'static str = "/quiet";
        const NAME: &'static str = "Quiet";
        type Server = dyn NoEvents;
        type Client = dyn NoEvents;
        type Cluster = dyn NoEvents;
        type Auth = ();
        type Denied = Never;
        fn path(&self) -> Cow<'static, str> {
            Self::PATTERN.into()
        }
        fn parse(path: &str) -> Option<Self> {
            (path == Self::PATTERN).then_some(Self)
        }
    }

    /// A folder of its own, gone with the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = env::temp_dir().join(format!("ackord-codegen-{}-{name}", std::process::id()));
            Self(path)
        }

        fn file(&self) -> PathBuf {
            self.0.join("web/src/api.gen.ts")
        }

        fn codegen(&self) -> Codegen {
            Codegen::new().namespace::<Quiet>().typescript(self.file(), TypeScript::default())
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn run(codegen: &Codegen, args: &[&str]) -> (u8, String, String) {
        let args: Vec<_> = args.iter().map(OsString::from).collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = codegen.run_with(&args, &mut out, &mut err);
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn writes_only_what_changed() {
        let folder = Folder::new("writes");
        let codegen = folder.codegen();
        let wrote = format!("wrote {}\n", folder.file().display());
        assert_eq!(run(&codegen, &[]), (0, String::new(), wrote.clone()));
        let text = fs::read_to_string(folder.file()).unwrap();
        assert_eq!(text, codegen.render().unwrap()[0].text);
        assert_eq!(run(&codegen, &[]), (0, String::new(), String::new()));
        fs::write(folder.file(), text.replace('\n', "\r\n")).unwrap();
        assert_eq!(run(&codegen, &[]), (0, String::new(), String::new()), "line ends are Git's business");
        fs::write(folder.file(), "old").unwrap();
        assert_eq!(run(&codegen, &[]), (0, String::new(), wrote));
        let left: Vec<_> = fs::read_dir(folder.file().parent().unwrap()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn what_is_no_text_is_replaced() {
        let folder = Folder::new("bytes");
        let codegen = folder.codegen();
        codegen.write().unwrap();
        fs::write(folder.file(), b"\xff\xfe/\0").unwrap();
        assert!(codegen.check().unwrap_err().is_stale());
        assert_eq!(codegen.write().unwrap(), [folder.file()]);
        assert_eq!(fs::read_to_string(folder.file()).unwrap(), codegen.render().unwrap()[0].text);
    }

    #[cfg(unix)]
    #[test]
    fn links_stay() {
        let folder = Folder::new("links");
        let (codegen, shared) = (folder.codegen(), folder.0.join("shared.ts"));
        fs::create_dir_all(folder.file().parent().unwrap()).unwrap();
        fs::write(&shared, "old").unwrap();
        std::os::unix::fs::symlink("../../shared.ts", folder.file()).unwrap();
        assert_eq!(codegen.write().unwrap(), [folder.file()]);
        assert!(folder.file().is_symlink());
        assert_eq!(fs::read_to_string(&shared).unwrap(), codegen.render().unwrap()[0].text);
    }

    #[test]
    fn check_tells_what_is_out_of_date_and_touches_nothing() {
        let folder = Folder::new("check");
        let codegen = folder.codegen();
        let (code, out, err) = run(&codegen, &["--check"]);
        assert_eq!((code, &*out), (1, ""));
        assert!(err.contains("api.gen.ts is out of date:\n@@ line 1 @@\n+// Generated"), "{err}");
        assert!(!folder.file().exists());

        codegen.write().unwrap();
        assert_eq!(run(&codegen, &["--check"]), (0, String::new(), String::new()));
        let text = fs::read_to_string(folder.file()).unwrap();
        fs::write(folder.file(), text.replace("\"/quiet\",", "\"/loud\",")).unwrap();
        let error = codegen.check().unwrap_err();
        assert!(error.is_stale());
        let told = format!("{error:?}");
        assert!(told.contains("\n-  quiet: \"/loud\",\n+  quiet: \"/quiet\",\n"), "{told}");
        assert!(told.ends_with("\nrun the generator without `--check` to write it"), "{told}");
    }

    #[test]
    fn stdout_prints_and_touches_nothing() {
        let folder = Folder::new("stdout");
        let codegen = folder.codegen();
        let text = codegen.render().unwrap().remove(0).text;
        assert_eq!(run(&codegen, &["--stdout"]), (0, text.clone(), String::new()));
        let two = codegen.typescript("other.ts", TypeScript::default());
        let (_, out, _) = run(&two, &["--stdout"]);
        assert_eq!(out.matches(&text).count(), 2);
        assert!(out.contains("other.ts <==\n"), "{out}");
        assert!(!folder.file().exists());
    }

    #[test]
    fn arguments_are_explained() {
        let codegen = Folder::new("arguments").codegen();
        let (code, out, err) = run(&codegen, &["--help"]);
        assert_eq!((code, &*out, &*err), (0, USAGE, ""));
        let (code, out, err) = run(&codegen, &["--chek", "x"]);
        assert_eq!((code, &*out), (2, ""));
        assert!(err.starts_with("unexpected arguments: --chek x\n\nGenerates"), "{err}");
    }

    #[test]
    fn failures_are_told() {
        let (code, _, err) = run(&Codegen::new().namespace::<Quiet>(), &[]);
        assert_eq!((code, &*err), (1, "error: nothing to generate: name a file, with `Codegen::typescript` for example\n"));
        let nobody = Codegen::new().typescript("x.ts", TypeScript::default());
        let (code, _, err) = run(&nobody, &["--check"]);
        assert_eq!((code, &*err), (1, "error: nothing to generate: add a namespace with `Codegen::namespace`\n"));
        let folder = Folder::new("failures");
        fs::create_dir_all(folder.file()).unwrap();
        let (code, _, err) = run(&folder.codegen(), &[]);
        assert_eq!(code, 1);
        assert!(err.starts_with(&format!("error: {}: ", folder.file().display())), "{err}");
        let twice = folder.codegen().namespace::<Quiet>();
        let (code, _, err) = run(&twice, &["--check"]);
        let path = folder.file();
        let problem = "error: a namespace is registered twice\n  --> namespace `ackord_codegen::run::tests::Quiet`\n";
        let told = format!("error: the contract cannot be written to {}: 1 problem\n\n{problem}", path.display());
        assert_eq!((code, &*err), (1, &*told));
    }
}
