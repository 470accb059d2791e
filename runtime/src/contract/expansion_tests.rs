//! What the expansions of the macros do at run time: events in, acks out, and the other way round.

use std::{
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;

use super::{
    AckData, AckKind, ArgError, Args, BadArg, Binary, Body, CallError, Decode, Dispatch, Events, Handling, Registry, Reply,
    Target,
};
use crate::{Namespace, events, payload, proto::packet::Encoded};

#[payload(crate = "crate")]
#[derive(PartialEq)]
struct Message {
    text: String,
    #[serde(default)]
    tags: Vec<u8>,
}

#[payload(crate = "crate")]
#[derive(PartialEq)]
#[serde(tag = "code", rename_all = "snake_case")]
enum SendError {
    TooLong { max: u32 },
}

/// Everything an event can look like.
#[events(crate = "crate", rename_all = "camelCase")]
trait Server {
    /// Says it.
    ///
    /// Answers.
    async fn send(&self, room: &str, message: &Message, reply_to: Option<u32>) -> Result<Message, SendError>;
    async fn count_all(&self, list: &[Message], word: Option<&str>, one: Option<&Message>, bytes: Option<&[u8]>) -> usize;
    async fn leave(&self);
    #[event(rename = "file:put", alias = "put", alias = "file_put")]
    #[deprecated(note = "too large")]
    fn put(&self, name: String, data: Binary);
    fn r#type(&self, r#fn: (u8, Option<Message>));
    #[cfg(any())]
    fn never(&self, x: Missing);
}

#[events(crate = "crate", ack = "plain", prefix = "f:")]
trait Foreign {
    async fn ask(&self, text: &str) -> Result<u8, String>;
    #[cfg(test)]
    async fn first(&self) -> Option<u8>;
}

#[derive(Namespace, Debug, Clone, PartialEq)]
#[namespace(crate = "crate", path = "/org-{id}/{type}.x", server = dyn Server, client = dyn Foreign, auth = Message, denied = SendError)]
struct Org {
    r#type: String,
    id: u64,
}

#[derive(Namespace, Debug, Clone, PartialEq)]
#[namespace(crate = "crate", path = "/")]
struct Root {}

/// Notes what it was called with.
#[derive(Default)]
struct Session(Mutex<Vec<String>>);

impl Session {
    fn note(&self, call: String) {
        self.0.lock().unwrap().push(call);
    }
}

impl Server for Session {
    async fn send(&self, room: &str, message: &Message, reply_to: Option<u32>) -> Result<Message, SendError> {
        self.note(format!("send {room} {} {reply_to:?}", message.text));
        if message.text.len() > 3 { Err(SendError::TooLong { max: 3 }) } else { Ok(message.clone()) }
    }
    async fn count_all(&self, list: &[Message], word: Option<&str>, one: Option<&Message>, bytes: Option<&[u8]>) -> usize {
        list.len() + word.map_or(0, str::len) + usize::from(one.is_some()) + bytes.map_or(0, <[u8]>::len)
    }
    async fn leave(&self) {
        self.note("leave".into());
    }
    async fn put(&self, name: String, data: Binary) {
        self.note(format!("put {name} {data:?}"));
    }
    async fn r#type(&self, r#fn: (u8, Option<Message>)) {
        self.note(format!("type {fn:?}"));
    }
}

impl Foreign for Session {
    async fn ask(&self, text: &str) -> Result<u8, String> {
        text.parse().map_err(|_| text.to_owned())
    }
    async fn first(&self) -> Option<u8> {
        None
    }
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing here waits"),
    }
}

type Dispatched = Result<Option<Option<String>>, ArgError>;

/// The ack as text: of an event that is known, if one was asked for.
fn finished(handling: Result<Option<Handling>, ArgError>) -> Dispatched {
    let text = |handling: Handling| ready(handling).unwrap().map(|ack| String::from_utf8(ack.text.to_vec()).unwrap());
    handling.map(|handling| handling.map(text))
}

fn reply(id: Option<u64>) -> Reply {
    Reply::new("/".into(), id)
}

/// Opens an event with one attachment.
fn open<T>(packet: impl Into<String>, with: impl FnOnce(&str, &mut Args<'_>) -> T) -> T {
    let (text, attachments) = (Bytes::from(packet.into()), [Bytes::from_static(b"abc")]);
    let (event, mut args) = Args::event(&text, &attachments).unwrap();
    with(&event, &mut args)
}

fn dispatch<S: Dispatch<Session> + ?Sized>(session: &Arc<Session>, packet: impl Into<String>, id: Option<u64>) -> Dispatched {
    open(packet, |event, args| finished(S::dispatch(session, event, args, reply(id))))
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with what was dispatched")]
fn acked(text: &str) -> Dispatched {
    Ok(Some(Some(format!("431{text}"))))
}

#[test]
fn arguments_are_decoded_and_answers_encoded() {
    let session = Arc::new(Session::default());
    let ask = |packet| dispatch::<dyn Server>(&session, packet, Some(1));
    assert_eq!(ask(r#"["send","r",{"text":"hi"},7]"#), acked(r#"[{"ok":true,"value":{"text":"hi","tags":[]}}]"#));
    assert_eq!(ask(r#"["send","r",{"text":"long"}]"#), acked(r#"[{"ok":false,"error":{"code":"too_long","max":3}}]"#));
    assert_eq!(ask(r#"["countAll",[{"text":"a"},{"text":"b"}],"xyz",{"text":""},[1,2],"extra"]"#), acked("[8]"));
    assert_eq!(ask(r#"["countAll",[]]"#), acked("[0]"));
    assert_eq!(ask(r#"["leave",1,2,3]"#), acked("[]"));
    assert_eq!(*session.0.lock().unwrap(), ["send r hi Some(7)", "send r long None", "leave"]);
}

#[test]
fn events_are_found_under_all_their_names() {
    let session = Arc::new(Session::default());
    let tell = |packet: String| dispatch::<dyn Server>(&session, packet, None);
    for name in ["file:put", "put", "file_put"] {
        assert_eq!(tell(format!(r#"["{name}","n",{{"_placeholder":true,"num":0}}]"#)), Ok(Some(None)), "{name}");
    }
    assert_eq!(tell(r#"["type",[1,{"text":"t"}]]"#.into()), Ok(Some(None)));
    for unknown in ["count_all", "r#type", "never", "", "filePut"] {
        assert_eq!(tell(format!(r#"["{unknown}"]"#)), Ok(None), "{unknown}");
    }
    let put = "put n Binary(3 bytes)";
    assert_eq!(*session.0.lock().unwrap(), [put, put, put, r#"type (1, Some(Message { text: "t", tags: [] }))"#]);
}

#[test]
fn a_notice_is_acknowledged_after_its_handler_if_the_peer_asks() {
    let session = Arc::new(Session::default());
    assert_eq!(dispatch::<dyn Server>(&session, r#"["type",[1,null]]"#, Some(1)), acked("[]"));
    assert_eq!(*session.0.lock().unwrap(), ["type (1, None)"]);
}

#[test]
fn bad_arguments_are_named_and_nothing_is_called() {
    let session = Arc::new(Session::default());
    let bad = |packet| match dispatch::<dyn Server>(&session, packet, Some(1)) {
        Err(ArgError::Bad(bad)) => format!("{}{}", bad.name, bad.path),
        other => panic!("{packet}: {other:?}"),
    };
    assert_eq!(bad(r#"["send"]"#), "room");
    assert_eq!(bad(r#"["send","r",{"text":7}]"#), "message.text");
    assert_eq!(bad(r#"["send","r",{"text":""},"x"]"#), "reply_to");
    assert_eq!(bad(r#"["countAll",[{}]]"#), "list[0]");
    assert_eq!(bad(r#"["type",7]"#), "fn");
    assert_eq!(dispatch::<dyn Server>(&session, r#"["leave",1"#, None), Err(ArgError::Malformed));
    assert!(session.0.lock().unwrap().is_empty());
}

#[test]
fn plain_acks_know_no_envelope() {
    let session = Arc::new(Session::default());
    let ask = |packet| dispatch::<dyn Foreign>(&session, packet, Some(1));
    assert_eq!(ask(r#"["f:ask","3"]"#), acked("[3]"));
    assert_eq!(ask(r#"["f:ask","x"]"#), acked(r#"["x"]"#));
    assert_eq!(ask(r#"["f:first"]"#), acked("[null]"));
    assert_eq!(ask(r#"["ask","3"]"#), Ok(None));
}

#[test]
fn closures_handle_as_methods_do() {
    let (registry, seen) = (Registry::default(), Arc::new(Mutex::new(Vec::new())));
    let note = seen.clone();
    #[expect(deprecated, reason = "its note is under test elsewhere")]
    <dyn Server as Events>::on(&registry)
        .send(async |_room, message, reply_to| if reply_to.is_none() { Err(SendError::TooLong { max: 0 }) } else { Ok(message) })
        .put(async move |name: String, data| note.lock().unwrap().push((name, data)))
        .count_all(|list: Vec<Message>, word: Option<String>, _, _| async move { list.len() + word.map_or(0, |w| w.len()) });
    let call = |packet: &str| open(packet, |event, args| finished(registry.dispatch(event, args, reply(Some(1)))));
    assert_eq!(call(r#"["send","r",{"text":"hi"},7]"#), acked(r#"[{"ok":true,"value":{"text":"hi","tags":[]}}]"#));
    assert_eq!(call(r#"["send","r",{"text":"hi"}]"#), acked(r#"[{"ok":false,"error":{"code":"too_long","max":0}}]"#));
    assert_eq!(call(r#"["countAll",[],"abc"]"#), acked("[3]"));
    for name in ["file:put", "put"] {
        assert_eq!(call(&format!(r#"["{name}","n",{{"_placeholder":true,"num":0}}]"#)), acked("[]"));
    }
    assert_eq!(call(r#"["leave"]"#), Ok(None));
    assert!(matches!(call(r#"["send",1]"#), Err(ArgError::Bad(BadArg { name: "room", .. }))));
    let abc = ("n".to_owned(), Binary(Bytes::from_static(b"abc")));
    assert_eq!(*seen.lock().unwrap(), [abc.clone(), abc]);
}

/// Gives back what an emitter would send, and how it would read the answer.
struct Echo;

impl Target for Echo {
    type Sent = (String, usize);
    type Call<A, E> = (String, Decode<A, E>);

    fn send(self, body: Body) -> (String, usize) {
        let Encoded { text, attachments } = body.finish(|_, _| {}).unwrap();
        (String::from_utf8(text.to_vec()).unwrap(), attachments.len())
    }

    fn call<A, E>(self, body: Body, decode: Decode<A, E>) -> (String, Decode<A, E>) {
        (self.send(body).0, decode)
    }
}

fn ack(json: &'static str) -> AckData {
    AckData { data: Bytes::from_static(json.as_bytes()), attachments: Vec::new() }
}

#[test]
fn emitters_write_events_and_read_acks() {
    let message = Message { text: "hi".into(), tags: vec![1] };
    let emit = || <dyn Server as Events>::emit(Echo);
    let (text, decode) = emit().send("r", &message, None);
    assert_eq!(text, r#"["send","r",{"text":"hi","tags":[1]},null]"#);
    assert_eq!(decode(&ack(r#"[{"ok":true,"value":{"text":"a"}}]"#)).unwrap().text, "a");
    let refused = decode(&ack(r#"[{"ok":false,"error":{"code":"too_long","max":9}}]"#));
    assert_eq!(refused, Err(CallError::App(SendError::TooLong { max: 9 })));

    let (text, decode) = emit().count_all(std::slice::from_ref(&message), Some("w"), Some(&message), Some(b"\x01\x02"));
    assert_eq!(text, r#"["countAll",[{"text":"hi","tags":[1]}],"w",{"text":"hi","tags":[1]},[1,2]]"#);
    assert_eq!(decode(&ack("[4]")), Ok(4));
    assert_eq!(emit().count_all(&[], None, None, None).0, r#"["countAll",[],null,null,null]"#);

    let (text, decode) = emit().leave();
    assert_eq!((&*text, decode(&ack("[]"))), (r#"["leave"]"#, Ok(())));
    #[expect(deprecated, reason = "its note is under test elsewhere")]
    let put = emit().put("n".into(), Binary::from(vec![1]));
    assert_eq!(put, (r#"["file:put","n",{"_placeholder":true,"num":0}]"#.into(), 1));
    assert_eq!(emit().r#type((1, None)).0, r#"["type",[1,null]]"#);

    let (text, decode) = <dyn Foreign as Events>::emit(Echo).ask("3");
    assert_eq!(text, r#"["f:ask","3"]"#);
    assert_eq!(decode(&ack("[3]")), Ok(3));
    assert_eq!(decode(&ack(r#"["x"]"#)), Err(CallError::App("x".into())));
}

#[test]
fn metadata_says_what_was_written() {
    use AckKind::{Either, Envelope, None as Nothing, Plain, Unit};

    let events = <dyn Server as Events>::EVENTS;
    assert_eq!(events.iter().map(|e| e.name).collect::<Vec<_>>(), ["send", "countAll", "leave", "file:put", "type"]);
    assert_eq!(events[0].docs, [" Says it.", "", " Answers."]);
    assert_eq!(events[0].args.iter().map(|arg| arg.name).collect::<Vec<_>>(), ["room", "message", "reply_to"]);
    assert_eq!(events[3].aliases, ["put", "file_put"]);
    assert_eq!(events.iter().map(|e| e.deprecated).collect::<Vec<_>>(), [None, None, None, Some("too large"), None]);
    assert_eq!(events[4].args[0].name, "fn");
    assert_eq!(events.iter().map(|e| e.ack).collect::<Vec<_>>(), [Envelope, Plain, Unit, Nothing, Nothing]);
    assert_eq!(<dyn Foreign as Events>::EVENTS.iter().map(|e| e.ack).collect::<Vec<_>>(), [Either, Plain]);
}

#[test]
fn namespaces_are_paths() {
    let org = Org { id: 7, r#type: "a.b".into() };
    assert_eq!((Org::PATTERN, Org::NAME), ("/org-{id}/{type}.x", "Org"));
    assert_eq!(org.path(), "/org-7/a.b.x");
    assert_eq!(Org::parse("/org-7/red.x"), Some(Org { id: 7, r#type: "red".into() }));
    for other in ["/org-7/red", "/org-x/red.x", "/org-7/.x", "/org-7/a/b.x", "/org-7/red.xx", "", "/"] {
        assert_eq!(Org::parse(other), None, "{other}");
    }
    assert_eq!((Root {}.path(), Root::parse("/"), Root::parse("/x")), ("/".into(), Some(Root {}), None));
    assert!(<<Root as Namespace>::Server as Events>::EVENTS.is_empty());
}
