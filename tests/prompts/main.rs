//! Questions to a person at a terminal: what is asked, what is not, and what a terminal is left like.

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

mod conversation;
mod existing_files;
mod interruptions;
mod looks;
mod nobody;
mod passphrases;
mod pipes;

use place::Place;
use terminal::Setting;

/// `jwks generate` with these options, in the place.
fn generate(place: &Place, options: &[&str]) -> Setting {
    let arguments = ["generate", "--at", place::AT, "--kid", "one"];
    Setting::new(arguments.iter().chain(options)).folder(place.path(""))
}
