//! Hostile and awkward input: whatever comes in, the binary answers with one of its exit codes. It
//! never panics, dies of a signal, hangs, fills the memory, or passes on what could steer a terminal.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests drive the binary from outside"
)]

#[path = "../support/place.rs"]
mod place;
#[cfg(target_os = "linux")]
#[path = "../support/terminal.rs"]
mod screen;
#[path = "../support/mod.rs"]
mod support;

mod arguments;
mod characters;
#[cfg(unix)]
mod inputs;
mod numbers;
mod shapes;
mod sizes;
#[cfg(target_os = "linux")]
mod streams;
#[cfg(target_os = "linux")]
mod terminal;
