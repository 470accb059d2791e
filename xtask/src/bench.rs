//! `cargo xtask bench`: the budgets of ARCHITECTURE.md, measured.

use crate::{
    Result,
    shell::{cargo, root, show},
};

pub(crate) fn run() -> Result<()> {
    if !root().join("benches").is_dir() {
        return Err("there are no benchmarks in this checkout (no folder `benches`)".to_owned());
    }
    show(cargo(["bench", "--package", "benches"]))
}
