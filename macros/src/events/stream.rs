//! `#[event(stream)]`: what is read off the return type, its rules, and the parts of the expansion that are not those of other events.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{AssocType, GenericArgument, Path, PathArguments, ReturnType, Type, TypeParamBound};

use super::{
    check::foreign,
    model::{Ack, Event, Name},
    types::{self, Foreign},
};
use crate::{
    attr::{StreamOptions, ends, ours, through},
    errors::Errors,
};

/// What the names of the events that a stream consists of end with, behind its own name.
const SUFFIXES: [&str; 3] = [":next", ":end", ":stop"];

/// The items of a stream.
pub(crate) struct Stream {
    /// `futures::Stream<Item = …>`, as the user wrote it.
    bound: Path,
    item: Type,
    value: Type,
    error: Option<Type>,
    window: Option<u32>,
    latest: bool,
}

impl Stream {
    /// The stream that this is, whether it is said to be one or not.
    pub(crate) fn of(output: &ReturnType, options: &StreamOptions) -> Option<Self> {
        let bound = bound(output)?;
        let item = item(bound)?;
        let (value, error) = match types::result(item) {
            Some((value, error)) => (value, Some(error.clone())),
            None => (item, None),
        };
        Some(Self {
            bound: bound.clone(),
            item: item.clone(),
            value: value.clone(),
            error,
            window: options.window.as_ref().and_then(|window| window.base10_parse().ok()),
            latest: options.overflow.as_ref().is_some_and(|policy| policy.value() == "latest"),
        })
    }

    /// The types of a subscription's item and error.
    fn parts(&self, krate: &Path) -> (TokenStream, TokenStream) {
        let never = || quote_spanned!(ours()=> #krate::Never);
        (self.value.to_token_stream(), self.error.as_ref().map_or_else(never, ToTokens::to_token_stream))
    }

    /// What the runtime has to know of it.
    fn source(&self, krate: &Path, event: &Event) -> TokenStream {
        let wire = through(krate, "Wire", &self.value);
        let names = event.names().map(|Name { value, .. }| {
            let [next, end, stop] = SUFFIXES.map(|suffix| format!("{value}{suffix}"));
            quote_spanned! {ours()=>
                #krate::__private::StreamNames { event: #value, next: #next, end: #end, stop: #stop }
            }
        });
        let window = window(self.window);
        let latest = self.latest;
        let arguments = quote_spanned!(ours()=> &[#(#names),*], #window, #latest);
        let Some(error) = &self.error else { return quote_spanned!(ours()=> #wire::stream(#arguments)) };
        let (start, end) = ends(error);
        let (head, tail) = (quote_spanned!(start=> ::try_stream::<), quote_spanned!(end=> >(#arguments)));
        quote!(#wire #head #error #tail)
    }

    /// The variant of the runtime's `AckKind`.
    pub(crate) fn kind(&self) -> TokenStream {
        let window = window(self.window);
        quote_spanned!(ours()=> Stream { window: #window })
    }

    /// What its items are, and its error, for the code generator.
    pub(crate) fn described(&self) -> (&Type, Option<&Type>) {
        (&self.value, self.error.as_ref())
    }

    /// What a method of the trait returns.
    pub(crate) fn output(&self, krate: &Path) -> TokenStream {
        let item = &self.item;
        quote_spanned!(ours()=> impl #krate::__private::Streamed<Item = #item> + ::core::marker::Send)
    }

    /// The rest of an emitter's method: its return type, its bounds and what it does with `body`.
    pub(crate) fn emit(&self, krate: &Path, event: &Event, target: &Ident) -> (TokenStream, TokenStream, TokenStream) {
        let ((value, error), source) = (self.parts(krate), self.source(krate, event));
        (
            quote_spanned!(ours()=> <#target as #krate::__private::ToOne>::Stream<#value, #error>),
            quote_spanned!(ours()=> where #target: #krate::__private::ToOne),
            quote_spanned!(ours()=> #krate::__private::ToOne::subscribe(self.0, body, #source)),
        )
    }

    /// The bound of what a registrar's closure returns, and how it is registered.
    pub(crate) fn on(&self, krate: &Path, event: &Event, decoder: &Ident) -> (TokenStream, TokenStream) {
        // The one place where the user's own path stands, which was imported for nothing else.
        let (bound, source) = (&self.bound, self.source(krate, event));
        (
            quote_spanned!(ours()=> #bound + ::core::marker::Send + 'static),
            quote_spanned!(ours()=> on_stream(f, Self::#decoder, #source)),
        )
    }

    /// What the arm of a dispatch does once `handler` and the arguments are there; `call` makes the stream.
    pub(crate) fn handle(&self, krate: &Path, event: &Event, call: &TokenStream) -> TokenStream {
        let source = self.source(krate, event);
        quote_spanned! {ours()=>
            reply.stream(event, #source, move |feed| async move { feed.run(::core::pin::pin!(#call)).await })
        }
    }

    /// The arm for subscribers that have had enough.
    pub(crate) fn stop_arm(event: &Event) -> TokenStream {
        let (cfgs, names) = (event.cfgs(), event.names().map(|name| format!("{}:stop", name.value)));
        quote_spanned!(ours()=> #(#cfgs)* #(#names)|* => reply.stop(args)?,)
    }
}

fn window(window: Option<u32>) -> TokenStream {
    window.map_or_else(
        || quote_spanned!(ours()=> ::core::option::Option::None),
        |n| quote_spanned!(ours()=> ::core::option::Option::Some(#n)),
    )
}

impl Event {
    /// Its names, and those of the events that a stream consists of beside.
    pub(crate) fn names_taken(&self) -> Vec<Name> {
        let mut taken = Vec::new();
        for Name { value, span } in self.names() {
            taken.push(Name { value: value.clone(), span: *span });
            if matches!(self.ack, Ack::Stream(_)) {
                taken.extend(SUFFIXES.map(|suffix| Name { value: format!("{value}{suffix}"), span: *span }));
            }
        }
        taken
    }

    fn consists_of(&self, name: &str) -> bool {
        matches!(self.ack, Ack::Stream(_)) && self.names().all(|own| own.value != name)
    }
}

/// Says whose event it is if the name was not written by anybody.
pub(super) fn duplicate(name: &str, first: &Event, second: &Event) -> Option<String> {
    let (stream, other) = match (first.consists_of(name), second.consists_of(name)) {
        (true, _) => (first, second),
        (_, true) => (second, first),
        _ => return None,
    };
    Some(format!(
        "`{name}` is an event that the stream `{}` consists of, and a name of `{}`: rename one with `#[event(rename = \"…\")]`",
        stream.ident, other.ident
    ))
}

const NOT_SAID: &str = "an event that returns a stream is subscribed to: write `#[event(stream)]` above it";
const NO_STREAM: &str = "a stream returns `impl Stream<Item = T>`, or `impl Stream<Item = Result<T, E>>` if it may fail";
const ASYNC: &str = "the method of a stream is a plain `fn`: what it has to wait for, the stream itself can wait for";
const SERIAL: &str = "a stream waits for no other: leave `serial` out";
const CANCEL: &str = "a stream always ends with its connection: leave `cancel_on_disconnect` out";
const BOUNDS: &str =
    "write `impl Stream<Item = T>` and nothing else: it is `Send` in any case, and lives as long as its subscription";

/// The rules of streams; `None` if the event is none and is not meant to be. Otherwise, whether emitters and handlers can be made of it.
pub(super) fn check(event: &Event, errors: &mut Errors) -> Option<bool> {
    let said = event.stream.stream.is_some();
    let returned = match &event.sig.output {
        ReturnType::Type(_, ty) => Some(&**ty).filter(|ty| is_stream(ty)),
        ReturnType::Default => None,
    };
    check_options(&event.stream, errors);
    for (wrong, message) in [(event.run.serial, SERIAL), (event.run.cancel_on_disconnect, CANCEL)] {
        if let (true, Some(span)) = (wrong, event.stream.stream) {
            errors.push(syn::Error::new(span, message));
        }
    }
    match (said, returned) {
        (false, None) => return None,
        (false, Some(ty)) => errors.at(ty, NOT_SAID),
        (true, _) => check_return(event, errors),
    }
    if let (Some(token), Some(_)) = (&event.sig.asyncness, returned) {
        errors.at(token, ASYNC);
    }
    let Ack::Stream(stream) = &event.ack else { return Some(false) };
    Some(check_item(&stream.item, errors))
}

fn check_options(options: &StreamOptions, errors: &mut Errors) {
    let StreamOptions { stream, window, overflow } = options;
    if let Some(window) = window {
        match window.base10_parse::<u32>() {
            Ok(0) => errors.at(window, "a window of no items lets none through: it is at least 1"),
            Ok(_) => {}
            Err(e) => errors.at(window, format!("a window is a number of items: {e}")),
        }
    }
    if let Some(policy) = overflow.as_ref().filter(|policy| !["wait", "latest"].contains(&&*policy.value())) {
        errors.at(policy, "unknown policy: expected one of \"wait\", \"latest\"");
    }
    let alone = window.iter().map(|window| ("window", window.span())).chain(overflow.iter().map(|o| ("overflow", o.span())));
    for (name, span) in alone.filter(|_| stream.is_none()) {
        errors.push(syn::Error::new(span, format!("`{name}` is an option of streams: write `#[event(stream, {name} = …)]`")));
    }
}

fn check_return(event: &Event, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = &event.sig.output else { return errors.at(&event.sig.ident, NO_STREAM) };
    let Type::ImplTrait(of) = types::plain(ty) else { return errors.at(ty, NO_STREAM) };
    let Some(bound) = bound(&event.sig.output) else { return errors.at(ty, NO_STREAM) };
    if item(bound).is_none() {
        errors.at(bound, "say what the stream yields: `impl Stream<Item = T>`");
    }
    let send = |path: &Path| path.segments.last().is_some_and(|last| last.ident == "Send");
    for other in &of.bounds {
        match other {
            TypeParamBound::Trait(other) if other.path == *bound || send(&other.path) => {}
            other => errors.at(other, BOUNDS),
        }
    }
}

fn check_item(item: &Type, errors: &mut Errors) -> bool {
    if types::is_half_a_result(item) {
        errors.at(item, "write both types, `Result<T, E>`: the error is a part of the contract");
        return false;
    }
    match types::foreign(item.to_token_stream()) {
        Some((Foreign::Borrow, token)) => errors.at(token, "an item is owned: it outlives the stream's next step"),
        Some((kind, token)) => errors.at(token, foreign(&kind)),
        None => return true,
    }
    false
}

/// `impl Stream` as far as one can tell, also where it would have to be written otherwise.
fn is_stream(ty: &Type) -> bool {
    match types::plain(ty) {
        Type::ImplTrait(of) => of.bounds.iter().any(|bound| stream_bound(bound).is_some()),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "BoxStream"),
        _ => false,
    }
}

fn bound(output: &ReturnType) -> Option<&Path> {
    let ReturnType::Type(_, ty) = output else { return None };
    match types::plain(ty) {
        Type::ImplTrait(of) => of.bounds.iter().find_map(stream_bound),
        _ => None,
    }
}

fn stream_bound(bound: &TypeParamBound) -> Option<&Path> {
    match bound {
        TypeParamBound::Trait(bound) if bound.path.segments.last().is_some_and(|last| last.ident == "Stream") => {
            Some(&bound.path)
        }
        _ => None,
    }
}

/// The `T` of `Stream<Item = T>`.
fn item(bound: &Path) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &bound.segments.last()?.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(AssocType { ident, ty, .. }) if ident == "Item" => Some(ty),
        _ => None,
    })
}
