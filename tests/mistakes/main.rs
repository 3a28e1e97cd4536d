//! The mistakes that people really make, each to its end: the mistake is made, what is said of it holds the
//! next step, and that step, taken out of the hint to the letter, works.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests drive the binary from outside"
)]

mod claims;
mod files;
mod issuer;
mod keys;
mod network;
#[path = "../support/place.rs"]
mod place;
mod reports;
mod rotation;
mod secrets;
mod story;
#[path = "../support/mod.rs"]
mod support;
mod tokens;
