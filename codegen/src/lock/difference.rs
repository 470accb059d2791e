//! What a comparison finds, in words.

use super::{
    compare::Comparison,
    shape::{Field, Object, Rest, Shape, describe},
};
use serde_json::Value;

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
    /// Whether a reader in Rust understands it.
    pub(super) typescript: bool,
}

impl Difference {
    /// Of something as a whole.
    pub(super) fn whole(what: impl Into<String>, why: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            path: String::new(),
            what: what.into(),
            why: why.into(),
            help: Some(help.into()),
            variant: false,
            typescript: false,
        }
    }

    /// Nobody knows whether a client is in Rust or in TypeScript, which knows no aliases and no variant for all others.
    pub(super) fn unless_in_rust(self) -> Self {
        let why = self.why + "; those in Rust read it, by an alias or `#[serde(other)]`";
        Self { why, typescript: true, ..self }
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
    pub(super) owner: Option<String>,
}

impl Place {
    pub(super) fn new(path: &str, subject: &str) -> Self {
        Self { path: path.to_owned(), subject: subject.to_owned(), owner: None }
    }

    pub(super) fn field(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { path, subject: format!("field `{name}`{}", self.of()), owner: None }
    }

    pub(super) fn part(&self, path: &str, subject: &str) -> Self {
        Self { path: self.path.clone() + path, subject: format!("{subject} {}", self.subject), owner: None }
    }

    pub(super) fn variant(&self, label: &str) -> Self {
        Self {
            path: format!("{}({label})", self.path),
            subject: format!("variant `{label}`{}", self.of()),
            owner: self.owner.clone(),
        }
    }

    pub(super) fn of(&self) -> String {
        self.owner.as_ref().map(|owner| format!(" of `{owner}`")).unwrap_or_default()
    }
}

impl Comparison<'_> {
    pub(super) fn variant(&mut self, shape: &Shape, a: &Shape, b: &Shape, place: &Place) {
        let resolved = self.writer.resolve(shape).1.clone();
        let Parties { writer, reader, new_writes } = self.parties;
        if resolved == Shape::Null {
            let what = if new_writes { "may now be null" } else { "may no longer be null" };
            let help = (!new_writes).then(|| "keep it an `Option`".to_owned());
            return self.tell(place.path.clone(), format!("{} {what}", place.subject), format!("{writer} may send null"), help);
        }
        let others = is_for_others(&resolved);
        let label = label(&resolved);
        if label.is_none() && !others || !matches!(b, Shape::OneOf(_)) && self::label(b).is_none() {
            return self.changed(a, b, place);
        }
        let owner = place.owner.as_ref().map_or_else(|| place.subject.clone(), |owner| format!("`{owner}`"));
        let Some(label) = label else {
            let help = "keep the variant with `#[serde(other)]`";
            let why = format!("{writer} may send variants that {reader} do not know");
            return self.tell(
                place.path.clone(),
                format!("{owner} has no variant for all others any more"),
                why,
                Some(help.to_owned()),
            );
        };
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

    pub(super) fn missing(&mut self, name: &str, read: &Field, x: &Object, y: &Object, place: &Place) {
        let Parties { writer, reader, new_writes } = self.parties;
        let path = place.field(name).path;
        let others = x.fields.iter().filter(|(name, _)| !y.fields.contains_key(*name));
        let alike: Vec<_> =
            others.filter(|(_, written)| self.fits(&written.shape, &read.shape, place)).map(|(name, _)| name).collect();
        let renamed = if let [other] = &alike[..] {
            let (old, new) = if new_writes { (name, &***other) } else { (&***other, name) };
            // Who does not know the new name is not helped by what the others read.
            let alias = if new_writes { String::new() } else { format!(", or read both with `#[serde(alias = \"{old}\")]`") };
            Some(format!(
                "if `{old}` was renamed to `{new}`, keep its name on the wire with `#[serde(rename = \"{old}\")]`{alias}"
            ))
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

    pub(super) fn may_be_missing(&mut self, name: &str, place: &Place) {
        let Parties { writer, reader, new_writes } = self.parties;
        let subject = format!("field `{name}`{}", place.of());
        let what = if new_writes { format!("{subject} may now be missing") } else { format!("{subject} became required") };
        let help =
            if new_writes { "keep sending it, as null if there is nothing to say" } else { "keep its `#[serde(default)]`" };
        let why = format!("{writer} may leave it out, and {reader} need it");
        self.tell(place.field(name).path, what, why, Some(help.to_owned()));
    }

    /// A field that is read under two names, both of which are written.
    pub(super) fn twice(&mut self, name: &str, [first, second]: [&str; 2], place: &Place) {
        let Parties { writer, reader, .. } = self.parties;
        let what = format!("field `{name}`{} is read as `{first}` and as `{second}`", place.of());
        let why = format!("{writer} may send both, which {reader} refuse");
        self.tell(place.field(name).path, what, why, Some("do not take the name of another field for an alias".to_owned()));
    }

    /// A field that may be there under a name that nobody reads any more.
    pub(super) fn alias_removed(&mut self, name: &str, alias: &str, place: &Place) {
        let what = format!("alias `{alias}` of field `{name}`{} was removed", place.of());
        let why = format!("peers from before `{alias}` was renamed send it still");
        let help = format!("keep `#[serde(alias = \"{alias}\")]` until nobody sends it");
        self.tell(place.field(name).path, what, why, Some(help));
    }

    pub(super) fn unknown(&mut self, name: &str, place: &Place) {
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

    pub(super) fn changed(&mut self, a: &Shape, b: &Shape, place: &Place) {
        self.types(&describe(a), &describe(b), place);
    }

    pub(super) fn types(&mut self, written: &str, read: &str, place: &Place) {
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

    pub(super) fn undecided(&mut self, place: &Place) {
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

    pub(super) fn tell(&mut self, path: String, what: String, why: String, help: Option<String>) {
        self.found.push(Difference { path, what, why, help, variant: false, typescript: false });
    }
}

/// Whether it is the variant that is read for all names that no other has.
fn is_for_others(shape: &Shape) -> bool {
    match shape {
        Shape::Except(_) => true,
        Shape::Object(Object { fields, .. }) => {
            fields.values().any(|field| field.required && matches!(field.shape, Shape::Except(_)))
        }
        _ => false,
    }
}

/// What a variant is called: its value, its tag, or the one field it is under.
pub(super) fn label(shape: &Shape) -> Option<String> {
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
