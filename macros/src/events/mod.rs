//! `#[events]`: attribute → model → check → expand.

mod check;
mod enums;
mod expand;
mod model;
mod stream;
#[cfg(test)]
mod tests;
mod types;

use model::Contract;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemTrait;

use crate::{attr::EventsOptions, errors::Errors};

pub(crate) fn events(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let options = EventsOptions::parse(options, &mut errors);
    let parsed = match syn::parse2::<ItemTrait>(item.clone()) {
        Ok(parsed) => parsed,
        Err(e) => {
            errors.push(explain(item, e));
            let errors = errors.into_tokens();
            return quote!(#item #errors);
        }
    };
    let contract = analyse(parsed, options, &mut errors);
    // Also after an error, so that the user's crate and the IDE keep resolving.
    let expansion = expand::expand(&contract);
    let errors = errors.into_tokens();
    quote!(#errors #expansion)
}

fn analyse(item: ItemTrait, options: EventsOptions, errors: &mut Errors) -> Contract {
    let mut contract = Contract::new(item, options, errors);
    check::check(&mut contract, errors);
    contract
}

/// Any item but a trait is the wrong place; a trait that does not parse is rustc's to explain.
fn explain(item: &TokenStream, error: syn::Error) -> syn::Error {
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(_) => syn::Error::new_spanned(item, "`#[events]` goes on a trait: its methods are the events"),
        Err(_) => error,
    }
}
