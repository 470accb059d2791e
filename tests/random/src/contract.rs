//! What is checked of a contract.

use std::fmt::Write as _;

use ackord_codegen::{Codegen, Info, TypeScript};
use serde_json::Value;

use crate::{
    Part, Place, Source,
    document::{Document, Messages},
    mutate,
    place::Wire,
    random::Random,
};

/// A random contract.
#[derive(Debug)]
pub struct Contract {
    /// Of all that is random.
    pub seed: u64,
    /// The namespace's path.
    pub path: &'static str,
    /// How the generator begins to refuse it, if it must.
    pub mistake: Option<&'static str>,
    /// Adds its namespace.
    pub codegen: fn(Codegen) -> Codegen,
    /// All that goes over the wire.
    pub places: Vec<Place>,
    /// Its source.
    pub source: &'static str,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Checked {
    /// The generator refuses it, as it must.
    pub refused: bool,
    /// Values that the schemas take.
    pub good: usize,
    /// Values near them that Rust and the schemas refuse.
    pub bad: usize,
    /// What is wrong.
    pub failures: Vec<String>,
}

/// Values of one place.
#[derive(Debug)]
pub struct Values<'a> {
    /// Where they stand.
    pub place: &'a Place,
    /// What Rust writes.
    pub good: Vec<Wire>,
    /// What Rust does not read, by its kind or form.
    pub bad: Vec<Value>,
}

/// How serde says that a value has another shape, rather than other words or a number out of range.
const SHAPES: [&str; 6] =
    ["invalid type", "missing field", "invalid length", "unknown variant", "unknown field", "did not match any variant"];

/// Whether `bad` is refused whatever texts are in it: a string may be no date, and uuid calls that a length.
fn is_of_shape(why: &str, bad: &Value) -> bool {
    let is_of_words = why.contains("UUID") || why.contains("did not match") && mutate::has_text(bad);
    !is_of_words && SHAPES.iter().any(|shape| why.contains(shape))
}

impl Contract {
    /// The generator with this contract alone.
    pub fn generator(&self) -> Codegen {
        (self.codegen)(Codegen::new())
    }

    /// `count` values of each place.
    ///
    /// # Errors
    /// Rust does not read what it writes.
    pub fn values(&self, count: usize) -> Result<Vec<Values<'_>>, String> {
        // The schema of an enum that reads others as one variant does not say that those are other ones: zod has no `not`.
        let has_others = self.source.contains("serde(other)");
        let values = |(index, place)| {
            let mut source = Source::new(self.seed << 16 | index as u64);
            let mut random = Random::new(self.seed << 16 | index as u64);
            let mut values = Values { place, good: Vec::new(), bad: Vec::new() };
            for _ in 0..count {
                let wire = place.value(&mut source).map_err(|e| format!("{}: a value {e}", Place::told(place)))?;
                // Of a large value, mutations are many, and each takes long to be read.
                let count = if has_others || wire.json.to_string().len() > 2000 { 0 } else { 6 };
                for bad in mutate::some(&wire.json, &mut random, count, self.source.contains("Binary")) {
                    if place.refuses(&wire, &bad).is_some_and(|why| is_of_shape(&why, &bad)) {
                        values.bad.push(bad);
                    }
                }
                values.good.push(wire);
            }
            Ok(values)
        };
        self.places.iter().enumerate().map(values).collect()
    }

    /// Compares what is generated with `count` values of each place.
    pub fn check(&self, count: usize) -> Checked {
        let mut checked = Checked::default();
        if let Err(failure) = self.compare(count, &mut checked) {
            checked.failures.push(failure);
        }
        checked
    }

    fn compare(&self, count: usize, checked: &mut Checked) -> Result<(), String> {
        let render = || {
            let codegen = self.generator().typescript("api.ts", TypeScript::default().client(true));
            let codegen = codegen.typescript_dir("server", TypeScript::server());
            codegen
                .json_schema("api.schema.json")
                .asyncapi("asyncapi.json", Info::new("Random", "1"))
                .lock("api.lock.json")
                .render()
        };
        let files = match (render(), self.mistake) {
            (Ok(_), Some(mistake)) => return Err(format!("is not refused: {mistake}")),
            (Ok(files), None) => files,
            (Err(error), Some(mistake)) if matches!(error.problems(), [only] if only.starts_with(mistake)) => {
                checked.refused = true;
                return Ok(());
            }
            (Err(error), _) => return Err(format!("is refused: {error}")),
        };
        if render().ok().as_ref() != Some(&files) {
            return Err("is written in another way the second time".to_owned());
        }
        let text = |name: &str| files.iter().find(|file| file.path.ends_with(name)).map_or("", |file| &file.text);
        let (document, messages) = (Document::new(text("api.schema.json"))?, Messages::new(text("asyncapi.json"))?);
        for values in self.values(count)? {
            let place = values.place;
            let told = |e| format!("{}: {e}", place.told());
            let schema = document.validator(self.path, place).map_err(told)?;
            let message =
                if let Part::Arg(index) = place.part { Some(messages.validator(place, index).map_err(told)?) } else { None };
            for validator in schema.iter().chain(&message) {
                for wire in &values.good {
                    match validator.validate(&place.around(&wire.json)) {
                        Ok(()) => checked.good += 1,
                        Err(e) => checked.failures.push(format!("{}: the schema refuses {}: {e}", place.told(), wire.json)),
                    }
                }
                for bad in &values.bad {
                    if validator.is_valid(&place.around(bad)) {
                        checked.failures.push(format!("{}: the schema takes {bad}, which Rust does not", place.told()));
                    } else {
                        checked.bad += 1;
                    }
                }
            }
            if schema.is_none() && place.ty != "()" {
                return Err(format!("{}: no schema", place.told()));
            }
        }
        Ok(())
    }
}

impl Checked {
    /// What failed, with all that is needed to see it again.
    pub fn told(&self, contract: &Contract) -> String {
        let mut told = String::new();
        for failure in self.failures.iter().take(8) {
            let _ = writeln!(told, "contract {}: {failure}", contract.seed);
        }
        if !self.failures.is_empty() {
            let seed = contract.seed;
            let _ = writeln!(told, "ACKORD_SEED={seed} ACKORD_CONTRACTS=1 cargo test -p random-contracts\n{}", contract.source);
        }
        told
    }
}

impl Place {
    fn told(&self) -> String {
        format!("{:?} of `{}` ({}): `{}`", self.part, self.event, self.direction, self.ty)
    }
}
