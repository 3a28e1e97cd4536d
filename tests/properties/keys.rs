//! Keys to test with, made once in a run.

use std::sync::OnceLock;

use jwks_cli::core::alg::{self, Algorithm, KeyType};
use jwks_cli::core::engine::{Shape, generate};
use jwks_cli::core::jwk::{Jwk, Parameters};
use jwks_cli::core::jwks::JwkSet;
use jwks_cli::core::key::Material;

/// Every algorithm that signs.
pub(crate) fn algorithms() -> Vec<&'static Algorithm> {
    alg::signing().collect()
}

/// New material for an algorithm; RSA keys, which take time, are made once.
pub(crate) fn material(algorithm: &'static Algorithm) -> Material {
    static RSA: OnceLock<Material> = OnceLock::new();
    let made = |shape: Shape| generate(shape).expect("a key");
    match (
        algorithm.key_type,
        algorithm.ml_dsa(),
        algorithm.curves.first(),
    ) {
        (KeyType::Rsa, _, _) => RSA.get_or_init(|| made(Shape::Rsa(2048))).clone(),
        (KeyType::Oct, _, _) => made(Shape::Octets(algorithm.symmetric_bytes)),
        (_, Some(parameters), _) => made(Shape::Akp(algorithm, parameters)),
        (_, None, Some(curve)) => made(Shape::Curve(*curve)),
        (_, None, None) => panic!("no key can be made for {}", algorithm.name),
    }
}

/// A private key of an algorithm, named like it.
pub(crate) fn jwk(algorithm: &'static Algorithm) -> Jwk {
    let parameters = Parameters {
        kid: Some(algorithm.name.to_owned()),
        alg: Some(algorithm.name.to_owned()),
        key_use: Some("sig".to_owned()),
        ..Parameters::default()
    };
    Jwk::from_material(material(algorithm), parameters)
}

pub(crate) fn jwks() -> Vec<Jwk> {
    algorithms().into_iter().map(jwk).collect()
}

/// The text of a set of these keys.
pub(crate) fn document(jwks: &[Jwk]) -> String {
    let keys: Vec<String> = jwks
        .iter()
        .map(|jwk| jwk.members().to_json().to_string())
        .collect();
    format!("{{\"keys\":[{}]}}", keys.join(","))
}

pub(crate) fn set(jwks: &[Jwk]) -> JwkSet {
    JwkSet::read(document(jwks).as_bytes()).expect("a set")
}
