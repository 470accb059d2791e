//! What came, as lines: for people, or for other programs.
//!
//! A thread writes them, so that a reader that is slow holds up the server (through a bounded channel) and no heartbeat.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::PathBuf,
};

use ackord::{Binary, RawArgs};
use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use crate::{
    cli::OutputArgs,
    data::{Clean, Data, write_base64},
    failure::Failure,
    notices,
    screen::{ACK, DIM, NAME, Screen},
};

/// So many lines may wait for whoever reads them.
const WAITING: usize = 256;

/// Something to print.
pub(crate) enum Shown {
    Event {
        name: String,
        args: RawArgs,
        asks: Asks,
    },
    /// The ack of an event that we sent.
    Ack {
        of: String,
        args: RawArgs,
    },
    /// Only the ack, one JSON value a line.
    Values(RawArgs),
    /// There is nothing more to come.
    End,
}

/// Whether the server wants an ack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    No,
    Yes,
    /// Somebody at a prompt may answer, with this number.
    Here(u64),
}

/// The way to the thread that prints.
pub(crate) struct Output {
    lines: mpsc::Sender<Shown>,
    done: oneshot::Receiver<Result<(), Failure>>,
}

impl Output {
    /// # Errors
    /// The directory for attachments cannot be made.
    pub(crate) fn start(screen: Screen, args: &OutputArgs) -> Result<Self, Failure> {
        let mut format = Format::new(args)?;
        let mut left = args.count;
        let (lines, mut shown) = mpsc::channel::<Shown>(WAITING);
        let (tell, done) = oneshot::channel();
        std::thread::spawn(move || {
            let mut run = || -> io::Result<()> {
                while let Some(shown) = shown.blocking_recv() {
                    if matches!(shown, Shown::End) {
                        break;
                    }
                    let counts = matches!(shown, Shown::Event { .. });
                    for line in format.lines(shown)? {
                        screen.out(&line)?;
                    }
                    left = left.map(|left| left - u64::from(counts));
                    if left == Some(0) {
                        break;
                    }
                }
                Ok(())
            };
            let done = match run() {
                // `| head -1`: it has what it wanted.
                Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                done => done.map_err(|e| Failure::Usage(format!("output: {e}"))),
            };
            // Before the channel closes, whose end says that there is something to be read here.
            let _ = tell.send(done);
            drop(shown);
        });
        Ok(Self { lines, done })
    }

    pub(crate) fn lines(&self) -> mpsc::Sender<Shown> {
        self.lines.clone()
    }

    /// Waits until nobody wants more: it has been counted, or nobody reads any more.
    pub(crate) async fn enough(&self) {
        self.lines.closed().await;
    }

    /// Waits until all is printed.
    ///
    /// # Errors
    /// It could not be.
    pub(crate) async fn finish(self) -> Result<(), Failure> {
        let _ = self.lines.send(Shown::End).await;
        self.done.await.unwrap_or_else(|_| Err(Failure::Usage("output: the thread that prints has panicked".into())))
    }
}

struct Format {
    json: bool,
    time: bool,
    hex: bool,
    files: Option<Files>,
}

impl Format {
    fn new(args: &OutputArgs) -> Result<Self, Failure> {
        let files = args.save_binary.clone().map(Files::new).transpose()?;
        Ok(Self { json: args.json, time: args.time, hex: args.hex, files })
    }

    fn lines(&mut self, shown: Shown) -> io::Result<Vec<String>> {
        let line = match shown {
            Shown::End => return Ok(Vec::new()),
            Shown::Values(args) => return values(&args)?.iter().map(|value| self.value(value, true)).collect(),
            Shown::Event { name, args, asks } if self.json => {
                let (args, ack) = (self.array(&args)?, asks != Asks::No);
                format!(r#"{{"event":{},"args":{args},"ack":{ack},"time":"{}"}}"#, quoted(&name), notices::time())
            }
            Shown::Ack { of, args } if self.json => {
                format!(r#"{{"ack_of":{},"args":{},"time":"{}"}}"#, quoted(&of), self.array(&args)?, notices::time())
            }
            Shown::Event { name, args, asks } => {
                let asks = match asks {
                    Asks::No => String::new(),
                    Asks::Yes => format!(" {ACK}(wants an ack){ACK:#}"),
                    Asks::Here(n) => format!(" {ACK}(answer: /ack {n} …){ACK:#}"),
                };
                format!("{}{DIM}<{DIM:#} {NAME}{}{NAME:#}{}{asks}", self.time(), event_name(&name), self.words(&args)?)
            }
            Shown::Ack { of, args } => {
                format!("{}{DIM}<{DIM:#} {ACK}ack of {}{ACK:#}{}", self.time(), event_name(&of), self.words(&args)?)
            }
        };
        Ok(vec![line])
    }

    fn time(&self) -> String {
        if self.time { format!("{DIM}{}{DIM:#} ", notices::time()) } else { String::new() }
    }

    fn array(&mut self, args: &RawArgs) -> io::Result<String> {
        self.value(&Data::List(values(args)?), true)
    }

    fn words(&mut self, args: &RawArgs) -> io::Result<String> {
        let values = values(args)?;
        let words = values.iter().map(|value| Ok(format!(" {}", self.value(value, false)?)));
        words.collect()
    }

    fn value(&mut self, value: &Data, json: bool) -> io::Result<String> {
        let (mut text, mut failed) = (String::new(), None);
        value.write(&mut text, &mut |bytes, out| match self.files.as_mut().map(|files| files.save(bytes)) {
            Some(Err(e)) => failed = Some(e),
            Some(Ok(path)) if json => out.push_str(&json!({ "file": path }).to_string()),
            Some(Ok(path)) => out.extend(["<", &bytes.len().to_string(), " bytes in ", &path, ">"]),
            None if json => write_base64(bytes, out),
            None if self.hex => out.extend(["<", &bytes.len().to_string(), " bytes:", &hex(bytes), ">"]),
            None => out.extend(["<", &bytes.len().to_string(), " bytes>"]),
        });
        // An escape is as good JSON as the character.
        failed.map_or_else(|| Ok(Clean(&text).to_string()), Err)
    }
}

fn values(args: &RawArgs) -> io::Result<Vec<Data>> {
    args.values().map_err(io::Error::other)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, " {byte:02x}");
        text
    })
}

/// Bare if it is a word, otherwise as JSON.
pub(crate) fn event_name(name: &str) -> String {
    let is_word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-:./".contains(c));
    if is_word { name.to_owned() } else { quoted(name) }
}

fn quoted(name: &str) -> String {
    Clean(&json!(name).to_string()).to_string()
}

/// What an event that we send looks like in a notice.
pub(crate) fn sent(name: &str, args: &RawArgs) -> String {
    let mut format = Format { json: false, time: false, hex: false, files: None };
    format!("sent {}{}", event_name(name), format.words(args).unwrap_or_default())
}

/// Attachments on disk. The server has no say in their names.
struct Files {
    dir: PathBuf,
    last: u32,
}

impl Files {
    fn new(dir: PathBuf) -> Result<Self, Failure> {
        fs::create_dir_all(&dir).map_err(|e| Failure::Usage(format!("{}: {e}", dir.display())))?;
        Ok(Self { dir, last: 0 })
    }

    /// Nothing that is there is written over.
    fn save(&mut self, bytes: &Binary) -> io::Result<String> {
        loop {
            self.last += 1;
            let path = self.dir.join(format!("{:04}.bin", self.last));
            match fs::File::create_new(&path) {
                Ok(mut file) => return file.write_all(bytes).map(|()| path.display().to_string()),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(io::Error::new(e.kind(), format!("{}: {e}", path.display()))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(json: bool, shown: Shown) -> Vec<String> {
        let mut format = Format { json, time: false, hex: !json, files: None };
        format.lines(shown).unwrap().iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect()
    }

    fn args() -> RawArgs {
        RawArgs::new().arg("a\u{9b}").unwrap().arg(&[Binary::from(vec![1, 255])]).unwrap()
    }

    #[test]
    fn people_see_what_came_and_nothing_that_a_terminal_obeys() {
        let event = |name: &str, asks| Shown::Event { name: name.into(), args: args(), asks };
        assert_eq!(lines(false, event("a:b", Asks::No)), [r#"< a:b "a\u009b" [<2 bytes: 01 ff>]"#]);
        assert_eq!(lines(false, event("a b", Asks::Here(3))), [r#"< "a b" "a\u009b" [<2 bytes: 01 ff>] (answer: /ack 3 …)"#]);
        assert_eq!(lines(false, Shown::Ack { of: "x".into(), args: RawArgs::new() }), ["< ack of x"]);
    }

    #[test]
    fn programs_get_json() {
        let line = &lines(true, Shown::Event { name: "a".into(), args: args(), asks: Asks::Yes })[0];
        assert!(line.starts_with(r#"{"event":"a","args":["a"#), "{line}");
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["args"], json!(["a\u{9b}", [{ "base64": "Af8=" }]]));
        assert_eq!((&line["ack"], line["time"].as_str().map(str::len)), (&json!(true), Some(24)));
        assert_eq!(lines(false, Shown::Values(args())), [r#""a\u009b""#, r#"[{"base64":"Af8="}]"#]);
    }

    #[test]
    fn a_file_that_is_there_is_left_alone() {
        let dir = std::env::temp_dir().join(format!("ackord-cat-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        let save = || Files::new(dir.clone()).unwrap().save(&Binary::from(vec![7])).unwrap();
        assert!(save().ends_with("0001.bin") && save().ends_with("0002.bin"));
        assert_eq!(fs::read(dir.join("0002.bin")).unwrap(), [7]);
        fs::remove_dir_all(&dir).unwrap();
    }
}
