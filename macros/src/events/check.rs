//! The rules of a contract. All of them are checked, so that one build shows every mistake.

use quote::ToTokens;
use syn::{FnArg, GenericParam, Pat, ReceiverKind, ReturnType, TraitItem, Type};

use super::{
    enums,
    model::{Ack, Contract, Event, Name, binding},
    stream,
    types::{self, Foreign},
};
use crate::errors::Errors;

/// More than this is a struct that nobody has named yet.
const MAX_ARGS: usize = 16;

/// What socket.io 4.8 keeps for itself (`RESERVED_EVENTS` of server and client): a peer refuses to emit these.
const RESERVED: [&str; 6] = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

const GENERIC: &str =
    "events cannot be generic: the other side may be JavaScript; use a concrete type, an enum or `serde_json::Value`";
const RECEIVER: &str = "events take `&self`: several may run at once on one socket";
const LIFETIME: &str = "leave this lifetime out: what is borrowed lives as long as the handler runs";
const NAMELESS: &str = "name this argument: its name becomes the TypeScript parameter name";

pub(crate) fn check(contract: &mut Contract, errors: &mut Errors) {
    check_trait(contract, errors);
    for event in &mut contract.events {
        event.usable = check_signature(event, errors) & check_arguments(event, errors) & check_answer(event, errors);
        check_names(event, errors);
        check_attributes(event, errors);
    }
    check_duplicates(&contract.events, errors);
    enums::check(contract, errors);
}

fn check_trait(contract: &Contract, errors: &mut Errors) {
    let item = &contract.item;
    for param in &item.generics.params {
        errors.at(param, "event traits cannot be generic: every client needs one concrete wire type");
    }
    if let (true, Some(clause)) = (item.generics.params.is_empty(), &item.generics.where_clause) {
        errors.at(clause, "event traits have no `where` clause: they say nothing about the type that handles the events");
    }
    if !item.supertraits.is_empty() {
        errors.at(
            &item.supertraits,
            "event traits have no supertraits: put the events into this trait, or the bound where it is used",
        );
    }
    if let Some(token) = &item.unsafety {
        errors.at(token, "event traits are safe: remove `unsafe`");
    }
    if let Some(token) = &item.modifiers.auto_token {
        errors.at(token, "event traits are implemented by hand: remove `auto`");
    }
    for member in item.items.iter().filter(|member| !matches!(member, TraitItem::Fn(_))) {
        errors.at(member, "only methods are events");
    }
}

/// Whether emitters and handlers can be made of it.
fn check_signature(event: &Event, errors: &mut Errors) -> bool {
    let sig = &event.sig;
    for param in &sig.generics.params {
        errors.at(param, if matches!(param, GenericParam::Lifetime(_)) { LIFETIME } else { GENERIC });
    }
    if let (true, Some(clause)) = (sig.generics.params.is_empty(), &sig.generics.where_clause) {
        errors.at(clause, "events have no `where` clause: there is nothing generic in them");
    }
    for token in modifiers(sig) {
        errors.at(&token, format!("events are plain methods: remove `{token}`"));
    }
    if let Some(variadic) = &sig.variadic {
        errors.at(variadic, "events have a fixed number of arguments: take a `Vec`");
    }
    if event.has_body {
        errors.at(&sig.ident, "events have no default body: both sides would see another contract than the one that is written");
    }
    let shared = sig.receiver().is_some_and(|receiver| matches!(&receiver.kind, ReceiverKind::Reference(_, None, None)));
    match sig.receiver() {
        Some(receiver) if !shared => errors.at(receiver, RECEIVER),
        Some(_) => {}
        None => errors.at(&sig.ident, RECEIVER),
    }
    shared && sig.generics.params.is_empty()
}

fn modifiers(sig: &syn::Signature) -> impl Iterator<Item = proc_macro2::TokenStream> {
    let safety = (!matches!(sig.safety, syn::Safety::Default)).then(|| sig.safety.to_token_stream());
    let tokens = [sig.constness.map(ToTokens::into_token_stream), safety, sig.abi.as_ref().map(ToTokens::to_token_stream)];
    tokens.into_iter().flatten()
}

fn check_arguments(event: &Event, errors: &mut Errors) -> bool {
    let mut usable = event.args.len() <= MAX_ARGS;
    if let Some(arg) = event.args.get(MAX_ARGS) {
        let message = format!("an event has at most {MAX_ARGS} arguments, this has {}", event.args.len());
        errors.at(&arg.ident, message + ": put them into a `#[payload]` struct");
    }
    for arg in &event.sig.inputs {
        if let FnArg::Typed(arg) = arg {
            check_pattern(&arg.pat, errors);
            for attr in arg.attrs.iter().filter(|attr| attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")) {
                errors.at(attr, "an argument cannot be conditional: its place counts on the wire; put the `#[cfg]` on the event");
                usable = false;
            }
        }
    }
    for arg in &event.args {
        usable &= check_argument(&arg.ty, arg.shape.named(), errors);
    }
    usable
}

fn check_pattern(pat: &Pat, errors: &mut Errors) {
    match pat {
        Pat::Ident(pat) if pat.mutability.is_some() && pat.by_ref.is_none() => {
            errors.at(pat, format!("write `{}`: a contract has no bodies in which it could change", pat.ident));
        }
        pat if binding(pat).is_none() => errors.at(pat, NAMELESS),
        _ => {}
    }
}

/// `named` is the type without the reference that may be around all of it.
fn check_argument(ty: &Type, named: &Type, errors: &mut Errors) -> bool {
    if let Some(reference) = types::reference(ty) {
        if reference.mutability.is_some() {
            errors.at(reference, "an argument is borrowed as `&T`: a change would not travel back");
            return false;
        }
        if let Some(lifetime) = &reference.lifetime {
            errors.at(lifetime, LIFETIME);
            return false;
        }
    }
    match types::foreign(named.to_token_stream()) {
        Some((Foreign::Borrow, token)) => {
            errors.at(token, "borrow the whole argument or none of it: `&T`, `&str`, `&[T]` or an `Option` of these");
        }
        Some((kind, token)) => errors.at(token, foreign(&kind)),
        None => return true,
    }
    false
}

fn check_answer(event: &Event, errors: &mut Errors) -> bool {
    if let Some(usable) = stream::check(event, errors) {
        return usable;
    }
    if let (None, ReturnType::Type(..)) = (event.sig.asyncness, &event.sig.output)
        && !matches!(event.ack, Ack::None)
    {
        errors.at(&event.sig.output, "an event with a return value is acknowledged: write `async fn`");
    }
    let ReturnType::Type(_, ty) = &event.sig.output else { return true };
    if types::is_half_a_result(ty) {
        errors.at(ty, "write both types, `Result<T, E>`: the error is a part of the contract");
        return false;
    }
    match types::foreign(ty.to_token_stream()) {
        Some((Foreign::Borrow, token)) => errors.at(token, "an answer is owned: it outlives the handler that made it"),
        Some((kind, token)) => errors.at(token, foreign(&kind)),
        None => return true,
    }
    false
}

pub(super) fn foreign(kind: &Foreign) -> &'static str {
    match kind {
        Foreign::SelfType => "`Self` is the session that handles the event: it does not travel",
        _ => GENERIC,
    }
}

fn check_names(event: &Event, errors: &mut Errors) {
    for name in event.names() {
        if RESERVED.contains(&&*name.value) {
            errors.push(syn::Error::new(
                name.span,
                format!(
                    "`{}` is reserved by Socket.IO and is never delivered as an event; rename it with `#[event(rename = \"…\")]`",
                    name.value
                ),
            ));
        } else if name.value.is_empty() {
            errors.push(syn::Error::new(name.span, "the name of an event cannot be empty"));
        }
    }
}

/// `#[event]` is an attribute of ours: rustc would not know it behind a `cfg_attr`.
fn check_attributes(event: &Event, errors: &mut Errors) {
    for attr in &event.conditional {
        errors.at(attr, "`#[event]` cannot be conditional: both sides have to agree on it");
    }
}

/// Two events may share a name if `#[cfg]` keeps them apart, which only rustc knows.
fn check_duplicates(events: &[Event], errors: &mut Errors) {
    let mut seen = Vec::<(&Event, String)>::new();
    for event in events {
        for Name { value, span } in event.names_taken() {
            let clash =
                seen.iter().find(|(other, taken)| *taken == value && (other.ident == event.ident || !maybe_apart(other, event)));
            if let Some((other, value)) = clash {
                errors.push(syn::Error::new(span, duplicate(value, other, event)));
            }
            seen.push((event, value));
        }
    }
}

fn maybe_apart(a: &Event, b: &Event) -> bool {
    a.cfgs().next().is_some() || b.cfgs().next().is_some()
}

fn duplicate(name: &str, first: &Event, second: &Event) -> String {
    if let Some(message) = stream::duplicate(name, first, second) {
        message
    } else if std::ptr::eq(first, second) {
        format!("`{name}` is given twice to `{}`", first.ident)
    } else {
        format!(
            "`{name}` is the name of two events, `{}` and `{}`: rename one with `#[event(rename = \"…\")]`",
            first.ident, second.ident
        )
    }
}
