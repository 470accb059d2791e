//! The name of a generic payload's JSON Schema: schemars calls all instances by one name and numbers them in the order in which it meets
//! them, which no reader understands and every change of a contract turns round.

use proc_macro2::Ident;
use syn::{Attribute, DeriveInput, GenericParam, Token};

/// `#[schemars(rename = "Page_for_{T}")]`, unless the user has a name for it.
pub(super) fn schema_name(input: &DeriveInput) -> Option<Attribute> {
    let params: Vec<_> = input.generics.params.iter().filter_map(param).map(|param| format!("{{{param}}}")).collect();
    if params.is_empty() || input.attrs.iter().any(renames) {
        return None;
    }
    let name = format!("{}_for_{}", input.ident, params.join("_and_"));
    Some(syn::parse_quote!(#[schemars(rename = #name)]))
}

fn param(param: &GenericParam) -> Option<&Ident> {
    match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    }
}

/// Whether an attribute has a name for the type, in any direction.
fn renames(attr: &Attribute) -> bool {
    let mut found = false;
    if attr.path().is_ident("serde") || attr.path().is_ident("schemars") {
        // What does not parse is the derive macro's to report.
        let _ = attr.parse_nested_meta(|option| {
            found |= option.path.is_ident("rename");
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

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::schema_name;

    fn named(item: &str) -> Option<String> {
        schema_name(&syn::parse_str(item).unwrap()).map(|attr| attr.to_token_stream().to_string())
    }

    #[test]
    fn instances_are_named_by_their_parameters() {
        assert_eq!(named("struct A { a: u8 }"), None);
        let page = named("struct Page<T, const N: usize, C = Id> { items: [T; N], next: C }");
        assert_eq!(page.as_deref(), Some("# [schemars (rename = \"Page_for_{T}_and_{N}_and_{C}\")]"));
        for own in
            ["#[serde(rename = \"X\")]", "#[schemars(rename = \"X_{T}\")]", "#[serde(tag = \"t\", rename(serialize = \"X\"))]"]
        {
            assert_eq!(named(&format!("{own} struct Page<T> {{ item: T }}")), None, "{own}");
        }
        assert!(named("#[serde(rename_all = \"camelCase\")] struct Page<T> { item: T }").is_some());
    }
}
