//! `convert` from outside: keys in every form, in and out, what is refused, and what never slips out.

#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests drive the binary from outside"
)]

mod fixtures;
#[path = "../support/place.rs"]
mod place;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/terminal.rs"]
mod terminal;
#[expect(dead_code, reason = "the tests of other commands use all of it")]
#[path = "../secrets/watch.rs"]
mod watch;

mod active;
mod damage;
mod editing;
mod files;
mod hidden_keys;
mod incoming;
mod leading_zeros;
mod merging;
mod ml_dsa;
mod outgoing;
mod passphrases;
mod secrets;
mod siblings;

use serde_json::Value;

use place::Place;
use support::{Jwks, Run};

/// `jwks convert` in the folder.
fn convert(place: &Place, arguments: &[&str]) -> Run {
    let call = Jwks::new("convert").folder(place.path(""));
    call.args(arguments).run()
}

/// The keys of a JWK Set that a run has printed.
#[track_caller]
fn keys(run: &Run) -> Vec<Value> {
    let document: Value = serde_json::from_slice(&run.succeeds().stdout).expect("JSON");
    document["keys"].as_array().expect("keys").clone()
}

/// The one key of such a set.
#[track_caller]
fn only_key(run: &Run) -> Value {
    let keys = keys(run);
    assert_eq!(keys.len(), 1, "{keys:?}");
    keys[0].clone()
}
