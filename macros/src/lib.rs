//! The macros of [ackord](https://docs.rs/ackord).

use proc_macro::TokenStream;

/// Marks a set of events.
#[proc_macro_attribute]
pub fn events(_attr: TokenStream, item: TokenStream) -> TokenStream {
    item
}

/// Marks a payload.
#[proc_macro_attribute]
pub fn payload(_attr: TokenStream, item: TokenStream) -> TokenStream {
    item
}

/// Derives a namespace.
#[proc_macro_derive(Namespace, attributes(namespace))]
pub fn namespace(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}
