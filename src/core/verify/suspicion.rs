//! Why a signature may have failed: what it would have been valid as. Nothing here makes a token
//! valid; it only tells a person where the mistake is likely to be.

use zeroize::Zeroizing;

use super::signature::Signed;
use crate::core::alg::{self, KeyType};
use crate::core::base64url;
use crate::core::engine::Verifier;
use crate::core::jwk::Jwk;
use crate::core::jwks::{CANDIDATE_LIMIT, Entry, JwkSet};
use crate::core::key::{Material, Secret};

/// Longest message that is hashed again and again for a hint.
const LONGEST_MESSAGE: usize = 1 << 20;

/// What explains a signature that the key of `entry` did not make.
pub(super) fn explain(set: &JwkSet, entry: &Entry, signed: Signed<'_>) -> Option<String> {
    if signed.message.len() > LONGEST_MESSAGE {
        return None;
    }
    let jwk = entry.usable()?;
    another_algorithm(jwk, signed)
        .or_else(|| secret_taken_as_text(jwk, signed))
        .or_else(|| another_key(set, entry, signed))
}

fn verifies(material: &Material, signed: Signed<'_>) -> bool {
    Verifier::new(material, signed.algorithm)
        .is_ok_and(|verifier| verifier.verify(signed.message, signed.signature))
}

/// The header names one algorithm, and the signer used another of the same key.
fn another_algorithm(jwk: &Jwk, signed: Signed<'_>) -> Option<String> {
    let named = signed.algorithm;
    let other = alg::signing()
        .filter(|row| row.name != named.name && row.key_type == named.key_type)
        .find(|algorithm| {
            let signed = Signed {
                algorithm,
                ..signed
            };
            verifies(jwk.material(), signed)
        })?;
    Some(format!(
        "this is a {} signature by that key: the signer wrote the wrong alg into the header",
        other.name
    ))
}

/// A signer that uses the text of "k" itself, and not the octets that it encodes.
fn secret_taken_as_text(jwk: &Jwk, signed: Signed<'_>) -> Option<String> {
    let Material::Symmetric(secret) = jwk.material() else {
        return None;
    };
    let text = base64url::encode(secret.expose()).into_bytes();
    let material = Material::Symmetric(Secret::new(Zeroizing::new(text)));
    verifies(&material, signed).then(|| {
        "the signer used the text of \"k\" as the secret, and not the bytes that it encodes (RFC 7518 section 6.4.1)"
            .to_owned()
    })
}

/// The header names one key, and another of the set signed.
fn another_key(set: &JwkSet, named: &Entry, signed: Signed<'_>) -> Option<String> {
    if signed.algorithm.key_type == KeyType::Oct {
        return None;
    }
    let other = set
        .entries()
        .iter()
        .filter(|entry| entry.index() != named.index())
        .take(CANDIDATE_LIMIT)
        .find(|entry| {
            entry
                .usable()
                .is_some_and(|jwk| verifies(jwk.material(), signed))
        })?;
    Some(format!(
        "{} of the same set made it: the signer wrote the wrong kid into the header",
        other.label()
    ))
}
