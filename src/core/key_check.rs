//! Whether a well-formed key may be used at all: sizes, exponents, `alg` against the key.
//!
//! These checks cost next to nothing and run on every key that is read. What needs arithmetic (is
//! the point on the curve, do the halves belong together) is [`super::engine`]'s.

use super::alg::{self, Curve, KeyType, RSA_MAXIMUM_BITS, RSA_MINIMUM_BITS, Scheme};
use super::edwards;
use super::failure::{Code, Failure};
use super::jwk::Jwk;
use super::key::{Material, PublicKey, bit_length};

/// Longest RSA exponent, in bits, that the verifying engine takes.
const RSA_EXPONENT_MAXIMUM_BITS: usize = 33;

/// Every reason why the key must not be used; none when it is fine.
#[must_use]
pub fn faults(jwk: &Jwk) -> Vec<Failure> {
    let mut faults = Vec::new();
    match jwk.material() {
        Material::Symmetric(secret) => faults.extend(short_secret(jwk, secret.expose().len())),
        Material::Public(public) | Material::Pair(public, _) => match public {
            PublicKey::Rsa { n, e } => rsa(n, e, &mut faults),
            PublicKey::Okp { curve, x } => faults.extend(small_order(*curve, x)),
            PublicKey::Ec { .. } | PublicKey::Akp { .. } => {}
        },
    }
    faults.extend(alg_mismatch(jwk));
    faults
}

/// True when the fault is one of strength alone: the key works, it should not be trusted.
#[must_use]
pub fn is_weakness(code: Code) -> bool {
    matches!(code, Code::RsaSmall | Code::OctShort)
}

fn rsa(n: &[u8], e: &[u8], faults: &mut Vec<Failure>) {
    let bits = bit_length(n);
    if bits < RSA_MINIMUM_BITS {
        faults.push(
            Failure::new(
                Code::RsaSmall,
                format!("the modulus has {bits} bits, fewer than {RSA_MINIMUM_BITS}"),
            )
            .member("n")
            .hint("RFC 7518 section 3.3 forbids it: replace the key"),
        );
    }
    if bits > RSA_MAXIMUM_BITS {
        faults.push(
            Failure::new(
                Code::RsaHuge,
                format!("the modulus has {bits} bits, more than {RSA_MAXIMUM_BITS}"),
            )
            .member("n"),
        );
    }
    if n.last().is_none_or(|byte| byte % 2 == 0) {
        let message = "the modulus is even, so it is no product of two large primes";
        faults.push(Failure::new(Code::RsaModulusInvalid, message).member("n"));
    }
    let problem = if e.last().is_none_or(|byte| byte % 2 == 0) {
        Some("is even")
    } else if e == [1] {
        Some("is 1, so that every number is its own signature")
    } else if (e.len(), e) >= (n.len(), n) {
        Some("is not smaller than the modulus")
    } else {
        None
    };
    if let Some(problem) = problem {
        let message = format!("the exponent {problem}");
        faults.push(Failure::new(Code::RsaExponentInvalid, message).member("e"));
    } else if bit_length(e) > RSA_EXPONENT_MAXIMUM_BITS {
        let message = format!(
            "the exponent has {} bits, more than the {RSA_EXPONENT_MAXIMUM_BITS} that are taken",
            bit_length(e)
        );
        faults.push(Failure::new(Code::RsaExponentUnusual, message).member("e"));
    }
}

fn small_order(curve: Curve, x: &[u8]) -> Option<Failure> {
    let message = match curve {
        Curve::X25519 | Curve::X448 => {
            "the public key is a point of small order, with which everyone agrees on the same secret"
        }
        _ => "the public key is a point of small order, under which anyone can sign",
    };
    edwards::is_small_order(curve, x)
        .then(|| Failure::new(Code::OkpSmallOrder, message).member("x"))
}

fn short_secret(jwk: &Jwk, length: usize) -> Option<Failure> {
    let algorithm = jwk.algorithm()?;
    let least = algorithm.symmetric_bytes;
    (matches!(algorithm.scheme, Scheme::Hmac(_)) && length < least).then(|| {
        Failure::new(
            Code::OctShort,
            format!(
                "the secret has {length} bytes, and {} needs at least {least}",
                algorithm.name
            ),
        )
        .member("k")
        .hint("RFC 7518 section 3.2: the key must be as long as the hash")
    })
}

fn alg_mismatch(jwk: &Jwk) -> Option<Failure> {
    let name = jwk.parameters().alg.as_deref()?;
    let material = jwk.material();
    let mismatch =
        |message: String| Some(Failure::new(Code::AlgKeyMismatch, message).member("alg"));
    let first = alg::by_name(name)?;
    let fits = alg::ALGORITHMS
        .iter()
        .any(|row| row.name == name && row.fits(material.key_type(), material.curve()));
    if !fits {
        let failure = mismatch(format!(
            "alg \"{name}\" cannot be used with a key of type {}",
            material.description()
        ));
        return match alg::of_curve(material.curve()) {
            Some(meant) => failure.map(|failure| {
                failure.hint(format!(
                    "a key on this curve signs with {meant} alone: `jwks convert FILE --alg={meant}` says so in the set"
                ))
            }),
            None => failure,
        };
    }
    let wrong_length = material.key_type() == KeyType::Oct
        && !first.signs()
        && material.bits() != first.symmetric_bytes * 8;
    if wrong_length {
        return mismatch(format!(
            "alg \"{name}\" needs a secret of {} bits, and this one has {}",
            first.symmetric_bytes * 8,
            material.bits()
        ));
    }
    None
}
