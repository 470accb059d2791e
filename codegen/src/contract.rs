//! The contract as the generator sees it: namespaces, the event sets they name, and the types those carry.

use std::{
    any::{TypeId, type_name},
    collections::BTreeSet,
};

use ackord::{
    Events, Namespace,
    contract::AckKind,
    describe::{Describe, Describer, Event, TypeRef},
};

use crate::problem::Problem;

/// Everything that was registered.
#[derive(Debug, Default)]
pub(crate) struct Contract {
    pub(crate) types: Describer,
    pub(crate) sets: Vec<EventSet>,
    pub(crate) namespaces: Vec<Space>,
    /// The families of types that may have another shape when they are sent than when they are received.
    pub(crate) asymmetric: BTreeSet<&'static str>,
    /// What nodes of a cluster send each other, and the types of that: no client sees them.
    pub(crate) cluster_types: Describer,
    pub(crate) clusters: Vec<EventSet>,
    /// What went wrong while collecting.
    pub(crate) broken: Vec<Problem>,
}

/// The events of one trait.
#[derive(Debug)]
pub(crate) struct EventSet {
    id: TypeId,
    /// The path of the trait in Rust.
    pub(crate) path: &'static str,
    /// The name of the trait.
    pub(crate) name: &'static str,
    pub(crate) events: Vec<Event>,
    /// Whether clients send it.
    pub(crate) up: bool,
    /// Whether servers send it.
    pub(crate) down: bool,
}

impl EventSet {
    pub(crate) fn streams(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|event| matches!(event.meta.ack, AckKind::Stream { .. }))
    }

    pub(crate) fn has_streams(&self) -> bool {
        self.streams().next().is_some()
    }

    /// The name of what their producer sends.
    pub(crate) fn items(&self) -> String {
        format!("{}Items", self.name)
    }
}

/// A namespace.
#[derive(Debug)]
pub(crate) struct Space {
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    pub(crate) pattern: &'static str,
    /// The parameters of its path, with the paths of their types; those that a namespace does not tell are missing.
    pub(crate) parameters: Vec<(&'static str, &'static str)>,
    /// What a client sends, as a type.
    pub(crate) up: String,
    /// What it gets.
    pub(crate) down: String,
    /// What nodes of a cluster send each other.
    pub(crate) cluster: String,
    /// The events that a client sends, as a set.
    server: TypeId,
    /// Those that it gets.
    client: TypeId,
    /// Those of a cluster.
    nodes: TypeId,
    pub(crate) auth: TypeRef,
    pub(crate) denied: TypeRef,
}

impl Contract {
    pub(crate) fn add<N: Namespace>(&mut self)
    where
        N::Auth: Describe,
        N::Denied: Describe,
    {
        let server = self.set::<N::Server>(|set| set.up = true);
        let client = self.set::<N::Client>(|set| set.down = true);
        // Whoever is subscribed to yields items.
        let (up, down) = (self.with_items(server, client), self.with_items(client, server));
        let (auth, denied) = (self.types.value::<N::Auth>(), self.types.value::<N::Denied>());
        let cluster = self.cluster_set::<N::Cluster>();
        let (server, client, nodes) = (TypeId::of::<N::Server>(), TypeId::of::<N::Client>(), TypeId::of::<N::Cluster>());
        let (path, name, pattern, parameters) = (type_name::<N>(), N::NAME, N::PATTERN, N::parameters());
        self.namespaces.push(Space { path, name, pattern, parameters, up, down, cluster, server, client, nodes, auth, denied });
        // The order in which somebody lists them is not part of the contract.
        self.namespaces.sort_by_key(|space| (space.name, space.path));
        self.sets.sort_by_key(|set| (set.name, set.path));
        self.clusters.sort_by_key(|set| (set.name, set.path));
    }

    /// What a client may send in a namespace, and what the server may.
    pub(crate) fn sets_of(&self, space: &Space) -> [Option<&EventSet>; 2] {
        [space.server, space.client].map(|id| self.sets.iter().find(|set| set.id == id))
    }

    /// What nodes of a cluster may send each other.
    pub(crate) fn cluster_of(&self, space: &Space) -> Option<&EventSet> {
        self.clusters.iter().find(|set| set.id == space.nodes)
    }

    /// What one side sends: its own events, and the items of the streams of which it is the producer.
    fn with_items(&self, events: &str, handled: &str) -> String {
        let items = self.sets.iter().find(|set| set.name == handled && set.has_streams());
        items.map_or_else(|| events.to_owned(), |set| format!("{events} & {}", set.items()))
    }

    /// Describes a set, once, and yields the name of its trait.
    fn set<E: Events + ?Sized>(&mut self, mark: fn(&mut EventSet)) -> &'static str {
        describe::<E>(&mut self.types, &mut self.sets, &mut self.broken, mark)
    }

    /// As a type: without events there is no trait to name.
    fn cluster_set<E: Events + ?Sized>(&mut self) -> String {
        if E::EVENTS.is_empty() {
            return "{}".to_owned();
        }
        // Every node may send and handle them.
        let both = |set: &mut EventSet| (set.up, set.down) = (true, true);
        describe::<E>(&mut self.cluster_types, &mut self.clusters, &mut self.broken, both).to_owned()
    }
}

fn describe<E: Events + ?Sized>(
    types: &mut Describer,
    sets: &mut Vec<EventSet>,
    broken: &mut Vec<Problem>,
    mark: fn(&mut EventSet),
) -> &'static str {
    let id = TypeId::of::<E>();
    if let Some(known) = sets.iter_mut().find(|set| set.id == id) {
        mark(known);
        return known.name;
    }
    let path = type_name::<E>();
    let path = path.strip_prefix("dyn ").unwrap_or(path);
    let name = path.rsplit("::").next().unwrap_or(path);
    let events = types.events::<E>().unwrap_or_else(|event| {
        broken.push(Problem::new(
            "an event has no description",
            format!("event `{event}` of `{path}`"),
            "write the set with `#[ackord::events]`, or describe each event in `Events::describe`",
        ));
        Vec::new()
    });
    let mut set = EventSet { id, path, name, events, up: false, down: false };
    mark(&mut set);
    sets.push(set);
    name
}

/// A path as people write it: without the modules of the standard library.
pub(crate) fn brief(path: &str) -> String {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let (mut out, mut rest) = (String::new(), path);
    while !rest.is_empty() {
        let (name, after) = rest.split_at(rest.find(|c| !is_path(c)).unwrap_or(rest.len()));
        let std = ["core::", "alloc::", "std::"].iter().any(|std| name.starts_with(std));
        out += if std { name.rsplit("::").next().unwrap_or(name) } else { name };
        let between = after.find(is_path).unwrap_or(after.len());
        out += &after[..between];
        rest = &after[between..];
    }
    out
}

/// A path with `{parameter}`s, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Literal(&'a str),
    Parameter(&'a str),
}

/// The pieces of `pattern`. Braces that do not close are literal.
pub(crate) fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some((literal, (name, after))) = rest.split_once('{').and_then(|(l, r)| Some((l, r.split_once('}')?))) {
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        pieces.push(Piece::Parameter(name));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use std::marker::PhantomData;

    use ackord::contract::{EventMeta, Registry, Target};

    use super::{Piece::*, *};

    trait Gap {}

    impl Events for dyn Gap {
        const EVENTS: &'static [EventMeta] =
            &[EventMeta { name: "gone", aliases: &[], ack: AckKind::None, args: &[], docs: &[], deprecated: None }];
        type Emit<T: Target> = PhantomData<fn() -> T>;
        fn emit<T: Target>(_: T) -> Self::Emit<T> {
            PhantomData
        }
        type On<'a> = ();
        fn on(_: &Registry) {}
        fn describe(_: &mut Describer) {}
    }

    #[test]
    fn sets_are_described_once_and_completely() {
        let mut contract = Contract::default();
        assert_eq!(contract.set::<dyn Gap>(|set| set.up = true), "Gap");
        assert_eq!(contract.set::<dyn Gap>(|set| set.down = true), "Gap");
        let [EventSet { up: true, down: true, .. }] = contract.sets[..] else { panic!("{:?}", contract.sets) };
        let [Problem { what, at, help }] = &contract.broken[..] else { panic!("{:?}", contract.broken) };
        assert_eq!((&**what, &**at), ("an event has no description", "event `gone` of `ackord_codegen::contract::tests::Gap`"));
        assert_eq!(help, "write the set with `#[ackord::events]`, or describe each event in `Events::describe`");
    }

    #[test]
    fn patterns_are_taken_apart() {
        assert_eq!(pieces("/"), [Literal("/")]);
        assert_eq!(pieces("/org-{id}/{team}"), [Literal("/org-"), Parameter("id"), Literal("/"), Parameter("team")]);
        assert_eq!(pieces("/a{b"), [Literal("/a{b")]);
    }
}
