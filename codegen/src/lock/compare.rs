//! Whether everything that one side writes can be read by the other, and where not.
//!
//! Contravariance needs no rule of its own: who writes and who reads is given, and each direction of an event is asked about twice, once
//! for old clients and once for old servers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    difference::{Difference, Parties, Place, label},
    shape::{Field, Integer, List, Object, Rest, Shape, describe},
    view::View,
};

/// One comparison: what was met already is not compared again, since types may be recursive.
pub(super) struct Comparison<'a> {
    pub(super) writer: &'a View,
    pub(super) reader: &'a View,
    pub(super) parties: Parties,
    /// Types that mean the same in both versions.
    pub(super) same: &'a BTreeSet<String>,
    seen: BTreeSet<(usize, usize)>,
    pub(super) found: Vec<Difference>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(writer: &'a View, reader: &'a View, parties: Parties, same: &'a BTreeSet<String>) -> Self {
        Self { writer, reader, parties, same, seen: BTreeSet::new(), found: Vec::new() }
    }

    /// Compares what is written with what is read.
    pub(super) fn compare(&mut self, written: &Shape, read: &Shape, place: &Place) {
        if let (Shape::Ref(written), Shape::Ref(read)) = (written, read)
            && written == read
            && self.same.contains(written)
        {
            return;
        }
        let ((writer_name, a), (reader_name, b)) = (self.writer.resolve(written), self.reader.resolve(read));
        if !self.seen.insert((std::ptr::from_ref(a).addr(), std::ptr::from_ref(b).addr())) {
            return;
        }
        let owner = if self.parties.new_writes { reader_name.or(writer_name) } else { writer_name.or(reader_name) };
        let place = Place { owner: owner.map(str::to_owned).or_else(|| place.owner.clone()), ..place.clone() };
        self.shapes(a, b, &place);
    }

    fn shapes(&mut self, a: &Shape, b: &Shape, place: &Place) {
        match (a, b) {
            (_, Shape::Any)
            | (Shape::Never, _)
            | (Shape::Null, Shape::Null)
            | (Shape::Bool, Shape::Bool)
            | (Shape::Binary, Shape::Binary)
            // Who has a variant for all others sends none that the other side has and they have not.
            | (Shape::Except(_), Shape::Except(_))
            | (Shape::Number | Shape::Integer(_), Shape::Number) => {}
            (Shape::OneOf(_), _) | (_, Shape::OneOf(_)) => self.alternatives(a, b, place),
            (Shape::Integer(x), Shape::Integer(y)) if y.min <= x.min && x.max <= y.max => {}
            (Shape::Text(x), Shape::Text(y)) => self.texts(a, b, (x, y), place),
            (Shape::Except(_), Shape::Text(limits)) if limits.is_empty() => {}
            (Shape::Literal(value), _) if is_in(value, b) => {}
            (Shape::List(x), Shape::List(y)) => self.lists(x, y, place),
            (Shape::Tuple(items), Shape::List(list)) => self.tuple_as_list(items, list, place),
            (Shape::Tuple(x), Shape::Tuple(y)) if x.len() == y.len() => {
                for (at, (x, y)) in x.iter().zip(y).enumerate() {
                    self.compare(x, y, &place.part(&format!("[{at}]"), &format!("element {at} of")));
                }
            }
            (Shape::List(list), Shape::Tuple(items)) if list.min == list.max && list.min == items.len() as u64 => {
                for (at, item) in items.iter().enumerate() {
                    self.compare(&list.items, item, &place.part(&format!("[{at}]"), &format!("element {at} of")));
                }
            }
            (Shape::Object(x), Shape::Object(y)) => self.objects(x, y, place),
            (Shape::Opaque(x), Shape::Opaque(y)) if x == y && !x.is_null() && self.refers_to_same(x) => {}
            // Whether a text matches a pattern is not found out here.
            (Shape::Opaque(_), _) | (_, Shape::Opaque(_)) | (Shape::Literal(Value::String(_)), Shape::Text(_)) => {
                self.undecided(place);
            }
            _ => self.changed(a, b, place),
        }
    }

    fn refers_to_same(&self, schema: &Value) -> bool {
        let mut refs = BTreeSet::new();
        super::schema::refs(schema, &mut refs);
        refs.is_subset(self.same)
    }

    fn texts(&mut self, a: &Shape, b: &Shape, (x, y): (&Limits, &Limits), place: &Place) {
        for (key, limit) in y {
            let numbers = x.get(key).and_then(Value::as_u64).zip(limit.as_u64());
            match (&**key, x.get(key)) {
                (_, Some(old)) if old == limit => {}
                ("minLength", _) if numbers.is_some_and(|(x, y)| x >= y) => {}
                ("maxLength", _) if numbers.is_some_and(|(x, y)| x <= y) => {}
                ("pattern", Some(_)) => self.undecided(place),
                _ => return self.changed(a, b, place),
            }
        }
    }

    fn lists(&mut self, x: &List, y: &List, place: &Place) {
        if x.min < y.min || x.max > y.max {
            let length = |list: &List| describe(&Shape::List(Box::new(list.clone())));
            self.types(&length(x), &length(y), place);
        }
        self.compare(&x.items, &y.items, &place.part("[]", "an item of"));
    }

    fn tuple_as_list(&mut self, items: &[Shape], list: &List, place: &Place) {
        let len = items.len() as u64;
        if len < list.min || len > list.max {
            return self.changed(&Shape::Tuple(items.to_vec()), &Shape::List(Box::new(list.clone())), place);
        }
        for (at, item) in items.iter().enumerate() {
            self.compare(item, &list.items, &place.part(&format!("[{at}]"), &format!("element {at} of")));
        }
    }

    fn objects(&mut self, x: &Object, y: &Object, place: &Place) {
        for (name, read) in &y.fields {
            let mut written = names(name, read).filter_map(|name| Some((name, x.fields.get(name)?)));
            match (written.next(), &x.rest) {
                (Some((sent_as, written_field)), _) => {
                    if let Some((second, _)) = written.next() {
                        self.twice(name, [sent_as, second], place);
                    }
                    if read.required && !written_field.required {
                        self.may_be_missing(name, place);
                    }
                    let unread = |alias: &&String| !names(name, read).any(|name| name == *alias);
                    for alias in written_field.aliases.iter().filter(unread).filter(|_| read.required) {
                        self.alias_removed(name, alias, place);
                    }
                    self.compare(&written_field.shape, &read.shape, &place.field(name));
                }
                (None, _) if read.required => self.missing(name, read, x, y, place),
                (None, Rest::Map(None, values)) => self.compare(values, &read.shape, &place.field(name)),
                (None, Rest::Map(Some(_), _)) => self.undecided(&place.field(name)),
                (None, _) => {}
            }
        }
        let known: BTreeSet<_> = y.fields.iter().flat_map(|(name, field)| names(name, field)).collect();
        for (name, written) in x.fields.iter().filter(|(name, _)| !known.contains(&***name)) {
            match &y.rest {
                Rest::Ignored => {}
                Rest::Refused => self.unknown(name, place),
                Rest::Map(None, values) => self.compare(&written.shape, values, &place.field(name)),
                Rest::Map(Some(_), _) => self.undecided(&place.field(name)),
            }
        }
        self.rests(&x.rest, &y.rest, place);
    }

    fn rests(&mut self, x: &Rest, y: &Rest, place: &Place) {
        match (x, y) {
            (Rest::Map(old, x), Rest::Map(new, y)) if new.is_none() || old == new => {
                self.compare(x, y, &place.part(".*", "a value of"));
            }
            (Rest::Map(..), Rest::Map(..)) => self.undecided(place),
            (Rest::Map(..), Rest::Refused) => self.tell(
                place.path.clone(),
                format!("{} has fields of any name, which {} refuse", place.subject, self.parties.reader),
                format!("{} may send any field", self.parties.writer),
                None,
            ),
            _ => {}
        }
    }

    /// Each alternative that is written has to be one that is read.
    fn alternatives(&mut self, a: &Shape, b: &Shape, place: &Place) {
        let (written, read) = (self.writer.alternatives(a), self.reader.alternatives(b));
        for shape in written {
            if read.iter().any(|other| self.fits(shape, other, place)) {
                continue;
            }
            match self.counterpart(shape, &read) {
                Some(other) => {
                    let inner = label(self.writer.resolve(shape).1).map_or_else(|| place.clone(), |label| place.variant(&label));
                    self.compare(shape, other, &inner);
                }
                None => self.variant(shape, a, b, place),
            }
        }
    }

    /// Whether everything fits, without a word if not.
    pub(super) fn fits(&self, written: &Shape, read: &Shape, place: &Place) -> bool {
        let mut probe = Comparison { seen: self.seen.clone(), found: Vec::new(), ..*self };
        probe.compare(written, read, place);
        probe.found.is_empty()
    }

    /// The alternative that was meant: of the same name, or the only one of its kind.
    fn counterpart<'s>(&self, written: &Shape, read: &[&'s Shape]) -> Option<&'s Shape> {
        let shape = self.writer.resolve(written).1;
        let label = label(shape);
        let resolved = |other: &Shape| self.reader.resolve(other).1.clone();
        if label.is_some() {
            return read.iter().copied().find(|other| self::label(&resolved(other)) == label);
        }
        let alike = |other: &&&Shape| {
            let other = resolved(other);
            self::label(&other).is_none() && std::mem::discriminant(&other) == std::mem::discriminant(shape)
        };
        let mut alike = read.iter().filter(alike);
        alike.next().copied().filter(|_| alike.next().is_none() && *shape != Shape::Null)
    }
}

type Limits = serde_json::Map<String, Value>;

/// The names under which a field is read, its own first.
fn names<'a>(name: &'a str, field: &'a Field) -> impl Iterator<Item = &'a str> {
    [name].into_iter().chain(field.aliases.iter().map(String::as_str))
}

/// Whether the shape allows one value, as far as that is plain.
fn is_in(value: &Value, shape: &Shape) -> bool {
    match (value, shape) {
        (value, Shape::Literal(other)) => value == other,
        (Value::Bool(_), Shape::Bool) | (Value::Number(_), Shape::Number) => true,
        (Value::String(_), Shape::Text(limits)) => limits.is_empty(),
        (Value::String(text), Shape::Except(others)) => !others.contains(text),
        (Value::Number(number), Shape::Integer(Integer { min, max, .. })) => number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from))
            .is_some_and(|n| (*min..=*max).contains(&n)),
        _ => false,
    }
}
