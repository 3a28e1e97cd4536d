//! Moduli that are no product of different primes.

use openssl::bn::{BigNum, BigNumContext, BigNumContextRef, BigNumRef};
use openssl::error::ErrorStack;

use super::primes::primes;
use super::root::exact_root;
use super::{Failure, failure, limbs, number, remainder, sha256};

/// A composite number passes each round with a probability of a quarter at most, however it was made,
/// and one that was not made to pass next to never. Who makes a long one pass two rounds has a key of
/// his own called a prime, which is worth less than the time that more rounds would take.
const ROUNDS: u8 = 2;
/// Rounds for numbers that take no time.
const ROUNDS_OF_SHORT: u8 = 16;
const SHORT_BITS: i32 = 512;

/// The bases of powers have more than 16 bits: others show by their small factors.
const BASE_BITS: u32 = 16;

/// Enough filters that a number which comes through costs no time that counts.
const RARE: u64 = 1 << 12;

/// What a modulus is that is no product of different primes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrimeOrPower {
    /// A prime: anyone can compute the private key from it.
    Prime,
    /// A power of an integer above 65535.
    Power {
        /// The smallest that there is, which is a prime.
        exponent: u32,
    },
}

/// Tells a modulus that is a prime or a power. An honest one takes one exponentiation modulo itself, a
/// prime two.
///
/// # Errors
/// The library failed.
pub fn prime_or_power(modulus: &[u8]) -> Result<Option<PrimeOrPower>, Failure> {
    examine(modulus).map_err(failure)
}

fn examine(modulus: &[u8]) -> Result<Option<PrimeOrPower>, ErrorStack> {
    let mut context = BigNumContext::new()?;
    let limbs = limbs(modulus);
    let modulus = number(modulus)?;
    if let Some(exponent) = exponent(&modulus, &limbs, &mut context)? {
        return Ok(Some(PrimeOrPower::Power { exponent }));
    }
    let is_prime = is_prime(&modulus, &mut context)?;
    Ok(is_prime.then_some(PrimeOrPower::Prime))
}

/// Of a power.
fn exponent(
    modulus: &BigNumRef,
    limbs: &[u64],
    context: &mut BigNumContextRef,
) -> Result<Option<u32>, ErrorStack> {
    let largest = modulus.num_bits().unsigned_abs() / BASE_BITS;
    let exponents = primes().iter().copied();
    for exponent in exponents.take_while(|exponent| *exponent <= largest) {
        if could_be_power(limbs, exponent) && exact_root(modulus, exponent, context)?.is_some() {
            return Ok(Some(exponent));
        }
    }
    Ok(None)
}

/// False when a number is no power with this exponent, by its residues. Modulo a prime that is 1 modulo
/// the exponent, the share of powers among the residues is one in as many as the exponent says.
fn could_be_power(limbs: &[u64], exponent: u32) -> bool {
    let candidates = (exponent + 1..=65_537).step_by(exponent as usize);
    let filters = candidates.filter(|candidate| primes().binary_search(candidate).is_ok());
    let enough = (1..).take_while(|count| u64::from(exponent).pow(count - 1) < RARE);
    filters.zip(enough).all(|(prime, _)| {
        let residue = remainder(limbs, prime);
        residue == 0 || power_modulo(residue, (prime - 1) / exponent, prime.into()) == 1
    })
}

fn power_modulo(base: u64, mut exponent: u32, modulus: u64) -> u64 {
    let (mut power, mut square) = (1, base);
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = power * square % modulus;
        }
        square = square * square % modulus;
        exponent /= 2;
    }
    power
}

/// The test of Miller and Rabin.
///
/// The bases are a hash of the modulus: the same modulus has the same answer each time, and still nobody
/// can make a composite number pass by knowing its bases beforehand.
fn is_prime(modulus: &BigNumRef, context: &mut BigNumContextRef) -> Result<bool, ErrorStack> {
    if modulus.num_bits() < 3 || modulus.is_even() {
        // Of these, 2 and 3 are the primes.
        return Ok(modulus.num_bits() == 2);
    }
    let rounds = if modulus.num_bits() <= SHORT_BITS {
        ROUNDS_OF_SHORT
    } else {
        ROUNDS
    };
    let test = MillerRabin::new(modulus)?;
    for round in 0..rounds {
        if !test.passes(round, context)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// An odd number above 3 to be tested.
struct MillerRabin<'a> {
    modulus: &'a BigNumRef,
    minus_one: BigNum,
    /// The number less one is this one times a power of two.
    odd: BigNum,
    twos: i32,
}

impl<'a> MillerRabin<'a> {
    fn new(modulus: &'a BigNumRef) -> Result<Self, ErrorStack> {
        let mut minus_one = modulus.to_owned()?;
        minus_one.sub_word(1)?;
        let mut twos = 1;
        while !minus_one.is_bit_set(twos) {
            twos += 1;
        }
        let mut odd = BigNum::new()?;
        odd.rshift(&minus_one, twos)?;
        Ok(Self {
            modulus,
            minus_one,
            odd,
            twos,
        })
    }

    fn passes(&self, round: u8, context: &mut BigNumContextRef) -> Result<bool, ErrorStack> {
        let base = self.base(round, context)?;
        let (mut power, mut square) = (BigNum::new()?, BigNum::new()?);
        power.mod_exp(&base, &self.odd, self.modulus, context)?;
        if power.num_bits() == 1 {
            return Ok(true);
        }
        for _ in 0..self.twos {
            if power == self.minus_one {
                return Ok(true);
            }
            square.mod_sqr(&power, self.modulus, context)?;
            std::mem::swap(&mut power, &mut square);
        }
        Ok(false)
    }

    /// From 2 to the number less 2.
    fn base(&self, round: u8, context: &mut BigNumContextRef) -> Result<BigNum, ErrorStack> {
        let hash = number(&sha256(&[&[round], &self.modulus.to_vec()[..]].concat()))?;
        let mut choices = self.minus_one.as_ref().to_owned()?;
        choices.sub_word(2)?;
        let mut base = BigNum::new()?;
        base.checked_rem(&hash, &choices, context)?;
        base.add_word(2)?;
        Ok(base)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{odd, prime, product};
    use super::PrimeOrPower::{Power, Prime};
    use super::*;

    #[test]
    fn primes_are_told() {
        for bits in [32, 64, 256, 512, 1024] {
            let octets = prime(1, bits).to_vec();
            assert_eq!(prime_or_power(&octets).unwrap(), Some(Prime), "{bits}");
        }
        for number in 0_u32..3000 {
            let is_prime = primes().binary_search(&number).is_ok();
            let told = prime_or_power(&number.to_be_bytes()).unwrap();
            assert_eq!(told, is_prime.then_some(Prime), "{number}");
        }
    }

    #[test]
    fn composite_numbers_that_pass_for_many_bases_are_no_primes() {
        // Carmichael's, and the least that pass for the first 4, 9 and 12 primes as bases.
        for number in [
            561_u128,
            1105,
            825_265,
            3_215_031_751,
            3_825_123_056_546_413_051,
            318_665_857_834_031_151_167_461,
        ] {
            assert_eq!(
                prime_or_power(&number.to_be_bytes()).unwrap(),
                None,
                "{number}"
            );
        }
        // Where p and 2p - 1 are primes, a quarter of the bases pass for their product, or nearly so.
        let one = BigNum::from_u32(1).unwrap();
        let mut context = BigNumContext::new().unwrap();
        for seed in 0..5 {
            let mut p = prime(seed, 64);
            let mut twin = &(&p + &p) - &one;
            while !twin.is_prime_fasttest(20, &mut context, true).unwrap() {
                p.add_word(2).unwrap();
                p = super::super::fixtures::next_prime(p);
                twin = &(&p + &p) - &one;
            }
            assert_eq!(prime_or_power(&product(&[&p, &twin])).unwrap(), None);
        }
    }

    #[test]
    fn powers_are_told_with_their_smallest_exponent() {
        let (p, q) = (prime(1, 256), prime(2, 256));
        for (factors, exponent) in [
            (vec![&p, &p], 2),
            (vec![&p, &p, &p], 3),
            (vec![&p, &q, &p, &q], 2),
            (vec![&p; 5], 5),
            (vec![&p; 6], 2),
            (vec![&p; 9], 3),
            (vec![&p; 13], 13),
        ] {
            let octets = product(&factors);
            let told = prime_or_power(&octets).unwrap();
            assert_eq!(told, Some(Power { exponent }), "{}", factors.len());
        }
        let short = BigNum::from_u32(65_539).unwrap();
        for &exponent in primes().iter().take_while(|exponent| **exponent < 128) {
            let octets = product(&vec![&short; exponent as usize]);
            assert_eq!(prime_or_power(&octets).unwrap(), Some(Power { exponent }));
        }
        let even = BigNum::from_u32(65_538).unwrap();
        let octets = product(&[&even, &even, &even]);
        assert_eq!(
            prime_or_power(&octets).unwrap(),
            Some(Power { exponent: 3 })
        );
    }

    #[test]
    fn honest_moduli_and_neighbours_of_powers_are_neither() {
        for bits in [128, 256, 512, 1024] {
            let (p, q) = (prime(1, bits), prime(2, bits));
            assert_eq!(prime_or_power(&product(&[&p, &q])).unwrap(), None);
            assert_eq!(prime_or_power(&product(&[&p, &p, &q])).unwrap(), None);
        }
        let mut context = BigNumContext::new().unwrap();
        for seed in 0..50 {
            let mut number = odd(seed, 100);
            number = number_near_square(&number, &mut context);
            let told = prime_or_power(&number.to_vec()).unwrap();
            let is_prime = number.is_prime_fasttest(20, &mut context, true).unwrap();
            assert_eq!(told, is_prime.then_some(Prime));
        }
    }

    fn number_near_square(root: &BigNum, context: &mut BigNumContext) -> BigNum {
        let mut square = BigNum::new().unwrap();
        square.sqr(root, context).unwrap();
        square.add_word(2).unwrap();
        square
    }

    #[test]
    fn any_octets_have_an_answer() {
        for octets in [&[][..], &[0], &[0, 0, 0], &[1], &[0, 1], &[4], &[9]] {
            assert_eq!(prime_or_power(octets).unwrap(), None);
        }
        assert_eq!(prime_or_power(&[0, 2]).unwrap(), Some(Prime));
        assert_eq!(prime_or_power(&[1, 0, 1]).unwrap(), Some(Prime));
        for length in 0..70 {
            for octet in [0x80, 0xfe, 0xff] {
                assert!(prime_or_power(&vec![octet; length]).is_ok());
            }
        }
        // 2²⁵⁶ is a square like any other; 2²⁵⁶ + 1 makes the most of the twos.
        let mut octets = vec![0; 33];
        octets[0] = 1;
        assert_eq!(
            prime_or_power(&octets).unwrap(),
            Some(Power { exponent: 2 })
        );
        octets[32] = 1;
        assert_eq!(prime_or_power(&octets).unwrap(), None);
    }
}
