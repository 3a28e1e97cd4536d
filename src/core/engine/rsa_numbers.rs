//! The numbers of a private RSA key that follow from its others (RFC 8017 §3.2).

use openssl::bn::{BigNum, BigNumContext, BigNumContextRef, BigNumRef};
use openssl::error::ErrorStack;
use zeroize::Zeroizing;

use super::{Failure, Secret, library_failure};
use crate::core::key::RsaCrt;

/// Bases that are tried to find the primes; each fails with a probability of at most one half.
const BASES: [u32; 40] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173,
];

/// The CRT members from the primes and the coefficient.
///
/// # Errors
/// The library failed.
pub fn rsa_crt(d: &Secret, p: Secret, q: Secret, qi: Secret) -> Result<RsaCrt, Failure> {
    let exponents = || {
        let (d, p, q) = (number(d)?, number(&p)?, number(&q)?);
        Ok::<_, ErrorStack>((exponent(&d, &p)?, exponent(&d, &q)?))
    };
    let (dp, dq) = exponents().map_err(|_| library_failure("compute with these primes"))?;
    Ok(RsaCrt { p, q, dp, dq, qi })
}

/// The CRT members from modulus and exponents, which give the primes away (NIST SP 800-56B appendix
/// C.2); none when these are no exponents of this modulus.
///
/// # Errors
/// The library failed.
pub fn rsa_primes(n: &[u8], e: &[u8], d: &Secret) -> Result<Option<RsaCrt>, Failure> {
    primes(n, e, d).map_err(|_| library_failure("compute the primes"))
}

fn primes(n: &[u8], e: &[u8], d: &Secret) -> Result<Option<RsaCrt>, ErrorStack> {
    let mut context = BigNumContext::new_secure()?;
    let (n, e, secret_d) = (BigNum::from_slice(n)?, BigNum::from_slice(e)?, number(d)?);
    let one = BigNum::from_u32(1)?;
    // k = e·d - 1 is a multiple of the order of every number modulo n, and even.
    let mut k = BigNum::new_secure()?;
    k.checked_mul(&e, &secret_d, &mut context)?;
    k.sub_word(1)?;
    let halvings = (0..k.num_bits())
        .take_while(|&bit| !k.is_bit_set(bit))
        .count();
    let Ok(shift) = i32::try_from(halvings) else {
        return Ok(None);
    };
    if shift == 0 || k.num_bits() == 0 || n.num_bits() < 2 || !n.is_bit_set(0) {
        return Ok(None);
    }
    let mut odd = BigNum::new_secure()?;
    odd.rshift(&k, shift)?;
    odd.set_const_time();
    let mut less = BigNum::new()?;
    less.checked_sub(&n, &one)?;
    for base in BASES {
        let mut root = BigNum::new_secure()?;
        root.mod_exp(&*BigNum::from_u32(base)?, &odd, &n, &mut context)?;
        for _ in 0..halvings {
            let mut square = BigNum::new_secure()?;
            square.mod_sqr(&root, &n, &mut context)?;
            if square == one {
                if root != one && root != less {
                    return crt(&n, &secret_d, &root, &mut context).map(Some);
                }
                break;
            }
            root = square;
        }
    }
    Ok(None)
}

/// A root of 1 modulo n that is neither 1 nor -1 has a factor in common with n when 1 is taken off it.
fn crt(
    n: &BigNum,
    d: &BigNum,
    root: &BigNum,
    context: &mut BigNumContextRef,
) -> Result<RsaCrt, ErrorStack> {
    let one = BigNum::from_u32(1)?;
    let mut less = BigNum::new_secure()?;
    less.checked_sub(root, &one)?;
    let (mut p, mut q) = (BigNum::new_secure()?, BigNum::new_secure()?);
    p.gcd(&less, n, context)?;
    q.checked_div(n, &p, context)?;
    if p < q {
        std::mem::swap(&mut p, &mut q);
    }
    let mut qi = BigNum::new_secure()?;
    qi.mod_inverse(&q, &p, context)?;
    Ok(RsaCrt {
        dp: exponent(d, &p)?,
        dq: exponent(d, &q)?,
        p: secret(&p),
        q: secret(&q),
        qi: secret(&qi),
    })
}

/// d modulo a prime less one.
fn exponent(d: &BigNumRef, prime: &BigNumRef) -> Result<Secret, ErrorStack> {
    let mut context = BigNumContext::new_secure()?;
    let mut order = BigNum::new_secure()?;
    order.checked_sub(prime, &*BigNum::from_u32(1)?)?;
    let mut remainder = BigNum::new_secure()?;
    remainder.nnmod(d, &order, &mut context)?;
    Ok(secret(&remainder))
}

fn number(secret: &Secret) -> Result<BigNum, ErrorStack> {
    let mut number = BigNum::from_slice(secret.expose())?;
    number.set_const_time();
    Ok(number)
}

fn secret(number: &BigNumRef) -> Secret {
    Secret::new(Zeroizing::new(number.to_vec()))
}
