//! Products of many odd numbers, and what each of them has in common with another number.
//!
//! That number is reduced modulo the product of all, the remainder modulo the products of either half of
//! them, and so on: on each level the lengths add up to the same. No digit is ever divided, though. Since
//! the products are odd, a number N has a quotient Q by a product P modulo 2ᵏ, and N = Q·P + 2ᵏ·R as in
//! P. Montgomery's reduction. This remainder R has the same odd divisors in common with the factors of P as
//! N has, if only it is small.
//!
//! From level to level goes not R, but R/P modulo a power of two that has a limb more than P. Times the
//! product of the one half, it is the quotient of R by that of the other: the lower limbs of it are the Q
//! of the reduction, and those above are already what goes to that half. This is D. J. Bernstein's scaled
//! remainder tree, without its rounding. The limb more holds the sign, and what each level adds to R,
//! which is less than P.

use openssl::bn::{BigNum, BigNumRef};
use openssl::error::ErrorStack;

use super::super::{limbs, number};
use super::gcd::common_divisor;
use super::inverse::inverse_modulo;
use super::limbs::{length, minus, modulo, plus, signed_modulo, upper};
use super::multiply::multiply;
use super::worker::Worker;

/// The product of odd numbers, and the products that it was made from.
pub(super) struct Tree {
    product: BigNum,
    /// How many numbers.
    count: usize,
    halves: Option<Box<(Tree, Tree)>>,
}

impl Tree {
    /// Multiplies at least one number. They are in the order of their lengths, so that what is multiplied
    /// is of about the same length.
    pub(super) fn new(numbers: &[&BigNum], worker: &mut Worker) -> Result<Self, ErrorStack> {
        if let [number] = numbers {
            return Ok(Self {
                product: BigNumRef::to_owned(number)?,
                count: 1,
                halves: None,
            });
        }
        let (shorter, longer) = numbers.split_at(middle(numbers));
        let halves = worker.both(
            |worker| Self::new(shorter, worker),
            |worker| Self::new(longer, worker),
        )?;
        // What OpenSSL multiplies keeps up to four times the memory that it needs, and its copy does not.
        let product = multiply(&halves.0.product, &halves.1.product, worker)?;
        Ok(Self {
            product: BigNumRef::to_owned(&product)?,
            count: numbers.len(),
            halves: Some(Box::new(halves)),
        })
    }

    pub(super) fn product(&self) -> &BigNum {
        &self.product
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn halves(&self) -> Option<(&Self, &Self)> {
        let (one, other) = self.halves.as_deref()?;
        Some((one, other))
    }

    /// The sum over all numbers of the product of the others.
    pub(super) fn numerator(&self, worker: &mut Worker) -> Result<BigNum, ErrorStack> {
        let Some((one, other)) = self.halves() else {
            return BigNum::from_u32(1);
        };
        let (of_one, of_other) = worker.both(
            |worker| one.numerator(worker),
            |worker| other.numerator(worker),
        )?;
        let of_one = multiply(&of_one, &other.product, worker)?;
        let of_other = multiply(&of_other, &one.product, worker)?;
        plus(&of_one, &of_other)
    }

    /// The greatest common divisors of a number that is not negative with each of the numbers.
    pub(super) fn common_divisors(
        &self,
        number: &BigNum,
        worker: &mut Worker,
    ) -> Result<Vec<BigNum>, ErrorStack> {
        let count = length(&self.product) + 1;
        let inverse = inverse_modulo(&self.product, count, worker)?;
        let remainder = self.remainder(number, &inverse, worker)?;
        let quotient = multiply(&remainder, &inverse, worker)?;
        self.descend(&modulo(&quotient, count)?, worker)
    }

    /// A number modulo the product, but for its sign and a power of two. It is reduced from the lowest
    /// limbs on, as many at once as the product has.
    fn remainder(
        &self,
        dividend: &BigNum,
        inverse: &BigNum,
        worker: &mut Worker,
    ) -> Result<BigNum, ErrorStack> {
        let count = length(&self.product);
        let inverse = modulo(inverse, count)?;
        let octets = dividend.to_vec();
        let mut blocks = octets.rchunks(8 * count.unsigned_abs() as usize);
        let highest = blocks.next_back().unwrap_or_default();
        let mut remainder = BigNum::new()?;
        for block in blocks {
            let sum = plus(&remainder, &number(block)?)?;
            let quotient = multiply(&modulo(&sum, count)?, &inverse, worker)?;
            let multiple = multiply(&modulo(&quotient, count)?, &self.product, worker)?;
            remainder = upper(&minus(&sum, &multiple)?, count)?;
        }
        plus(&remainder, &number(highest)?)
    }

    /// The greatest common divisors with a remainder, whose quotient by the product is given.
    fn descend(&self, quotient: &BigNum, worker: &mut Worker) -> Result<Vec<BigNum>, ErrorStack> {
        let Some((one, other)) = self.halves() else {
            let remainder = multiply(quotient, &self.product, worker)?;
            let remainder = signed_modulo(&remainder, length(&self.product) + 1)?;
            let divisor = common_divisor(limbs(&remainder.to_vec()), limbs(&self.product.to_vec()));
            let octets: Vec<u8> = divisor
                .into_iter()
                .rev()
                .flat_map(u64::to_be_bytes)
                .collect();
            return Ok(vec![number(&octets)?]);
        };
        let (mut divisors, others) = worker.both(
            |worker| one.descend(&self.quotient(quotient, other, one, worker)?, worker),
            |worker| other.descend(&self.quotient(quotient, one, other, worker)?, worker),
        )?;
        divisors.extend(others);
        Ok(divisors)
    }

    /// The quotient that goes to one half of the numbers.
    fn quotient(
        &self,
        quotient: &BigNum,
        other: &Self,
        half: &Self,
        worker: &mut Worker,
    ) -> Result<BigNum, ErrorStack> {
        let count = length(&self.product);
        let quotient = multiply(quotient, &other.product, worker)?;
        let quotient = modulo(&quotient, count + 1)?;
        upper(&quotient, count - length(&half.product))
    }
}

/// Where numbers are cut so that both parts have about as many bits.
pub(super) fn middle(numbers: &[&BigNum]) -> usize {
    let bits = |number: &BigNum| u64::from(number.num_bits().unsigned_abs());
    let all: u64 = numbers.iter().map(|number| bits(number)).sum();
    let mut before = 0;
    let in_lower_half = |number: &&&BigNum| {
        before += bits(number);
        2 * before <= all
    };
    let count = numbers.iter().take_while(in_lower_half).count();
    count.clamp(1, numbers.len().saturating_sub(1).max(1))
}

#[cfg(test)]
mod tests {
    use openssl::bn::BigNumContext;

    use super::super::super::fixtures::odd;
    use super::*;

    fn naive(one: &BigNum, odd: &BigNum) -> BigNum {
        let mut divisor = BigNum::new().unwrap();
        let mut context = BigNumContext::new().unwrap();
        divisor.gcd(&(one % odd), odd, &mut context).unwrap();
        divisor
    }

    /// Odd numbers in the order of their lengths, with many common factors among them.
    fn numbers(lengths: &[i32]) -> Vec<BigNum> {
        let common = [3, 5, 7, 11, 65_537, 4_294_967_291];
        let number = |(seed, bits): (u32, &i32)| {
            let mut number = odd(seed, *bits);
            for factor in common
                .iter()
                .skip(seed as usize % 4)
                .step_by(1 + seed as usize % 3)
            {
                number.mul_word(*factor).unwrap();
            }
            number
        };
        let mut numbers: Vec<BigNum> = (0..).zip(lengths).map(number).collect();
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn divisors_are_those_of_the_library() {
        let mut worker = Worker::new(1).unwrap();
        for lengths in [
            vec![2],
            vec![64, 64],
            vec![128; 7],
            vec![2, 63, 64, 65, 127, 128, 129, 512, 2048],
            vec![60; 100],
            vec![2, 2, 2, 2, 5000],
            (2..90).collect(),
        ] {
            let numbers = numbers(&lengths);
            let references: Vec<&BigNum> = numbers.iter().collect();
            let tree = Tree::new(&references, &mut worker).unwrap();
            for bits in [2, 64, 100, 1000, 20_000] {
                let mut number = odd(99, bits);
                for factor in [3, 7, 65_537, 1 << 31] {
                    number.mul_word(factor).unwrap();
                }
                let divisors = tree.common_divisors(&number, &mut worker).unwrap();
                assert_eq!(divisors.len(), numbers.len());
                for (divisor, odd) in divisors.iter().zip(&numbers) {
                    assert_eq!(*divisor, naive(&number, odd), "{lengths:?} {bits}");
                }
            }
            // Zero and the product have everything in common with each.
            for number in [
                BigNum::new().unwrap(),
                BigNumRef::to_owned(tree.product()).unwrap(),
            ] {
                assert_eq!(tree.common_divisors(&number, &mut worker).unwrap(), numbers);
            }
        }
    }

    #[test]
    fn a_numerator_is_the_product_of_the_others_modulo_each() {
        let mut worker = Worker::new(1).unwrap();
        let numbers = numbers(&(2..40).collect::<Vec<i32>>());
        let references: Vec<&BigNum> = numbers.iter().collect();
        let tree = Tree::new(&references, &mut worker).unwrap();
        let numerator = tree.numerator(&mut worker).unwrap();
        for number in &numbers {
            let others = tree.product() / number;
            assert_eq!(&numerator % number, &others % number);
        }
    }

    #[test]
    fn numbers_are_cut_in_the_middle_of_their_bits() {
        let cut = |lengths: &[i32]| {
            let numbers: Vec<BigNum> = lengths.iter().map(|bits| odd(1, *bits)).collect();
            middle(&numbers.iter().collect::<Vec<&BigNum>>())
        };
        assert_eq!(cut(&[64, 64]), 1);
        assert_eq!(cut(&[64; 101]), 50);
        assert_eq!(cut(&[2, 2, 2, 1000]), 3);
        assert_eq!(cut(&[64, 64, 64, 192]), 3);
        assert_eq!(cut(&[1000, 2000]), 1);
    }
}
