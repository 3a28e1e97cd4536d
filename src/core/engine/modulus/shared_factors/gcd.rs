//! The greatest common divisor. OpenSSL's takes the same time for all numbers of a length, which is ten
//! times as long as this one takes.

use std::cmp::Ordering;
use std::mem::swap;

/// The greatest common divisor of two numbers in limbs, the least first, without zeros at the top; the
/// second is odd.
///
/// J. Stein's algorithm: twos are divided out of the one number, and the smaller is subtracted from the
/// larger, until nothing remains.
pub(super) fn common_divisor(one: Vec<u64>, odd: Vec<u64>) -> Vec<u64> {
    let (mut larger, mut smaller) = (one, odd);
    loop {
        divide_out_twos(&mut larger);
        if larger.is_empty() {
            return smaller;
        }
        if compare(&larger, &smaller).is_lt() {
            swap(&mut larger, &mut smaller);
        }
        subtract(&mut larger, &smaller);
    }
}

fn compare(one: &[u64], other: &[u64]) -> Ordering {
    let by_length = one.len().cmp(&other.len());
    by_length.then_with(|| one.iter().rev().cmp(other.iter().rev()))
}

fn divide_out_twos(number: &mut Vec<u64>) {
    let zeros = number.iter().take_while(|limb| **limb == 0).count();
    number.drain(..zeros);
    let shift = number.first().map_or(0, |least| least.trailing_zeros());
    if shift > 0 {
        for index in 1..number.len() {
            number[index - 1] = number[index - 1] >> shift | number[index] << (64 - shift);
        }
        if let Some(most) = number.last_mut() {
            *most >>= shift;
        }
    }
    trim(number);
}

/// The number to subtract is not the larger.
fn subtract(number: &mut Vec<u64>, smaller: &[u64]) {
    let (lower, upper) = number.split_at_mut(smaller.len());
    let mut borrow = false;
    for (limb, subtrahend) in lower.iter_mut().zip(smaller) {
        let (difference, first) = limb.overflowing_sub(*subtrahend);
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        *limb = difference;
        borrow = first | second;
    }
    for limb in upper {
        if !borrow {
            break;
        }
        (*limb, borrow) = limb.overflowing_sub(1);
    }
    trim(number);
}

fn trim(number: &mut Vec<u64>) {
    while number.last() == Some(&0) {
        number.pop();
    }
}

#[cfg(test)]
mod tests {
    use openssl::bn::{BigNum, BigNumContext};

    use super::super::super::fixtures::odd;
    use super::super::super::limbs;
    use super::*;

    #[test]
    fn divisors_are_those_of_the_library() {
        let mut context = BigNumContext::new().unwrap();
        let mut expected = BigNum::new().unwrap();
        for (seed, common_bits) in (0..).zip([2, 3, 30, 64, 65, 200, 1000]) {
            for (one_bits, other_bits) in [
                (2, 2),
                (2, 700),
                (64, 64),
                (128, 65),
                (1000, 1000),
                (1500, 90),
            ] {
                let common = odd(seed, common_bits);
                let mut one = &common * &odd(seed + 10, one_bits);
                let odd_number = &common * &odd(seed + 20, other_bits);
                for twos in [1, 2, 1 << 31] {
                    one.mul_word(twos).unwrap();
                    expected.gcd(&one, &odd_number, &mut context).unwrap();
                    let divisor = common_divisor(limbs(&one.to_vec()), limbs(&odd_number.to_vec()));
                    assert_eq!(divisor, limbs(&expected.to_vec()));
                }
            }
        }
        let number = limbs(&odd(1, 200).to_vec());
        assert_eq!(common_divisor(Vec::new(), number.clone()), number);
        assert_eq!(common_divisor(number.clone(), number.clone()), number);
        assert_eq!(common_divisor(vec![1], number), [1]);
        // The difference of these has a limb of zeros.
        assert_eq!(common_divisor(vec![1, 3, 9], vec![1, 3, 7]), [1]);
    }
}
