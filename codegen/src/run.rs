//! The command line of a generator.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use crate::{Codegen, Error};

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
        ExitCode::from(self.run_with(&args, &mut io::stdout().lock(), &mut io::stderr().lock()))
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
