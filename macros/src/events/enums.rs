//! `#[events(enum)]`: the events as values of an enum, for those who take them in a loop and not in handlers.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::ext::IdentExt;

use super::{
    expand::{Names, decoder},
    model::{Ack, Contract, Event},
};
use crate::{
    attr::{EnumOption, ours},
    case::Case,
    errors::Errors,
};

/// The field that answers.
const REPLY: &str = "reply";
/// The registrar's method that makes a stream of the enum.
const EVENTS: &str = "events";

/// The enum's name: the option's, or one that is derived from the trait's.
pub(super) fn name(option: Option<EnumOption>, item: &Ident) -> Option<Ident> {
    Some(option?.name.unwrap_or_else(|| format_ident!("{item}Event")))
}

/// What is a mistake only because there is an enum.
pub(super) fn check(contract: &Contract, errors: &mut Errors) {
    if contract.event_enum.is_none() {
        return;
    }
    for (i, event) in contract.events.iter().enumerate().filter(|(_, event)| is_variant(event)) {
        if event.ident.unraw() == EVENTS {
            let message = "`events` is the method that makes a stream of the enum: name this one otherwise, and the event with \
                 `#[event(rename = \"events\")]`";
            errors.at(&event.ident, message);
        }
        if let Some(arg) = event.args.iter().find(|arg| takes_the_reply(event, &arg.ident)) {
            let message = "`reply` is the field of the enum that answers the event: name this argument otherwise";
            errors.at(&arg.ident, message);
        }
        if let Some(other) = contract.events[..i].iter().find(|other| clash(other, event)) {
            let message = format!(
                "`{}` and `{}` are one variant of the enum, `{}`: rename one of the methods",
                other.ident,
                event.ident,
                variant(event)
            );
            errors.at(&event.ident, message);
        }
    }
}

/// A stream is no value: it is what somebody makes for whoever subscribes.
fn is_variant(event: &Event) -> bool {
    !matches!(event.ack, Ack::Stream(_))
}

fn takes_the_reply(event: &Event, arg: &Ident) -> bool {
    !matches!(event.ack, Ack::None) && arg.unraw() == REPLY
}

/// Methods of one name are rustc's to report.
fn clash(first: &Event, second: &Event) -> bool {
    let apart = !is_variant(first) || first.cfgs().next().is_some() || second.cfgs().next().is_some();
    variant(first) == variant(second) && first.ident != second.ident && !apart
}

fn variant(event: &Event) -> Ident {
    let name = Case::Pascal.apply(&event.ident.unraw().to_string());
    let name = match &*name {
        "Self" | "" => format!("{name}_"),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("_{name}"),
        _ => name,
    };
    Ident::new(&name, event.ident.span())
}

impl Names<'_> {
    /// The events that are variants: those that are usable, and were not reported above.
    fn variants(&self) -> impl Iterator<Item = (Ident, &Event)> {
        let mut seen = Vec::<&Event>::new();
        self.usable().filter(|event| is_variant(event)).filter_map(move |event| {
            let clashes = seen.iter().any(|other| clash(other, event));
            seen.push(event);
            let sound = !clashes && !event.args.iter().any(|arg| takes_the_reply(event, &arg.ident));
            sound.then(|| (variant(event), event))
        })
    }

    /// The enum and what fills a stream of it; nothing without the option.
    pub(super) fn event_enum(&self) -> Option<TokenStream> {
        let name = self.contract.event_enum.as_ref()?;
        let Self { krate, ident, vis, .. } = self;
        let doc = format!(" An event of [`{ident}`] that has arrived: what `on().events(…)` yields.");
        let variants = self.variants().map(|(variant, event)| self.variant(&variant, event));
        let (debug, forward) = (self.debug(name), self.forward(name));
        Some(quote_spanned! {ours()=>
            #[doc = #doc]
            #[allow(dead_code, missing_docs, clippy::large_enum_variant)]
            #vis enum #name {
                #(#variants,)*
            }

            #debug

            #[automatically_derived]
            #[allow(deprecated)]
            impl #krate::__private::EventEnum for dyn #ident {
                type Event = #name;
                fn forward(registry: &#krate::__private::Registry, to: &#krate::__private::EventSink<#name>) {
                    #forward
                }
            }
        })
    }

    fn variant(&self, variant: &Ident, event: &Event) -> TokenStream {
        let (krate, attrs) = (self.krate, event.shared_attrs());
        let args = event.args.iter().map(|arg| {
            let (ident, ty) = (&arg.ident, arg.shape.owned());
            quote_spanned!(ours()=> #ident: #ty)
        });
        let reply = match &event.ack {
            Ack::None => None,
            ack => {
                let (reply, output) = (Ident::new(REPLY, event.ident.span()), ack.output());
                Some(quote_spanned!(ours()=> #reply: #krate::Ack<#output>))
            }
        };
        let fields = args.chain(reply).collect::<Vec<_>>();
        let fields = (!fields.is_empty()).then(|| quote_spanned!(ours()=> { #(#fields),* }));
        quote_spanned!(ours()=> #(#attrs)* #variant #fields)
    }

    /// `Debug` without a bound on anybody's type: a value that cannot be shown is left out.
    fn debug(&self, name: &Ident) -> TokenStream {
        let krate = self.krate;
        let arms = self.variants().map(|(variant, event)| {
            let (cfgs, label) = (event.cfgs(), variant.to_string());
            let idents = event.args.iter().map(|arg| &arg.ident).collect::<Vec<_>>();
            let labels = event.args.iter().map(super::model::Arg::name);
            quote_spanned! {ours()=>
                #(#cfgs)*
                Self::#variant { #(ref #idents,)* .. } => f.debug_struct(#label)
                    #(.field(#labels, (&#krate::__private::Show(#idents)).show()))*
                    .finish(),
            }
        });
        quote_spanned! {ours()=>
            #[automatically_derived]
            #[allow(deprecated, unused_imports, unused_variables)]
            impl ::core::fmt::Debug for #name {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    use #krate::__private::{ShowDebug as _, ShowNothing as _};
                    match *self {
                        #(#arms)*
                    }
                }
            }
        }
    }

    fn forward(&self, name: &Ident) -> TokenStream {
        let Self { krate, on, .. } = self;
        let calls = self.variants().map(|(variant, event)| {
            let (cfgs, decoder) = (event.cfgs(), decoder(event));
            let names = event.names().map(|name| &name.value);
            let run = event.run.expand(krate).unwrap_or_else(|| quote_spanned!(ours()=> #krate::__private::Run::new()));
            let args = event.args.iter().map(|arg| &arg.ident).collect::<Vec<_>>();
            let common = quote_spanned!(ours()=> #run, &[#(#names),*], to, <#on<'_>>::#decoder);
            let call = if let Ack::None = event.ack {
                quote_spanned!(ours()=> tell(#common, |(#(#args,)*)| #name::#variant { #(#args),* }))
            } else {
                let (reply, write) = (Ident::new(REPLY, event.ident.span()), event.ack.writer(krate));
                quote_spanned!(ours()=> ask(#common, #write, |(#(#args,)*), #reply| #name::#variant { #(#args,)* #reply }))
            };
            quote_spanned!(ours()=> #(#cfgs)* { registry.#call; })
        });
        quote_spanned!(ours()=> #(#calls)*)
    }

    /// The registrar's method that makes a stream of the enum.
    pub(super) fn events_method(&self) -> Option<TokenStream> {
        if self.contract.events.iter().any(|event| event.ident.unraw() == EVENTS) {
            return None;
        }
        let Self { krate, ident, vis, .. } = self;
        let method = Ident::new(EVENTS, ident.span());
        let Some(name) = &self.contract.event_enum else {
            // Its bound says what is missing, where rustc would say that there is no such method.
            let event = self.param("E");
            return Some(quote_spanned! {ours()=>
                #[doc(hidden)]
                #vis fn #method<#event>(self, capacity: usize) -> #krate::EventStream<#event>
                where
                    dyn #ident: #krate::__private::EnumOf<#event>,
                {
                    <dyn #ident as #krate::__private::EnumOf<#event>>::stream(self.0, capacity)
                }
            });
        };
        let doc = format!(
            " All events as values of [`{name}`], in the order of arrival. Up to `capacity` of them wait to be taken; more are dropped and \
             reported. A closure that is registered later for an event takes it out of the stream."
        );
        Some(quote_spanned! {ours()=>
            #[doc = #doc]
            #vis fn #method(self, capacity: usize) -> #krate::EventStream<#name> {
                let (sink, stream) = #krate::__private::event_stream(capacity);
                <dyn #ident as #krate::__private::EventEnum>::forward(self.0, &sink);
                stream
            }
        })
    }
}
