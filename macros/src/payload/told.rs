//! What ts-rs and schemars have to be told of serde's attributes, because they do not see it themselves.
//!
//! Only where the feature `codegen` is on. What one attribute means is decided here; whether the outcome is true of both directions is
//! for the generator to judge, which has the schemas of both.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, Field, Fields, Generics, Lit, LitStr, Meta, MetaNameValue, Path, Token, Type,
    parse_quote, punctuated::Punctuated,
};

use super::{described, renamed};
use crate::{attr::mentions, errors::Errors};

/// Adds attributes to `input`. `schemars` and `ts` say whether those derives are there to read them.
pub(super) fn tell(input: &mut DeriveInput, derives: Told<'_>, errors: &mut Errors) {
    if !derives.ts {
        return;
    }
    renamed::tell(input);
    apart(&mut input.attrs);
    let serde = Options::of(&input.attrs, "serde");
    container(input, &serde, derives);
    let has_default = serde.has("default");
    let generics = &input.generics;
    match &mut input.data {
        Data::Struct(data) => fields(&mut data.fields, generics, has_default, derives, errors),
        Data::Enum(data) => {
            for variant in &mut data.variants {
                apart(&mut variant.attrs);
                with(&mut variant.attrs, None, derives, errors);
                fields(&mut variant.fields, generics, false, derives, errors);
            }
        }
        Data::Union(_) => {}
    }
}

/// Who listens.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) krate: &'a Path,
    pub(super) ts: bool,
    pub(super) schemars: bool,
}

impl Told<'_> {
    fn private(self, path: &str) -> String {
        let krate = self.krate.to_token_stream().to_string().replace(' ', "");
        format!("{krate}::__private::{path}")
    }

    /// What makes a type another.
    fn alias(self, ty: &str) -> Attribute {
        let alias = self.private(&format!("Alias<{ty}>"));
        parse_quote!(#[ts(as = #alias)])
    }
}

fn container(input: &mut DeriveInput, serde: &Options, derives: Told<'_>) {
    if derives.schemars && contains_itself(input, serde) {
        // Without an attribute of its own, schemars takes what a type is written as for the type, for ever.
        let krate = derives.krate;
        input.attrs.push(parse_quote!(#[schemars(transform = #krate::__private::unchanged)]));
    }
    let ts = Options::of(&input.attrs, "ts");
    if ts.describes() {
        let schemars = Options::of(&input.attrs, "schemars");
        let with = ts.value("as").filter(|_| derives.schemars && !schemars.has("with") && !schemars.has("schema_with"));
        input.attrs.extend(with.map(|ty| -> Attribute { parse_quote!(#[schemars(with = #ty)]) }));
        return;
    }
    let from = serde.value("from").or(serde.value("try_from"));
    let described = match (serde.value("into"), from) {
        // Two types, or one direction only, may still be one shape: the generator compares them.
        (Some(into), Some(from)) if into == from => Some(derives.alias(&into)),
        (None, None) if serde.has("transparent") => transparent(&input.data, derives),
        _ => None,
    };
    input.attrs.extend(described);
}

/// Whether a type that is written as another is in that one.
fn contains_itself(input: &DeriveInput, serde: &Options) -> bool {
    let other = if serde.has("transparent") {
        match &input.data {
            Data::Struct(data) => data.fields.to_token_stream(),
            _ => return false,
        }
    } else {
        serde.value("into").and_then(|ty| ty.parse().ok()).unwrap_or_default()
    };
    mentions(other, &input.ident)
}

/// One attribute for each option: ts-rs forgets the whole attribute if there is an option that it does not know.
fn apart(attrs: &mut Vec<Attribute>) {
    let split = |attr: Attribute| {
        let options = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        match options {
            Ok(options) if attr.path().is_ident("serde") => options.into_iter().map(alone).collect(),
            _ => vec![attr],
        }
    };
    *attrs = std::mem::take(attrs).into_iter().flat_map(split).collect();
}

fn alone(option: Meta) -> Attribute {
    match option {
        // ts-rs takes serde's bounds for its own, and does not hold them. Those of each direction it does not read.
        Meta::NameValue(MetaNameValue { path, value, .. }) if path.is_ident("bound") => {
            parse_quote!(#[serde(bound(serialize = #value, deserialize = #value))])
        }
        option => parse_quote!(#[serde(#option)]),
    }
}

/// A transparent struct is its only field. ts-rs knows that of a newtype.
fn transparent(data: &Data, derives: Told<'_>) -> Option<Attribute> {
    let Data::Struct(data) = data else { return None };
    if matches!(&data.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1) {
        return None;
    }
    let written = |field: &&Field| !Options::of(&field.attrs, "serde").has("skip") && !is(&field.ty, "PhantomData");
    let mut fields = data.fields.iter().filter(written);
    let (Some(field), None) = (fields.next(), fields.next()) else { return None };
    let ts = Options::of(&field.attrs, "ts");
    if let Some(text) = ts.value("type") {
        return Some(parse_quote!(#[ts(type = #text)]));
    }
    let ty = ts.value("as").map_or_else(|| field.ty.to_token_stream().to_string(), |ty| filled(&ty, &field.ty));
    Some(derives.alias(&ty))
}

fn fields(fields: &mut Fields, generics: &Generics, container_has_default: bool, derives: Told<'_>, errors: &mut Errors) {
    for field in fields {
        apart(&mut field.attrs);
        let serde = Options::of(&field.attrs, "serde");
        if serde.has("skip") || Options::of(&field.attrs, "ts").has("skip") {
            continue;
        }
        if serde.has("skip_serializing") && serde.has("skip_deserializing") {
            field.attrs.push(parse_quote!(#[ts(skip)]));
            continue;
        }
        with(&mut field.attrs, Some(&field.ty), derives, errors);
        if field.ident.is_some() && may_be_missing(field, &serde, container_has_default) {
            field.attrs.push(parse_quote!(#[ts(optional = nullable)]));
        }
        described::field(field, generics, derives);
    }
}

/// Whether a field may be missing in both directions where ts-rs says that it is there.
fn may_be_missing(field: &Field, serde: &Options, container_has_default: bool) -> bool {
    let left_out = serde.has("skip_serializing_if") || serde.has("skip_serializing");
    // serde takes a missing `Option` for `None`, unless a function reads it.
    let read_by_function = serde.has("with") || serde.has("deserialize_with");
    let default = container_has_default || (is(&field.ty, "Option") && !read_by_function);
    left_out && default && !serde.has("default") && !serde.has("flatten") && !Options::of(&field.attrs, "ts").has("optional")
}

/// A field or a variant that functions write and read is what somebody says that it is.
fn with(attrs: &mut Vec<Attribute>, ty: Option<&Type>, derives: Told<'_>, errors: &mut Errors) {
    let (serde, ts) = (Options::of(attrs, "serde"), Options::of(attrs, "ts"));
    let function = ["with", "serialize_with", "deserialize_with"].into_iter().find_map(|name| serde.get(name));
    let mut described = None;
    if let Some(by) = function.filter(|_| !ts.describes()) {
        described = by.value.as_ref().filter(|_| by.name == "with").and_then(|path| known(&path.value()));
        let text = described.clone().unwrap_or_else(|| {
            let name = &by.name;
            let message = format!(
                "the generator cannot see what `{name}` makes of this: name a type that is written in the same way with \
                 `#[ts(as = \"…\")]`, or write its TypeScript with `#[ts(type = \"…\")]`"
            );
            errors.at(&by.tokens, message);
            // One mistake is one error: the derives would report it again.
            derives.private("serde_json::Value")
        });
        attrs.push(parse_quote!(#[ts(as = #text)]));
        described = Some(text);
    }
    let described = described.or_else(|| {
        let text = ts.value("as")?;
        Some(ty.map_or_else(|| text.clone(), |ty| filled(&text, ty)))
    });
    let schemars = Options::of(attrs, "schemars");
    if !derives.schemars || schemars.has("with") || schemars.has("schema_with") {
        return;
    }
    let by_hand = || (function.is_some() && ts.has("type")).then(|| derives.private("serde_json::Value"));
    if let Some(ty) = described.or_else(by_hand) {
        attrs.push(parse_quote!(#[schemars(with = #ty)]));
    }
}

/// What a path in `#[serde(with = "…")]` says by itself: a type is what it is, and ackord's own modules are known.
fn known(path: &str) -> Option<String> {
    let mut segments = path.rsplit("::").map(str::trim);
    let (last, before) = (segments.next()?, segments.next().unwrap_or_default());
    let string = "::std::string::String";
    match (before, last) {
        (_, "int64_string") => Some(string.to_owned()),
        ("int64_string", "option") => Some(format!("::core::option::Option<{string}>")),
        (_, last) => last.starts_with(char::is_uppercase).then(|| path.to_owned()),
    }
}

/// `as` with the field's type in place of `_`.
fn filled(text: &str, ty: &Type) -> String {
    fn fill(tokens: TokenStream, ty: &Type) -> TokenStream {
        let filled = tokens.into_iter().map(|token| match token {
            TokenTree::Ident(ident) if ident == "_" => ty.to_token_stream(),
            TokenTree::Group(group) => {
                TokenTree::Group(proc_macro2::Group::new(group.delimiter(), fill(group.stream(), ty))).into()
            }
            token => token.into(),
        });
        filled.collect()
    }
    text.parse::<TokenStream>().map_or_else(|_| text.to_owned(), |tokens| fill(tokens, ty).to_string())
}

fn is(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// The options of all attributes of one name.
pub(super) struct Options(Vec<Opt>);

pub(super) struct Opt {
    name: String,
    pub(super) value: Option<LitStr>,
    /// What an error points at.
    pub(super) tokens: TokenStream,
}

impl Options {
    pub(super) fn of(attrs: &[Attribute], name: &str) -> Self {
        let mut options = Vec::new();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
            // What does not parse is the derive macro's to report.
            let _ = attr.parse_nested_meta(|option| {
                let name = option.path.to_token_stream().to_string();
                let mut tokens = option.path.to_token_stream();
                let mut value = None;
                if option.input.peek(syn::Token![=]) {
                    let expr = option.value()?.parse::<Expr>()?;
                    tokens = quote!(#tokens = #expr);
                    if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = expr {
                        value = Some(text);
                    }
                } else if option.input.peek(syn::token::Paren) {
                    option.input.parse::<proc_macro2::Group>()?;
                }
                options.push(Opt { name, value, tokens });
                Ok(())
            });
        }
        Self(options)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Opt> {
        self.0.iter().find(|option| option.name == name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.get(name)?.value.as_ref().map(LitStr::value)
    }

    /// The values of an option that may be there several times.
    pub(super) fn values(&self, name: &str) -> Vec<String> {
        let all = self.0.iter().filter(|option| option.name == name);
        all.filter_map(|option| option.value.as_ref()).map(LitStr::value).collect()
    }

    /// Whether somebody says what the type is.
    pub(super) fn describes(&self) -> bool {
        self.has("as") || self.has("type")
    }
}
