//! Rotations at the wrong time, and times that are none.

use std::path::{Path, PathBuf};

use super::story::{mistake, then};
use crate::support::Jwks;
use crate::support::place::{AT, Place};

/// A folder with a private set in `keys.json`.
fn with_set() -> (Place, PathBuf) {
    let place = Place::new();
    let set = place.path("keys.json");
    let options = ["--alg", "ES256", "--kid", "first", "--set"];
    then(Place::jwks("generate").args(options).arg("-o").arg(&set));
    (place, set)
}

fn rotate(set: &Path, at: &str) -> Jwks {
    Jwks::new("rotate").arg(set).args(["--at", at])
}

#[test]
fn a_rotation_is_under_way() {
    let (place, set) = with_set();
    let public = place.path("public.json");
    then(rotate(&set, AT).arg("--public").arg(&public));
    let before = place.read("keys.json");
    let again = rotate(&set, AT).arg("--public").arg(&public);
    let hint = mistake(again).says(1, "rotation-under-way");
    assert_eq!(place.read("keys.json"), before);
    then(
        rotate(&set, &hint.word("2027-"))
            .arg("--public")
            .arg(&public),
    );
}

#[test]
fn twice_without_a_published_set() {
    let (place, set) = with_set();
    let note = mistake(rotate(&set, AT)).notes();
    let public = place.path("public.json");
    let hint = mistake(rotate(&set, AT)).says(1, "rotation-under-way");
    let option = hint.word("--public");
    // Published in time, the keys take over as they were to, whatever else is refused.
    let publishes = |at: &str| rotate(&set, at).arg(&option).arg(&public);
    let hint = mistake(publishes(&note.word("2027-"))).says(1, "rotation-under-way");
    assert!(public.exists());
    then(publishes(&hint.word("2027-")));
}

#[test]
fn the_published_set_is_to_be_rotated() {
    let (place, set) = with_set();
    let public = place.path("public.json");
    then(rotate(&set, AT).arg("--public").arg(&public));
    let hint = mistake(rotate(&public, AT)).says(3, "public-key");
    let option = hint.word("--public");
    then(
        rotate(&set, "2027-02-15T08:00:00Z")
            .arg(option)
            .arg(&public),
    );
}

#[test]
fn a_key_is_to_sign_before_its_time() {
    let (place, set) = with_set();
    then(rotate(&set, AT));
    let pending = place.json("keys.json")["keys"][1]["kid"].clone();
    let kid = format!("--kid={}", pending.as_str().expect("a kid"));
    let sign = || Place::jwks("sign").arg("--jwks").arg(&set);
    let hint = mistake(sign().arg(kid)).says(1, "key-not-active");
    hint.naming("leave --kid out");
    then(sign());
}

#[test]
fn a_time_is_written_without_zone() {
    let place = Place::with_key();
    let verify = |at: &str| {
        let run = Jwks::new("verify").arg(place.path("token")).arg("--jwks");
        run.arg(place.path("public.json")).args(["--at", at])
    };
    for wrong in ["2027-01-15T08:00", "2027-01-15 08:00:00"] {
        let told = mistake(verify(wrong)).says(2, "usage");
        then(verify(&told.word("2027-01-15T08:00:00Z")));
    }
    mistake(verify("2027-01-15"))
        .says(2, "usage")
        .naming("2027-01-15T00:00:00Z");
    mistake(verify("15.01.2027"))
        .says(2, "usage")
        .naming("2030-01-31T12:00:00Z");
}

#[test]
fn a_duration_has_no_unit_that_is_known() {
    let (_place, set) = with_set();
    let every = |text: &str| rotate(&set, AT).args(["--every", text, "--dry-run"]);
    mistake(every("90x")).says(2, "usage").naming("7d");
    let told = mistake(every("3 months")).says(2, "usage");
    then(every(&told.word("90")));
}
