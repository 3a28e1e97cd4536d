//! PEM and DER instead of JSON.

use super::json;
use crate::support::Jwks;
use crate::support::place::{Place, mode};

const ALGORITHMS: [&str; 8] = [
    "RS256",
    "ES256",
    "ES384",
    "ES512",
    "ES256K",
    "Ed25519",
    "Ed448",
    "ML-DSA-44",
];

fn thumbprint(place: &Place, name: &str) -> String {
    let run = Jwks::new("convert")
        .args(["--to", "thumbprint"])
        .arg(place.path(name))
        .run();
    run.succeeds().text().to_owned()
}

#[test]
fn both_halves_are_written_in_the_form_that_is_asked_for() {
    for form in ["pem", "der"] {
        for alg in ALGORITHMS {
            let place = Place::new();
            let call = Jwks::new("generate").args(["--alg", alg, "--to", form]);
            let call = call.arg("-o").arg(place.path("private"));
            let run = call.arg("-p").arg(place.path("public")).run();
            assert_eq!(run.succeeds().text(), "");
            assert_eq!(mode(&place.path("private")), 0o600);
            let own = thumbprint(&place, "private");
            assert_eq!(own, thumbprint(&place, "public"), "{alg} {form}");
            let read = Jwks::new("convert").arg(place.path("private")).run();
            assert!(read.succeeds().text().contains("\"kty\""));
            if form == "pem" {
                assert!(
                    place
                        .read("private")
                        .starts_with("-----BEGIN PRIVATE KEY-----\n")
                );
                assert!(
                    place
                        .read("public")
                        .starts_with("-----BEGIN PUBLIC KEY-----\n")
                );
            }
        }
    }
}

#[test]
fn several_keys_are_several_blocks() {
    let run = Jwks::new("generate").args(["--alg", "ES256", "--count", "3", "--to", "pem"]);
    let blocks = run
        .run()
        .succeeds()
        .text()
        .matches("BEGIN PRIVATE KEY")
        .count();
    assert_eq!(blocks, 3);
}

#[test]
fn a_passphrase_protects_pem_and_der_too() {
    for form in ["pem", "der"] {
        let place = Place::new();
        let passphrase = place.write("passphrase", "correct horse\n");
        let call = Jwks::new("generate").args(["--alg", "Ed25519", "--to", form, "--encrypt"]);
        let call = call.arg("--passphrase-file").arg(&passphrase);
        call.arg("-o").arg(place.path("key")).run().succeeds();
        let convert = || Jwks::new("convert").arg(place.path("key"));
        let opened = convert().arg("--passphrase-file").arg(&passphrase).run();
        assert_eq!(json(&opened)["keys"][0]["crv"], "Ed25519");
        convert().run().fails(2, "usage");
        let wrong = place.write("wrong", "incorrect horse\n");
        let refused = convert().arg("--passphrase-file").arg(wrong).run();
        refused.fails(3, "wrong-passphrase");
    }
}

#[test]
fn what_a_form_cannot_hold_is_refused_before_anything_is_made() {
    for arguments in [
        &["--alg", "HS256", "--to", "pem"][..],
        &["--alg", "A256KW", "--to", "der"],
        &["--alg", "ES256", "--to", "pem", "--set"],
        &["--alg", "ES256", "--to", "pem", "--kid", "a"],
        &["--alg", "ES256", "--to", "der", "--kid-from", "spki"],
        &["--alg", "ES256", "--to", "pem", "--key-ops", "sign"],
        &["--to", "pem", "--kid", "a"],
        &["--alg", "ES256", "--to", "der", "--count", "2"],
        &["--alg", "ES256", "--alg", "Ed25519", "--to", "der"],
    ] {
        let place = Place::new();
        let call = Jwks::new("generate").args(arguments);
        call.arg("-o")
            .arg(place.path("key"))
            .run()
            .fails(2, "usage");
        assert_eq!(place.names(), [""; 0]);
    }
}

#[test]
fn a_private_key_that_is_given_as_an_argument_is_not_repeated() {
    for form in ["jwk", "pem"] {
        let run = Jwks::new("generate")
            .args(["--alg", "Ed25519", "--to", form])
            .run();
        let key = run.succeeds().text().to_owned();
        let secret: String = match form {
            "jwk" => json(&run)["d"].as_str().expect("d").to_owned(),
            _ => key.lines().nth(1).expect("base64").to_owned(),
        };
        for arguments in [
            &["completions", "bash", &key][..],
            &["generate", "--alg", &key],
            &["generate", "--alg", "ES256", "--at", &key],
            &["verify", "x", "--jwks", "y", "--alg", &key],
        ] {
            let run = Jwks::new(arguments[0]).args(&arguments[1..]).run();
            run.yields_nothing(2);
            assert!(
                !run.stderr.contains(&secret),
                "{arguments:?}: {}",
                run.stderr
            );
        }
    }
}
