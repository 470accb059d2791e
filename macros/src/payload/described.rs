//! One error, and one that says what to do, for a field whose type has no description: without it, each derive has several of its own.
//!
//! The derives see `<Type as Field>::Itself` where a field says `Type`. That is the same type, if it has a description; if not, the
//! compiler says what the runtime's `Describe` tells it to say, and nothing of what would come of it.

use proc_macro2::Ident;
use quote::{ToTokens as _, format_ident, quote};
use syn::{
    Field, GenericArgument, GenericParam, Generics, LitStr, Path, PathArguments, Type, parse_quote, spanned::Spanned as _,
};

use super::told::{Options, Told};
use crate::attr::mentions;

/// Adds it to a field that nobody has described in another way.
pub(super) fn field(field: &mut Field, generics: &Generics, derives: Told<'_>) {
    let (serde, ts) = (Options::of(&field.attrs, "serde"), Options::of(&field.attrs, "ts"));
    if ts.describes() || ts.has("flatten") || serde.has("flatten") || mentions_own(generics, &field.ty) {
        return;
    }
    let mut ty = field.ty.clone();
    itself(&mut ty, derives.krate);
    if matches!(&ty, Type::Path(path) if path.qself.is_some()) && !ts.has("optional") {
        // Bare, the compiler would look through it, and tell of what the derives miss too.
        ty = parse_quote!(::std::boxed::Box<#ty>);
    }
    let ty = LitStr::new(&ty.to_token_stream().to_string(), field.ty.span());
    let schemars = Options::of(&field.attrs, "schemars");
    field.attrs.push(parse_quote!(#[ts(as = #ty)]));
    if derives.schemars && !schemars.has("with") && !schemars.has("schema_with") {
        field.attrs.push(parse_quote!(#[schemars(with = #ty)]));
    }
}

/// What the usual containers contain, or else the type: an error then names that.
fn itself(ty: &mut Type, krate: &Path) {
    match ty {
        Type::Array(array) => return itself(&mut array.elem, krate),
        Type::Slice(slice) => return itself(&mut slice.elem, krate),
        Type::Tuple(tuple) => return tuple.elems.iter_mut().for_each(|ty| itself(ty, krate)),
        Type::Path(path) => {
            if let Some(last) = path.path.segments.last_mut().filter(|last| is_container(&last.ident))
                && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
            {
                // The hasher of a map is not sent.
                for argument in arguments.args.iter_mut().take(2) {
                    if let GenericArgument::Type(ty) = argument {
                        itself(ty, krate);
                    }
                }
                return;
            }
        }
        _ => {}
    }
    *ty = parse_quote!(<#ty as #krate::__private::Field>::Itself);
}

fn is_container(name: &Ident) -> bool {
    let containers = ["Arc", "BTreeMap", "BTreeSet", "Box", "HashMap", "HashSet", "IndexMap", "IndexSet", "Option", "Rc", "Vec"];
    containers.iter().any(|container| name == container)
}

/// Whether it means something only inside of the item: a parameter, or `Self`.
fn mentions_own(generics: &Generics, ty: &Type) -> bool {
    let params = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(param.ident.clone()),
        GenericParam::Const(param) => Some(param.ident.clone()),
        GenericParam::Lifetime(_) => None,
    });
    params.chain([format_ident!("Self")]).any(|name| mentions(quote!(#ty), &name))
}
