//! `rotate` from outside: what is asked for, withdrawals, and how `sign` goes along.

mod clashes;
mod dates;
mod encrypted;
mod follow_up;
mod late;
mod many;
mod published;
mod requests;
mod revocation;
mod signing;
mod twins;
mod unfit;

use serde_json::Value;

use crate::support::place::Place;
use crate::support::{Jwks, Run};

/// `jwks rotate key.json -p public.json` at a time, in seconds.
fn rotate(place: &Place, at: i64, options: &[&str]) -> Run {
    Jwks::new("rotate")
        .args(["--at", &at.to_string()])
        .arg(place.path("key.json"))
        .arg("-p")
        .arg(place.path("public.json"))
        .args(options)
        .run()
}

fn keys(place: &Place, file: &str) -> Vec<Value> {
    let document = place.json(file);
    document["keys"].as_array().expect("keys").clone()
}

fn kids(place: &Place, file: &str) -> Vec<String> {
    let keys = keys(place, file);
    let kids = keys.iter().map(|key| key["kid"].as_str().expect("a kid"));
    kids.map(str::to_owned).collect()
}

/// The report of a call in JSON.
fn report(run: &Run) -> Value {
    serde_json::from_slice(&run.succeeds().stdout).expect("JSON")
}

/// A folder with a key of Ed25519 made at the second 1,800,000,000 in `key.json`.
fn place() -> Place {
    let place = Place::new();
    let call = Jwks::new("generate").args(["--alg", "Ed25519", "--kid", "one"]);
    let call = call.args(["--at", "1800000000", "-o"]);
    call.arg(place.path("key.json")).run().succeeds();
    place
}

const T: i64 = 1_800_000_000;
/// From a rotation to the takeover with the default times.
const TAKEOVER: i64 = 25 * 3600;
