//! Moduli that have a prime in common. Whoever sees both computes it, and with it both private keys.

mod gcd;
mod inverse;
mod limbs;
mod multiply;
mod split;
mod transform;
mod tree;
mod worker;

use std::collections::HashMap;

use openssl::bn::BigNum;
use openssl::error::ErrorStack;

use self::multiply::multiply;
use self::tree::{Tree, middle};
use self::worker::Worker;
use super::{Failure, failure, number};
use crate::core::key::minimal;

/// The factors that each modulus has in common with others, big-endian and without leading zeros.
///
/// It has none, or one, or two when all of it is shared and could be split. So where moduli are products
/// of two primes, these are primes, and the moduli that have the same one belong together. One that
/// divides another modulus as a whole is its own factor.
///
/// The same modulus given twice shares nothing with itself. Even ones, zero and one are left out, as if
/// they were not given.
///
/// At most `threads` threads work at the same time, this one among them. The time is nearly proportional
/// to the octets of all moduli, but for a part that grows with the square of each one's length. It is four
/// times as long where all their primes are shared, and for no choice of moduli more. The memory is some
/// sixty times their octets.
///
/// # Errors
/// The library failed.
pub fn shared_factors(moduli: &[&[u8]], threads: usize) -> Result<Vec<Vec<Vec<u8>>>, Failure> {
    let moduli: Vec<&[u8]> = moduli.iter().map(|modulus| minimal(modulus)).collect();
    let mut distinct = moduli.clone();
    distinct.retain(|modulus| *modulus != [1] && modulus.last().is_some_and(|last| last % 2 == 1));
    distinct.sort_unstable_by_key(|modulus| (modulus.len(), *modulus));
    distinct.dedup();
    let factors = search(&distinct, threads).map_err(failure)?;
    let factors: HashMap<&[u8], Vec<Vec<u8>>> = distinct.into_iter().zip(factors).collect();
    let of_modulus = |modulus| factors.get(modulus).cloned().unwrap_or_default();
    Ok(moduli.into_iter().map(of_modulus).collect())
}

/// The same for different odd moduli above one in ascending order.
fn search(moduli: &[&[u8]], threads: usize) -> Result<Vec<Vec<Vec<u8>>>, ErrorStack> {
    let mut worker = Worker::new(threads)?;
    let numbers: Result<Vec<BigNum>, ErrorStack> =
        moduli.iter().map(|octets| number(octets)).collect();
    let numbers = numbers?;
    let shared = shared_parts(&numbers, &mut worker)?;
    let splits = split::split(&numbers, &shared, &mut worker)?;
    let mut factors = Vec::with_capacity(moduli.len());
    for ((number, part), split) in numbers.iter().zip(&shared).zip(splits) {
        factors.push(match split {
            Some(factor) => {
                let mut cofactor = BigNum::new()?;
                cofactor.checked_div(number, &factor, &mut worker.context)?;
                vec![factor.to_vec(), cofactor.to_vec()]
            }
            None if part.num_bits() > 1 => vec![part.to_vec()],
            None => Vec::new(),
        });
    }
    Ok(factors)
}

/// What each number has in common with the product of the others.
fn shared_parts(numbers: &[BigNum], worker: &mut Worker) -> Result<Vec<BigNum>, ErrorStack> {
    let numbers: Vec<&BigNum> = numbers.iter().collect();
    if numbers.len() < 2 {
        return numbers.iter().map(|_| BigNum::from_u32(1)).collect();
    }
    let (shorter, longer) = numbers.split_at(middle(&numbers));
    let (one, other) = worker.both(
        |worker| Half::new(shorter, worker),
        |worker| Half::new(longer, worker),
    )?;
    let (mut parts, rest) = worker.both(
        |worker| one.shared_parts(&other, worker),
        |worker| other.shared_parts(&one, worker),
    )?;
    parts.extend(rest);
    Ok(parts)
}

/// Half of all numbers.
struct Half {
    tree: Tree,
    numerator: BigNum,
}

impl Half {
    fn new(numbers: &[&BigNum], worker: &mut Worker) -> Result<Self, ErrorStack> {
        let tree = Tree::new(numbers, worker)?;
        let numerator = tree.numerator(worker)?;
        Ok(Self { tree, numerator })
    }

    /// What each number of this half has in common with the product of all others. Modulo the number,
    /// the numerator is the product of the others of this half.
    fn shared_parts(&self, rest: &Self, worker: &mut Worker) -> Result<Vec<BigNum>, ErrorStack> {
        let others = multiply(&self.numerator, rest.tree.product(), worker)?;
        self.tree.common_divisors(&others, worker)
    }
}

#[cfg(test)]
mod tests;
