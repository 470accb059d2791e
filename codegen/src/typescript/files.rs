//! Puts pieces into one file or many, with the imports that they need.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
};

use super::{
    TypeScript,
    names::camel,
    part::{Home, Language, Part},
    scan::{Declared, comments, declared, export_private, mentions},
};
use crate::{
    contract::Space,
    links::{self, Link},
};

const HEADER: &str = include_str!("header.ts");

/// What comes from packages: the name, how it is imported, from where, and whether it is more than a type.
type Foreign = (&'static str, &'static str, &'static str, bool);

const CLIENT: [Foreign; 5] = [
    ("Buffer", "Buffer", "node:buffer", false),
    ("io", "io", "socket.io-client", true),
    ("ManagerOptions", "ManagerOptions", "socket.io-client", false),
    ("Socket", "Socket", "socket.io-client", false),
    ("SocketOptions", "SocketOptions", "socket.io-client", false),
];
/// Under names that no payload has.
const SERVER: [Foreign; 4] = [
    ("Buffer", "Buffer", "node:buffer", false),
    ("_Namespace", "Namespace as _Namespace", "socket.io", false),
    ("_Server", "Server as _Server", "socket.io", false),
    ("_Socket", "Socket as _Socket", "socket.io", false),
];

/// All pieces in one file, or in one and its declarations.
pub(crate) fn one(parts: &[Part], path: &Path, options: TypeScript) -> Vec<(PathBuf, String)> {
    let file = |&language: &Language| {
        let text = join(parts.iter(), language);
        let imports = imports(&text, language, options, None, &BTreeMap::new(), &[]);
        (named(path, language), finish(&imports, &text, language, false))
    };
    languages(options).iter().map(file).collect()
}

/// A folder of files, with an index.
pub(crate) fn many(parts: &[Part], spaces: &[Space], folder: &Path, options: TypeScript) -> Vec<(PathBuf, String)> {
    let homes: BTreeSet<Home> = parts.iter().map(|part| part.home).chain([Home::Index]).collect();
    let mut names = BTreeMap::new();
    for part in parts {
        for (name, declared) in declared(part.text(Language::TypeScript)) {
            names.entry(name).or_insert((part.home, declared));
        }
    }
    let mut files = Vec::new();
    for &language in languages(options) {
        for &home in &homes {
            let mut text = export_private(&join(parts.iter().filter(|part| part.home == home), language));
            let imports = imports(&text, language, options, Some(home), &names, spaces);
            if home == Home::Index {
                let exports = index(&names, spaces, language, options);
                text += if text.is_empty() { "" } else { "\n" };
                text += &exports;
            }
            if !text.is_empty() {
                let path = folder.join(file_name(home, spaces) + ".ts");
                files.push((named(&path, language), finish(&imports, &text, language, true)));
            }
        }
    }
    files
}

fn languages(options: TypeScript) -> &'static [Language] {
    if options.javascript { &[Language::JavaScript, Language::Declarations] } else { &[Language::TypeScript] }
}

fn named(path: &Path, language: Language) -> PathBuf {
    match language {
        Language::TypeScript => path.to_owned(),
        Language::JavaScript => path.with_extension("js"),
        Language::Declarations => path.with_extension("d.ts"),
    }
}

fn join<'a>(parts: impl Iterator<Item = &'a Part>, language: Language) -> String {
    let texts: Vec<_> = parts.map(|part| part.text(language)).filter(|text| !text.is_empty()).collect();
    texts.join("\n")
}

fn finish(imports: &str, text: &str, language: Language, all_exported: bool) -> String {
    let gap = if imports.is_empty() && text.starts_with("export {") { "" } else { "\n" };
    // Without it, all declarations of such a file are exported.
    let end = if language == Language::Declarations && !all_exported { "\nexport {};\n" } else { "" };
    let names = declared(text);
    let known: BTreeSet<_> = names.iter().map(|(name, _)| &**name).chain(mentions(imports)).collect();
    let text = comments(text, |comment| links::replace(comment, |link| jsdoc_link(link, &known)));
    format!("{HEADER}{imports}{gap}{text}{end}")
}

/// A link to what the file knows.
fn jsdoc_link(link: Link<'_>, known: &BTreeSet<&str>) -> Option<String> {
    let path: Vec<_> = link.path.split("::").collect();
    // Of an event or a field its interface or type has the name, perhaps another one.
    let target = path.iter().rev().take(2).find(|name| known.contains(**name))?;
    let label = if link.is_path() { link.brief() } else { link.text.replace(['`', '}'], "") };
    Some(if label == **target { format!("{{@link {target}}}") } else { format!("{{@link {target} | {label}}}") })
}

/// What is imported from one module: values, and types.
type Imported = (Vec<String>, Vec<String>);

fn imports(
    text: &str,
    language: Language,
    options: TypeScript,
    home: Option<Home>,
    names: &BTreeMap<String, (Home, Declared)>,
    spaces: &[Space],
) -> String {
    let mentioned = mentions(text);
    let foreign = if options.is_server() { &SERVER[..] } else { &CLIENT[..] };
    let mut modules: Vec<(String, Imported)> = Vec::new();
    let mut add = |module: String, name: &str, value: bool| {
        let at = modules.iter().position(|(known, _)| *known == module).unwrap_or_else(|| {
            modules.push((module, Imported::default()));
            modules.len() - 1
        });
        let (values, types) = &mut modules[at].1;
        if value && language != Language::Declarations { values } else { types }.push(name.to_owned());
    };
    for (name, clause, module, value) in foreign {
        if mentioned.contains(name) {
            add((*module).to_owned(), clause, *value);
        }
    }
    for (name, (from, declared)) in names {
        if Some(*from) != home && mentioned.contains(name.as_str()) {
            let module = format!("./{}{}", file_name(*from, spaces), options.extension());
            add(module, name, declared.value);
        }
    }
    modules.sort_by_key(|(module, _)| (module.starts_with('.'), module.clone()));
    let mut out = String::new();
    for (module, (values, types)) in modules {
        for (keyword, names) in [("import", values), ("import type", types)] {
            if !names.is_empty() {
                let _ = writeln!(out, "{keyword} {{ {} }} from \"{module}\";", names.join(", "));
            }
        }
    }
    out
}

/// What the folder exports, by name: nothing becomes public by accident.
fn index(names: &BTreeMap<String, (Home, Declared)>, spaces: &[Space], language: Language, options: TypeScript) -> String {
    let homes: BTreeSet<_> = names.values().map(|(home, _)| *home).filter(|home| *home != Home::Index).collect();
    let mut out = String::new();
    for home in homes {
        for (keyword, value) in [("export", true), ("export type", false)] {
            let of = names.iter().filter(|(name, (from, d))| *from == home && d.value == value && !name.starts_with('_'));
            let list: Vec<_> = of.map(|(name, _)| name.as_str()).collect();
            if !list.is_empty() && (value || language != Language::JavaScript) {
                let module = format!("./{}{}", file_name(home, spaces), options.extension());
                let _ = writeln!(out, "{keyword} {{ {} }} from \"{module}\";", list.join(", "));
            }
        }
    }
    out
}

/// Namespaces come last: one that is called as a file that they share gets another name.
fn file_name(home: Home, spaces: &[Space]) -> String {
    const SHARED: [&str; 6] = ["types", "events", "calls", "support", "paths", "index"];
    match home {
        Home::Space(at) => {
            let name = spaces.get(at).map_or_else(String::new, |space| camel(space.name));
            if SHARED.contains(&&*name) { name + "_" } else { name }
        }
        home => SHARED[match home {
            Home::Types => 0,
            Home::Events => 1,
            Home::Calls => 2,
            Home::Support => 3,
            Home::Paths => 4,
            _ => 5,
        }]
        .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_go_to_what_the_file_knows() {
        let text = "/** [`Message`], [`crate::Server::send()`], [it](super::Message), [`Other`], [one more](Other). */\n\
                    export type Message = \"[`Message`]\";\n";
        let told = finish("import type { Server } from \"./events\";\n", text, Language::TypeScript, true);
        let want = "/** {@link Message}, {@link Server | Server::send}, {@link Message | it}, `Other`, one more. */\n\
                    export type Message = \"[`Message`]\";\n";
        assert_eq!(told.split_once("\n\n").map(|(_, text)| text), Some(want));
    }
}
