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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::engine::{Shape, check_pair, generate};
    use crate::core::failure::Code;
    use crate::core::key::{Material, PrivateKey, PublicKey};

    fn numbers() -> (Vec<u8>, Vec<u8>, Secret, RsaCrt) {
        match generate(Shape::Rsa(2048)).unwrap() {
            Material::Pair(PublicKey::Rsa { n, e }, PrivateKey::Rsa { d, crt: Some(crt) }) => {
                (n, e, d, *crt)
            }
            _ => panic!("no RSA key with primes"),
        }
    }

    fn secret_of(octets: &[u8]) -> Secret {
        Secret::new(Zeroizing::new(octets.to_vec()))
    }

    #[test]
    fn a_key_without_primes_gets_them() {
        let (n, e, d, crt) = numbers();
        let found = rsa_primes(&n, &e, &d).unwrap().unwrap();
        let primes = |crt: &RsaCrt| {
            let mut primes = [crt.p.expose().to_vec(), crt.q.expose().to_vec()];
            primes.sort();
            primes
        };
        assert_eq!(primes(&found), primes(&crt));
        let private = PrivateKey::Rsa {
            d: d.clone(),
            crt: Some(Box::new(found)),
        };
        check_pair(&Material::Pair(PublicKey::Rsa { n, e }, private)).unwrap();
        let RsaCrt { p, q, qi, dp, dq } = crt;
        let again = rsa_crt(&d, p, q, qi).unwrap();
        assert!(again.dp == dp && again.dq == dq);
    }

    #[test]
    fn exponents_of_another_modulus_give_none() {
        let (n, e, d, _) = numbers();
        let (other, ..) = numbers();
        let mut wrong = d.expose().to_vec();
        wrong[9] ^= 1;
        let even = [&n[..n.len() - 1], &[0]].concat();
        for (n, e, d) in [
            (&n, &e, wrong.as_slice()),
            (&other, &e, d.expose()),
            (&even, &e, d.expose()),
            (&n, &vec![1], &[1]),
            (&n, &vec![0], &[0]),
            (&vec![1], &e, d.expose()),
            (&vec![0], &e, d.expose()),
        ] {
            assert!(rsa_primes(n, e, &secret_of(d)).is_ok_and(|crt| crt.is_none()));
        }
    }

    #[test]
    fn primes_that_are_none_make_no_key() {
        let secret = |number: u8| secret_of(&[number]);
        for (p, q) in [(0, 2), (1, 2), (2, 0), (2, 1), (0, 0)] {
            let Ok(crt) = rsa_crt(&secret(3), secret(p), secret(q), secret(1)) else {
                continue;
            };
            let public = PublicKey::Rsa {
                n: vec![p * q],
                e: vec![3],
            };
            let private = PrivateKey::Rsa {
                d: secret(3),
                crt: Some(Box::new(crt)),
            };
            assert!(check_pair(&Material::Pair(public, private)).is_err());
        }
    }

    #[test]
    fn numbers_without_bound_are_not_worked_on() {
        let huge = vec![0xff; 1 << 20];
        let fault = |n: &[u8], e: &[u8], d: &[u8]| {
            let public = PublicKey::Rsa {
                n: n.to_vec(),
                e: e.to_vec(),
            };
            let d = secret_of(d);
            let private = PrivateKey::Rsa { d, crt: None };
            check_pair(&Material::Pair(public, private)).unwrap_err()
        };
        let usual = vec![0xff; 256];
        assert_eq!(fault(&huge, &[3], &usual).code, Code::RsaHuge);
        for (e, d, member) in [(&huge, &usual, "e"), (&usual, &huge, "d")] {
            let fault = fault(&usual, e, d);
            assert_eq!(fault.code, Code::PrivateInconsistent);
            assert_eq!(fault.member.as_deref(), Some(member));
        }
    }
}
