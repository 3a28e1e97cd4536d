//! Two different private keys with one kid.

use serde_json::{Value, json};

use super::{T, keys, kids, place, rotate};
use crate::support::Jwks;
use crate::support::place::Place;

/// `one` of Ed25519, and another key of this algorithm with the same kid.
fn place_with(algorithm: &str) -> Place {
    let place = place();
    let call = Jwks::new("generate").args(["--alg", algorithm, "--kid", "one"]);
    let call = call.args(["--at", "1800000000", "-o"]);
    call.arg(place.path("two.json")).run().succeeds();
    let both = json!({"keys": [place.json("key.json"), place.json("two.json")]});
    place.write("key.json", both.to_string());
    place
}

fn public(key: &Value) -> Value {
    let mut key = key.clone();
    key.as_object_mut().expect("a key").remove("d");
    key
}

#[test]
fn what_nothing_tells_apart_is_not_published() {
    let place = place_with("Ed25519");
    let first = public(&keys(&place, "key.json")[0]);
    let published = json!({"keys": [first]}).to_string();
    place.write("public.json", &published);
    let before = place.read("key.json");
    for options in [&[][..], &["--every", "90d"], &["--dry-run"]] {
        let run = rotate(&place, T, options);
        run.fails(1, "kid-duplicate");
        assert!(run.stderr.contains("keys 1, 2 are different"));
        assert_eq!(place.read("key.json"), before);
        assert_eq!(place.read("public.json"), published);
    }
    let run = rotate(&place, T, &["--force"]);
    run.succeeds();
    assert!(run.stderr.contains("refuse valid tokens"), "{}", run.stderr);
}

#[test]
fn where_both_are_published_a_rotation_leads_away_from_them() {
    let place = place_with("Ed25519");
    let both: Vec<Value> = keys(&place, "key.json").iter().map(public).collect();
    place.write("public.json", json!({ "keys": both }).to_string());
    let run = rotate(&place, T, &[]);
    run.succeeds();
    assert!(run.stderr.contains("refuse valid tokens"), "{}", run.stderr);
    assert_eq!(kids(&place, "public.json").len(), 3);
}

#[test]
fn another_algorithm_tells_keys_apart() {
    let place = place_with("ES256");
    let run = rotate(&place, T, &[]);
    run.succeeds();
    assert!(
        run.stderr.contains("have one kid, \"one\""),
        "{}",
        run.stderr
    );
}

#[test]
fn a_withdrawal_takes_all_of_the_name_and_replaces_each() {
    let place = place_with("ES256");
    rotate(&place, T, &["--revoke", "one", "--yes"]).succeeds();
    let after = keys(&place, "key.json");
    assert!(after[..2].iter().all(|key| key["d"].is_null()));
    let mut algorithms: Vec<&str> = after[2..]
        .iter()
        .filter_map(|key| key["alg"].as_str())
        .collect();
    algorithms.sort_unstable();
    assert_eq!(algorithms, ["ES256", "Ed25519"]);
    assert_eq!(kids(&place, "public.json").len(), 2);
}

#[test]
fn another_key_under_a_published_name_is_told() {
    let place = place_with("Ed25519");
    let both = keys(&place, "key.json");
    place.write(
        "public.json",
        json!({"keys": [public(&both[1])]}).to_string(),
    );
    place.write("key.json", both[0].to_string());
    let run = rotate(&place, T, &["--every", "90d"]);
    run.succeeds();
    assert!(
        run.stderr.contains("key \"one\" is another key in "),
        "{}",
        run.stderr
    );
}
