//! See the library.

fn main() -> clients::Result<()> {
    clients::run(None)
}
