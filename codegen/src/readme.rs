//! The README, as doc tests.
#![doc = include_str!("../../README.md")]
