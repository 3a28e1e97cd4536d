//! Certificates of other keys are told, and what to do where a key has no name.

use serde_json::json;

use super::{convert, only_key};
use crate::support::foreign::{certificate, ed25519};
use crate::support::place::Place;

#[test]
fn a_certificate_of_another_key_is_not_written_on_in_silence() {
    let place = Place::new();
    let (key, other) = (ed25519(), ed25519());
    place.write("key.pem", key.public_key_to_pem().expect("PEM"));
    let with = |certified: &_, name: &str| {
        let mut jwk = only_key(&convert(&place, &["key.pem"]));
        let der = certificate(certified, "example", None)
            .to_der()
            .expect("DER");
        jwk["x5c"] = json!([base64_simd::STANDARD.encode_to_string(der)]);
        place.write(name, jwk.to_string());
    };
    with(&key, "own.json");
    with(&other, "foreign.json");
    for options in [
        &[][..],
        &["--x5c"],
        &["--public"],
        &["--x5c", "--alg", "Ed25519"],
    ] {
        let own = convert(&place, &[&["own.json"], options].concat());
        assert_eq!(own.succeeds().stderr, "");
        let foreign = convert(&place, &[&["foreign.json"], options].concat());
        let warning = "the first certificate of x5c, for \"CN=example\", is that of another key";
        assert!(
            foreign.succeeds().stderr.contains(warning),
            "{}",
            foreign.stderr
        );
    }
}

#[test]
fn a_key_without_a_name_is_not_to_be_left_out_by_it() {
    let place = Place::new();
    place.write("key.json", r#"{"kty":"EC","crv":"P-256"}"#);
    let run = convert(&place, &["key.json"]);
    assert_eq!(run.exit, Some(3));
    assert!(!run.stderr.contains("--without"), "{}", run.stderr);
    place.write("key.json", r#"{"kty":"EC","crv":"P-256","kid":"a"}"#);
    let run = convert(&place, &["key.json"]);
    assert!(run.stderr.contains("--without"), "{}", run.stderr);
}
