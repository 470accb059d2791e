//! Random contracts, and whether what the generator writes of them is true.
//!
//! `build.rs` writes them, from the seeds `ACKORD_SEED` to `ACKORD_SEED + ACKORD_CONTRACTS - 1`. The test checks random values of everything
//! that they carry against the schemas; the program writes the typings and the same values as TypeScript, for a compiler to check.
//!
//! A campaign: `ACKORD_SEED=1000 ACKORD_CONTRACTS=100 cargo test -p random-contracts`, and then with the same variables
//! `cargo run -p random-contracts -- FOLDER`.

#![allow(uncommon_codepoints, reason = "names are random")]

mod contract;
mod document;
#[allow(unreachable_pub, reason = "a test has the module, too")]
mod mutate;
mod place;
#[allow(dead_code, reason = "the build script has the module, too")]
#[path = "../write/random.rs"]
mod random;
mod sample;
pub mod typescript;

pub use contract::{Checked, Contract};
pub use place::{Part, Place};
pub use sample::{Sample, Source};

/// What a contract's source names.
mod prelude {
    #[allow(unused_imports, reason = "they may not occur")]
    pub(crate) use std::{
        borrow::Cow,
        collections::{BTreeMap, BTreeSet, HashMap, HashSet},
        net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4},
        num::{NonZeroI16, NonZeroU8, NonZeroU32},
        ops::{Range, RangeInclusive},
        path::PathBuf,
        sync::Arc,
    };

    pub(crate) use ackord::{Binary, Events, Namespace, SafeInt, Stream, events, payload};

    pub(crate) use crate::{Contract, Part, Place, Sample, Source};
}

#[allow(
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_snake_case,
    non_camel_case_types,
    unreachable_pub,
    unused_imports,
    unused_variables,
    clippy::all,
    clippy::pedantic,
    reason = "written by chance"
)]
mod contracts {
    use crate::Contract;

    include!(concat!(env!("OUT_DIR"), "/contracts.rs"));
}

pub use contracts::all;
