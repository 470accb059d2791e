//! Names: which ones TypeScript accepts, which ones mean something already, and how Rust's become TypeScript's.

use super::TypeScript;

/// Words that cannot name a parameter, in strict mode; `this` can, but swallows the argument.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else",
    "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements", "import", "in",
    "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public", "return", "static", "super",
    "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with", "yield",
];

/// Types that have no declaration and cannot get one.
#[rustfmt::skip]
const BUILT_IN: &[&str] = &[
    "any", "bigint", "boolean", "never", "number", "object", "string", "symbol", "undefined", "unknown", "as", "keyof", "infer",
];

/// Globals of the language and its standard library. Those of browsers are left out: `Event`, `File` or `Notification` are good names
/// for a payload, and nobody who imports one is surprised.
#[rustfmt::skip]
const GLOBALS: &[&str] = &[
    "AggregateError", "Array", "ArrayBuffer", "ArrayBufferView", "AsyncGenerator", "AsyncIterable", "AsyncIterator", "Atomics",
    "Awaited", "BigInt", "BigInt64Array", "BigUint64Array", "Boolean", "Buffer", "Capitalize", "ConstructorParameters",
    "DataView", "Date", "Error", "EvalError", "Exclude", "Extract", "Float32Array", "Float64Array", "Function", "Generator",
    "Infinity", "InstanceType", "Int16Array", "Int32Array", "Int8Array", "Intl", "Iterable", "Iterator", "IteratorResult",
    "IteratorReturnResult", "JSON", "Lowercase",
    "Map", "Math", "NaN", "NoInfer", "NonNullable", "Number", "Object", "Omit", "OmitThisParameter", "Parameters", "Partial",
    "Pick", "Promise", "PromiseLike", "PropertyKey", "Proxy", "RangeError", "Readonly", "ReadonlyArray", "ReadonlyMap",
    "ReadonlySet", "Record", "ReferenceError", "Reflect", "RegExp", "Required", "ReturnType", "Set", "SharedArrayBuffer",
    "String", "Symbol", "SyntaxError", "ThisType", "TypeError", "URIError", "Uint16Array", "Uint32Array", "Uint8Array",
    "Uint8ClampedArray", "Uncapitalize", "Uppercase", "WeakMap", "WeakRef", "WeakSet", "globalThis",
];

/// What every generated file declares or imports itself. Its private types begin with `_`.
#[rustfmt::skip]
const OWN: &[&str] = &[
    "Ack", "Binary", "BinaryInput", "ConnectOptions", "Fault", "FaultCode", "ManagerOptions", "Namespaces", "Socket", "SocketOptions",
    "StreamEnd", "Subscribed", "TypedSocket", "io", "paths", "_AckNames", "_Args", "_Auth", "_Fn", "_Res", "_Strict", "_Timed", "_at",
];

/// What it declares beyond that if it has a client with methods.
const OF_CLIENT: &[&str] = &["Answer", "Call", "CallError", "Lost", "Outcome", "Subscription", "Tried"];
/// And for a server.
const OF_SERVER: &[&str] = &["Connection"];

/// Why a type cannot have a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// TypeScript does not accept it.
    Invalid,
    /// It would hide a global.
    Global,
    /// The generated file needs it.
    Own,
}

/// Whether a type can be declared as `name`.
pub(crate) fn check_type_name(name: &str, options: TypeScript) -> Result<(), Unusable> {
    if !is_identifier(name) || RESERVED.contains(&name) || BUILT_IN.contains(&name) {
        return Err(Unusable::Invalid);
    }
    if GLOBALS.contains(&name) {
        return Err(Unusable::Global);
    }
    let more = if options.is_server() { OF_SERVER } else { OF_CLIENT };
    let own = is_own(name) || ((options.client || options.is_server()) && more.contains(&name));
    if own { Err(Unusable::Own) } else { Ok(()) }
}

/// Whether it is declared in every generated file, whatever the contract.
pub(crate) fn is_own(name: &str) -> bool {
    OWN.contains(&name)
}

/// Whether `name` can be the name of a type, as far as Rust lets it be one.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    let starts = |c: char| c.is_alphabetic() || c == '_' || c == '$';
    chars.next().is_some_and(starts) && chars.all(|c| starts(c) || c.is_numeric())
}

/// Whether `name` needs no quotes as a property. Beyond ASCII it may or may not: which letters JavaScript takes is a long list.
pub(crate) fn is_plain(name: &str) -> bool {
    name.is_ascii() && is_identifier(name)
}

/// `name` as the key of a property.
pub(crate) fn key(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { string(name) }
}

/// `text` as a string literal.
pub(crate) fn string(text: &str) -> String {
    let escaped = |out: String, c: char| match c {
        '"' | '\\' => out + "\\" + c.encode_utf8(&mut [0; 4]),
        '\n' => out + "\\n",
        c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => out + &format!("\\u{:04x}", u32::from(c)),
        c => out + c.encode_utf8(&mut [0; 4]),
    };
    text.chars().fold("\"".to_owned(), escaped) + "\""
}

/// Names for the parameters of one function: `names` without reserved words, without `taken` and without repetition.
pub(crate) fn parameters<'a>(names: impl Iterator<Item = &'a str>, taken: Option<&str>) -> Vec<String> {
    let mut all: Vec<String> = taken.map(str::to_owned).into_iter().collect();
    let fixed = all.len();
    for name in names {
        let mut name = name.strip_prefix("r#").unwrap_or(name).to_owned();
        while RESERVED.contains(&&*name) || all.contains(&name) {
            name.push('_');
        }
        all.push(name);
    }
    all.split_off(fixed)
}

/// `ChatRoom` → `chatRoom`, `HTTPApi` → `httpApi`.
pub(crate) fn camel(name: &str) -> String {
    let upper = name.chars().take_while(|c| c.is_uppercase()).count();
    // The last of several capitals begins the next word.
    let lower = if upper > 1 && upper < name.chars().count() { upper - 1 } else { upper };
    name.chars().take(lower).flat_map(char::to_lowercase).chain(name.chars().skip(lower)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names_are_checked() {
        for good in ["Message", "Event", "Call", "Größe", "_x", "$"] {
            assert_eq!(check_type_name(good, TypeScript::default()), Ok(()), "{good}");
        }
        let bad = [
            (Unusable::Invalid, &["", "1a", "a-b", "class", "string", "a b"][..]),
            (Unusable::Global, &["Error", "Array", "IteratorResult"]),
            (Unusable::Own, &["Ack", "Call", "Socket"]),
        ];
        for (why, names) in bad {
            for name in names {
                assert_eq!(check_type_name(name, TypeScript::default().client(true)), Err(why), "{name}");
            }
        }
    }

    #[test]
    fn parameters_are_usable_and_distinct() {
        let names = ["this", "r#in", "in_", "room", "ack", "r#await"];
        assert_eq!(parameters(names.into_iter(), Some("ack")), ["this_", "in_", "in__", "room", "ack_", "await_"]);
        assert_eq!(parameters(["ack"].into_iter(), None), ["ack"]);
    }

    #[test]
    fn strings_and_keys_are_quoted() {
        assert_eq!(key("joinRoom"), "joinRoom");
        assert_eq!(key("file:put"), "\"file:put\"");
        assert_eq!(key("constructor"), "constructor");
        assert_eq!(key("m²"), "\"m²\"");
        assert_eq!(string("a\"\\\n\u{1}\u{2028}é"), "\"a\\\"\\\\\\n\\u0001\\u2028é\"");
    }

    #[test]
    fn names_become_camel_case() {
        for (name, want) in
            [("Chat", "chat"), ("ChatRoom", "chatRoom"), ("HTTPApi", "httpApi"), ("API", "api"), ("A", "a"), ("Éa", "éa")]
        {
            assert_eq!(camel(name), want);
        }
    }
}
