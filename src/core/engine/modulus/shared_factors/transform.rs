//! Multiplication of long numbers by a number-theoretic transform, in nearly linear time.
//!
//! The digits of a number are the coefficients of a polynomial. Evaluated at enough points, which are the
//! powers of a root of unity modulo a prime, the values of two polynomials give those of their product.
//! From them its coefficients follow in the same way, as they are below the prime, and carrying makes
//! digits of them.

use openssl::bn::BigNum;
use openssl::error::ErrorStack;

use super::super::number;

/// 2⁶⁴ - 2³² + 1, a prime modulo which there are roots of unity for every power of two up to 2³².
const PRIME: u64 = 0xffff_ffff_0000_0001;

/// 2⁶⁴ modulo the prime, and the lower half of a limb. 2⁹⁶ is -1 modulo the prime.
const WRAP: u64 = 0xffff_ffff;

/// Its powers are all numbers but zero modulo the prime.
const GENERATOR: u64 = 7;

/// The product of two numbers.
pub(super) fn multiply(
    one: &BigNum,
    other: &BigNum,
    roots: &mut Roots,
) -> Result<BigNum, ErrorStack> {
    let width = digit_width(one, other);
    let (mut values, mut others) = (digits(one, width), digits(other, width));
    let points = (values.len() + others.len()).next_power_of_two();
    let roots = roots.up_to(points);
    for values in [&mut values, &mut others] {
        values.resize(points, 0);
        evaluate(values, roots);
    }
    // Each coefficient comes back as often as there are points.
    let share = power(points as u64, PRIME - 2);
    for (value, other) in values.iter_mut().zip(&others) {
        *value = times(times(*value, *other), share);
    }
    drop(others);
    evaluate_reordered(&mut values, roots);
    // With the roots instead of their inverses, all coefficients but the first come back in reverse.
    values[1..].reverse();
    let mut product = number(&carried(&values, width))?;
    product.set_negative(one.is_negative() != other.is_negative());
    Ok(product)
}

/// The most bits that digits may have for the coefficients of the product to stay below the prime.
fn digit_width(one: &BigNum, other: &BigNum) -> u32 {
    let bits = one.num_bits().min(other.num_bits()).unsigned_abs();
    let fits = |width: &u32| {
        let largest = (1_u128 << width) - 1;
        let terms = u128::from(bits / width) + 1;
        terms * largest * largest < u128::from(PRIME)
    };
    (1..32).rev().find(fits).unwrap_or(1)
}

/// The digits of a number's magnitude, the least first.
fn digits(number: &BigNum, width: u32) -> Vec<u64> {
    let octets = number.to_vec();
    let mut digits = Vec::with_capacity(octets.len() * 8 / width as usize + 1);
    let (mut bits, mut count) = (0, 0);
    for octet in octets.iter().rev() {
        bits |= u64::from(*octet) << count;
        count += 8;
        while count >= width {
            digits.push(bits & ((1 << width) - 1));
            bits >>= width;
            count -= width;
        }
    }
    digits.push(bits);
    digits
}

/// The big-endian number whose digits, the least first, may exceed their width.
fn carried(digits: &[u64], width: u32) -> Vec<u8> {
    let mut octets = Vec::with_capacity(digits.len() * width as usize / 8 + 16);
    let (mut bits, mut count) = (0, 0);
    for digit in digits {
        bits += u128::from(*digit) << count;
        count += width;
        while count >= 8 {
            octets.push((bits & 0xff) as u8);
            bits >>= 8;
            count -= 8;
        }
    }
    octets.extend(bits.to_le_bytes());
    octets.reverse();
    octets
}

/// For each power of two, as many powers of its root of unity as half of it.
#[derive(Default)]
pub(super) struct Roots(Vec<Vec<u64>>);

impl Roots {
    /// Those for the powers of two up to `points` at least.
    fn up_to(&mut self, points: usize) -> &[Vec<u64>] {
        let Self(tables) = self;
        while tables.len() <= points.trailing_zeros() as usize {
            let root = power(GENERATOR, (PRIME - 1) >> tables.len());
            let table = match tables.last() {
                None => Vec::new(),
                Some(squares) if squares.is_empty() => vec![1],
                Some(squares) => {
                    let pairs = squares.iter().map(|square| [*square, times(*square, root)]);
                    pairs.flatten().collect()
                }
            };
            tables.push(table);
        }
        tables
    }
}

/// Turns the coefficients of a polynomial, as many as a power of two from 2 on, into its values. The bits
/// of their indices are reversed.
fn evaluate(values: &mut [u64], roots: &[Vec<u64>]) {
    if let [one, other] = values {
        (*one, *other) = (plus(*one, *other), minus(*one, *other));
        return;
    }
    let powers = &roots[values.len().trailing_zeros() as usize];
    let (lower, upper) = values.split_at_mut(values.len() / 2);
    for ((one, other), power) in lower.iter_mut().zip(&mut *upper).zip(powers) {
        (*one, *other) = (plus(*one, *other), times(minus(*one, *other), *power));
    }
    evaluate(lower, roots);
    evaluate(upper, roots);
}

/// The same for coefficients the bits of whose indices are reversed; those of the values are not.
fn evaluate_reordered(values: &mut [u64], roots: &[Vec<u64>]) {
    if let [one, other] = values {
        (*one, *other) = (plus(*one, *other), minus(*one, *other));
        return;
    }
    let powers = &roots[values.len().trailing_zeros() as usize];
    let (lower, upper) = values.split_at_mut(values.len() / 2);
    evaluate_reordered(lower, roots);
    evaluate_reordered(upper, roots);
    for ((one, other), power) in lower.iter_mut().zip(upper).zip(powers) {
        let term = times(*other, *power);
        (*one, *other) = (plus(*one, term), minus(*one, term));
    }
}

fn plus(one: u64, other: u64) -> u64 {
    minus(one, PRIME - other)
}

fn minus(one: u64, other: u64) -> u64 {
    let (difference, borrow) = one.overflowing_sub(other);
    if borrow {
        difference.wrapping_sub(WRAP)
    } else {
        difference
    }
}

fn times(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    let (lower, upper) = (one.wrapping_mul(other), (product >> 64) as u64);
    // Below the prime even where `lower` is not: then the sum is less than 2³² more than the term.
    minus(plus(lower, (upper & WRAP) * WRAP), upper >> 32)
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut power, mut square) = (1, base);
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = times(power, square);
        }
        square = times(square, square);
        exponent /= 2;
    }
    power
}

#[cfg(test)]
mod tests {
    use openssl::bn::BigNumContext;

    use super::super::super::fixtures::odd;
    use super::*;

    #[test]
    fn the_arithmetic_is_that_modulo_the_prime() {
        let edges = [
            0,
            1,
            2,
            WRAP - 1,
            WRAP,
            WRAP + 1,
            1 << 63,
            PRIME - WRAP,
            PRIME - 2,
            PRIME - 1,
        ];
        let random = (0..50).map(|seed| {
            let octets = odd(seed, 64).to_vec();
            octets
                .iter()
                .fold(0, |limb, octet| limb << 8 | u64::from(*octet))
                % PRIME
        });
        let numbers: Vec<u64> = edges.into_iter().chain(random).collect();
        let prime = u128::from(PRIME);
        for &one in &numbers {
            for &other in &numbers {
                let (wide_one, wide_other) = (u128::from(one), u128::from(other));
                let expect = |told: u64, wide: u128| {
                    assert_eq!(u128::from(told), wide % prime, "{one} {other}");
                };
                expect(plus(one, other), wide_one + wide_other);
                expect(minus(one, other), wide_one + prime - wide_other);
                expect(times(one, other), wide_one * wide_other);
            }
        }
        assert_eq!(power(GENERATOR, (PRIME - 1) / 2), PRIME - 1);
    }

    #[test]
    fn products_are_those_of_the_library() {
        let mut context = BigNumContext::new().unwrap();
        let mut roots = Roots::default();
        let mut expected = BigNum::new().unwrap();
        for (one, other) in [
            (2, 2),
            (2, 3000),
            (64, 64),
            (1000, 1000),
            (70_000, 30_000),
            (100_000, 1),
        ] {
            // All ones make the largest coefficients.
            let ones = |bits| {
                let mut ones = BigNum::new().unwrap();
                ones.set_bit(bits).unwrap();
                ones.sub_word(1).unwrap();
                ones
            };
            for (one, other) in [(ones(one), ones(other)), (odd(1, one), ones(other))] {
                expected.checked_mul(&one, &other, &mut context).unwrap();
                assert!(multiply(&one, &other, &mut roots).unwrap() == expected);
            }
        }
        let zero = BigNum::new().unwrap();
        assert_eq!(multiply(&zero, &odd(1, 100), &mut roots).unwrap(), zero);
    }
}
