//! `--every`, `--force`, `--standby`, `--alg`, `--active`, `--backup`.

use std::fs;

use super::{T, TAKEOVER, keys, kids, place, report, rotate};
use crate::support::Jwks;
use crate::support::place::{Place, mode};

const DAY: i64 = 86_400;

#[test]
fn a_cron_job_rotates_when_it_is_due_and_else_changes_nothing() {
    let place = place();
    let every = ["--every", "90d", "--json"];
    let before = place.read("key.json");
    for at in [T, T + 90 * DAY - 1] {
        let run = rotate(&place, at, &every);
        let report = report(&run);
        assert_eq!(report["outcome"], "not-due");
        assert_eq!(report["next"], T + 90 * DAY);
        assert_eq!(place.read("key.json"), before);
    }
    assert_eq!(kids(&place, "public.json"), ["one"]);
    let due = report(&rotate(&place, T + 90 * DAY, &every));
    assert_eq!(due["outcome"], "started");
    assert_eq!(due["next"], T + 180 * DAY + TAKEOVER);
    let (private, public) = (place.read("key.json"), place.read("public.json"));
    for hours in [1, 30, 100, 2000] {
        report(&rotate(&place, T + 90 * DAY + hours * 3600, &every));
        assert_eq!(place.read("key.json"), private, "after {hours} h");
    }
    // What is past its time leaves the published set, and the file with the next rotation.
    assert_ne!(place.read("public.json"), public);
    assert_eq!(
        kids(&place, "public.json"),
        [kids(&place, "key.json")[1].clone()]
    );
    rotate(&place, T + 182 * DAY, &every).succeeds();
    assert_eq!(keys(&place, "key.json").len(), 2);
    assert!(!place.read("key.json").contains("\"one\""));
}

#[test]
fn a_forced_rotation_queues_behind_the_one_under_way() {
    let place = place();
    rotate(&place, T, &[]).succeeds();
    rotate(&place, T + 60, &[]).fails(1, "rotation-under-way");
    rotate(&place, T + 60, &["--force"]).succeeds();
    let keys = keys(&place, "key.json");
    assert_eq!(keys[1]["nbf"], T + TAKEOVER);
    assert_eq!(keys[2]["nbf"], T + 60 + TAKEOVER);
    assert_eq!(keys[1]["exp"], T + 60 + 2 * TAKEOVER);
    let run = rotate(&place, T, &["--force", "--every", "1d"]);
    run.yields_nothing(2);
}

#[test]
fn a_standby_is_published_and_signs_only_when_needed() {
    let place = place();
    rotate(&place, T, &["--standby"]).succeeds();
    let (private, public) = (kids(&place, "key.json"), kids(&place, "public.json"));
    assert_eq!((private.len(), &private), (3, &public));
    let later = T + 90 * DAY;
    rotate(&place, later, &["--standby"]).succeeds();
    let after = keys(&place, "key.json");
    assert_eq!(after[1]["kid"], private[2].as_str(), "the standby is next");
    assert_eq!(after[1]["nbf"], later + TAKEOVER);
    assert_eq!(after[2]["nbf"], 253_402_300_799_i64);
}

#[test]
fn the_new_key_may_have_another_algorithm() {
    let place = place();
    rotate(&place, T, &["--alg", "ES256"]).succeeds();
    let sign = |at: i64| {
        let call = Jwks::new("sign").arg("--jwks").arg(place.path("key.json"));
        let token = call.args(["--at", &at.to_string()]).run();
        token.succeeds().text().to_owned()
    };
    let header = |token: &str| token.split('.').next().expect("a header").to_owned();
    let (before, after) = (header(&sign(T + TAKEOVER - 1)), header(&sign(T + TAKEOVER)));
    assert_ne!(before, after);
    let new = &keys(&place, "key.json")[1];
    assert_eq!(
        (&new["alg"], &new["crv"]),
        (&"ES256".into(), &"P-256".into())
    );
    rotate(&place, T + 10 * DAY, &[]).succeeds();
    let algorithms: Vec<_> = keys(&place, "key.json")
        .iter()
        .map(|key| key["alg"].clone())
        .collect();
    assert_eq!(algorithms, ["ES256", "ES256"]);
}

#[test]
fn a_standby_is_at_hand_until_the_new_algorithm_has_taken_over() {
    let place = place();
    rotate(&place, T, &["--standby"]).succeeds();
    let at = T + 30 * DAY;
    rotate(&place, at, &["--alg", "ES256", "--standby"]).succeeds();
    let before = keys(&place, "key.json");
    let state = |at: i64, options: &[&str]| {
        let options = [options, &["--dry-run", "--json"]].concat();
        let report = report(&rotate(&place, at, &options));
        let keys = report["keys"].as_array().expect("keys").clone();
        let active = keys.into_iter().find(|key| key["state"] == "active");
        active.expect("an active key")["kid"].clone()
    };
    let (active, reserve) = (before[0]["kid"].clone(), before[1]["kid"].clone());
    let kid = active.as_str().expect("a kid");
    // One that consumers have known for a month, and not the new key.
    let revoke = ["--revoke", kid, "--yes"];
    assert_eq!(state(at + 3_600, &revoke), reserve);
    assert!(kids(&place, "public.json").contains(&reserve.as_str().expect("a kid").to_owned()));
    // After the takeover it goes with the next rotation, and a reserve of the new algorithm is there.
    rotate(&place, at + 90 * DAY, &["--standby"]).succeeds();
    let algorithms: Vec<_> = keys(&place, "key.json")
        .iter()
        .map(|key| key["alg"].clone())
        .collect();
    assert_eq!(algorithms, ["ES256", "ES256", "ES256"]);
}

#[test]
fn a_change_from_one_rsa_algorithm_to_another_keeps_the_size() {
    let place = Place::new();
    let call = Jwks::new("generate").args(["--alg", "RS256", "--size", "2056", "-o"]);
    call.arg(place.path("key.json")).run().succeeds();
    rotate(&place, T, &["--alg", "PS256"]).succeeds();
    let keys = keys(&place, "key.json");
    assert_eq!(keys[1]["alg"], "PS256");
    let length = |key: &serde_json::Value| key["n"].as_str().map(str::len);
    assert_eq!(length(&keys[0]), length(&keys[1]));
}

#[test]
fn the_choice_among_undated_keys_is_kept() {
    let place = place();
    let one = place
        .read("key.json")
        .replace("\"iat\": 1800000000", "\"x-n\": 1.0");
    rotate(&place, T, &[]).succeeds();
    let other = keys(&place, "key.json")[1].to_string();
    let other = other
        .replace("\"nbf\":", "\"x-nbf\":")
        .replace("\"iat\":", "\"x-iat\":");
    place.write("key.json", format!("[{one},{other}]"));
    fs::remove_file(place.path("public.json")).expect("the file goes");
    let run = rotate(&place, T, &["--active", "one"]);
    run.succeeds();
    assert!(!run.stderr.contains("is taken for"), "{}", run.stderr);
    let after = place.json("key.json");
    assert_eq!(after[0]["nbf"], T);
    assert_eq!(after[1]["exp"], T + TAKEOVER);
    let run = rotate(&place, T + 1, &["--active", "nobody", "--force"]);
    run.fails(1, "not-a-candidate");
}

#[test]
fn a_backup_is_the_file_as_it_was() {
    let place = place();
    let before = place.read("key.json");
    rotate(&place, T, &["--backup"]).succeeds();
    let backup = "key.json.20270115T080000Z.bak";
    assert_eq!(place.read(backup), before);
    assert_eq!(mode(&place.path(backup)), 0o600);
    // Nothing is changed, and nothing kept.
    rotate(&place, T + 5, &["--backup"]).fails(1, "rotation-under-way");
    assert_eq!(place.names(), ["key.json", backup, "public.json"]);
    // One that is there already is not replaced, and comes before any change.
    let before = place.read("key.json");
    rotate(&place, T, &["--backup", "--force"]).fails(3, "file-exists");
    assert_eq!(place.read("key.json"), before);
}

#[test]
fn times_beyond_every_calendar_change_nothing() {
    let place = place();
    let before = place.read("key.json");
    for at in [253_402_300_799, i64::MAX] {
        rotate(&place, at, &[]).fails(2, "usage");
        rotate(&place, at, &["--revoke", "one", "--yes"]).fails(2, "usage");
    }
    rotate(&place, T, &["--cache-ttl", "300000000000"]).fails(2, "usage");
    assert_eq!(place.read("key.json"), before);
    // Long ago is no worse than now.
    rotate(&place, -T, &[]).succeeds();
    assert_eq!(keys(&place, "key.json")[1]["nbf"], -T + TAKEOVER);
}

#[test]
fn two_kinds_of_keys_rotate_each_by_itself() {
    let place = Place::new();
    let call = Jwks::new("generate").args(["--alg", "Ed25519", "--alg", "ES256"]);
    let call = call.args(["--at", "1800000000", "-o"]);
    call.arg(place.path("key.json")).run().succeeds();
    let report = report(&rotate(&place, T, &["--json"]));
    let states: Vec<_> = report["keys"]
        .as_array()
        .expect("keys")
        .iter()
        .map(|key| key["state"].clone())
        .collect();
    assert_eq!(states, ["active", "active", "pending", "pending"]);
}

#[test]
fn encryption_keys_leave_the_published_set_first_and_the_file_last() {
    let place = place();
    let text = place
        .read("key.json")
        .replace("\"sig\"", "\"enc\"")
        .replace("Ed25519", "X25519");
    let text = text.replace("\"alg\": \"X25519\"", "\"alg\": \"ECDH-ES\"");
    place.write("key.json", text);
    let run = rotate(&place, T, &[]);
    run.succeeds();
    assert_eq!(kids(&place, "public.json").len(), 2);
    let end = T + TAKEOVER + 2 * TAKEOVER - 3600;
    assert_eq!(keys(&place, "key.json")[0]["exp"], end);
    // The cron job comes late: whoever has a copy of the set until now still encrypts to the old key.
    let late = T + TAKEOVER + 40 * DAY;
    rotate(&place, late, &["--every", "90d"]).succeeds();
    assert_eq!(kids(&place, "public.json").len(), 1);
    assert_eq!(
        keys(&place, "key.json")[0]["exp"],
        late + 2 * TAKEOVER - 3600
    );
    let before = place.read("key.json");
    rotate(&place, late + 60, &["--every", "90d"]).succeeds();
    assert_eq!(place.read("key.json"), before);
    rotate(&place, T + 200 * DAY, &["--every", "90d"]).succeeds();
    assert!(!place.read("key.json").contains("\"one\""));
}
