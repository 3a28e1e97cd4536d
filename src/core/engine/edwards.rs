//! Whether an octet string is a point on an Edwards curve (RFC 8032 §5.1.3, §5.2.3). The libraries ask
//! that only when they verify, and then call the signature wrong.

use openssl::bn::{BigNum, BigNumContext};
use openssl::error::ErrorStack;

use super::{Code, Curve, Failure, library_failure};
use crate::core::edwards::{ed448_prime_minus_one, ed25519_prime_minus_one};

/// Checks a public key. On the curves of RFC 7748 every number is one.
pub(super) fn check_point(curve: Curve, encoded: &[u8]) -> Result<(), Failure> {
    let is_point = match curve {
        Curve::Ed25519 => has_x(&ed25519_prime_minus_one(), encoded, 121_666, -121_665),
        Curve::Ed448 => has_x(&ed448_prime_minus_one(), encoded, 1, 39_081),
        _ => return Ok(()),
    };
    match is_point {
        Ok(true) => Ok(()),
        Ok(false) => Err(off_curve(curve)),
        Err(_) => Err(library_failure("check the key")),
    }
}

fn off_curve(curve: Curve) -> Failure {
    let message = format!("\"x\" is no point on {}", curve.name());
    Failure::new(Code::OkpOffCurve, message)
        .member("x")
        .hint("the key was damaged, or \"crv\" names another curve than its own")
}

/// True when the field, whose largest element is given, has an x that goes with the y of the encoding.
///
/// The equation of the curve makes x² the quotient of 1 - y² and 1 + (`factor` / `scale`)·y², up to a
/// square. So x is there unless `scale`·(1 - y²)·(`scale` + `factor`·y²), which differs from that
/// quotient by a square, has no root (Euler's criterion).
fn has_x(largest: &[u8], encoded: &[u8], scale: u32, factor: i32) -> Result<bool, ErrorStack> {
    let mut context = BigNumContext::new()?;
    let (one, scale) = (BigNum::from_u32(1)?, BigNum::from_u32(scale)?);
    let largest = little_endian(largest)?;
    let (mut prime, mut half) = (BigNum::new()?, BigNum::new()?);
    prime.checked_add(&largest, &one)?;
    half.rshift1(&largest)?;
    let coordinate = coordinate(encoded)?;
    let (mut square, mut numerator) = (BigNum::new()?, BigNum::new()?);
    square.mod_sqr(&coordinate, &prime, &mut context)?;
    numerator.mod_sub(&one, &square, &prime, &mut context)?;
    let mut multiple = BigNum::from_u32(factor.unsigned_abs())?;
    multiple.set_negative(factor < 0);
    let (mut product, mut denominator) = (BigNum::new()?, BigNum::new()?);
    product.mod_mul(&multiple, &square, &prime, &mut context)?;
    denominator.mod_add(&scale, &product, &prime, &mut context)?;
    product.mod_mul(&numerator, &denominator, &prime, &mut context)?;
    let (mut scaled, mut power) = (BigNum::new()?, BigNum::new()?);
    scaled.mod_mul(&scale, &product, &prime, &mut context)?;
    power.mod_exp(&scaled, &half, &prime, &mut context)?;
    Ok(power != largest)
}

/// The coordinate of an encoding, without the sign of x, which is its last bit.
fn coordinate(encoded: &[u8]) -> Result<BigNum, ErrorStack> {
    let mut octets = encoded.to_vec();
    if let Some(last) = octets.last_mut() {
        *last &= 0x7f;
    }
    little_endian(&octets)
}

fn little_endian(octets: &[u8]) -> Result<BigNum, ErrorStack> {
    let big_endian: Vec<u8> = octets.iter().rev().copied().collect();
    BigNum::from_slice(&big_endian)
}

#[cfg(test)]
mod tests {
    use super::super::{Material, PublicKey, Shape, Verifier, generate};
    use super::*;

    #[test]
    fn about_half_of_all_strings_are_points_and_every_generated_key_is_one() {
        for curve in [Curve::Ed25519, Curve::Ed448] {
            for _ in 0..8 {
                let key = generate(Shape::Curve(curve)).unwrap();
                let Some(PublicKey::Okp { x, .. }) = key.public() else {
                    panic!("not an OKP key");
                };
                check_point(curve, x).unwrap();
                let mut negated = x.clone();
                *negated.last_mut().unwrap() ^= 0x80;
                check_point(curve, &negated).unwrap();
            }
            let points = (2..66).filter(|y| {
                let mut encoded = vec![0; curve.coordinate_bytes()];
                encoded[0] = *y;
                check_point(curve, &encoded).is_ok()
            });
            assert!((16..48).contains(&points.count()), "{}", curve.name());
        }
    }

    #[test]
    fn what_is_no_point_is_told() {
        // RFC 8032 §5.1.3: y = 2 has no x on edwards25519.
        let mut encoded = [0; 32];
        encoded[0] = 2;
        let failure = check_point(Curve::Ed25519, &encoded).unwrap_err();
        assert_eq!(failure.code, Code::OkpOffCurve);
        check_point(Curve::X25519, &encoded).unwrap();
        let curve = Curve::Ed25519;
        let x = encoded.to_vec();
        let material = Material::Public(PublicKey::Okp { curve, x });
        let algorithm = crate::core::alg::by_name("Ed25519").unwrap();
        let made = Verifier::new(&material, algorithm).map(|_| ());
        assert_eq!(made.unwrap_err().code, Code::OkpOffCurve);
    }
}
