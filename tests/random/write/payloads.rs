//! Declarations of payloads, each with how a random value of it is made.

use std::fmt::Write as _;

use super::{
    Decl, Writer,
    types::{Ty, ty},
    words,
};

/// A field: its attributes and type, and the expression that makes a value.
struct Field {
    attrs: String,
    ty: Ty,
    value: &'static str,
}

/// What the value of most fields is.
const ANY: &str = "Sample::sample(r)";

/// Types that say in an attribute what they are.
const DESCRIBED: &[(&str, &str, bool)] = &[
    ("#[serde(with = \"ackord::int64_string\")]", "u64", true),
    ("#[serde(with = \"ackord::int64_string\")]", "i128", true),
    ("#[serde(default, with = \"ackord::int64_string::option\")]", "Option<i64>", true),
    (
        "#[serde(default, with = \"ackord::int64_string::option\", skip_serializing_if = \"Option::is_none\")]",
        "Option<u64>",
        true,
    ),
    ("#[serde(with = \"time::serde::rfc3339\")] #[ts(as = \"String\")]", "time::OffsetDateTime", false),
    ("#[ts(as = \"String\")]", "rust_decimal::Decimal", true),
    ("#[ts(as = \"Option<String>\")]", "Option<rust_decimal::Decimal>", true),
];

impl Writer {
    /// Writes a payload.
    pub(crate) fn payload(&mut self, name: String, generic: bool) {
        let mut decl = Decl { inside: vec![name.clone()], name, generic, ..Decl::default() };
        self.docs("");
        match self.random.below(100) {
            _ if generic => self.generic(&mut decl),
            0..34 => self.named(&mut decl),
            34..42 => self.newtype(&mut decl),
            42..50 => self.tuple(&mut decl),
            50..54 => self.empty(&mut decl),
            54..64 => self.units(&mut decl),
            64..68 => self.transparent(&mut decl),
            68..71 => self.converted(&mut decl),
            _ => self.tagged(&mut decl),
        }
        self.ahead.retain(|name| *name != decl.name);
        self.done.push(decl);
    }

    fn docs(&mut self, indent: &str) {
        for _ in 0..self.random.below(4).saturating_sub(1) {
            let text = *self.random.one(words::DOCS);
            let _ = writeln!(self.out, "{indent}#[doc = {text:?}]");
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// The attributes that any container may have, and the head of the item.
    fn head(&mut self, decl: &Decl, attrs: &str, keyword: &str) {
        let mut attrs = attrs.to_owned();
        if self.random.chance(8) && !decl.generic {
            let name = self.type_names.next(&mut self.random);
            let _ = write!(attrs, "#[serde(rename = {name:?})] ");
        }
        self.line(&format!("#[payload]\n{attrs}"));
        if decl.ord {
            self.line("#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]");
        }
        if decl.default {
            self.line("#[derive(Default)]");
        }
        let generics = if decl.generic { "<T>" } else { "" };
        let _ = write!(self.out, "pub {keyword} {}{generics}", decl.name);
    }

    fn sample(&mut self, decl: &Decl, body: &str) {
        let (of, bound) = if decl.generic { ("<T>", "<T: Sample>") } else { ("", "") };
        let name = &decl.name;
        let _ = writeln!(
            self.out,
            "impl{bound} Sample for {name}{of} {{\n    fn sample(r: &mut Source) -> Self {{\n        r.within(|r| {body})\n    }}\n}}\n"
        );
    }

    fn rename_all(&mut self) -> String {
        if self.random.chance(30) {
            format!("#[serde(rename_all = {:?})] ", self.random.one(words::CASES))
        } else {
            String::new()
        }
    }

    /// A field with attributes that may be wherever there are fields.
    fn field(&mut self, is_named: bool) -> Field {
        if self.random.chance(7) {
            let (attrs, text, default) = *self.random.one(DESCRIBED);
            // In a tuple, what follows a default needs one.
            let attrs =
                if is_named || !attrs.contains("default") { attrs } else { "#[serde(with = \"ackord::int64_string::option\")]" };
            return Field { attrs: attrs.to_owned(), ty: ty(text, default, false), value: ANY };
        }
        let of = self.ty(0);
        let mut field = Field { attrs: String::new(), ty: of, value: ANY };
        if !is_named {
            return field;
        }
        if self.random.chance(12) {
            let name = self.field_names.next(&mut self.random);
            let _ = write!(field.attrs, "#[serde(rename = {name:?})] ");
        }
        if self.random.chance(5) {
            self.only += 1;
            let _ = write!(field.attrs, "#[serde(alias = \"or {}\")] ", self.only);
        }
        let is = |prefixes: &[&str]| prefixes.iter().any(|prefix| field.ty.text.starts_with(prefix));
        let predicate = match &*field.ty.text {
            text if text.starts_with("Option<") => Some("Option::is_none"),
            "String" => Some("String::is_empty"),
            _ if is(&["Vec<"]) => Some("Vec::is_empty"),
            _ if is(&["BTreeMap<"]) => Some("BTreeMap::is_empty"),
            _ => None,
        };
        match (self.random.below(20), predicate) {
            (0..6, Some("Option::is_none")) => field.attrs.push_str("#[serde(skip_serializing_if = \"Option::is_none\")] "),
            (6..12, Some(predicate)) => {
                let _ = write!(field.attrs, "#[serde(default, skip_serializing_if = {predicate:?})] ");
            }
            (12..15, _) if field.ty.default => field.attrs.push_str("#[serde(default)] "),
            (15, _) if field.ty.default => {
                field.attrs.push_str("#[serde(skip)] ");
                field.value = "Default::default()";
            }
            (16, _) if field.ty.default => {
                field.attrs.push_str("#[serde(skip_serializing, skip_deserializing, default)] ");
                field.value = "Default::default()";
            }
            _ => {}
        }
        field
    }

    fn fields(&mut self, most: usize) -> Vec<(String, Field)> {
        (0..self.random.below(most + 1)).map(|_| (self.field_words.next(&mut self.random), self.field(true))).collect()
    }

    fn write_fields(&mut self, fields: &[(String, Field)], indent: &str, public: &str) -> String {
        let mut values = String::new();
        self.line(" {");
        for (name, field) in fields {
            self.docs(indent);
            let _ = writeln!(self.out, "{indent}{}{public}{name}: {},", field.attrs, field.ty.text);
            let _ = write!(values, "{name}: {}, ", field.value);
        }
        format!("{{ {values}}}")
    }

    fn named(&mut self, decl: &mut Decl) {
        let mut fields = self.fields(5);
        let mut attrs = self.rename_all();
        // ts-rs does not flatten what has no fields.
        decl.object = !fields.is_empty();
        if self.random.chance(25) && !self.has_numeric_keys {
            self.flatten(decl, &mut fields);
        } else if self.random.chance(8) {
            attrs.push_str("#[serde(deny_unknown_fields)] ");
            decl.object = false;
        }
        if self.random.chance(6) && decl.object && !fields.iter().any(|(_, field)| field.attrs.contains("flatten")) {
            let tag = self.tags.next(&mut self.random);
            let _ = write!(attrs, "#[serde(tag = {tag:?})] ");
        }
        let all = |of: fn(&Ty) -> bool| fields.iter().all(|(_, field)| of(&field.ty));
        decl.default = all(|ty| ty.default) && self.random.chance(50);
        decl.ord = all(|ty| ty.ord) && self.random.chance(50);
        if decl.default && self.random.chance(40) {
            attrs.push_str("#[serde(default)] ");
        }
        self.head(decl, &attrs, "struct");
        let values = self.write_fields(&fields, "    ", "pub ");
        self.line("}");
        self.sample(decl, &format!("Self {values}"));
    }

    /// Adds fields whose members are the struct's.
    fn flatten(&mut self, decl: &mut Decl, fields: &mut Vec<(String, Field)>) {
        // Bytes do not stand beside any JSON.
        let has_bytes = self.out.contains("Binary") || fields.iter().any(|(_, field)| field.ty.text.contains("Binary"));
        if self.random.chance(12) && !has_bytes && self.ahead.len() < 2 {
            let name = self.field_words.next(&mut self.random);
            let field = Field {
                attrs: "#[serde(flatten)] ".into(),
                ty: ty("BTreeMap<String, serde_json::Value>", true, false),
                value: ANY,
            };
            fields.push((name, field));
            decl.object = false;
            return;
        }
        for _ in 0..=self.random.below(2) {
            let inside = decl.inside.clone();
            let Some(other) =
                self.pick(|other| other.object && !other.generic && inside.iter().all(|name| !other.inside.contains(name)))
            else {
                continue;
            };
            decl.inside.extend(other.inside.clone());
            let text = if self.random.chance(20) { format!("Box<{}>", other.name) } else { other.name.clone() };
            let name = self.field_words.next(&mut self.random);
            fields.push((name, Field { attrs: "#[serde(flatten)] ".into(), ty: ty(text, other.default, other.ord), value: ANY }));
        }
    }

    fn newtype(&mut self, decl: &mut Decl) {
        let (key, field) = if self.random.chance(25) {
            (true, Field { attrs: String::new(), ty: ty("String", true, true), value: ANY })
        } else {
            let mut field = self.field(false);
            field.ty = self.not_itself(field.ty);
            (false, field)
        };
        decl.ord = field.ty.ord;
        decl.key = key;
        decl.default = field.ty.default && self.random.chance(50);
        self.head(decl, "", "struct");
        let _ = writeln!(self.out, "({}pub {});", field.attrs, field.ty.text);
        self.sample(decl, "Self(Sample::sample(r))");
    }

    fn tuple(&mut self, decl: &mut Decl) {
        let mut fields: Vec<_> = (0..2 + self.random.below(3)).map(|_| self.field(false)).collect();
        if let Some(last) = fields.last_mut().filter(|last| last.ty.default && last.attrs.is_empty())
            && self.random.chance(15)
        {
            if self.random.chance(50) {
                last.attrs = "#[serde(default)] ".into();
            } else {
                last.attrs = "#[serde(skip)] ".into();
                last.value = "Default::default()";
            }
        }
        decl.ord = fields.iter().all(|field| field.ty.ord);
        decl.default = fields.iter().all(|field| field.ty.default) && self.random.chance(50);
        self.head(decl, "", "struct");
        let text: String = fields.iter().map(|field| format!("{}pub {}, ", field.attrs, field.ty.text)).collect();
        let values: String = fields.iter().map(|field| format!("{}, ", field.value)).collect();
        let _ = writeln!(self.out, "({text});");
        self.sample(decl, &format!("Self({values})"));
    }

    fn empty(&mut self, decl: &mut Decl) {
        (decl.ord, decl.default) = (true, true);
        let body = *self.random.one(&[";", "();", " {}"]);
        self.head(decl, "", "struct");
        self.line(body);
        let value = body.trim_end_matches(';');
        self.sample(decl, &format!("Self{value}"));
    }

    fn units(&mut self, decl: &mut Decl) {
        decl.ord = true;
        let attrs = self.rename_all();
        self.head(decl, &attrs, "enum");
        self.line(" {");
        let mut names = Vec::new();
        // In the schema of a map, schemars has no keys of an enum whose variants have documentation, or aliases.
        decl.key = self.random.chance(60);
        for _ in 0..=self.random.below(4) {
            if !decl.key {
                self.docs("    ");
            }
            let (name, attrs) = self.variant();
            decl.key &= !attrs.contains("alias");
            let _ = writeln!(self.out, "    {attrs}{name},");
            names.push(format!("Self::{name}"));
        }
        self.line("}");
        self.choose(decl, &names);
    }

    /// A variant's name and attributes.
    fn variant(&mut self) -> (String, String) {
        let name = self.variants.next(&mut self.random);
        let mut attrs = String::new();
        if self.random.chance(20) {
            let _ = write!(attrs, "#[serde(rename = {:?})] ", self.variant_names.next(&mut self.random));
        }
        if self.random.chance(5) {
            let _ = write!(attrs, "#[serde(alias = \"or {name}\")] ");
        }
        (name, attrs)
    }

    fn choose(&mut self, decl: &Decl, values: &[String]) {
        let arms: String = values.iter().enumerate().map(|(i, value)| format!("{i} => {value}, ")).collect();
        self.sample(decl, &format!("match r.below({}) {{ {arms}_ => unreachable!() }}", values.len()));
    }

    /// An alias of itself is refused.
    fn not_itself(&self, of: Ty) -> Ty {
        let is_bare = ["Option<", "Box<", "Arc<"].iter().any(|prefix| of.text.starts_with(prefix));
        let is_forward = self.ahead.iter().any(|name| of.text.contains(&**name));
        if is_bare && is_forward { ty(format!("Vec<{}>", of.text), true, false) } else { of }
    }

    fn transparent(&mut self, decl: &mut Decl) {
        let of = self.ty(1);
        let of = self.not_itself(of);
        let (name, more) = (self.field_words.next(&mut self.random), self.field_words.next(&mut self.random));
        decl.ord = of.ord;
        let (body, value) = match self.random.below(3) {
            0 => (format!(" {{ pub {name}: {} }}", of.text), format!("Self {{ {name}: {ANY} }}")),
            1 => (
                format!(" {{ pub {name}: {}, #[serde(skip)] pub {more}: u8 }}", of.text),
                format!("Self {{ {name}: {ANY}, {more}: 0 }}"),
            ),
            _ => (format!("(pub {});", of.text), format!("Self({ANY})")),
        };
        self.head(decl, "#[serde(transparent)]", "struct");
        self.line(&body);
        self.sample(decl, &value);
    }

    fn converted(&mut self, decl: &mut Decl) {
        let of = self.ty(1);
        let of = self.not_itself(of).text;
        let by = *self.random.one(&["from", "try_from"]);
        self.head(decl, &format!("#[serde(into = {of:?}, {by} = {of:?})]"), "struct");
        let name = decl.name.clone();
        let _ = writeln!(self.out, " {{ pub inner: {of} }}");
        let _ = writeln!(self.out, "impl From<{name}> for Into{name} {{ fn from(value: {name}) -> Self {{ value.inner }} }}");
        let _ = writeln!(self.out, "type Into{name} = {of};");
        let _ = writeln!(
            self.out,
            "impl From<Into{name}> for {name} {{ fn from(inner: Into{name}) -> Self {{ Self {{ inner }} }} }}"
        );
        self.sample(decl, &format!("Self {{ inner: {ANY} }}"));
    }

    fn generic(&mut self, decl: &mut Decl) {
        let mut fields = self.fields(2);
        for text in ["T", "Vec<T>", "Option<T>", "BTreeMap<String, T>", "(T, u8)"] {
            if text == "T" || self.random.chance(30) {
                fields.push((
                    self.field_words.next(&mut self.random),
                    Field { attrs: String::new(), ty: ty(text, false, false), value: ANY },
                ));
            }
        }
        if self.random.chance(30) {
            let text = format!("Option<Box<{}<T>>>", decl.name);
            fields.push((
                self.field_words.next(&mut self.random),
                Field { attrs: String::new(), ty: ty(text, true, false), value: ANY },
            ));
        }
        let attrs = self.rename_all();
        self.head(decl, &attrs, "struct");
        let values = self.write_fields(&fields, "    ", "pub ");
        self.line("}");
        self.sample(decl, &format!("Self {values}"));
    }

    /// An enum whose variants have something in them.
    fn tagged(&mut self, decl: &mut Decl) {
        let mut attrs = self.rename_all();
        if self.random.chance(20) {
            let _ = write!(attrs, "#[serde(rename_all_fields = {:?})] ", self.random.one(words::CASES));
        }
        let kind = if self.has_numeric_keys { 0 } else { self.random.below(4) };
        match kind {
            0 => {}
            1 => {
                let tag = self.tags.next(&mut self.random);
                let _ = write!(attrs, "#[serde(tag = {tag:?})] ");
                decl.object = true;
            }
            2 => {
                let (tag, content) = (self.tags.next(&mut self.random), self.tags.next(&mut self.random));
                let _ = write!(attrs, "#[serde(tag = {tag:?}, content = {content:?})] ");
                decl.object = true;
            }
            _ => attrs.push_str("#[serde(untagged)] "),
        }
        self.head(decl, &attrs, "enum");
        self.line(" {");
        let values = if kind == 3 { self.untagged_variants(decl) } else { self.tagged_variants(kind, decl) };
        self.line("}");
        self.choose(decl, &values);
    }

    fn tagged_variants(&mut self, kind: usize, decl: &mut Decl) -> Vec<String> {
        let is_internal = kind == 1;
        let mut values = Vec::new();
        let units = kind != 0 || self.random.chance(60);
        decl.object |= !units;
        for _ in 0..=self.random.below(4) {
            let (name, mut attrs) = self.variant();
            if self.random.chance(4) {
                // Never sent.
                let _ = writeln!(self.out, "    {attrs}#[serde(skip)] {name}(u8),");
                continue;
            }
            let value = match self.random.below(4) {
                0 if units => name.clone(),
                1 if is_internal => {
                    let inside = decl.inside.clone();
                    let fits =
                        |other: &Decl| other.object && !other.generic && inside.iter().all(|name| !other.inside.contains(name));
                    let Some(of) = self.pick(fits) else { continue };
                    decl.inside.extend(of.inside.clone());
                    self.docs("    ");
                    let _ = writeln!(self.out, "    {attrs}{name}({}),", of.name);
                    values.push(format!("Self::{name}({ANY})"));
                    continue;
                }
                1 => {
                    let field = self.field(false);
                    let _ = writeln!(self.out, "    {attrs}{name}({}{}),", field.attrs, field.ty.text);
                    values.push(format!("Self::{name}({ANY})"));
                    continue;
                }
                2 if !is_internal => {
                    let of: Vec<_> = (0..self.random.below(4)).map(|_| self.ty(1).text).collect();
                    // One would be a newtype.
                    let of = if of.len() == 1 { Vec::new() } else { of };
                    let _ = writeln!(self.out, "    {attrs}{name}({}),", of.join(", "));
                    values.push(format!("Self::{name}({})", vec![ANY; of.len()].join(", ")));
                    continue;
                }
                _ => {
                    if self.random.chance(15) {
                        let _ = write!(attrs, "#[serde(rename_all = {:?})] ", self.random.one(words::CASES));
                    }
                    let fields = self.fields(3);
                    self.docs("    ");
                    let _ = write!(self.out, "    {attrs}{name}");
                    let value = self.write_fields(&fields, "        ", "");
                    self.line("    },");
                    values.push(format!("Self::{name} {value}"));
                    continue;
                }
            };
            self.docs("    ");
            let _ = writeln!(self.out, "    {attrs}{value},");
            values.push(format!("Self::{value}"));
        }
        if values.is_empty() {
            let name = self.variants.next(&mut self.random);
            let _ = writeln!(self.out, "    {name} {{}},");
            values.push(format!("Self::{name} {{}}"));
        }
        if kind != 0 && self.random.chance(10) {
            let name = self.variants.next(&mut self.random);
            let _ = writeln!(self.out, "    #[serde(other)]\n    {name},");
            values.push(format!("Self::{name}"));
        } else if self.random.chance(8) && !self.has_numeric_keys {
            decl.object = false;
            let name = self.variants.next(&mut self.random);
            let _ = writeln!(self.out, "    #[serde(untagged)]\n    {name}(i16),");
            values.push(format!("Self::{name}({ANY})"));
        }
        values
    }

    /// Variants that can be told from each other.
    fn untagged_variants(&mut self, decl: &mut Decl) -> Vec<String> {
        let mut values = Vec::new();
        let only_objects = self.random.chance(30);
        decl.object = only_objects;
        for text in ["(bool)", "(i16)", "(String)", "(u8, bool)", ""] {
            if !only_objects && self.random.chance(40) {
                let name = self.variants.next(&mut self.random);
                let _ = writeln!(self.out, "    {name}{text},");
                let arguments = if text.is_empty() {
                    String::new()
                } else {
                    format!("({})", vec![ANY; 1 + text.matches(',').count()].join(", "))
                };
                values.push(format!("Self::{name}{arguments}"));
            }
        }
        for _ in 0..=self.random.below(3) {
            let name = self.variants.next(&mut self.random);
            let mut fields = self.fields(2);
            let only = Field { attrs: String::new(), ty: ty("i8", true, true), value: ANY };
            self.only += 1;
            fields.push((format!("only_{}", self.only), only));
            let _ = write!(self.out, "    {name}");
            let value = self.write_fields(&fields, "        ", "");
            self.line("    },");
            values.push(format!("Self::{name} {value}"));
        }
        values
    }
}
