//! Real values against the types that are generated for them.
//!
//! Random values of every payload in [`zoo`] are written by serde into a file of TypeScript, each with `satisfies` and its type; values
//! that serde refuses to read follow, each with `@ts-expect-error`. `tests/typescript` compiles the file. `UPDATE_FIXTURES=1 cargo test -p
//! ackord-codegen` writes it; `ACKORD_VALUES=500` with it writes so many values of each type, for an exhaustive run by hand.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    missing_debug_implementations,
    reason = "payloads are written as in a crate of their own"
)]

mod mutate;
mod sample;
mod zoo;

use std::{env, fmt::Write as _, fs, path::PathBuf};

use ackord::{Namespace, events};
use ackord_codegen::{Codegen, TypeScript};
use sample::Sample;
use zoo::*;

macro_rules! table {
    ($($event:ident: $ty:ty),* $(,)?) => {
        #[events]
        pub trait Zoo {
            $(async fn $event(&self, value: $ty) -> $ty;)*
        }

        fn samples(count: usize) -> Vec<Sample> {
            vec![$(sample::of::<$ty>(stringify!($ty), count)),*]
        }
    };
}

table! {
    named: Named,
    newtype: Newtype,
    tuple: Tuple,
    unit: Unit,
    empty_named: EmptyNamed,
    empty_tuple: EmptyTuple,
    generic: Generic<Named>,
    recursive: Recursive,
    camel_case: CamelCase,
    screaming: Screaming,
    transparent_named: TransparentNamed,
    transparent_struct: TransparentStruct,
    transparent_with_marker: TransparentWithMarker,
    transparent_tuple: TransparentTuple,
    into_from: IntoFrom,
    try_from_into: TryFromInto,
    container_default: ContainerDefault,
    deny_unknown: DenyUnknown,
    tagged_struct: TaggedStruct,
    renamed_container: RenamedContainer,
    bound: Bound<u8>,
    expecting: Expecting,
    repr: Repr,
    by_hand: ByHand,
    renamed_field: RenamedField,
    skipped_field: SkippedField,
    skip_if_none: SkipIfNone,
    skip_if_default: SkipIfDefault,
    defaults: Defaults,
    aliased: Aliased,
    with: With,
    with_functions: WithFunctions,
    int64_strings: Int64Strings,
    remote: Remote,
    flattened: Flattened,
    flattened_map: FlattenedMap,
    flattened_json: FlattenedJson,
    units: Units,
    external: External,
    internal: Internal,
    adjacent: Adjacent,
    untagged: Untagged,
    other: Other,
    partly_untagged: PartlyUntagged,
    skipped_variants: SkippedVariants,
    nested: Nested,
    numbers: Numbers,
    texts: Texts,
    pointers: Pointers,
    options: Options,
    sequences: Sequences,
    maps: Maps,
    json: Json,
    chrono: Chrono,
    time: Time,
    uuid: Uuid,
    url: Url,
    decimal: Decimal,
    index_map: IndexMap,
    std_duration: StdDuration,
}

#[derive(Namespace, Clone)]
#[namespace(path = "/zoo", server = dyn Zoo)]
pub struct Keeper;

fn zoo_file() -> Codegen {
    Codegen::new().namespace::<Keeper>().typescript("tests/fixtures/zoo.ts", TypeScript::default())
}

#[test]
fn types_are_current() {
    if env::var_os("UPDATE_FIXTURES").is_some() {
        zoo_file().write().unwrap();
    }
    zoo_file().check().unwrap();
}

#[test]
fn values_are_current() {
    let count = env::var("ACKORD_VALUES").map_or(4, |count| count.parse().unwrap());
    let text = render(&samples(count));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/typescript/use/values.ts");
    if env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == text, "{} is out of date: run with UPDATE_FIXTURES=1", path.display());
}

fn render(samples: &[Sample]) -> String {
    let mut out = "// Written by `cargo test -p ackord-codegen --test values`: what serde writes, and what it refuses to read.\n\
                   import type * as zoo from \"../../fixtures/zoo.ts\";\n"
        .to_owned();
    for sample in samples {
        let ty = sample.typescript();
        let _ = writeln!(out, "\n// {ty}");
        for value in &sample.good {
            let _ = writeln!(out, "void ({value} satisfies {ty});");
        }
        for value in &sample.bad {
            let _ = writeln!(out, "// @ts-expect-error\nvoid ({value} satisfies {ty});");
        }
    }
    out
}
