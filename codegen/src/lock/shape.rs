//! What a JSON Schema says of a value, as far as two of them can be compared.
//!
//! Read here: what schemars writes for serde's types. Everything else becomes [`Shape::Opaque`], of which nobody claims to know anything.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::schema::reading::{NOTES, aliases, empty, variants};

/// Where the types of a lock file are.
pub(super) const TYPES: &str = "#/types/";

/// How deep references are followed to put together what `flatten` has taken apart.
const DEPTH: usize = 32;

/// The values that a schema allows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Any,
    Never,
    Null,
    Bool,
    Literal(Value),
    Integer(Integer),
    Number,
    Text(Map<String, Value>),
    /// Any string but these.
    Except(BTreeSet<String>),
    List(Box<List>),
    Tuple(Vec<Shape>),
    Object(Object),
    OneOf(Vec<Shape>),
    Ref(String),
    /// Bytes, beside the JSON.
    Binary,
    /// A schema that is not understood.
    Opaque(Value),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Integer {
    pub(super) min: i128,
    pub(super) max: i128,
    /// Its format, such as `uint32`.
    pub(super) name: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct List {
    pub(super) items: Shape,
    pub(super) min: u64,
    pub(super) max: u64,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Object {
    pub(super) fields: BTreeMap<String, Field>,
    pub(super) rest: Rest,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub(super) shape: Shape,
    pub(super) required: bool,
    /// Other names under which it is read.
    pub(super) aliases: Vec<String>,
}

/// Fields that have no name in the schema.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Rest {
    /// Nothing is said: whoever writes adds none, whoever reads ignores them.
    #[default]
    Ignored,
    /// They are refused.
    Refused,
    /// A map: those whose names match the pattern, if there is one.
    Map(Option<String>, Box<Shape>),
}

/// Which names of fields and variants are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Their own.
    Own,
    /// Also aliases, and those that only a variant for all others takes: what peers may send that are older still.
    Older,
    /// All that serde reads, and nothing that it refuses.
    Serde,
}

/// Says nothing of a value.
const ANNOTATIONS: &[&str] =
    &["description", "title", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "uniqueItems"];
const TEXT: &[&str] = &["format", "pattern", "minLength", "maxLength", "contentEncoding", "contentMediaType"];
const OBJECT: &[&str] = &["properties", "required", "additionalProperties", "unevaluatedProperties", "patternProperties"];
const LIST: &[&str] = &["items", "prefixItems", "minItems", "maxItems"];
const OTHER: &[&str] = &["type", "const", "enum", "minimum", "maximum"];
const COMBINED: &[&str] = &["oneOf", "anyOf", "allOf", "$ref"];

/// Reads schemas that may refer to `types`.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) types: &'a BTreeMap<String, Value>,
    names: Names,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(types: &'a BTreeMap<String, Value>, names: Names) -> Self {
        Self { types, names, depth: 0 }
    }

    pub(super) fn read(self, schema: &Value) -> Shape {
        match schema {
            Value::Bool(true) => Shape::Any,
            Value::Bool(false) => Shape::Never,
            Value::Object(schema) => self.schema(schema),
            other => Shape::Opaque(other.clone()),
        }
    }

    fn schema(self, schema: &Map<String, Value>) -> Shape {
        if schema.contains_key("x-socketio-binary") {
            return Shape::Binary;
        }
        if let Some(except) = except(schema) {
            return except;
        }
        let opaque = || Shape::Opaque(Value::Object(schema.clone()));
        let known = |key: &&str| [ANNOTATIONS, &NOTES, TEXT, OBJECT, LIST, OTHER, COMBINED].iter().any(|keys| keys.contains(key));
        if !schema.keys().all(|key| known(&&**key)) {
            return opaque();
        }
        let own = [TEXT, OBJECT, LIST, OTHER].iter().any(|keys| keys.iter().any(|key| schema.contains_key(*key)));
        let mut parts = if own { vec![self.own(schema)] } else { Vec::new() };
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            parts.push(name.strip_prefix(TYPES).map_or_else(opaque, |name| Shape::Ref(unescape(name))));
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(any) = schema.get(key).and_then(Value::as_array) {
                let mut any = any.clone();
                if self.names != Names::Own {
                    any = variants(&any, |known| json!({ "type": "string", "not": { "enum": known } }));
                }
                if self.names == Names::Serde {
                    any.iter_mut().for_each(empty);
                }
                parts.push(Shape::OneOf(any.iter().map(|schema| self.read(schema)).collect()));
            }
        }
        parts.extend(schema.get("allOf").and_then(Value::as_array).into_iter().flatten().map(|schema| self.read(schema)));
        parts.into_iter().try_fold(Shape::Any, |all, part| self.both(all, part)).unwrap_or_else(opaque)
    }

    /// What the schema says itself, without those it is made of.
    fn own(self, schema: &Map<String, Value>) -> Shape {
        if let Some(value) = schema.get("const") {
            return literal(value);
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return one_of(values.iter().map(literal));
        }
        match schema.get("type") {
            Some(Value::String(ty)) => self.typed(ty, schema),
            Some(Value::Array(types)) => one_of(types.iter().filter_map(Value::as_str).map(|ty| self.typed(ty, schema))),
            _ if OBJECT.iter().any(|key| schema.contains_key(*key)) => self.object(schema),
            _ => Shape::Opaque(Value::Object(schema.clone())),
        }
    }

    fn typed(self, ty: &str, schema: &Map<String, Value>) -> Shape {
        match ty {
            "null" => Shape::Null,
            "boolean" => Shape::Bool,
            "integer" => integer(schema),
            // Its bounds are no business of serde's, which reads any float.
            "number" => Shape::Number,
            "string" => Shape::Text(
                schema.iter().filter(|(key, _)| TEXT.contains(&&***key)).map(|(k, v)| (k.clone(), v.clone())).collect(),
            ),
            "array" => self.list(schema),
            "object" => self.object(schema),
            _ => Shape::Opaque(Value::Object(schema.clone())),
        }
    }

    fn list(self, schema: &Map<String, Value>) -> Shape {
        let min = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let max = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
        if let Some(items) = schema.get("prefixItems").and_then(Value::as_array) {
            let fixed = min == max && usize::try_from(max).is_ok_and(|max| max == items.len());
            return if fixed {
                Shape::Tuple(items.iter().map(|item| self.read(item)).collect())
            } else {
                Shape::Opaque(Value::Object(schema.clone()))
            };
        }
        let items = schema.get("items").map_or(Shape::Any, |items| self.read(items));
        Shape::List(Box::new(List { items, min, max }))
    }

    fn object(self, schema: &Map<String, Value>) -> Shape {
        let required: BTreeSet<_> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let field = |(name, schema): (&String, &Value)| {
            let aliases = if self.names == Names::Own { Vec::new() } else { aliases(schema) };
            (name.clone(), Field { shape: self.read(schema), required: required.contains(&**name), aliases })
        };
        let mut fields: BTreeMap<_, _> = properties.map(field).collect();
        for name in required {
            fields.entry(name.to_owned()).or_insert(Field { shape: Shape::Any, required: true, aliases: Vec::new() });
        }
        self.rest(schema)
            .map_or_else(|| Shape::Opaque(Value::Object(schema.clone())), |rest| Shape::Object(Object { fields, rest }))
    }

    /// `None` if it cannot be said.
    fn rest(self, schema: &Map<String, Value>) -> Option<Rest> {
        let others = schema.get("additionalProperties").or_else(|| schema.get("unevaluatedProperties"));
        if let Some(patterns) = schema.get("patternProperties").and_then(Value::as_object) {
            let (Some((pattern, values)), 1) = (patterns.iter().next(), patterns.len()) else { return None };
            let only = others == Some(&Value::Bool(false));
            return only.then(|| Rest::Map(Some(pattern.clone()), Box::new(self.read(values))));
        }
        Some(match others {
            None => Rest::Ignored,
            Some(Value::Bool(false)) => Rest::Refused,
            Some(values) => Rest::Map(None, Box::new(self.read(values))),
        })
    }

    /// What both allow; `None` if it cannot be said.
    fn both(self, a: Shape, b: Shape) -> Option<Shape> {
        Some(match (a, b) {
            (Shape::Any, other) | (other, Shape::Any) => other,
            (a, b) if a == b => a,
            (Shape::OneOf(all), other) | (other, Shape::OneOf(all)) => {
                one_of(all.into_iter().map(|shape| self.both(shape, other.clone())).collect::<Option<Vec<_>>>()?)
            }
            (Shape::Ref(name), other) | (other, Shape::Ref(name)) => {
                let deeper = Self { depth: self.depth + 1, ..self };
                let schema = self.types.get(&name).filter(|_| self.depth < DEPTH)?;
                deeper.both(deeper.read(schema), other)?
            }
            (Shape::Object(a), Shape::Object(b)) => Shape::Object(objects(a, b)?),
            _ => return None,
        })
    }
}

/// Any string but those that are listed.
fn except(schema: &Map<String, Value>) -> Option<Shape> {
    let listed = schema.get("not")?.as_object().filter(|not| not.len() == 1)?.get("enum")?.as_array()?;
    let says = schema.keys().filter(|key| ![ANNOTATIONS, &NOTES].iter().any(|keys| keys.contains(&&***key)));
    let is_text = says.count() == 2 && schema.get("type").is_some_and(|ty| ty == "string");
    let listed = listed.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<_>>();
    listed.filter(|_| is_text).map(Shape::Except)
}

fn objects(mut a: Object, b: Object) -> Option<Object> {
    for (name, field) in b.fields {
        match a.fields.get(&name) {
            Some(known) if *known != field => return None,
            _ => drop(a.fields.insert(name, field)),
        }
    }
    let rest = match (a.rest, b.rest) {
        (Rest::Ignored, other) | (other, Rest::Ignored) => other,
        (a, b) if a == b => a,
        _ => return None,
    };
    Some(Object { fields: a.fields, rest })
}

fn literal(value: &Value) -> Shape {
    if value.is_null() { Shape::Null } else { Shape::Literal(value.clone()) }
}

fn one_of(shapes: impl IntoIterator<Item = Shape>) -> Shape {
    let mut shapes: Vec<_> = shapes.into_iter().collect();
    if shapes.len() == 1 { shapes.remove(0) } else { Shape::OneOf(shapes) }
}

fn integer(schema: &Map<String, Value>) -> Shape {
    let format = schema.get("format").and_then(Value::as_str);
    let (min, max) = match format {
        Some("int8") => (i8::MIN.into(), i8::MAX.into()),
        Some("int16") => (i16::MIN.into(), i16::MAX.into()),
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        Some("int64" | "int") => (i64::MIN.into(), i64::MAX.into()),
        Some("uint8") => (0, u8::MAX.into()),
        Some("uint16") => (0, u16::MAX.into()),
        Some("uint32") => (0, u32::MAX.into()),
        Some("uint64" | "uint") => (0, u64::MAX.into()),
        Some("uint128") => (0, i128::MAX),
        _ => (i128::MIN, i128::MAX),
    };
    let bound = |key: &str| schema.get(key).and_then(|v| v.as_i64().map(i128::from).or_else(|| v.as_u64().map(i128::from)));
    let (min, max) = (min.max(bound("minimum").unwrap_or(min)), max.min(bound("maximum").unwrap_or(max)));
    Shape::Integer(Integer { min, max, name: format.unwrap_or("integer").to_owned() })
}

/// The name of a type in a reference: a JSON pointer in a URL.
pub(super) fn unescape(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [first, after @ ..] = rest {
        let hex =
            after.get(..2).filter(|_| *first == b'%').and_then(|hex| u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(hex.unwrap_or(*first));
        rest = if hex.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).replace("~1", "/").replace("~0", "~")
}

/// The shape in a few words.
pub(super) fn describe(shape: &Shape) -> String {
    match shape {
        Shape::Any => "any JSON".to_owned(),
        Shape::Never => "nothing".to_owned(),
        Shape::Null => "null".to_owned(),
        Shape::Bool => "boolean".to_owned(),
        Shape::Literal(value) => value.to_string(),
        Shape::Integer(integer) => describe_integer(integer),
        Shape::Number => "number".to_owned(),
        Shape::Text(limits) if limits.is_empty() => "string".to_owned(),
        Shape::Text(limits) => {
            let limits: Vec<_> = limits.iter().map(|(key, value)| format!("{key} {value}")).collect();
            format!("string ({})", limits.join(", "))
        }
        Shape::Except(_) => "any other string".to_owned(),
        Shape::List(list) if (list.min, list.max) == (0, u64::MAX) => format!("array of {}", describe(&list.items)),
        Shape::List(list) if list.min == list.max => format!("array of {} {}", list.min, describe(&list.items)),
        Shape::List(list) => format!("array of {} to {} {}", list.min, list.max, describe(&list.items)),
        Shape::Tuple(items) => format!("[{}]", items.iter().map(describe).collect::<Vec<_>>().join(", ")),
        Shape::Object(Object { fields, rest: Rest::Map(_, values) }) if fields.is_empty() => {
            format!("map of {}", describe(values))
        }
        Shape::Object(_) => "object".to_owned(),
        Shape::OneOf(shapes) => shapes.iter().map(describe).collect::<Vec<_>>().join(" or "),
        Shape::Ref(name) => format!("`{name}`"),
        Shape::Binary => "`Binary`".to_owned(),
        Shape::Opaque(_) => "a schema of its own".to_owned(),
    }
}

fn describe_integer(Integer { min, max, name }: &Integer) -> String {
    let Shape::Integer(plain) = integer(&Map::from_iter([("format".to_owned(), Value::from(&**name))])) else {
        return name.clone();
    };
    if (plain.min, plain.max) == (*min, *max) { name.clone() } else { format!("{name} from {min} to {max}") }
}
