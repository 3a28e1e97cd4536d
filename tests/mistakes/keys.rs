//! Keys that are not those of the token.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::issuer::{self, token, verify};
use super::story::{mistake, then};
use crate::support::Jwks;
use crate::support::place::{AT, Place};
use crate::support::server::{Answer, Server};
use crate::support::tls::{LOOPBACK, self_signed_with_pem};

/// A key pair in `NAME.json` and `NAME.pub`.
fn generate(place: &Place, name: &str, alg: &str, kid: &str) -> (PathBuf, PathBuf) {
    let (private, public) = (
        place.path(format!("{name}.json")),
        place.path(format!("{name}.pub")),
    );
    let options = ["--alg", alg, "--kid", kid, "--set"];
    let run = Place::jwks("generate")
        .args(options)
        .arg("-o")
        .arg(&private);
    then(run.arg("-p").arg(&public));
    (private, public)
}

/// A token that a key signs.
fn signed_by(key: &Path) -> String {
    let run = Place::jwks("sign").arg("--jwks").arg(key);
    then(run).text().trim_end().to_owned()
}

fn verify_by(token: &str, keys: &Path) -> Jwks {
    Place::jwks("verify").arg(token).arg("--jwks").arg(keys)
}

/// The first key of a set changed.
fn changed(place: &Place, set: &Path, member: &str, value: &Value) -> PathBuf {
    let text = std::fs::read_to_string(set).expect("a set");
    let mut document: Value = serde_json::from_str(&text).expect("JSON");
    document["keys"][0][member] = value.clone();
    place.write("changed.json", document.to_string())
}

#[test]
fn the_set_is_an_old_copy() {
    let place = Place::new();
    let server = Server::http(|request| {
        let origin = request.origin();
        match request.target.as_str() {
            "/keys" => Answer::body(issuer::set()),
            "/.well-known/openid-configuration" => {
                let keys = format!("{origin}/keys");
                Answer::body(json!({"issuer": origin, "jwks_uri": keys}).to_string())
            }
            _ => Answer::status(404),
        }
    });
    let token = token(
        &json!({}),
        &json!({"iss": server.origin(), "exp": 1_800_000_900}),
    );
    let old = place.write("old.json", issuer::set_with_kid("2025"));
    let hint = mistake(verify_by(&token, &old)).says(1, "unknown-kid");
    let seen = then(hint.jwks(&[]).arg(&token).args(["--at", AT]));
    assert!(seen.text().contains(&server.origin()));
    let verify = Place::jwks("verify").arg(&token);
    then(verify.arg(hint.word("--issuer")).arg(server.origin()));
}

#[test]
fn the_kid_is_written_in_another_case() {
    let place = Place::new();
    let set = place.write("set.json", issuer::set_with_kid("NzbLsXh8uDCcd-6MNwXF4W"));
    let claims = json!({"exp": 1_800_000_900});
    let of = |kid: &str| verify_by(&token(&json!({"kid": kid}), &claims), &set);
    let hint = mistake(of("nzblsxh8udccd-6mnwxf4w")).says(1, "unknown-kid");
    then(of(&hint.quoted()[0]));
}

#[test]
fn the_signer_names_its_key_by_the_thumbprint() {
    let place = Place::with_key();
    let public = place.path("public.json");
    let run = Jwks::new("convert")
        .arg(place.path("key.json"))
        .arg("--kid-from=thumbprint");
    let renamed = place.write("renamed.json", then(run).text());
    let token = signed_by(&renamed);
    let hint = mistake(verify_by(&token, &public)).says(1, "unknown-kid");
    let converted = then(hint.jwks(&[("FILE", &public)]));
    let named = place.write("named.json", converted.text());
    then(verify_by(&token, &named));
}

#[test]
fn several_keys_fit_and_none_signed() {
    let place = Place::new();
    let unnamed = |name: &str| {
        let options = ["--alg", "ES256", "--kid-from", "none"];
        let run = Place::jwks("generate")
            .args(options)
            .arg("-o")
            .arg(place.path(name));
        then(run);
        place.path(name)
    };
    let (one, other, signer) = (unnamed("one"), unnamed("other"), unnamed("signer"));
    let merge = |keys: &[&PathBuf], into: &str| {
        let run = Jwks::new("convert")
            .args(keys)
            .args(["--public", "--to", "jwks"]);
        place.write(into, then(run).text())
    };
    let token = signed_by(&signer);
    let old = merge(&[&one, &other], "old.json");
    let hint = mistake(verify_by(&token, &old)).says(1, "signature-invalid");
    then(hint.jwks(&[]).arg(&token).args(["--at", AT]));
    // No kid is needed where the right key is among them.
    then(verify_by(&token, &merge(&[&one, &signer], "new.json")));
}

#[test]
fn the_key_is_published_for_another_algorithm() {
    let place = Place::new();
    let (private, public) = generate(&place, "rsa", "RS256", "a");
    let wrong = changed(&place, &public, "alg", &json!("PS256"));
    let token = signed_by(&private);
    let hint = mistake(verify_by(&token, &wrong))
        .says(1, "no-matching-key")
        .naming("PS256");
    let converted = then(hint.jwks(&[("FILE", &wrong)]));
    let right = place.write("right.json", converted.text());
    then(verify_by(&token, &right));
}

#[test]
fn the_algorithm_is_not_that_of_the_curve() {
    let place = Place::new();
    let (private, public) = generate(&place, "ec", "ES384", "a");
    let wrong = changed(&place, &public, "alg", &json!("ES256"));
    let token = signed_by(&private);
    let es256 = token_of(&place, "ES256");
    let hint = mistake(verify_by(&es256, &wrong)).says(1, "key-unusable");
    let converted = then(hint.jwks(&[("FILE", &wrong)]));
    let right = place.write("right.json", converted.text());
    then(verify_by(&token, &right));
    // And the signer that wrote the other name has to write this one.
    mistake(verify_by(&es256, &right))
        .says(1, "no-matching-key")
        .naming("ES384");
}

/// A token with the kid "a", signed with this algorithm.
fn token_of(place: &Place, alg: &str) -> String {
    signed_by(&generate(place, &format!("key-{alg}"), alg, "a").0)
}

#[test]
fn a_public_key_is_taken_for_a_secret() {
    let place = Place::new();
    let (private, public) = generate(&place, "rsa", "RS256", "a");
    let secret = place.path("secret.json");
    let options = ["--alg", "HS256", "--kid", "a"];
    then(Place::jwks("generate").args(options).arg("-o").arg(&secret));
    let token = signed_by(&secret);
    let pem = Jwks::new("convert").arg(&public).args(["--to", "pem"]);
    let pem = place.write("rsa.pem", then(pem).text());
    for keys in [&public, &pem] {
        let hint = mistake(verify_by(&token, keys)).says(1, "no-matching-key");
        hint.naming("RS256").naming("--jwks");
    }
    then(verify_by(&token, &secret));
    then(verify_by(&signed_by(&private), &pem));
}

#[test]
fn a_pem_file_is_to_be_published() {
    let place = Place::with_key();
    let pem = |options: &[&str], name: &str| {
        let run = Jwks::new("convert").arg(place.path("key.json"));
        place.write(name, then(run.args(options)).text())
    };
    let public = pem(&["--to", "pem", "--public"], "public.pem");
    let inspect = |path: &Path| {
        let options = ["--published", "--fail-on", "error", "--format", "json"];
        Place::jwks("inspect").arg(path).args(options)
    };
    let certificate = place.write("certificate.pem", self_signed_with_pem(&LOOPBACK).1);
    for public in [public, certificate] {
        let hint = mistake(inspect(&public)).finds(1, "not-a-jwks");
        let set = then(hint.jwks(&[("FILE", &public)]));
        let set = place.write("set.json", set.text());
        then(inspect(&set));
    }
    let private = pem(&["--to", "pem", "--force"], "private.pem");
    mistake(inspect(&private))
        .finds(1, "not-a-jwks")
        .naming("compromised");
}

#[test]
fn a_private_set_is_to_be_published() {
    let place = Place::new();
    let (private, _) = generate(&place, "a", "ES256", "a");
    let inspect = |path: &Path| {
        let options = ["--published", "--fail-on", "error", "--format", "json"];
        Place::jwks("inspect").arg(path).args(options)
    };
    let hint = mistake(inspect(&private))
        .finds(1, "private-member")
        .naming("compromised");
    let set = then(hint.jwks(&[("FILE", &private)]));
    let set = place.write("set.json", set.text());
    then(inspect(&set));
}

#[test]
fn a_public_set_is_to_sign() {
    let place = Place::with_key();
    let sign = |name: &str| Place::jwks("sign").arg("--jwks").arg(place.path(name));
    let hint = mistake(sign("public.json")).says(1, "public-key");
    let seen = then(hint.jwks(&[]).arg(place.path("key.json")));
    assert!(seen.text().contains("private"));
    then(sign("key.json"));
}

#[test]
fn several_keys_could_sign() {
    let place = Place::new();
    let set = place.path("set.json");
    let generate = |options: &[&str]| {
        then(Place::jwks("generate").args(options));
    };
    let path = set.to_str().expect("a name");
    generate(&["--alg", "ES256", "--kid", "a", "--set", "-o", path]);
    generate(&["--alg", "Ed25519", "--kid", "b", "--into", path]);
    let sign = || Place::jwks("sign").arg("--jwks").arg(&set);
    let hint = mistake(sign()).says(1, "several-active-keys");
    then(sign().arg(hint.word("--kid=")));
    let hint = mistake(sign().arg("--kid=c")).says(1, "unknown-kid");
    then(sign().arg("--kid").arg(&hint.quoted()[1]));
}

#[test]
fn the_set_is_a_member_of_another_document() {
    let place = Place::new();
    let set: Value = serde_json::from_str(&issuer::set()).expect("JSON");
    let wrapped = json!({"client_id": "a", "jwks": set});
    let file = place.write("client.json", wrapped.to_string());
    let token = token(&json!({}), &json!({"exp": 1_800_000_900}));
    let hint = mistake(verify_by(&token, &file)).says(3, "not-a-jwks");
    let taken = place.write("taken.json", wrapped[&hint.quoted()[0]].to_string());
    then(verify_by(&token, &taken));
    let other = place.write("other.json", r#"{"a":1}"#);
    mistake(verify_by(&token, &other))
        .says(3, "not-a-jwks")
        .naming("\"keys\"");
    then(verify(&place, &token));
}
