//! Whether everything that one side writes can be read by the other, and where not.
//!
//! Contravariance needs no rule of its own: who writes and who reads is given, and each direction of an event is asked about twice, once
//! for old clients and once for old servers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::shape::{Field, Integer, List, Object, Reader, Rest, Shape, describe};

/// Two sides of one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parties {
    pub(super) writer: &'static str,
    pub(super) reader: &'static str,
    /// Whether the new side of the contract writes, and the old one reads.
    pub(super) new_writes: bool,
}

/// Something that is written and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// Where: `msg.replies[].id`, beginning with what was asked about.
    pub(super) path: String,
    pub(super) what: String,
    pub(super) why: String,
    pub(super) help: Option<String>,
    /// Whether it is one more variant of an enum, or one less.
    pub(super) variant: bool,
}

/// The types of one version in one direction.
pub(super) struct View {
    shapes: BTreeMap<String, Shape>,
    types: BTreeMap<String, Value>,
}

impl View {
    pub(super) fn new(types: BTreeMap<String, Value>) -> Self {
        let shapes = types.iter().map(|(name, schema)| (name.clone(), Reader::new(&types).read(schema))).collect();
        Self { shapes, types }
    }

    pub(super) fn read(&self, schema: &Value) -> Shape {
        Reader::new(&self.types).read(schema)
    }

    /// What a shape refers to, with the name of its type.
    fn resolve<'a>(&'a self, mut shape: &'a Shape) -> (Option<&'a str>, &'a Shape) {
        static MISSING: Shape = Shape::Opaque(Value::Null);
        let mut name = None;
        // A type may refer to another; one that refers to itself and nothing else is no type.
        for _ in 0..=self.shapes.len() {
            let Shape::Ref(to) = shape else { return (name, shape) };
            name = Some(&**to);
            shape = self.shapes.get(to).unwrap_or(&MISSING);
        }
        (name, &MISSING)
    }

    /// The shape's alternatives, none of which has any.
    fn alternatives<'a>(&'a self, shape: &'a Shape) -> Vec<&'a Shape> {
        let mut found = Vec::new();
        let mut open = vec![shape];
        let mut seen = BTreeSet::new();
        while let Some(shape) = open.pop() {
            match self.resolve(shape).1 {
                Shape::OneOf(shapes) if seen.insert(std::ptr::from_ref(shapes).addr()) => open.extend(shapes.iter().rev()),
                Shape::OneOf(_) | Shape::Never => {}
                _ => found.push(shape),
            }
        }
        found
    }
}

/// What is being compared.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// `msg.id`.
    pub(super) path: String,
    /// In words: ``field `id` of `Message` ``.
    pub(super) subject: String,
    /// The type that the fields belong to.
    owner: Option<String>,
}

impl Place {
    pub(super) fn new(path: &str, subject: &str) -> Self {
        Self { path: path.to_owned(), subject: subject.to_owned(), owner: None }
    }

    fn field(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { path, subject: format!("field `{name}`{}", self.of()), owner: None }
    }

    fn part(&self, path: &str, subject: &str) -> Self {
        Self { path: self.path.clone() + path, subject: format!("{subject} {}", self.subject), owner: None }
    }

    fn variant(&self, label: &str) -> Self {
        Self {
            path: format!("{}({label})", self.path),
            subject: format!("variant `{label}`{}", self.of()),
            owner: self.owner.clone(),
        }
    }

    fn of(&self) -> String {
        self.owner.as_ref().map(|owner| format!(" of `{owner}`")).unwrap_or_default()
    }
}

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
            (_, Shape::Any) | (Shape::Never, _) | (Shape::Null, Shape::Null) | (Shape::Bool, Shape::Bool) => {}
            (Shape::Binary, Shape::Binary) | (Shape::Number | Shape::Integer(_), Shape::Number) => {}
            (Shape::OneOf(_), _) | (_, Shape::OneOf(_)) => self.alternatives(a, b, place),
            (Shape::Integer(x), Shape::Integer(y)) if y.min <= x.min && x.max <= y.max => {}
            (Shape::Text(x), Shape::Text(y)) => self.texts(a, b, (x, y), place),
            (Shape::Literal(value), _) if is_in(value, b) => {}
            (Shape::Literal(Value::String(_)), Shape::Text(_)) => self.undecided(place),
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
            (Shape::Opaque(_), _) | (_, Shape::Opaque(_)) => self.undecided(place),
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
            match (x.fields.get(name), &x.rest) {
                (Some(written), _) => {
                    if read.required && !written.required {
                        self.may_be_missing(name, place);
                    }
                    self.compare(&written.shape, &read.shape, &place.field(name));
                }
                (None, _) if read.required => self.missing(name, read, x, y, place),
                (None, Rest::Map(None, values)) => self.compare(values, &read.shape, &place.field(name)),
                (None, Rest::Map(Some(_), _)) => self.undecided(&place.field(name)),
                (None, _) => {}
            }
        }
        for (name, written) in x.fields.iter().filter(|(name, _)| !y.fields.contains_key(*name)) {
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
    fn fits(&self, written: &Shape, read: &Shape, place: &Place) -> bool {
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

    fn variant(&mut self, shape: &Shape, a: &Shape, b: &Shape, place: &Place) {
        let resolved = self.writer.resolve(shape).1.clone();
        let Parties { writer, reader, new_writes } = self.parties;
        if resolved == Shape::Null {
            let what = if new_writes { "may now be null" } else { "may no longer be null" };
            let help = (!new_writes).then(|| "keep it an `Option`".to_owned());
            return self.tell(place.path.clone(), format!("{} {what}", place.subject), format!("{writer} may send null"), help);
        }
        let Some(label) = label(&resolved) else { return self.changed(a, b, place) };
        if !matches!(b, Shape::OneOf(_)) && self::label(b).is_none() {
            return self.changed(a, b, place);
        }
        let owner = place.owner.as_ref().map_or_else(|| place.subject.clone(), |owner| format!("`{owner}`"));
        let what = if new_writes {
            format!("variant `{label}` was added to {owner}")
        } else {
            format!("variant `{label}` was removed from {owner}")
        };
        let help = if new_writes {
            "send it in an event of its own, or only to those who have said that they know it"
        } else {
            "keep the variant, and its name on the wire, for as long as there are such peers"
        };
        self.tell(place.path.clone(), what, format!("{writer} may send it, and {reader} do not know it"), Some(help.to_owned()));
        if let Some(last) = self.found.last_mut() {
            last.variant = true;
        }
    }

    fn missing(&mut self, name: &str, read: &Field, x: &Object, y: &Object, place: &Place) {
        let Parties { writer, reader, new_writes } = self.parties;
        let path = place.field(name).path;
        let others = x.fields.iter().filter(|(name, _)| !y.fields.contains_key(*name));
        let alike: Vec<_> =
            others.filter(|(_, written)| self.fits(&written.shape, &read.shape, place)).map(|(name, _)| name).collect();
        let renamed = if let [other] = &alike[..] {
            let (old, new) = if new_writes { (name, &***other) } else { (&***other, name) };
            Some(format!("if `{old}` was renamed to `{new}`, keep its name on the wire with `#[serde(rename = \"{old}\")]`"))
        } else {
            None
        };
        if new_writes {
            let what = format!("field `{name}`{} was removed", place.of());
            let help =
                renamed.unwrap_or_else(|| "keep sending it: deprecate it first, and remove it when nobody reads it".to_owned());
            self.tell(path, what, format!("{reader} need it, and {writer} do not send it"), Some(help));
        } else {
            let what = format!("required field `{name}`{} was added", place.of());
            let help = renamed.unwrap_or_else(|| "make it an `Option`, or give it `#[serde(default)]`".to_owned());
            self.tell(path, what, format!("{writer} do not send it"), Some(help));
        }
    }

    fn may_be_missing(&mut self, name: &str, place: &Place) {
        let Parties { writer, reader, new_writes } = self.parties;
        let subject = format!("field `{name}`{}", place.of());
        let what = if new_writes { format!("{subject} may now be missing") } else { format!("{subject} became required") };
        let help =
            if new_writes { "keep sending it, as null if there is nothing to say" } else { "keep its `#[serde(default)]`" };
        let why = format!("{writer} may leave it out, and {reader} need it");
        self.tell(place.field(name).path, what, why, Some(help.to_owned()));
    }

    fn unknown(&mut self, name: &str, place: &Place) {
        let Parties { writer, reader, new_writes } = self.parties;
        let change = if new_writes { "added" } else { "removed" };
        let why = format!("{writer} send it, and {reader} refuse unknown fields");
        self.tell(
            place.field(name).path,
            format!("field `{name}`{} was {change}", place.of()),
            why,
            Some("drop `#[serde(deny_unknown_fields)]` one release before".to_owned()),
        );
    }

    fn changed(&mut self, a: &Shape, b: &Shape, place: &Place) {
        self.types(&describe(a), &describe(b), place);
    }

    fn types(&mut self, written: &str, read: &str, place: &Place) {
        let Parties { writer, reader, new_writes } = self.parties;
        let (old, new) = if new_writes { (read, written) } else { (written, read) };
        let what = if old == new {
            format!("{} changed", place.subject)
        } else {
            format!("{} changed from {old} to {new}", place.subject)
        };
        let help = "add a new field, argument or event of the new type beside the old one";
        self.tell(place.path.clone(), what, format!("{writer} send what {reader} do not accept"), Some(help.to_owned()));
    }

    fn undecided(&mut self, place: &Place) {
        let Parties { writer, reader, .. } = self.parties;
        let why = format!("its schema has parts that are not understood, and {reader} may not accept what {writer} send");
        let help = "read the change yourself, and accept it with `--allow-breaking` if it is sound";
        self.tell(
            place.path.clone(),
            format!("cannot tell whether the change of {} is compatible", place.subject),
            why,
            Some(help.to_owned()),
        );
    }

    fn tell(&mut self, path: String, what: String, why: String, help: Option<String>) {
        self.found.push(Difference { path, what, why, help, variant: false });
    }
}

type Limits = serde_json::Map<String, Value>;

/// Whether the shape allows one value, as far as that is plain.
fn is_in(value: &Value, shape: &Shape) -> bool {
    match (value, shape) {
        (value, Shape::Literal(other)) => value == other,
        (Value::Bool(_), Shape::Bool) | (Value::Number(_), Shape::Number) => true,
        (Value::String(_), Shape::Text(limits)) => limits.is_empty(),
        (Value::Number(number), Shape::Integer(Integer { min, max, .. })) => number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from))
            .is_some_and(|n| (*min..=*max).contains(&n)),
        _ => false,
    }
}

/// What a variant is called: its value, its tag, or the one field it is under.
fn label(shape: &Shape) -> Option<String> {
    match shape {
        Shape::Literal(Value::String(name)) => Some(name.clone()),
        Shape::Literal(value) => Some(value.to_string()),
        Shape::Object(Object { fields, rest }) => {
            let tag = |field: &Field| match &field.shape {
                Shape::Literal(Value::String(tag)) if field.required => Some(tag.clone()),
                _ => None,
            };
            let only = || fields.keys().next().filter(|_| fields.len() == 1 && *rest == Rest::Refused).cloned();
            fields.values().find_map(tag).or_else(only)
        }
        _ => None,
    }
}
