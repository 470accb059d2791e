//! `#[payload]`: the derives of a payload, without a dependency on serde in the user's crate.

mod described;
mod generic;
mod reads;
mod renamed;
mod told;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Data, DeriveInput, Field, Fields, GenericParam, Path, Token, punctuated::Punctuated};

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
    let expansion = expand(&input, options);
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
    for attrs in fields(input).map(|field| &field.attrs) {
        if let Some(borrow) = told::Options::of(attrs, "serde").get("borrow") {
            errors.at(&borrow.tokens, "a payload owns its data: it outlives the packet it came in");
        }
    }
    for param in &input.generics.params {
        if let GenericParam::Lifetime(lifetime) = param {
            errors.at(lifetime, "a payload owns its data: it outlives the packet it came in");
        }
    }
}

fn fields(input: &DeriveInput) -> Box<dyn Iterator<Item = &Field> + '_> {
    match &input.data {
        Data::Struct(data) => Box::new(data.fields.iter()),
        Data::Enum(data) => Box::new(data.variants.iter().flat_map(|variant| &variant.fields)),
        Data::Union(_) => Box::new(std::iter::empty()),
    }
}

fn expand(input: &DeriveInput, options: PayloadOptions) -> TokenStream {
    if let Data::Union(_) = input.data {
        return input.to_token_stream();
    }
    let krate = &attr::krate(options.krate);
    let written = derived(&input.attrs);
    let derives = Derives { krate, derived: &written, skipped: &options.skip };
    let (common, described) = (derives.common(), derives.described());
    // Helper attributes go below every derive: the user's own may be the one that knows them.
    let mut plain = without(input.clone(), &["ts", "schemars"]);
    plain.attrs.extend(derives.helper("serde", "serde", &["Serialize", "Deserialize"], &input.attrs));
    let mut full = input.clone();
    let mut untold = Errors::default();
    let told = told::Told { krate, ts: derives.is_there("TS"), schemars: derives.is_there("JsonSchema") };
    told::tell(&mut full, told, &mut untold);
    let untold = untold.into_tokens();
    full.attrs.extend(derives.helper("serde", "serde", &["Serialize", "Deserialize"], &input.attrs));
    full.attrs.extend(derives.helper("ts", "ts_rs", &["TS"], &input.attrs));
    full.attrs.extend(derives.helper("schemars", "schemars", &["JsonSchema"], &input.attrs));
    if derives.is_there("JsonSchema") {
        full.attrs.extend(generic::schema_name(input));
        reads::note(&mut full);
    }
    quote_spanned! {ours()=>
        #krate::__if_codegen! { {
            #common
            #described
            #full
            #untold
        } else {
            #common
            #plain
        } }
    }
}

struct Derives<'a> {
    krate: &'a Path,
    /// By an attribute that is there already.
    derived: &'a [Ident],
    /// By hand.
    skipped: &'a [Ident],
}

impl Derives<'_> {
    fn missing(&self, name: &str) -> bool {
        !self.skipped.iter().any(|skipped| skipped == name) && !self.is_derived(name)
    }

    fn is_derived(&self, name: &str) -> bool {
        // `Serialize_repr` of serde_repr takes the place of `Serialize`, and so on.
        self.derived.iter().any(|derived| derived == name || derived.to_string().strip_suffix("_repr") == Some(name))
    }

    /// Whether there is such a derive, here or in an attribute of the user's.
    fn is_there(&self, name: &str) -> bool {
        self.missing(name) || self.is_derived(name)
    }

    fn common(&self) -> Option<TokenStream> {
        let krate = self.krate;
        self.derive([
            ("Debug", quote_spanned!(ours()=> ::core::fmt::Debug)),
            ("Clone", quote_spanned!(ours()=> ::core::clone::Clone)),
            ("Serialize", quote_spanned!(ours()=> #krate::__private::serde::Serialize)),
            ("Deserialize", quote_spanned!(ours()=> #krate::__private::serde::Deserialize)),
        ])
    }

    fn described(&self) -> Option<TokenStream> {
        let krate = self.krate;
        self.derive([
            ("TS", quote_spanned!(ours()=> #krate::__private::ts_rs::TS)),
            ("JsonSchema", quote_spanned!(ours()=> #krate::__private::schemars::JsonSchema)),
        ])
    }

    fn derive<const N: usize>(&self, all: [(&str, TokenStream); N]) -> Option<TokenStream> {
        let paths: Vec<_> = all.into_iter().filter(|(name, _)| self.missing(name)).map(|(_, path)| path).collect();
        (!paths.is_empty()).then(|| quote_spanned!(ours()=> #[derive(#(#paths),*)]))
    }

    /// Tells derives where their crate is, unless the user does, or none of them is there.
    fn helper(&self, helper: &str, module: &str, derives: &[&str], attrs: &[Attribute]) -> Option<Attribute> {
        if !derives.iter().any(|name| self.is_there(name)) || names_crate(attrs, helper) {
            return None;
        }
        let (helper, path) = (Ident::new(helper, ours()), self.path(module));
        Some(syn::parse_quote!(#[#helper(crate = #path)]))
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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn expanded(options: &str, item: &str) -> String {
        let tokens = payload(options.parse().unwrap(), &item.parse().unwrap());
        prettyplease::unparse(&syn::parse2(tokens).unwrap())
    }

    /// The item as it is without the feature `codegen`.
    fn check(options: &str, item: &str, expected: &Expect) {
        let expansion = payload(options.parse().unwrap(), &item.parse().unwrap());
        let groups = expansion.into_iter().filter_map(|token| match token {
            proc_macro2::TokenTree::Group(group) => Some(group.stream().into_iter().last()),
            _ => None,
        });
        let Some(Some(proc_macro2::TokenTree::Group(plain))) = groups.last() else { panic!("no `else`") };
        expected.assert_eq(&prettyplease::unparse(&syn::parse2(plain.stream()).unwrap()));
    }

    #[test]
    fn helper_attributes_go_with_their_derives() {
        let item = "
            #[ts(rename = \"X\")] #[serde(tag = \"t\")] #[schemars(title = \"x\")]
            enum E { #[ts(skip)] A { #[schemars(skip)] #[serde(default)] a: u8 }, B(#[ts(type = \"x\")] u8) }
        ";
        check(
            "",
            item,
            &expect![[r#"
                #[derive(
                    ::core::fmt::Debug,
                    ::core::clone::Clone,
                    ::ackord::__private::serde::Serialize,
                    ::ackord::__private::serde::Deserialize
                )]
                #[serde(tag = "t")]
                #[serde(crate = "::ackord::__private::serde")]
                enum E {
                    A { #[serde(default)] a: u8 },
                    B(u8),
                }
            "#]],
        );
        let both = expanded("", item);
        assert_eq!(both.matches("ts(").count(), 5, "{both}");
    }

    #[test]
    fn derives_of_the_users_own_are_left_to_him() {
        check(
            "",
            "#[derive(PartialEq, serde::Serialize, Debug)] struct S;",
            &expect![[r#"
                #[derive(::core::clone::Clone, ::ackord::__private::serde::Deserialize)]
                #[derive(PartialEq, serde::Serialize, Debug)]
                #[serde(crate = "::ackord::__private::serde")]
                struct S;
            "#]],
        );
        check(
            "",
            "#[derive(Clone)] #[serde(default, crate = \"mine\")] struct S;",
            &expect![[r#"
            #[derive(
                ::core::fmt::Debug,
                ::ackord::__private::serde::Serialize,
                ::ackord::__private::serde::Deserialize
            )]
            #[derive(Clone)]
            #[serde(default, crate = "mine")]
            struct S;
        "#]],
        );
        check(
            "skip(Serialize, Deserialize, TS), crate = \"crate::rpc\"",
            "struct S<T>(T);",
            &expect![[r"
            #[derive(::core::fmt::Debug, ::core::clone::Clone)]
            struct S<T>(T);
        "]],
        );
    }

    #[test]
    fn mistakes_keep_the_item() {
        for (options, item, message) in [
            ("", "pub struct S<'a>(&'a str);", "a payload owns its data: it outlives the packet it came in"),
            ("", "trait T {}", "`#[payload]` goes on a struct or an enum"),
            ("skip(PartialEq)", "struct S;", "unknown option `PartialEq`: expected one of `Debug`, `Clone`,"),
            ("tag = 3", "struct S;", "options of serde are written `#[serde(…)]` below `#[payload]`"),
        ] {
            let expansion = expanded(options, item);
            assert!(expansion.contains(message), "{expansion}");
            assert!(expansion.contains(item.split(['<', ';', '{']).next().unwrap().trim()), "{expansion}");
        }
    }
}
