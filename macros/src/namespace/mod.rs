//! `derive(Namespace)`: the contract of a namespace, and its path as a value.

mod pattern;

use pattern::Piece;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Data, DeriveInput, Field, Fields, LitStr, Path, Type, ext::IdentExt};

use crate::{
    attr::{self, NamespaceOptions, ours},
    errors::Errors,
};

pub(crate) fn namespace(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let input = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => input,
        Err(e) => return e.into_compile_error(),
    };
    let options = NamespaceOptions::parse(&input.attrs, &mut errors);
    let namespace = Namespace::new(&input, options, &mut errors);
    let expansion = input.generics.params.is_empty().then(|| namespace.expand());
    let errors = errors.into_tokens();
    quote!(#errors #expansion)
}

struct Namespace<'a> {
    ident: &'a Ident,
    krate: Path,
    options: NamespaceOptions,
    fields: Vec<&'a Field>,
    /// Empty after an error: the impl is then only there for the rest of the user's crate to resolve.
    pieces: Vec<Piece>,
}

impl<'a> Namespace<'a> {
    fn new(input: &'a DeriveInput, mut options: NamespaceOptions, errors: &mut Errors) -> Self {
        for param in &input.generics.params {
            errors.at(param, "a namespace cannot be generic: every client needs one concrete wire type");
        }
        let fields = fields(input, errors);
        let pieces = pieces(input, options.path.as_ref(), &fields, errors);
        Self {
            ident: &input.ident,
            krate: attr::krate(options.krate.take()),
            options,
            fields,
            pieces: if errors.any() { Vec::new() } else { pieces },
        }
    }

    fn expand(&self) -> TokenStream {
        let Self { ident, krate, .. } = self;
        let (pattern, name) = (self.pattern(), ident.unraw().to_string());
        let (types, path, parse, parameters) = (self.types(), self.path(), self.parse(), self.parameters());
        let fixed = self.fields.is_empty().then(|| {
            quote_spanned! {ours()=>
                #[automatically_derived]
                impl #krate::__private::FixedPath for #ident {}
            }
        });
        quote_spanned! {ours()=>
            #[automatically_derived]
            impl #krate::Namespace for #ident {
                const PATTERN: &'static str = #pattern;
                const NAME: &'static str = #name;
                #types
                fn path(&self) -> ::std::borrow::Cow<'static, str> {
                    #path
                }
                fn parse(path: &str) -> ::core::option::Option<Self> {
                    #parse
                }
                #parameters
            }
            #fixed
        }
    }

    fn pattern(&self) -> String {
        self.options.path.as_ref().map(LitStr::value).unwrap_or_default()
    }

    fn types(&self) -> TokenStream {
        let Self { krate, options, .. } = self;
        let set = |name, ty: &Option<Type>| match ty {
            Some(ty) => associated(name, ty, &ty.to_token_stream()),
            None => absent(name, &quote_spanned!(ours()=> dyn #krate::__private::NoEvents)),
        };
        let payload = |name, ty: &Option<Type>, default| match ty {
            Some(ty) => {
                let (wire, (_, end)) = (attr::through(krate, "Wire", ty), attr::ends(ty));
                associated(name, ty, &quote_spanned!(end=> #wire::Is))
            }
            None => absent(name, &default),
        };
        let mut types = set("Server", &options.server);
        types.extend(set("Client", &options.client));
        types.extend(set("Cluster", &options.cluster));
        types.extend(payload("Auth", &options.auth, quote_spanned!(ours()=> ())));
        types.extend(payload("Denied", &options.denied, quote_spanned!(ours()=> #krate::Never)));
        types
    }

    fn path(&self) -> TokenStream {
        if self.fields.is_empty() || self.pieces.is_empty() {
            let pattern = self.pattern();
            return quote_spanned!(ours()=> ::std::borrow::Cow::Borrowed(#pattern));
        }
        let steps = self.pieces.iter().map(|piece| match piece {
            Piece::Literal(literal) => quote_spanned!(ours()=> path.push_str(#literal);),
            Piece::Param(name) => {
                let (ident, param) = self.field(name);
                quote_spanned!(ours()=> #param::write(&self.#ident, &mut path);)
            }
        });
        quote_spanned! {ours()=>
            let mut path = ::std::string::String::new();
            #(#steps)*
            ::std::borrow::Cow::Owned(path)
        }
    }

    fn parse(&self) -> TokenStream {
        let (krate, pattern) = (&self.krate, self.pattern());
        if self.pieces.is_empty() {
            return quote_spanned!(ours()=> let _ = path; ::core::option::Option::None);
        }
        if self.fields.is_empty() {
            return quote_spanned! {ours()=>
                if path == #pattern { ::core::option::Option::Some(Self {}) } else { ::core::option::Option::None }
            };
        }
        let steps = self.pieces.iter().enumerate().map(|(i, piece)| match piece {
            Piece::Literal(literal) => quote_spanned!(ours()=> path.literal(#literal)?;),
            Piece::Param(name) => {
                let until = match self.pieces.get(i + 1) {
                    Some(Piece::Literal(literal)) => literal,
                    _ => "",
                };
                let (ident, param) = self.field(name);
                quote_spanned!(ours()=> let #ident = #param::read(&mut path, #until)?;)
            }
        });
        let idents = self.fields.iter().map(|field| &field.ident);
        quote_spanned! {ours()=>
            let mut path = #krate::__private::PathMatcher::new(path);
            #(#steps)*
            path.end()?;
            ::core::option::Option::Some(Self { #(#idents),* })
        }
    }

    fn parameters(&self) -> Option<TokenStream> {
        let krate = &self.krate;
        let parameters = self.fields.iter().filter_map(|field| {
            let (name, ty) = (field.ident.as_ref()?.unraw().to_string(), &field.ty);
            Some(quote_spanned!(ours()=> (#name, ::core::any::type_name::<#ty>())))
        });
        (!self.fields.is_empty()).then(|| {
            quote_spanned! {ours()=>
                #krate::__if_codegen! { {
                    fn parameters() -> ::std::vec::Vec<(&'static str, &'static str)> {
                        ::std::vec![#(#parameters),*]
                    }
                } else {} }
            }
        })
    }

    /// The field of a parameter, and its type as `PathParam`.
    fn field(&self, name: &str) -> (Option<&Ident>, Option<TokenStream>) {
        let field = self.fields.iter().find(|field| is_named(field, name));
        (field.and_then(|field| field.ident.as_ref()), field.map(|field| attr::through(&self.krate, "PathParam", &field.ty)))
    }
}

/// An associated type, all of it where the user names the type: rustc tells of errors both at the item and at the type.
fn associated(name: &str, ty: &Type, value: &TokenStream) -> TokenStream {
    let (start, _) = attr::ends(ty);
    let name = Ident::new(name, start);
    quote_spanned!(start=> type #name = #value;)
}

fn absent(name: &str, default: &TokenStream) -> TokenStream {
    let name = Ident::new(name, ours());
    quote_spanned!(ours()=> type #name = #default;)
}

fn is_named(field: &Field, name: &str) -> bool {
    field.ident.as_ref().is_some_and(|ident| ident.unraw() == name)
}

fn fields<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Vec<&'a Field> {
    const NO_STRUCT: &str = "a namespace is a struct: its fields are the parameters of the path";
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if !fields.unnamed.is_empty() => {
                errors.at(fields, "name the fields: they are the parameters of the path");
                return Vec::new();
            }
            fields => return fields.iter().collect(),
        },
        Data::Enum(data) => errors.at(data.enum_token, NO_STRUCT),
        Data::Union(data) => errors.at(data.union_token, NO_STRUCT),
    }
    Vec::new()
}

/// The path in pieces. Every parameter has its field and every field its parameter, or there is an error.
fn pieces(input: &DeriveInput, path: Option<&LitStr>, fields: &[&Field], errors: &mut Errors) -> Vec<Piece> {
    let Some(path) = path else {
        errors.at(&input.ident, "a namespace has a path: write `#[namespace(path = \"/…\", …)]` on it");
        return Vec::new();
    };
    let pieces = match pattern::parse(&path.value()) {
        Ok(pieces) => pieces,
        Err(message) => {
            errors.at(path, message);
            return Vec::new();
        }
    };
    for piece in &pieces {
        if let Piece::Param(name) = piece
            && !fields.iter().any(|field| is_named(field, name))
        {
            errors.at(path, format!("`{{{name}}}` has no field: add `{name}` to the struct"));
        }
    }
    for ident in fields.iter().filter_map(|field| field.ident.as_ref()) {
        let name = ident.unraw().to_string();
        if !pieces.contains(&Piece::Param(name.clone())) {
            errors.at(ident, format!("a field is a parameter of the path: write `{{{name}}}` into it"));
        }
    }
    pieces
}
