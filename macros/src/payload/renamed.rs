//! Names that `rename_all` makes in serde and that ts-rs would make in another way: of letters beyond ASCII, and of fields and variants that
//! are not written in the case that Rust has for them.

use proc_macro2::Ident;
use syn::{Attribute, Data, DeriveInput, Fields, ext::IdentExt, parse_quote};

use super::told::Options;
use crate::case::Case;

/// Gives such fields and variants their names.
pub(super) fn tell(input: &mut DeriveInput) {
    let all = case(&input.attrs, "rename_all");
    match &mut input.data {
        Data::Struct(data) => fields(&mut data.fields, all),
        Data::Enum(data) => {
            let all_fields = case(&input.attrs, "rename_all_fields");
            for variant in &mut data.variants {
                let of_variant = case(&variant.attrs, "rename_all");
                fields(&mut variant.fields, of_variant.or(all_fields));
                let is_odd = |name: &str| !name.is_ascii() || name.contains('_') || name.starts_with(char::is_lowercase);
                rename(&mut variant.attrs, &variant.ident, is_odd, all.map(|case| move |name: &str| case.apply_to_variant(name)));
            }
        }
        Data::Union(_) => {}
    }
}

fn fields(fields: &mut Fields, all: Option<Case>) {
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let is_odd = |name: &str| !name.is_ascii() || name.contains(char::is_uppercase);
        rename(&mut field.attrs, ident, is_odd, all.map(|case| move |name: &str| case.apply(name)));
    }
}

fn rename(
    attrs: &mut Vec<Attribute>,
    ident: &Ident,
    is_odd: impl FnOnce(&str) -> bool,
    renamed: Option<impl FnOnce(&str) -> String>,
) {
    let name = ident.unraw().to_string();
    let is_named = |attrs: &[Attribute], helper| {
        ["rename", "skip", "flatten"].iter().any(|option| Options::of(attrs, helper).get(option).is_some())
    };
    if let Some(renamed) = renamed.filter(|_| is_odd(&name) && !is_named(attrs, "serde") && !is_named(attrs, "ts")) {
        let name = renamed(&name);
        attrs.push(parse_quote!(#[ts(rename = #name)]));
    }
}

/// The case that an option names for both directions.
fn case(attrs: &[Attribute], option: &str) -> Option<Case> {
    Case::from_name(&Options::of(attrs, "serde").get(option)?.value.as_ref()?.value())
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    /// All names that are told of.
    fn told(item: &str) -> Vec<String> {
        let mut input = syn::parse_str(item).unwrap();
        tell(&mut input);
        let text = input.to_token_stream().to_string();
        text.split("ts (rename = \"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
    }

    #[test]
    fn odd_names_are_told() {
        let fields = "{ plain: u8, camelCase: u8, straße: u8, #[serde(rename = \"x\")] größe: u8, #[serde(skip)] ö: u8, #[serde(flatten)] ü: F }";
        for (case, names) in [
            ("UPPERCASE", ["CAMELCASE", "STRAßE"]),
            ("lowercase", ["camelCase", "straße"]),
            ("kebab-case", ["camelCase", "straße"]),
        ] {
            assert_eq!(told(&format!("#[serde(rename_all = {case:?})] struct S {fields}")), names);
            assert_eq!(told(&format!("#[serde(rename_all_fields = {case:?})] enum E {{ V {fields} }}")), names);
            assert_eq!(told(&format!("enum E {{ #[serde(rename_all = {case:?})] V {fields} }}")), names);
        }
        assert_eq!(told(&format!("struct S {fields}")), [""; 0]);
        assert_eq!(told("#[serde(rename_all = \"PascalCase\")] enum E { FooBar, Foo_Bar, low }"), ["Foo_Bar", "low"]);
        assert_eq!(told("#[serde(rename_all = \"lowercase\")] enum E { FooBar, ÄnderungNeu }"), ["Änderungneu"]);
    }
}
