//! Values that are nearly right: one member less, or one value of another kind.

use serde_json::{Value, json};

/// The text that takes the place of other values.
pub const TEXT: &str = "seven";

/// The list that does.
pub fn list() -> Value {
    json!([7])
}

/// All mutations of a value by one step.
pub fn all(value: &Value) -> Vec<Value> {
    let mut out = replaced(value);
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                out.extend(all(item).into_iter().map(|item| with(value, |array| array[i] = item)));
            }
            if !items.is_empty() {
                out.push(items[1..].into());
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                out.extend(all(member).into_iter().map(|member| with(value, |object| object[name] = member)));
                let mut less = members.clone();
                less.remove(name);
                out.push(less.into());
            }
        }
        _ => {}
    }
    out
}

fn with(value: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut value = value.clone();
    change(&mut value);
    value
}

/// Values of other kinds in place of this one.
fn replaced(value: &Value) -> Vec<Value> {
    let kinds = [json!(null), json!(true), json!(7), json!(TEXT), json!({ "7": 7 }), list()];
    let other = |kind: &Value| std::mem::discriminant(kind) != std::mem::discriminant(value);
    kinds.into_iter().filter(other).collect()
}
