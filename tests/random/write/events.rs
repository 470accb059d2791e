//! Event traits, the namespace, and the list of all that goes over the wire.

use std::fmt::Write as _;

use super::{Writer, words};

/// Where the emitter or the handler is at the type level: the trait, and the direction's name in the schema.
const SETS: [(&str, &str); 2] = [("Server", "clientToServer"), ("Client", "serverToClient")];

impl Writer {
    pub(crate) fn events(&mut self) {
        let mistake = self.mistake();
        let mut places = String::new();
        for (set, direction) in SETS {
            self.set(set, direction, &mut places);
        }
        let seed = self.seed;
        let path = match self.random.below(4) {
            0 => format!("/s{seed}-{{id}}"),
            1 => format!("/s{seed}`${{}}\\\\'"),
            _ => format!("/s{seed}"),
        };
        let mut options = String::new();
        let auth = self.pick(|decl| decl.object && !decl.generic).filter(|_| self.random.chance(30));
        if let Some(auth) = auth {
            let _ = write!(options, ", auth = {}", auth.name);
            let _ = writeln!(places, "        Place::of::<{0}>({0:?}, Part::Auth, \"\", \"\"),", auth.name);
        }
        if self.random.chance(30) {
            let denied = self.ty(1).text;
            let _ = write!(options, ", denied = {denied}");
            let _ = writeln!(places, "        Place::of::<{denied}>({denied:?}, Part::Denied, \"\", \"\"),");
        }
        let body = if path.contains("{id}") { " { pub id: u32 }" } else { ";" };
        let path = path.replace("${}", "$");
        let _ = writeln!(
            self.out,
            "#[derive(Namespace, Clone)]\n#[namespace(path = \"{path}\", server = dyn Server, client = dyn Client{options})]\npub struct Space{body}\n"
        );
        let _ = writeln!(
            self.out,
            "pub(crate) fn contract() -> Contract {{\n    Contract {{\n        seed: {seed},\n        path: \"{path}\",\n        mistake: {mistake:?},\n        \
             codegen: |codegen| codegen.namespace::<Space>(),\n        places: vec![\n{places}        ],\n        source: SOURCE,\n    }}\n}}"
        );
    }

    fn set(&mut self, set: &str, direction: &str, places: &mut String) {
        let plain = self.random.chance(15);
        let mut options = Vec::new();
        if plain {
            options.push("ack = \"plain\"".to_owned());
        }
        if self.random.chance(25) {
            options.push(format!("rename_all = {:?}", self.random.one(words::CASES)));
        }
        let _ = writeln!(self.out, "#[events({})]\npub trait {set} {{", options.join(", "));
        let mistaken = self.mistake.filter(|_| set == "Server");
        for i in 0..2 + self.random.below(4) + usize::from(mistaken.is_some()) {
            if mistaken.is_some() && i == 0 {
                self.out.push_str("    async fn mistaken(&self, value: Mistake) -> Mistake;\n");
                continue;
            }
            self.event(direction, plain, i, places);
        }
        self.out.push_str("}\n\n");
    }

    fn event(&mut self, direction: &str, plain: bool, index: usize, places: &mut String) {
        if self.random.chance(30) {
            let text = *self.random.one(words::DOCS);
            let _ = writeln!(self.out, "    #[doc = {text:?}]");
        }
        if self.random.chance(5) {
            let text = *self.random.one(words::DOCS);
            let _ = writeln!(self.out, "    #[deprecated(note = {text:?})]");
        }
        let name = self.event_words.next(&mut self.random);
        let is_stream = self.random.chance(15);
        let mut options = Vec::new();
        // The name on the wire is looked up in the set by its index: cases are the macro's.
        let at =
            format!("<dyn {} as Events>::EVENTS[{index}].name", if direction == "clientToServer" { "Server" } else { "Client" });
        if self.random.chance(30) {
            options.push(format!("rename = {:?}", self.event_names.next(&mut self.random)));
        }
        if is_stream {
            options.push("stream".to_owned());
            options.extend(self.random.chance(40).then(|| "window = 4".to_owned()));
            options.extend(self.random.chance(40).then(|| "overflow = \"latest\"".to_owned()));
        }
        if !options.is_empty() {
            let _ = writeln!(self.out, "    #[event({})]", options.join(", "));
        }
        let mut names = super::Words::new(words::FIELDS, "arg_");
        let mut arguments = String::new();
        let mut place = |ty: &str, part: &str| {
            let _ = writeln!(places, "        Place::of::<{ty}>({ty:?}, Part::{part}, {direction:?}, {at}),");
        };
        for i in 0..self.random.below(5) {
            let (written, owned) = self.argument();
            let _ = write!(arguments, ", {}: {written}", names.next(&mut self.random));
            place(&owned, &format!("Arg({i})"));
        }
        let of = self.ty(0).text;
        let error = self.ty(1).text;
        let result = format!("Result<{of}, {error}>");
        let _ = match self.random.below(6) {
            n if is_stream => {
                place(&of, "Item");
                let bare = n < 3 && !of.starts_with("Result<");
                let item = if bare { &of } else { &result };
                if !bare {
                    place(&error, "End");
                }
                writeln!(self.out, "    fn {name}(&self{arguments}) -> impl Stream<Item = {item}>;")
            }
            0 | 1 => writeln!(self.out, "    fn {name}(&self{arguments});"),
            2 => writeln!(self.out, "    async fn {name}(&self{arguments});"),
            // The trait's own type would be taken for two answers.
            3 if !of.starts_with("Result<") => {
                place(&of, "Answer");
                writeln!(self.out, "    async fn {name}(&self{arguments}) -> {of};")
            }
            _ => {
                place(&of, if plain { "Either(\"answer\")" } else { "Ok" });
                place(&error, if plain { "Either(\"error\")" } else { "Err" });
                writeln!(self.out, "    async fn {name}(&self{arguments}) -> {result};")
            }
        };
    }

    /// An argument as it is written, and as it is owned.
    fn argument(&mut self) -> (String, String) {
        match self.random.below(10) {
            0 => ("&str".into(), "String".into()),
            1 => {
                let of = self.list_item(1).text;
                (format!("&[{of}]"), format!("Vec<{of}>"))
            }
            2 => ("Option<&str>".into(), "Option<String>".into()),
            3 => match self.pick(|decl| !decl.generic) {
                Some(decl) => (format!("&{}", decl.name), decl.name),
                None => ("&bool".into(), "bool".into()),
            },
            4 => {
                let of = self.ty(1).text;
                (format!("Option<{of}>"), format!("Option<{of}>"))
            }
            _ => {
                let of = self.ty(0).text;
                (of.clone(), of)
            }
        }
    }
}
