//! Secrets: no private member of any key shows in what a command prints, whether it succeeds or
//! fails, nor in what the library's values print of themselves.

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

mod damaged;
mod intact;
mod keys;
mod mistakes;
mod watch;
