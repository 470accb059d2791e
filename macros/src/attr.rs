//! Attribute parsing: options as the user wrote them, with their spans. What they mean together is judged in `check`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, LitInt, LitStr, Path, Token, Type, meta::ParseNestedMeta, parse::Parser};

use crate::{
    case::{CASES, Case},
    errors::Errors,
};

/// Options of `#[events(…)]`.
#[derive(Default)]
pub(crate) struct EventsOptions {
    pub(crate) rename_all: Option<Case>,
    pub(crate) prefix: Option<LitStr>,
    pub(crate) plain_acks: bool,
    pub(crate) event_enum: Option<EnumOption>,
    pub(crate) krate: Option<Path>,
}

/// `enum`, or `enum = Name`.
pub(crate) struct EnumOption {
    pub(crate) name: Option<Ident>,
}

/// Options of `#[event(…)]`.
#[derive(Default)]
pub(crate) struct EventOptions {
    pub(crate) rename: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) serial: bool,
    pub(crate) cancel_on_disconnect: bool,
    pub(crate) stream: StreamOptions,
}

/// Those that belong to `#[event(stream)]`.
#[derive(Default, Clone)]
pub(crate) struct StreamOptions {
    /// Where `stream` is written.
    pub(crate) stream: Option<Span>,
    pub(crate) window: Option<LitInt>,
    pub(crate) overflow: Option<LitStr>,
}

/// Options of `#[payload(…)]`.
#[derive(Default)]
pub(crate) struct PayloadOptions {
    pub(crate) krate: Option<Path>,
    /// Derives that the user writes by hand.
    pub(crate) skip: Vec<Ident>,
}

/// Options of `#[namespace(…)]`.
#[derive(Default)]
pub(crate) struct NamespaceOptions {
    pub(crate) path: Option<LitStr>,
    pub(crate) server: Option<Type>,
    pub(crate) client: Option<Type>,
    pub(crate) cluster: Option<Type>,
    pub(crate) auth: Option<Type>,
    pub(crate) denied: Option<Type>,
    pub(crate) krate: Option<Path>,
}

impl EventsOptions {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let (mut options, mut seen) = (Self::default(), Vec::new());
        list(tokens, errors, |option| {
            let name = known(option, &["rename_all", "prefix", "ack", "enum", "crate"])?;
            once(name, option, &mut seen)?;
            match name {
                "rename_all" => options.rename_all = Some(case(option)?),
                "prefix" => options.prefix = Some(string(option)?),
                "ack" => {
                    let ack = string(option)?;
                    if ack.value() != "plain" {
                        return Err(syn::Error::new(ack.span(), "unknown kind of ack: expected \"plain\""));
                    }
                    options.plain_acks = true;
                }
                "enum" => options.event_enum = Some(EnumOption { name: enum_name(option)? }),
                _ => options.krate = Some(path(option)?),
            }
            Ok(())
        });
        options
    }
}

impl EventOptions {
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let (mut options, mut seen) = (Self::default(), Vec::new());
        attribute(attrs, "event", errors, |option| {
            const ACCEPTED: [&str; 7] = ["rename", "alias", "serial", "cancel_on_disconnect", "stream", "window", "overflow"];
            let name = known(option, &ACCEPTED)?;
            if name == "alias" {
                options.aliases.push(string(option)?);
                return Ok(());
            }
            once(name, option, &mut seen)?;
            match name {
                "rename" => options.rename = Some(string(option)?),
                "serial" => options.serial = flag(name, option)?,
                "cancel_on_disconnect" => options.cancel_on_disconnect = flag(name, option)?,
                "window" => options.stream.window = Some(option.value()?.parse()?),
                "overflow" => options.stream.overflow = Some(string(option)?),
                _ => options.stream.stream = flag(name, option)?.then(|| option.path.get_ident().map_or_else(ours, Ident::span)),
            }
            Ok(())
        });
        options
    }
}

/// What `#[payload]` derives.
pub(crate) const DERIVES: [&str; 6] = ["Debug", "Clone", "Serialize", "Deserialize", "TS", "JsonSchema"];

impl PayloadOptions {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let (mut options, mut seen) = (Self::default(), Vec::new());
        list(tokens, errors, |option| {
            let name = known(option, &["skip", "crate"]).map_err(|e| {
                syn::Error::new(e.span(), format!("{e}; options of serde are written `#[serde(…)]` below `#[payload]`"))
            })?;
            once(name, option, &mut seen)?;
            if name == "crate" {
                options.krate = Some(path(option)?);
                return Ok(());
            }
            option.parse_nested_meta(|derive| {
                let name = known(&derive, &DERIVES)?;
                options.skip.push(Ident::new(name, Span::call_site()));
                Ok(())
            })?;
            Ok(())
        });
        options
    }
}

impl NamespaceOptions {
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let (mut options, mut seen) = (Self::default(), Vec::new());
        attribute(attrs, "namespace", errors, |option| {
            let name = known(option, &["path", "server", "client", "cluster", "auth", "denied", "crate"])?;
            once(name, option, &mut seen)?;
            match name {
                "path" => options.path = Some(string(option)?),
                "server" => options.server = Some(ty(option)?),
                "client" => options.client = Some(ty(option)?),
                "cluster" => options.cluster = Some(ty(option)?),
                "auth" => options.auth = Some(ty(option)?),
                "denied" => options.denied = Some(ty(option)?),
                _ => options.krate = Some(path(option)?),
            }
            Ok(())
        });
        options
    }
}

/// The path of the runtime crate, as the user renamed it or as everybody knows it.
pub(crate) fn krate(option: Option<Path>) -> Path {
    option.unwrap_or_else(|| syn::parse_quote!(::ackord))
}

fn list(tokens: TokenStream, errors: &mut Errors, option: impl FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>) {
    if !tokens.is_empty() {
        let parsed = syn::meta::parser(each(errors, option)).parse2(tokens);
        errors.take(parsed);
    }
}

/// All attributes of this name; a bare one has no options.
fn attribute(
    attrs: &[Attribute],
    name: &str,
    errors: &mut Errors,
    mut option: impl FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        if !matches!(attr.meta, syn::Meta::Path(_)) {
            let parsed = attr.parse_nested_meta(each(errors, &mut option));
            errors.take(parsed);
        }
    }
}

/// Goes on with the next option after an error.
fn each(
    errors: &mut Errors,
    mut option: impl FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>,
) -> impl FnMut(ParseNestedMeta<'_>) -> syn::Result<()> {
    move |meta| {
        if let Err(e) = option(&meta) {
            errors.push(e);
            while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
                meta.input.parse::<TokenTree>()?;
            }
        }
        Ok(())
    }
}

/// The option's name, if it is one of `accepted`.
fn known(option: &ParseNestedMeta<'_>, accepted: &[&'static str]) -> syn::Result<&'static str> {
    accepted.iter().find(|name| option.path.is_ident(name)).copied().ok_or_else(|| {
        let list = accepted.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let name = option.path.get_ident().map_or_else(String::new, |name| format!(" `{name}`"));
        option.error(format!("unknown option{name}: expected {}{list}", if accepted.len() > 1 { "one of " } else { "" }))
    })
}

fn once(name: &'static str, option: &ParseNestedMeta<'_>, seen: &mut Vec<&'static str>) -> syn::Result<()> {
    if seen.contains(&name) {
        return Err(option.error(format!("`{name}` is given twice")));
    }
    seen.push(name);
    Ok(())
}

/// An option that is there or not.
fn flag(name: &str, option: &ParseNestedMeta<'_>) -> syn::Result<bool> {
    if option.input.is_empty() || option.input.peek(Token![,]) {
        return Ok(true);
    }
    Err(option.input.error(format!("`{name}` takes no value: it is there or not")))
}

/// The name that may follow `enum`.
fn enum_name(option: &ParseNestedMeta<'_>) -> syn::Result<Option<Ident>> {
    if !option.input.peek(Token![=]) {
        return flag("enum", option).map(|_| None).map_err(|e| syn::Error::new(e.span(), NO_NAME));
    }
    let value = option.value()?;
    value.parse().map(Some).map_err(|e| syn::Error::new(e.span(), NO_NAME))
}

const NO_NAME: &str = "expected the name of the enum, as in `enum = ChatEvent`, or nothing";

fn string(option: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    option.value()?.parse()
}

fn path(option: &ParseNestedMeta<'_>) -> syn::Result<Path> {
    let path = string(option)?;
    path.parse_with(Path::parse_mod_style).map_err(|_| syn::Error::new(path.span(), "expected a path, such as \"::my::ackord\""))
}

fn ty(option: &ParseNestedMeta<'_>) -> syn::Result<Type> {
    let value = option.value()?;
    if value.peek(LitStr) {
        return Err(syn::Error::new(value.span(), "write the type itself, without quotes"));
    }
    value.parse()
}

fn case(option: &ParseNestedMeta<'_>) -> syn::Result<Case> {
    let name = string(option)?;
    Case::from_name(&name.value()).ok_or_else(|| {
        let cases = CASES.map(|(name, _)| format!("{name:?}")).join(", ");
        syn::Error::new(name.span(), format!("unknown case: expected one of {cases}"))
    })
}

/// The span for code that belongs to no token of the user's: names of its locals cannot clash with the user's.
pub(crate) fn ours() -> Span {
    Span::mixed_site()
}

/// `<ty as Bound>`, where `Bound` is a trait of the runtime's.
///
/// The first token stands where the type starts and the last where it ends, so that rustc underlines the type.
pub(crate) fn through(krate: &Path, bound: &str, ty: &Type) -> TokenStream {
    let (start, end) = ends(ty);
    let bound = Ident::new(bound, end);
    let krate = krate.to_token_stream().into_iter().map(|mut token| {
        token.set_span(end);
        token
    });
    let krate = krate.collect::<TokenStream>();
    let (head, tail) = (quote_spanned!(start=> <), quote_spanned!(end=> as #krate::__private::#bound>));
    quote!(#head #ty #tail)
}

/// The spans of the first and the last token.
pub(crate) fn ends(ty: &Type) -> (Span, Span) {
    let mut spans = ty.to_token_stream().into_iter().map(|token| token.span());
    let start = spans.next().unwrap_or_else(ours);
    (start, spans.last().unwrap_or(start))
}

/// Whether the name stands anywhere in there.
pub(crate) fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Ident(ident) => ident == *name,
        _ => false,
    })
}
