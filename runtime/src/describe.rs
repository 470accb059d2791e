//! What the code generator learns of a contract (feature `codegen`).

/// Collects the events of one set.
#[derive(Debug, Default)]
pub struct Describer {}
