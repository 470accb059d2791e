//! What the client's file has beside the contract.

use super::part::{Function, Home, Part};

pub(crate) fn socket() -> [Part; 2] {
    let at = Function {
        docs: Vec::new(),
        name: "_at".to_owned(),
        generics: String::new(),
        params: vec!["url: string".to_owned(), "path: string".to_owned()],
        returns: "string".to_owned(),
        body: "  return url.replace(/\\/+$/, \"\") + path;\n".to_owned(),
    };
    [Part::types(Home::Support, include_str!("support.ts")), at.part(Home::Support)]
}
