//! Small primes that divide a modulus.

use std::mem::take;
use std::sync::OnceLock;

use super::primes::primes;
use super::{inverse, limbs};

/// So many products are worked on at once: few enough for the cache, and enough to keep the processor
/// busy while a single one waits for its carry.
const AT_ONCE: usize = 64;

/// The smallest prime up to 65537 that divides the modulus. Such a prime itself is divided by itself,
/// zero by 2, and one by none.
#[must_use]
pub fn small_factor(modulus: &[u8]) -> Option<u32> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let limbs = limbs(modulus);
    if limbs.first().is_none_or(|least| least.is_multiple_of(2)) {
        return Some(2);
    }
    TABLE.get_or_init(Table::new).smallest_divisor(&limbs)
}

/// The odd primes, multiplied in groups to products that fill a limb.
struct Table {
    products: Vec<Product>,
    /// The primes of each product.
    primes: Vec<Vec<Prime>>,
}

impl Table {
    fn new() -> Self {
        let mut table = Self {
            products: Vec::new(),
            primes: Vec::new(),
        };
        let (mut product, mut group) = (1_u64, Vec::new());
        for &prime in primes().iter().skip(1) {
            product = product.checked_mul(prime.into()).unwrap_or_else(|| {
                table.push(product, take(&mut group));
                prime.into()
            });
            group.push(Prime::new(prime));
        }
        table.push(product, group);
        table
    }

    fn push(&mut self, product: u64, primes: Vec<Prime>) {
        self.products.push(Product::new(product));
        self.primes.push(primes);
    }

    fn smallest_divisor(&self, limbs: &[u64]) -> Option<u32> {
        let products = self.products.chunks(AT_ONCE);
        let mut groups = products.zip(self.primes.chunks(AT_ONCE));
        groups.find_map(|(products, primes)| {
            let mut carries = [0; AT_ONCE];
            for limb in limbs {
                for (carry, product) in carries.iter_mut().zip(products) {
                    *carry = product.carry(*carry, *limb);
                }
            }
            let mut carried = primes.iter().zip(carries);
            carried.find_map(|(primes, carry)| {
                let divisor = primes.iter().find(|prime| prime.divides(carry));
                divisor.map(|prime| prime.value)
            })
        })
    }
}

/// A product of odd primes.
struct Product {
    value: u64,
    /// Modulo 2⁶⁴.
    inverse: u64,
}

impl Product {
    fn new(value: u64) -> Self {
        Self {
            value,
            inverse: inverse(value),
        }
    }

    /// Goes over the limbs of a number, from the least on: the multiple of the product that makes a limb
    /// zero is subtracted, and the rest carried on. What is carried out of the last limb is the number
    /// modulo the product but for a power of two and the sign, so that the same primes divide both.
    /// That takes two multiplications, where a division would take many times as long.
    fn carry(&self, carry: u64, limb: u64) -> u64 {
        let (rest, borrow) = limb.overflowing_sub(carry);
        let multiple = u128::from(rest.wrapping_mul(self.inverse)) * u128::from(self.value);
        (multiple >> 64) as u64 + u64::from(borrow)
    }
}

/// An odd prime.
struct Prime {
    value: u32,
    /// Modulo 2⁶⁴.
    inverse: u64,
    largest_quotient: u64,
}

impl Prime {
    fn new(value: u32) -> Self {
        Self {
            value,
            inverse: inverse(value.into()),
            largest_quotient: u64::MAX / u64::from(value),
        }
    }

    /// Multiplication by the inverse takes each multiple to its quotient, and so all other limbs to
    /// larger numbers than the quotients are.
    fn divides(&self, limb: u64) -> bool {
        limb.wrapping_mul(self.inverse) <= self.largest_quotient
    }
}

#[cfg(test)]
mod tests {
    use openssl::bn::BigNum;

    use super::super::fixtures::{prime, product};
    use super::*;

    #[test]
    fn the_smallest_prime_is_found() {
        let small = |value| BigNum::from_u32(value).unwrap();
        for bits in [128, 256, 512, 1024] {
            let (p, q) = (prime(1, bits), prime(2, bits));
            assert_eq!(small_factor(&product(&[&p, &q])), None);
            for (factors, smallest) in [
                (vec![2], 2),
                (vec![3], 3),
                (vec![65_537], 65_537),
                (vec![65_537, 65_521], 65_521),
                (vec![17_389, 53, 59], 53),
                (vec![5, 4], 2),
            ] {
                let weak = factors
                    .into_iter()
                    .fold(product(&[&p, &q]), |weak, factor| {
                        product(&[&BigNum::from_slice(&weak).unwrap(), &small(factor)])
                    });
                assert_eq!(small_factor(&weak), Some(smallest));
            }
        }
        for &small_prime in primes().iter().step_by(97) {
            let weak = product(&[&prime(3, 128), &small(small_prime)]);
            assert_eq!(small_factor(&weak), Some(small_prime));
        }
    }

    #[test]
    fn small_numbers_agree_with_trial_division() {
        for number in 1_u32..3000 {
            let smallest = (2..=number).find(|divisor| number.is_multiple_of(*divisor));
            assert_eq!(small_factor(&number.to_be_bytes()), smallest, "{number}");
        }
        for number in [65_539_u64, 65_539 * 65_543, 65_537 * 65_537] {
            let smallest = number.is_multiple_of(65_537).then_some(65_537);
            assert_eq!(small_factor(&number.to_be_bytes()), smallest, "{number}");
        }
    }

    #[test]
    fn any_octets_have_an_answer() {
        assert_eq!(small_factor(&[]), Some(2));
        assert_eq!(small_factor(&[0; 300]), Some(2));
        assert_eq!(small_factor(&[0, 0, 1]), None);
        assert_eq!(small_factor(&[0xff; 10_000]), Some(3));
        for length in 0..70 {
            let octets = vec![0xfb; length];
            let number = BigNum::from_slice(&octets).unwrap();
            let divides = |prime: &&u32| number.mod_word(**prime).unwrap() == 0;
            assert_eq!(
                small_factor(&octets),
                primes().iter().find(divides).copied()
            );
        }
    }
}
