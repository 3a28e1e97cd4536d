//! Keys that verify and that must not sign: dates that cannot be read, and the algorithm that is none.

use serde_json::{Value, json};

use super::{T, keys, kids, place, rotate};
use crate::support::place::Place;
use crate::support::{Jwks, Run};

/// A second key in `key.json`, called `two`, with this member changed.
fn place_with(member: &str, value: Value) -> Place {
    let place = place();
    let call = Jwks::new("generate").args(["--alg", "ES256", "--kid", "two"]);
    let call = call.args(["--at", "1800000000", "-o"]);
    call.arg(place.path("two.json")).run().succeeds();
    let mut two = place.json("two.json");
    two[member] = value;
    let both = json!({"keys": [place.json("key.json"), two]});
    place.write("key.json", both.to_string());
    place
}

fn sign(place: &Place, options: &[&str]) -> Run {
    let call = Jwks::new("sign").args(["--at", &T.to_string()]);
    let call = call.arg("--jwks").arg(place.path("key.json"));
    call.args(options).run()
}

#[test]
fn a_date_that_is_no_number_keeps_a_key_from_signing() {
    for (member, value) in [
        ("nbf", json!("2030-06-01T00:00:00Z")),
        ("nbf", json!("1900000000")),
        ("exp", json!({"at": 1})),
        ("exp", json!(false)),
    ] {
        let place = place_with(member, value);
        let before = place.read("key.json");
        let run = rotate(&place, T, &[]);
        run.fails(3, "malformed-key");
        assert!(run.stderr.contains("key \"two\""), "{}", run.stderr);
        assert!(
            run.stderr.contains(&format!("\"{member}\" is ")),
            "{}",
            run.stderr
        );
        assert_eq!(place.read("key.json"), before);
        assert!(!place.path("public.json").exists());
        sign(&place, &["--kid", "two"]).fails(1, "malformed-key");
        // The other one is the only one that is active.
        sign(&place, &[]).succeeds();
    }
}

#[test]
fn a_lone_key_with_such_a_date_says_why_it_does_not_sign() {
    let place = place_with("nbf", json!("soon"));
    let two = place.json("key.json")["keys"][1].clone();
    place.write("key.json", two.to_string());
    sign(&place, &[]).fails(1, "malformed-key");
    sign(&place, &["--force"]).succeeds();
}

#[test]
fn null_is_no_date() {
    let place = place_with("nbf", Value::Null);
    rotate(&place, T, &[]).succeeds();
    assert_eq!(kids(&place, "public.json").len(), 4);
}

#[test]
fn a_withdrawal_does_not_wait_for_dates_to_be_mended() {
    let place = place_with("nbf", json!("soon"));
    let run = rotate(&place, T, &["--revoke", "one", "--yes"]);
    run.succeeds();
    assert!(run.stderr.contains("\"nbf\" is a string"), "{}", run.stderr);
    assert!(keys(&place, "key.json")[0]["d"].is_null());
    assert_eq!(keys(&place, "key.json")[1]["nbf"], "soon");
    assert_eq!(kids(&place, "public.json").len(), 1);
}

#[test]
fn consumers_take_a_published_key_whatever_its_dates_are() {
    let place = place();
    let token = sign(&place, &["--sub", "alice"]);
    let mut public = place.json("key.json");
    let members = public.as_object_mut().expect("a key");
    members.remove("d");
    members.insert("nbf".to_owned(), json!("soon"));
    members.insert("exp".to_owned(), json!("never"));
    place.write("public.json", json!({"keys": [public]}).to_string());
    let verify = Jwks::new("verify").args(["--at", &T.to_string(), "--jwks"]);
    let verify = verify.arg(place.path("public.json")).arg("-");
    verify.stdin(token.succeeds().text()).run().succeeds();
}

#[test]
fn a_key_for_no_algorithm_is_not_rotated() {
    let place = place_with("alg", json!("none"));
    let before = place.read("key.json");
    rotate(&place, T, &[]).fails(3, "alg-none");
    assert_eq!(place.read("key.json"), before);
    sign(&place, &["--kid", "two"]).fails(1, "alg-none");
}
