//! What people see: on a terminal of 80 columns, in a locale of ASCII, with and without colour.

#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests drive the binary from outside"
)]

#[path = "../support/place.rs"]
mod place;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/terminal.rs"]
mod terminal;

mod colours;
mod widths;
