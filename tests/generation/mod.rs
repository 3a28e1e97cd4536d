//! `generate` from outside: every algorithm, every form, and keys for a set that exists.

mod algorithms;
mod forms;
mod into;

use serde_json::Value;

use crate::support::Run;

/// The time of making.
const T: i64 = 1_800_000_000;

/// What was printed, as JSON.
fn json(run: &Run) -> Value {
    serde_json::from_slice(&run.succeeds().stdout).expect("the output is JSON")
}

/// The keys that were printed as a set.
fn keys(run: &Run) -> Vec<Value> {
    let set = json(run);
    set["keys"].as_array().expect("a set").clone()
}
