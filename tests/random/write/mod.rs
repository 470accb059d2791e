//! Contracts as Rust source: the same seed always yields the same.

mod events;
mod mistakes;
mod payloads;
pub(crate) mod random;
mod types;
mod words;

use random::Random;
use words::Words;

/// A payload that has been written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decl {
    name: String,
    generic: bool,
    /// Derives `Ord` and `Hash`.
    ord: bool,
    /// Derives `Default`.
    default: bool,
    /// May be a map's key.
    key: bool,
    /// Is always an object that may be a part of another.
    object: bool,
    /// The payloads whose members are its own, and itself.
    inside: Vec<String>,
}

pub(crate) struct Writer {
    seed: u64,
    random: Random,
    out: String,
    done: Vec<Decl>,
    /// Those that are not generic and come later.
    ahead: Vec<String>,
    only: usize,
    /// Whether maps may have numbers for keys. Serde does not read them in what it reads through a buffer, where they are strings: enums with a
    /// tag inside or without one, and what is flattened.
    has_numeric_keys: bool,
    field_words: Words,
    field_names: Words,
    variants: Words,
    variant_names: Words,
    type_names: Words,
    tags: Words,
    event_words: Words,
    event_names: Words,
    mistake: Option<&'static str>,
}

/// The source of one contract.
pub(crate) fn contract(seed: u64) -> String {
    let mut writer = Writer {
        seed,
        random: Random::new(seed),
        out: String::new(),
        done: Vec::new(),
        ahead: Vec::new(),
        only: 0,
        has_numeric_keys: seed.is_multiple_of(3),
        field_words: Words::new(words::FIELDS, "field_"),
        field_names: Words::new(words::FIELD_NAMES, "renamed "),
        variants: Words::new(words::VARIANTS, "Variant"),
        variant_names: Words::new(words::VARIANT_NAMES, "variant "),
        type_names: Words::new(words::TYPE_NAMES, "Renamed"),
        tags: Words::new(words::TAGS, "tag"),
        event_words: Words::new(words::EVENTS, "event_"),
        event_names: Words::new(words::EVENT_NAMES, "event "),
        mistake: None,
    };
    let count = 4 + writer.random.below(5);
    let plan: Vec<_> = (0..count).map(|i| (format!("P{i}"), writer.random.chance(12))).collect();
    writer.ahead = plan.iter().filter(|(_, generic)| !generic).map(|(name, _)| name.clone()).collect();
    for (name, generic) in plan {
        writer.payload(name, generic);
    }
    writer.events();
    writer.out
}
