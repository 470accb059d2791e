//! Where what is written is not what is read, in two schemas of one type.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::{Map, Value};

/// One place where two schemas contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    /// The innermost field; none for the type itself.
    pub(super) field: Option<String>,
    why: &'static str,
}

impl Difference {
    /// Whether a name is only there in one direction.
    pub(super) fn is_of_names(&self) -> bool {
        self.why == ONLY_SENT
    }

    pub(super) fn told(&self, path: &str) -> String {
        match &self.field {
            Some(field) => format!("field `{field}` of `{path}` {}", self.why),
            None => format!("`{path}` {}", self.why),
        }
    }
}

const ONLY_SENT: &str = "is sent, and not looked at when it is received";
const ONLY_RECEIVED: &str = "must be there when it is received, and is never sent";
const SOMETIMES_SENT: &str = "must be there when it is received, and is not always sent";
const OTHER_TYPE: &str = "has another type when it is sent than when it is received";
const OTHER_VALUES: &str = "has values that are sent and not taken back";

/// All differences, in order.
pub(super) fn differences(written: &Value, read: &Value) -> BTreeSet<Difference> {
    let mut found = Found { field: None, all: BTreeSet::new() };
    found.schemas(written, read);
    found.all
}

struct Found {
    field: Option<String>,
    all: BTreeSet<Difference>,
}

impl Found {
    fn tell(&mut self, why: &'static str) {
        self.all.insert(Difference { field: self.field.clone(), why });
    }

    /// Goes on inside of a field.
    fn within(&mut self, field: &str, look: impl FnOnce(&mut Self)) {
        let outer = self.field.replace(field.to_owned());
        look(self);
        self.field = outer;
    }

    fn schemas(&mut self, written: &Value, read: &Value) {
        if written == read || *read == Value::Bool(true) {
            return;
        }
        let (Some(written), Some(read)) = (written.as_object(), read.as_object()) else { return self.tell(OTHER_TYPE) };
        match (variants(written), variants(read)) {
            (Some(written), Some(read)) => return self.variants(written, read),
            // `T` where `T | null` is taken.
            (None, Some(read)) if !read.is_empty() && !written.contains_key("properties") => {
                if !read.iter().any(|read| is_within(&written.clone().into(), read)) {
                    self.tell(OTHER_TYPE);
                }
                return;
            }
            (Some(_), None) if !read.contains_key("properties") => return self.tell(OTHER_TYPE),
            _ => {}
        }
        if written.get("$ref") != read.get("$ref") || !is_subset(types(written), types(read).as_ref()) {
            return self.tell(OTHER_TYPE);
        }
        if !is_subset(values(written), values(read).as_ref()) {
            return self.tell(OTHER_VALUES);
        }
        self.members(written, read);
        self.inner(written, read);
    }

    fn variants(&mut self, written: &[Value], read: &[Value]) {
        if written.len() == read.len() {
            return written.iter().zip(read).for_each(|(written, read)| self.schemas(written, read));
        }
        for variant in written.iter().filter(|written| !read.iter().any(|read| is_within(written, read))) {
            match read.iter().find(|read| label(variant).is_some() && label(read) == label(variant)) {
                Some(read) => self.schemas(variant, read),
                None => self.tell(OTHER_VALUES),
            }
        }
    }

    fn members(&mut self, written: &Map<String, Value>, read: &Map<String, Value>) {
        let (Some(written_members), Some(read_members)) = (properties(written), properties(read)) else { return };
        let (always, needed) = (required(written), required(read));
        for (name, member) in written_members {
            self.within(name, |found| match read_members.get(name) {
                None => found.tell(ONLY_SENT),
                Some(_) if needed.contains(&**name) && !always.contains(&**name) => found.tell(SOMETIMES_SENT),
                Some(read) => found.schemas(member, read),
            });
        }
        for name in needed.iter().filter(|name| !written_members.contains_key(**name)) {
            self.within(name, |found| found.tell(ONLY_RECEIVED));
        }
    }

    /// Lists, tuples and maps.
    fn inner(&mut self, written: &Map<String, Value>, read: &Map<String, Value>) {
        for key in ["items", "additionalProperties"] {
            if let (Some(written), Some(read)) = (written.get(key), read.get(key)) {
                self.schemas(written, read);
            }
        }
        for key in ["prefixItems", "allOf"] {
            let lists = written.get(key).and_then(Value::as_array).zip(read.get(key).and_then(Value::as_array));
            let Some((written, read)) = lists else { continue };
            if written.len() != read.len() {
                return self.tell(OTHER_TYPE);
            }
            written.iter().zip(read).for_each(|(written, read)| self.schemas(written, read));
        }
    }
}

fn is_within(written: &Value, read: &Value) -> bool {
    differences(written, read).is_empty()
}

/// What tells a variant of an enum from the others: its tag, or its only field.
fn label(variant: &Value) -> Option<(&String, Option<&Value>)> {
    let members = variant.get("properties")?.as_object()?;
    let tag = members.iter().find_map(|(name, member)| Some((name, Some(member.get("const")?))));
    tag.or_else(|| members.keys().next().filter(|_| members.len() == 1).map(|name| (name, None)))
}

fn variants(schema: &Map<String, Value>) -> Option<&Vec<Value>> {
    ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key)?.as_array())
}

fn properties(schema: &Map<String, Value>) -> Option<&Map<String, Value>> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    // An object without fields has no `properties`.
    let is_object = || schema.get("type").is_some_and(|ty| ty == "object") && !schema.contains_key("additionalProperties");
    schema.get("properties").and_then(Value::as_object).or_else(|| is_object().then(|| &*NONE))
}

fn required(schema: &Map<String, Value>) -> BTreeSet<&str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The types of JSON that a schema names; none if it names none.
fn types(schema: &Map<String, Value>) -> Option<Vec<&Value>> {
    match schema.get("type")? {
        Value::Array(types) => Some(types.iter().collect()),
        ty => Some(vec![ty]),
    }
}

/// The values that a schema lists.
fn values(schema: &Map<String, Value>) -> Option<Vec<&Value>> {
    let listed = schema.get("enum").and_then(Value::as_array).map(|values| values.iter().collect());
    listed.or_else(|| Some(vec![schema.get("const")?]))
}

/// Whether everything in `written` is in `read`; `None` is everything there is.
fn is_subset(written: Option<Vec<&Value>>, read: Option<&Vec<&Value>>) -> bool {
    match (written, read) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(written), Some(read)) => {
            // Every integer is a number.
            let is_taken =
                |value: &&Value| read.contains(value) || **value == "integer" && read.iter().any(|ty| **ty == "number");
            written.iter().all(is_taken)
        }
    }
}
