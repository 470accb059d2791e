//! Pieces of generated code, and the three languages that each is written in.

use super::layout::{call, jsdoc};

/// What a piece is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    TypeScript,
    JavaScript,
    /// `.d.ts`
    Declarations,
}

/// Which file of a folder a piece belongs into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Home {
    Types,
    Events,
    Calls,
    Support,
    Paths,
    /// The n-th namespace.
    Space(usize),
    Index,
}

/// A piece, in every language.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) home: Home,
    typescript: String,
    /// Empty for types.
    javascript: String,
    declarations: String,
}

impl Part {
    pub(crate) fn types(home: Home, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { home, javascript: String::new(), declarations: text.clone(), typescript: text }
    }

    /// The three are what the compiler makes of the first: `tests/typescript` compares.
    pub(crate) fn written(home: Home, typescript: &str, javascript: &str, declarations: &str) -> Self {
        // What has nothing to declare is a file with an empty line.
        let text = |text: &str| if text.trim().is_empty() { String::new() } else { text.to_owned() };
        Self { home, typescript: text(typescript), javascript: text(javascript), declarations: text(declarations) }
    }

    pub(crate) fn text(&self, language: Language) -> &str {
        match language {
            Language::TypeScript => &self.typescript,
            Language::JavaScript => &self.javascript,
            Language::Declarations => &self.declarations,
        }
    }
}

/// A function whose body has no types in it.
pub(crate) struct Function {
    pub(crate) docs: Vec<String>,
    pub(crate) name: String,
    /// `<T>`, or nothing.
    pub(crate) generics: String,
    /// With their types.
    pub(crate) params: Vec<String>,
    pub(crate) returns: String,
    /// Indented.
    pub(crate) body: String,
}

impl Function {
    /// Exported, unless its name says that it is private.
    pub(crate) fn part(&self, home: Home) -> Part {
        let private = self.name.starts_with('_');
        let export = if private { "" } else { "export " };
        let docs = jsdoc(&self.docs, 0);
        let (name, generics, body) = (&self.name, &self.generics, &self.body);
        let bare: Vec<_> = self.params.iter().map(|param| bare(param).to_owned()).collect();
        let returns = &self.returns;
        let typed = format!("{export}function {name}{generics}");
        let typescript = call(&typed, &self.params, &format!(": {returns} {{\n{body}}}\n"), 0);
        let javascript = call(&format!("{export}function {name}"), &bare, &format!(" {{\n{body}}}\n"), 0);
        let declared = format!("{export}declare function {name}{generics}");
        let declarations = call(&declared, &self.params, &format!(": {returns};\n"), 0);
        // Nobody imports what is private.
        let declarations = if private { String::new() } else { docs.clone() + &declarations };
        Part::written(home, &(docs.clone() + &typescript), &(docs + &javascript), &declarations)
    }
}

/// The name of a parameter.
fn bare(param: &str) -> &str {
    let name = param.split(':').next().unwrap_or(param);
    name.strip_suffix('?').unwrap_or(name)
}
