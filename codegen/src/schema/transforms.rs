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

/// Takes the links of rustdoc out of descriptions.
pub(super) fn without_links(schema: &mut Schema) {
    transform_subschemas(&mut without_links, schema);
    for key in ["title", "description"] {
        if let Some(Value::String(text)) = schema.get_mut(key) {
            *text = links::replace(text, |_| None);
        }
    }
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
    fn descriptions_have_no_links() {
        let mut schema =
            json_schema!({ "properties": { "description": { "description": "an [`Message`], or [it](crate::It)" } } });
        without_links(&mut schema);
        assert_eq!(schema, json_schema!({ "properties": { "description": { "description": "an `Message`, or it" } } }));
    }
}
