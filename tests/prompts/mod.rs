//! Questions to a person at a terminal: what is asked, what is not, and what a terminal is left like.

mod conversation;
mod existing_files;
mod interruptions;
mod looks;
mod nobody;
mod passphrases;
mod pipes;

use crate::support::place::{AT, Place};
use crate::support::terminal::Setting;

/// `jwks generate` with these options, in the place.
fn generate(place: &Place, options: &[&str]) -> Setting {
    let arguments = ["generate", "--at", AT, "--kid", "one"];
    Setting::new(arguments.iter().chain(options)).folder(place.path(""))
}
