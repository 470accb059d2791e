//! The macros of [ackord](https://docs.rs/ackord).
