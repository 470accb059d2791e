//! `#[payload]`: the derives of a payload, without a dependency on serde in the user's crate.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Data, DeriveInput, Fields, GenericParam, Path, Token, punctuated::Punctuated};

use crate::{
    attr::{self, PayloadOptions, ours},
    errors::Errors,
};

pub(crate) fn payload(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let options = PayloadOptions::parse(options, &mut errors);
    let input = match syn::parse2::<DeriveInput>(item.clone()) {
        Ok(input) => input,
        Err(e) => {
            errors.push(explain(item, e));
            let errors = errors.into_tokens();
            return quote!(#item #errors);
        }
    };
    check(&input, &mut errors);
    let expansion = expand(&input, &attr::krate(options.krate));
    let errors = errors.into_tokens();
    quote!(#errors #expansion)
}

fn explain(item: &TokenStream, error: syn::Error) -> syn::Error {
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(_) => syn::Error::new_spanned(item, "`#[payload]` goes on a struct or an enum"),
        Err(_) => error,
    }
}

fn check(input: &DeriveInput, errors: &mut Errors) {
    if let Data::Union(data) = &input.data {
        errors
            .at(data.union_token, "`#[payload]` goes on a struct or an enum: nobody could tell which field of a union is there");
    }
    for param in &input.generics.params {
        if let GenericParam::Lifetime(lifetime) = param {
            errors.at(lifetime, "a payload owns its data: it outlives the packet it came in");
        }
    }
}

fn expand(input: &DeriveInput, krate: &Path) -> TokenStream {
    if let Data::Union(_) = input.data {
        return input.to_token_stream();
    }
    let plain = without(input.clone(), &["ts", "schemars"]);
    let written = derived(&input.attrs);
    let base = Derives { krate, written: &written };
    let common = base.common(input);
    let described = base.described();
    quote_spanned! {ours()=>
        #krate::__if_codegen! { {
            #common
            #described
            #input
        } else {
            #common
            #plain
        } }
    }
}

struct Derives<'a> {
    krate: &'a Path,
    written: &'a [Ident],
}

impl Derives<'_> {
    fn missing(&self, name: &str) -> bool {
        !self.written.iter().any(|written| written == name)
    }

    fn common(&self, input: &DeriveInput) -> TokenStream {
        let krate = self.krate;
        let paths = [
            ("Debug", quote_spanned!(ours()=> ::core::fmt::Debug)),
            ("Clone", quote_spanned!(ours()=> ::core::clone::Clone)),
            ("Serialize", quote_spanned!(ours()=> #krate::__private::serde::Serialize)),
            ("Deserialize", quote_spanned!(ours()=> #krate::__private::serde::Deserialize)),
        ];
        let paths = paths.into_iter().filter(|(name, _)| self.missing(name)).map(|(_, path)| path);
        let serde = (!names_crate(&input.attrs, "serde")).then(|| self.path("serde")).map(|path| quote!(#[serde(crate = #path)]));
        quote_spanned!(ours()=> #[derive(#(#paths),*)] #serde)
    }

    fn described(&self) -> TokenStream {
        let krate = self.krate;
        let ts = self.missing("TS").then(|| {
            let path = self.path("ts_rs");
            quote_spanned!(ours()=> #[derive(#krate::__private::ts_rs::TS)] #[ts(crate = #path)])
        });
        let schema = self.missing("JsonSchema").then(|| {
            let path = self.path("schemars");
            quote_spanned!(ours()=> #[derive(#krate::__private::schemars::JsonSchema)] #[schemars(crate = #path)])
        });
        quote!(#ts #schema)
    }

    /// A crate behind the runtime's `__private`, as the string that derive macros want.
    fn path(&self, name: &str) -> String {
        let krate = self.krate.to_token_stream().to_string().replace(' ', "");
        format!("{krate}::__private::{name}")
    }
}

/// What the user derives himself, by the last segment of each path.
fn derived(attrs: &[Attribute]) -> Vec<Ident> {
    let derives = attrs.iter().filter(|attr| attr.path().is_ident("derive"));
    let paths = derives.filter_map(|attr| attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated).ok()).flatten();
    paths.filter_map(|path| path.segments.last().map(|last| last.ident.clone())).collect()
}

/// Whether the user already says where a derive macro finds its crate.
fn names_crate(attrs: &[Attribute], helper: &str) -> bool {
    let mut found = false;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(helper)) {
        // What does not parse is the derive macro's to report.
        let _ = attr.parse_nested_meta(|option| {
            found |= option.path.is_ident("crate");
            if option.input.peek(Token![=]) {
                option.value()?.parse::<syn::Expr>()?;
            } else if option.input.peek(syn::token::Paren) {
                option.input.parse::<proc_macro2::Group>()?;
            }
            Ok(())
        });
    }
    found
}

/// The item without the helper attributes of derives that are not there.
fn without(mut input: DeriveInput, helpers: &[&str]) -> DeriveInput {
    let strip = |attrs: &mut Vec<Attribute>| attrs.retain(|attr| !helpers.iter().any(|helper| attr.path().is_ident(helper)));
    let strip_fields = |fields: &mut Fields| fields.iter_mut().for_each(|field| strip(&mut field.attrs));
    strip(&mut input.attrs);
    match &mut input.data {
        Data::Struct(data) => strip_fields(&mut data.fields),
        Data::Enum(data) => {
            for variant in &mut data.variants {
                strip(&mut variant.attrs);
                strip_fields(&mut variant.fields);
            }
        }
        Data::Union(_) => {}
    }
    input
}
