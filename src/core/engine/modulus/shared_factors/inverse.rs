//! Inverses of odd numbers modulo powers of two.

use openssl::bn::BigNum;
use openssl::error::ErrorStack;

use super::super::{inverse, limbs, number};
use super::limbs::{minus, modulo, raised, upper};
use super::multiply::multiply;
use super::worker::Worker;

/// The inverse of an odd number modulo 2⁶⁴ to the power `count`, which is above zero. Each of Newton's
/// steps doubles the limbs that are right.
pub(super) fn inverse_modulo(
    odd: &BigNum,
    count: i32,
    worker: &mut Worker,
) -> Result<BigNum, ErrorStack> {
    let odd = modulo(odd, count)?;
    if count == 1 {
        let odd = limbs(&odd.to_vec());
        return number(
            &odd.first()
                .map_or([0; 8], |odd| inverse(*odd).to_be_bytes()),
        );
    }
    let half = count - count / 2;
    let shorter = inverse_modulo(&odd, half, worker)?;
    // Their product is 1 but for the limbs above the half.
    let product = multiply(&odd, &shorter, worker)?;
    let excess = upper(&modulo(&product, count)?, half)?;
    let correction = multiply(&excess, &shorter, worker)?;
    modulo(&minus(&shorter, &raised(&correction, half)?)?, count)
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::odd;
    use super::*;

    #[test]
    fn a_number_times_its_inverse_is_one() {
        let mut worker = Worker::new(1).unwrap();
        let one = BigNum::from_u32(1).unwrap();
        for (seed, bits) in (0..).zip([1, 3, 64, 65, 128, 1000, 200_000]) {
            let number = if bits == 1 {
                odd(seed, 2)
            } else {
                odd(seed, bits)
            };
            for count in [1, 2, 3, 4, 7, 33] {
                let inverse = inverse_modulo(&number, count, &mut worker).unwrap();
                let product = multiply(&number, &inverse, &mut worker).unwrap();
                assert_eq!(modulo(&product, count).unwrap(), one, "{bits} {count}");
            }
        }
    }
}
