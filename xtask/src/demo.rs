//! `cargo xtask demo`: from a fresh clone to a chat in the browser.

use crate::{
    Result, node,
    shell::{cargo, root, show},
    typings,
};
use std::{io::ErrorKind, net::TcpListener, process::Command};

pub(crate) fn run() -> Result<()> {
    let port = port()?;
    let node = node::version()?;
    let web = root().join("examples/chat/web");
    step("typings from the contract");
    typings::write()?;
    step(&format!("packages of the page (Node {node})"));
    node::install(&web)?;
    step("page");
    show(node::npm(["run", "--silent", "build", "--", "--logLevel", "warn"], &web))?;
    step("server");
    show(cargo(["build", "--quiet", "--package", "chat-server", "--bin", "chat-server"]))?;
    println!("\n  The chat is at http://127.0.0.1:{port} – open it in two windows. Ctrl-C ends it.\n");
    let mut server = cargo(["run", "--quiet", "--package", "chat-server", "--bin", "chat-server"]);
    server.env("PORT", port.to_string());
    become_it(server)
}

fn step(what: &str) {
    println!("· {what}");
}

/// Found out before anything is built: minutes later is too late for this message.
fn port() -> Result<u16> {
    let text = std::env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let port = text.parse().ok().filter(|port| *port != 0);
    let port: u16 = port.ok_or_else(|| format!("PORT={text} is no port: choose a number from 1 to 65535"))?;
    let other = if port == u16::MAX { port - 1 } else { port + 1 };
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(port),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Err(format!("port {port} is in use: stop the other program or choose another with PORT={other}"))
        }
        Err(error) => Err(format!("port {port} cannot be used ({error}): choose another with PORT={other}")),
    }
}

/// The server takes this process over, so that a signal to the demo reaches it and nothing is left behind.
#[cfg(unix)]
fn become_it(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(format!("the server did not start: {}", server.exec()))
}

#[cfg(not(unix))]
fn become_it(server: Command) -> Result<()> {
    show(server)
}
