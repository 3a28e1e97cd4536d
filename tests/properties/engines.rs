//! The engines: what one signs the other verifies, and nothing else.

use jwks_cli::core::alg::Algorithm;
use jwks_cli::core::engine::{Signer, Verifier, check_pair};
use jwks_cli::core::key::Material;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{TestCaseError, TestRunner};

use super::cases;
use super::keys::{algorithms, material};

/// A message, and where and how it and its signature are changed.
#[derive(Debug, Clone)]
struct Case {
    message: Vec<u8>,
    at: Index,
    bit: u8,
}

fn case() -> impl Strategy<Value = Case> {
    let message = prop::collection::vec(any::<u8>(), 0..300);
    (message, any::<Index>(), 0_u8..8).prop_map(|(message, at, bit)| Case { message, at, bit })
}

fn flipped(octets: &[u8], case: &Case) -> Vec<u8> {
    let mut octets = octets.to_vec();
    if octets.is_empty() {
        return vec![0];
    }
    let at = case.at.index(octets.len());
    octets[at] ^= 1 << case.bit;
    octets
}

fn signs_and_verifies(algorithm: &'static Algorithm, case: &Case) -> Result<(), TestCaseError> {
    let key = material(algorithm);
    prop_assert!(check_pair(&key).is_ok());
    let signer = Signer::new(&key, algorithm).expect("a signer");
    let signature = signer.sign(&case.message).expect("a signature");
    let public = key
        .public()
        .map_or(key.clone(), |public| Material::Public(public.clone()));
    let verifier = Verifier::new(&public, algorithm).expect("a verifier");
    prop_assert!(verifier.verify(&case.message, &signature));
    prop_assert!(!verifier.verify(&flipped(&case.message, case), &signature));
    prop_assert!(!verifier.verify(&case.message, &flipped(&signature, case)));
    let cut = &signature[..case.at.index(signature.len())];
    prop_assert!(!verifier.verify(&case.message, cut));
    let grown = [&signature[..], &[case.bit]].concat();
    prop_assert!(!verifier.verify(&case.message, &grown));
    let zeros = vec![0; signature.len()];
    prop_assert!(!verifier.verify(&case.message, &zeros));
    Ok(())
}

fn run(algorithm: &'static Algorithm) {
    let mut runner = TestRunner::new(cases(12));
    runner
        .run(&case(), |case| signs_and_verifies(algorithm, &case))
        .unwrap_or_else(|error| panic!("{}: {error}", algorithm.name));
}

#[test]
fn what_is_signed_verifies_and_what_is_changed_does_not() {
    for algorithm in algorithms() {
        run(algorithm);
    }
}

/// EdDSA is an older name of Ed25519 and Ed448: what one signs the other verifies, by the same key.
fn meaning(algorithm: &Algorithm) -> &'static str {
    match algorithm.name {
        "Ed25519" | "Ed448" => "EdDSA",
        name => name,
    }
}

#[test]
fn a_signature_does_not_verify_under_another_key_or_algorithm() {
    let message = b"a message";
    let keys: Vec<_> = algorithms()
        .into_iter()
        .map(|algorithm| (algorithm, material(algorithm)))
        .collect();
    for (algorithm, key) in &keys {
        let signature = Signer::new(key, algorithm)
            .and_then(|signer| signer.sign(message))
            .expect("a signature");
        for (other, other_key) in &keys {
            for candidate in [key, other_key] {
                let is_own = candidate == key && meaning(algorithm) == meaning(other);
                let Ok(verifier) = Verifier::new(candidate, other) else {
                    continue;
                };
                let verified = verifier.verify(message, &signature);
                assert_eq!(verified, is_own, "{} as {}", algorithm.name, other.name);
            }
        }
    }
}
