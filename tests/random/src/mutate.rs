//! Values that are nearly right.

#[path = "../../../codegen/tests/values/mutate.rs"]
mod by_one_step;

use serde_json::Value;

use crate::random::Random;

/// Up to `count` values that differ from `value` by one step, with the same attachments: any value may stand for one. So what is `null` stays
/// `null` if it may be one.
pub(crate) fn some(value: &Value, random: &mut Random, count: usize, has_attachments: bool) -> Vec<Value> {
    if count == 0 {
        return Vec::new();
    }
    let mut all = by_one_step::all(value);
    let attachments = attachments(value);
    let nulls = nulls(value);
    all.retain(|other| self::attachments(other) == attachments && (!has_attachments || self::nulls(other) >= nulls));
    (0..count.min(all.len())).map(|_| all.swap_remove(random.below(all.len()))).collect()
}

/// How many `null`s there are.
fn nulls(value: &Value) -> usize {
    match value {
        Value::Null => 1,
        Value::Object(members) => members.values().map(nulls).sum(),
        Value::Array(items) => items.iter().map(nulls).sum(),
        _ => 0,
    }
}

/// How many placeholders there are.
fn attachments(value: &Value) -> usize {
    match value {
        Value::Object(members) if members.get("_placeholder") == Some(&true.into()) => usize::from(members.contains_key("num")),
        Value::Object(members) => members.values().map(attachments).sum(),
        Value::Array(items) => items.iter().map(attachments).sum(),
        _ => 0,
    }
}

/// Whether a value has the text that takes the place of others.
pub(crate) fn has_text(value: &Value) -> bool {
    value.to_string().contains(by_one_step::TEXT)
}

/// Whether a value has what takes the place of others and has numbers for keys, as lists and texts do in TypeScript.
pub(crate) fn is_indexed(value: &Value) -> bool {
    has_text(value) || value.to_string().contains(&by_one_step::list().to_string())
}
