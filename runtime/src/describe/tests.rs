use std::{any::TypeId, collections::HashMap};

use schemars::JsonSchema;
use ts_rs::TS;

use super::{Describer, LARGE_INT};
use crate::contract::{AckKind, Binary, EventMeta, Events, Never, NoEvents, Registry, SocketId, Target};

/// A page.
#[derive(TS, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Page<T>>>,
}

#[derive(TS, JsonSchema)]
#[expect(dead_code, reason = "only described")]
struct Message {
    id: u64,
    from: SocketId,
}

trait Feed {}

macro_rules! event {
    ($name:literal, $ack:ident) => {
        EventMeta { name: $name, aliases: &[], ack: AckKind::$ack, args: &[], docs: &[], deprecated: None }
    };
}

impl Events for dyn Feed {
    const EVENTS: &'static [EventMeta] = &[event!("list", Envelope), event!("ping", None)];
    type Emit<T: Target> = ();
    fn emit<T: Target>(_: T) {}
    type On<'a> = ();
    fn on(_: &Registry) {}

    fn describe(d: &mut Describer) {
        d.event("list").arg::<Option<String>>("topic").arg::<Binary>("data").answer::<Page<Message>>().error::<bool>();
        d.event("ping");
    }
}

trait Gap {}

impl Events for dyn Gap {
    const EVENTS: &'static [EventMeta] = &[event!("here", None), event!("gone", None)];
    type Emit<T: Target> = ();
    fn emit<T: Target>(_: T) {}
    type On<'a> = ();
    fn on(_: &Registry) {}

    fn describe(d: &mut Describer) {
        d.event("here");
    }
}

#[test]
fn events_come_with_their_types() {
    let mut d = Describer::new();
    let events = d.events::<dyn Feed>().unwrap();
    let [list, ping] = &events[..] else { panic!("{events:?}") };
    assert_eq!((list.meta.name, ping.meta.name), ("list", "ping"));
    let args: Vec<_> = list.args.iter().map(|a| (a.name, &*a.ty.text, a.ty.optional)).collect();
    assert_eq!(args, [("topic", "string | null", true), ("data", "Binary", false)]);
    assert_eq!(list.answer.as_ref().map(|t| &*t.text), Some("Page<Message>"));
    assert_eq!(list.error.as_ref().map(|t| &*t.text), Some("boolean"));
    assert!(ping.args.is_empty() && ping.answer.is_none() && ping.error.is_none());
    assert_eq!(d.events::<dyn NoEvents>().unwrap().len(), 0);
}

#[test]
fn an_event_that_is_not_described_is_named() {
    assert_eq!(Describer::new().events::<dyn Gap>().map(|_| ()), Err("gone"));
}

#[test]
fn the_graph_has_declarations_and_what_they_are_made_of() {
    let mut d = Describer::new();
    d.value::<HashMap<String, Page<Message>>>();
    let page = d.get(TypeId::of::<Page<Message>>()).unwrap();
    let declaration = page.declaration.as_ref().unwrap();
    assert_eq!(declaration.name, "Page");
    assert_eq!(declaration.text, "type Page<T> = { items: Array<T>, next: Page<T> | null, };");
    assert_eq!(declaration.docs.as_deref(), Some("/**\n * A page.\n */\n"));
    assert!(page.path.ends_with("::Page<ackord::describe::tests::Message>"), "{}", page.path);
    assert_ne!(page.path, page.family);
    assert!(page.uses.contains(&TypeId::of::<Vec<Message>>()));

    let message = d.get(TypeId::of::<Message>()).unwrap();
    assert!(message.declaration.as_ref().unwrap().text.contains(&format!("id: {LARGE_INT},")));
    assert!(message.uses.contains(&TypeId::of::<u64>()));

    let list = d.get(TypeId::of::<Vec<Message>>()).unwrap();
    assert_eq!(list.declaration, None);
    assert_eq!(list.uses, [TypeId::of::<Message>()]);
    assert_eq!(d.types().filter(|(_, t)| t.declaration.is_some()).count(), 2);
}

#[test]
fn own_types_are_described() {
    let mut d = Describer::new();
    assert_eq!(d.value::<SocketId>().text, "string");
    assert_eq!(d.value::<Binary>().text, "Binary");
    assert_eq!(d.value::<Never>().text, "never");
    assert_eq!(schemars::schema_for!(SocketId).get("type"), Some(&"string".into()));
    assert_eq!(schemars::schema_for!(Binary).get("x-socketio-binary"), Some(&true.into()));
}
