//! What the compiler says to a user, for each mistake, and what has to compile wherever it is written.
//!
//! `TRYBUILD=overwrite cargo test -p ackord-macros --test ui` writes the messages anew; read the difference.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/fail/*.rs");
    cases.pass("tests/ui/pass/*.rs");
}
