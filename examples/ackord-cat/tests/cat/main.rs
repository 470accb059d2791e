//! The built program against a server of the library, in every mode.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod lab;

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::lab::{Cat, Lab, cat};

#[test]
fn emit_ends_when_the_event_is_with_the_server() {
    let lab = Lab::new();
    let done = cat(&lab, &["emit", "note", "1", "two words", r#"{"b": [], "a": null}"#, "base64:aGk="]).end("");
    assert_eq!((done.code, &*done.out), (0, ""));
    assert!(done.err.contains("* connected as "), "{}", done.err);
    assert_eq!(lab.next(), r#"note [1,"two words",{"b":[],"a":null},{"_placeholder":true,"num":0}], 1"#);
    assert_eq!(lab.next(), "left: client namespace disconnect");
}

#[test]
fn call_prints_the_values_of_the_ack() {
    let lab = Lab::new();
    let done = cat(&lab, &["call", "echo", "-1", r#""2""#, "base64:AAE=", "-q"]).end("");
    assert_eq!((done.code, &*done.out, &*done.err), (0, "-1\n\"2\"\n{\"base64\":\"AAE=\"}\n", ""));
    let file = temp("photo");
    fs::write(&file, "hi").unwrap();
    let done = cat(&lab, &["call", "echo", &format!("@{}", file.display())]).end("");
    assert_eq!(done.out, "{\"base64\":\"aGk=\"}\n");
}

#[test]
fn listen_prints_what_it_is_asked_for_and_answers() {
    let lab = Lab::new();
    let done = cat(&lab, &["listen", "-c", "1", "--hex"]).end("");
    assert_eq!((done.code, &*done.out), (0, "< welcome {\"z\":[<2 bytes: 68 69>],\"a\":1}\n"));
    lab.skip_to("left: client namespace disconnect");
    let done = cat(&lab, &["listen", "confirm", "--ack", "yes", "-c", "1", "--json"]).end("");
    let line: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((&line["event"], &line["args"], &line["ack"]), (&json!("confirm"), &json!(["Sure?"]), &json!(true)));
    assert!(line["time"].as_str().unwrap().ends_with('Z'));
    lab.skip_to(r#"confirmed [String("yes")]"#);
}

#[test]
fn an_interrupted_listener_leaves_cleanly() {
    let lab = Lab::new();
    let mut listening = cat(&lab, &["listen", "--time"]).start();
    let line = listening.line();
    assert!(line.contains("Z < welcome "), "{line}");
    listening.interrupt();
    assert_eq!(listening.end("").code, 0);
    lab.skip_to("left: client namespace disconnect");
}

#[test]
fn an_interrupted_question_is_an_error() {
    let lab = Lab::new();
    let asking = cat(&lab, &["call", "silence"]).start();
    assert_eq!(lab.next(), "silence [], 0");
    asking.interrupt();
    let done = asking.end("");
    assert_eq!(done.code, 130);
    lab.skip_to("left: client namespace disconnect");
}

#[test]
fn lines_of_a_pipe_are_events_and_what_comes_is_json_for_the_next() {
    let lab = Lab::new();
    let input = "[\"note\", 1]\n\n{\"event\": \"echo\", \"args\": [{\"base64\": \"AAE=\"}], \"ack\": true}\n";
    let done = cat(&lab, &["--json"]).end(input);
    assert_eq!(done.code, 0, "{}", done.err);
    let mut lines = done.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    // The welcome came first; an unanswered question may be anywhere.
    assert_eq!(lines.next().unwrap()["args"], json!([{ "z": [{ "base64": "aGk=" }], "a": 1 }]));
    let ack = lines.find(|line| line["ack_of"] == "echo").unwrap();
    assert_eq!(ack["args"], json!([{ "base64": "AAE=" }]));
    assert_eq!(lab.next(), "note [1], 0");
}

#[test]
fn a_pipe_stays_until_it_has_counted() {
    let lab = Lab::new();
    let done = cat(&lab, &["-c", "3"]).end("[\"repeat\", \"again\"]\n");
    assert_eq!(done.code, 0);
    assert!(done.out.ends_with("< again\n"), "{}", done.out);
    let bad = cat(&lab, &[]).end("[\"note\", 1]\n{\"event\": 3}\n");
    assert_eq!(bad.code, 2);
    assert!(bad.err.contains("line 2 of the input: the event's name must be a string"), "{}", bad.err);
}

#[test]
fn whoever_reads_no_more_ends_it() {
    let lab = Lab::new();
    let mut listening = cat(&lab, &["listen"]).start();
    listening.line();
    listening.close_output();
    lab.emit_until_left("news");
    assert_eq!(listening.end("").code, 0);
}

#[test]
fn attachments_are_saved_and_nothing_is_written_over() {
    let lab = Lab::new();
    let dir = temp("attachments");
    let dir_arg = dir.display().to_string();
    let args = ["listen", "-c", "1", "--save-binary", &*dir_arg];
    let first = dir.join("0001.bin").display().to_string();
    assert_eq!(cat(&lab, &args).end("").out, format!("< welcome {{\"z\":[<2 bytes in {first}>],\"a\":1}}\n"));
    let json = cat(&lab, &[&args[..], &["--json"]].concat()).end("").out;
    assert!(json.contains("0002.bin"), "{json}");
    assert_eq!(fs::read(dir.join("0002.bin")).unwrap(), b"hi");
}

#[test]
fn exit_codes_say_what_went_wrong() {
    let lab = Lab::new();
    let table: [(&[&str], i32, &str); 8] = [
        (&["-a", r#"{"token": "bad"}"#, "emit", "x"], 1, r#"refuses the connection: denied {"BadToken":{"hint":"good"}}"#),
        (&["-n", "/nope", "emit", "x"], 1, "Invalid namespace"),
        (&["call", "kick"], 1, "the server has disconnected us"),
        (&["emit", "note", &"x".repeat(100_000)], 1, "not sent: "),
        (&["-a", "[1]", "emit", "x"], 2, "--auth: expected a JSON object"),
        (&["emit", "x", "{a"], 2, "{a: key must be a string at character 2"),
        (&["--path", "/nope", "emit", "x"], 3, "answered 404 Not Found; there is no Socket.IO server at this path"),
        (&["call", "silence", "--timeout", "0.1"], 4, "no answer in time"),
    ];
    for (args, code, why) in table {
        let done = cat(&lab, args).end("");
        assert_eq!(done.code, code, "{args:?}: {}", done.err);
        assert!(done.err.contains(why), "{args:?}: {}", done.err);
    }
    // Without a server; with a command line that makes no sense.
    let nobody = Cat::new(&[&lab::unused(), "emit", "x"]).end("");
    assert_eq!(nobody.code, 3);
    assert!(nobody.err.contains("Connection refused"), "{}", nobody.err);
    assert_eq!(Cat::new(&["emit", "x"]).end("").code, 2);
}

#[test]
fn it_comes_back_unless_it_must_not() {
    let lab = Lab::new();
    let mut steady = cat(&lab, &["listen"]).start();
    let mut once = cat(&lab, &["listen", "--no-reconnect"]).start();
    steady.line();
    once.line();
    drop(lab);
    let once = once.end("");
    assert_eq!(once.code, 3);
    assert!(once.err.contains("error: the connection is lost: transport "), "{}", once.err);
    steady.err_line();
    let lost = steady.err_line();
    assert!(lost.starts_with("* disconnected: transport ") && lost.ends_with("; coming back"), "{lost}");
    let again = steady.err_line();
    assert!(again.starts_with("* cannot reach the server: ") && again.ends_with("; trying again"), "{again}");
    steady.interrupt();
    assert_eq!(steady.end("").code, 0);
}

#[test]
fn auth_headers_and_namespaces_arrive() {
    let lab = Lab::new();
    let auth = temp("auth");
    fs::write(&auth, r#"{"token": "t"}"#).unwrap();
    let auth = format!("@{}", auth.display());
    let url = format!("{}/chat?x=1", lab.url());
    let done = Cat::new(&[&url, "call", "whoami", "-a", &auth, "-H", "x-key: k", "-t", "polling"]).end("");
    assert_eq!((done.code, &*done.out), (0, "{\"auth\":{\"token\":\"t\"},\"key\":\"k\",\"query\":\"x=1\"}\n"));
    assert!(done.err.contains(" over polling"), "{}", done.err);
}

#[test]
fn an_upgrade_is_told_and_more_with_verbose() {
    let lab = Lab::new();
    let mut listening = cat(&lab, &["listen", "-v", "-t", "polling,websocket"]).start();
    let connecting = listening.err_line();
    assert!(connecting.starts_with("* connecting to http://127.0.0.1:"), "{connecting}");
    assert!(listening.err_line().ends_with(" over polling"));
    assert_eq!(listening.err_line(), "* upgraded to websocket");
    listening.interrupt();
    assert_eq!(listening.end("").code, 0);
    let done = cat(&lab, &["emit", "note", "1", "-v"]).end("");
    assert!(done.err.contains("* sent note 1\n"), "{}", done.err);
}

fn temp(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cat");
    fs::create_dir_all(&dir).unwrap();
    let path = dir.join(name);
    let _ = fs::remove_dir_all(&path);
    path
}
