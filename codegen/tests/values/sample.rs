//! Values of one type.

use ackord::Payload;
use arbitrary::{Arbitrary, Unstructured};
use jsonschema::Validator;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

use crate::mutate;

/// Types that have strings of a form of their own, which is no type in TypeScript.
const FORMS: [&str; 9] = ["Chrono", "Decimal", "Int64Strings", "Texts", "Time", "Url", "Uuid", "With", "WithFunctions"];

/// What serde writes of a type, and near it what serde does not read.
pub struct Sample {
    /// The type in Rust.
    pub name: &'static str,
    /// Values as serde writes them.
    pub good: Vec<Value>,
    /// Values that it refuses.
    pub bad: Vec<Value>,
}

impl Sample {
    /// The type in TypeScript.
    pub fn typescript(&self) -> String {
        let name = match self.name {
            "RenamedContainer" => "Renamed",
            "Generic<Named>" => return "zoo.Generic<zoo.Named>".to_owned(),
            "Bound<u8>" => return "zoo.Bound<number>".to_owned(),
            name => name,
        };
        format!("zoo.{name}")
    }
}

/// Up to `count` different values; with the same arguments always the same.
pub fn of<T: Payload + JsonSchema + PartialEq + for<'a> Arbitrary<'a>>(name: &'static str, count: usize) -> Sample {
    let mut random =
        Random(name.bytes().fold(0x9e37_79b9_7f4a_7c15, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)));
    let (sent, received) =
        (validator::<T>(SchemaSettings::default().for_serialize()), validator::<T>(SchemaSettings::default().for_deserialize()));
    let mut sample = Sample { name, good: Vec::new(), bad: Vec::new() };
    for _ in 0..count * 8 {
        if sample.good.len() == count {
            break;
        }
        let bytes: Vec<u8> = (0..64 + random.below(64)).map(|_| random.next() as u8).collect();
        let Ok(value) = T::arbitrary(&mut Unstructured::new(&bytes)) else { continue };
        let json = serde_json::to_value(&value).expect("a payload");
        let back = serde_json::from_value::<T>(json.clone())
            .unwrap_or_else(|e| panic!("{name} does not read what it writes: {e}: {json}"));
        let again = serde_json::to_value(&back).expect("a payload");
        assert_eq!(again, json, "{name} is read as something else");
        for schema in [&sent, &received] {
            schema.validate(&json).unwrap_or_else(|e| panic!("the schema of {name} refuses {json}: {e}"));
        }
        if !sample.good.contains(&json) {
            sample.bad(&mut random, &json, |json| serde_json::from_value::<T>(json.clone()).is_err());
            sample.good.push(json);
        }
    }
    assert!(!sample.good.is_empty(), "no value of {name}");
    // What is described by TypeScript alone has a schema that allows anything.
    for bad in sample.bad.iter().filter(|_| !["StdDuration", "WithFunctions"].contains(&name)) {
        assert!(!received.is_valid(bad), "the schema of {name} allows {bad}");
    }
    sample
}

fn validator<T: JsonSchema>(settings: SchemaSettings) -> Validator {
    let schema = settings.into_generator().into_root_schema_for::<T>();
    jsonschema::validator_for(schema.as_value()).expect("a schema")
}

impl Sample {
    /// Adds a few mutations of a value that serde refuses.
    fn bad(&mut self, random: &mut Random, json: &Value, is_refused: impl Fn(&Value) -> bool) {
        // An array has numbers for keys, so that it is an object with such keys in TypeScript.
        let form = |bad: &Value| {
            self.name == "Maps" && bad.to_string().contains(&mutate::list().to_string())
                || FORMS.contains(&self.name) && bad.to_string().contains(mutate::TEXT)
        };
        let refused = |bad: &Value| is_refused(bad) && !form(bad) && !self.bad.contains(bad);
        let mut mutations: Vec<_> = mutate::all(json).into_iter().filter(refused).collect();
        for _ in 0..2.min(mutations.len()) {
            let chosen = random.below(mutations.len());
            self.bad.push(mutations.swap_remove(chosen));
        }
    }
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}
