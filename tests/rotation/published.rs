//! The published set before a call: what it says about the keys, and what must not be lost with it.

use serde_json::json;

use super::{T, TAKEOVER, keys, kids, place, rotate};
use crate::support::Jwks;
use crate::support::place::Place;

#[test]
fn a_key_that_was_published_under_another_name_is_late() {
    for (member, value) in [("kid", "renamed"), ("alg", "EdDSA")] {
        let place = place();
        rotate(&place, T, &[]).succeeds();
        let mut file = place.json("key.json");
        file["keys"][1][member] = value.into();
        if member == "alg" {
            file["keys"][0][member] = value.into();
        }
        place.write("key.json", file.to_string());
        let at = T + TAKEOVER - 3_600;
        let run = rotate(&place, at, &[]);
        run.fails(1, "rotation-under-way");
        assert!(run.stderr.contains("is put off"), "{}", run.stderr);
        assert_eq!(keys(&place, "key.json")[1]["nbf"], at + TAKEOVER);
    }
}

#[test]
fn a_key_that_was_published_without_alg_is_not_late() {
    let place = place();
    rotate(&place, T, &[]).succeeds();
    let mut public = place.json("public.json");
    for key in public["keys"].as_array_mut().expect("keys") {
        key.as_object_mut().expect("a key").remove("alg");
    }
    place.write("public.json", public.to_string());
    let before = place.read("key.json");
    rotate(&place, T + 3_600, &[]).fails(1, "rotation-under-way");
    assert_eq!(place.read("key.json"), before);
}

/// With the published set of another private file in `public.json`.
fn with_foreign_set() -> Place {
    let place = place();
    let call = Jwks::new("generate").args(["--alg", "ES256", "--kid", "foreign"]);
    let call = call.args(["--at", "1800000000", "-o"]);
    let call = call.arg(place.path("other.json")).arg("-p");
    call.arg(place.path("public.json")).run().succeeds();
    place
}

#[test]
fn the_set_of_another_file_is_not_replaced() {
    let place = with_foreign_set();
    let before = (place.read("key.json"), place.read("public.json"));
    for options in [&[][..], &["--dry-run"], &["--revoke", "one", "--yes"]] {
        let run = rotate(&place, T, options);
        run.fails(1, "foreign-published-set");
        assert!(run.stderr.contains("\"foreign\""), "{}", run.stderr);
        assert_eq!((place.read("key.json"), place.read("public.json")), before);
    }
    rotate(&place, T, &["--force"]).succeeds();
    assert_eq!(kids(&place, "public.json"), kids(&place, "key.json"));
}

/// As where a very old copy of the set was put back, when every minute counts.
#[test]
fn whoever_says_so_revokes_a_key_although_no_published_key_is_known() {
    let place = with_foreign_set();
    let revoke = ["--revoke", "one", "--yes"];
    let refused = rotate(&place, T, &revoke);
    refused.fails(1, "foreign-published-set");
    assert!(refused.stderr.contains("--force"), "{}", refused.stderr);
    let run = rotate(&place, T, &[&revoke[..], &["--force"]].concat());
    run.succeeds();
    assert!(run.stderr.contains("key \"foreign\""), "{}", run.stderr);
    assert!(keys(&place, "key.json")[0]["d"].is_null());
    assert_eq!(kids(&place, "public.json"), kids(&place, "key.json")[1..]);
    // Where nothing has to be forced it changes nothing.
    let again = rotate(
        &place,
        T + 1,
        &[&revoke[..], &["--force", "--json"]].concat(),
    );
    assert_eq!(super::report(&again)["outcome"], "revoked-before");
}

/// `--every` and `--force` exclude each other, and a job that runs by itself has the one.
#[test]
fn what_is_told_of_a_foreign_set_can_be_done() {
    let place = with_foreign_set();
    let every = ["--every", "90d"];
    let refused = rotate(&place, T, &every);
    refused.fails(1, "foreign-published-set");
    assert!(!refused.stderr.contains("--force"), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("move it away"),
        "{}",
        refused.stderr
    );
    let away = (place.path("public.json"), place.path("old.json"));
    std::fs::rename(away.0, away.1).expect("it moves");
    rotate(&place, T, &every).succeeds();
    assert_eq!(kids(&place, "public.json"), ["one"]);
}

/// What is there instead of a published set: no file, and files without keys.
const NOT_FOUND: [Option<&str>; 4] = [None, Some(""), Some("\n"), Some("{\"keys\":[]}")];

fn put(place: &Place, instead: Option<&str>) {
    match instead {
        Some(text) => drop(place.write("public.json", text)),
        None => std::fs::remove_file(place.path("public.json")).unwrap_or_default(),
    }
}

#[test]
fn a_published_set_that_has_vanished_is_told_and_made_good_in_one_way() {
    let mut ends = Vec::new();
    for instead in NOT_FOUND {
        let place = place();
        rotate(&place, T, &["--every=90d"]).succeeds();
        // The new key is named so that the ends can be compared.
        rotate(&place, T, &[]).succeeds();
        let second = kids(&place, "key.json").remove(1);
        put(&place, instead);
        let run = rotate(&place, T + TAKEOVER + 12 * 3_600, &["--every=90d"]);
        let told = run.succeeds().stderr.replace(&second, "two");
        assert!(
            told.contains("key \"two\" signs already and was not published in time"),
            "{told}"
        );
        let missing = "before, and key \"one\" signs already: if consumers read another file";
        assert!(told.contains(missing), "{told}");
        assert_eq!(kids(&place, "public.json"), kids(&place, "key.json"));
        let dates = keys(&place, "key.json").into_iter();
        let dates: Vec<_> = dates
            .map(|key| (key["nbf"].clone(), key["exp"].clone()))
            .collect();
        let told = told.replace(&place.path("").display().to_string(), "");
        ends.push((told, dates));
    }
    ends.dedup();
    assert_eq!(ends.len(), 1, "{ends:?}");
}

/// The dates of the private file say whether it can be: those of a key that was made just now do not.
#[test]
fn the_first_published_set_is_no_lost_one() {
    let mistyped = "if consumers read another file, name that one with --public";
    for instead in NOT_FOUND {
        let place = place();
        put(&place, instead);
        let first = rotate(&place, T + 600, &[]);
        assert!(
            !first.succeeds().stderr.contains("warning"),
            "{}",
            first.stderr
        );
        put(&place, instead);
        let lost = rotate(&place, T + 1_200, &["--every=90d"]);
        assert!(lost.succeeds().stderr.contains(mistyped), "{}", lost.stderr);
    }
    let place = place();
    let months_later = rotate(&place, T + 9_000_000, &[]);
    let told = &months_later.succeeds().stderr;
    assert!(told.contains(mistyped), "{told}");
}

#[test]
fn a_key_to_encrypt_to_is_not_said_to_sign() {
    let place = Place::new();
    let call = Jwks::new("generate").args(["--alg", "ECDH-ES", "--kid", "one"]);
    let call = call.args(["--at", "1800000000", "-o"]);
    call.arg(place.path("key.json")).run().succeeds();
    let run = rotate(&place, T + 9_000_000, &[]);
    let told = &run.succeeds().stderr;
    assert!(told.contains("\"one\" is in use already"), "{told}");
    assert!(told.contains("nobody can encrypt to it"), "{told}");
    assert!(!told.contains("tokens"), "{told}");
}

#[test]
fn a_set_of_keys_that_are_known_withdrawn_or_useless_is_replaced() {
    // Known by its kid, by its material alone, as a tombstone, and of no use to anybody.
    let renamed = |mut key: serde_json::Value| {
        key["kid"] = "renamed".into();
        json!({"keys": [key]}).to_string()
    };
    let own = |place: &Place| {
        let mut key = place.json("key.json");
        key.as_object_mut().expect("a key").remove("d");
        key
    };
    let place = place();
    let public = renamed(own(&place));
    place.write("public.json", &public);
    rotate(&place, T, &[]).succeeds();
    rotate(&place, T, &["--revoke", "one", "--yes"]).succeeds();
    place.write("public.json", &public);
    rotate(&place, T + 1, &["--every", "90d"]).succeeds();
    place.write(
        "public.json",
        r#"{"keys":[{"kty":"EC","kid":"half","crv":"P-256","x":"AA"}]}"#,
    );
    rotate(&place, T + 2, &["--every", "90d"]).succeeds();
    assert!(!place.read("public.json").contains("half"));
}

#[test]
fn a_foreign_key_among_known_ones_goes_with_a_warning() {
    let place = with_foreign_set();
    let foreign = keys(&place, "public.json").remove(0);
    std::fs::remove_file(place.path("public.json")).expect("the file goes");
    rotate(&place, T, &[]).succeeds();
    let mut public = place.json("public.json");
    public["keys"].as_array_mut().expect("keys").push(foreign);
    place.write("public.json", public.to_string());
    let run = rotate(&place, T + 1, &["--every", "90d"]);
    run.succeeds();
    assert!(
        run.stderr.contains("warning: ") && run.stderr.contains("key \"foreign\""),
        "{}",
        run.stderr
    );
    assert_eq!(kids(&place, "public.json"), kids(&place, "key.json"));
}

#[test]
fn the_set_keeps_its_other_members() {
    let place = place();
    rotate(&place, T, &[]).succeeds();
    let mut public = place.json("public.json");
    public["x-contact"] = json!({"mail": "keys@example.com"});
    public["keys"].as_array_mut().expect("keys").pop();
    place.write("public.json", public.to_string());
    rotate(&place, T + 1, &["--every", "90d"]).succeeds();
    let after = place.json("public.json");
    assert_eq!(after["x-contact"], public["x-contact"]);
    assert_eq!(kids(&place, "public.json"), kids(&place, "key.json"));
    let text = place.read("public.json");
    rotate(&place, T + 2, &["--every", "90d"]).succeeds();
    assert_eq!(place.read("public.json"), text);
}
