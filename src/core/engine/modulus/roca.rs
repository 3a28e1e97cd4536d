//! Keys of the library that CVE-2017-15361 is about.
//!
//! Its primes are k·M + (65537ᵃ mod M), where M is the product of the first primes: so their product,
//! too, is a power of 65537 modulo M (M. Nemec et al., "The Return of Coppersmith's Attack", CCS 2017).

use super::primes::primes;
use super::{limbs, remainder};
use crate::core::key::bit_length;

/// The largest factor of M where the modulus has 512 bits. Longer ones have an M with these factors and
/// more.
const LARGEST: u32 = 167;

/// M has 220 bits, and the product of two primes above it has more than these.
const FEWEST_BITS: usize = 438;

/// True when the modulus is a power of 65537 modulo the product of the primes up to 167.
///
/// Of moduli of other origin, one in 2¹⁵⁴ is. It would not be enough that the modulus is some power of
/// 65537 modulo each of the primes, as one in 2²⁷ is: it must be the same power modulo all.
#[must_use]
pub fn is_roca(modulus: &[u8]) -> bool {
    let limbs = limbs(modulus);
    let mut exponent = Exponent::new();
    bit_length(modulus) > FEWEST_BITS
        && factors().all(|prime| exponent.agrees(remainder(&limbs, prime), prime))
}

/// Those of the shortest M.
fn factors() -> impl Iterator<Item = u32> {
    let primes = primes().iter().copied();
    primes.take_while(|prime| *prime <= LARGEST)
}

/// What is known of the exponent: its value modulo the order that 65537 has modulo the primes so far.
struct Exponent {
    value: u64,
    /// Below 2⁶² even for all the primes.
    order: u64,
}

impl Exponent {
    fn new() -> Self {
        Self { value: 0, order: 1 }
    }

    /// True when some exponent of those known to be possible gives this residue, too. From then on, no
    /// other exponents are possible.
    fn agrees(&mut self, residue: u64, prime: u32) -> bool {
        let powers = powers(prime.into());
        let Some(logarithm) = powers.iter().position(|power| *power == residue) else {
            return false;
        };
        let (logarithm, order) = (logarithm as u64, powers.len() as u64);
        let repetitions = order / common_divisor(order, self.order);
        let mut possible = (0..repetitions).map(|count| self.value + count * self.order);
        let Some(value) = possible.find(|value| value % order == logarithm) else {
            return false;
        };
        self.value = value;
        self.order *= repetitions;
        true
    }
}

/// The powers of 65537 modulo a prime, in the order of their exponents, until they repeat.
fn powers(prime: u64) -> Vec<u64> {
    let next = |power: &u64| Some(power * 65_537 % prime).filter(|power| *power != 1);
    std::iter::successors(Some(1), next).collect()
}

fn common_divisor(one: u64, other: u64) -> u64 {
    if other == 0 {
        one
    } else {
        common_divisor(other, one % other)
    }
}

#[cfg(test)]
mod tests {
    use openssl::bn::{BigNum, BigNumContext};

    use super::super::fixtures::{odd, prime, product};
    use super::*;

    fn primorial(largest: u32) -> BigNum {
        let mut primorial = BigNum::from_u32(1).unwrap();
        for prime in primes().iter().take_while(|prime| **prime <= largest) {
            primorial.mul_word(*prime).unwrap();
        }
        primorial
    }

    fn power_modulo(exponent: &BigNum, modulus: &BigNum) -> BigNum {
        let base = BigNum::from_u32(65_537).unwrap();
        let mut power = BigNum::new().unwrap();
        let mut context = BigNumContext::new().unwrap();
        power
            .mod_exp(&base, exponent, modulus, &mut context)
            .unwrap();
        power
    }

    /// What the library would take for a prime when it is one.
    fn candidate(seed: u32, bits: i32, primorial: &BigNum) -> BigNum {
        let k = odd(seed, bits - primorial.num_bits());
        &(&k * primorial) + &power_modulo(&odd(seed, 62), primorial)
    }

    #[test]
    fn moduli_of_the_library_are_told() {
        // For these sizes M is the product of the first 39, 71, 126 and 225 primes.
        for (bits, largest) in [(512, 167), (1024, 353), (2048, 701), (4096, 1427)] {
            let (primorial, two) = (primorial(largest), BigNum::from_u32(2).unwrap());
            for seed in 0..5 {
                let one = candidate(seed, bits / 2, &primorial);
                let other = candidate(seed + 100, bits / 2, &primorial);
                assert!(is_roca(&product(&[&one, &other])), "{bits} bits");
                assert!(!is_roca(&product(&[&one, &odd(seed, bits / 2)])));
                // Odd primes alone cannot tell this even number from a modulus.
                let even = &(&one * &other) + &(&primorial / &two);
                assert!(!is_roca(&even.to_vec()));
            }
        }
    }

    #[test]
    fn other_moduli_are_not() {
        for seed in 0..200 {
            assert!(!is_roca(&odd(seed, 2048).to_vec()));
        }
        for bits in [256, 512, 1024] {
            assert!(!is_roca(&product(&[&prime(1, bits), &prime(2, bits)])));
        }
    }

    #[test]
    fn different_powers_modulo_different_primes_are_not_enough() {
        let (all, most) = (primorial(167), primorial(163));
        let number = &(&odd(1, 300) * &all) + &power_modulo(&odd(2, 62), &all);
        assert!(is_roca(&number.to_vec()));
        let residue = number.mod_word(167).unwrap();
        for exponent in 1..10 {
            // The same modulo the other primes, and another power modulo 167.
            let wanted = (0..exponent).fold(residue, |power, _| power * 65_537 % 167);
            let mut other = &number + &most;
            while other.mod_word(167).unwrap() != wanted {
                other = &other + &most;
            }
            // The order modulo 167 is 166, which has no factor but 2 in common with the other orders.
            assert_eq!(is_roca(&other.to_vec()), exponent % 2 == 0, "{exponent}");
        }
    }

    #[test]
    fn chance_makes_no_such_modulus() {
        let mut exponent = Exponent::new();
        let mut residues = BigNum::from_u32(1).unwrap();
        let mut powers_by_prime = BigNum::from_u32(1).unwrap();
        for prime in factors() {
            assert!(exponent.agrees(1, prime));
            residues.mul_word(prime - 1).unwrap();
            let order = u32::try_from(powers(prime.into()).len()).unwrap();
            powers_by_prime.mul_word(order).unwrap();
        }
        // The order that the authors' own detector has.
        assert_eq!(exponent.order, 2_454_106_387_091_158_800);
        let order = BigNum::from_slice(&exponent.order.to_be_bytes()).unwrap();
        assert_eq!((&residues / &order).num_bits() - 1, 154);
        assert_eq!((&residues / &powers_by_prime).num_bits() - 1, 27);
    }

    #[test]
    fn any_octets_have_an_answer() {
        assert!(!is_roca(&[]));
        assert!(!is_roca(&[0; 300]));
        assert!(!is_roca(&[1]));
        assert!(!is_roca(&[1, 0, 1]));
        assert!(!is_roca(&[0xff; 10_000]));
        assert!(!is_roca(&[0xfe; 10_000]));
    }
}
