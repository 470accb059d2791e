//! `derive(Namespace)`: the contract of a namespace, and its path as a value.

mod pattern;

use pattern::Piece;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Data, DeriveInput, Field, Fields, Path, Type, ext::IdentExt};

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
    pattern: String,
    /// Empty after an error: the impl is then only there for the rest of the user's crate to resolve.
    pieces: Vec<Piece>,
    fields: Vec<&'a Field>,
    server: Option<Type>,
    client: Option<Type>,
    cluster: Option<Type>,
    auth: Option<Type>,
    denied: Option<Type>,
}

impl<'a> Namespace<'a> {
    fn new(input: &'a DeriveInput, options: NamespaceOptions, errors: &mut Errors) -> Self {
        for param in &input.generics.params {
            errors.at(param, "a namespace cannot be generic: every client needs one concrete wire type");
        }
        let fields = fields(input, errors);
        let pieces = match &options.path {
            Some(path) => match pattern::parse(&path.value()) {
                Ok(pieces) => matching(path, pieces, &fields, errors),
                Err(message) => {
                    errors.at(path, message);
                    Vec::new()
                }
            },
            None => {
                errors.at(&input.ident, "a namespace has a path: write `#[namespace(path = \"/…\", …)]` on it");
                Vec::new()
            }
        };
        Self {
            ident: &input.ident,
            krate: attr::krate(options.krate),
            pattern: options.path.map(|path| path.value()).unwrap_or_default(),
            pieces: if errors.any() { Vec::new() } else { pieces },
            fields,
            server: options.server,
            client: options.client,
            cluster: options.cluster,
            auth: options.auth,
            denied: options.denied,
        }
    }

    fn expand(&self) -> TokenStream {
        let Self { ident, krate, pattern, .. } = self;
        let name = ident.unraw().to_string();
        let none = quote_spanned!(ours()=> dyn #krate::__private::NoEvents);
        let [server, client, cluster] = [&self.server, &self.client, &self.cluster]
            .map(|set| set.as_ref().map_or_else(|| none.clone(), ToTokens::to_token_stream));
        let auth = self.payload("Auth", self.auth.as_ref(), &quote_spanned!(ours()=> ()));
        let denied = self.payload("Denied", self.denied.as_ref(), &quote_spanned!(ours()=> #krate::Never));
        let (path, parse) = (self.path(), self.parse());
        quote_spanned! {ours()=>
            #[automatically_derived]
            impl #krate::Namespace for #ident {
                const PATTERN: &'static str = #pattern;
                const NAME: &'static str = #name;
                type Server = #server;
                type Client = #client;
                type Cluster = #cluster;
                #auth
                #denied
                fn path(&self) -> ::std::borrow::Cow<'static, str> {
                    #path
                }
                fn parse(path: &str) -> ::core::option::Option<Self> {
                    #parse
                }
            }
        }
    }

    /// An associated type that has to be a payload, all of it where the user names the type: rustc tells of both the item and the type.
    fn payload(&self, name: &str, ty: Option<&Type>, default: &TokenStream) -> TokenStream {
        let Some(ty) = ty else {
            let name = Ident::new(name, ours());
            return quote_spanned!(ours()=> type #name = #default;);
        };
        let (start, _) = attr::ends(ty);
        let (name, ty) = (Ident::new(name, start), attr::through(&self.krate, "Wire", ty));
        quote_spanned!(start=> type #name = #ty::Is;)
    }

    fn path(&self) -> TokenStream {
        if self.fields.is_empty() || self.pieces.is_empty() {
            let pattern = &self.pattern;
            return quote_spanned!(ours()=> ::std::borrow::Cow::Borrowed(#pattern));
        }
        let steps = self.pieces.iter().map(|piece| match piece {
            Piece::Literal(literal) => quote_spanned!(ours()=> path.push_str(#literal);),
            Piece::Param(name) => {
                let (ident, bound) = self.field(name);
                quote_spanned!(ours()=> #bound::write(&self.#ident, &mut path);)
            }
        });
        quote_spanned! {ours()=>
            let mut path = ::std::string::String::new();
            #(#steps)*
            ::std::borrow::Cow::Owned(path)
        }
    }

    fn parse(&self) -> TokenStream {
        let (krate, pattern) = (&self.krate, &self.pattern);
        if self.pieces.is_empty() {
            return quote_spanned!(ours()=> let _ = path; ::core::option::Option::None);
        }
        if self.fields.is_empty() {
            return quote_spanned!(ours()=> if path == #pattern { ::core::option::Option::Some(Self {}) } else { ::core::option::Option::None });
        }
        let steps = self.pieces.iter().enumerate().map(|(i, piece)| match piece {
            Piece::Literal(literal) => quote_spanned!(ours()=> path.literal(#literal)?;),
            Piece::Param(name) => {
                let until = match self.pieces.get(i + 1) {
                    Some(Piece::Literal(literal)) => literal,
                    _ => "",
                };
                let (ident, bound) = self.field(name);
                quote_spanned!(ours()=> let #ident = #bound::read(&mut path, #until)?;)
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

    /// The field of a parameter, and its type as `PathParam`.
    fn field(&self, name: &str) -> (Option<&Ident>, Option<TokenStream>) {
        let field = self.fields.iter().find(|field| is_named(field, name));
        (field.and_then(|field| field.ident.as_ref()), field.map(|field| attr::through(&self.krate, "PathParam", &field.ty)))
    }
}

fn is_named(field: &Field, name: &str) -> bool {
    field.ident.as_ref().is_some_and(|ident| ident.unraw() == name)
}

fn fields<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Vec<&'a Field> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if !fields.unnamed.is_empty() => {
                errors.at(fields, "name the fields: they are the parameters of the path");
                Vec::new()
            }
            fields => fields.iter().collect(),
        },
        Data::Enum(data) => {
            errors.at(data.enum_token, "a namespace is a struct: its fields are the parameters of the path");
            Vec::new()
        }
        Data::Union(data) => {
            errors.at(data.union_token, "a namespace is a struct: its fields are the parameters of the path");
            Vec::new()
        }
    }
}

/// The pieces, if every parameter has its field and every field its parameter.
fn matching(path: &syn::LitStr, pieces: Vec<Piece>, fields: &[&Field], errors: &mut Errors) -> Vec<Piece> {
    for piece in &pieces {
        if let Piece::Param(name) = piece
            && !fields.iter().any(|field| is_named(field, name))
        {
            errors.at(path, format!("`{{{name}}}` has no field: add `{name}` to the struct"));
        }
    }
    for field in fields {
        if let Some(ident) = &field.ident
            && !pieces.contains(&Piece::Param(ident.unraw().to_string()))
        {
            errors.at(ident, format!("a field is a parameter of the path: write `{{{}}}` into it", ident.unraw()));
        }
    }
    pieces
}
