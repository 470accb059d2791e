//! Events, namespaces and what belongs to a connection.

use serde_json::{Value, json};

use super::{
    super::{check::check, file::LockFile},
    brief, file, lock, of_format, told,
};

fn events(events: &Value, up: bool) -> LockFile {
    let (types, none) = (json!({}), json!({}));
    if up { lock(&types, events, &none) } else { lock(&types, &none, events) }
}

/// Rows of `old => new: [if clients send the events], [if servers do]`.
macro_rules! table {
    ($($test:ident { $($old:tt => $new:tt: [$($up:literal),* $(,)?], [$($down:literal),* $(,)?];)* })*) => { $(
        #[test]
        fn $test() {
            $(
                let (old, new) = (json!($old), json!($new));
                assert_eq!(told(&events(&old, true), &events(&new, true)), [$($up),*] as [&str; _], "up: {old} to {new}");
                assert_eq!(told(&events(&old, false), &events(&new, false)), [$($down),*] as [&str; _], "down: {old} to {new}");
            )*
        }
    )* };
}

table! {
    there_and_gone {
        {} => { "e": { "args": [], "ack": "none" } }: ["S? event `e` was added @ "], [];
        {} => { "e": { "args": [], "ack": "plain", "answer": { "schema": true } } }:
            ["S? event `e` was added @ "], ["C? event `e` was added @ "];
        { "e": { "args": [], "ack": "none" } } => {}:
            ["C! event `e` was removed @ "], ["C! event `e` was removed @ ", "S? event `e` was removed @ "];
        { "e": { "args": [], "ack": "none" } } => { "f": { "args": [], "ack": "none", "aliases": ["e"] } }:
            ["S? event `f` was added @ "], ["C! event `e` was renamed to `f` @ "];
        { "f": { "args": [], "ack": "none", "aliases": ["e"] } } => { "f": { "args": [], "ack": "none" } }:
            ["C! alias `e` of `f` was removed @ "], ["S? alias `e` of `f` was removed @ "];
        { "e": { "args": [], "ack": "none" } } => { "e": { "args": [], "ack": "none", "deprecated": "use f" } }: [], [];
    }
    arguments {
        { "e": { "args": [], "ack": "none" } } => { "e": { "args": [{ "name": "x", "schema": true }], "ack": "none" } }:
            ["C! required argument `x` was added to `e` @ x"], ["S? required argument `x` was added to `e` @ x"];
        { "e": { "args": [], "ack": "none" } } =>
        { "e": { "args": [{ "name": "x", "schema": { "type": ["boolean", "null"] }, "optional": true }], "ack": "none" } }: [], [];
        { "e": { "args": [{ "name": "x", "schema": true }], "ack": "none" } } => { "e": { "args": [], "ack": "none" } }:
            ["S? argument `x` of `e` was removed @ x"], ["C! argument `x` of `e` was removed @ x"];
        { "e": { "args": [{ "name": "x", "schema": true }], "ack": "none" } } =>
        { "e": { "args": [{ "name": "y", "schema": true }], "ack": "none" } }: [], [];
        { "e": { "args": [{ "name": "x", "schema": true }, { "name": "y", "schema": true }], "ack": "none" } } =>
        { "e": { "args": [{ "name": "y", "schema": true }], "ack": "none" } }:
            [
                "C! the arguments of `e` have moved: number 1 was `x` and is `y` @ y",
                "S? the arguments of `e` have moved: number 1 was `x` and is `y` @ y",
            ],
            [
                "C! the arguments of `e` have moved: number 1 was `x` and is `y` @ y",
                "S? the arguments of `e` have moved: number 1 was `x` and is `y` @ y",
            ];
    }
    acks {
        { "e": { "args": [], "ack": "none" } } => { "e": { "args": [], "ack": "unit" } }: [], [];
        { "e": { "args": [], "ack": "none" } } => { "e": { "args": [], "ack": "plain", "answer": { "schema": true } } }:
            ["S? `e` answers with a value now @ answer"], ["C! `e` answers with a value now @ answer"];
        { "e": { "args": [], "ack": "plain", "answer": { "schema": true } } } => { "e": { "args": [], "ack": "unit" } }:
            ["C! `e` no longer answers with a value @ answer"], ["S? `e` no longer answers with a value @ answer"];
        { "e": { "args": [], "ack": "unit" } } =>
        { "e": { "args": [], "ack": "plain", "answer": { "optional": true, "schema": { "type": ["string", "null"] } } } }: [], [];
        { "e": { "args": [], "ack": "plain", "answer": { "schema": { "type": "string" } } } } =>
        { "e": { "args": [], "ack": "plain", "answer": { "schema": { "type": ["string", "null"] } } } }:
            ["C! the answer of `e` may now be null @ answer"], ["S? the answer of `e` may now be null @ answer"];
        { "e": { "args": [], "ack": "plain", "answer": { "schema": { "type": "string" } } } } =>
        { "e": { "args": [], "ack": "envelope", "answer": { "schema": { "type": "string" } }, "error": { "type": "string" } } }:
            [
                "C! the ack of `e` changed from a bare value to a `Result` @ answer",
                "S? the ack of `e` changed from a bare value to a `Result` @ answer",
            ],
            [
                "C! the ack of `e` changed from a bare value to a `Result` @ answer",
                "S? the ack of `e` changed from a bare value to a `Result` @ answer",
            ];
        { "e": { "args": [], "ack": "plain", "answer": { "schema": { "type": "string" } } } } =>
        { "e": { "args": [], "ack": "either", "answer": { "schema": { "type": "string" } }, "error": { "type": "boolean" } } }:
            ["C! the answer of `e` changed from string to string or boolean @ answer"],
            ["S? the answer of `e` changed from string to string or boolean @ answer"];
        // Who does not know an error has one all the same.
        { "e": { "args": [], "ack": "envelope", "answer": { "schema": true }, "error": { "type": "string", "enum": ["x"] } } } =>
        { "e": { "args": [], "ack": "envelope", "answer": { "schema": true }, "error": { "type": "string", "enum": ["x", "y"] } } }:
            ["C? variant `y` was added to the error of `e` @ error"], ["S? variant `y` was added to the error of `e` @ error"];
    }
    streams {
        { "e": { "args": [], "ack": "stream", "answer": { "schema": { "type": "string" } } } } =>
        { "e": { "args": [], "ack": "stream", "answer": { "schema": { "type": "boolean" } } } }:
            ["C! an item of `e` changed from string to boolean @ item", "S? an item of `e` changed from string to boolean @ item"],
            ["C! an item of `e` changed from string to boolean @ item", "S? an item of `e` changed from string to boolean @ item"];
        { "e": { "args": [], "ack": "stream", "answer": { "schema": true } } } =>
        { "e": { "args": [], "ack": "stream", "window": 8, "answer": { "schema": true } } }:
            ["C! the stream `e` got a window @ window"], ["S? the stream `e` got a window @ window"];
        { "e": { "args": [], "ack": "stream", "window": 8, "answer": { "schema": true } } } =>
        { "e": { "args": [], "ack": "stream", "window": 16, "answer": { "schema": true } } }:
            ["C? the stream `e` has a larger window @ window"], ["S? the stream `e` has a larger window @ window"];
    }
}

fn namespaces(old: &Value, new: &Value) -> Vec<String> {
    told(&file(&json!({}), old), &file(&json!({}), new))
}

#[test]
fn namespaces_are_known_by_their_path() {
    let empty = json!({ "server": {}, "client": {} });
    assert_eq!(
        namespaces(&json!({ "/a": empty }), &json!({ "/b": empty })),
        ["C! namespace `/a` was removed @ ", "S? namespace `/b` was added @ "]
    );
    // The names of parameters are not on the wire.
    let with = |name: &str| json!({ "parameters": [name], "server": {}, "client": {} });
    assert_eq!(namespaces(&json!({ "/org-{id}": with("id") }), &json!({ "/org-{org}": with("org") })), [""; 0]);
}

#[test]
fn connections_have_auth_and_denials() {
    let space = |auth: Value, denied: Value| json!({ "/": { "auth": auth, "denied": denied, "server": {}, "client": {} } });
    let (null, login) =
        (Value::Null, json!({ "type": "object", "properties": { "t": { "type": "string" } }, "required": ["t"] }));
    let open = json!({ "type": "object", "properties": { "t": { "type": ["string", "null"] } } });
    assert_eq!(
        namespaces(&space(null.clone(), null.clone()), &space(login.clone(), null.clone())),
        ["C! required field `t` was added @ auth.t"]
    );
    assert_eq!(
        namespaces(&space(login.clone(), null.clone()), &space(null.clone(), null.clone())),
        ["S? field `t` was removed @ auth.t"]
    );
    assert_eq!(namespaces(&space(null.clone(), null.clone()), &space(open, null.clone())), [""; 0]);
    let why = |variants: &[&str]| space(null.clone(), json!({ "type": "string", "enum": variants }));
    assert_eq!(namespaces(&why(&["x"]), &why(&["x", "y"])), ["C? variant `y` was added to `denied` @ denied"]);
    assert_eq!(
        namespaces(&why(&["x"]), &space(null.clone(), json!({ "type": "boolean" })))[0],
        "C! `denied` changed from \"x\" to boolean @ denied"
    );
}

#[test]
fn strictly_old_servers_count_too() {
    let old = events(&json!({}), true);
    let new = events(&json!({ "e": { "args": [], "ack": "none" } }), true);
    assert_eq!(brief(&check(&old, &new, true)), ["S! event `e` was added @ "]);
}

#[test]
fn a_type_that_many_events_use_is_told_of_once() {
    let event = |ack: &str| json!({ "args": [{ "name": "m", "schema": { "$ref": "#/types/M" } }], "ack": ack });
    let both = json!({ "a": event("none"), "b": event("unit") });
    let types = |required: Value| json!({ "M": { "type": "object", "properties": { "x": true }, "required": required } });
    let contract = |required| lock(&types(required), &both, &json!({}));
    assert_eq!(told(&contract(json!([])), &contract(json!(["x"]))), ["C! field `x` of `M` became required @ m.x, m.x"]);
}

fn cluster(events: &Value) -> LockFile {
    file(&json!({}), &json!({ "/": { "server": {}, "client": {}, "cluster": events } }))
}

#[test]
fn servers_of_one_cluster_have_both_versions() {
    let event = |args: Value, ack: &str, aliases: &[&str]| {
        let answer = if ack == "plain" { json!({ "schema": { "type": "string" } }) } else { Value::Null };
        json!({ "args": args, "ack": ack, "answer": answer, "aliases": aliases })
    };
    let (plain, asks, more) = (
        event(json!([]), "none", &[]),
        event(json!([]), "plain", &[]),
        event(json!([{ "name": "x", "schema": { "type": "boolean" } }]), "none", &[]),
    );
    let maybe = event(json!([{ "name": "x", "schema": { "type": ["boolean", "null"] }, "optional": true }]), "none", &[]);
    let told = |old: &Value, new: &Value| told(&cluster(old), &cluster(new));
    for (old, new, want) in [
        (json!({}), json!({ "e": plain }), &["N? event `e` was added @ "][..]),
        (json!({}), json!({ "e": asks }), &["N? event `e` was added @ "]),
        (json!({ "e": plain }), json!({}), &["N! event `e` was removed @ "]),
        (json!({ "e": plain }), json!({ "f": event(json!([]), "none", &["e"]) }), &["N! event `e` was renamed to `f` @ "]),
        (json!({ "e": event(json!([]), "none", &["d"]) }), json!({ "e": plain }), &["N! alias `d` of `e` was removed @ "]),
        // Everybody sends and everybody handles: what shrinks breaks, and what grows.
        (json!({ "e": plain }), json!({ "e": more }), &["N! required argument `x` was added to `e` @ x"]),
        (json!({ "e": more }), json!({ "e": plain }), &["N! argument `x` of `e` was removed @ x"]),
        (json!({ "e": more }), json!({ "e": maybe }), &["N! argument `x` of `e` may now be null @ x"]),
        (json!({ "e": plain }), json!({ "e": maybe }), &[]),
        (json!({ "e": plain }), json!({ "e": asks }), &["N! `e` answers with a value now @ answer"]),
    ] {
        assert_eq!(told(&old, &new), want, "{old} to {new}");
    }
}

#[test]
fn a_file_that_does_not_know_of_clusters_says_nothing_of_them() {
    let old = of_format(1, &json!({}), &json!({ "/": { "server": {}, "client": {} } }));
    assert_eq!(told(&old, &cluster(&json!({ "e": { "args": [], "ack": "none" } }))), [""; 0]);
}

#[test]
fn parameters_are_read_by_servers() {
    let space = |parameters: Value| json!({ "/o-{id}": { "parameters": parameters, "server": {}, "client": {} } });
    let typed = |ty: &str| space(json!([{ "name": "id", "type": ty }]));
    let changed = |from: &str, to: &str| format!("parameter `id` of `/o-{{id}}` changed from {from} to {to} @ {{id}}");
    assert_eq!(namespaces(&typed("u32"), &typed("u8")), [format!("C! {}", changed("u32", "u8"))]);
    assert_eq!(namespaces(&typed("u8"), &typed("u32")), [format!("S? {}", changed("u8", "u32"))]);
    assert_eq!(namespaces(&typed("u8"), &typed("String")), [format!("S? {}", changed("u8", "String"))]);
    let unknown = "cannot tell whether the change of parameter `id` of `/o-{id}` from a::Id to a::Key is compatible @ {id}";
    assert_eq!(namespaces(&typed("a::Id"), &typed("a::Key")), [format!("C! {unknown}"), format!("S? {unknown}")]);
    // As files of format 1 have them.
    assert_eq!(namespaces(&space(json!(["id"])), &typed("u8")), [""; 0]);
    assert_eq!(namespaces(&typed("u8"), &typed("u8")), [""; 0]);
}
