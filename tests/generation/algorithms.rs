//! What keys the algorithms have.

use std::collections::BTreeSet;

use jwks_cli::core::alg::{self, KeyType, Standing};
use serde_json::Value;

use super::{T, json, keys};
use crate::support::Jwks;

/// Everything but RSA, which takes long to make, in one call.
#[test]
fn every_algorithm_has_keys_that_say_what_they_are_for() {
    let mut call = Jwks::new("generate").arg("--set");
    let rows: Vec<_> = alg::distinct()
        .filter(|row| row.key_type != KeyType::Rsa)
        .collect();
    for row in &rows {
        call = call.args(["--alg", row.name]);
    }
    let keys = keys(&call.run());
    assert_eq!(keys.len(), rows.len());
    for (row, key) in rows.into_iter().zip(keys) {
        assert_eq!(key["alg"], row.name);
        assert_eq!(key["use"], row.key_use(), "{}", row.name);
        assert_eq!(key["kty"], row.key_type.name(), "{}", row.name);
        if row.key_type == KeyType::Oct {
            let octets = jwks_cli::core::base64url::decode(key["k"].as_str().expect("k"));
            let octets = octets.expect("base64url");
            assert_eq!(octets.len(), row.symmetric_bytes, "{}", row.name);
        }
    }
}

#[test]
fn rsa_keys_for_encryption_are_marked_so() {
    let key = json(&Jwks::new("generate").args(["--alg", "RSA-OAEP-256"]).run());
    assert_eq!((&key["kty"], &key["use"]), (&"RSA".into(), &"enc".into()));
}

#[test]
fn the_curve_of_an_agreement_can_be_chosen() {
    for (curve, kty) in [
        ("P-256", "EC"),
        ("P-384", "EC"),
        ("P-521", "EC"),
        ("X25519", "OKP"),
        ("X448", "OKP"),
    ] {
        for alg in ["ECDH-ES", "ECDH-ES+A256KW"] {
            let run = Jwks::new("generate")
                .args(["--alg", alg, "--curve", curve])
                .run();
            let key = json(&run);
            assert_eq!(key["crv"], curve);
            assert_eq!(key["kty"], kty);
            assert_eq!(key["use"], "enc");
        }
    }
    for (alg, curve) in [
        ("ECDH-ES", "Ed25519"),
        ("ECDH-ES", "secp256k1"),
        ("ES256", "P-384"),
        ("RSA-OAEP", "P-256"),
        ("A256KW", "P-256"),
    ] {
        let run = Jwks::new("generate").args(["--alg", alg, "--curve", curve]);
        run.run().fails(2, "usage");
    }
}

#[test]
fn what_is_prohibited_or_contradicts_itself_is_not_made() {
    let prohibited = alg::ALGORITHMS
        .iter()
        .filter(|row| matches!(row.standing, Standing::Prohibited { .. }));
    for row in prohibited {
        let run = Jwks::new("generate").args(["--alg", row.name]).run();
        run.yields_nothing(2);
    }
    for arguments in [
        &["--alg", "ES256", "--use", "enc"][..],
        &["--alg", "ECDH-ES", "--use", "sig"],
        &["--alg", "ES256", "--use", ""],
        &["--alg", "A256KW", "--size", "128"],
        &["--alg", "A256CBC-HS512", "--size", "256"],
        &["--alg", "RS256", "--size", "1024"],
        &["--alg", "ES256", "--size", "256"],
    ] {
        let run = Jwks::new("generate").args(arguments).run();
        run.fails(2, "usage");
    }
    let other = Jwks::new("generate").args(["--alg", "ES256", "--use", "jwt-svid"]);
    assert_eq!(json(&other.run())["use"], "jwt-svid");
}

#[test]
fn many_keys_come_in_the_order_in_which_they_were_asked_for() {
    let run = Jwks::new("generate")
        .args(["--alg", "ES256", "--alg", "Ed25519", "--count", "40"])
        .args(["--kid-from", "date", "--at", &T.to_string()])
        .run();
    let keys = keys(&run);
    let algs: Vec<&Value> = keys.iter().map(|key| &key["alg"]).collect();
    assert!(algs[..40].iter().all(|alg| *alg == "ES256"));
    assert!(algs[40..].iter().all(|alg| *alg == "Ed25519"));
    let kids: Vec<String> = keys
        .iter()
        .map(|key| key["kid"].as_str().expect("a kid").to_owned())
        .collect();
    let expected: Vec<String> = (1..=80)
        .map(|number| match number {
            1 => "2027-01-15T08:00:00Z".to_owned(),
            number => format!("2027-01-15T08:00:00Z-{number}"),
        })
        .collect();
    assert_eq!(kids, expected);
    let different: BTreeSet<String> = keys.iter().map(|key| key["x"].to_string()).collect();
    assert_eq!(different.len(), 80);
}

/// A value that nobody can make use of, and one that is a letter away from a registered one.
#[test]
fn what_a_key_is_for_does_not_contradict_its_algorithm() {
    for (options, word) in [
        (
            &["--alg", "ES256", "--key-ops", "decrypt"][..],
            "contradicts ES256",
        ),
        (
            &["--alg", "ES256", "--key-ops", "verify,deriveKey"],
            "\"deriveKey\"",
        ),
        (
            &["--alg", "ECDH-ES", "--key-ops", "sign"],
            "contradicts ECDH-ES",
        ),
        (
            &["--alg", "ES256", "--alg", "ECDH-ES", "--key-ops", "sign"],
            "ECDH-ES",
        ),
        (&["--alg", "ES256", "--key-ops", "sgin"], "write sign"),
        (&["--alg", "ES256", "--key-ops", "Verify"], "write verify"),
        (
            &["--alg", "RSA-OAEP-256", "--key-ops", "wrapkey"],
            "write wrapKey",
        ),
        (&["--alg", "ES256", "--use", "Sig"], "write sig"),
        (&["--alg", "ES256", "--use", "sgi"], "write sig"),
        (&["--alg", "ES256", "--key-ops", ""], "must not be empty"),
    ] {
        let run = Jwks::new("generate").args(options).run();
        run.fails(2, "usage");
        assert!(run.stderr.contains(word), "{}", run.stderr);
    }
    for (options, warning) in [
        (&["--alg", "ES256", "--key-ops", "sign,verify"][..], None),
        (&["--alg", "ECDH-ES", "--key-ops", "deriveBits"], None),
        (&["--alg", "A256KW", "--key-ops", "wrapKey,unwrapKey"], None),
        (
            &["--alg", "ES256", "--use", "jwt-svid"],
            Some("\"jwt-svid\" is not registered"),
        ),
        (
            &["--alg", "ES256", "--use", "signature"],
            Some("; \"sig\" is\n"),
        ),
        (
            &["--alg", "ES256", "--key-ops", "foo"],
            Some("the operation \"foo\""),
        ),
    ] {
        let run = Jwks::new("generate").args(options).run();
        run.succeeds();
        match warning {
            None => assert_eq!(run.stderr, ""),
            Some(warning) => assert!(run.stderr.contains(warning), "{}", run.stderr),
        }
    }
}
