//! What serde reads and schemars does not see: aliases, the variant that stands for all others, and that a variant without fields has no
//! content. They are noted in the schema, for the generator to make of them what a reader has to know.

use quote::quote;
use syn::{Attribute, Data, DeriveInput, Fields, parse_quote};

use super::told::Options;

/// Adds notes to `input`: `x-serde-alias`, `x-serde-other`, and with them `x-serde-tag`, the field that has a variant's name; and
/// `x-serde-content`, the field that has what a variant holds, at variants that hold nothing.
pub(super) fn note(input: &mut DeriveInput) {
    let serde = Options::of(&input.attrs, "serde");
    let (tag, content, untagged) = (serde.value("tag"), serde.value("content"), serde.has("untagged"));
    match &mut input.data {
        Data::Struct(data) => fields(&mut data.fields),
        Data::Enum(data) => {
            for variant in &mut data.variants {
                fields(&mut variant.fields);
                // Without a tag a variant has no name on the wire.
                if !untagged && !Options::of(&variant.attrs, "serde").has("untagged") {
                    let content = content.as_deref().filter(|_| variant.fields.is_empty());
                    variant.attrs.extend(noted(&variant.attrs, tag.as_deref(), content));
                }
            }
        }
        Data::Union(_) => {}
    }
}

fn fields(fields: &mut Fields) {
    let Fields::Named(fields) = fields else { return };
    for field in &mut fields.named {
        field.attrs.extend(noted(&field.attrs, None, None));
    }
}

fn noted(attrs: &[Attribute], tag: Option<&str>, content: Option<&str>) -> Option<Attribute> {
    let serde = Options::of(attrs, "serde");
    let (aliases, other) = (serde.values("alias"), serde.has("other"));
    let named = !aliases.is_empty() || other;
    if !named && content.is_none() || ["skip", "skip_deserializing", "flatten"].iter().any(|option| serde.has(option)) {
        return None;
    }
    let aliases = (!aliases.is_empty()).then(|| quote!("x-serde-alias" = [#(#aliases),*],));
    let other = other.then(|| quote!("x-serde-other" = true,));
    let tag = tag.filter(|_| named).map(|tag| quote!("x-serde-tag" = #tag,));
    let content = content.map(|content| quote!("x-serde-content" = #content,));
    Some(parse_quote!(#[schemars(extend(#aliases #other #tag #content))]))
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::note;

    fn noted(item: &str) -> Vec<String> {
        let mut input = syn::parse_str(item).unwrap();
        note(&mut input);
        let text = input.to_token_stream().to_string();
        text.split("extend").skip(1).map(|rest| rest.split(")]").next().unwrap_or(rest).replace(' ', "")).collect()
    }

    #[test]
    fn fields_and_variants_have_notes() {
        assert_eq!(
            noted("struct S { #[serde(alias = \"b\", default)] #[serde(alias = \"c\")] a: u8, d: u8 }"),
            ["(\"x-serde-alias\"=[\"b\",\"c\"],)"]
        );
        assert_eq!(
            noted(
                "#[serde(tag = \"t\")] enum E { #[serde(alias = \"b\")] A { #[serde(alias = \"y\")] x: u8 }, #[serde(other)] O }"
            ),
            [
                "(\"x-serde-alias\"=[\"b\"],\"x-serde-tag\"=\"t\",)",
                "(\"x-serde-alias\"=[\"y\"],)",
                "(\"x-serde-other\"=true,\"x-serde-tag\"=\"t\",)",
            ]
        );
        assert_eq!(
            noted("#[serde(tag = \"t\", content = \"c\")] enum E { A, B(u8), #[serde(other)] O }"),
            ["(\"x-serde-content\"=\"c\",)", "(\"x-serde-other\"=true,\"x-serde-tag\"=\"t\",\"x-serde-content\"=\"c\",)"]
        );
        assert_eq!(noted("enum E { #[serde(other, alias = \"b\")] O }"), ["(\"x-serde-alias\"=[\"b\"],\"x-serde-other\"=true,)"]);
    }

    #[test]
    fn what_is_not_read_by_name_has_none() {
        for item in [
            "#[serde(untagged)] enum E { #[serde(alias = \"b\")] A(u8) }",
            "enum E { #[serde(untagged, alias = \"b\")] A(u8), #[serde(skip, alias = \"c\")] B }",
            "struct S { #[serde(skip_deserializing, alias = \"b\")] a: u8, #[serde(rename = \"x\")] c: u8 }",
            "struct S(#[serde(alias = \"b\")] u8);",
        ] {
            assert_eq!(noted(item), [""; 0], "{item}");
        }
    }
}
