//! `inspect` driven from outside: what it takes as a source, what it leaves out, and how it ends.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests drive the binary from outside"
)]

#[path = "../support/mod.rs"]
mod support;

mod arithmetic;
mod certificates;
mod directories;
mod exits;
mod findings;
mod fixtures;
mod ignoring;
mod known_keys;
mod listing;
mod serving;
mod tokens;
