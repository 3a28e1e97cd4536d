//! `convert` from outside: keys in every form, in and out, what is refused, and what never slips out.

mod active;
mod certificates;
mod damage;
mod editing;
mod files;
mod hidden_keys;
mod in_place;
mod incoming;
mod leading_zeros;
mod merging;
mod ml_dsa;
mod outgoing;
mod passphrases;
mod publishing;
mod secrets;
mod siblings;
mod tombstones;

use serde_json::Value;

use crate::support::place::Place;
use crate::support::{Jwks, Run};

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
