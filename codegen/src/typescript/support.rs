//! What the client's file has beside the contract.

use super::part::{Function, Home, Part};

pub(crate) fn socket() -> [Part; 2] {
    let at = Function {
        docs: Vec::new(),
        name: "_at".to_owned(),
        generics: String::new(),
        params: vec!["url: string".to_owned(), "path: string".to_owned()],
        returns: "string".to_owned(),
        body: concat!(
            "  // They end a path, in a URL or in a packet: the socket would be in another namespace.\n",
            "  if (/[,?#]/.test(path)) throw new globalThis.Error(`\"${path}\" cannot be the path of a namespace`);\n",
            "  return url.replace(/\\/+$/, \"\") + path;\n",
        )
        .to_owned(),
    };
    [Part::types(Home::Support, include_str!("support.ts")), at.part(Home::Support)]
}
