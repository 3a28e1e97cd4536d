//! OpenSSL's big numbers and groups: do the parts of a key belong together? And its AES key wrap.

use std::sync::OnceLock;

use openssl::aes::{self, AesKey};
use openssl::bn::{BigNum, BigNumContext, BigNumContextRef, BigNumRef};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::rsa::Rsa;
use zeroize::Zeroizing;

use super::{Code, Curve, Failure, PrivateKey, PublicKey, Secret, library_failure, mismatch};
use crate::core::key::{RsaCrt, bit_length};

/// Longest modulus whose private half is checked, in bits: the longest that OpenSSL works with.
const RSA_CHECKED_BITS: usize = 16_384;

pub(super) fn off_curve(curve: Curve) -> Failure {
    let message = format!("\"x\" and \"y\" are no point on {}", curve.name());
    Failure::new(Code::EcOffCurve, message)
        .member("x")
        .hint("the key was damaged, or \"crv\" names another curve than its own")
}

pub(super) fn check_point(curve: Curve, x: &[u8], y: &[u8]) -> Result<(), Failure> {
    ec_public(curve, x, y)
        .map(|_| ())
        .map_err(|_| off_curve(curve))
}

pub(super) fn check_pair(public: &PublicKey, private: &PrivateKey) -> Result<(), Failure> {
    let result = match (public, private) {
        (PublicKey::Rsa { n, e }, PrivateKey::Rsa { d, crt }) => {
            require_bounded(n, e, d)?;
            match crt {
                Some(crt) => rsa_disagreement(n, e, d, crt),
                None => rsa_exponents_disagree(n, e, d),
            }
        }
        (PublicKey::Ec { curve, x, y }, PrivateKey::Ec { d }) => ec_disagreement(*curve, x, y, d),
        (PublicKey::Okp { curve, x }, PrivateKey::Okp { d }) => okp_disagreement(*curve, x, d),
        _ => {
            return Err(mismatch(
                "kty",
                "the halves of the key are of different types",
            ));
        }
    };
    match result {
        Ok(None) => Ok(()),
        Ok(Some(failure)) => Err(failure),
        Err(_) => Err(library_failure("check the key")),
    }
}

pub(super) fn subject_public_key_info(public: &PublicKey) -> Result<Vec<u8>, Failure> {
    let encoded = match public {
        PublicKey::Rsa { n, e } => rsa_public(n, e).and_then(|key| key.public_key_to_der()),
        PublicKey::Ec { curve, x, y } => ec_public(*curve, x, y)
            .and_then(PKey::from_ec_key)
            .and_then(|key| key.public_key_to_der()),
        PublicKey::Okp { curve, x } => PKey::public_key_from_raw_bytes(x, okp_id(*curve))
            .and_then(|key| key.public_key_to_der()),
        PublicKey::Akp { .. } => return Err(library_failure("encode this key")),
    };
    encoded.map_err(|_| library_failure("encode the public key"))
}

/// Unwraps a key (RFC 3394); none when it was not wrapped with this one. The library compares the
/// initial value in constant time.
pub(super) fn unwrap_key(wrapping: &Secret, wrapped: &[u8]) -> Option<Secret> {
    // RFC 3394 §2: two blocks of eight octets at least. The wrapper panics at what does not fit.
    let length = wrapped
        .len()
        .checked_sub(8)
        .filter(|length| *length >= 16)?;
    let key = AesKey::new_decrypt(wrapping.expose()).ok()?;
    let mut unwrapped = Zeroizing::new(vec![0; length]);
    let written = aes::unwrap_key(&key, None, &mut unwrapped, wrapped).ok()?;
    (written == length).then(|| Secret::new(unwrapped))
}

pub(super) fn rsa_public(n: &[u8], e: &[u8]) -> Result<PKey<Public>, ErrorStack> {
    PKey::from_rsa(Rsa::from_public_components(
        BigNum::from_slice(n)?,
        BigNum::from_slice(e)?,
    )?)
}

fn ec_public(curve: Curve, x: &[u8], y: &[u8]) -> Result<EcKey<Public>, ErrorStack> {
    let mut context = BigNumContext::new()?;
    EcKey::from_public_key(group(curve)?, &*point(curve, x, y, &mut context)?)
}

/// SEC 1 §2.3.4: reading the uncompressed form refuses coordinates outside the field and points off
/// the curve.
pub(super) fn point(
    curve: Curve,
    x: &[u8],
    y: &[u8],
    context: &mut BigNumContextRef,
) -> Result<EcPoint, ErrorStack> {
    EcPoint::from_bytes(group(curve)?, &[&[4], x, y].concat(), context)
}

/// The group of a curve, made once: making it costs more than what is done with it.
pub(super) fn group(curve: Curve) -> Result<&'static EcGroup, ErrorStack> {
    static GROUPS: [OnceLock<EcGroup>; Curve::ALL.len()] =
        [const { OnceLock::new() }; Curve::ALL.len()];
    let slot = &GROUPS[curve as usize];
    match slot.get() {
        Some(group) => Ok(group),
        None => {
            let made = EcGroup::from_curve_name(curve_nid(curve))?;
            Ok(slot.get_or_init(|| made))
        }
    }
}

fn curve_nid(curve: Curve) -> Nid {
    match curve {
        Curve::P256 => Nid::X9_62_PRIME256V1,
        Curve::P384 => Nid::SECP384R1,
        Curve::P521 => Nid::SECP521R1,
        Curve::Secp256k1 => Nid::SECP256K1,
        Curve::Ed25519 | Curve::Ed448 | Curve::X25519 | Curve::X448 => Nid::UNDEF,
    }
}

pub(super) fn okp_id(curve: Curve) -> Id {
    match curve {
        Curve::Ed448 => Id::ED448,
        Curve::X25519 => Id::X25519,
        Curve::X448 => Id::X448,
        _ => Id::ED25519,
    }
}

fn ec_disagreement(
    curve: Curve,
    x: &[u8],
    y: &[u8],
    d: &Secret,
) -> Result<Option<Failure>, ErrorStack> {
    let group = group(curve)?;
    let mut context = BigNumContext::new()?;
    let scalar = BigNum::from_slice(d.expose())?;
    let mut order = BigNum::new()?;
    group.order(&mut order, &mut context)?;
    if scalar.num_bits() == 0 || scalar >= order {
        let message = format!("\"d\" is not between 1 and the order of {}", curve.name());
        return Ok(Some(
            Failure::new(Code::PrivateInconsistent, message).member("d"),
        ));
    }
    let mut derived = EcPoint::new(group)?;
    derived.mul_generator2(group, &scalar, &mut context)?;
    let stated = point(curve, x, y, &mut context)?;
    Ok((!derived.eq(group, &stated, &mut context)?)
        .then(|| mismatch("d", "\"x\" and \"y\" are not the public key of \"d\"")))
}

fn okp_disagreement(curve: Curve, x: &[u8], d: &Secret) -> Result<Option<Failure>, ErrorStack> {
    let derived = PKey::private_key_from_raw_bytes(d.expose(), okp_id(curve))?.raw_public_key()?;
    Ok((derived != x).then(|| mismatch("d", "\"x\" is not the public key of \"d\"")))
}

/// RFC 8017 §3: both exponents are smaller than the modulus. Longer numbers would keep the machine busy for
/// hours.
fn require_bounded(n: &[u8], e: &[u8], d: &Secret) -> Result<(), Failure> {
    let bits = bit_length(n);
    if bits > RSA_CHECKED_BITS {
        let message = format!(
            "the modulus has {bits} bits, more than the {RSA_CHECKED_BITS} that are checked"
        );
        return Err(Failure::new(Code::RsaHuge, message).member("n"));
    }
    for (name, number) in [("e", e), ("d", d.expose())] {
        if bit_length(number) > bits {
            let message = format!("\"{name}\" is longer than the modulus");
            return Err(inconsistent(name, &message));
        }
    }
    Ok(())
}

/// RFC 8017 §3.2: n = p·q, e·d ≡ 1, and the members for the Chinese remainder theorem.
fn rsa_disagreement(
    n: &[u8],
    e: &[u8],
    d: &Secret,
    crt: &RsaCrt,
) -> Result<Option<Failure>, ErrorStack> {
    let mut context = BigNumContext::new_secure()?;
    let secret = |secret: &Secret| -> Result<BigNum, ErrorStack> {
        let mut number = BigNum::from_slice(secret.expose())?;
        number.set_const_time();
        Ok(number)
    };
    let (n, e) = (BigNum::from_slice(n)?, BigNum::from_slice(e)?);
    let (p, q, d) = (secret(&crt.p)?, secret(&crt.q)?, secret(d)?);
    let one = BigNum::from_u32(1)?;
    if p <= one || q <= one {
        return Ok(Some(inconsistent("p", "\"p\" or \"q\" is not a prime")));
    }
    let mut of_prime = |name, prime: &BigNumRef, own: &Secret| -> Result<_, ErrorStack> {
        let modulus = less_one(prime, &one)?;
        exponent_disagreement(name, [&e, &d, &modulus], &*secret(own)?, &mut context)
    };
    let p_fault = of_prime("dp", &p, &crt.dp)?;
    let q_fault = of_prime("dq", &q, &crt.dq)?;
    let mut product = BigNum::new_secure()?;
    product.checked_mul(&p, &q, &mut context)?;
    if product != n {
        // The one of the three to which nothing else fits is the odd one.
        let odd = match (&p_fault, &q_fault) {
            (Some(_), _) => "p",
            (None, Some(_)) => "q",
            (None, None) => "n",
        };
        let message = "\"n\" is not the product of \"p\" and \"q\"";
        return Ok(Some(inconsistent(odd, message)));
    }
    if let Some(fault) = p_fault.or(q_fault) {
        return Ok(Some(fault));
    }
    let mut unit = BigNum::new_secure()?;
    let qi = secret(&crt.qi)?;
    unit.mod_mul(&qi, &q, &p, &mut context)?;
    Ok(
        (unit != one)
            .then(|| inconsistent("qi", "\"qi\" is not the inverse of \"q\" modulo \"p\"")),
    )
}

/// What is wrong with the CRT exponent `own`, called `name`, beside e, d and its prime less one.
fn exponent_disagreement(
    name: &str,
    [e, d, modulus]: [&BigNumRef; 3],
    own: &BigNumRef,
    context: &mut BigNumContextRef,
) -> Result<Option<Failure>, ErrorStack> {
    let one = BigNum::from_u32(1)?;
    let mut inverse = BigNum::new_secure()?;
    inverse.mod_mul(e, d, modulus, context)?;
    // Modulo 1 every number is 0; that is a prime 2, which no honest key has.
    if inverse != one {
        return Ok(Some(inconsistent("d", "\"d\" is not the inverse of \"e\"")));
    }
    let mut remainder = BigNum::new_secure()?;
    remainder.nnmod(d, modulus, context)?;
    let message = format!("\"{name}\" is not \"d\" modulo its prime less one");
    Ok((*remainder != *own).then(|| inconsistent(name, &message)))
}

/// Without the primes: does encrypting and decrypting a number give it back (RFC 8017 §5.1)?
fn rsa_exponents_disagree(n: &[u8], e: &[u8], d: &Secret) -> Result<Option<Failure>, ErrorStack> {
    let mut context = BigNumContext::new_secure()?;
    let (n, e) = (BigNum::from_slice(n)?, BigNum::from_slice(e)?);
    let mut exponent = BigNum::from_slice(d.expose())?;
    exponent.set_const_time();
    let two = BigNum::from_u32(2)?;
    let (mut encrypted, mut decrypted) = (BigNum::new()?, BigNum::new()?);
    encrypted.mod_exp(&two, &e, &n, &mut context)?;
    decrypted.mod_exp(&encrypted, &exponent, &n, &mut context)?;
    Ok((decrypted != two).then(|| inconsistent("d", "\"d\" is not the inverse of \"e\"")))
}

fn less_one(number: &BigNumRef, one: &BigNumRef) -> Result<BigNum, ErrorStack> {
    let mut less = BigNum::new_secure()?;
    less.checked_sub(number, one)?;
    Ok(less)
}

fn inconsistent(member: &str, message: &str) -> Failure {
    Failure::new(Code::PrivateInconsistent, message).member(member)
}
