//! What serde reads besides: aliases, and variants for all others. An argument `a` of an event `e`, of a type `T`.

use serde_json::{Value, json};

use super::{super::file::LockFile, lock, told};

fn contract(ty: &Value, up: bool) -> LockFile {
    let (types, none) = (json!({ "T": ty }), json!({}));
    let events = json!({ "e": { "args": [{ "name": "a", "schema": { "$ref": "#/types/T" } }], "ack": "none" } });
    if up { lock(&types, &events, &none) } else { lock(&types, &none, &events) }
}

/// What is told if clients send it, and if servers do.
#[track_caller]
fn means(old: &Value, new: &Value, up: &[&str], down: &[&str]) {
    let told = |up| told(&contract(old, up), &contract(new, up));
    assert_eq!(told(true), up, "clients send it: {old} to {new}");
    assert_eq!(told(false), down, "servers send it: {old} to {new}");
}

fn object(name: &str, aliases: &[&str]) -> Value {
    let mut field = json!({ "type": "string" });
    if !aliases.is_empty() {
        field["x-serde-alias"] = json!(aliases);
    }
    json!({ "type": "object", "properties": { name: field }, "required": [name] })
}

#[test]
fn a_field_may_keep_its_old_name() {
    let (old, new) = (object("text", &[]), object("words", &["text"]));
    // Of those who read, only the new ones know both names; of new clients, only those in Rust.
    let removed = "field `text` of `T` was removed @ a.text";
    let (up, down) =
        ([format!("S? {removed}")], [format!("C! {removed}"), "S? required field `words` of `T` was added @ a.words".into()]);
    means(&old, &new, &up.each_ref().map(|s| &**s), &down.each_ref().map(|s| &**s));
    // One more is nothing to anybody; one less is, to those who are older than both.
    means(&object("text", &[]), &object("text", &["body"]), &[], &[]);
    let less = "alias `body` of field `text` of `T` was removed @ a.text";
    let (up, down) = (format!("C! {less}"), format!("S? {less}"));
    means(&object("text", &["body"]), &object("text", &[]), &[&up], &[&down]);
}

#[test]
fn an_alias_is_no_field_of_its_own() {
    let two = json!({ "type": "object", "properties": { "text": { "type": "string" }, "words": { "type": "string" } }, "required": ["text", "words"] });
    let twice = "field `words` of `T` is read as `words` and as `text` @ a.words";
    let (up, down) = (
        [format!("C! {twice}"), "S? field `text` of `T` was removed @ a.text".into()],
        ["C! field `text` of `T` was removed @ a.text".into(), format!("S? {twice}")],
    );
    means(&two, &object("words", &["text"]), &up.each_ref().map(|s| &**s), &down.each_ref().map(|s| &**s));
}

fn strings(names: &[&str], other: Option<&str>) -> Value {
    let mut list = vec![json!({ "type": "string", "enum": names })];
    list.extend(other.map(|name| json!({ "type": "string", "const": name, "x-serde-other": true })));
    json!({ "oneOf": list })
}

fn tagged(names: &[&str], other: Option<&str>) -> Value {
    let variant =
        |name: &str| json!({ "type": "object", "properties": { "t": { "type": "string", "const": name } }, "required": ["t"] });
    let mut list: Vec<_> = names.iter().map(|name| variant(name)).collect();
    list.extend(other.map(|name| {
        let mut other = variant(name);
        other["x-serde-other"] = json!(true);
        other["x-serde-tag"] = json!("t");
        other
    }));
    json!({ "oneOf": list })
}

#[test]
fn a_variant_for_all_others_takes_new_ones() {
    for kind in [strings, tagged] {
        let (old, more) = (kind(&["x"], Some("o")), kind(&["x", "y"], Some("o")));
        // Clients in TypeScript do not know what it is.
        means(&old, &more, &[], &["C? variant `y` was added to `T` @ a"]);
        means(&more, &old, &[], &["S? variant `y` was removed from `T` @ a"]);
        // Without one it is as with any enum.
        let (old, more) = (kind(&["x", "o"], None), kind(&["x", "y", "o"], None));
        means(&old, &more, &["S? variant `y` was added to `T` @ a"], &["C! variant `y` was added to `T` @ a"]);
    }
}

#[test]
fn a_variant_for_all_others_stays() {
    for kind in [strings, tagged] {
        let (with, without) = (kind(&["x"], Some("o")), kind(&["x", "o"], None));
        let lost = "`T` has no variant for all others any more @ a";
        means(&with, &without, &[&*format!("C! {lost}")], &[&*format!("S? {lost}")]);
        means(&without, &with, &[], &[]);
    }
}

#[test]
fn a_variant_may_keep_its_old_name() {
    let renamed =
        json!({ "oneOf": [{ "type": "string", "enum": ["x"] }, { "type": "string", "const": "z", "x-serde-alias": ["y"] }] });
    means(
        &strings(&["x", "y"], None),
        &renamed,
        &["S? variant `z` was added to `T` @ a"],
        &["C! variant `z` was added to `T` @ a", "S? variant `y` was removed from `T` @ a"],
    );
    means(
        &renamed,
        &strings(&["x", "z"], None),
        &["C! variant `y` was removed from `T` @ a"],
        &["S? variant `y` was removed from `T` @ a"],
    );
}

#[test]
fn what_only_rust_reads_says_so() {
    let texts: Vec<_> =
        super::check(&contract(&strings(&["x"], Some("o")), false), &contract(&strings(&["x", "y"], Some("o")), false), true)
            .iter()
            .map(ToString::to_string)
            .collect();
    let told = "warning: variant `y` was added to `T`\n  --> `/`, event `e` (server to client), `a`\n   = breaks old clients: new servers may send \
                it, and old clients do not know it; those in Rust read it, by an alias or `#[serde(other)]`\n   = help: send it in an event of \
                its own, or only to those who have said that they know it";
    assert_eq!(texts, [told]);
}
