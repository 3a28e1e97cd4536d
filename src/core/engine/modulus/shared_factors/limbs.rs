//! Numbers cut and moved at the borders of their limbs, of 64 bits each.

use openssl::bn::BigNum;
use openssl::error::ErrorStack;

/// Bits of a limb.
const LIMB: i32 = 64;

/// How many limbs a number has.
pub(super) fn length(number: &BigNum) -> i32 {
    (number.num_bits() + LIMB - 1) / LIMB
}

/// At most `count` limbs of a number from the limb `first` on, with its sign.
pub(super) fn part(number: &BigNum, first: i32, count: i32) -> Result<BigNum, ErrorStack> {
    let mut part = upper(number, first)?;
    if length(&part) > count {
        part.mask_bits(count * LIMB)?;
    }
    Ok(part)
}

/// The limbs of a number from the limb `first` on, with its sign.
pub(super) fn upper(number: &BigNum, first: i32) -> Result<BigNum, ErrorStack> {
    let mut upper = BigNum::new()?;
    upper.rshift(number, first * LIMB)?;
    Ok(upper)
}

/// The number modulo 2⁶⁴ to the power `count`, which is never negative.
pub(super) fn modulo(number: &BigNum, count: i32) -> Result<BigNum, ErrorStack> {
    let part = part(number, 0, count)?;
    if part.is_negative() {
        plus(&part, &power(count)?)
    } else {
        Ok(part)
    }
}

/// The number of least magnitude that is the same modulo 2⁶⁴ to the power `count`.
pub(super) fn signed_modulo(number: &BigNum, count: i32) -> Result<BigNum, ErrorStack> {
    let number = modulo(number, count)?;
    if number.is_bit_set(count * LIMB - 1) {
        minus(&number, &power(count)?)
    } else {
        Ok(number)
    }
}

/// The number with `count` zero limbs below it.
pub(super) fn raised(number: &BigNum, count: i32) -> Result<BigNum, ErrorStack> {
    let mut raised = BigNum::new()?;
    raised.lshift(number, count * LIMB)?;
    Ok(raised)
}

pub(super) fn plus(one: &BigNum, other: &BigNum) -> Result<BigNum, ErrorStack> {
    let mut sum = BigNum::new()?;
    sum.checked_add(one, other)?;
    Ok(sum)
}

pub(super) fn minus(one: &BigNum, other: &BigNum) -> Result<BigNum, ErrorStack> {
    let mut difference = BigNum::new()?;
    difference.checked_sub(one, other)?;
    Ok(difference)
}

fn power(count: i32) -> Result<BigNum, ErrorStack> {
    let mut power = BigNum::new()?;
    power.set_bit(count * LIMB)?;
    Ok(power)
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::odd;
    use super::*;

    #[test]
    fn numbers_are_the_same_modulo_the_power() {
        let two_limbs = power(2).unwrap();
        let mut edge = BigNum::new().unwrap();
        edge.set_bit(127).unwrap();
        for mut number in (2..400)
            .map(|bits: i32| odd(bits.unsigned_abs(), bits))
            .chain([edge])
        {
            for sign in [false, true] {
                number.set_negative(sign);
                let low = modulo(&number, 2).unwrap();
                assert!(!low.is_negative() && low < two_limbs);
                let signed = signed_modulo(&number, 2).unwrap();
                assert!(signed.num_bits() <= 128);
                for same in [low, signed] {
                    let difference = minus(&number, &same).unwrap();
                    assert_eq!((&difference % &two_limbs).num_bits(), 0);
                }
            }
        }
    }

    #[test]
    fn parts_make_the_number() {
        for mut number in (2..400).map(|bits: i32| odd(bits.unsigned_abs(), bits)) {
            for sign in [false, true] {
                number.set_negative(sign);
                let (low, middle) = (part(&number, 0, 2).unwrap(), part(&number, 2, 1).unwrap());
                let high = raised(&upper(&number, 3).unwrap(), 3).unwrap();
                let sum = plus(&low, &raised(&middle, 2).unwrap()).unwrap();
                assert_eq!(plus(&sum, &high).unwrap(), number);
                assert!(length(&low) <= 2 && length(&middle) <= 1);
            }
        }
    }
}
