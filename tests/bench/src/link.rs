//! How the two processes agree on what is counted.
//!
//! The client does what its role says step by step. At the end of each step it says so on its stdout and waits for a line on its
//! stdin: between the two, the server's process is quiet and can be looked at.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use crate::Result;

/// The client, as the server's process has it.
pub(crate) struct Client {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    line: String,
}

impl Client {
    /// Starts this program as a client of `server` and waits until its first step is done.
    pub(crate) fn start(server: SocketAddr, role: &[&str]) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("client").arg(server.to_string()).args(role);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdin = child.stdin.take().ok_or("no stdin")?;
        let stdout = BufReader::new(child.stdout.take().ok_or("no stdout")?);
        let mut client = Self { child, stdin, stdout, line: String::with_capacity(64) };
        client.wait()?;
        Ok(client)
    }

    /// Lets the client do its next step and waits until it is done. Allocates nothing.
    pub(crate) fn step(&mut self) -> Result<()> {
        self.go()?;
        self.wait()
    }

    /// Lets the client do its next step.
    pub(crate) fn go(&mut self) -> Result<()> {
        Ok(self.stdin.write_all(b"go\n")?)
    }

    /// Waits until the client's step is done.
    pub(crate) fn wait(&mut self) -> Result<()> {
        self.line.clear();
        self.stdout.read_line(&mut self.line)?;
        if self.line == "done\n" { Ok(()) } else { Err(format!("the client said {:?}", self.line).into()) }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended long ago, and nobody wants its status.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The end of a step, in the client's process.
pub(crate) fn done() -> Result<()> {
    println!("done");
    io::stdout().flush()?;
    let mut line = String::new();
    if io::stdin().read_line(&mut line)? == 0 {
        return Err("the server's process is gone".into());
    }
    Ok(())
}
