//! What schemars writes and many readers do not understand.

use schemars::{Schema, transform::transform_subschemas};
use serde_json::{Value, json};

use crate::links;

/// Annotations: they say nothing of what a value has to be.
const ANNOTATIONS: &[&str] =
    &["$ref", "$comment", "title", "description", "default", "deprecated", "examples", "readOnly", "writeOnly"];

/// Puts a `$ref` into an `allOf` if there is more to be said of the value. Readers that know older drafts (zod among them) see nothing
/// but a `$ref`, and would lose the tag of an enum's variant.
pub(super) fn only_references(schema: &mut Schema) {
    transform_subschemas(&mut only_references, schema);
    let Some(members) = schema.as_object_mut() else { return };
    if members.keys().all(|key| ANNOTATIONS.contains(&&**key)) {
        return;
    }
    if let Some(reference) = members.remove("$ref")
        && let Value::Array(all) = members.entry("allOf").or_insert_with(|| json!([]))
    {
        all.push(json!({ "$ref": reference }));
    }
}

/// Takes out of descriptions what other readers of documentation know: the links of rustdoc, and the `@deprecated` of `JSDoc`, for which
/// `deprecated` is there.
pub(super) fn plain_descriptions(schema: &mut Schema) {
    transform_subschemas(&mut plain_descriptions, schema);
    for key in ["title", "description"] {
        if let Some(Value::String(text)) = schema.get_mut(key) {
            *text = links::replace(text, |_| None);
        }
    }
    let Some(Value::String(text)) = schema.get_mut("description") else { return };
    let Some(at) = text.rfind("@deprecated").filter(|&at| at == 0 || text[..at].ends_with("\n\n")) else { return };
    let (docs, note) = (text[..at].trim_end(), text[at..].trim_start_matches("@deprecated").trim());
    *text = match (docs, note) {
        ("", "") => {
            schema.remove("description");
            return;
        }
        (docs, "") => docs.to_owned(),
        ("", note) => format!("Deprecated: {note}"),
        (docs, note) => format!("{docs}\n\nDeprecated: {note}"),
    };
}

#[cfg(test)]
mod tests {
    use schemars::json_schema;

    use super::*;

    #[test]
    fn references_stand_alone() {
        let mut schema = json_schema!({
            "oneOf": [
                { "$ref": "#/$defs/A", "description": "fine" },
                { "$ref": "#/$defs/B", "required": ["kind"] },
            ],
        });
        only_references(&mut schema);
        let want = json_schema!({
            "oneOf": [
                { "$ref": "#/$defs/A", "description": "fine" },
                { "allOf": [{ "$ref": "#/$defs/B" }], "required": ["kind"] },
            ],
        });
        assert_eq!(schema, want);
    }

    #[test]
    fn descriptions_have_no_words_of_other_languages() {
        let mut schema =
            json_schema!({ "properties": { "description": { "description": "an [`Message`], or [it](crate::It)" } } });
        plain_descriptions(&mut schema);
        assert_eq!(schema, json_schema!({ "properties": { "description": { "description": "an `Message`, or it" } } }));
        for (said, plain) in [
            ("One.\n\n@deprecated use B", Some("One.\n\nDeprecated: use B")),
            ("One.\n\n@deprecated", Some("One.")),
            ("@deprecated", None),
            ("See @deprecated", Some("See @deprecated")),
        ] {
            let mut schema = json_schema!({ "description": said });
            plain_descriptions(&mut schema);
            assert_eq!(schema.get("description").and_then(Value::as_str), plain);
        }
    }
}
