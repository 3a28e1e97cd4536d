//! Choosing keys and changing what is said of them.

use serde_json::{Value, json};

use super::{convert, keys, only_key};
use crate::support::foreign::{ed25519, rsa};
use crate::support::place::Place;

const SET: &str = r#"{"issuer": "https://issuer.example", "keys": [
  {"kty": "EC", "crv": "P-256", "kid": "b", "use": "sig", "own": {"n": 1.50, "e": 12345678901234567890123},
   "x": "M2JuyniFPjI2B5GlT8tCsoHYfsG1Dj9AzLZLS7RYk54",
   "y": "331jfWewGlDyz3UxgdJlWSOBdi4p6QDMu9b0V3jDPf8"},
  {"kid": "a", "kty": "EC", "crv": "P-256", "iat": 5,
   "x": "hYQ_2SKxZZT3Cu6HbyJp6gGua8JO2QzJ4ejTy0bY7eI",
   "y": "6REcmuxHp-wcX4myYHfgBwPXYZIE8kREW8wWd4YPHlM"}
], "more": [true, null]}"#;

fn kids(keys: &[Value]) -> Vec<&str> {
    keys.iter()
        .map(|key| key["kid"].as_str().unwrap_or("-"))
        .collect()
}

#[test]
fn unknown_members_survive_in_their_order_and_to_the_last_digit() {
    let place = Place::new();
    place.write("set.json", SET);
    let run = convert(&place, &["set.json", "--alg", "ES256"]);
    let text: String = run.succeeds().text().split_whitespace().collect();
    assert!(
        text.contains(r#""own":{"n":1.50,"e":12345678901234567890123}"#),
        "{text}"
    );
    assert!(
        text.contains(r#""issuer":"https://issuer.example""#)
            && text.contains(r#""more":[true,null]"#)
    );
    assert!(
        text.contains(r#"{"kty":"EC","crv":"P-256","kid":"b","use":"sig","own""#),
        "{text}"
    );
}

#[test]
fn keys_are_chosen_and_put_in_order() {
    let place = Place::new();
    place.write("set.json", SET);
    let chosen = |arguments: &[&str]| {
        let run = convert(&place, &[&["set.json"], arguments].concat());
        kids(&keys(&run)).join(" ")
    };
    assert_eq!(chosen(&[]), "b a");
    assert_eq!(chosen(&["--only", "a"]), "a");
    assert_eq!(chosen(&["--only", "a", "--only", "b"]), "b a");
    assert_eq!(chosen(&["--without", "a"]), "b");
    assert_eq!(chosen(&["--sort", "kid"]), "a b");
    assert_eq!(chosen(&["--sort", "newest"]), "a b");
    assert_eq!(chosen(&["--sort", "alg"]), "a b");
    let sorted = convert(
        &place,
        &["set.json", "--to", "thumbprint", "--sort", "thumbprint"],
    );
    let lines: Vec<&str> = sorted.succeeds().text().lines().collect();
    assert!(lines.len() == 2 && lines[0] < lines[1], "{lines:?}");
}

#[test]
fn members_are_set_and_what_contradicts_them_goes() {
    let place = Place::new();
    place.write("set.json", SET);
    let edited = |arguments: &[&str]| {
        let run = convert(&place, &[&["set.json", "--only", "b"], arguments].concat());
        only_key(&run)
    };
    assert_eq!(edited(&["--kid", "-new"])["kid"], "-new");
    assert_eq!(edited(&["--alg", "ES256"])["alg"], "ES256");
    let key = edited(&["--key-ops", "verify"]);
    assert_eq!(
        (&key["key_ops"], key.get("use")),
        (&json!(["verify"]), None)
    );
    let key = edited(&["--use", "enc"]);
    assert_eq!((&key["use"], key.get("key_ops")), (&json!("enc"), None));
    assert!(edited(&["--kid-from", "none"]).get("kid").is_none());
    let spki = convert(&place, &["set.json", "--only", "b", "--to", "spki-hash"]);
    assert_eq!(edited(&["--kid-from", "spki"])["kid"], spki.text().trim());
    let print = convert(&place, &["set.json", "--only", "b", "--to", "thumbprint"]);
    assert_eq!(
        edited(&["--kid-from", "thumbprint"])["kid"],
        print.text().trim()
    );
    assert_eq!(
        edited(&["--kid-from", "uuid"])["kid"]
            .as_str()
            .expect("a kid")
            .len(),
        36
    );
    let run = convert(
        &place,
        &["set.json", "--kid-from", "date", "--at", "1800000000"],
    );
    assert_eq!(
        kids(&keys(&run)),
        ["2027-01-15T08:00:00Z", "2027-01-15T08:00:00Z-2"]
    );
}

#[test]
fn keys_without_names_get_their_thumbprint_unless_told() {
    let place = Place::new();
    place.write(
        "key.pem",
        ed25519().private_key_to_pem_pkcs8().expect("PEM"),
    );
    let print = convert(&place, &["--to", "thumbprint", "key.pem"]);
    let kid = |arguments: &[&str]| {
        only_key(&convert(&place, &[&["key.pem"], arguments].concat()))["kid"].clone()
    };
    assert_eq!(kid(&[]), print.text().trim());
    assert_eq!(kid(&["--kid", "mine"]), "mine");
    assert_eq!(kid(&["--kid-from", "none"]), Value::Null);
}

#[test]
fn what_is_stripped_is_public_and_the_same_key() {
    let place = Place::new();
    place.write(
        "key.pem",
        rsa(2048).private_key_to_pem_pkcs8().expect("PEM"),
    );
    let public = only_key(&convert(&place, &["--public", "key.pem"]));
    let private = only_key(&convert(&place, &["key.pem"]));
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        assert!(
            public.get(member).is_none() && private[member].is_string(),
            "{member}"
        );
    }
    assert_eq!(public["kid"], private["kid"]);
    // A secret beside it is left out, and told.
    place.write("secret", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    let secret = convert(&place, &["--from", "base64", "secret", "--kid", "s"]);
    place.write("secret.json", secret.succeeds().text());
    let run = convert(&place, &["--public", "key.pem", "secret.json"]);
    assert_eq!(only_key(&run), public);
    assert!(
        run.stderr.contains("\"s\"") && run.stderr.contains("left out"),
        "{}",
        run.stderr
    );
}
