//! A process that is killed at any instant leaves the old file or the new one.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::{GENERATE, set_mode};
use crate::support::numbers::Numbers;
use crate::support::place::{AT, Place, mode};

const ROUNDS: u64 = 30;
/// Past the end of a rotation in a debug build, so that some rounds come to their end.
const LONGEST_MICROSECONDS: u64 = 24_000;

fn kill_after(microseconds: u64, place: &Place, command: &[&str]) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jwks"))
        .args(command)
        .args(["--at", AT])
        .current_dir(place.path(""))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    thread::sleep(Duration::from_micros(microseconds));
    let _ = child.kill();
    child.wait().expect("the binary ends");
}

/// Nothing else is there but what a killed process could not clear away, and no secret in that is
/// open to others.
fn only_leftovers_beside(place: &Place, expected: &[&str]) {
    for name in place.names() {
        let temporary = name.starts_with(".jwks-");
        assert!(temporary || expected.contains(&name.as_str()), "{name}");
        let is_open = mode(&place.path(&name)) & 0o077 != 0;
        if temporary && is_open {
            assert!(
                !place.read(&name).contains("\"d\""),
                "{name} is open to others"
            );
        }
    }
}

#[test]
fn a_killed_rotation_never_loses_the_old_key() {
    let mut instants = Numbers::new(1);
    let origin = Place::with_key();
    let (key, public) = (origin.read("key.json"), origin.read("public.json"));
    let secret = origin.json("key.json")["d"].clone();
    for round in 0..ROUNDS {
        let place = Place::new();
        place.write("key.json", &key);
        place.write("public.json", &public);
        set_mode(&place.path("key.json"), 0o600);
        kill_after(
            instants.below(LONGEST_MICROSECONDS),
            &place,
            &["rotate", "key.json", "-p", "public.json"],
        );
        let after = place.json("key.json");
        let first = if after["keys"].is_array() {
            &after["keys"][0]
        } else {
            &after
        };
        assert_eq!(first["d"], secret, "round {round}: the old key is lost");
        let whole =
            place.read("key.json") == key || after["keys"].as_array().map(Vec::len) == Some(2);
        assert!(whole, "round {round}: neither the old file nor the new one");
        assert_eq!(mode(&place.path("key.json")), 0o600, "round {round}");
        only_leftovers_beside(&place, &["key.json", "public.json"]);
        recovers(&place, round);
    }
}

/// The next call finds no lock in its way, and publishes what the killed one did not.
fn recovers(place: &Place, round: u64) {
    let call = Place::jwks("rotate").arg(place.path("key.json"));
    let run = call.arg("-p").arg(place.path("public.json")).run();
    assert!(
        [Some(0), Some(1)].contains(&run.exit),
        "round {round}: {}",
        run.stderr
    );
    let kids = |document: &Value| -> Vec<Value> {
        let keys = document["keys"].as_array().expect("keys");
        keys.iter().map(|key| key["kid"].clone()).collect()
    };
    let (private, public) = (
        kids(&place.json("key.json")),
        kids(&place.json("public.json")),
    );
    assert_eq!(private.len(), 2, "round {round}");
    assert_eq!(private, public, "round {round}");
}

#[test]
fn a_killed_generation_leaves_a_whole_file_or_none() {
    let mut instants = Numbers::new(2);
    for round in 0..ROUNDS {
        let place = Place::new();
        kill_after(instants.below(LONGEST_MICROSECONDS), &place, &GENERATE);
        only_leftovers_beside(&place, &["key.json", "public.json"]);
        if place.path("key.json").exists() {
            assert_eq!(place.json("key.json")["kty"], "EC", "round {round}");
            assert_eq!(mode(&place.path("key.json")), 0o600, "round {round}");
        }
        if place.path("public.json").exists() {
            assert!(
                place.path("key.json").exists(),
                "round {round}: only the public half"
            );
        }
    }
}
