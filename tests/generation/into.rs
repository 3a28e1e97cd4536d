//! Keys for a set that exists.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread;

use jwks_cli::core::encrypted_keys::EncryptedKeys;
use serde_json::Value;

use super::T;
use crate::support::place::{Place, mode};
use crate::support::{Jwks, Run};

/// A set with members and numbers that nobody knows.
const SET: &str = r#"{
  "purpose": "signing",
  "keys": [
    {
      "kty": "oct",
      "kid": "one",
      "k": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
      "alg": "HS256",
      "big": 1.50e300
    }
  ],
  "version": 12345678901234567890123
}
"#;

fn add(place: &Place, options: &[&str]) -> Run {
    let call = Jwks::new("generate").args(["--at", &T.to_string()]);
    let call = call.args(options);
    call.arg("--into").arg(place.path("set.json")).run()
}

fn kids(place: &Place) -> Vec<String> {
    let set = place.json("set.json");
    let keys = set["keys"].as_array().expect("a set");
    let kid = |key: &Value| key["kid"].as_str().expect("a kid").to_owned();
    keys.iter().map(kid).collect()
}

#[test]
fn a_key_is_added_and_all_else_stays_as_it_is() {
    let place = Place::new();
    place.write("set.json", SET);
    let run = add(&place, &["--alg", "ES256", "--kid", "two"]);
    assert_eq!(run.succeeds().text(), "");
    assert!(
        run.stderr.contains("added the private key \"two\""),
        "{}",
        run.stderr
    );
    assert_eq!(kids(&place), ["one", "two"]);
    let text = place.read("set.json");
    for kept in [
        "\"purpose\": \"signing\"",
        "1.50e300",
        "12345678901234567890123",
    ] {
        assert!(text.contains(kept), "{text}");
    }
    assert!(text.starts_with("{\n  \"purpose\""), "{text}");
    assert_eq!(place.names(), ["set.json"]);
}

/// A private set of one key and its published set.
fn published() -> Place {
    let place = Place::new();
    let call = Jwks::new("generate").args(["--alg", "ES256", "--kid", "one", "--set"]);
    let call = call.args(["--at", &T.to_string(), "-o"]);
    let call = call.arg(place.path("set.json")).arg("-p");
    call.arg(place.path("public.json")).run().succeeds();
    place
}

/// A key for the set of `place`, which is published in a file there.
fn add_published(place: &Place, file: &str, options: &[&str]) -> Run {
    let public = place.path(file);
    let public = public.to_str().expect("UTF-8");
    add(
        place,
        &[&["--alg", "ES256", "-p", public], options].concat(),
    )
}

fn published_kids(place: &Place, file: &str) -> Vec<Value> {
    let set = place.json(file);
    let keys = set["keys"].as_array().expect("a set");
    assert!(keys.iter().all(|key| key.get("d").is_none()));
    keys.iter().map(|key| key["kid"].clone()).collect()
}

#[test]
fn what_is_published_is_the_whole_set() {
    let place = published();
    // As it is and without --force; where there is none; and where there is nothing in it.
    for (file, kid) in [
        ("public.json", "two"),
        ("new.json", "three"),
        ("empty.json", "four"),
    ] {
        place.write("empty.json", "");
        let run = add_published(&place, file, &["--kid", kid]);
        assert!(
            run.succeeds().stderr.contains("wrote the published set"),
            "{}",
            run.stderr
        );
        let mut published = published_kids(&place, file);
        // The one that signs stands first.
        assert_eq!(published[0], kid);
        published.rotate_left(1);
        assert_eq!(published, kids(&place));
    }
}

#[test]
fn members_of_the_published_set_stay_and_what_nobody_may_see_is_not_published() {
    let place = published();
    let public = place.read("public.json");
    place.write("public.json", public.replacen('{', "{\"sequence\":1.0,", 1));
    let revoke = Jwks::new("rotate").arg(place.path("set.json"));
    let revoke = revoke.args(["--at", &T.to_string(), "--revoke=one", "--yes"]);
    revoke.run().succeeds();
    add_published(&place, "public.json", &["--kid", "two"]).succeeds();
    assert!(place.read("public.json").contains("\"sequence\": 1.0"));
    let [one, fresh, two] = &kids(&place)[..] else {
        panic!("three keys");
    };
    assert_eq!(one, "one");
    let published = published_kids(&place, "public.json");
    assert_eq!(published.len(), 2);
    for kid in [fresh, two] {
        assert!(published.contains(&kid.as_str().into()), "{kid}");
    }
}

#[test]
fn no_published_key_goes_that_the_private_set_does_not_know() {
    let place = published();
    let other = Jwks::new("generate").args(["--alg", "ES256", "--kid", "foreign", "--set"]);
    let other = other.arg("-o").arg(place.path("other.json")).arg("-p");
    other.arg(place.path("foreign.json")).run().succeeds();
    let mut mixed = place.json("public.json");
    let foreign = place.json("foreign.json")["keys"][0].clone();
    mixed["keys"].as_array_mut().expect("keys").push(foreign);
    place.write("mixed.json", mixed.to_string());
    let before = place.read("set.json");
    for file in ["foreign.json", "mixed.json"] {
        let published = place.read(file);
        let run = add_published(&place, file, &["--kid", "two"]);
        run.fails(3, "foreign-published-set");
        assert!(run.stderr.contains("\"foreign\""), "{}", run.stderr);
        assert!(!run.stderr.contains("--force"), "{}", run.stderr);
        assert_eq!(
            (place.read("set.json"), place.read(file)),
            (before.clone(), published)
        );
    }
    for file in ["set.json", "other.json"] {
        let published = place.read(file);
        let run = add_published(&place, file, &["--kid", "two", "--force"]);
        assert!(matches!(run.exit, Some(2 | 3)), "{}", run.stderr);
        assert_eq!(
            (place.read("set.json"), place.read(file)),
            (before.clone(), published)
        );
    }
    let forced = add_published(&place, "mixed.json", &["--kid", "two", "--force"]);
    let warning = "replaced without keys that the private file does not know: key \"foreign\"";
    assert!(
        forced.succeeds().stderr.contains(warning),
        "{}",
        forced.stderr
    );
    assert_eq!(published_kids(&place, "mixed.json"), ["two", "one"]);
}

#[test]
fn a_set_with_secrets_that_are_shared_is_not_published() {
    let place = Place::new();
    place.write("set.json", SET);
    add_published(&place, "public.json", &["--kid", "two"]).fails(3, "symmetric-key");
    assert_eq!(place.names(), ["set.json"]);
    assert_eq!(place.read("set.json"), SET);
}

#[test]
fn what_must_not_be_added_to_is_left_alone() {
    let place = Place::new();
    add(&place, &["--alg", "ES256"]).fails(3, "file-not-found");
    assert_eq!(place.names(), [""; 0]);
    for (content, code) in [
        ("hello", "not-a-jwks"),
        (r#"{"keys":{}}"#, "keys-not-array"),
        (
            r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
            "public-set",
        ),
    ] {
        place.write("set.json", content);
        add(&place, &["--alg", "ES256"]).fails(3, code);
        assert_eq!(place.read("set.json"), content);
    }
    place.write("set.json", SET);
    add(&place, &["--alg", "ES256", "--kid", "one"]).fails(3, "kid-exists");
    assert_eq!(place.read("set.json"), SET);
    for conflicting in [
        &["--set"][..],
        &["-o", "x"],
        &["--to", "pem"],
        &["--encrypt"],
    ] {
        let run = add(&place, &[&["--alg", "ES256"], conflicting].concat());
        run.yields_nothing(2);
    }
    assert_eq!(place.read("set.json"), SET);
}

#[test]
fn a_key_that_signs_at_once_in_place_of_another_is_warned_about() {
    let place = Place::new();
    place.write("set.json", r#"{"keys":[]}"#);
    let first = add(&place, &["--alg", "ES256", "--kid", "one"]);
    assert!(
        !first.succeeds().stderr.contains("warning"),
        "{}",
        first.stderr
    );
    let other = add(&place, &["--alg", "ECDH-ES", "--kid", "two"]);
    assert!(
        !other.succeeds().stderr.contains("warning"),
        "{}",
        other.stderr
    );
    let second = add(&place, &["--alg", "ES256", "--kid", "three"]);
    let warning = "warning: key \"one\" is no longer the one that signs";
    assert!(
        second.succeeds().stderr.contains(warning),
        "{}",
        second.stderr
    );
}

#[test]
fn a_single_key_becomes_a_set_and_an_array_stays_one() {
    let place = Place::new();
    let key = r#"{"kty":"oct","kid":"one","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;
    place.write("set.json", key);
    add(&place, &["--alg", "ES256", "--kid", "two"]).succeeds();
    assert_eq!(kids(&place), ["one", "two"]);
    place.write("set.json", format!("[{key}]"));
    add(&place, &["--alg", "ES256", "--kid", "two"]).succeeds();
    let keys = place.json("set.json");
    assert_eq!(keys[1]["kid"], "two");
}

#[test]
fn a_protected_set_stays_protected_by_the_same_passphrase() {
    let place = Place::new();
    let passphrase = place.write("passphrase", "correct horse");
    let passphrase = passphrase.to_str().expect("UTF-8");
    let call = Jwks::new("generate").args(["--alg", "ES256", "--kid", "one", "--set", "--encrypt"]);
    let call = call.args(["--passphrase-file", passphrase]);
    call.arg("-o").arg(place.path("set.json")).run().succeeds();
    let options = [
        "--alg",
        "ES384",
        "--kid",
        "two",
        "--passphrase-file",
        passphrase,
    ];
    add(&place, &options).succeeds();
    let opened = EncryptedKeys::read(place.read("set.json").as_bytes())
        .and_then(|keys| keys.open(b"correct horse"))
        .expect("it opens");
    let set: Value = serde_json::from_slice(&opened).expect("JSON");
    assert_eq!(set["keys"][1]["kid"], "two");
    let wrong = place.write("wrong", "incorrect horse");
    let before = place.read("set.json");
    let wrong = wrong.to_str().expect("UTF-8");
    add(&place, &["--alg", "ES256", "--passphrase-file", wrong]).fails(3, "wrong-passphrase");
    assert_eq!(place.read("set.json"), before);
}

#[test]
fn many_at_once_lose_no_key_and_the_mode_stays() {
    let place = Place::new();
    let path = place.write("set.json", r#"{"keys":[]}"#);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("a mode");
    thread::scope(|scope| {
        for number in 0..12 {
            let place = &place;
            scope.spawn(move || {
                let kid = format!("key-{number}");
                let options = ["--alg", "Ed25519", "--kid", &kid, "--lock-timeout", "60s"];
                add(place, &options).succeeds();
            });
        }
    });
    let mut kids = kids(&place);
    kids.sort();
    assert_eq!(kids.len(), 12);
    kids.dedup();
    assert_eq!(kids.len(), 12);
    assert_eq!(mode(&path), 0o640);
    assert_eq!(place.names(), ["set.json"]);
}
