//! What goes over the wire is what the exported JSON Schema says: a typed server, a client that has no contract, a validator between.

#![allow(clippy::unwrap_used, reason = "a test and its server")]

#[path = "../contracts/mod.rs"]
mod contracts;
mod server;
mod values;

use std::time::Duration;

use ackord::{
    Binary, CallError, Client, RawArgs,
    client::{ConnectError, Untyped},
};
use ackord_codegen::Codegen;
use contracts::{
    chat::{Chat, Org},
    feed::Market,
};
use serde_json::{Value, json};
use tokio::{sync::mpsc, time::timeout};

async fn soon<F: IntoFuture>(what: &str, future: F) -> F::Output {
    timeout(Duration::from_secs(10), future.into_future()).await.unwrap_or_else(|_| panic!("no {what}"))
}

/// The exported schemas.
struct Document(Value);

impl Document {
    fn of(codegen: Codegen) -> Self {
        let file = codegen.json_schema("x.json").render().unwrap().remove(0);
        let document = serde_json::from_str(&file.text).unwrap();
        jsonschema::meta::validate(&document).unwrap();
        Self(document)
    }

    /// What is wrong with `value`, by the schema at `pointer`.
    fn check(&self, pointer: &str, value: &Value) -> Result<(), String> {
        let schema = self.0.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"));
        jsonschema::meta::validate(schema).unwrap();
        let root = json!({ "$schema": self.0["$schema"], "$defs": self.0["$defs"], "allOf": [schema] });
        let validator = jsonschema::validator_for(&root).unwrap();
        validator.validate(value).map_err(|error| format!("{pointer}: {error} in {value}"))
    }

    fn event(&self, nsp: &str, direction: &str, event: &str, part: &str, value: &Value) -> Result<(), String> {
        let nsp = nsp.replace('/', "~1");
        self.check(&format!("/x-socketio/{nsp}/{direction}/{event}/{part}"), value)
    }
}

/// Arguments as they are on the wire.
fn values(args: &RawArgs) -> Vec<Value> {
    (0..).map_while(|index| args.get(index).ok()).collect()
}

fn raw(values: &[Value]) -> RawArgs {
    values.iter().try_fold(RawArgs::new(), RawArgs::arg).unwrap()
}

struct Seen(mpsc::UnboundedReceiver<(String, Value)>);

impl Seen {
    async fn next(&mut self) -> (String, Value) {
        soon("an event", self.0.recv()).await.unwrap()
    }
}

async fn client(addr: std::net::SocketAddr, nsp: &str, auth: Value) -> Result<(Client<Untyped>, Seen), ConnectError<Value>> {
    let (tell, seen) = mpsc::unbounded_channel();
    let connect = Client::<Untyped>::connect(format!("http://{addr}")).namespace(Untyped::new(nsp)).auth(auth);
    let connect = connect.setup(move |client| {
        client.on_any(move |event, args| drop(tell.send((event.to_owned(), values(args).into()))));
        client.on_raw("confirm", async |_| RawArgs::new().arg(&true).unwrap());
    });
    soon("the client", connect).await.map(|client| (client, Seen(seen)))
}

#[tokio::test]
async fn what_the_schema_takes_is_what_the_server_takes() {
    let document = Document::of(Codegen::new().namespace::<Chat>().namespace::<Org>());
    let (client, _seen) = client(server::serve().await, "/chat", json!({ "token": "good" })).await.unwrap();
    let calls = [
        ("send", json!(["lobby", "hi", null])),
        ("send", json!(["lobby", "hi", 3])),
        ("send", json!(["lobby", "hi"])),
        ("send", json!(["none", "hi"])),
        ("send", json!(["long", "hi"])),
        ("send", json!(["panic", "hi"])),
        ("send", json!(["lobby"])),
        ("send", json!(["lobby", null])),
        ("send", json!(["lobby", 3, null])),
        ("send", json!(["lobby", "hi", -1])),
        ("send", json!(["lobby", "hi", "x"])),
        ("send", json!(["lobby", "hi", 1.5])),
        ("clear", json!(["lobby"])),
        ("clear", json!([])),
        ("clear", json!([null])),
    ];
    for (event, args) in calls {
        let answer = client.call_raw(event, &raw(args.as_array().unwrap())).timeout(Duration::from_secs(10)).await.unwrap();
        let [answer] = &values(&answer)[..] else { panic!("{answer:?}") };
        document.event("/chat", "clientToServer", event, "ack/value", answer).unwrap();
        let part = if answer["ok"] == true { Some(("answer", &answer["value"])) } else { None };
        let part = part.or_else(|| Some(("error", answer.get("error")?)));
        if let Some((part, value)) = part {
            document.event("/chat", "clientToServer", event, &format!("ack/{part}"), value).unwrap();
        }
        let taken = answer["fault"]["code"] != "bad_args";
        let said = document.event("/chat", "clientToServer", event, "args", &args);
        assert_eq!(said.is_ok(), taken, "{event} {args}: {said:?} and {answer}");
    }
}

#[tokio::test]
async fn what_the_server_says_is_what_the_schema_says() {
    let document = Document::of(Codegen::new().namespace::<Chat>().namespace::<Org>());
    let (client, mut seen) = client(server::serve().await, "/chat", json!({ "token": "good" })).await.unwrap();
    let call = async |event: &str, args: RawArgs| {
        let answer = client.call_raw(event, &args).timeout(Duration::from_secs(10)).await.unwrap();
        values(&answer)
    };
    for (event, args) in [("joinRoom", json!(["a"])), ("find", json!([1])), ("find", json!([2])), ("send", json!(["a", "b", 1]))]
    {
        let [answer] = &call(event, raw(args.as_array().unwrap())).await[..] else { panic!("one value") };
        document.event("/chat", "clientToServer", event, "ack/value", answer).unwrap();
    }
    assert_eq!(call("leave", RawArgs::new()).await, [""; 0]);
    assert_eq!(document.0.pointer("/x-socketio/~1chat/clientToServer/leave/ack"), Some(&json!({ "kind": "unit" })));

    let put = RawArgs::new().arg("name").unwrap().arg(&Binary::from(vec![1, 2, 3])).unwrap();
    document.event("/chat", "clientToServer", "file:put", "args", &values(&put).into()).unwrap();
    let [answer] = &call("file:put", put).await[..] else { panic!("one value") };
    assert_eq!(answer, &json!({ "ok": true, "value": 3 }));

    for want in ["confirm", "message"] {
        let (event, args) = seen.next().await;
        assert_eq!(event, want);
        document.event("/chat", "serverToClient", &event, "args", &args).unwrap();
    }
    // What the server always writes is always there, although it may be missing when it is read.
    let msg = json!({ "id": 1, "from": "AAAAAAAAAAAAAAAAAAAA", "text": "", "reply_to": null, "preview": null });
    document.event("/chat", "serverToClient", "message", "args", &json!(["lobby", msg])).unwrap();
    for field in ["id", "reply_to", "preview"] {
        let mut less = msg.clone();
        less.as_object_mut().unwrap().remove(field);
        assert!(document.event("/chat", "serverToClient", "message", "args", &json!(["lobby", less])).is_err(), "{field}");
    }
}

#[tokio::test]
async fn auth_and_refusals_are_described() {
    let document = Document::of(Codegen::new().namespace::<Chat>().namespace::<Org>());
    let addr = server::serve().await;
    let auth = |value: &Value| document.check("/x-socketio/~1chat/auth", value).is_ok();
    assert!(auth(&json!({ "token": "bad" })) && !auth(&json!({})) && !auth(&json!({ "token": 1 })));
    let Err(ConnectError::Denied { data, .. }) = client(addr, "/chat", json!({ "token": "bad" })).await.map(drop) else {
        panic!("not denied")
    };
    document.check("/x-socketio/~1chat/denied", &data).unwrap();
    let params = "/x-socketio/~1org-{id}~1{team}/params";
    document.check(params, &json!({ "id": "7", "team": "red" })).unwrap();
    assert!(document.check(params, &json!({ "id": "7" })).is_err());
}

#[tokio::test]
async fn streams_are_described_event_by_event() {
    let document = Document::of(Codegen::new().namespace::<Market>());
    let (client, mut seen) = client(server::serve().await, "/market", Value::Null).await.unwrap();
    for (symbol, last) in [("halted", "error"), ("unknown", "error")] {
        let args = raw(&[symbol.into()]);
        let answer = client.call_raw("priceTicks", &args).timeout(Duration::from_secs(10)).await.unwrap();
        document.event("/market", "clientToServer", "priceTicks", "ack/value", &values(&answer)[0]).unwrap();
        for want in ["priceTicks:next", "priceTicks:end"] {
            let (event, args) = seen.next().await;
            assert_eq!(event, want);
            document.event("/market", "serverToClient", &event, "args", &args).unwrap();
            assert!(event.ends_with(":next") || args[1].get(last).is_some(), "{args}");
        }
    }
    let gone = client.call_raw("log", &RawArgs::new()).timeout(Duration::from_secs(10)).await;
    assert!(!matches!(gone, Err(CallError::Timeout)), "{gone:?}");
    for _ in 0..2 {
        let (event, args) = seen.next().await;
        document.event("/market", "serverToClient", &event, "args", &args).unwrap();
    }
}
