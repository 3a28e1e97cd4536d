//! What is withdrawn, and what a rotation has let go, is in nothing that consumers read.

use serde_json::Value;

use super::{convert, keys};
use crate::support::place::Place;
use crate::support::{Jwks, Run};

const DAY: i64 = 86_400;
const T: i64 = 1_800_000_000;

/// A command in the folder, as it is typed, at a time.
fn run(place: &Place, time: i64, line: &str) -> Run {
    let mut words = line.split_whitespace();
    let command = words.next().expect("a command");
    let call = Jwks::new(command).folder(place.path("")).args(words);
    // What the time has no part in takes none.
    let is_timed = ["--public", "--active", "--kid-from date"];
    if command == "convert" && !is_timed.iter().any(|option| line.contains(option)) {
        return call.run();
    }
    call.args(["--at", &time.to_string()]).run()
}

fn kids(place: &Place, name: &str) -> Vec<String> {
    let set = place.json(name);
    let kids = set["keys"].as_array().expect("keys").iter();
    let kids = kids.map(|key| key["kid"].as_str().expect("a kid").to_owned());
    kids.collect()
}

/// What a form says of the keys, by their hashes.
fn hashes(place: &Place, name: &str) -> Vec<String> {
    let run = convert(place, &["--to", "spki-hash", name]);
    run.succeeds().text().lines().map(str::to_owned).collect()
}

const GENERATE: &str = "generate --alg ES256 --kid-from spki -o sa.json -p sa-jwks.json";

/// A set of which the active key has leaked and is revoked, and a token by that key.
fn revoked() -> (Place, String) {
    let place = Place::new();
    let before = T - 30 * DAY;
    run(&place, before, GENERATE).succeeds();
    let standby = "rotate sa.json --public sa-jwks.json --standby";
    run(&place, before, standby).succeeds();
    let bad = kids(&place, "sa.json")[0].clone();
    let token = format!("sign --jwks sa.json --kid {bad} --sub attacker --exp +24h --force");
    place.write("leaked.jwt", run(&place, T, &token).succeeds().text());
    let revoke = format!("{standby} --revoke {bad} --reason compromised --yes");
    run(&place, T, &revoke).succeeds();
    (place, bad)
}

#[test]
fn what_is_revoked_is_handed_to_no_verifier() {
    let (place, bad) = revoked();
    let recipe = "convert sa.json --public --to pem -o sa-verifying.pub";
    let written = run(&place, T, recipe);
    written.succeeds();
    let note = format!("note: key \"{bad}\", which is revoked, is left out");
    assert!(written.stderr.contains(&note), "{}", written.stderr);
    for keys in ["sa-verifying.pub", "sa-jwks.json"] {
        let verify = format!("verify leaked.jwt --jwks {keys}");
        run(&place, T, &verify).yields_nothing(1);
    }
    let mut published = kids(&place, "sa-jwks.json");
    let mut given = hashes(&place, "sa-verifying.pub");
    published.sort();
    given.sort();
    assert_eq!(given, published);
    for form in ["jwks", "pem", "ssh", "thumbprint", "spki-hash"] {
        let line = format!("convert sa.json --public --to {form}");
        let text = run(&place, T, &line).succeeds().text().to_owned();
        assert!(!text.contains(&bad) && !text.contains("revoked"), "{text}");
        // Nobody can see it in these.
        let line = format!("convert sa.json --to {form} --force");
        let private = run(&place, T, &line);
        let is_told = private.succeeds().stderr.contains(&note);
        assert_eq!(is_told, form != "jwks", "{form}: {}", private.stderr);
    }
    let all = keys(&convert(&place, &["sa.json"]));
    assert!(all.iter().any(|key| key.get("revoked").is_some()));
}

#[test]
fn a_revoked_key_that_is_named_is_given_where_nothing_can_say_so_with_a_warning() {
    let (place, bad) = revoked();
    for form in ["pem", "der", "ssh", "spki-hash"] {
        for public in ["", " --public"] {
            let line = format!("convert sa.json --only {bad} --to {form}{public}");
            let given = run(&place, T, line.trim_end_matches(' '));
            assert!(!given.succeeds().stdout.is_empty());
            let warning = format!("warning: key \"{bad}\" is revoked, and ");
            assert!(given.stderr.contains(&warning), "{}", given.stderr);
        }
    }
    for form in ["jwks", "jwk"] {
        let line = format!("convert sa.json --only {bad} --public --to {form} -o out");
        let refused = run(&place, T, &line);
        refused.fails(1, "no-matching-key");
        assert!(refused.stderr.contains("hint: "), "{}", refused.stderr);
        assert!(!place.names().contains(&"out".to_owned()));
        let line = format!("convert sa.json --only {bad} --to {form}");
        let given = run(&place, T, &line);
        assert!(given.succeeds().text().contains("\"revoked\""));
        assert_eq!(given.stderr, "");
    }
    // Nor is it brought back by a twin, or by another key under its name.
    let key: Value = keys(&convert(&place, &["sa.json", "--only", &bad]))[0].clone();
    let mut twin = key.clone();
    twin["kid"] = "twin".into();
    twin.as_object_mut().expect("a key").remove("revoked");
    place.write("twins.json", format!("[{key},{twin}]"));
    let both = run(&place, T, "convert twins.json --public");
    both.fails(1, "no-matching-key");
}

#[test]
fn what_a_rotation_has_let_go_is_not_handed_out_again() {
    let place = Place::new();
    let daily = "rotate sa.json -p sa-jwks.json --standby --every 90d --cache-ttl 1h --token-lifetime 1h --margin 1h";
    run(&place, T - 40 * DAY, GENERATE).succeeds();
    let first = daily.replace("--every 90d ", "");
    run(&place, T - 40 * DAY, &first).succeeds();
    for day in [39, 38, 20, 1] {
        run(&place, T - day * DAY, daily).succeeds();
    }
    let (private, published) = (kids(&place, "sa.json"), kids(&place, "sa-jwks.json"));
    assert_eq!((private.len(), published.len()), (3, 2));
    let public = run(&place, T, "convert sa.json --public --to pem");
    assert_eq!(public.succeeds().text().matches("BEGIN").count(), 2);
    let note = format!("note: key \"{}\", which had to go at ", private[0]);
    assert!(public.stderr.contains(&note), "{}", public.stderr);
    // While it still verifies, and where it is kept for its owner, it is there.
    let before = run(&place, T - 40 * DAY, "convert sa.json --public --to pem");
    assert_eq!(before.succeeds().text().matches("BEGIN").count(), 3);
    for line in [
        "convert sa.json --to pem",
        "convert sa.json --kid-from date",
    ] {
        let all = run(&place, T, line);
        let count = all.succeeds().text().matches("BEGIN").count();
        assert!(count == 3 || line.contains("date"), "{count}");
    }
}

#[test]
fn of_keys_to_encrypt_to_none_goes_that_no_rotation_has_succeeded() {
    let place = Place::new();
    let mut keys = Vec::new();
    for kid in ["e1", "e2"] {
        let call = Jwks::new("generate").args(["--alg", "ECDH-ES", "--kid", kid]);
        let mut key: Value = serde_json::from_slice(&call.run().succeeds().stdout).expect("JSON");
        key["exp"] = (T + 30 * DAY).into();
        keys.push(key);
    }
    place.write("keys.json", serde_json::json!({"keys": keys}).to_string());
    run(&place, T, "convert keys.json --public -o jwks.json").succeeds();
    assert_eq!(kids(&place, "jwks.json"), ["e1", "e2"]);
}
