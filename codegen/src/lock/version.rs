//! The two versions of a contract, and who of them writes and reads what.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    compare::Comparison,
    difference::{Difference, Parties, Place},
    file::LockFile,
    finding::Breaks,
    schema::{Role, refs, select},
    shape::Names,
    view::View,
};

/// Somebody with one version of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Party {
    pub(super) server: bool,
    pub(super) new: bool,
    /// Whether it talks to a server of the same cluster.
    pub(super) cluster: bool,
}

impl Party {
    pub(super) const fn name(self) -> &'static str {
        match (self.new, self.server) {
            (false, false) => "old clients",
            (false, true) => "old servers",
            (true, false) => "new clients",
            (true, true) => "new servers",
        }
    }

    /// Whom it breaks if this one and the other, which has the other version, do not understand each other.
    pub(super) const fn breaks(self) -> Breaks {
        match self.server == self.new {
            _ if self.cluster => Breaks::Cluster,
            true => Breaks::OldClients,
            false => Breaks::OldServers,
        }
    }

    /// The other end of the connection, which has the other version.
    pub(super) const fn peer(self) -> Self {
        Self { server: self.cluster || !self.server, new: !self.new, cluster: self.cluster }
    }

    /// The types by which it writes. What a client may leave out is what the server says it may: TypeScript has the server's word.
    const fn writes(self) -> Role {
        if self.server { Role::Sent } else { Role::Received }
    }

    /// The types by which it reads. A client that exists may be written in TypeScript and count on what servers always send.
    const fn reads(self) -> &'static [Role] {
        if !self.server && !self.new { &[Role::Received, Role::Sent] } else { &[Role::Received] }
    }
}

/// One version.
pub(super) struct Version<'a> {
    pub(super) file: &'a LockFile,
    views: Vec<(Side, View)>,
}

/// How somebody writes or reads.
type Side = (Role, Names);

impl<'a> Version<'a> {
    fn new(file: &'a LockFile) -> Self {
        let view = |(role, names): Side| {
            let types = file.types.iter().map(|(name, schema)| (name.clone(), select(schema, role))).collect();
            ((role, names), View::new(types, names))
        };
        let roles = [Role::Sent, Role::Received].into_iter();
        let sides = roles.flat_map(|role| [Names::Own, Names::Older, Names::Serde].map(|names| (role, names)));
        Self { file, views: sides.map(view).collect() }
    }

    fn view(&self, side: Side) -> &View {
        let found = self.views.iter().find(|(other, _)| *other == side);
        &found.expect("there is one of each").1
    }
}

/// Both.
pub(super) struct Versions<'a> {
    pub(super) old: Version<'a>,
    pub(super) new: Version<'a>,
    /// The types that are the same in both, and all that they are made of.
    same: BTreeSet<String>,
}

impl<'a> Versions<'a> {
    pub(super) fn new(old: &'a LockFile, new: &'a LockFile) -> Self {
        let mut same: BTreeSet<_> = old
            .types
            .iter()
            .filter(|(name, schema)| new.types.get(*name) == Some(schema))
            .map(|(name, _)| name.clone())
            .collect();
        loop {
            let kept: BTreeSet<_> =
                same.iter().filter(|name| old.types.get(*name).is_some_and(|schema| is_same(schema, &same))).cloned().collect();
            if kept == same {
                return Self { old: Version::new(old), new: Version::new(new), same };
            }
            same = kept;
        }
    }

    fn of(&self, party: Party) -> &Version<'a> {
        if party.new { &self.new } else { &self.old }
    }

    /// What `writer` writes as one schema and its peer does not read as the other.
    pub(super) fn compare(&self, writer: Party, written: &Value, read: &Value, place: &Place) -> Vec<Difference> {
        if written == read && is_same(written, &self.same) {
            return Vec::new();
        }
        let reader = writer.peer();
        let parties = Parties { writer: writer.name(), reader: reader.name(), new_writes: writer.new };
        let compare = |writes: Side, reads: Side| {
            let (writing, reading) = (self.of(writer).view(writes), self.of(reader).view(reads));
            let mut comparison = Comparison::new(writing, reading, parties, &self.same);
            let (written, read) = (writing.read(&select(written, writes.0)), reading.read(&select(read, reads.0)));
            comparison.compare(&written, &read, place);
            comparison.found
        };
        // Peers that are older still write names of then, which are aliases now.
        let names = if writer.new { Names::Own } else { Names::Older };
        let mut found: Vec<Difference> = Vec::new();
        for &role in reader.reads() {
            for difference in compare((writer.writes(), names), (role, Names::Serde)) {
                if !found.contains(&difference) {
                    found.push(difference);
                }
            }
        }
        if let Some(&role) = reader.reads().last().filter(|_| !reader.server) {
            let known = |path: &str| found.iter().any(|known| known.path == path);
            let more = compare((writer.writes(), Names::Own), (role, Names::Own))
                .into_iter()
                .filter(|difference| !known(&difference.path));
            let more: Vec<_> = more.map(Difference::unless_in_rust).collect();
            found.extend(more);
        }
        found
    }
}

fn is_same(schema: &Value, same: &BTreeSet<String>) -> bool {
    let mut found = BTreeSet::new();
    refs(schema, &mut found);
    found.is_subset(same)
}
