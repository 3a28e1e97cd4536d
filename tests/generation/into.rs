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

#[test]
fn the_public_half_is_written_beside_it() {
    let place = Place::new();
    place.write("set.json", SET);
    let public = place.path("public.json");
    let public = public.to_str().expect("UTF-8");
    add(&place, &["--alg", "ES256", "--kid", "two", "-p", public]).succeeds();
    let published = place.json("public.json");
    assert_eq!(published["keys"][0]["kid"], "two");
    assert_eq!(published["keys"].as_array().map(Vec::len), Some(1));
    assert!(published["keys"][0].get("d").is_none());
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
