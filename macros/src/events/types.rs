//! The types of arguments and answers, read off their tokens: what is borrowed, and what it is decoded into.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{GenericArgument, Path, PathArguments, Type, TypeReference};

use crate::attr::{ours, through};

/// How an argument is handed to a handler.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// `T`
    Owned(Type),
    /// `&str`
    Str(Type),
    /// `&[T]`
    Slice(Type),
    /// `&T`
    Ref(Type),
    /// `Option<&str>`, `Option<&[T]>`, `Option<&T>`
    Option(Path, Box<Shape>),
}

impl Shape {
    pub(crate) fn of(ty: &Type) -> Self {
        match (reference(ty), option(ty)) {
            (None, _) => Self::Owned(ty.clone()),
            (Some(r), None) => Self::borrowed(&r.elem),
            (Some(r), Some((path, _))) => Self::Option(path, Box::new(Self::borrowed(&r.elem))),
        }
    }

    fn borrowed(elem: &Type) -> Self {
        let elem = plain(elem);
        match elem {
            Type::Path(p) if p.path.is_ident("str") => Self::Str(elem.clone()),
            Type::Slice(slice) => Self::Slice((*slice.elem).clone()),
            _ => Self::Ref(elem.clone()),
        }
    }

    /// The type that travels: what it is decoded into.
    pub(crate) fn owned(&self) -> TokenStream {
        match self {
            Self::Owned(ty) | Self::Ref(ty) => ty.to_token_stream(),
            Self::Str(_) => quote_spanned!(ours()=> ::std::string::String),
            Self::Slice(elem) => quote_spanned!(ours()=> ::std::vec::Vec<#elem>),
            Self::Option(option, inner) => {
                let inner = inner.owned();
                quote_spanned!(ours()=> #option<#inner>)
            }
        }
    }

    /// The expression that describes it to the code generator as the next argument of `event`.
    pub(crate) fn describe(&self, krate: &Path, name: &str) -> TokenStream {
        let (wire, suffix) = self.wire(krate);
        let describe = format_ident!("describe{suffix}", span = ours());
        quote_spanned!(ours()=> #wire::#describe(event, #name))
    }

    /// The expression that decodes it.
    pub(crate) fn decode(&self, krate: &Path, name: &str) -> TokenStream {
        let (wire, suffix) = self.wire(krate);
        let next = format_ident!("next{suffix}", span = ours());
        quote_spanned!(ours()=> #wire::#next(args, #name)?)
    }

    /// The expression that appends it to `body`.
    pub(crate) fn encode(&self, krate: &Path, ident: &Ident) -> TokenStream {
        let (wire, _) = self.wire(krate);
        let put = match self {
            Self::Owned(_) => return quote_spanned!(ours()=> #wire::put(body, &#ident)),
            Self::Str(_) => return quote_spanned!(ours()=> body.arg(#ident)),
            Self::Ref(_) => "put",
            Self::Slice(_) => "put_slice",
            Self::Option(_, inner) => match **inner {
                Self::Str(_) => return quote_spanned!(ours()=> body.arg(&#ident)),
                Self::Slice(_) => "put_option_slice",
                _ => "put_option",
            },
        };
        let put = Ident::new(put, ours());
        quote_spanned!(ours()=> #wire::#put(body, #ident))
    }

    /// The innermost type as `Wire`, and what of `Wire` decodes this shape of it.
    fn wire(&self, krate: &Path) -> (TokenStream, &'static str) {
        match self {
            Self::Owned(ty) | Self::Ref(ty) => (through(krate, "Wire", ty), ""),
            Self::Str(_) => (quote_spanned!(ours()=> <::std::string::String as #krate::__private::Wire>), ""),
            Self::Slice(elem) => (through(krate, "Wire", elem), "_vec"),
            Self::Option(_, inner) => match inner.wire(krate) {
                (wire, "_vec") => (wire, "_option_vec"),
                (wire, _) => (wire, "_option"),
            },
        }
    }

    /// The decoded argument as the handler takes it.
    pub(crate) fn lend(&self, name: &Ident) -> TokenStream {
        match self {
            Self::Owned(_) => name.to_token_stream(),
            Self::Str(_) | Self::Slice(_) | Self::Ref(_) => quote_spanned!(ours()=> &#name),
            Self::Option(_, inner) => match **inner {
                Self::Str(_) | Self::Slice(_) => quote_spanned!(ours()=> ::core::option::Option::as_deref(&#name)),
                _ => quote_spanned!(ours()=> ::core::option::Option::as_ref(&#name)),
            },
        }
    }

    /// The type in it that the user named.
    pub(crate) fn named(&self) -> &Type {
        match self {
            Self::Owned(ty) | Self::Str(ty) | Self::Slice(ty) | Self::Ref(ty) => ty,
            Self::Option(_, inner) => inner.named(),
        }
    }
}

/// The reference that is the whole type, or the whole of an `Option`.
pub(crate) fn reference(ty: &Type) -> Option<&TypeReference> {
    let inner = option(ty).map_or(ty, |(_, inner)| inner);
    match plain(inner) {
        Type::Reference(reference) => Some(reference),
        _ => None,
    }
}

/// `T` and `E` of a `Result<T, E>`.
pub(crate) fn result(ty: &Type) -> Option<(&Type, &Type)> {
    match arguments(ty, "Result")?.1[..] {
        [ok, err] => Some((ok, err)),
        _ => None,
    }
}

/// Whether it is somebody's `Result<T>`, which does not say here what its error is.
pub(crate) fn is_half_a_result(ty: &Type) -> bool {
    arguments(ty, "Result").is_some_and(|(_, args)| args.len() == 1)
}

fn option(ty: &Type) -> Option<(Path, &Type)> {
    match arguments(ty, "Option")? {
        (path, args) if args.len() == 1 => Some((path, args[0])),
        _ => None,
    }
}

/// The path without its arguments, and its type arguments, if its last segment is `name`.
fn arguments<'a>(ty: &'a Type, name: &str) -> Option<(Path, Vec<&'a Type>)> {
    let Type::Path(p) = plain(ty) else { return None };
    let last = p.path.segments.last().filter(|s| s.ident == name && p.qself.is_none())?;
    let types = match &last.arguments {
        PathArguments::AngleBracketed(angle) => angle.args.iter().filter_map(|arg| match arg {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        }),
        _ => return Some((p.path.clone(), Vec::new())),
    };
    let mut path = p.path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.arguments = PathArguments::None;
    }
    Some((path, types.collect()))
}

/// Without the parentheses, and the invisible ones that `macro_rules!` puts around a `$ty:ty`.
pub(crate) fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => plain(&group.elem),
        Type::Paren(paren) => plain(&paren.elem),
        ty => ty,
    }
}

/// What a type may not hold, by its tokens.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// `impl Trait`
    Generic,
    /// `Self`
    SelfType,
    /// `&` or a lifetime but `'static`
    Borrow,
}

/// The first token of a type that makes it no payload, whatever the rest of it is.
pub(crate) fn foreign(tokens: TokenStream) -> Option<(Foreign, TokenTree)> {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        let kind = match &token {
            TokenTree::Group(group) => match foreign(group.stream()) {
                Some(found) => return Some(found),
                None => continue,
            },
            TokenTree::Ident(ident) if ident == "impl" => Foreign::Generic,
            TokenTree::Ident(ident) if ident == "Self" => Foreign::SelfType,
            TokenTree::Punct(punct) if punct.as_char() == '&' => Foreign::Borrow,
            TokenTree::Punct(punct) if punct.as_char() == '\'' => match tokens.next() {
                Some(TokenTree::Ident(name)) if name == "static" => continue,
                _ => Foreign::Borrow,
            },
            _ => continue,
        };
        return Some((kind, token));
    }
    None
}
