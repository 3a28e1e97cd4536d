//! Multiplication of numbers of any lengths.
//!
//! OpenSSL multiplies numbers of about the same length by Karatsuba's algorithm, and all others digit by
//! digit. So numbers are brought to about the same length here, and long ones are multiplied otherwise.

use openssl::bn::BigNum;
use openssl::error::ErrorStack;

use super::limbs::{length, part, plus, raised, upper};
use super::transform;
use super::worker::Worker;

/// Below this length in limbs, digit by digit is fastest.
const SHORT: i32 = 24;

/// From this length in limbs on, transforms are fastest.
const LONG: i32 = 2000;

/// The product of two numbers.
pub(super) fn multiply(
    one: &BigNum,
    other: &BigNum,
    worker: &mut Worker,
) -> Result<BigNum, ErrorStack> {
    let (short, long) = if length(one) < length(other) {
        (one, other)
    } else {
        (other, one)
    };
    let (least, most) = (length(short), length(long));
    if least < SHORT || most - least <= 1 && least < LONG {
        product(short, long, worker)
    } else if least >= LONG {
        transform::multiply(short, long, &mut worker.roots)
    } else if 2 * most > 3 * least {
        let half = most / 2;
        let of_upper = multiply(&upper(long, half)?, short, worker)?;
        let of_lower = multiply(&part(long, 0, half)?, short, worker)?;
        plus(&raised(&of_upper, half)?, &of_lower)
    } else {
        let filled = product(&raised(short, most - least)?, long, worker)?;
        upper(&filled, most - least)
    }
}

fn product(one: &BigNum, other: &BigNum, worker: &mut Worker) -> Result<BigNum, ErrorStack> {
    let mut product = BigNum::new()?;
    product.checked_mul(one, other, &mut worker.context)?;
    Ok(product)
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::odd;
    use super::*;

    #[test]
    fn numbers_of_any_lengths_and_signs_are_multiplied() {
        let lengths = [
            0, 1, 63, 64, 65, 1500, 1600, 1664, 2400, 5000, 40_000, 130_000,
        ];
        let mut worker = Worker::new(1).unwrap();
        for (seed, one) in (0..).zip(lengths) {
            for other in lengths {
                for sign in [false, true] {
                    let number = |seed, bits: i32| {
                        if bits < 2 {
                            BigNum::from_u32(bits.unsigned_abs()).unwrap()
                        } else {
                            odd(seed, bits)
                        }
                    };
                    let (mut one, other) = (number(seed, one), number(seed + 50, other));
                    one.set_negative(sign);
                    let expected = product(&one, &other, &mut worker).unwrap();
                    assert!(multiply(&one, &other, &mut worker).unwrap() == expected);
                    assert!(multiply(&other, &one, &mut worker).unwrap() == expected);
                }
            }
        }
    }
}
