//! `#[deprecated]` of payloads, their variants and their fields. ts-rs knows documentation and nothing else, so that is where it goes, in
//! the words of `JSDoc`.

use syn::{Attribute, Data, DeriveInput, Fields, parse_quote};

use crate::attr;

/// Adds `@deprecated` to the documentation of what is.
pub(super) fn document(input: &mut DeriveInput) {
    note(&mut input.attrs);
    match &mut input.data {
        Data::Struct(data) => fields(&mut data.fields),
        Data::Enum(data) => {
            for variant in &mut data.variants {
                note(&mut variant.attrs);
                fields(&mut variant.fields);
            }
        }
        Data::Union(_) => {}
    }
}

fn fields(fields: &mut Fields) {
    // Others have no names, and no place for documentation.
    if let Fields::Named(fields) = fields {
        fields.named.iter_mut().for_each(|field| note(&mut field.attrs));
    }
}

fn note(attrs: &mut Vec<Attribute>) {
    let Some(note) = attr::deprecated(attrs) else { return };
    if attrs.iter().any(|attr| attr.path().is_ident("doc")) {
        attrs.push(parse_quote!(#[doc = ""]));
    }
    let note = format!(" @deprecated {}", note.value().replace('\n', " "));
    let note = note.trim_end();
    attrs.push(parse_quote!(#[doc = #note]));
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::document;

    #[test]
    fn the_note_stands_behind_the_documentation() {
        let mut input = syn::parse_quote! {
            #[deprecated]
            enum E {
                #[doc = " One."]
                #[deprecated(since = "1", note = "use\n`B`")]
                A { #[deprecated = "gone"] x: u8, y: u8 },
                B(#[deprecated] u8),
            }
        };
        document(&mut input);
        let text = input.to_token_stream().to_string();
        let docs: Vec<_> = text.split("# [doc = ").skip(1).filter_map(|rest| rest.split(']').next()).collect();
        assert_eq!(docs, [r#"" @deprecated""#, r#"" One.""#, r#""""#, r#"" @deprecated use `B`""#, r#"" @deprecated gone""#]);
    }
}
