//! A contract as the macro understands it. Building it never fails: what the user got wrong is reported by `check`, and the model holds
//! the nearest thing that still expands.

use proc_macro2::{Ident, Span, TokenTree};
use quote::format_ident;
use syn::{Attribute, Expr, FnArg, ItemTrait, LitStr, Meta, Pat, Path, ReturnType, TraitItem, Type, ext::IdentExt};

use super::{
    enums,
    stream::Stream,
    types::{self, Shape},
};
use crate::{
    attr::{self, EventOptions, EventsOptions, StreamOptions},
    errors::Errors,
};

/// A trait under `#[events]`.
pub(crate) struct Contract {
    pub(crate) item: ItemTrait,
    pub(crate) krate: Path,
    /// The name of the enum, if one is wanted.
    pub(crate) event_enum: Option<Ident>,
    pub(crate) events: Vec<Event>,
}

/// One of its methods.
pub(crate) struct Event {
    pub(crate) ident: Ident,
    pub(crate) sig: syn::Signature,
    pub(crate) has_body: bool,
    /// The attributes that stay on the method.
    pub(crate) attrs: Vec<Attribute>,
    /// `#[cfg_attr(…, event(…))]`, which does not: `event` is no attribute to rustc.
    pub(crate) conditional: Vec<Attribute>,
    pub(crate) name: Name,
    pub(crate) aliases: Vec<Name>,
    pub(crate) args: Vec<Arg>,
    pub(crate) ack: Ack,
    pub(crate) stream: StreamOptions,
    pub(crate) run: Run,
    /// False if its signature is so wrong that only the trait can have it.
    pub(crate) usable: bool,
}

/// A name on the wire, and the token that gave it.
pub(crate) struct Name {
    pub(crate) value: String,
    pub(crate) span: Span,
}

pub(crate) struct Arg {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) shape: Shape,
}

/// How the handler of an event is run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) serial: bool,
    pub(crate) cancel_on_disconnect: bool,
}

/// How an event is acknowledged.
pub(crate) enum Ack {
    /// `fn`
    None,
    /// `async fn` without a value
    Unit,
    /// `-> T`
    Plain(Type),
    /// `-> Result<T, E>`
    Envelope(Type, Type),
    /// `-> Result<T, E>` under `ack = "plain"`
    Either(Type, Type),
    /// `-> impl Stream`
    Stream(Box<Stream>),
}

impl Contract {
    pub(crate) fn new(mut item: ItemTrait, options: EventsOptions, errors: &mut Errors) -> Self {
        let mut events = Vec::new();
        for member in &mut item.items {
            if let TraitItem::Fn(method) = member {
                let own = EventOptions::parse(&method.attrs, errors);
                method.attrs.retain(|attr| !attr.path().is_ident("event"));
                events.push(Event::new(method, own, &options));
            }
        }
        let event_enum = enums::name(options.event_enum, &item.ident);
        Self { item, krate: attr::krate(options.krate), event_enum, events }
    }
}

impl Event {
    fn new(method: &syn::TraitItemFn, own: EventOptions, options: &EventsOptions) -> Self {
        let sig = method.sig.clone();
        let ident = sig.ident.clone();
        let name = own.rename.map_or_else(|| Name::derived(&ident, options), Name::from);
        let args =
            sig.inputs.iter().filter(|arg| matches!(arg, FnArg::Typed(_))).enumerate().map(|(i, arg)| Arg::new(arg, i)).collect();
        let (conditional, attrs) = method.attrs.iter().cloned().partition(is_conditional_event);
        Self {
            ident,
            conditional,
            attrs,
            has_body: method.default.is_some(),
            name,
            aliases: own.aliases.into_iter().map(Name::from).collect(),
            args,
            ack: Ack::of(&sig, options.plain_acks, &own.stream),
            run: Run { serial: own.serial, cancel_on_disconnect: own.cancel_on_disconnect },
            stream: own.stream,
            usable: true,
            sig,
        }
    }

    /// The attributes that go onto everything generated from the event.
    pub(crate) fn shared_attrs(&self) -> impl Iterator<Item = &Attribute> {
        const SHARED: [&str; 4] = ["doc", "deprecated", "cfg", "cfg_attr"];
        self.attrs.iter().filter(|attr| SHARED.iter().any(|name| attr.path().is_ident(name)))
    }

    pub(crate) fn cfgs(&self) -> impl Iterator<Item = &Attribute> {
        self.attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
    }

    pub(crate) fn docs(&self) -> impl Iterator<Item = &Expr> {
        self.attrs.iter().filter_map(|attr| match &attr.meta {
            Meta::NameValue(doc) if doc.path.is_ident("doc") => Some(&doc.value),
            _ => None,
        })
    }

    /// The note of its `#[deprecated]`.
    pub(crate) fn deprecated(&self) -> Option<LitStr> {
        attr::deprecated(&self.attrs)
    }

    /// All names under which it is received.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Name> {
        std::iter::once(&self.name).chain(&self.aliases)
    }
}

fn is_conditional_event(attr: &Attribute) -> bool {
    let is_event = |token| matches!(token, TokenTree::Ident(name) if name == "event");
    match &attr.meta {
        Meta::List(list) => list.path.is_ident("cfg_attr") && list.tokens.clone().into_iter().any(is_event),
        _ => false,
    }
}

impl Name {
    fn derived(ident: &Ident, options: &EventsOptions) -> Self {
        let name = ident.unraw().to_string();
        let name = options.rename_all.map_or_else(|| name.clone(), |case| case.apply(&name));
        let prefix = options.prefix.as_ref().map(LitStr::value).unwrap_or_default();
        Self { value: prefix + &name, span: ident.span() }
    }
}

impl From<LitStr> for Name {
    fn from(lit: LitStr) -> Self {
        Self { value: lit.value(), span: lit.span() }
    }
}

impl Arg {
    fn new(arg: &FnArg, index: usize) -> Self {
        let (ident, ty) = match arg {
            FnArg::Typed(arg) => (binding(&arg.pat), (*arg.ty).clone()),
            FnArg::Receiver(_) => (None, syn::parse_quote!(())),
        };
        // A name that is missing is an error, and this stands in for it.
        let ident = ident.unwrap_or_else(|| format_ident!("arg{index}"));
        Self { shape: Shape::of(&ty), ident, ty }
    }

    /// Its name in messages and in generated code.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

/// The name in a pattern that is just a name.
pub(crate) fn binding(pat: &Pat) -> Option<Ident> {
    match pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => Some(pat.ident.clone()),
        _ => None,
    }
}

impl Ack {
    fn of(sig: &syn::Signature, plain: bool, options: &StreamOptions) -> Self {
        if let Some(stream) = Stream::of(&sig.output, options) {
            return Self::Stream(Box::new(stream));
        }
        match &sig.output {
            ReturnType::Default if sig.asyncness.is_none() => Self::None,
            ReturnType::Default => Self::Unit,
            ReturnType::Type(_, ty) => match (types::plain(ty), types::result(ty)) {
                (Type::Tuple(unit), _) if unit.elems.is_empty() => {
                    if sig.asyncness.is_some() {
                        Self::Unit
                    } else {
                        Self::None
                    }
                }
                (_, Some((ok, err))) if plain => Self::Either(ok.clone(), err.clone()),
                (_, Some((ok, err))) => Self::Envelope(ok.clone(), err.clone()),
                (ty, None) => Self::Plain(ty.clone()),
            },
        }
    }
}
