//! What is said of a signature that fails. What passes and fails at all is in tests/vectors.

use super::*;
use crate::core::alg;
use crate::core::alg::Curve;
use crate::core::base64url::encode;
use crate::core::engine::{Shape, Signer, generate};
use crate::core::failure::Code;
use crate::core::jwk::Parameters;
use crate::core::jwks;
use crate::core::key::{Material, Secret};

fn key(kid: &str, material: Material) -> Jwk {
    let parameters = Parameters {
        kid: Some(kid.into()),
        ..Parameters::default()
    };
    Jwk::from_material(material, parameters)
}

fn set(keys: &[&Jwk]) -> JwkSet {
    let members: Vec<_> = keys.iter().map(|key| key.members().clone()).collect();
    JwkSet::read(jwks::document(&members).as_bytes()).unwrap()
}

/// A token whose header says `alg` and `kid`, really signed with `algorithm` and `material`.
fn token(alg: &str, kid: &str, algorithm: &str, material: &Material) -> String {
    let header = format!(r#"{{"alg":"{alg}","kid":"{kid}"}}"#);
    let input = format!("{}.{}", encode(header.as_bytes()), encode(b"{}"));
    let algorithm = alg::by_name(algorithm).unwrap();
    let signature = Signer::new(material, algorithm)
        .unwrap()
        .sign(input.as_bytes())
        .unwrap();
    format!("{input}.{}", encode(&signature))
}

/// The hint of the only failure, which is of the signature.
fn hint(token: &str, set: &JwkSet) -> String {
    let now = NumericDate::from_seconds(0);
    let policy = Policy::default();
    let verification = verify(token.as_bytes(), set, &policy, now);
    assert!(verification.verified.is_none());
    let failures: Vec<&Failure> = verification.checks.failures().collect();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(failures[0].code, Code::SignatureInvalid);
    failures[0].hint.clone().unwrap()
}

#[test]
fn a_signature_of_another_algorithm_is_told() {
    let rsa = generate(Shape::Rsa(2048)).unwrap();
    let set = set(&[&key("a", rsa.clone())]);
    assert!(hint(&token("RS256", "a", "PS256", &rsa), &set).contains("PS256"));
    assert!(hint(&token("PS384", "a", "RS384", &rsa), &set).contains("RS384"));
}

#[test]
fn a_signature_of_another_key_of_the_set_is_told() {
    let (one, other) = (
        generate(Shape::Curve(Curve::P256)).unwrap(),
        generate(Shape::Curve(Curve::P256)).unwrap(),
    );
    let set = set(&[&key("one", one), &key("other", other.clone())]);
    assert!(hint(&token("ES256", "one", "ES256", &other), &set).contains("\"other\""));
    let foreign = generate(Shape::Curve(Curve::P256)).unwrap();
    assert!(!hint(&token("ES256", "one", "ES256", &foreign), &set).contains("wrong kid"));
}

#[test]
fn a_secret_that_was_taken_as_text_is_told() {
    let secret = Secret::new(zeroize::Zeroizing::new(vec![7; 32]));
    let text = encode(secret.expose()).into_bytes();
    let set = set(&[&key("s", Material::Symmetric(secret))]);
    let misread = Material::Symmetric(Secret::new(zeroize::Zeroizing::new(text)));
    assert!(hint(&token("HS256", "s", "HS256", &misread), &set).contains("the text of \"k\""));
}
