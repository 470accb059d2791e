//! What people read: findings, lock files that are none, the line of what has changed.

use serde_json::json;

use super::{
    super::{changes::summary, check::check, file::LockFile},
    lock,
};

fn message(properties: &serde_json::Value, required: &serde_json::Value) -> LockFile {
    let schema = json!({ "$ref": "#/types/Message" });
    let send = json!({ "send": { "args": [{ "name": "msg", "schema": schema }], "ack": "none" } });
    let types = json!({ "Message": { "type": "object", "properties": properties, "required": required } });
    lock(&types, &send, &send)
}

#[test]
fn findings_say_what_where_why_and_what_to_do() {
    let old = message(&json!({ "from": { "type": "string" } }), &json!(["from"]));
    let new = message(&json!({ "author": { "type": "string" } }), &json!(["author"]));
    let texts: Vec<_> = check(&old, &new, false).iter().map(ToString::to_string).collect();
    let want = [
        "breaking: required field `author` of `Message` was added\n  --> `/`, event `send` (client to server), `msg.author`\n   = breaks \
         old clients: they do not send it\n   = help: if `from` was renamed to `author`, keep its name on the wire with \
         `#[serde(rename = \"from\")]`, or read both with `#[serde(alias = \"from\")]`",
        "breaking: field `from` of `Message` was removed\n  --> `/`, event `send` (server to client), `msg.from`\n   = breaks old clients: \
         they need it, and new servers do not send it\n   = help: if `from` was renamed to `author`, keep its name on the wire with \
         `#[serde(rename = \"from\")]`",
    ];
    assert_eq!(&texts[..2], want);
}

#[test]
fn what_is_no_lock_file_says_why() {
    let no = |text: &str| LockFile::parse(text).expect_err(text);
    assert_eq!(no("{}"), "it has no `format`");
    assert_eq!(no("{\"format\": 3}"), "it has format 3, and this version of ackord-codegen reads formats 1 to 2");
    assert!(no("{\n<<<<<<< main\n").ends_with("; it has the marks of a merge"));
    assert!(no("{\"format\": 1, \"namespaces\": {}}").starts_with("missing field `types`"));
}

#[test]
fn what_has_changed_is_one_line() {
    let old = message(&json!({}), &json!([]));
    assert_eq!(summary(&old, &old), "");
    let mut new = message(&json!({ "x": true }), &json!([]));
    assert_eq!(summary(&old, &new), "type `Message` changed");
    if let Some(space) = new.namespaces.get_mut("/") {
        let send = space.server["send"].clone();
        for name in ["a", "b", "c", "d"] {
            space.server.insert(name.to_owned(), send.clone());
        }
    }
    let want = "event `a` of `/` added, event `b` of `/` added, event `c` of `/` added, event `d` of `/` added, 1 more";
    assert_eq!(summary(&old, &new), want);
}
