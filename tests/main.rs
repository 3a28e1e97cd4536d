//! The tests that drive the program from outside, and those of the library that are too large to stand beside its
//! code. They are one binary, for to link one for each area takes longer than most tests.
//!
//! An area has a folder, in which lies what its tests read too. A part of the name of a test chooses those that run:
//! `cargo test --test main fetch::` those of an area, `cargo test --test main fetch::refetch::` those of a file.
//!
//! All run side by side in one process. What belongs to it (environment, working folder, umask, signals) no test
//! changes: runs get what they need from `support`, and a test that measures its own process starts another one.

#![allow(
    clippy::disallowed_methods,
    reason = "tests drive the binary from outside, and read and write files"
)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot set itself up fails"
)]

mod support;

mod attacks;
mod batch;
mod cmd;
#[cfg(unix)]
mod convert;
mod documents;
mod fetch;
#[cfg(unix)]
mod files;
mod formats;
mod generated;
#[cfg(unix)]
mod generation;
mod help;
mod hostile;
mod inspect;
mod known_keys;
mod lint;
mod mistakes;
#[cfg(target_os = "linux")]
mod mutations;
mod packages;
#[cfg(unix)]
mod prompts;
mod properties;
mod reports;
#[cfg(unix)]
mod rotation;
#[cfg(unix)]
mod screens;
mod secrets;
mod simulation;
mod vectors;
