//! The command line of a generator.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use crate::{Codegen, Error, paint};

const USAGE: &str = "\
Generates code from the contract.

Usage: [--check | --stdout]

  without arguments   write the files that changed
  --check             write nothing; exit with 1 and show the differences if files are out of date
  --stdout            write nothing; print the files
";

impl Codegen {
    /// Does what the program's arguments say: nothing writes the files that changed, `--check` exits with 1 and a diff if some are out
    /// of date, `--stdout` prints them.
    ///
    /// The exit code is 0 for success, 1 for a failure and 2 for arguments that are not understood.
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

    fn run_with(&self, args: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> u8 {
        let args: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
        let done = match &args.iter().map(AsRef::as_ref).collect::<Vec<&str>>()[..] {
            [] => self.write_and_tell(err),
            ["--check"] => self.check(),
            ["--stdout"] => self.print(out),
            ["--help" | "-h"] => {
                // A reader that went away is nobody to report to, here and below.
                let _ = out.write_all(USAGE.as_bytes());
                return 0;
            }
            other => {
                let _ = writeln!(err, "unexpected arguments: {}\n\n{USAGE}", other.join(" "));
                return 2;
            }
        };
        let Err(error) = done else { return 0 };
        let _ = writeln!(err, "error: {error}");
        1
    }

    fn write_and_tell(&self, err: &mut dyn Write) -> Result<(), Error> {
        for path in self.write()? {
            let _ = writeln!(err, "wrote {}", path.display());
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
        assert_eq!((code, &*err), (1, "error: nothing to generate: name a file with `Codegen::typescript`\n"));
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
