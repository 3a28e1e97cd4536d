//! Roots of integers.

use std::mem::swap;

use openssl::bn::{BigNum, BigNumContextRef, BigNumRef};
use openssl::error::ErrorStack;

/// The largest integer whose power by `exponent` is not above a number. The number is above zero, and
/// the exponent at least 2.
pub(super) fn root(
    number: &BigNumRef,
    exponent: u32,
    context: &mut BigNumContextRef,
) -> Result<BigNum, ErrorStack> {
    let less = BigNum::from_u32(exponent - 1)?;
    let bits = number.num_bits().unsigned_abs().div_ceil(exponent);
    let mut root = BigNum::new()?;
    root.set_bit(bits.cast_signed())?;
    let (mut power, mut quotient) = (BigNum::new()?, BigNum::new()?);
    let (mut sum, mut next) = (BigNum::new()?, BigNum::new()?);
    // Newton's steps go down from any number that is not below the root until they have reached it.
    loop {
        power.exp(&root, &less, context)?;
        quotient.checked_div(number, &power, context)?;
        sum.checked_mul(&root, &less, context)?;
        next.checked_add(&sum, &quotient)?;
        next.div_word(exponent)?;
        if next >= root {
            return Ok(root);
        }
        swap(&mut root, &mut next);
    }
}

/// The root of a number above zero, when the number is the power of an integer by `exponent`.
pub(super) fn exact_root(
    number: &BigNumRef,
    exponent: u32,
    context: &mut BigNumContextRef,
) -> Result<Option<BigNum>, ErrorStack> {
    let root = root(number, exponent, context)?;
    let exponent = BigNum::from_u32(exponent)?;
    let mut power = BigNum::new()?;
    power.exp(&root, &exponent, context)?;
    Ok((*power == *number).then_some(root))
}

#[cfg(test)]
mod tests {
    use openssl::bn::BigNumContext;

    use super::super::fixtures::odd;
    use super::*;

    #[test]
    fn roots_are_the_largest_below() {
        let mut context = BigNumContext::new().unwrap();
        let one = BigNum::from_u32(1).unwrap();
        let small = (1..300).map(|number| BigNum::from_u32(number).unwrap());
        let long = (1..40).map(|seed| odd(seed, 40 * seed.cast_signed()));
        for number in small.chain(long) {
            for exponent in [2, 3, 5, 17] {
                let root = root(&number, exponent, &mut context).unwrap();
                let mut power = BigNum::new().unwrap();
                let wide = BigNum::from_u32(exponent).unwrap();
                power.exp(&root, &wide, &mut context).unwrap();
                assert!(power <= number);
                let is_power = power == number;
                let exact = exact_root(&number, exponent, &mut context).unwrap();
                assert_eq!(exact.is_some(), is_power);
                power.exp(&(&root + &one), &wide, &mut context).unwrap();
                assert!(power > number);
            }
        }
    }
}
