//! The processes under measurement, and what `/proc` says of them.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use clients::Result;

use crate::scenarios::{Peer, Scenario, What};

const SERVER_CORE: &str = "0";
const CLIENT_CORE: &str = "1";
/// No step takes as long.
const PATIENCE: Duration = Duration::from_secs(15);
/// A step is repeated, twice, if the client waited for its core during more than this part of it.
const NOISY: f64 = 0.2;

/// Ends its process when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended long ago, and nobody wants its status.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(core: &str, mut program: Vec<String>) -> Result<(Running, ChildStdin, BufReader<ChildStdout>)> {
    let pinned = Command::new("taskset").arg("--version").stdout(Stdio::null()).status().is_ok();
    if pinned {
        // It replaces itself: the process's id is the program's.
        program.splice(0..0, ["taskset", "-c", core].map(str::to_owned));
    }
    let mut child = Command::new(&program[0]);
    child.args(&program[1..]).stdin(Stdio::piped()).stdout(Stdio::piped());
    // One line is enough for a peer that panics.
    let mut child = child.env("RUST_BACKTRACE", "0").spawn()?;
    let (stdin, stdout) = (child.stdin.take().ok_or("no stdin")?, child.stdout.take().ok_or("no stdout")?);
    Ok((Running(child), stdin, BufReader::new(stdout)))
}

fn beside_us(name: &str) -> Result<String> {
    Ok(std::env::current_exe()?.with_file_name(name).display().to_string())
}

pub(crate) struct Server {
    url: String,
    _running: Running,
}

impl Server {
    pub(crate) fn start() -> Result<Self> {
        let (running, _, mut stdout) = start(SERVER_CORE, vec![beside_us("server")?])?;
        let mut port = String::new();
        stdout.read_line(&mut port)?;
        let url = format!("http://127.0.0.1:{}", port.trim());
        let since = Instant::now();
        while std::net::TcpStream::connect(url.trim_start_matches("http://")).is_err() {
            if since.elapsed() > PATIENCE {
                return Err("the server does not listen".into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(Self { url, _running: running })
    }
}

/// What one step was like.
pub(crate) struct Sample {
    /// Nanoseconds or bytes, for each of what was done.
    pub(crate) each: f64,
    /// Of those, wrong and lost.
    pub(crate) bad: u64,
    pub(crate) per_second: f64,
    /// The part of the time in which the client waited for its core.
    pub(crate) waited: f64,
}

pub(crate) struct Client {
    running: Running,
    stdin: ChildStdin,
    answers: mpsc::Receiver<String>,
}

impl Client {
    pub(crate) fn start(server: &Server, peer: &Peer) -> Result<Self> {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("node/client.mjs");
        Self::run(match peer.node {
            Some(transport) => vec!["node".to_owned(), script.display().to_string(), transport.to_owned(), server.url.clone()],
            None => vec![beside_us("client")?, peer.name.to_owned(), server.url.clone()],
        })
    }

    /// A Rust client that counts its allocations.
    pub(crate) fn counted(server: &Server, name: &str) -> Result<Self> {
        let mut client = Self::run(vec![beside_us("counted")?, name.to_owned(), server.url.clone()])?;
        client.step("connect 1")?;
        Ok(client)
    }

    fn run(program: Vec<String>) -> Result<Self> {
        let (running, stdin, stdout) = start(CLIENT_CORE, program)?;
        let (send, answers) = mpsc::channel();
        std::thread::spawn(move || stdout.lines().map_while(std::io::Result::ok).try_for_each(|line| send.send(line)));
        Ok(Self { running, stdin, answers })
    }

    /// Has the client do something, and waits for it.
    pub(crate) fn step(&mut self, step: &str) -> Result<Vec<u64>> {
        writeln!(self.stdin, "{step}")?;
        let answer = self.answers.recv_timeout(PATIENCE).map_err(|e| format!("{step}: no answer ({e})"))?;
        let numbers = answer.strip_prefix("done").ok_or_else(|| format!("{step}: {answer}"))?;
        numbers.split_whitespace().map(|n| Ok(n.parse()?)).collect()
    }

    pub(crate) fn measure(&mut self, scenario: &Scenario) -> Result<Sample> {
        for step in scenario.before {
            self.step(step)?;
        }
        // Who connects a second time measures nothing.
        let tries = if scenario.once { 1 } else { 3 };
        let mut best = self.sample(scenario)?;
        for _ in 1..tries {
            if best.waited <= NOISY || best.bad > 0 {
                break;
            }
            let again = self.sample(scenario)?;
            if again.waited < best.waited {
                best = again;
            }
        }
        Ok(best)
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers far below 2^52")]
    fn sample(&mut self, scenario: &Scenario) -> Result<Sample> {
        let (before, memory, start) = (self.time()?, self.memory()?, Instant::now());
        let answer = self.step(scenario.step)?;
        let (after, seconds) = (self.time()?, start.elapsed().as_secs_f64());
        let used = match scenario.what {
            What::Cpu => (after.running - before.running) as f64,
            What::Memory => self.memory()? - memory,
        };
        let count = *answer.first().ok_or("a step without a count")? as f64;
        Ok(Sample {
            each: used / count,
            bad: answer[1..].iter().sum(),
            per_second: count / seconds,
            waited: (after.waiting - before.waiting) as f64 / 1e9 / seconds,
        })
    }

    /// Of all threads, in nanoseconds.
    fn time(&self) -> Result<Time> {
        let mut time = Time::default();
        for thread in fs::read_dir(format!("/proc/{}/task", self.running.0.id()))? {
            // One that ends meanwhile has done nothing of interest.
            let Ok(stat) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
            let mut numbers = stat.split_whitespace().map(str::parse::<u64>);
            time.running += numbers.next().ok_or("schedstat without a time")??;
            time.waiting += numbers.next().ok_or("schedstat without a time")??;
        }
        Ok(time)
    }

    /// Resident, in bytes.
    fn memory(&self) -> Result<f64> {
        // `statm` and `status` lag behind by some pages per thread; this is exact.
        let maps = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.running.0.id()))?;
        let line = maps.lines().find_map(|line| line.strip_prefix("Rss:")).ok_or("smaps_rollup without Rss")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim_end().parse()?;
        Ok(kib * 1024.0)
    }
}

/// What a Rust client executes in user space while it does `steps`; none without valgrind.
pub(crate) fn instructions(server: &Server, name: &str, steps: &str) -> Result<Option<u64>> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).args([&beside_us("client")?, name, &server.url]);
    let Ok(mut child) = valgrind.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn() else {
        return Ok(None);
    };
    child.stdin.take().ok_or("no stdin")?.write_all(steps.as_bytes())?;
    let output = child.wait_with_output()?;
    let report = String::from_utf8_lossy(&output.stderr);
    let collected =
        report.lines().find_map(|line| line.split_once("Collected :")).ok_or_else(|| format!("valgrind: {report}"))?.1;
    Ok(Some(collected.trim().parse()?))
}

#[derive(Default)]
struct Time {
    running: u64,
    waiting: u64,
}
