//! Contracts and their values as files of TypeScript.

use std::{fmt::Write as _, fs, io, path::Path};

use ackord_codegen::TypeScript;
use serde_json::Value;

use crate::{Contract, Part, Place, mutate};

/// Writes a contract into `folder`: its typings for both sides, and a file in which values satisfy them.
///
/// # Errors
/// A file cannot be written.
pub fn write(contract: &Contract, folder: &Path, count: usize) -> io::Result<()> {
    let name = format!("s{}", contract.seed);
    let page = TypeScript::default().client(true);
    let codegen = contract.generator().typescript(folder.join(format!("{name}.ts")), page);
    let codegen = codegen.typescript(folder.join(format!("{name}.server.ts")), TypeScript::server());
    codegen.write().map_err(io::Error::other)?;
    fs::write(folder.join(format!("{name}.values.ts")), values(contract, count).map_err(io::Error::other)?)
}

fn values(contract: &Contract, count: usize) -> Result<String, String> {
    let mut out = format!("import type * as c from \"./s{}.ts\";\n{HELPERS}\n", contract.seed);
    let mut written = String::new();
    let has_numeric_maps = NUMERIC_MAPS.iter().any(|map| contract.source.contains(map));
    for (index, values) in contract.values(count)?.into_iter().enumerate() {
        let place = values.place;
        // An answer without a value is `void`.
        if place.ty == "()" {
            continue;
        }
        let _ = writeln!(
            written,
            "\n// {:?} of {:?}: {}\ntype T{index} = {};",
            place.part,
            place.event,
            place.ty,
            ty(contract, place)
        );
        for wire in &values.good {
            let _ = writeln!(written, "void ({} satisfies T{index});", literal(place, &wire.json));
        }
        // What is no answer may be an error; and a list or a string has numbers for keys, so that it is a map of them.
        let is_taken = |bad: &Value| matches!(place.part, Part::Either(_)) || has_numeric_maps && mutate::is_indexed(bad);
        for bad in values.bad.iter().filter(|bad| !is_taken(bad)) {
            let _ = writeln!(written, "// @ts-expect-error\nvoid ({} satisfies T{index});", literal(place, bad));
        }
    }
    out.push_str(&written);
    Ok(out)
}

const HELPERS: &str = "type Last<T extends Array<any>> = T extends [...Array<any>, infer L extends (...args: Array<any>) => any] ? Parameters<L>[0] : never;\n\
                       export type Unused = Last<[]>;\n\
                       const bytes = new ArrayBuffer(1);\nvoid bytes;";

/// Maps with numbers for keys.
const NUMERIC_MAPS: [&str; 4] = ["Map<u", "Map<i", "Map<NonZero", "Map<SafeInt"];

/// The type of a place, by its way from the interfaces of the events.
fn ty(contract: &Contract, place: &Place) -> String {
    let set = if place.direction == "clientToServer" { "Server" } else { "Client" };
    let event = |suffix: &str| Value::from(format!("{}{suffix}", place.event)).to_string();
    match place.part {
        Part::Arg(index) => format!("Parameters<c.{set}[{}]>[{index}]", event("")),
        Part::Answer | Part::Ok | Part::Err | Part::Either(_) => format!("Last<Parameters<c.{set}[{}]>>", event("")),
        Part::Item => format!("Parameters<c.{set}Items[{}]>[1]", event(":next")),
        Part::End => format!("Parameters<c.{set}Items[{}]>[1]", event(":end")),
        Part::Auth => format!("c.Namespaces[{}][\"auth\"]", Value::from(contract.path)),
        Part::Denied => format!("c.Namespaces[{}][\"denied\"]", Value::from(contract.path)),
    }
}

fn literal(place: &Place, value: &Value) -> String {
    // To TypeScript it ends a line, and the line above is about the next one.
    let text = expression(value).replace('\u{2028}', "\\u2028");
    match place.part {
        Part::Ok => format!("{{ ok: true, value: {text} }}"),
        Part::Err | Part::End => format!("{{ ok: false, error: {text} }}"),
        _ => text,
    }
}

fn expression(value: &Value) -> String {
    match value {
        Value::Object(members) if members.get("_placeholder") == Some(&true.into()) => "bytes".to_owned(),
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(name, value)| format!("{}: {}", Value::from(&**name), expression(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(expression).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}
