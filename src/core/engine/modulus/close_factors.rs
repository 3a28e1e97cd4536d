//! Fermat's factorization: n = a² - b², where b is small when the factors are close to each other.

use openssl::bn::{BigNum, BigNumContext};
use openssl::error::ErrorStack;

use super::root::{exact_root, root};
use super::{Failure, failure, limbs, number, remainder};

/// How many a are tried from the root of n on. They find primes of 1024 bits that differ by less than
/// about 2⁵¹⁷, which no honest choice makes.
const STEPS: u32 = 100;

/// Of the residues modulo each of these, few are squares: one number in 440 could be one by all.
const FILTERS: [u32; 6] = [64, 63, 65, 11, 17, 19];

/// For each filter, the set of residues that are squares, a bit for each.
const SQUARES: [u128; FILTERS.len()] = {
    let mut squares = [0; FILTERS.len()];
    let mut index = 0;
    while index < FILTERS.len() {
        let mut root = 0;
        while root < FILTERS[index] {
            squares[index] |= 1 << (root * root % FILTERS[index]);
            root += 1;
        }
        index += 1;
    }
    squares
};

/// The two factors of an odd modulus, the larger first, when they are so close to each other that
/// Fermat's method finds them in a hundred steps. A square has none by this:
/// [`prime_or_power`](super::prime_or_power()) tells it.
///
/// # Errors
/// The library failed.
pub fn close_factors(modulus: &[u8]) -> Result<Option<[Vec<u8>; 2]>, Failure> {
    let limbs = limbs(modulus);
    if limbs.first().is_none_or(|least| least.is_multiple_of(2)) {
        return Ok(None);
    }
    search(modulus, &limbs).map_err(failure)
}

fn search(modulus: &[u8], modulus_limbs: &[u64]) -> Result<Option<[Vec<u8>; 2]>, ErrorStack> {
    let mut context = BigNumContext::new()?;
    let modulus = number(modulus)?;
    let root = root(&modulus, 2, &mut context)?;
    let (mut square, mut difference) = (BigNum::new()?, BigNum::new()?);
    square.sqr(&root, &mut context)?;
    if square == modulus {
        return Ok(None);
    }
    let filter: u32 = FILTERS.iter().product();
    let modulus_residue = remainder(modulus_limbs, filter);
    let root_residue = remainder(&limbs(&root.to_vec()), filter);
    for step in 1..=STEPS {
        let residue = (root_residue + u64::from(step)) % u64::from(filter);
        if !could_be_square(residue * residue + u64::from(filter) - modulus_residue) {
            continue;
        }
        let mut a = root.as_ref().to_owned()?;
        a.add_word(step)?;
        square.sqr(&a, &mut context)?;
        difference.checked_sub(&square, &modulus)?;
        if let Some(b) = exact_root(&difference, 2, &mut context)? {
            let (mut larger, mut smaller) = (BigNum::new()?, BigNum::new()?);
            larger.checked_add(&a, &b)?;
            smaller.checked_sub(&a, &b)?;
            let is_proper = smaller.num_bits() > 1;
            return Ok(is_proper.then(|| [larger.to_vec(), smaller.to_vec()]));
        }
    }
    Ok(None)
}

/// False when a number is no square, by its residue modulo the product of the filters.
fn could_be_square(residue: u64) -> bool {
    let mut filters = FILTERS.iter().zip(SQUARES);
    filters.all(|(filter, squares)| squares >> (residue % u64::from(*filter)) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{odd, prime, product};
    use super::*;

    fn shifted(number: &BigNum, bits: i32) -> BigNum {
        let mut shifted = BigNum::new().unwrap();
        shifted.lshift(number, bits).unwrap();
        shifted
    }

    #[test]
    fn close_factors_are_found() {
        for bits in [128, 256, 512, 1024, 2048] {
            let p = odd(1, bits);
            let apart = |distance| &p + &shifted(&BigNum::from_u32(2).unwrap(), distance);
            // Up to about 2 to the power of half the bits and 5, a hundred steps suffice.
            for distance in [1, bits / 4, bits / 2 - 1, bits / 2 + 3] {
                let q = apart(distance);
                let factors = close_factors(&product(&[&p, &q])).unwrap();
                assert_eq!(factors, Some([q.to_vec(), p.to_vec()]), "{bits} {distance}");
            }
            let q = apart(bits / 2 + 8);
            assert_eq!(close_factors(&product(&[&p, &q])).unwrap(), None);
        }
    }

    #[test]
    fn honest_moduli_and_squares_have_none() {
        for bits in [256, 512, 1024, 2048] {
            let (p, q) = (odd(1, bits), odd(2, bits));
            assert_eq!(close_factors(&product(&[&p, &q])).unwrap(), None);
            assert_eq!(close_factors(&product(&[&p, &p])).unwrap(), None);
        }
        let prime = prime(1, 512).to_vec();
        assert_eq!(close_factors(&prime).unwrap(), None);
    }

    #[test]
    fn what_is_found_are_proper_factors() {
        let mut found = 0;
        for modulus in (0_u32..20_000).chain((0..300).map(|last| 4_294_960_000 + last)) {
            let Some([larger, smaller]) = close_factors(&modulus.to_be_bytes()).unwrap() else {
                continue;
            };
            let (larger, smaller) = (number(&larger).unwrap(), number(&smaller).unwrap());
            assert!(larger > smaller && smaller.num_bits() > 1);
            let stated = number(&modulus.to_be_bytes()).unwrap();
            assert_eq!(product(&[&larger, &smaller]), stated.to_vec());
            found += 1;
        }
        assert!(found > 4000, "{found}");
        assert_eq!(close_factors(&[15]).unwrap(), Some([vec![5], vec![3]]));
    }

    #[test]
    fn any_octets_have_an_answer() {
        for octets in [&[][..], &[0], &[0, 0, 0], &[1], &[0, 1], &[2], &[3], &[9]] {
            assert_eq!(close_factors(octets).unwrap(), None);
        }
        for length in 0..70 {
            assert!(close_factors(&vec![0xff; length]).is_ok());
            assert!(close_factors(&odd(1, 16).to_vec().repeat(length)).is_ok());
        }
    }
}
