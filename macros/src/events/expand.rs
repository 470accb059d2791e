//! What a contract becomes: the trait, an emitter, a registrar, and `dyn Trait` as the name of the set.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{FnArg, Path, Visibility, ext::IdentExt};

use super::model::{Ack, Contract, Event, Run};
use crate::attr::{self, mentions, ours, through};

/// Everything around the events: shared by the parts of the expansion.
pub(super) struct Names<'a> {
    pub(super) contract: &'a Contract,
    pub(super) krate: &'a Path,
    pub(super) ident: &'a Ident,
    pub(super) vis: &'a Visibility,
    emit: Ident,
    pub(super) on: Ident,
}

pub(crate) fn expand(contract: &Contract) -> TokenStream {
    let ident = &contract.item.ident;
    let names = Names {
        contract,
        krate: &contract.krate,
        ident,
        vis: &contract.item.vis,
        emit: format_ident!("{ident}Emit"),
        on: format_ident!("{ident}On"),
    };
    let item = names.item();
    if !contract.item.generics.params.is_empty() {
        // `dyn Trait` alone names no type.
        return item;
    }
    let (emitter, registrar, events, dispatch) = (names.emitter(), names.registrar(), names.events(), names.dispatch());
    let event_enum = names.event_enum();
    quote!(#item #emitter #registrar #events #dispatch #event_enum)
}

impl Names<'_> {
    pub(super) fn usable(&self) -> impl Iterator<Item = &Event> {
        self.contract.events.iter().filter(|event| event.usable)
    }

    /// A name for a generic parameter: the natural one, unless the user has a type of that name.
    pub(super) fn param(&self, name: &str) -> Ident {
        let mut name = Ident::new(name, ours());
        while self.contract.events.iter().any(|event| mentions(event.sig.to_token_stream(), &name)) || *self.ident == name {
            name = format_ident!("{name}_", span = ours());
        }
        name
    }

    fn item(&self) -> TokenStream {
        let syn::ItemTrait { attrs, vis, ident, generics, .. } = &self.contract.item;
        // Without parameters it is a mistake, and would be another one in what is generated.
        let where_clause = generics.where_clause.as_ref().filter(|_| !generics.params.is_empty());
        let methods = self.contract.events.iter().map(|event| self.method(event));
        quote_spanned! {ours()=>
            #(#attrs)*
            #[allow(clippy::too_many_arguments)]
            #vis trait #ident #generics #where_clause {
                #(#methods)*
            }
        }
    }

    fn method(&self, event: &Event) -> TokenStream {
        let krate = self.krate;
        let Event { attrs, ident, sig, .. } = event;
        let generics = &sig.generics;
        let clause = generics.where_clause.as_ref().filter(|_| !generics.params.is_empty()).map(|clause| &clause.predicates);
        let receiver = sig.receiver().map(|receiver| syn::Receiver { mutability: None, ..receiver.clone() });
        let typed = sig.inputs.iter().filter_map(|arg| match arg {
            FnArg::Typed(arg) => Some(&arg.attrs),
            FnArg::Receiver(_) => None,
        });
        let args = typed.zip(&event.args).map(|(attrs, arg)| {
            let (ident, ty) = (&arg.ident, &arg.ty);
            quote!(#(#attrs)* #ident: #ty)
        });
        let inputs = receiver.map(ToTokens::into_token_stream).into_iter().chain(args);
        let output = match &event.ack {
            Ack::Stream(stream) => stream.output(krate),
            ack => {
                let output = ack.output();
                quote_spanned!(ours()=> impl #krate::__private::Handled<Output = #output> + ::core::marker::Send)
            }
        };
        let clause = clause.filter(|clause| !clause.is_empty()).map(|clause| quote!(, #clause));
        quote_spanned! {ours()=>
            #(#attrs)*
            fn #ident #generics (#(#inputs),*) -> #output
            where
                Self: ::core::marker::Sized #clause;
        }
    }

    fn emitter(&self) -> TokenStream {
        let Self { krate, ident, vis, emit, .. } = self;
        let target = self.param("T");
        let doc = format!(" Emits the events of [`{ident}`].");
        let methods = self.usable().map(|event| self.emit_method(event, &target));
        quote_spanned! {ours()=>
            #[doc = #doc]
            #[must_use = "an emitter sends nothing until one of its methods is called"]
            #[allow(dead_code, missing_debug_implementations)]
            #vis struct #emit<#target>(#target);

            #[automatically_derived]
            #[allow(dead_code, missing_docs, deprecated, clippy::too_many_arguments)]
            impl<#target: #krate::__private::Target> #emit<#target> {
                #(#methods)*
            }
        }
    }

    fn emit_method(&self, event: &Event, target: &Ident) -> TokenStream {
        let Self { krate, vis, .. } = self;
        let (attrs, ident, name) = (event.shared_attrs(), &event.ident, &event.name.value);
        let params = event.args.iter().map(|arg| {
            let (ident, ty) = (&arg.ident, &arg.ty);
            quote!(#ident: #ty)
        });
        let puts = event.args.iter().map(|arg| {
            let put = arg.shape.encode(krate, &arg.ident);
            quote_spanned!(ours()=> let body = #put;)
        });
        let (output, bounds, call) = match &event.ack {
            Ack::None => (
                quote_spanned!(ours()=> #target::Sent),
                TokenStream::new(),
                quote_spanned!(ours()=> #krate::__private::Target::send(self.0, body)),
            ),
            Ack::Stream(stream) => stream.emit(krate, event, target),
            ack => {
                let ((value, error), decode) = (ack.parts(krate), ack.decoder(krate));
                (
                    quote_spanned!(ours()=> #target::Call<#value, #error>),
                    TokenStream::new(),
                    quote_spanned!(ours()=> #krate::__private::Target::call(self.0, body, #decode)),
                )
            }
        };
        quote_spanned! {ours()=>
            #(#attrs)*
            #vis fn #ident(self, #(#params),*) -> #output #bounds {
                let body = #krate::__private::Body::event(#name);
                #(#puts)*
                #call
            }
        }
    }

    fn registrar(&self) -> TokenStream {
        let Self { krate, ident, vis, on, .. } = self;
        let doc = format!(" Registers closures for the events of [`{ident}`].");
        let (closure, future) = (self.param("F"), self.param("R"));
        let methods = self.usable().map(|event| self.on_method(event, &closure, &future)).chain(self.events_method());
        quote_spanned! {ours()=>
            #[doc = #doc]
            #[allow(dead_code, missing_debug_implementations)]
            #vis struct #on<'a>(&'a #krate::__private::Registry);

            #[automatically_derived]
            #[allow(dead_code, missing_docs, deprecated)]
            impl #on<'_> {
                #(#methods)*
            }
        }
    }

    fn on_method(&self, event: &Event, closure: &Ident, future: &Ident) -> TokenStream {
        let Self { krate, vis, .. } = self;
        let (attrs, ident, decoder) = (event.shared_attrs(), &event.ident, decoder(event));
        let types = event.args.iter().map(|arg| arg.shape.owned());
        let decode = self.decode(event, &decoder);
        let (bound, register) = if let Ack::Stream(stream) = &event.ack {
            stream.on(krate, event, &decoder)
        } else {
            let names = event.names().map(|name| &name.value);
            let (output, write) = (event.ack.output(), event.ack.writer(krate));
            let handler = quote_spanned!(ours()=> &[#(#names),*], f, Self::#decoder, #write);
            let run = event.run.expand(krate);
            (
                quote_spanned!(ours()=> ::core::future::Future<Output = #output> + ::core::marker::Send + 'static),
                run.map_or_else(|| quote_spanned!(ours()=> on(#handler)), |run| quote_spanned!(ours()=> on_run(#run, #handler))),
            )
        };
        quote_spanned! {ours()=>
            #(#attrs)*
            #vis fn #ident<#closure, #future>(self, f: #closure) -> Self
            where
                #closure: ::core::ops::FnOnce(#(#types),*) -> #future
                    + ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static,
                #future: #bound,
            {
                self.0.#register;
                self
            }

            #decode
        }
    }

    /// The function that decodes the arguments, for a closure and for a method alike.
    fn decode(&self, event: &Event, name: &Ident) -> TokenStream {
        let krate = self.krate;
        let cfgs = event.cfgs();
        let types = event.args.iter().map(|arg| arg.shape.owned());
        let values = event.args.iter().map(|arg| arg.shape.decode(krate, &arg.name()));
        quote_spanned! {ours()=>
            #(#cfgs)*
            fn #name(
                args: &mut #krate::__private::Args<'_>,
            ) -> ::core::result::Result<(#(#types,)*), #krate::__private::ArgError> {
                let values = (#(#values,)*);
                args.finish()?;
                ::core::result::Result::Ok(values)
            }
        }
    }

    fn events(&self) -> TokenStream {
        let Self { krate, ident, emit, on, .. } = self;
        let target = self.param("T");
        let metas = self.usable().map(|event| self.meta(event));
        let descriptions = self.usable().map(|event| self.describe(event));
        quote_spanned! {ours()=>
            #[automatically_derived]
            impl #krate::__private::SomeEvents for dyn #ident {}

            #[automatically_derived]
            impl #krate::Events for dyn #ident {
                const EVENTS: &'static [#krate::__private::EventMeta] = &[#(#metas),*];
                type Emit<#target: #krate::__private::Target> = #emit<#target>;
                fn emit<#target: #krate::__private::Target>(target: #target) -> #emit<#target> {
                    #emit(target)
                }
                type On<'a> = #on<'a>;
                fn on(registry: &#krate::__private::Registry) -> #on<'_> {
                    #on(registry)
                }
                #krate::__if_codegen! { {
                    fn describe(describer: &mut #krate::__private::Describer) {
                        #(#descriptions)*
                    }
                } else {} }
            }
        }
    }

    fn meta(&self, event: &Event) -> TokenStream {
        let krate = self.krate;
        let (cfgs, name, docs) = (event.cfgs(), &event.name.value, event.docs());
        let aliases = event.aliases.iter().map(|alias| &alias.value);
        let args = event.args.iter().map(super::model::Arg::name);
        let ack = event.ack.kind();
        let deprecated = event.deprecated().map_or_else(
            || quote_spanned!(ours()=> ::core::option::Option::None),
            |note| quote_spanned!(ours()=> ::core::option::Option::Some(#note)),
        );
        quote_spanned! {ours()=>
            #(#cfgs)*
            #krate::__private::EventMeta {
                name: #name,
                aliases: &[#(#aliases),*],
                ack: #krate::__private::AckKind::#ack,
                args: &[#(#krate::__private::ArgMeta { name: #args }),*],
                docs: &[#(#docs),*],
                deprecated: #deprecated,
            }
        }
    }

    fn describe(&self, event: &Event) -> TokenStream {
        let krate = self.krate;
        let (cfgs, name) = (event.cfgs(), &event.name.value);
        let args = event.args.iter().map(|arg| arg.shape.describe(krate, &arg.name()));
        let through = |ty, method| {
            let (wire, method) = (through(krate, "Wire", ty), Ident::new(method, ours()));
            quote_spanned!(ours()=> #wire::#method(event))
        };
        let (answer, error) = match &event.ack {
            Ack::None => (None, None),
            Ack::Unit => (Some(quote_spanned!(ours()=> event.answer::<()>())), None),
            Ack::Plain(value) => (Some(through(value, "describe_answer")), None),
            Ack::Envelope(value, error) | Ack::Either(value, error) => {
                (Some(through(value, "describe_answer")), Some(through(error, "describe_error")))
            }
            Ack::Stream(stream) => {
                let (item, error) = stream.described();
                (Some(through(item, "describe_answer")), error.map(|error| through(error, "describe_error")))
            }
        };
        let steps = args.chain(answer).chain(error);
        quote_spanned!(ours()=> #(#cfgs)* { let event = describer.event(#name); #(let event = #steps;)* let _ = event; })
    }

    fn dispatch(&self) -> TokenStream {
        let Self { krate, ident, .. } = self;
        let handler = self.param("H");
        let arms = self.usable().map(|event| self.arm(event, &handler));
        quote_spanned! {ours()=>
            #[automatically_derived]
            #[allow(deprecated, unreachable_code, unreachable_patterns, unused_variables)]
            impl<#handler: #ident + ::core::marker::Send + ::core::marker::Sync + 'static> #krate::__private::Dispatch<#handler>
                for dyn #ident
            {
                fn dispatch(
                    handler: &::std::sync::Arc<#handler>,
                    event: &str,
                    args: &mut #krate::__private::Args<'_>,
                    reply: #krate::__private::Reply,
                ) -> ::core::result::Result<::core::option::Option<#krate::__private::Handling>, #krate::__private::ArgError> {
                    let handling: #krate::__private::Handling = match event {
                        #(#arms)*
                        _ => return ::core::result::Result::Ok(::core::option::Option::None),
                    };
                    ::core::result::Result::Ok(::core::option::Option::Some(handling))
                }
            }
        }
    }

    fn arm(&self, event: &Event, handler: &Ident) -> TokenStream {
        let (cfgs, ident) = (event.cfgs(), &event.ident);
        let (trait_ident, names) = (self.ident, event.names().map(|name| &name.value));
        let args = event.args.iter().map(|arg| arg.shape.lend(&arg.ident));
        let (on, decoder, names_of_args) = (&self.on, decoder(event), event.args.iter().map(|arg| &arg.ident));
        let call = quote_spanned!(ours()=> <#handler as #trait_ident>::#ident(&handler, #(#args),*));
        let (handle, stop) = if let Ack::Stream(stream) = &event.ack {
            (stream.handle(self.krate, event, &call), Some(super::stream::Stream::stop_arm(event)))
        } else {
            let (krate, write) = (self.krate, event.ack.writer(self.krate));
            let run = event.run.expand(krate).map(|run| quote_spanned!(ours()=> .run(#run)));
            let work = quote_spanned!(ours()=> async move { #write(reply, &#call.await) });
            (quote_spanned!(ours()=> #krate::__private::Handling::new(#work)#run), None)
        };
        quote_spanned! {ours()=>
            #(#cfgs)*
            #(#names)|* => {
                let (#(#names_of_args,)*) = <#on<'_>>::#decoder(args)?;
                let handler = ::core::clone::Clone::clone(handler);
                #handle
            }
            #stop
        }
    }
}

impl Run {
    /// The runtime's `Run`; none if there is nothing particular to it.
    pub(super) fn expand(self, krate: &Path) -> Option<TokenStream> {
        if !self.serial && !self.cancel_on_disconnect {
            return None;
        }
        let serial = self.serial.then(|| quote_spanned!(ours()=> .serial()));
        let cancel = self.cancel_on_disconnect.then(|| quote_spanned!(ours()=> .cancel_on_disconnect()));
        Some(quote_spanned!(ours()=> #krate::__private::Run::new()#serial #cancel))
    }
}

impl Ack {
    /// The type that a handler's future yields.
    pub(super) fn output(&self) -> TokenStream {
        match self {
            Self::None | Self::Unit => quote_spanned!(ours()=> ()),
            Self::Plain(value) => value.to_token_stream(),
            Self::Envelope(value, error) | Self::Either(value, error) => {
                quote_spanned!(ours()=> ::core::result::Result<#value, #error>)
            }
            // Has words of its own wherever this is asked for.
            Self::Stream(_) => TokenStream::new(),
        }
    }

    /// The types of a call's value and error.
    fn parts(&self, krate: &Path) -> (TokenStream, TokenStream) {
        match self {
            Self::None | Self::Unit | Self::Stream(_) => (quote_spanned!(ours()=> ()), quote_spanned!(ours()=> #krate::Never)),
            Self::Plain(value) => (value.to_token_stream(), quote_spanned!(ours()=> #krate::Never)),
            Self::Envelope(value, error) | Self::Either(value, error) => (value.to_token_stream(), error.to_token_stream()),
        }
    }

    /// What writes it: a function of the reply and the value.
    pub(super) fn writer(&self, krate: &Path) -> TokenStream {
        match self {
            Self::None | Self::Unit | Self::Stream(_) => quote_spanned!(ours()=> #krate::__private::reply_unit),
            Self::Plain(value) => {
                let wire = through(krate, "Wire", value);
                quote_spanned!(ours()=> #wire::reply)
            }
            Self::Envelope(..) | Self::Either(..) => {
                let ack = self.result(krate);
                quote_spanned!(ours()=> (#ack.reply))
            }
        }
    }

    /// What decodes it.
    fn decoder(&self, krate: &Path) -> TokenStream {
        match self {
            Self::None | Self::Unit | Self::Stream(_) => quote_spanned!(ours()=> #krate::__private::decode_unit),
            Self::Plain(value) => {
                let wire = through(krate, "Wire", value);
                quote_spanned!(ours()=> #wire::decode)
            }
            Self::Envelope(..) | Self::Either(..) => {
                let ack = self.result(krate);
                quote_spanned!(ours()=> #ack.decode)
            }
        }
    }

    /// What encodes and decodes a `Result`. The same words at both places: rustc then writes an error about a type in it once.
    fn result(&self, krate: &Path) -> Option<TokenStream> {
        let (method, value, error) = match self {
            Self::None | Self::Unit | Self::Plain(_) | Self::Stream(_) => return None,
            Self::Envelope(value, error) => ("envelope", value, error),
            Self::Either(value, error) => ("either", value, error),
        };
        let (wire, (start, end)) = (through(krate, "Wire", value), attr::ends(error));
        let method = Ident::new(method, start);
        let (head, tail) = (quote_spanned!(start=> ::#method::<), quote_spanned!(end=> >()));
        Some(quote!(#wire #head #error #tail))
    }

    /// The variant of the runtime's `AckKind`.
    fn kind(&self) -> TokenStream {
        let variant = match self {
            Self::None => "None",
            Self::Unit => "Unit",
            Self::Plain(_) => "Plain",
            Self::Envelope(..) => "Envelope",
            Self::Either(..) => "Either",
            Self::Stream(stream) => return stream.kind(),
        };
        Ident::new(variant, ours()).into_token_stream()
    }
}

/// The name of the function that decodes an event's arguments, among the registrar's methods.
pub(super) fn decoder(event: &Event) -> Ident {
    format_ident!("__{}", event.ident.unraw(), span = ours())
}
