//! What the compiler says where the code generator is on. `TRYBUILD=overwrite cargo test -p ackord-codegen --test ui` writes it anew.

#[test]
fn ui() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
