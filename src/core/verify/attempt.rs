//! One key on one signature: the length that it must have, then the engine.

use crate::core::alg::{Algorithm, Curve, KeyType, Scheme};
use crate::core::engine::Verifier;
use crate::core::failure::{Code, Failure};
use crate::core::jwk::Jwk;
use crate::core::jwks::Entry;
use crate::core::key::{PublicKey, bit_length};

/// Checks `signature` over `message` with the key of `entry`.
pub(super) fn try_key<'s>(
    entry: &'s Entry,
    algorithm: &'static Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<&'s Jwk, Failure> {
    let jwk = entry.usable().ok_or_else(|| {
        Failure::new(
            Code::KeyUnusable,
            format!("{} cannot be used", entry.label()),
        )
    })?;
    check_length(jwk, algorithm, signature)?;
    let verifier = Verifier::new(jwk.material(), algorithm).map_err(|failure| {
        Failure::new(
            Code::KeyUnusable,
            format!(
                "{} cannot be used: {} ({})",
                entry.label(),
                failure.message,
                failure.code
            ),
        )
    })?;
    if verifier.verify(message, signature) {
        return Ok(jwk);
    }
    Err(Failure::new(
        Code::SignatureInvalid,
        format!(
            "the signature was not made by {} over this token",
            entry.label()
        ),
    )
    .hint(if algorithm.key_type == KeyType::Oct {
        "the token was changed, or signed with another secret (is it base64url in the JWK?)"
    } else {
        "the token was changed, or signed with another key of the same name"
    }))
}

/// RFC 7518 §3.3 to §3.5, RFC 8037 §3.1: a signature has exactly one length.
fn check_length(jwk: &Jwk, algorithm: &Algorithm, signature: &[u8]) -> Result<(), Failure> {
    let expected = match (algorithm.signature_bytes, jwk.material().public()) {
        (Some(bytes), _) => bytes,
        (None, Some(PublicKey::Rsa { n, .. })) => bit_length(n).div_ceil(8),
        (None, public) => match public.and_then(PublicKey::curve) {
            Some(Curve::Ed448) => 114,
            _ => 64,
        },
    };
    if signature.len() == expected {
        return Ok(());
    }
    let failure = Failure::new(
        Code::SignatureMalformed,
        if signature.is_empty() {
            "the token has no signature".to_owned()
        } else {
            format!(
                "the signature has {} bytes, and one of {} by this key has {expected}",
                signature.len(),
                algorithm.name
            )
        },
    );
    Err(if looks_like_der(algorithm, signature) {
        failure.hint(
            "this is a DER signature, as OpenSSL and X.509 use it; JWS needs R and S side by side (RFC 7518 section 3.4)",
        )
    } else {
        failure
    })
}

fn looks_like_der(algorithm: &Algorithm, signature: &[u8]) -> bool {
    matches!(algorithm.scheme, Scheme::Ecdsa(_))
        && match signature {
            [0x30, 0x81, length, rest @ ..] | [0x30, length, rest @ ..] => {
                usize::from(*length) == rest.len()
            }
            _ => false,
        }
}
