//! The macros of [ackord](https://docs.rs/ackord).

mod attr;
mod case;
mod errors;
mod events;
mod namespace;
mod payload;

use proc_macro::TokenStream;

/// Marks a set of events.
#[proc_macro_attribute]
pub fn events(options: TokenStream, item: TokenStream) -> TokenStream {
    events::events(options.into(), &item.into()).into()
}

/// Marks a payload.
#[proc_macro_attribute]
pub fn payload(options: TokenStream, item: TokenStream) -> TokenStream {
    payload::payload(options.into(), &item.into()).into()
}

/// Derives a namespace.
#[proc_macro_derive(Namespace, attributes(namespace))]
pub fn namespace(item: TokenStream) -> TokenStream {
    namespace::namespace(item.into()).into()
}
