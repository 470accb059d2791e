//! A server in this process, and the program in another.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::{Child, ChildStderr, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    time::Duration,
};

use ackord::{
    Binary, Namespace, NamespaceHandle, RawArgs, Server, Socket, payload,
    server::{Connecting, Refuse},
};
use serde_json::{Value, json};

/// Nothing takes so long.
const IN_VAIN: Duration = Duration::from_secs(30);

#[payload]
pub(crate) enum Denied {
    BadToken { hint: String },
}

#[derive(Namespace, Clone)]
#[namespace(path = "/", auth = Option<Value>, denied = Denied)]
pub(crate) struct Root;

#[derive(Namespace, Clone)]
#[namespace(path = "/chat", auth = Value)]
struct Chat;

/// A server, and what it has seen: each event with its arguments, and why a client has left.
pub(crate) struct Lab {
    port: u16,
    seen: Receiver<String>,
    root: NamespaceHandle<Root>,
    _runtime: tokio::runtime::Runtime,
}

impl Lab {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (io, _layer) = Server::builder().max_payload(50_000).build();
        let (see, seen) = channel();
        let left = see.clone();
        let root = io
            .namespace::<Root>()
            .connect(async move |conn: Connecting<Root>| enter(&conn, see))
            .on_disconnect(move |_, reason| drop(left.send(format!("left: {reason}"))));
        let root = NamespaceHandle::clone(&root);
        drop(io.namespace::<Chat>().connect(async |conn: Connecting<Chat>| Ok::<_, Refuse>(whoami(&conn))));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(async move { ackord::serve_on(listener, &io).await });
        Self { port, seen, root, _runtime: runtime }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn next(&self) -> String {
        self.seen.recv_timeout(IN_VAIN).expect("the server waited in vain")
    }

    pub(crate) fn skip_to(&self, what: &str) {
        while self.next() != what {}
    }

    pub(crate) fn emit_until_left(&self, event: &str) {
        loop {
            self.root.emit_raw(event, &RawArgs::new());
            match self.seen.recv_timeout(Duration::from_millis(5)) {
                Ok(seen) if seen.starts_with("left: ") => return,
                _ => {}
            }
        }
    }
}

fn enter(conn: &Connecting<Root>, see: Sender<String>) -> Result<Socket<Root>, Refuse<Denied>> {
    if conn.auth().as_ref().is_some_and(|auth| auth["token"] == "bad") {
        return Err(Denied::BadToken { hint: "good".into() }.into());
    }
    let socket = conn.accept();
    let welcome = RawArgs::new().arg(&Welcome { z: [Binary::from("hi".to_owned())], a: 1 }).unwrap();
    socket.emit_raw("welcome", &welcome);
    let noted = see.clone();
    socket.on_any(move |event, args| {
        let args = format!("{args:?}");
        let args = args.trim_start_matches("RawArgs(").trim_end_matches(" attachments)");
        drop(noted.send(format!("{event} {args}")));
    });
    socket.on_raw("echo", async |args: RawArgs| args);
    let (kick, repeat) = (socket.clone(), socket.clone());
    socket.on_raw("kick", async move |args| {
        kick.disconnect();
        args
    });
    socket.on_raw("repeat", async move |args| {
        repeat.emit_raw(&args.get::<String>(0).unwrap(), &RawArgs::new());
        args
    });
    let question = socket.call_raw("confirm", &RawArgs::new().arg("Sure?").unwrap());
    tokio::spawn(async move {
        if let Ok(answer) = question.await {
            let _ = see.send(format!("confirmed {:?}", answer.values::<Value>().unwrap()));
        }
    });
    Ok(socket)
}

#[payload]
struct Welcome {
    z: [Binary; 1],
    a: u8,
}

fn whoami(conn: &Connecting<Chat>) -> Socket<Chat> {
    let socket = conn.accept();
    let handshake = conn.handshake();
    let key = handshake.headers().get("x-key").and_then(|key| key.to_str().ok());
    let query = handshake.uri().query().and_then(|query| query.split('&').next());
    let answer = RawArgs::new().arg(&json!({ "auth": conn.auth(), "key": key, "query": query })).unwrap();
    socket.on_raw("whoami", async move |_| answer);
    socket
}

/// An address that nobody listens on.
pub(crate) fn unused() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// The program with its arguments.
pub(crate) struct Cat(Command);

/// The program with the URL of a server.
pub(crate) fn cat(lab: &Lab, args: &[&str]) -> Cat {
    Cat::new(&[&[&*lab.url()], args].concat())
}

impl Cat {
    pub(crate) fn new(args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ackord-cat"));
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for proxy in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(proxy);
        }
        Self(command)
    }

    pub(crate) fn start(mut self) -> Running {
        let mut child = self.0.spawn().unwrap();
        let out = child.stdout.take().map(BufReader::new);
        let err = BufReader::new(child.stderr.take().unwrap());
        let (ended, watched) = channel::<()>();
        let pid = child.id();
        std::thread::spawn(move || {
            // Otherwise the test would wait for it.
            if watched.recv_timeout(IN_VAIN) == Err(RecvTimeoutError::Timeout) {
                signal("-KILL", pid);
            }
        });
        Running { child, out, err, _ended: ended }
    }

    pub(crate) fn end(self, input: &str) -> Done {
        self.start().end(input)
    }
}

/// The program while it runs; killed if a test fails.
pub(crate) struct Running {
    child: Child,
    out: Option<BufReader<ChildStdout>>,
    err: BufReader<ChildStderr>,
    _ended: Sender<()>,
}

/// What is left of it.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Running {
    /// The next line of its output.
    pub(crate) fn line(&mut self) -> String {
        line(self.out.as_mut().unwrap())
    }

    /// The next line of what it tells.
    pub(crate) fn err_line(&mut self) -> String {
        line(&mut self.err)
    }

    /// As Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        signal("-INT", self.child.id());
    }

    pub(crate) fn close_output(&mut self) {
        self.out = None;
    }

    /// Gives it its input, and waits for its end.
    pub(crate) fn end(mut self, input: &str) -> Done {
        // It may have ended already.
        let _ = self.child.stdin.take().unwrap().write_all(input.as_bytes());
        let (mut out, mut err) = (String::new(), String::new());
        if let Some(rest) = &mut self.out {
            rest.read_to_string(&mut out).unwrap();
        }
        self.err.read_to_string(&mut err).unwrap();
        Done { code: self.child.wait().unwrap().code().expect("it was killed"), out, err }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn signal(signal: &str, pid: u32) {
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
}

fn line(of: &mut impl BufRead) -> String {
    let mut line = String::new();
    of.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}
